"""What is asked for again, and what is kept of an answer."""

import gzip
import json
from collections.abc import Callable

import httpx
import pytest
from pytest_httpx import HTTPXMock

from cekura_client import CekuraError, RedirectError, WaitsError
from tests.clients import EitherClient

Connect = Callable[[str], EitherClient]
URL = "http://127.0.0.1:1"
RUNS = [{"id": 1, "status": "completed", "success": True}]
RUNNING = {"id": 7, "status": "running", "runs": RUNS}
ENDED = {"id": 7, "status": "completed", "runs": RUNS}


def test_a_state_that_has_a_name_is_asked_for_only_if_it_has_changed(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """By its ETag; "not modified" is an answer, and no update."""
    httpx_mock.add_response(json=RUNNING, headers={"ETag": '"a"'})
    httpx_mock.add_response(status_code=304)
    httpx_mock.add_response(json=ENDED, headers={"ETag": '"b"'})
    seen: list[str] = []
    result = connect(URL).wait(7, on_update=lambda result: seen.append(result.status))
    assert result.passed
    assert seen == ["running", "completed"]
    asked = [request.headers.get("If-None-Match") for request in httpx_mock.get_requests()]
    assert asked == [None, '"a"', '"a"']


def test_not_modified_is_no_answer_to_who_did_not_ask_for_it(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """It is 3xx then, as any other."""
    httpx_mock.add_response(status_code=304)
    with pytest.raises(RedirectError):
        connect(URL).get_result(7)


def test_answers_may_come_compressed(connect: Connect, httpx_mock: HTTPXMock) -> None:
    """That is said in each poll."""
    packed = gzip.compress(json.dumps(ENDED).encode())
    httpx_mock.add_response(content=packed, headers={"Content-Encoding": "gzip"})
    assert connect(URL).wait(7).raw == ENDED
    (request,) = httpx_mock.get_requests()
    assert "gzip" in request.headers["Accept-Encoding"]


def test_the_bytes_of_an_answer_are_dropped_on_request(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """All but `raw` is there, and that says why it is not."""
    httpx_mock.add_response(json=ENDED, is_reusable=True)
    client = connect(URL)
    assert client.wait(7).raw == ENDED
    result = client.wait(7, keep_body=False)
    assert (result.passed, result.body) == (True, b"")
    with pytest.raises(CekuraError, match="result 7 was not kept, as by keep_body=False"):
        _ = result.raw


def test_answers_that_were_given_are_not_kept_by_the_wait(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """Who takes thousands one by one has one of them in memory."""
    ended = [{**ENDED, "id": result_id} for result_id in (7, 8)]
    for answer in ended:
        httpx_mock.add_response(json=answer)
    httpx_mock.add_response(status_code=404)
    client = connect(URL)
    with pytest.raises(WaitsError) as caught:
        assert [result.raw for result in client.wait_all([7, 8, 9])] == ended
    assert [(result.passed, result.body) for result in caught.value.results] == [(True, b"")] * 2


def test_a_result_without_an_id_is_the_one_that_was_waited_for(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """It was asked for by its id."""
    httpx_mock.add_callback(
        lambda _: httpx.Response(200, json={"status": "completed", "runs": RUNS})
    )
    assert connect(URL).wait(7).id == 7
