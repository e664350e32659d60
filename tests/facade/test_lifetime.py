"""Threads, loops, processes, timeouts, proxies: how a client lives."""

import asyncio
import multiprocessing
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from cekura_client import AsyncCekura, Cekura, CekuraError, InvalidRequestError, Timeouts
from cekura_client.sandbox import Sandbox
from tests.clients import KEY, EitherClient
from tests.raw_server import RawServer, json_answer

URL = "http://127.0.0.1:1"


def test_eight_threads_share_one_client() -> None:
    """200 launches, each with its own runs: nothing is mixed up, nothing is sent twice."""
    with (
        Sandbox(pace=0) as sandbox,
        Cekura(api_key=sandbox.api_key, base_url=sandbox.url) as cekura,
    ):

        def work(number: int) -> tuple[int, list[int | None]]:
            launch = cekura.run_voice(scenarios=[number], agent_id=number)
            return number, [run.scenario for run in cekura.wait(launch).runs]

        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(work, range(1, 201)))
        assert seen == [(number, [number]) for number in range(1, 201)]
        assert [request.method for request in sandbox.requests].count("POST") == 200


def test_a_second_event_loop_is_refused(httpx_mock: HTTPXMock) -> None:
    """Its connections belong to the first."""
    httpx_mock.add_response(json={"id": 7, "status": "running"})
    client = AsyncCekura(api_key=KEY, base_url=URL)
    asyncio.run(client.get_result(7))  # pyright: ignore[reportArgumentType]
    with pytest.raises(CekuraError, match="another event loop; make one for each loop"):
        asyncio.run(client.get_result(7))  # pyright: ignore[reportArgumentType]


def _after_fork(client: Cekura, queue: Any) -> None:
    try:
        client.get_result(7)
    except CekuraError as error:
        queue.put(str(error))


def test_a_client_from_before_a_fork_is_refused_in_the_child(server: RawServer) -> None:
    """Two processes on one connection would read each other's answers."""
    server.answer_with(json_answer("200 OK", '{"id": 7, "status": "running"}'))
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    with Cekura(api_key=KEY, base_url=server.url) as client:
        client.get_result(7)
        child = context.Process(target=_after_fork, args=(client, queue))
        child.start()
        assert "made before a fork; make a new one in each process" in queue.get()
        child.join(20)
        assert client.get_result(7).id == 7
    assert len(server.requests) == 2


def test_the_timeouts_are_sent_with_each_kind_of_request(mode: str, httpx_mock: HTTPXMock) -> None:
    """Defaults of 5 s to connect, 120 s for a launch and 30 s for a read; all can be set."""
    httpx_mock.add_response(json={"id": 7, "status": "x"}, is_reusable=True)
    for timeouts, expected in [
        ({}, [(5.0, 120.0), (5.0, 30.0)]),
        ({"timeouts": Timeouts(connect=1, launch=2, read=3)}, [(1, 2), (1, 3)]),
    ]:
        client = EitherClient(mode, api_key=KEY, base_url=URL, **timeouts)
        client.run_voice(scenarios=[1])
        client.get_result(7)
        client.end()
        limits = [request.extensions["timeout"] for request in httpx_mock.get_requests()[-2:]]
        assert [(limit["connect"], limit["read"]) for limit in limits] == expected


@pytest.mark.parametrize(
    "wrong", [{"connect": 0}, {"launch": -1}, {"read": float("inf")}, {"read": "30"}]
)
def test_timeouts_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    """For ever is not offered."""
    with pytest.raises(InvalidRequestError, match=rf"Timeouts\.{next(iter(wrong))} must be"):
        Timeouts(**wrong)


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), "60", None, True])
def test_a_time_for_recovery_that_makes_no_sense_is_refused(seconds: Any) -> None:
    """From 0."""
    with pytest.raises(
        InvalidRequestError, match="recover_for must be 0 or a positive number of seconds"
    ):
        Cekura(api_key=KEY, recover_for=seconds)


def test_a_proxy_of_the_environment_is_used_only_if_asked_for(
    mode: str, server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And then for what it is meant for."""
    server.answer_with(json_answer("200 OK", '{"id": 7, "status": "running"}'))
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    client = EitherClient(
        mode,
        api_key=KEY,
        base_url="http://cekura.test",
        proxy_from_environment=True,
        allow_http=True,
    )
    assert client.get_result(7).id == 7
    client.end()
    assert server.requests[0].startswith(b"GET http://cekura.test/test_framework/v2/results/7/ ")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    client = EitherClient(mode, api_key=KEY, base_url=server.url, proxy_from_environment=True)
    assert client.get_result(7).id == 7
    client.end()
    assert server.requests[1].startswith(b"GET /test_framework/v2/results/7/ ")


def test_ctrl_c_during_a_launch_says_what_may_be_under_way(
    mode: str, httpx_mock: HTTPXMock
) -> None:
    """Nobody waits for the answer any more, so the name is all there is."""
    if mode == "async":
        httpx_mock.add_exception(asyncio.CancelledError())
        expected: type[BaseException] = asyncio.CancelledError
    else:
        httpx_mock.add_exception(KeyboardInterrupt())
        expected = KeyboardInterrupt
    client = EitherClient(mode, api_key=KEY, base_url=URL)
    with pytest.raises(expected) as caught:
        client.run_voice(scenarios=[1], name="Nightly")
    client.end()
    assert "may be billed. Look for a result named 'Nightly'" in caught.value.__notes__[0]
    assert len(httpx_mock.get_requests()) == 1
    # No frame in which the request stands with the key, nor an exception with such frames behind it.
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    headers = [getattr(v, "headers", {}) for f in frames for v in f.f_locals.values()]
    assert not any("x-cekura-api-key" in str(each).lower() for each in headers)
    assert caught.value.__context__ is None
