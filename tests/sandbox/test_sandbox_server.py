"""The sandbox as a server: several at once, a clean stop, and the command."""

import asyncio
import logging
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from cekura_client.sandbox import Sandbox
from cekura_client.sandbox.__main__ import main
from tests.sandbox.support import RESULTS, VOICE, Api


def status(sandbox: Sandbox) -> int:
    with Api(sandbox).http as http:
        return http.get(RESULTS).status_code


def test_several_sandboxes_know_nothing_of_each_other() -> None:
    """Each has its own port, key, results and log."""
    with Sandbox(api_key="one") as one, Sandbox(api_key="two") as two:
        with Api(one).http as http:
            http.post(VOICE, json={"scenarios": [101]})
        with Api(two).http as http:
            assert http.get(RESULTS).json()["count"] == 0
        assert one.url != two.url
        assert len(one.requests) == len(two.requests) == 1


def test_stop_leaves_nothing_behind() -> None:
    """After it there is no thread, and the port can be bound, though a client is still connected."""
    before = threading.enumerate()
    with Sandbox() as sandbox:
        url = httpx.URL(sandbox.url)
        client = Api(sandbox).http
        client.get(RESULTS)
    assert url.port is not None
    assert threading.enumerate() == before
    with socket.create_server(("127.0.0.1", url.port)):
        pass
    client.close()


def test_start_and_stop_can_be_repeated() -> None:
    """A second start or stop has no effect; after a stop it can start again with its results."""
    sandbox = Sandbox()
    sandbox.stop()
    sandbox.start()
    url = sandbox.url
    sandbox.start()
    assert sandbox.url == url
    assert status(sandbox) == 200
    sandbox.stop()
    sandbox.stop()
    with sandbox:
        assert status(sandbox) == 200
    assert len(sandbox.requests) == 2


def test_without_start_there_is_no_url() -> None:
    """The address of a sandbox that does not run is an error that says what to do."""
    with pytest.raises(RuntimeError, match=r"start\(\)"):
        _ = Sandbox().url


def test_a_port_in_use_is_an_oserror() -> None:
    """A port that somebody has is named in an OSError, and nothing is left running."""
    before = threading.enumerate()
    with Sandbox() as sandbox:
        port = httpx.URL(sandbox.url).port
        assert port is not None
        with pytest.raises(OSError, match=str(port)):
            Sandbox(port=port).start()
    assert threading.enumerate() == before


def test_a_server_that_cannot_start_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """If uvicorn gives up, start() says so instead of waiting, and leaves no thread."""

    async def give_up(self: uvicorn.Server, sockets: object = None) -> None:
        raise SystemExit(3)

    monkeypatch.setattr(uvicorn.Server, "startup", give_up)
    before = threading.enumerate()
    with pytest.raises(RuntimeError, match="did not start"):
        Sandbox().start()
    assert threading.enumerate() == before


@pytest.mark.parametrize(("pace", "score_delay"), [(-1, 0), (0, -0.1), (float("nan"), 0)])
def test_times_are_not_negative(pace: float, score_delay: float) -> None:
    """A negative time is a ValueError of the constructor."""
    with pytest.raises(ValueError, match="seconds"):
        Sandbox(pace=pace, score_delay=score_delay)


def test_signals_and_loggers_are_left_alone(capfd: pytest.CaptureFixture[str]) -> None:
    """The process keeps its signal handlers and uvicorn's loggers, and nothing is printed."""
    loggers = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "uvicorn.access")]

    def state() -> list[object]:
        handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        return [*handlers, *((log.level, log.propagate, list(log.handlers)) for log in loggers)]

    before = state()
    with Sandbox() as sandbox:
        status(sandbox)
        assert state() == before
    assert state() == before
    assert capfd.readouterr() == ("", "")


def test_ten_at_once_leave_nothing_behind() -> None:
    """Each with its own results, in one process."""
    before = threading.enumerate()
    with ExitStack() as stack:
        sandboxes = [stack.enter_context(Sandbox(pace=0)) for _ in range(10)]
        for number, sandbox in enumerate(sandboxes):
            with Api(sandbox).http as http:
                for _ in range(number):
                    http.post(VOICE, json={"scenarios": [101]})
        assert len({sandbox.url for sandbox in sandboxes}) == 10
        assert [sandbox.launches for sandbox in sandboxes] == list(range(10))
    assert threading.enumerate() == before


