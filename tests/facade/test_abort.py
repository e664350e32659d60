"""Leaving a block before its time ends the calls; a normal end leaves them alone."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import time as real_time
from collections.abc import Iterator
from typing import Any

import pytest

from cekura_client import AsyncCekura, Cekura, InvalidRequestError, Timeouts, Verdict
from cekura_client.sandbox import Sandbox
from cekura_client.wire import aborting
from tests.clients import KEY, EitherClient
from tests.hostile.server import never_answer
from tests.raw_server import RawServer


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(pace=1_000) as sandbox:
        yield sandbox


class Oops(Exception):
    """The caller's own."""


def _abort(mode: str, cekura: Any, result_id: int, leave_by: BaseException | None) -> Any:
    """Enter the block and leave it by an exception, or not; the guard."""
    if mode == "sync":
        with cekura.end_calls_on_abort(result_id) as guard:
            if leave_by is not None:
                raise leave_by
        return guard

    async def main() -> Any:
        async with cekura.end_calls_on_abort(result_id) as guard:
            if leave_by is not None:
                raise leave_by
        return guard

    return main()


@pytest.fixture
def client(mode: str, sandbox: Sandbox) -> Iterator[EitherClient]:
    client = EitherClient(mode, api_key=sandbox.api_key, base_url=sandbox.url)
    yield client
    client.end()


def _leave(client: EitherClient, result_id: int, leave_by: BaseException | None) -> Any:
    left = _abort(client.mode, client.client, result_id, leave_by)
    return left if client.mode == "sync" else client.run(left)


@pytest.mark.parametrize("leave_by", [Oops(), asyncio.CancelledError(), TimeoutError()])
def test_the_calls_are_ended_and_the_exception_says_so(
    leave_by: BaseException, client: EitherClient
) -> None:
    """The exception itself comes out, with a note."""
    launch = client.run_voice(scenarios=[101])
    with pytest.raises(type(leave_by)) as caught:
        _leave(client, launch.result_id, leave_by)
    assert caught.value.__notes__[-1] == f"The calls of result {launch.result_id} were ended."
    assert client.get_result(launch).verdict is Verdict.CANCELLED


def test_a_normal_end_leaves_the_calls_alone(client: EitherClient, sandbox: Sandbox) -> None:
    """The guard then says that there was no need."""
    launch = client.run_voice(scenarios=[101])
    assert _leave(client, launch.result_id, None).ended is None
    assert not client.get_result(launch).finished
    assert not any(request.path.endswith("end_calls/") for request in sandbox.requests)


def test_cancellation_ends_the_calls(sandbox: Sandbox) -> None:
    """A task that is cancelled while it waits still gets to end them."""

    async def main() -> None:
        async with AsyncCekura(api_key=sandbox.api_key, base_url=sandbox.url) as cekura:
            launch = await cekura.run_voice(scenarios=[101])
            entered = asyncio.Event()

            async def work() -> None:
                async with cekura.end_calls_on_abort(launch):
                    entered.set()
                    await cekura.wait(launch)

            task = asyncio.create_task(work())
            await entered.wait()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            assert task.cancelled()
            assert (await cekura.get_result(launch)).verdict is Verdict.CANCELLED

    asyncio.run(main())


def test_calls_that_cannot_be_ended_are_reported_in_time(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is silent: the block is left all the same, and the note says what goes on."""
    monkeypatch.setattr(aborting, "WITHIN", 0.5)
    with RawServer([never_answer]) as server:
        client = EitherClient(mode, api_key=KEY, base_url=server.url, timeouts=Timeouts(read=3))
        began = real_time.monotonic()
        with pytest.raises(Oops) as caught:
            _leave(client, 7, Oops())
        assert real_time.monotonic() - began < 2.5
        client.end()
    (note,) = caught.value.__notes__
    assert "could not be ended within 0.5 s" in note
    assert "They go on and are billed: call end_calls(7)" in note


# Who is started in the background by a shell ignores Ctrl-C; these must not.
_SYNC = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from cekura_client import Cekura
with Cekura(api_key=sys.argv[2], base_url=sys.argv[1]) as cekura:
    launch = cekura.run_voice(scenarios=[101])
    with cekura.end_calls_on_abort(launch):
        print("waiting", flush=True)
        cekura.wait(launch)
"""

_ASYNC = """
import asyncio, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from cekura_client import AsyncCekura
async def main():
    async with AsyncCekura(api_key=sys.argv[2], base_url=sys.argv[1]) as cekura:
        launch = await cekura.run_voice(scenarios=[101])
        async with cekura.end_calls_on_abort(launch):
            print("waiting", flush=True)
            await cekura.wait(launch)
asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT)]
)
def test_signals_end_the_calls(
    number: signal.Signals, status: int, mode: str, sandbox: Sandbox
) -> None:
    """A CI job that is stopped does not leave calls behind; the exit status is the usual one."""
    script = _SYNC if mode == "sync" else _ASYNC
    command = [sys.executable, "-c", script, sandbox.url, sandbox.api_key]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"waiting\n"
            process.send_signal(number)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == status
    with Cekura(api_key=sandbox.api_key, base_url=sandbox.url) as cekura:
        assert cekura.get_result(7001).verdict is Verdict.CANCELLED
    if number == signal.SIGINT:
        assert b"The calls of result 7001 were ended." in errors


def test_the_handler_for_sigterm_is_put_back() -> None:
    """Whoever had one before has it again."""
    before = signal.getsignal(signal.SIGTERM)
    with Cekura(api_key=KEY) as cekura, cekura.end_calls_on_abort(7):
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_an_id_that_is_none_is_refused_when_the_guard_is_made() -> None:
    """Not when it is too late."""
    with Cekura(api_key=KEY) as cekura, pytest.raises(InvalidRequestError, match="result id"):
        cekura.end_calls_on_abort(0)
