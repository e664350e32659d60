"""Send the launch of a marker once for all its tests, in all processes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from cekura_client.client import Cekura
from cekura_client.core.errors import CekuraError, InvalidRequestError
from cekura_client.core.interruption import interrupted_launch
from cekura_client.core.launches import Launch
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.texts import printable
from cekura_client.core.verdicts import Verdict
from cekura_client.pytest_plugin.launch_specs import LaunchSpec
from cekura_client.pytest_plugin.names import OPTIONS
from cekura_client.pytest_plugin.session import record_path, records, sole_process
from cekura_client.pytest_plugin.texts import error_text, say
from cekura_client.record import ACCEPTED, LaunchRecord, RecordedLaunch
from cekura_client.wire.settings import ApiKey


class SharedLaunch:
    """What this process knows of a launch that all processes of the session share.

    Attributes:
        spec: The launch that the marker specifies.
        scenarios: The scenarios to send.
        launch: The accepted launch, once this process knows it.
        result: The result, once it has ended.
        problem: Why it was not sent, or why the wait failed; "" otherwise.
    """

    def __init__(self, spec: LaunchSpec, scenarios: set[int]) -> None:
        self.spec = spec
        self.scenarios = scenarios
        self.launch: Launch | None = None
        self.result: Result | None = None
        self.problem = ""

    def finish(self, options: object, config: pytest.Config) -> None:
        """Launch and wait, or continue what other processes or interrupted tests have started."""
        record: LaunchRecord | None = None
        try:
            record = LaunchRecord(record_path(config, self.spec.key))
            with _client(options, record) as cekura:
                if self.launch is None:
                    with sole_process(record.path):
                        self.launch = self._launched(cekura, record, config)
                self.result = self._ended(cekura, self.launch, _WaitOutcome(record.path))
        except CekuraError as error:
            self.problem = error_text(error)
        except BaseException as error:
            # Ctrl-C, or a plugin with a test timeout: the record must contain what this process knows,
            # for the next test and for the summary.
            cut = interrupted_launch(error)
            if record is not None and cut is not None and cut.result_id is not None:
                _complete(record, cut.result_id)
                say(config, f"{self.spec.kind} launch accepted: result {cut.result_id}")
            if not isinstance(error, OSError):
                raise
            self.problem = error_text(error)

    def _launched(self, cekura: Cekura, record: LaunchRecord, config: pytest.Config) -> Launch:
        """Send the launch, unless the record already has it."""
        known = next(iter(record.launches()), None)
        if known is None:
            say(config, f"{self.spec.kind} launch: recording it in {record.path}")
            launch = cekura.launch(self.spec.narrowed(self.scenarios))
        elif known.outcome is None:
            launch = cekura.recover(known)
        elif known.outcome == ACCEPTED and known.result_id is not None:
            raw = {"id": known.result_id}
            return Launch(known.result_id, "", (), known.plan, raw, known.name)
        else:
            raise CekuraError(known.detail)
        how = "found again" if launch.recovered else "accepted"
        say(config, f"{self.spec.kind} launch {how}: result {launch.result_id}")
        return launch

    def _ended(self, cekura: Cekura, launch: Launch, outcome: _WaitOutcome) -> Result:
        """Wait for the result. If one process failed to, no other waits again."""
        if problem := outcome.read("problem"):
            raise CekuraError(problem)
        try:
            result = cekura.wait(launch, timeout=self.spec.timeout)
        except CekuraError as error:
            outcome.write(problem=error_text(error))
            raise
        outcome.write(summary=self._summary(result))
        return result

    @property
    def result_id(self) -> int | None:
        """The id of the result; None until this process knows it."""
        return None if self.launch is None else self.launch.result_id

    @cached_property
    def runs(self) -> dict[int | None, list[Run]]:
        """The runs of each scenario, sorted by id."""
        found: dict[int | None, list[Run]] = {}
        for run in sorted(self.result.runs if self.result else (), key=lambda run: run.id or 0):
            found.setdefault(run.scenario, []).append(run)
        return found

    @cached_property
    def trouble(self) -> str:
        """Why the result did not pass, if no run with a test shows it."""
        if self.result is None or self.result.passed:
            return ""
        if not self.result.contradictions and self._shows_in_runs():
            return ""
        try:
            self.result.raise_unless_passed()
        except CekuraError as error:
            return error_text(error)
        return ""

    def _shows_in_runs(self) -> bool:
        for scenario, n in self.spec.runs.items():
            runs = self.runs.get(scenario, [])[:n]
            complete = len(runs) == n or scenario not in self.scenarios
            if not complete or any(run.verdict is not Verdict.PASSED for run in runs):
                return True
        return False

    @property
    def summary(self) -> str:
        """One line about the launch; "" until it was accepted."""
        if self.result is not None:
            return self._summary(self.result)
        return "" if self.launch is None else _not_seen(self.launch.result_id, self.spec.kind)

    def _summary(self, result: Result) -> str:
        passed = result.counts.get(Verdict.PASSED, 0)
        return (
            f"result {result.id} ({self.spec.kind}): {printable(result.status)}, {passed} of "
            f"{result.expected_runs} runs passed"
        )


_LAUNCHES: pytest.StashKey[dict[str, SharedLaunch]] = pytest.StashKey()


def shared_launch(request: pytest.FixtureRequest, spec: LaunchSpec) -> SharedLaunch:
    """The launch of a test. The first test sends it."""
    launches = request.config.stash.setdefault(_LAUNCHES, {})
    if spec.key not in launches:
        launches[spec.key] = SharedLaunch(spec, spec.wanted(request.session.items))
    found = launches[spec.key]
    if found.result is None and not found.problem:
        found.finish(request.getfixturevalue(OPTIONS), request.config)
    return found


def summaries(config: pytest.Config) -> Iterator[str]:
    """A line for each launch of the session, from any process and with any outcome."""
    for path in records(config):
        for launch in LaunchRecord(path).launches():
            if line := _WaitOutcome(path).read("summary") or _recorded(launch, path):
                yield line


class _WaitOutcome:
    """The outcome of the wait, in a file beside the record, for other processes."""

    def __init__(self, record: Path) -> None:
        self._path = record.with_suffix(".json")

    def read(self, name: str) -> str:
        """A text of the outcome; "" if there is none."""
        with suppress(OSError, ValueError):
            return str(json.loads(self._path.read_text("utf-8")).get(name, ""))
        return ""

    def write(self, **texts: str) -> None:
        """Replace the outcome, if possible. Without it, another process waits again."""
        with suppress(OSError):
            self._path.write_text(json.dumps(texts), "utf-8")


def _recorded(launch: RecordedLaunch, path: Path) -> str:
    kind = launch.operation.removeprefix("run_")
    if launch.result_id is not None:
        return _not_seen(launch.result_id, kind)
    if launch.settled:
        return ""
    where = (
        f"look for a result of agent {launch.agent or '(its own)'} on the dashboard"
        if launch.name is None
        else f"look for a result named {printable(launch.name)!r}"
    )
    return (
        f"a {kind} launch may be running and may be billed; {where} before you launch again (record: "
        f"{path})"
    )


def _not_seen(result_id: int, kind: str) -> str:
    return (
        f"result {result_id} ({kind}): stopped waiting before it finished; its runs may still be "
        "running"
    )


def _complete(record: LaunchRecord, result_id: int) -> None:
    """Add the id to the record if an interruption prevented that."""
    with suppress(OSError):
        for known in record.launches():
            if known.outcome is None:
                line = {"token": known.token, "outcome": ACCEPTED, "result_id": result_id}
                record.append(line)


def _client(options: Any, record: LaunchRecord) -> Cekura:
    if not isinstance(options, Mapping):
        raise InvalidRequestError(f"{OPTIONS} must be a dict; got {type(options).__name__}")
    given: dict[str, Any] = {**options}
    if "record" in given:
        raise InvalidRequestError(
            f"{OPTIONS} must not contain record; the plugin records launches in the session's base "
            "temporary directory, which --basetemp sets"
        )
    key = given.pop("api_key", None)
    try:
        return Cekura(
            **given, api_key=key.reveal() if isinstance(key, ApiKey) else key, record=record.path
        )
    except TypeError as error:
        # Without its traceback, which might show the key.
        raise InvalidRequestError(f"{OPTIONS}: {error}") from None


def hidden(options: Any) -> Any:
    """The options, with the key wrapped so that pytest cannot show it."""
    key = options.get("api_key") if isinstance(options, Mapping) else None
    return {**options, "api_key": ApiKey(key)} if isinstance(key, str) else options
