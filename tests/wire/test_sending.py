"""What becomes of a request when the server or the network misbehaves."""

import gzip
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from cekura_client import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    CekuraError,
    InsufficientBalanceError,
    LaunchNotSentError,
    LaunchOutcomeUnknownError,
    NoAnswerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    ServerError,
)
from cekura_client.errors import error_class
from tests.clients import EitherClient, FakeTime
from tests.raw_server import RawServer, answer, json_answer

Connect = Callable[[str], EitherClient]
URL = "http://127.0.0.1:1"
OK = json_answer("201 Created", '{"id": 7}')


def _launch(client: EitherClient) -> Any:
    """Without a name, so that nothing is looked up; see test_recovery.py for that."""
    return client.run_websocket(scenarios=[(1, None)], frequency=1)


def _posts(mock: HTTPXMock) -> int:
    return len(mock.get_requests())


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206, 299])
def test_every_2xx_with_an_id_is_an_accepted_launch(
    status: int, connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """The documents disagree on the status; the id decides."""
    httpx_mock.add_response(status_code=status, json={"id": 7})
    assert _launch(connect(URL)).result_id == 7


def test_a_compressed_answer_is_read(server: RawServer, connect: Connect) -> None:
    """Proxies compress."""
    server.answers = [answer("201 Created", gzip.compress(b'{"id": 7}'), "Content-Encoding: gzip")]
    assert _launch(connect(server.url)).result_id == 7


@pytest.mark.parametrize(
    ("status", "body", "error", "message"),
    [
        (400, '["Invalid personalities provided."]', BadRequestError, "Invalid personalities"),
        (400, '{"frequency": ["Too high."]}', BadRequestError, "frequency: Too high."),
        (401, "", AuthenticationError, "status 401"),
        (402, '{"detail": "Low."}', InsufficientBalanceError, "Low.; the balance is too low"),
        (403, '{"detail": "No."}', PermissionDeniedError, "No."),
        (404, '{"detail": "Not found."}', NotFoundError, "Not found."),
        (409, "<html><title>Conflict</title></html>", ApiError, "Conflict"),
        (301, "", RedirectError, "status 301"),
        (307, "", RedirectError, "status 307"),
    ],
)
def test_a_refusal_says_why_and_that_nothing_was_started(
    status: int,
    body: str,
    error: type[ApiError],
    message: str,
    connect: Connect,
    httpx_mock: HTTPXMock,
) -> None:
    """Sent once; the error has the class of the status, the messages and the bytes."""
    httpx_mock.add_response(status_code=status, text=body, headers={"Location": "http://b.example"})
    with pytest.raises(ApiError) as caught:
        _launch(connect(URL))
    assert type(caught.value) is error
    assert message in str(caught.value)
    assert "nothing was started" in str(caught.value)
    assert (caught.value.status_code, caught.value.body) == (status, body.encode())
    assert _posts(httpx_mock) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520, 599])
