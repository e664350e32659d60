"""The record of launches, and what can be done with it after the worst."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time as real_time
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import evolve
from pytest_httpx import HTTPXMock

from cekura_client import (
    BadRequestError,
    InsufficientBalanceError,
    InvalidRequestError,
    LaunchNotSentError,
    LaunchOutcomeUnknownError,
    RunPlan,
)
from cekura_client.record import LaunchRecord, RecordedLaunch
from cekura_client.sandbox import Sandbox
from tests.clients import KEY, EitherClient, FakeTime, hasty_clock
from tests.hostile.server import (
    close_silently,
    list_of,
    list_with_the_name,
    never_answer,
    reply,
)
from tests.raw_server import RawServer

URL = "http://127.0.0.1:1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "launches.jsonl"


def _client(mode: str, path: Path, time: FakeTime, url: str = URL, **options: Any) -> EitherClient:
    options = {"api_key": KEY, **options}
    return EitherClient(mode, base_url=url, record=path, clock=time.clock, **options)


def test_an_accepted_launch_has_two_lines(
    mode: str, path: Path, time: FakeTime, httpx_mock: HTTPXMock
) -> None:
    """One from before with all that is needed to find it again, one from after with its id."""
    lines_before: list[str] = []

    def respond(_: Any) -> Any:
        lines_before.extend(path.read_text("utf-8").splitlines())
        return httpx.Response(201, json={"id": 7})

    httpx_mock.add_callback(respond)
    client = _client(mode, path, time)
    client.run_voice(scenarios=[1, 2], frequency=3, agent_id=12)
    client.end()
    assert len(lines_before) == 1
    assert json.loads(lines_before[0]) == {
        "token": "token",
        "operation": "run_voice",
        "base_url": URL,
        "began": 1_700_001_000.0,
        "until": 1_700_001_185.0,
        "name": "cekura-client 2023-11-14 22:30:00Z token",
        "own_name": True,
        "agent": 12,
        "plan": {
            "scenarios": 2,
            "frequency": 3,
            "personalities": 1,
            "test_profiles": 1,
            "at_most": False,
        },
        "sent": {
            "scenarios": [1, 2],
            "frequency": 3,
            "agent_id": 12,
            "name": "cekura-client 2023-11-14 22:30:00Z token",
        },
    }
    (launch,) = LaunchRecord(path).launches()
    assert (launch.outcome, launch.result_id, launch.settled) == ("accepted", 7, True)
    assert launch.plan == RunPlan(2, 3)
    assert LaunchRecord(path).unsettled() == []


@pytest.mark.parametrize(
    ("status", "error", "outcome", "settled"),
    [
        (400, BadRequestError, "refused", True),
        (500, LaunchOutcomeUnknownError, "unknown", False),
    ],
)
def test_other_outcomes_are_written_with_what_the_error_said(
    status: int,
    error: type[Exception],
    outcome: str,
    settled: bool,
    mode: str,
    path: Path,
    time: FakeTime,
    httpx_mock: HTTPXMock,
) -> None:
    """Of these, only the unknown one is left to be looked up."""
    httpx_mock.add_response(status_code=status, text="because")
    client = _client(mode, path, time)
    with pytest.raises(error):
        client.run_websocket(scenarios=[(1, "wss://u:geheim@a.example/?t=geheim")], frequency=1)
    client.end()
    (launch,) = LaunchRecord(path).launches()
    assert (launch.outcome, launch.settled) == (outcome, settled)
    assert "because" in launch.detail
    written = path.read_text("utf-8")
    assert "geheim" not in written
    assert KEY not in written
    assert "a.example" in written


def test_what_is_refused_here_is_not_written(mode: str, path: Path, time: FakeTime) -> None:
    """Nothing was to be sent."""
    client = _client(mode, path, time)
    with pytest.raises(InvalidRequestError):
        client.run_voice(scenarios=[])
    client.end()
    assert LaunchRecord(path).launches() == []


def test_a_record_that_cannot_be_written_stops_the_launch(
    mode: str, tmp_path: Path, time: FakeTime, httpx_mock: HTTPXMock
) -> None:
    """Whoever asks for a record wants no launch without it."""
    client = _client(mode, tmp_path / "missing" / "launches.jsonl", time)
    with pytest.raises(LaunchNotSentError, match=r"nothing was sent.*No such file"):
        client.run_voice(scenarios=[1])
    client.end()
    assert httpx_mock.get_requests() == []


def test_a_record_that_breaks_afterwards_does_not_lose_the_launch(
    mode: str,
    path: Path,
    time: FakeTime,
    httpx_mock: HTTPXMock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The disk is full, the launch is paid for: the caller gets it, and the log says so."""

    def respond(_: Any) -> Any:
        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(LaunchRecord, "append", full)
        return httpx.Response(201, json={"id": 7})

    httpx_mock.add_callback(respond)
    client = _client(mode, path, time)
    assert client.run_voice(scenarios=[1]).result_id == 7
    client.end()
    assert "No space left" in caplog.text


