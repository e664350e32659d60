"""Signals and streams of the command as a process: what is paid for is ended, and the status is kept."""

import fcntl
import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cekura_client.cli import session
from cekura_client.cli.exits import Exit
from cekura_client.cli.signals import Signals
from cekura_client.sandbox import Sandbox
from cekura_client.wire.aborting import WITHIN
from tests.cli.support import COMMAND, KEY, end, environment, start, until

VOICE = ("voice", "--agent-id", "12", "--poll", "0.1")
STUCK = (*VOICE, "--scenarios", "106")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One for a test alone, since requests may be carried out later."""
    with Sandbox(pace=0, api_key=KEY, outcomes={102: "failed", 106: "stuck"}) as running:
        yield running


def _met(sandbox: Sandbox) -> int:
    return sum(fault["met"] for fault in sandbox.faults)


def _waits(sandbox: Sandbox) -> bool:
    return any(request.method == "GET" for request in sandbox.requests)


def _ended(sandbox: Sandbox) -> bool:
    return any(request.path.endswith("end_calls/") for request in sandbox.requests)


def test_a_closed_terminal_ends_calls(sandbox: Sandbox) -> None:
    """SIGHUP, with a status of its own."""
    process = start(*STUCK, "--end-on-abort", "--json", env=environment(sandbox))
    until(lambda: _waits(sandbox))
    process.send_signal(signal.SIGHUP)
    ran = end(process)
    assert ran.status == 129
    assert _ended(sandbox)
    assert ran.document["error"] == {"type": "Stopped", "message": "stopped by SIGHUP"}


def test_nohup_is_respected(sandbox: Sandbox) -> None:
    """A signal that the caller had ignored stays ignored."""
    asked = ["sh", "-c", 'trap "" HUP; exec "$0" "$@"', COMMAND, *STUCK]
    process = subprocess.Popen(asked, env=environment(sandbox), stderr=subprocess.PIPE, text=True)
    until(lambda: _waits(sandbox))
    process.send_signal(signal.SIGHUP)
    before = len(sandbox.requests)
    until(lambda: len(sandbox.requests) > before + 2)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_another_signal_does_not_interrupt_ending_calls(
    sandbox: Sandbox, tmp_path: Path, first: signal.Signals, second: signal.Signals
) -> None:
    """GitHub cancels a job by SIGINT and, 7.5 s later, SIGTERM. The first one gives the status."""
    sandbox.faults.add(operation="end_calls", delay=1.0)
    junit = tmp_path / "x.xml"
    process = start(*STUCK, "--end-on-abort", "--junit", junit, env=environment(sandbox))
    until(lambda: _waits(sandbox))
    process.send_signal(first)
    until(lambda: _met(sandbox))
    process.send_signal(second)
    ran = end(process)
    assert ran.status == 128 + first
    assert "were ended" in ran.err
    assert "stopped by" in junit.read_text("utf-8")


def test_another_signal_does_not_interrupt_a_launch(sandbox: Sandbox) -> None:
    """Its answer is still waited for, and its calls are ended."""
    sandbox.faults.add(operation="launch", delay=1.0)
    process = start(*STUCK, "--end-on-abort", env=environment(sandbox))
    until(lambda: _met(sandbox))
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while "being sent" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGTERM)
    ran = end(process)
    assert ran.status == 130
    assert "was started" in ran.err
    assert "were ended" in ran.err


def test_a_second_ctrl_c_during_a_launch_ends_no_calls(sandbox: Sandbox) -> None:
    """The command exits at once and says what may be running."""
    sandbox.faults.add(operation="launch", delay=2.0)
    sandbox.faults.add(operation="end_calls", delay=30.0)
    process = start(*STUCK, "--end-on-abort", "--name", "mine", env=environment(sandbox))
    until(lambda: _met(sandbox))
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    while "being sent" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    ran = end(process)
    assert ran.status == 130
    assert "Look for a result named 'mine'" in ran.err
    assert "stopped by SIGINT" in ran.err


def test_calls_are_ended_whatever_goes_wrong_after_the_launch(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """Also a mistake in the command itself."""
    mistake = "import cekura_client.cli.progress as p\np.time = None\n"
    (tmp_path / "sitecustomize.py").write_text(mistake)
    env = environment(sandbox, PYTHONPATH=str(tmp_path))
    ran = end(start(*STUCK, "--end-on-abort", "--json", env=env))
    assert ran.status == 4
    assert ran.document["error"]["type"] == "InternalError"
    assert "Traceback" in ran.err
    assert _ended(sandbox)


def test_cleanup_ends_before_github_kills_a_cancelled_job() -> None:
    """Ten seconds after SIGINT, with some rest for starting to stop and for the reports."""
    assert session.ANSWER_WITHIN + session.WORD_WITHIN + WITHIN <= 9


def test_an_unanswered_launch_is_abandoned_within_seconds(sandbox: Sandbox) -> None:
    """One signal is enough."""
    sandbox.faults.add(operation="launch", delay=30.0)
    process = start(*STUCK, "--end-on-abort", env=environment(sandbox))
    until(lambda: _met(sandbox))
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert end(process).status == 143
    assert time.monotonic() - began < 9


# Signals one by one


def test_the_first_signal_stops_and_only_a_second_ctrl_c_exits_at_once() -> None:
    """Other signals, and one Ctrl-C after them, change nothing."""
    stops: list[object] = []
    with Signals(stops.append) as signals:
        signals.hold()
        signals.begin(lambda: stops.append("stop"))
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            signal.raise_signal(number)
        assert stops == [Exit.TERMINATED, "stop"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_a_signal_before_the_work_begins_stops_it_then() -> None:
    """Nothing is launched after it."""
    stops: list[object] = []
    with Signals(stops.append) as signals:
        signals.hold()
        signal.raise_signal(signal.SIGINT)
        signals.begin(lambda: stops.append("stop"))
    assert stops == [Exit.INTERRUPTED, "stop"]


def test_a_signal_after_the_work_changes_no_outcome() -> None:
    """It has nothing to stop any more, while reports are written."""
    stops: list[object] = []
    with Signals(stops.append) as signals:
        signals.hold()
        signals.begin(lambda: None)
        signals.over()
        signal.raise_signal(signal.SIGTERM)
    assert stops == []


def test_release_restores_the_previous_handlers() -> None:
    """As if nothing had been."""
    before = signal.getsignal(signal.SIGINT)
    with Signals(lambda _: None) as signals:
        signals.hold()
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


# Streams


def _in_shell(sandbox: Sandbox, redirected: str, *arguments: object) -> int:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {redirected}', COMMAND, *map(str, arguments)],
        env=environment(sandbox),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode


@pytest.mark.parametrize(
    "redirected", [">&-", "2>&-", "<&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full"]
)
def test_streams_that_are_closed_or_full_change_no_status(
    sandbox: Sandbox, redirected: str
) -> None:
    """The command cannot show anything, but its status is still right."""
    if "full" in redirected and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    assert _in_shell(sandbox, redirected, *VOICE, "--scenarios", "101", "--json") == 0
    assert _in_shell(sandbox, redirected, *VOICE, "--scenarios", "102") == 1
    assert _in_shell(sandbox, redirected, *VOICE, "--scenarios", "101", "--timeout", "0") == 2
    assert _in_shell(sandbox, redirected, *VOICE, "--nope") == 2
    assert _in_shell(sandbox, redirected, "--version") == 0


def _held(pipe: int) -> int:
    """The number of unread bytes in a pipe."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other pipes")
def test_writing_to_a_full_pipe_waits(sandbox: Sandbox) -> None:
    """Also to a pipe in non-blocking mode: all of a long document arrives."""
    inner, outer = os.pipe()
    os.set_blocking(outer, False)
    process = subprocess.Popen(
        [COMMAND, *VOICE, "--scenarios", "101", "--frequency", "500", "--yes", "--json", "--quiet"],
        env=environment(sandbox),
        stdout=outer,
        stderr=subprocess.DEVNULL,
    )
    os.close(outer)
    with open(inner, "rb") as stream:
        until(lambda: _held(inner) >= 60_000)  # of the 65,536 that Linux lets a pipe hold
        out = stream.read()
    assert process.wait(60) == 0
    assert len(out) > 100_000
    assert out.endswith(b"}\n")
