"""Waiting, on a clock that moves only when somebody sleeps."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from cekura_client import (
    InvalidRequestError,
    NoAnswerError,
    NotFoundError,
    Polling,
    Result,
    ServerError,
    Verdict,
    WaitTimeoutError,
)
from tests.clients import EitherClient, FakeTime

Connect = Callable[[str], EitherClient]
URL = "http://127.0.0.1:1"


def _answer(
    mock: HTTPXMock, status: str, *runs: tuple[str, object], reusable: bool = False
) -> None:
    mock.add_response(
        json={
            "id": 7,
            "status": status,
            "runs": {
                str(number): {"id": number, "status": run_status, "success": success}
                for number, (run_status, success) in enumerate(runs, start=1)
            },
        },
        is_reusable=reusable,
    )


@pytest.mark.parametrize("end", ["completed", "failed", "timeout", "cancelled", "canceled"])
def test_every_end_state_ends_the_wait(
    end: str, connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """There are four; "timeout" and "cancelled" are ends as well."""
    _answer(httpx_mock, "running")
    _answer(httpx_mock, end, ("completed", True))
    result = connect(URL).wait(7)
    assert result.finished
    assert time.slept == [2.0]


def test_an_unknown_status_goes_on(connect: Connect, httpx_mock: HTTPXMock) -> None:
    """The list of statuses grows; what is new is neither an end nor an error."""
    for status in ("pending", "paused_for_lunch", "", "evaluating"):
        _answer(httpx_mock, status)
    _answer(httpx_mock, "completed", ("completed", True))
    assert connect(URL).wait(7).passed


def test_pauses_grow_from_two_seconds_to_thirty(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """With the jitter at its middle, each pause is half as long again."""
    for _ in range(10):
        _answer(httpx_mock, "running")
    _answer(httpx_mock, "completed", ("completed", True))
    connect(URL).wait(7)
    assert [round(pause, 2) for pause in time.slept] == [
        *(2.0, 3.0, 4.5, 6.75, 10.12, 15.19, 22.78, 30.0, 30.0, 30.0)
    ]


def test_the_pauses_can_be_set(connect: Connect, httpx_mock: HTTPXMock, time: FakeTime) -> None:
    """All figures belong to the caller."""
    for _ in range(3):
        _answer(httpx_mock, "running")
    _answer(httpx_mock, "completed", ("completed", True))
    connect(URL).wait(7, polling=Polling(first=1, longest=3, growth=2))
    assert time.slept == [1, 2, 3]


def test_on_update_sees_each_new_state_once(connect: Connect, httpx_mock: HTTPXMock) -> None:
    """A look that shows nothing new is not reported."""
    _answer(httpx_mock, "running", ("running", None), ("pending", None))
    _answer(httpx_mock, "running", ("running", None), ("pending", None))
    _answer(httpx_mock, "running", ("completed", True), ("running", None))
    _answer(httpx_mock, "completed", ("completed", True), ("completed", True))
    seen: list[Result] = []
    result = connect(URL).wait(7, on_update=seen.append)
    assert [[run.status for run in update.runs] for update in seen] == [
        ["running", "pending"],
        ["completed", "running"],
        ["completed", "completed"],
    ]
    assert seen[-1] == result


def test_an_awaitable_from_on_update_is_awaited(httpx_mock: HTTPXMock) -> None:
    """In the asynchronous mode a coroutine function will do."""
    _answer(httpx_mock, "completed", ("completed", True))
    seen: list[str] = []

    async def on_update(result: Result) -> None:
        seen.append(result.status)

    client = EitherClient("async", api_key="k", base_url=URL)
    client.wait(7, on_update=on_update)
    client.end()
    assert seen == ["completed"]


def test_what_on_update_raises_comes_out(connect: Connect, httpx_mock: HTTPXMock) -> None:
    """It is the caller's own error, unchanged."""
    _answer(httpx_mock, "running")

    def on_update(_: Result) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        connect(URL).wait(7, on_update=on_update)