def test_half_a_line_spoils_neither_what_was_before_nor_what_follows(path: Path) -> None:
    """A process was killed while it wrote."""
    record = LaunchRecord(path)
    record.append({"token": "a", "operation": "run_voice", "base_url": URL, "began": 1.0})
    with path.open("ab") as file:
        file.write(b'{"token": "b", "oper')
    record.append({"token": "a", "outcome": "accepted", "result_id": 7})
    record.append({"token": "c", "operation": "run_voice", "base_url": URL, "began": 2.0})
    assert [(launch.token, launch.outcome) for launch in record.launches()] == [
        ("a", "accepted"),
        ("c", None),
    ]


@pytest.mark.parametrize(
    "line",
    ["[]", "null", "{}", '{"token": "x"}', '{"token": []}', "x", '{"token": 1, "plan": {"y": 1}}'],
)
def test_lines_that_nobody_understands_are_passed_over(line: str, path: Path) -> None:
    """The rest of the file is still worth something."""
    record = LaunchRecord(path)
    path.write_text(line + "\n", "utf-8")
    record.append({"token": "a", "operation": "run_voice", "base_url": URL, "began": 1.0})
    assert [launch.token for launch in record.launches()] == ["a"]


def _write_many(path: str, name: str) -> None:
    record = LaunchRecord(path)
    for number in range(100):
        record.append({"token": f"{name}{number}", "detail": "x" * 3_000})