def test_inside_an_asyncio_program() -> None:
    """The loop goes on while it starts and stops."""

    async def program() -> tuple[int, int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.001)
                ticks += 1

        ticking = asyncio.create_task(tick())
        async with Sandbox(pace=0) as sandbox:
            headers = {"X-CEKURA-API-KEY": sandbox.api_key}
            async with httpx.AsyncClient(headers=headers, trust_env=False) as http:
                answer = await http.get(sandbox.url + RESULTS)
        ticking.cancel()
        return answer.status_code, ticks

    found, ticks = asyncio.run(program())
    assert found == 200
    assert ticks > 1


def _played(*options: str) -> tuple[dict[str, str], subprocess.CompletedProcess[str], Any]:
    """What the command prints, how it ends, and the answers to a few requests meanwhile."""
    # A child inherits it if SIGINT is ignored here, as in a job in the background.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "cekura_client.sandbox", "--pace", "0", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        signal.signal(signal.SIGINT, previous)
        try:
            assert child.stdout is not None
            printed: dict[str, str] = {}
            while "curl" not in printed:
                line = child.stdout.readline().strip()
                assert line, child.stderr.read() if child.stderr else ""
                name, _, value = line.partition("=" if line.startswith("CEKURA") else " ")
                printed[name] = value
            url, key = printed["CEKURA_API_URL"], printed["CEKURA_API_KEY"]
            with httpx.Client(
                base_url=url, headers={"X-CEKURA-API-KEY": key}, trust_env=False
            ) as h:
                answers = [
                    h.get(RESULTS).status_code,
                    h.get("/_sandbox/faults").status_code,
                    h.post(VOICE, json={"scenarios": "all", "agent_id": 4}).json(),
                ]
        finally:
            child.send_signal(signal.SIGINT)
            out, errors = child.communicate(timeout=30)
    done = subprocess.CompletedProcess(command, child.returncode, out, errors)
    return printed, done, answers


def test_the_command_serves_until_it_is_interrupted() -> None:
    """It prints its address, key and a curl line that works, and ends with 0 on Ctrl-C."""
    printed, done, (listed, faults, started) = _played()
    assert (listed, faults) == (200, 404)
    assert len(started["runs"]) == 6
    assert printed["curl"].endswith(f"{printed['CEKURA_API_URL']}{VOICE}")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_takes_a_state_and_faults(tmp_path: Path) -> None:
    """From a file and from its options; the control endpoint is there if asked for."""
    path = tmp_path / "state.yaml"
    path.write_text("projects: [{id: 1, agents: [{id: 4, scenarios: [{id: 9}]}]}]", "utf-8")
    options = ["--state", str(path), "--control", "--seed", "3", "--by-reads"]
    rule = "operation: list_results, status: 503, nth: 1"
    _, done, (listed, faults, started) = _played(*options, "--fault", rule)
    assert (listed, faults) == (503, 200)
    assert [run["scenario"] for run in started["runs"]] == [9]
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--state", "/nowhere.yaml"], "/nowhere.yaml"),
        (
            ["--fault", "operation: [", "--pace", "0"],
            "--fault 'operation: [': line 1: not readable as YAML",
        ),
        (["--fault", "drop: true, cut: 3"], "one answer cannot be drop and cut"),
        (["--pace", "-1"], "must be 0 or a positive number"),
    ],
)
def test_the_command_refuses_invalid_options(
    options: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the reason, and 2."""
    with pytest.raises(SystemExit) as caught:
        main(options)
    assert caught.value.code == 2
    assert says in capsys.readouterr().err


def test_the_command_refuses_a_port_in_use() -> None:
    """It says why it cannot listen, without a traceback, and ends with 2."""
    with Sandbox() as sandbox:
        port = str(httpx.URL(sandbox.url).port)
        ended = subprocess.run(
            [sys.executable, "-m", "cekura_client.sandbox", "--port", port],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert ended.returncode == 2
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr
