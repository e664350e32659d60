"""The implementation of the plugin's hooks and fixtures."""

from __future__ import annotations

from typing import NoReturn, cast

import pytest

from cekura_client.core.errors import InvalidRequestError
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.verdicts import Verdict
from cekura_client.pytest_plugin.launch_specs import LaunchSpec, fixtures, spec_of
from cekura_client.pytest_plugin.names import (
    FIXTURES,
    OUTCOME,
    RESULT,
    RESULT_ID,
    RUN,
    RUN_ID,
    RunSlot,
    markers,
)
from cekura_client.pytest_plugin.session import VERDICT
from cekura_client.pytest_plugin.shared_launch import SharedLaunch, shared_launch
from cekura_client.pytest_plugin.texts import run_text

_ANY = ", ".join(markers())


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Make a test of each run if the function uses `cekura_run`; refuse a wrong marker."""
    test = metafunc.definition
    spec = _spec(test)
    if spec is not None and not FIXTURES & {*metafunc.fixturenames}:
        _fail(
            f"{test.nodeid} has a launch marker but uses neither {RUN} nor {RESULT}, so nothing would be "
            "launched; add one of these fixtures"
        )
    if RUN not in metafunc.fixturenames:
        return
    if spec is None:
        _fail(f"{test.nodeid} uses {RUN} but has no marker; add one of {_ANY}")
    if not spec.runs:
        _fail(
            f"{test.nodeid}: {RUN} makes a test of each run, but only the server knows the runs of this "
            f"launch: {spec.checked.plan}. List the ids in `scenarios`, or use the fixture {RESULT} for the "
            "whole result"
        )
    slots = spec.slots
    names = [
        f"{s.scenario}" if spec.runs[s.scenario] == 1 else f"{s.scenario}-{s.nth}" for s in slots
    ]
    metafunc.parametrize(RUN, slots, indirect=True, ids=names)


def run_of(request: pytest.FixtureRequest) -> Run:
    """The run of a test. Stores the verdict at the test, for the hook that judges it."""
    found = _launch_of(request, RUN)
    slot = cast("RunSlot", request.param)
    runs = found.runs.get(slot.scenario, [])
    test: pytest.Item = request.node
    if len(runs) < slot.nth:
        test.stash[VERDICT] = (
            f"result {found.result_id} should have at least {slot.nth} runs of scenario "
            f"{slot.scenario}, but has {len(runs)}"
        )
        return Run(None, slot.scenario, "", "", None, "", "")
    run = runs[slot.nth - 1]
    _set_properties(test, {RUN_ID: run.id})
    test.stash[VERDICT] = _verdict(found, run)
    return run


def result_of(request: pytest.FixtureRequest) -> Result:
    """The result of the launch of a test."""
    found = _launch_of(request, RESULT)
    assert found.result is not None
    return found.result


def _launch_of(request: pytest.FixtureRequest, fixture: str) -> SharedLaunch:
    """The launch of a test, with its result. Fails the test if there is none."""
    test: pytest.Item = request.node
    if fixture not in fixtures(test) or (fixture == RUN and not hasattr(request, "param")):
        _fail(
            f"{fixture} must be an argument of the test function: pytest needs it before the test runs"
        )
    if request.config.getoption("setuponly", False):
        pytest.skip("nothing is launched, because no test runs")
    spec = _spec(test)
    if spec is None:
        _fail(f"{fixture} needs a marker; add one of {_ANY} to the test")
    found = shared_launch(request, spec)
    test.stash.setdefault(VERDICT, "")
    if found.result_id is not None:
        _set_properties(test, {RESULT_ID: found.result_id, OUTCOME: found.summary})
    if found.problem:
        _fail(found.problem)
    return found


def _set_properties(test: pytest.Item, properties: dict[str, object]) -> None:
    """Replace the properties: a test that runs again still has the old ones."""
    kept = [(name, value) for name, value in test.user_properties if name not in properties]
    test.user_properties[:] = [*kept, *properties.items()]


def _spec(test: pytest.Item) -> LaunchSpec | None:
    try:
        return spec_of(test)
    except InvalidRequestError as error:
        _fail(f"{test.nodeid}: {error}")


def _verdict(found: SharedLaunch, run: Run) -> str:
    if run.verdict is not Verdict.PASSED:
        return run_text(run, found.result_id)
    if found.trouble:
        return f"this run passed, but its result did not\n{found.trouble}"
    return ""


def _fail(text: str) -> NoReturn:
    raise pytest.fail.Exception(text, pytrace=False) from None