def test_several_processes_share_one_file(path: Path) -> None:
    """400 long lines from four processes at once, none of them torn."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(str(path), name)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    # Who looks while another writes may take its line for torn; an empty line does no harm.
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    assert len({line["token"] for line in lines}) == len(lines) == 400


_LAUNCH = """
import sys
from cekura_client import Cekura
cekura = Cekura(api_key="k", base_url=sys.argv[1], record=sys.argv[2])
cekura.run_voice(scenarios=[101], agent_id=12, frequency=2)
"""


def test_a_process_killed_between_launch_and_answer(path: Path) -> None:
    """kill -9 while the server has the launch: the record still knows it, and finds it again."""
    with RawServer([never_answer, list_with_the_name(agent=12)]) as server:
        with subprocess.Popen([sys.executable, "-c", _LAUNCH, server.url, str(path)]) as process:
            server.wait_for_a_request()
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        (lost,) = LaunchRecord(path).unsettled()
        assert (lost.outcome, lost.agent, lost.plan) == (None, 12, RunPlan(1, 2))
        client = EitherClient("sync", api_key="k", base_url=server.url, record=path)
        launch = client.recover(lost)
        client.end()
    assert (launch.result_id, launch.recovered, launch.planned_runs) == (7, True, 2)
    assert LaunchRecord(path).unsettled() == []
    assert [r.partition(b" ")[0] for r in server.requests] == [b"POST", b"GET"]


def test_recovery_against_the_sandbox(mode: str, path: Path) -> None:
    """By its name in the real list of results, beside others."""
    with Sandbox(pace=0) as sandbox:
        began = real_time.time()
        lost, *_ = [
            httpx.post(
                f"{sandbox.url}/test_framework/v1/scenarios/run_scenarios/",
                json={"scenarios": [101], "agent_id": 3, "name": name},
                headers={"X-CEKURA-API-KEY": sandbox.api_key},
            ).json()["id"]
            for name in ("lost", "lost and found", "other")
        ]
        entry = RecordedLaunch(
            token="t",
            operation="run_voice",
            base_url=sandbox.url,
            began=began,
            ended=real_time.time(),
            name="lost",
            agent=3,
        )
        client = EitherClient(
            mode, api_key=sandbox.api_key, base_url=sandbox.url, record=path, clock=hasty_clock()
        )
        launch = client.recover(entry)
        assert launch.result_id == lost
        assert client.wait(launch).passed
        client.end()


def test_what_cannot_be_recovered_says_why(mode: str, path: Path, time: FakeTime) -> None:
    """A websocket launch has no name; a launch of another address belongs to another client."""
    client = _client(mode, path, time)
    unnamed = RecordedLaunch("t", "run_websocket", URL, 0.0)
    with pytest.raises(LaunchOutcomeUnknownError, match="has no name"):
        client.recover(unnamed)
    with pytest.raises(InvalidRequestError, match=r"was sent to http://b\.example"):
        client.recover(RecordedLaunch("t", "run_voice", "http://b.example", 0.0, name="n"))
    client.end()


def test_the_file_is_for_its_owner_only(path: Path) -> None:
    """It names what is tested."""
    LaunchRecord(path).append({"token": "a"})
    assert os.stat(path).st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("outcomes", "kept"),
    [
        (["accepted", "unknown"], "accepted"),
        (["accepted", "refused"], "accepted"),
        (["unknown", "accepted"], "accepted"),
        (["refused", "unknown"], "refused"),
        (["unknown", "unknown"], "unknown"),
        (["accepted", "brand_new"], "accepted"),
    ],
)
def test_the_more_certain_outcome_holds(outcomes: list[str], kept: str, path: Path) -> None:
    """Two processes may look for one launch, and the later line is not always the better one."""
    record = LaunchRecord(path)
    record.append({"token": "a", "operation": "run_voice", "base_url": URL, "began": 1.0})
    for outcome in outcomes:
        result = {"result_id": 7} if outcome == "accepted" else {}
        record.append({"token": "a", "outcome": outcome, **result})
    (launch,) = record.launches()
    assert launch.outcome == kept
    assert launch.result_id == (7 if kept == "accepted" else None)


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"token": "x", "operation": "run_voice", "base_url": "u", "began": 1e999}',
        '{"token": "x", "operation": "run_voice", "base_url": "u", "began": -1}',
        '{"token": "x", "operation": "run_voice", "base_url": "u", "began": true}',
        '{"token": "x", "operation": "run_voice", "base_url": "u", "began": 1, "until": "soon"}',
        '{"token": "b", "began": ' + "9" * 5_000 + "}",
    ],
)
def test_one_bad_line_hides_no_other(line: str, path: Path) -> None:
    """However bad it is; and a time that no date has is none."""
    record = LaunchRecord(path)
    for token in "ab":
        record.append({"token": token, "operation": "run_voice", "base_url": URL, "began": 1.0})
        path.write_bytes(path.read_bytes() + line.encode() + b"\n")
    assert [launch.token for launch in record.launches()] == ["a", "b"]
    assert all(launch.began == 1.0 for launch in record.unsettled())


def test_a_text_that_has_no_utf_8_is_written_down_all_the_same(
    mode: str, path: Path, time: FakeTime, httpx_mock: HTTPXMock
) -> None:
    r"""Half of a pair, "\ud800" in JSON, in what the server says: the launch is refused, not lost."""
    httpx_mock.add_response(status_code=400, content=rb'{"detail": "no \ud800 at all"}')
    client = _client(mode, path, time)
    with pytest.raises(BadRequestError, match="at all"):
        client.run_voice(scenarios=[1])
    LaunchRecord(path).append({"token": "x", "detail": "\ud800"})
    client.end()
    (launch,) = LaunchRecord(path).launches()
    assert launch.outcome == "refused"
    assert "at all" in launch.detail


NIGHTLY = {"id": 7, "name": "Nightly", "agent": 12, "created_at": "2023-11-14T22:30:00Z"}


def _lost(mode: str, path: Path | None, time: FakeTime, url: str) -> EitherClient:
    """A client that has lost a launch named Nightly."""
    client = EitherClient(
        mode, api_key=KEY, base_url=url, record=path, clock=time.clock, recover_for=20
    )
    with pytest.raises(LaunchOutcomeUnknownError):
        client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
    return client


def test_the_process_that_lost_a_launch_can_recover_it(
    mode: str, path: Path, time: FakeTime
) -> None:
    """Its own claim on the name is no obstacle; the list showed the result too late for the launch."""
    lists = [list_of()] * 6
    with RawServer([close_silently, *lists, list_of(NIGHTLY)]) as server:
        client = _lost(mode, path, time, server.url)
        (entry,) = LaunchRecord(path).unsettled()
        launch = client.recover(entry)
        client.end()
    assert (launch.result_id, launch.recovered) == (7, True)
    assert LaunchRecord(path).unsettled() == []


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({"outcome": "accepted", "result_id": 7}, False),
        ({"outcome": "accepted", "result_id": 8}, True),
        ({"outcome": "refused"}, True),
        ({"outcome": "unknown"}, False),
        ({}, False),
        ({"agent": 13}, True),
        ({"agent": None}, False),
        ({"name": "Weekly"}, True),
        ({"base_url": "http://127.0.0.1:9"}, True),
    ],
)
def test_what_the_record_knows_of_other_launches_is_heeded(
    other: dict[str, Any], found: bool, mode: str, path: Path, time: FakeTime
) -> None:
    """A result that is another launch's, or that could be another unsettled one's, is not taken."""
    with RawServer([close_silently, list_of(NIGHTLY)]) as server:
        first = {
            "token": "other",
            "operation": "run_voice",
            "base_url": server.url,
            "began": 1.0,
            "name": "Nightly",
            "agent": 12,
        }
        LaunchRecord(path).append({**first, **other})
        client = EitherClient(
            mode, api_key=KEY, base_url=server.url, record=path, clock=time.clock, recover_for=20
        )
        try:
            launch = client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
            assert (launch.result_id, launch.recovered) == (7, True)
            assert found
        except LaunchOutcomeUnknownError:
            assert not found
        client.end()


def test_of_two_lost_launches_of_one_name_neither_is_the_one_result(
    mode: str, path: Path, time: FakeTime
) -> None:
    """It is either's, and nobody can say whose."""
    with RawServer([close_silently, *[list_of()] * 6, close_silently, list_of(NIGHTLY)]) as server:
        client = _lost(mode, path, time, server.url)
        with pytest.raises(LaunchOutcomeUnknownError):
            client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
        first, second = LaunchRecord(path).unsettled()
        with pytest.raises(LaunchOutcomeUnknownError, match="is unsettled as well"):
            client.recover(first)
        with pytest.raises(LaunchOutcomeUnknownError):
            client.recover(second)
        client.end()