def test_the_deadline_carries_the_last_result(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """Not a second too late, and with what was last seen."""
    _answer(httpx_mock, "running", ("running", None), reusable=True)
    with pytest.raises(
        WaitTimeoutError, match=r"result 7 .* within 60 s \(last seen running\)"
    ) as e:
        connect(URL).wait(7, timeout=60)
    assert time.seconds == 1_060
    assert e.value.result is not None
    assert e.value.result.runs[0].status == "running"
    assert isinstance(e.value, TimeoutError)


def test_elapsed_time_is_read_off_the_clock(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """Looks that take long count: three of 25 s and two pauses fill a minute."""

    def slow(_: httpx.Request) -> httpx.Response:
        time.seconds += 25
        return httpx.Response(200, json={"id": 7, "status": "running"})

    httpx_mock.add_callback(slow, is_reusable=True)
    with pytest.raises(WaitTimeoutError):
        connect(URL).wait(7, timeout=60)
    assert len(httpx_mock.get_requests()) == 3
    assert time.slept == [2.0, 3.0]


def test_no_look_may_take_longer_than_the_deadline(connect: Connect, httpx_mock: HTTPXMock) -> None:
    """The timeout of a request shrinks with what is left: 30 s at first, less near the end."""
    _answer(httpx_mock, "running", reusable=True)
    with pytest.raises(WaitTimeoutError):
        connect(URL).wait(7, timeout=40)
    timeouts = [request.extensions["timeout"]["read"] for request in httpx_mock.get_requests()]
    assert timeouts[0] == 30
    assert timeouts == sorted(timeouts, reverse=True)
    assert timeouts[-1] < 30


def test_scores_that_come_late_are_waited_for(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """Just after completion `success` can still be null."""
    _answer(httpx_mock, "completed", ("completed", True), ("completed", None))
    _answer(httpx_mock, "completed", ("completed", True), ("evaluating", None))
    _answer(httpx_mock, "completed", ("completed", True), ("completed", True))
    assert connect(URL).wait(7).passed
    assert time.slept == [2.0, 3.0]


def test_scores_that_never_come_are_unscored_not_passed(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """After the grace time the wait ends with what there is."""
    _answer(httpx_mock, "completed", ("completed", True), ("completed", None), reusable=True)
    result = connect(URL).wait(7)
    assert time.seconds == 1_060
    assert result.verdict is Verdict.UNSCORED
    assert not result.passed


def test_the_grace_time_ends_with_the_deadline(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """A result that has ended is handed over at the deadline, not called late."""
    _answer(httpx_mock, "completed", ("completed", None), reusable=True)
    result = connect(URL).wait(7, timeout=10)
    assert time.seconds == 1_010
    assert result.verdict is Verdict.UNSCORED


def test_only_a_completed_result_is_given_grace(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """Nobody will score what was cancelled."""
    _answer(httpx_mock, "cancelled", ("completed", None), ("pending", None))
    assert connect(URL).wait(7).verdict is Verdict.CANCELLED
    assert time.slept == []


def test_an_error_in_the_grace_time_does_not_lose_the_result(
    connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """What has ended stays known."""
    _answer(httpx_mock, "completed", ("completed", None))
    httpx_mock.add_response(status_code=404)
    assert connect(URL).wait(7).status == "completed"


TROUBLE: list[Any] = [
    {"status_code": 502, "html": "<title>Bad gateway</title>"},
    {"status_code": 503},
    {"status_code": 200, "html": "<title>Maintenance</title>"},
    {"status_code": 200, "text": '{"id": 7, "sta'},
    {"status_code": 200, "json": {}},
    httpx.ReadError("reset"),
    httpx.ConnectError("refused"),
    httpx.ReadTimeout("slow"),
]


@pytest.mark.parametrize("trouble", TROUBLE)
def test_ninety_seconds_of_trouble_are_ridden_out(
    trouble: Any, connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """That is how long the vendor's deploys have been seen to take."""
    over = time.seconds + 90

    def respond(_: httpx.Request) -> httpx.Response:
        if time.seconds >= over:
            run = {"id": 1, "status": "completed", "success": True}
            return httpx.Response(200, json={"id": 7, "status": "completed", "runs": [run]})
        if isinstance(trouble, Exception):
            raise trouble
        return httpx.Response(**trouble)

    httpx_mock.add_callback(respond, is_reusable=True)
    assert connect(URL).wait(7).passed
    assert len(httpx_mock.get_requests()) > 10


@pytest.mark.parametrize(
    ("trouble", "error"),
    [({"status_code": 500}, ServerError), (httpx.ConnectError("refused"), NoAnswerError)],
)
def test_trouble_without_end_ends_the_wait_and_names_the_result(
    trouble: Any, error: type[Exception], connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """After two minutes without an answer; the id is in the error, for whoever reads the log."""
    _answer(httpx_mock, "running")
    if isinstance(trouble, Exception):
        httpx_mock.add_exception(trouble, is_reusable=True)
    else:
        httpx_mock.add_response(**trouble, is_reusable=True)
    with pytest.raises(error) as caught:
        connect(URL).wait(7)
    assert 1_090 < time.seconds < 1_130
    assert "while waiting for result 7" in caught.value.__notes__[0]


def test_trouble_at_the_deadline_is_a_timeout(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """The deadline comes before the patience with trouble, and is kept to the second."""
    _answer(httpx_mock, "running", ("running", None))
    httpx_mock.add_response(status_code=500, is_reusable=True)
    with pytest.raises(WaitTimeoutError) as caught:
        connect(URL).wait(7, timeout=20)
    assert time.seconds <= 1_020
    assert caught.value.result is not None


def test_a_result_that_does_not_exist_is_not_waited_for(
    connect: Connect, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """404 is an answer."""
    httpx_mock.add_response(status_code=404, json={"detail": "Not found."})
    with pytest.raises(NotFoundError):
        connect(URL).wait(7)
    assert time.slept == []


@pytest.mark.parametrize("timeout", [0, -1, "60", True, None, float("nan"), float("inf")])
def test_a_timeout_that_is_none_is_refused(
    timeout: Any, connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """Waiting for ever is not offered; nothing is sent."""
    with pytest.raises(InvalidRequestError, match="a positive number of seconds"):
        connect(URL).wait(7, timeout=timeout)
    assert httpx_mock.get_requests() == []


@pytest.mark.parametrize("wanted", [0, -7, "7", True, None, 7.0])
def test_an_id_that_is_none_is_refused(
    wanted: Any, connect: Connect, httpx_mock: HTTPXMock
) -> None:
    """For all three methods that take one."""
    client = connect(URL)
    for method in (client.wait, client.get_result, client.end_calls):
        with pytest.raises(InvalidRequestError, match="result id must be a positive integer"):
            method(wanted)
    assert httpx_mock.get_requests() == []
