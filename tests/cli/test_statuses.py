"""Exit statuses and figures at their edges, in this process."""

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from attrs import evolve

from cekura_client import AsyncCekura, Launch, Result
from cekura_client.cli import connection, output, session
from cekura_client.cli.app import main
from cekura_client.cli.console import Console
from cekura_client.cli.exits import Exit
from cekura_client.cli.options import ConnectionOptions, Waiting
from cekura_client.cli.outcome import CommandOutcome
from cekura_client.core.description import CheckedLaunch
from cekura_client.core.gate import Gate
from cekura_client.core.interruption import ongoing_launch
from cekura_client.errors import (
    AuthenticationError,
    CekuraError,
    InvalidRequestError,
    NoAnswerError,
    NotFoundError,
    RateLimitError,
    ServerError,
)
from cekura_client.sandbox import Sandbox
from tests.cli.support import KEY, judged
from tests.clients import FakeTime

VOICE = ("voice", "--agent-id", "12", "--scenarios", "101", "--quiet")
MADE = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(pace=0, api_key=KEY, outcomes={102: "failed", 106: "stuck"}) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """One for commands in this process, on a clock that passes only in sleeps."""
    monkeypatch.setenv("CEKURA_API_KEY", KEY)
    monkeypatch.setenv("CEKURA_API_URL", running.url)
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    clock = evolve(FakeTime().clock, token=lambda: uuid4().hex)
    monkeypatch.setattr(session, "AsyncCekura", partial(AsyncCekura, clock=clock))
    yield running
    running.faults.clear()


def _result(*successes: bool, **fields: Any) -> Result:
    runs = [
        {"id": n, "scenario": 101, "status": "completed", "success": success}
        for n, success in enumerate(successes)
    ]
    return Result.read(
        json.dumps({"id": 7, "status": "completed", "runs": runs, **fields}).encode()
    )


# Statuses


@pytest.mark.parametrize("answer", [500, 503])
def test_show_ends_with_unknown_if_the_server_fails(sandbox: Sandbox, answer: int) -> None:
    """The server refused nothing, and the state of the result is unknown."""
    sandbox.faults.add(operation="get_result", status=answer)
    assert main(["show", "7001"]) == 4


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({}, 0),
        ({"status": 404}, 3),
        ({"status": 403}, 3),
        ({"status": 500}, 4),
        ({"drop": True}, 4),
    ],
    ids=str,
)
def test_end_says_whether_calls_were_ended(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], answer: dict[str, Any], status: int
) -> None:
    """0 only if they were."""
    assert main([*VOICE, "--no-wait"]) == 0
    launched = capsys.readouterr().out.strip()
    if answer:
        sandbox.faults.add(operation="end_calls", **answer)
    assert main(["end", launched, "--json"]) == status
    document = json.loads(capsys.readouterr().out)
    assert document["ended"] == ([] if status else [int(launched)])
    assert ("error" in document) == bool(status)
    assert main(["end", launched]) == status
    assert bool(capsys.readouterr().out) == (not status)


@pytest.mark.parametrize("error", [InvalidRequestError, NotFoundError, AuthenticationError])
def test_status_after_an_accepted_launch_is_never_2_or_3(error: type[CekuraError]) -> None:
    """2 and 3 say of a launch that nothing was started."""
    launch: Any = type("Launch", (), {"result_id": 7})
    outcome = CommandOutcome(error=error("x"))
    assert outcome.status in (2, 3)
    outcome.accepted(launch)
    assert outcome.status == 4
    outcome.error, outcome.errors = None, {7: error("x")}
    assert outcome.status == 4
    assert outcome.may_be_running == [7]


def test_a_command_about_results_never_passes_without_one() -> None:
    """Where nothing is known, the status is not 0."""
    assert CommandOutcome().status == Exit.UNKNOWN
    assert CommandOutcome(detached=True).status == Exit.UNKNOWN
    assert CommandOutcome(judges=False).status == Exit.PASSED
    assert CommandOutcome(ids=[7]).status == Exit.UNKNOWN


def test_a_report_says_what_was_not_seen_and_what_stopped_the_command() -> None:
    """Although everything that was seen passed."""
    good = _result(True)
    unseen = CommandOutcome(ids=[7, 8], results={7: good}).report()
    assert not unseen.passes
    assert unseen.errors == ("result 8 was not seen; its runs may still be running",)
    stopped = CommandOutcome(ids=[7], results={7: good}, stopped=Exit.TERMINATED).report()
    assert not stopped.passes
    assert stopped.errors == ("stopped by SIGTERM",)
    assert {unseen.verdict, stopped.verdict} == {"unknown"}
    assert {unseen.rate, stopped.rate} == {""}


@pytest.mark.parametrize(
    ("error", "continues"),
    [
        (NotFoundError("x"), False),
        (AuthenticationError("x"), False),
        (ServerError("x"), True),
        (RateLimitError("x"), True),
        (NoAnswerError("x"), True),
    ],
)
def test_an_unreadable_result_may_still_be_running(error: CekuraError, continues: bool) -> None:
    """With --end-on-abort its calls are ended, unless the result does not exist for this key."""
    outcome = CommandOutcome(ids=[7], errors={7: error})
    assert outcome.may_be_running == ([7] if continues else [])


def test_a_second_ctrl_c_exits_without_ending_calls(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Even before the first one has ended them; the command prints what may be running."""

    class Interrupted(AsyncCekura):
        async def launch(self, checked: CheckedLaunch) -> Launch:
            launch = await super().launch(checked)
            with ongoing_launch() as ongoing:
                ongoing.was_accepted(launch.name, launch.result_id)
                signal.raise_signal(signal.SIGINT)
                signal.raise_signal(signal.SIGINT)
            return launch

    monkeypatch.setattr(session, "AsyncCekura", Interrupted)
    before = len(sandbox.requests)
    assert main([*VOICE, "--end-on-abort", "--json"]) == 130
    assert not any(each.path.endswith("end_calls/") for each in sandbox.requests[before:])
    shown = capsys.readouterr()
    [result_id] = json.loads(shown.out)["going_on"]
    assert f"cekura-run end {result_id}" in shown.err


# Consent


def test_exactly_ask_above_runs_need_no_confirmation(sandbox: Sandbox) -> None:
    """One more does."""
    before = sandbox.launches
    many = (*VOICE, "--no-wait", "--frequency", "4", "--ask-above")
    assert main([*many, "3"]) == 2
    assert sandbox.launches == before
    assert main([*many, "4"]) == 0
    assert sandbox.launches == before + 1


# Figures


@pytest.mark.parametrize(
    ("passed", "total", "rate"),
    [
        (0, 3, "0.0000"),
        (2, 3, "0.6666"),
        (19, 20, "0.9500"),
        (19_999, 20_000, "0.9999"),
        (99_999, 100_000, "0.9999"),
        (3, 3, "1.0000"),
    ],
)
def test_the_pass_rate_is_never_rounded_up(passed: int, total: int, rate: str) -> None:
    """Only all is 1."""
    result = _result(*[True] * passed, *[False] * (total - passed))
    assert judged((result,), Gate(), MADE).rate == rate


def test_an_incomplete_outcome_has_no_pass_rate() -> None:
    """Since that of the whole may be worse."""
    good = _result(True)
    assert judged((good,), Gate(), MADE).rate == "1.0000"
    assert judged((good, _result(False)), Gate(), MADE).rate == "0.5000"
    assert judged((good, _result(False)), Gate(), MADE, errors=("gone",)).rate == ""
    assert judged((good, _result(False, status="running")), Gate(), MADE).rate == ""
    assert judged((_result(True, status="cancelled"),), Gate(), MADE).rate == ""
    assert judged((), Gate(), MADE).rate == ""


# The record


def _record(path: Path, *launches: dict[str, Any]) -> str:
    lines = [
        {"token": f"t{n}", "operation": "run_voice", "base_url": "http://127.0.0.1:1", **launch}
        for n, launch in enumerate(launches)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return str(path)


def test_a_record_with_odd_values_is_listed(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Times that no date has, and numbers that no screen has room for."""
    plan = {"scenarios": 10**30}
    odd = ({"began": 1e18, "plan": plan}, {"began": -1e300}, {"began": 10**20}, {"began": 1.0})
    record = _record(tmp_path / "record", *odd)
    for more in ((), ("--json",), ("--recover",), ("--recover", "--json")):
        status = main(["launches", "--record", record, *more])
        shown = capsys.readouterr()
        assert status == (4 if "--recover" in more else 0), shown.err
        assert "Traceback" not in shown.err
        if "--json" in more:
            assert json.loads(shown.out)["unsettled"] >= 1
        else:
            assert "1970-01-01" in shown.out


def test_a_failed_lookup_does_not_stop_the_others(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sent elsewhere, not there, of an odd kind: each is noted, and the next is looked up."""
    record = tmp_path / "record"
    kept = ("--record", str(record))
    sandbox.faults.add(operation="launch", drop=True, commit=True, times=1)
    assert main([*VOICE, *kept, "--recover-for", "0"]) == 4
    first = record.read_text("utf-8")
    lost = json.loads(first.splitlines()[0])
    elsewhere = {**lost, "token": "elsewhere", "base_url": "https://elsewhere.example.com"}
    missing = {**lost, "token": "missing", "name": "there is none"}
    odd = {
        **lost,
        "token": "odd",
        "operation": "run_odd",
        "agent": 10**400,
        "sent": {"scenarios": [{}]},
    }
    lines = [json.dumps(each) for each in (elsewhere, missing, odd)]
    record.write_text("\n".join([*lines, first]), "utf-8")
    capsys.readouterr()
    assert main(["launches", *kept, "--recover", "--recover-for", "2", "--json"]) == 4
    shown = capsys.readouterr()
    assert "elsewhere.example.com" in shown.err
    assert f"run_voice {lost['name']} is result" in shown.err
    document = json.loads(shown.out)
    found = {each["token"]: each["outcome"] for each in document["launches"]}
    assert found[lost["token"]] == "accepted"
    assert found["missing"] != "accepted"


# What is shown


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_failure_to_show_the_outcome_changes_no_status(
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
) -> None:
    """The command notes the error, and still prints a JSON document."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a mistake")

    monkeypatch.setattr(output, "show_results", fail)
    monkeypatch.setattr(output, "outcome_document", fail)
    assert main([*VOICE, *more]) == 0
    shown = capsys.readouterr()
    assert "the outcome cannot be shown: ZeroDivisionError: a mistake" in shown.err
    if more:
        assert json.loads(shown.out)["exit_status"] == 0


def test_an_infinite_number_is_null_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has no infinite numbers, and parsers refuse them."""
    Console().document({"a": [float("inf"), 1.5]})
    assert json.loads(capsys.readouterr().out, parse_constant=pytest.fail) == {"a": [None, 1.5]}


# The connection


def test_plain_http_is_refused_unless_allowed(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is sent."""
    address = ("--api-url", "http://cekura.example.com")
    assert main([*VOICE, *address]) == 2
    assert "--allow-http" in capsys.readouterr().err
    seen: list[Any] = []

    def made(**given: Any) -> AsyncCekura:
        seen.append(given["allow_http"])
        given["base_url"] = sandbox.url
        return AsyncCekura(**given)

    monkeypatch.setattr(session, "AsyncCekura", made)
    assert main([*VOICE, *address, "--allow-http"]) == 0
    monkeypatch.setenv("CEKURA_ALLOW_HTTP", "1")
    assert main([*VOICE, *address]) == 0
    assert seen == [True, True]


def test_a_wait_knows_how_many_runs_were_planned(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The launch has this number; an id does not."""
    seen: list[Any] = []

    class Watched(AsyncCekura):
        def wait_all(self, launches: Any, **more: Any) -> Any:
            seen.append(launches)
            return super().wait_all(launches, **more)

    monkeypatch.setattr(session, "AsyncCekura", Watched)
    assert main([*VOICE, "--poll", "0.1"]) == 0
    assert [launch.planned_runs for launch in seen[0]] == [1]


@pytest.mark.parametrize(
    ("option", "waiting"),
    [
        ("--timeout", Waiting(timeout=0)),
        ("--timeout", Waiting(timeout=float("inf"))),
        ("--poll", Waiting(poll=0)),
        ("--grace", Waiting(grace=-1)),
    ],
)
def test_an_invalid_number_of_seconds_names_its_option(option: str, waiting: Waiting) -> None:
    """The error does not name the internal argument."""
    with pytest.raises(InvalidRequestError, match=option):
        connection.wait_limits(waiting)


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_recover_for_is_checked_by_a_plan_as_well(wrong: float) -> None:
    """Which needs no client."""
    with pytest.raises(InvalidRequestError, match="--recover-for"):
        connection.check_connection(ConnectionOptions(recover_for=wrong))
