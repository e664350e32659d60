"""What becomes of a request when the network misbehaves; more of that, and the server, in ../hostile."""

import json
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from cekura_api.api.runs import list_results, run_voice
from cekura_api.models import SchemaPostRunScenarios
from cekura_client import (
    CekuraError,
    LaunchNotSentError,
    LaunchOutcomeUnknownError,
    RateLimitError,
    RedirectError,
)
from cekura_client.wire.sending import error_class
from tests.clients import KEY, EitherClient, FakeTime
from tests.raw_server import RawServer, answer, json_answer, raw

Connect = Callable[[str], EitherClient]
URL = "http://127.0.0.1:1"
OK = json_answer("201 Created", '{"id": 7}')


def _launch(client: EitherClient) -> Any:
    """Without a name, so that nothing is looked up; see test_recovery.py for that."""
    return client.run_websocket(scenarios=[(1, None)], frequency=1)


def _posts(mock: HTTPXMock) -> int:
    return len(mock.get_requests())


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (httpx.ReadTimeout("slow"), "no answer in time"),
        (httpx.WriteTimeout("slow"), "could not be sent in time"),
        (httpx.ReadError("reset"), "the connection broke"),
        (httpx.WriteError("reset"), "the connection broke"),
        (httpx.RemoteProtocolError("Server disconnected"), "the connection broke"),
        (httpx.RemoteProtocolError("no HTTP"), "RemoteProtocolError: no HTTP"),
        (httpx.DecodingError("broken gzip"), "DecodingError: broken gzip"),
        (ValueError("surprise"), "ValueError: surprise"),
    ],
)
def test_a_launch_without_an_answer_is_never_repeated(
    failure: Exception, says: str, connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """Whatever goes wrong once it may have been sent, known or not."""
    httpx_mock.add_exception(failure)
    with pytest.raises(LaunchOutcomeUnknownError) as caught:
        _launch(connect(URL))
    assert _posts(httpx_mock) == 1
    assert says in str(caught.value)
    assert caught.value.status_code is None
    assert json.loads(caught.value.sent) == {"scenarios": [{"scenario": 1}], "frequency": 1}


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"id": 7', b"[7]", b'{"id": null}'])
def test_an_accepted_launch_without_an_id_is_unknown_and_keeps_its_answer(
    body: bytes, connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """The bytes are the only trace of something that was paid for."""
    httpx_mock.add_response(status_code=201, content=body)
    with pytest.raises(LaunchOutcomeUnknownError) as caught:
        _launch(connect(URL))
    assert (caught.value.status_code, caught.value.body) == (201, body)
    assert _posts(httpx_mock) == 1


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("busy"),
        httpx.ProxyError("no"),
    ],
)
def test_what_never_left_this_machine_is_sent_again(
    failure: Exception, connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """Twice nothing was sent, then it is: one launch."""
    httpx_mock.add_exception(failure)
    httpx_mock.add_exception(failure)
    httpx_mock.add_response(status_code=201, json={"id": 7})
    assert _launch(connect(URL)).result_id == 7
    assert time.slept == [0.25, 0.5]


def test_a_server_that_cannot_be_reached_is_given_up_with_nothing_launched(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """Five attempts, a few seconds, and an error that says that nothing is billed."""
    httpx_mock.add_exception(httpx.ConnectError("refused"), is_reusable=True)
    with pytest.raises(LaunchNotSentError, match="nothing is billed: ConnectError: refused"):
        _launch(connect(URL))
    assert _posts(httpx_mock) == 5
    assert sum(time.slept) < 10


def test_a_server_that_asks_for_too_long_is_not_waited_for(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """An hour is the caller's decision; the error says how long was asked for."""
    httpx_mock.add_response(status_code=429, headers={"Retry-After": "3600"})
    with pytest.raises(RateLimitError) as caught:
        _launch(connect(URL))
    assert caught.value.retry_after == 3600
    assert time.slept == []


@pytest.mark.parametrize("operation", ["launch", "read"])
def test_redirects_are_errors_and_the_key_goes_nowhere_else(
    operation: str, server: RawServer, connect: Connect
) -> None:
    """The other server sees no request at all."""
    with RawServer() as elsewhere:
        server.answer_with(answer("307 Temporary Redirect", b"", f"Location: {elsewhere.url}/x"))
        client = connect(server.url)
        with pytest.raises(RedirectError):
            _launch(client) if operation == "launch" else client.get_result(7)
        assert elsewhere.requests == []


@pytest.mark.parametrize("status", range(300, 600))
def test_every_status_has_its_class(status: int) -> None:
    """The table is complete: no status falls through to nothing."""
    expected = {400: "BadRequest", 401: "Authentication", 402: "InsufficientBalance"}
    expected |= {403: "PermissionDenied", 404: "NotFound", 429: "RateLimit"}
    by_hundred = {3: "Redirect", 4: "Api", 5: "Server"}
    name = expected.get(status, by_hundred[status // 100]) + "Error"
    assert error_class(status).__name__ == name


def test_errors_can_be_pickled(connect: Connect, httpx_mock: HTTPXMock) -> None:
    """They cross process borders in CI, with all that they carry."""
    httpx_mock.add_response(status_code=500, text="gone")
    with pytest.raises(LaunchOutcomeUnknownError) as caught:
        _launch(connect(URL))
    copied = pickle.loads(pickle.dumps(caught.value))
    assert (str(copied), copied.body, copied.sent) == (
        str(caught.value),
        b"gone",
        caught.value.sent,
    )


def test_a_closed_client_says_so(connect: Connect, httpx_mock: HTTPXMock) -> None:
    """Before anything is sent, in the library's own words."""
    client = connect(URL)
    client.close()
    with pytest.raises(CekuraError, match="closed; nothing was sent"):
        _launch(client)
    with pytest.raises(CekuraError, match="closed; nothing was sent"):
        list_results.sync(client=client.client.api)
    assert _posts(httpx_mock) == 0


def test_a_launch_through_the_low_level_client_whose_answer_breaks_off_is_unknown(
    mode: str, time: FakeTime
) -> None:
    """What reads the answer there knows nothing of ids in what breaks off."""
    broken = raw(b'HTTP/1.1 201 C\r\nContent-Length: 99\r\n\r\n{"id": 7, "status": "pending"}')
    body = {"scenarios": [1], "agent_id": 12}
    with RawServer([broken]) as server:
        client = EitherClient(mode, api_key=KEY, base_url=server.url, clock=time.clock)
        model = SchemaPostRunScenarios.from_dict(body)

        def launch() -> None:
            if mode == "sync":
                run_voice.sync_detailed(client=client.client.api, body=model)
            else:
                client.run(run_voice.asyncio_detailed(client=client.client.api, body=model))

        with pytest.raises(LaunchOutcomeUnknownError, match="its answer cannot be read"):
            launch()
        client.end()
        assert len(server.requests) == 1
