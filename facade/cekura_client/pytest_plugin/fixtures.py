"""What the plugin's hooks and fixtures do."""

from __future__ import annotations

from typing import NoReturn, cast

import pytest

from cekura_client.core.errors import InvalidRequestError
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.verdicts import Verdict
from cekura_client.pytest_plugin.names import (
    FIXTURES,
    OUTCOME,
    RESULT,
    RESULT_ID,
    RUN,
    RUN_ID,
    Slot,
    markers,
)
from cekura_client.pytest_plugin.orders import Order, fixtures, order_of
from cekura_client.pytest_plugin.session import VERDICT
from cekura_client.pytest_plugin.shared_launch import SharedLaunch, shared_launch
from cekura_client.pytest_plugin.texts import run_text

_ANY = ", ".join(markers())


def parametrize(metafunc: pytest.Metafunc) -> None:
    """One test for each run, if the function wants one; refuse a marker that is not right."""
    test = metafunc.definition
    order = _order(test)
    if order is not None and not FIXTURES & {*metafunc.fixturenames}:
        _fail(
            f"{test.nodeid} has the marker of a launch but uses neither {RUN} nor {RESULT}: nothing "
            "would be launched or judged"
        )
    if RUN not in metafunc.fixturenames:
        return
    if order is None:
        _fail(f"{test.nodeid} uses {RUN} but has no marker; give it one of {_ANY}")
    if not order.runs:
        _fail(
            f"{test.nodeid}: {RUN} makes a test of each run, but which there will be only the server "
            f"knows: {order.checked.plan}. Give `scenarios` as a list of ids, or use the fixture {RESULT}, "
            "which is the whole result"
        )
    slots = order.slots
    names = [
        f"{s.scenario}" if order.runs[s.scenario] == 1 else f"{s.scenario}-{s.nth}" for s in slots
    ]
    metafunc.parametrize(RUN, slots, indirect=True, ids=names)


def run_of(request: pytest.FixtureRequest) -> Run:
    """The run of a test; the verdict is left at the test, for the hook that judges it."""
    found = _attempt(request, RUN)
    slot = cast("Slot", request.param)
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
    found = _attempt(request, RESULT)
    assert found.result is not None
    return found.result


def _attempt(request: pytest.FixtureRequest, fixture: str) -> SharedLaunch:
    """The launch of a test with its result; fails where there is none."""
    test: pytest.Item = request.node
    if fixture not in fixtures(test) or (fixture == RUN and not hasattr(request, "param")):
        _fail(
            f"{fixture} must be an argument of a test function: it is needed before the test runs"
        )
    if request.config.getoption("setuponly", False):
        pytest.skip("nothing is launched where no test is run")
    order = _order(test)
    if order is None:
        _fail(f"{fixture} is used without a marker; give the test one of {_ANY}")
    found = shared_launch(request, order)
    test.stash.setdefault(VERDICT, "")
    if found.result_id is not None:
        _set_properties(test, {RESULT_ID: found.result_id, OUTCOME: found.summary})
    if found.problem:
        _fail(found.problem)
    return found


def _set_properties(test: pytest.Item, properties: dict[str, object]) -> None:
    """Replace them: a test that is run again has those of the time before."""
    kept = [(name, value) for name, value in test.user_properties if name not in properties]
    test.user_properties[:] = [*kept, *properties.items()]


def _order(test: pytest.Item) -> Order | None:
    try:
        return order_of(test)
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
