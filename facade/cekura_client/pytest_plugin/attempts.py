"""Sending what a marker asks for: once for all its tests, in whatever process they run."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from cekura_client.client import Cekura
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.texts import printable
from cekura_client.core.verdicts import Verdict
from cekura_client.errors import CekuraError, InvalidRequestError
from cekura_client.pytest_plugin.names import OPTIONS, in_worker
from cekura_client.pytest_plugin.orders import Order
from cekura_client.pytest_plugin.texts import error_text, say
from cekura_client.record import ACCEPTED, LaunchRecord


class Attempt:
    """What has become of an order in this process.

    Attributes:
        order: What was asked for.
        scenarios: Those that are sent.
        record: Where it is written down; None as long as nothing was tried.
        result: Set when it has ended.
        problem: Why it was not sent, or its end was not seen; "" if neither.
    """

    def __init__(self, order: Order, scenarios: set[int]) -> None:
        self.order = order
        self.scenarios = scenarios
        self.record: LaunchRecord | None = None
        self._result_id: int | None = None
        self.result: Result | None = None
        self.problem = ""

    def finish(self, request: pytest.FixtureRequest) -> None:
        """Launch and wait, or do what is left of it if a test was broken off in the middle."""
        try:
            self.record = record = _record(request, self.order)
            with _client(request.getfixturevalue(OPTIONS), record) as cekura:
                if self._result_id is None:
                    with _alone(request.config, record):
                        self._result_id = self._launched(cekura, record, request.config)
                self.result = cekura.wait(self._result_id, timeout=self.order.timeout)
        except (CekuraError, OSError) as error:
            self.problem = error_text(error)

    def _launched(self, cekura: Cekura, record: LaunchRecord, config: pytest.Config) -> int:
        """The id of the result. What the record knows of is never sent again."""
        known = record.launches()
        if not known:
            launch = cekura.launch(self.order.narrowed(self.scenarios))
        elif known[0].outcome is None:
            launch = cekura.recover(known[0])
        elif known[0].outcome == ACCEPTED and known[0].result_id is not None:
            return known[0].result_id
        else:
            raise CekuraError(known[0].detail)
        how = "found again" if launch.recovered else "accepted"
        say(config, f"cekura: {self.order.kind} launch {how}: result {launch.result_id}")
        return launch.result_id

    @property
    def result_id(self) -> int | None:
        """None as long as it is not known; the record may know it a moment earlier."""
        if self._result_id is None and self.record is not None:
            return next((known.result_id for known in self.record.launches()), None)
        return self._result_id

    @cached_property
    def runs(self) -> dict[int | None, list[Run]]:
        """The runs of each scenario, by their ids."""
        found: dict[int | None, list[Run]] = {}
        for run in sorted(self.result.runs if self.result else (), key=lambda run: run.id or 0):
            found.setdefault(run.scenario, []).append(run)
        return found

    @cached_property
    def trouble(self) -> str:
        """Why the result did not pass, if that shows in none of the runs that have tests."""
        if self.result is None or self.result.passed:
            return ""
        for scenario, n in self.order.runs.items():
            runs = self.runs.get(scenario, [])[:n]
            complete = len(runs) == n or scenario not in self.scenarios
            if not complete or any(run.verdict is not Verdict.PASSED for run in runs):
                return ""
        try:
            self.result.raise_unless_passed()
        except CekuraError as error:
            return error_text(error)
        return ""

    @property
    def summary(self) -> str:
        """What there is to say of it, in a line; "" if nothing was launched."""
        subject = f"result {self.result_id} ({self.order.kind})"
        if self.result is not None:
            passed = self.result.counts.get(Verdict.PASSED, 0)
            asked = sum(self.order.runs[scenario] for scenario in self.scenarios)
            total = max(len(self.result.runs), self.result.total_runs or 0, asked)
            status = printable(self.result.status)
            return f"{subject}: {status}, {passed} of {total} runs passed"
        if self.result_id is not None:
            return f"{subject}: its end was not seen, and its runs may go on"
        if self.record is not None and self.record.unsettled():
            return (
                f"a {self.order.kind} launch may have been sent and billed: see {self.record.path}"
            )
        return ""


# The launches of a session, by the keys of their orders.
ATTEMPTS: pytest.StashKey[dict[str, Attempt]] = pytest.StashKey()


def attempt(request: pytest.FixtureRequest, order: Order) -> Attempt:
    """What has become of the order of a test; launches it if this is its first."""
    attempts = request.config.stash.setdefault(ATTEMPTS, {})
    if order.key not in attempts:
        attempts[order.key] = Attempt(order, order.wanted(request.session.items))
    found = attempts[order.key]
    if found.result is None and not found.problem:
        found.finish(request)
    return found


def summaries(config: pytest.Config) -> Iterator[str]:
    """A line for each launch of this process, also if it was broken off."""
    for one in config.stash.get(ATTEMPTS, {}).values():
        if one.summary:
            yield one.summary


def _client(options: dict[str, Any], record: LaunchRecord) -> Cekura:
    if "record" in options:
        raise InvalidRequestError(
            f"{OPTIONS} cannot have record: the record is in the session's base temporary "
            "directory, which --basetemp sets"
        )
    try:
        return Cekura(**options, record=record.path)
    except TypeError as error:
        # Not with its traceback, in which the options might be seen, and the key with them.
        raise InvalidRequestError(f"{OPTIONS}: {error}") from None


def _record(request: pytest.FixtureRequest, order: Order) -> LaunchRecord:
    """The record of this launch alone, in a directory that is the session's own."""
    base: Path = request.getfixturevalue("tmp_path_factory").getbasetemp()
    if in_worker(request.config):
        if not base.name.startswith("popen-"):
            raise InvalidRequestError(
                "nothing was launched: workers of pytest-xdist on several machines cannot share a "
                "launch, and each would have to pay for its own"
            )
        base = base.parent
    return LaunchRecord(base / f"cekura-{order.key}.jsonl")


def _alone(config: pytest.Config, record: LaunchRecord) -> AbstractContextManager[object]:
    """Keeps the other workers out."""
    if not in_worker(config):
        return nullcontext()
    try:
        from filelock import FileLock
    except ImportError:
        raise InvalidRequestError(
            "nothing was launched: to share a launch, workers of pytest-xdist need filelock; "
            "pip install 'cekura-client[pytest]'"
        ) from None
    return FileLock(record.path.with_suffix(".lock"))