def test_a_launch_is_not_repeated_where_it_may_have_been_executed(
    status: int, connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """One POST, no pause, and an error that says so."""
    httpx_mock.add_response(status_code=status, html="<title>Bad gateway</title>")
    with pytest.raises(LaunchOutcomeUnknownError) as caught:
        _launch(connect(URL))
    assert _posts(httpx_mock) == 1
    assert time.slept == []
    assert caught.value.status_code == status
    assert caught.value.sent == b'{"scenarios":[{"scenario":1}],"frequency":1}'
    for said in (
        "may be running and may be billed",
        "not sent again",
        "on the dashboard",
        f"{status}",
        "Bad gateway",
    ):
        assert said in str(caught.value)


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("disconnected"),
        httpx.DecodingError("broken gzip"),
        ValueError("surprise"),
    ],
)
def test_a_launch_without_an_answer_is_never_repeated(
    failure: Exception, connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """Whatever goes wrong once it may have been sent, known or not."""
    httpx_mock.add_exception(failure)
    with pytest.raises(LaunchOutcomeUnknownError) as caught:
        _launch(connect(URL))
    assert _posts(httpx_mock) == 1
    assert str(failure) in str(caught.value)
    assert caught.value.status_code is None


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


def test_a_launch_whose_body_breaks_off_is_unknown(server: RawServer, connect: Connect) -> None:
    """Fewer bytes than Content-Length promises."""
    server.answers = [b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n" + b'{"id": 7']
    with pytest.raises(LaunchOutcomeUnknownError):
        _launch(connect(server.url))
    assert len(server.requests) == 1


def test_a_connection_closed_without_a_word_is_unknown(server: RawServer, connect: Connect) -> None:
    """The server has read the launch; what it did with it, nobody knows."""
    server.answers = [b""]
    with pytest.raises(LaunchOutcomeUnknownError):
        _launch(connect(server.url))
    assert len(server.requests) == 1


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


@pytest.mark.parametrize(
    ("status", "asked", "slept"),
    [(429, "7", 7.0), (503, "3", 3.0), (429, None, 0.25), (429, "soon", 0.25)],
)
def test_a_launch_that_was_turned_away_is_sent_again_when_the_server_says(
    status: int,
    asked: str | None,
    slept: float,
    connect: Connect,
    httpx_mock: HTTPXMock,
    time: FakeTime,
) -> None:
    """429, and 503 with Retry-After, were not executed."""
    headers = {} if asked is None else {"Retry-After": asked}
    httpx_mock.add_response(status_code=status, headers=headers)
    httpx_mock.add_response(status_code=201, json={"id": 7})
    assert _launch(connect(URL)).result_id == 7
    assert time.slept == [slept]


def test_a_server_that_asks_for_too_long_is_not_waited_for(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """An hour is the caller's decision; the error says how long was asked for."""
    httpx_mock.add_response(status_code=429, headers={"Retry-After": "3600"})
    with pytest.raises(RateLimitError) as caught:
        _launch(connect(URL))
    assert caught.value.retry_after == 3600
    assert time.slept == []


@pytest.mark.parametrize(
    ("first", "error"),
    [
        ({"status_code": 500}, ServerError),
        ({"status_code": 408}, ApiError),
        ({"status_code": 200, "html": "<title>Maintenance</title>"}, NoAnswerError),
        (httpx.ReadError("reset"), NoAnswerError),
        (httpx.ConnectError("refused"), NoAnswerError),
    ],
)
def test_a_read_is_repeated_and_given_up_in_the_end(
    first: Any,
    error: type[CekuraError],
    connect: Connect,
    httpx_mock: HTTPXMock,
) -> None:
    """A read costs nothing; when it still fails the error says what was last seen."""

    def misbehave(reusable: bool) -> None:
        if isinstance(first, Exception):
            httpx_mock.add_exception(first, is_reusable=reusable)
        else:
            httpx_mock.add_response(**first, is_reusable=reusable)

    client = connect(URL)
    misbehave(reusable=False)
    httpx_mock.add_response(json={"id": 7, "status": "running"})
    assert client.get_result(7).status == "running"
    httpx_mock.reset()
    misbehave(reusable=True)
    with pytest.raises(error):
        client.get_result(7)
    assert _posts(httpx_mock) == 5
    httpx_mock.reset()


@pytest.mark.parametrize("status", [301, 400, 401, 404, 422])
def test_a_refused_read_is_not_repeated(
    status: int, connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """Asking again would not help."""
    httpx_mock.add_response(status_code=status)
    with pytest.raises(ApiError):
        connect(URL).get_result(7)
    assert _posts(httpx_mock) == 1


@pytest.mark.parametrize("operation", ["launch", "read"])
def test_redirects_are_errors_and_the_key_goes_nowhere_else(
    operation: str, server: RawServer, connect: Connect
) -> None:
    """The other server sees no request at all."""
    with RawServer() as elsewhere:
        server.answers = [answer("307 Temporary Redirect", b"", f"Location: {elsewhere.url}/x")]
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
    assert _posts(httpx_mock) == 0
