"""The sandbox as a server: several at once, a clean stop, and the command."""

import logging
import signal
import socket
import subprocess
import sys
import threading

import httpx
import pytest
import uvicorn

from cekura_client.sandbox import Sandbox
from tests.sandbox.support import RESULTS, Api


def status(sandbox: Sandbox) -> int:
    with Api(sandbox).http as http:
        return http.get(RESULTS).status_code


def test_several_sandboxes_know_nothing_of_each_other() -> None:
    """Each has its own port, key, results and log."""
    with Sandbox(api_key="one") as one, Sandbox(api_key="two") as two:
        with Api(one).http as http:
            http.post("/test_framework/v1/scenarios/run_scenarios/", json={"scenarios": [101]})
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


def test_the_command_plays_until_it_is_interrupted() -> None:
    """It prints its address, key and a curl line that works, and ends with 0 on Ctrl-C."""
    # A child inherits it if SIGINT is ignored here, as in a job in the background.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "cekura_client.sandbox", "--pace", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        signal.signal(signal.SIGINT, previous)
        try:
            assert child.stdout is not None
            url = child.stdout.readline().strip().removeprefix("CEKURA_API_URL=")
            key = child.stdout.readline().strip().removeprefix("CEKURA_API_KEY=")
            curl = child.stdout.readline()
            headers = {"X-CEKURA-API-KEY": key}
            answer = httpx.get(url + RESULTS, headers=headers, trust_env=False)
        finally:
            child.send_signal(signal.SIGINT)
            _, errors = child.communicate(timeout=30)
    assert answer.status_code == 200
    assert curl.startswith("curl ")
    assert f"{url}/test_framework/v1/scenarios/run_scenarios/" in curl
    assert (child.returncode, errors) == (0, "")


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