def test_a_refused_launch_does_not_hold_its_name(mode: str, path: Path, time: FakeTime) -> None:
    """The next one of that name can be found again."""
    with RawServer([reply("402 X"), close_silently, list_of(NIGHTLY)]) as server:
        client = _client(mode, path, time, server.url)
        with pytest.raises(InsufficientBalanceError):
            client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
        assert client.run_voice(scenarios=[1], agent_id=12, name="Nightly").recovered
        client.end()


def test_a_record_that_cannot_be_read_leaves_a_given_name_unknown(
    mode: str, path: Path, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whose result it is."""

    def unreadable(*_: Any) -> Any:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(LaunchRecord, "launches", unreadable)
    with RawServer([close_silently, list_of(NIGHTLY)]) as server:
        client = _client(mode, path, time, server.url)
        with pytest.raises(LaunchOutcomeUnknownError, match="the record cannot be read"):
            client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
        client.end()


def test_the_end_of_the_attempt_is_recorded_and_bounds_the_search(
    mode: str, path: Path, time: FakeTime
) -> None:
    """A result of the name from long after is not taken, also not by a later process."""
    late = {**NIGHTLY, "created_at": "2023-11-14T22:40:00Z"}
    with RawServer([close_silently, list_of(late)]) as server:
        client = _lost(mode, path, time, server.url)
        (entry,) = LaunchRecord(path).unsettled()
        assert (entry.ended, entry.latest_end) == (entry.began, entry.began)
        with pytest.raises(LaunchOutcomeUnknownError):
            client.recover(entry)
        client.end()
    assert LaunchRecord(path).unsettled()[0].ended == entry.began
    killed = evolve(entry, ended=None)
    assert killed.latest_end == killed.until == entry.began + 185


@pytest.mark.parametrize(
    "plan",
    [
        "null",
        "3",
        '{"scenarios": 1, "frequency": null}',
        '{"scenarios": "two"}',
        '{"scenarios": 2, "colours": 3}',
    ],
)
def test_a_plan_that_nobody_understands_hides_no_launch(plan: str, path: Path) -> None:
    """A later version may know other factors; how many runs it is, is then not known here."""
    path.write_text(
        f'{{"token": "a", "operation": "run_voice", "base_url": "{URL}", "began": 1, "plan": {plan}}}\n'
    )
    (launch,) = LaunchRecord(path).unsettled()
    assert launch.plan.runs is None


def test_a_launch_that_was_accepted_meanwhile_is_no_other_result(
    mode: str, path: Path, time: FakeTime
) -> None:
    """It was unsettled when the record was read; its answer came while it was looked up."""
    with RawServer([list_of(NIGHTLY)]) as server:
        line = {
            "token": "t",
            "operation": "run_voice",
            "base_url": server.url,
            "began": 1_700_001_000.0,
            "name": "Nightly",
            "agent": 12,
        }
        LaunchRecord(path).append(line)
        (entry,) = LaunchRecord(path).unsettled()
        LaunchRecord(path).append({"token": "t", "outcome": "accepted", "result_id": 6})
        client = _client(mode, path, time, server.url, recover_for=20)
        with pytest.raises(LaunchOutcomeUnknownError, match="7 is another launch's"):
            client.recover(entry)
        client.end()
    assert LaunchRecord(path).launches()[0].result_id == 6
