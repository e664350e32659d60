"""Waiting for many results at once, on a clock that moves only when somebody sleeps."""

import asyncio
import gc
import json
import socket
import subprocess
import sys
import threading
import time as clock
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import httpx
import pytest
from attrs import Factory, define
from pytest_httpx import HTTPXMock

from cekura_client import (
    AsyncCekura,
    AuthenticationError,
    CekuraError,
    InvalidRequestError,
    Launch,
    NoAnswerError,
    NotFoundError,
    Polling,
    Result,
    ServerError,
    Verdict,
    WaitsError,
    WaitTimeoutError,
)
from cekura_client.core.plan import RunPlan
from cekura_client.sandbox import Sandbox
from tests.as_a_shell import as_a_shell
from tests.clients import KEY, EitherClient, FakeTime, Stepped

# Threads are dear, and what is decided in a round does not know whether it runs on them.
pytestmark = pytest.mark.table_in("async")

Connect = Callable[[str], EitherClient]
# What a request is answered with; an exception is raised, None leaves it to the server.
Answer = httpx.Response | Exception | None
URL = "http://127.0.0.1:1"
NEVER = 1e9


def answer(status: int = 200, **content: Any) -> httpx.Response:
    return httpx.Response(status, **content)


@define(repr=False)
class Server:
    """Has results that end at given times, and counts what is asked of it.

    Attributes:
        time: What its clock shows.
        ends: When each of its results ends, from the start.
        scores: How many seconds later it is scored.
        agents: Of the results; 1 where it is not said.
        hidden: Those that the list does not show.
        page_size: The most that a page shows.
        on_list, on_look: What goes wrong with the list, and with a result.
        taking: Seconds that each answer takes.
    """

    time: FakeTime
    ends: Mapping[int, float]
    scores: Mapping[int, float] = Factory(dict)
    agents: Mapping[int, int] = Factory(dict)
    hidden: frozenset[int] = frozenset()
    page_size: int = 100
    on_list: Callable[[Any], Answer] = lambda _: None
    on_look: Callable[[Any], Answer] = lambda _: None
    taking: float = 0.0
    asked: list[tuple[float, str | int, httpx.Request]] = Factory(list)
    _lock: threading.Lock = Factory(threading.Lock)

    @property
    def now(self) -> float:
        return self.time.seconds - 1_000

    @property
    def lists(self) -> list[httpx.Request]:
        return [request for _, what, request in self.asked if what == "list"]

    @property
    def looks(self) -> Counter[int]:
        return Counter(what for _, what, _ in self.asked if isinstance(what, int))

    def respond(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            what = request.url.path.rstrip("/").rpartition("/")[2]
            number = int(what) if what.isdigit() else 0
            self.asked.append((self.now, number or "list", request))
            self.time.seconds += self.taking
            instead = self.on_look(number) if number else self.on_list(request)
            if isinstance(instead, Exception):
                raise instead
            if instead is not None:
                return instead
            if number:
                return (
                    answer(json=self.result(number, whole=True))
                    if number in self.ends
                    else (answer(404, json={"detail": "Not found."}))
                )
            return answer(json=self.page(request.url.params))

    def result(self, number: int, *, whole: bool) -> dict[str, Any]:
        ended = self.now >= self.ends[number]
        scored = self.now >= self.ends[number] + self.scores.get(number, 0)
        status = "completed" if ended else "running"
        shown: dict[str, Any] = {"id": number, "name": f"n{number}", "status": status}
        shown["agent"] = self.agents.get(number, 1)
        if whole:
            shown["runs"] = [{"id": number, "status": status, "success": scored or None}]
        return shown

    def page(self, wanted: httpx.QueryParams) -> dict[str, Any]:
        """The newest first."""
        agent = wanted.get("agent_id")
        shown = [
            number
            for number in sorted(self.ends, reverse=True)
            if number not in self.hidden
            and (agent is None or self.agents.get(number, 1) == int(agent))
        ]
        size = min(int(wanted["page_size"]), self.page_size)
        begin = size * (int(wanted["page"]) - 1)
        entries = [self.result(number, whole=False) for number in shown[begin : begin + size]]
        return {"count": len(shown), "next": None, "previous": None, "results": entries}


Serve = Callable[..., Server]


@pytest.fixture
def serve(httpx_mock: HTTPXMock, time: FakeTime) -> Serve:
    """Starts the server."""

    def start(ends: dict[int, float] | list[float], **options: Any) -> Server:
        by_id = ends if isinstance(ends, dict) else dict(enumerate(ends, start=1))
        server = Server(time, by_id, **options)
        httpx_mock.add_callback(server.respond, is_reusable=True, is_optional=True)
        return server

    return start


def ids(results: Iterable[Result]) -> list[int]:
    return [result.id or 0 for result in results]


def launched(number: int, agent: object = 1) -> Launch:
    return Launch.read(json.dumps({"id": number, "agent": agent}).encode(), RunPlan(1))


def outcome(found: Iterator[Result]) -> tuple[list[Result], WaitsError | None]:
    """What was yielded, and what was raised at the end."""
    results: list[Result] = []
    try:
        results.extend(found)
    except WaitsError as error:
        given, failed = list(error.results), set(error.errors)
        raised = error
    else:
        return results, None
    assert given == results
    assert not failed & set(ids(results))
    return results, raised


def test_each_is_given_once_in_the_order_of_their_ends(connect: Connect, serve: Serve) -> None:
    """Launches and ids can be mixed, and what is given twice counts once."""
    serve({1: 300, 2: 100, 3: 200, 4: 0, 5: 400})
    wanted = [1, launched(2), 3, launched(4), 5, 1, launched(3)]
    results = list(connect(URL).wait_all(wanted))
    assert ids(results) == [4, 2, 3, 1, 5]
    assert all(result.passed for result in results)


def test_each_is_given_as_soon_as_it_is_seen(
    connect: Connect, serve: Serve, time: FakeTime
) -> None:
    """Not at the end of all, and no later than the longest pause after its own end."""
    server = serve([50.0 * number for number in range(1, 31)])
    for result in connect(URL).wait_all(range(1, 31)):
        assert 0 <= server.now - server.ends[result.id] <= 33


def test_nothing_to_wait_for_sends_nothing(connect: Connect, serve: Serve) -> None:
    """No result is no error."""
    server = serve([])
    assert list(connect(URL).wait_all([])) == []
    assert server.asked == []


SPREADS: dict[str, Callable[[int], float]] = {
    "at once": lambda _: 0,
    "together": lambda _: 300,
    "over ten minutes": lambda number: 600 * number / 500,
    "over fifty minutes": lambda number: 3_000 * number / 500,
    "the newest first": lambda number: 600 - 600 * number / 500,
    "shuffled": lambda number: 1_000 * (number * 197 % 500) / 500,
    "one late": lambda number: 3_000 if number == 77 else 200,
    "in waves": lambda number: 400.0 * (number % 5),
}


@pytest.mark.parametrize("spread", SPREADS)
def test_many_cost_little_more_than_a_request_each(
    spread: str, connect: Connect, serve: Serve
) -> None:
    """For ten minutes; later, each round adds its pages, and each result a look in 15 minutes.

    Over fifty minutes that is about three requests for each.
    """
    ends = {number: SPREADS[spread](number) for number in range(1, 501)}
    server = serve(ends)
    assert len(list(connect(URL).wait_all(range(1, 501)))) == 500
    late = max(0.0, max(ends.values()) - 600)
    stale = sum(int(end // 900) for end in ends.values())
    assert len(server.asked) <= 1.3 * 500 + 7 * late / 30 + stale


@pytest.mark.parametrize("older", [2_000, 10_000, 100_000])
def test_a_long_history_costs_no_more(older: int, connect: Connect, serve: Serve) -> None:
    """The list shows the newest first, so how much is behind them does not matter."""
    numbers = range(older, older + 500)
    ends = dict.fromkeys(range(1, older), 0.0) | {n: 600 * (n - older) / 500 for n in numbers}
    server = serve(ends)
    assert len(list(connect(URL).wait_all(numbers))) == 500
    asked = len(server.asked)
    assert asked <= 1.3 * 500


def test_pages_that_fail_for_a_while_cost_no_more(connect: Connect, serve: Serve) -> None:
    """That a page could not be read says nothing about what is on it."""
    server = serve({number: 600 * number / 500 for number in range(1, 501)})

    def on_list(request: httpx.Request) -> Answer:
        return answer(500) if server.now < 20 and request.url.params["page"] != "1" else None

    server.on_list = on_list
    assert len(list(connect(URL).wait_all(server.ends))) == 500
    assert sum(when >= 20 for when, *_ in server.asked) <= 1.3 * 500


def test_many_agents_cost_no_more(connect: Connect, serve: Serve) -> None:
    """A few results of each of many agents are many results all the same."""
    agents = {number: number % 167 + 1 for number in range(1, 501)}
    server = serve({number: 600 * number / 500 for number in agents}, agents=agents)
    found = connect(URL).wait_all([launched(number, agent) for number, agent in agents.items()])
    assert len(list(found)) == 500
    asked = len(server.asked)
    assert asked <= 1.3 * 500


def test_scores_that_come_late_cost_little(connect: Connect, serve: Serve) -> None:
    """A few looks more for each."""
    numbers = range(1, 501)
    server = serve({n: 600 * n / 500 for n in numbers}, scores=dict.fromkeys(numbers, 10.0))
    assert all(result.passed for result in connect(URL).wait_all(numbers))
    asked = len(server.asked)
    assert asked <= 5 * 500


@pytest.mark.parametrize("number", [1, 2, 3])
def test_few_are_looked_at_one_by_one(number: int, connect: Connect, serve: Serve) -> None:
    """For up to three the list is not read."""
    server = serve([100.0] * number)
    assert len(list(connect(URL).wait_all(range(1, number + 1)))) == number
    assert server.lists == []


@pytest.mark.parametrize("status", [200, 403])
def test_no_more_than_eight_at_a_time(
    status: int, connect: Connect, serve: Serve, mode: str, httpx_mock: HTTPXMock
) -> None:
    """With the list and without; that they are read at the same time is meant, too."""
    server = serve([100.0] * 1_200)
    server.on_list = lambda _: answer(403) if status == 403 else None
    httpx_mock.reset()
    lock, under_way, most = threading.Lock(), 0, 0

    def count(by: int) -> None:
        nonlocal under_way, most
        with lock:
            under_way += by
            most = max(most, under_way)

    def respond(request: httpx.Request) -> httpx.Response:
        count(1)
        threading.Event().wait(0.001)
        count(-1)
        return server.respond(request)

    async def respond_async(request: httpx.Request) -> httpx.Response:
        count(1)
        for _ in range(20):
            await asyncio.sleep(0)
        count(-1)
        return server.respond(request)

    httpx_mock.add_callback(respond_async if mode == "async" else respond, is_reusable=True)
    assert len(list(connect(URL).wait_all(range(1, 201)))) == 200
    assert 2 < most <= 8


def test_the_list_is_only_a_hint(connect: Connect, serve: Serve) -> None:
    """Where it says completed too early, the result itself counts."""
    server = serve([200.0] * 5)

    def on_list(_: httpx.Request) -> Answer:
        entries = [{"id": number, "status": "completed"} for number in server.ends]
        return answer(json={"count": 5, "results": entries})

    server.on_list = on_list
    assert all(result.passed for result in connect(URL).wait_all(range(1, 6)))
    assert server.now >= 200


ODD_IDS: list[Any] = [None, True, [], {}, "x", -1, 1.5, 10**40]
ODD_STATUSES: list[Any] = [None, 1, [], {}, " COMPLETED ", "", "napping"]
ODD_LISTS: dict[str, Callable[[dict[str, Any], int], Answer]] = {
    "forbidden": lambda page, n: answer(403),
    "not found": lambda page, n: answer(404),
    "an error": lambda page, n: answer(500),
    "an error now and then": lambda page, n: answer(502) if n % 3 else None,
    "no connection": lambda page, n: httpx.ReadError("reset"),
    "HTML": lambda page, n: answer(html="<html>Sign in</html>"),
    "empty": lambda page, n: answer(content=b""),
    "a list": lambda page, n: answer(json=page["results"]),
    "another object": lambda page, n: answer(json={"detail": "ok"}),
    "no count": lambda page, n: answer(json={"results": page["results"]}),
    "a count of null": lambda page, n: answer(json=page | {"count": None}),
    "a count as text": lambda page, n: answer(json=page | {"count": str(page["count"])}),
    "a count of zero": lambda page, n: answer(json=page | {"count": 0}),
    "a negative count": lambda page, n: answer(json=page | {"count": -7}),
    "a huge count": lambda page, n: answer(json=page | {"count": 10**30}),
    "no number": lambda page, n: answer(content=b'{"count":NaN,"results":[]}'),
    "count and nothing": lambda page, n: answer(json=page | {"results": []}),
    "results of null": lambda page, n: answer(json=page | {"results": None}),
    "no results": lambda page, n: answer(json={"count": 150}),
    "results by id": lambda page, n: answer(json=page | {"results": {"1": {}}}),
    "ids as text": lambda page, n: answer(
        json=page | {"results": [entry | {"id": str(entry["id"])} for entry in page["results"]]}
    ),
    "odd ids": lambda page, n: answer(
        json=page
        | {"results": [entry | {"id": odd} for entry in page["results"] for odd in ODD_IDS]}
    ),
    "odd entries": lambda page, n: answer(
        json=page | {"results": [None, 1, "x", [], {}, *page["results"]]}
    ),
    "odd types": lambda page, n: answer(
        json=page | {"results": [entry | {"runs": 5, "name": []} for entry in page["results"]]}
    ),
    "odd statuses": lambda page, n: answer(
        json=page
        | {
            "results": [
                entry | {"status": ODD_STATUSES[entry["id"] % len(ODD_STATUSES)]}
                for entry in page["results"]
            ]
        }
    ),
    "what was true once": lambda page, n: answer(
        json=page | {"results": [entry | {"status": "running"} for entry in page["results"]]}
    ),
    "the same ones on each page": lambda page, n: answer(
        json=page | {"results": [{"id": 7, "status": "running"}] * 100}
    ),
    "not UTF-8": lambda page, n: answer(
        content=b'{"count":150,"results":[{"id":7,"name":"\xff","status":"completed"}]}'
    ),
    "very deep": lambda page, n: answer(
        content=b'{"count":150,"results":[{"id":7,"status":"x","y":'
        + b"[" * 900
        + b"]" * 900
        + b"}]}"
    ),
    "shifted": lambda page, n: answer(json=page | {"results": page["results"][n % 7 :]}),
}


@pytest.mark.parametrize("odd", ODD_LISTS)
def test_whatever_the_list_says_the_outcome_is_the_same(
    odd: str, connect: Connect, serve: Serve
) -> None:
    """It can spare requests; it cannot end a wait, or keep one from its end."""
    server = serve([float(number % 400) for number in range(1, 111)])
    number = iter(range(10**6))
    server.on_list = lambda request: ODD_LISTS[odd](server.page(request.url.params), next(number))
    updates: list[Result] = []
    results = list(connect(URL).wait_all(range(1, 111), on_update=updates.append))
    assert sorted(ids(results)) == list(range(1, 111))
    assert all(result.passed for result in results)
    # What it says wrongly is found out after a quarter of an hour.
    assert server.now < (950 if odd in ("odd statuses", "what was true once") else 450)


@pytest.mark.parametrize("size", [1, 7, 20])
def test_pages_may_be_smaller_than_asked(size: int, connect: Connect, serve: Serve) -> None:
    """Then there are more of them."""
    server = serve([300.0] * 150, page_size=size)
    assert len(list(connect(URL).wait_all(range(1, 151)))) == 150
    assert server.now < 340


def test_what_the_list_does_not_show_is_looked_at_itself(connect: Connect, serve: Serve) -> None:
    """Hidden, and of another agent than the launch said."""
    server = serve([100.0] * 20, hidden=frozenset({3, 11}), agents={5: 2})
    results = connect(URL).wait_all([launched(number) for number in range(1, 21)])
    assert sorted(ids(results)) == list(range(1, 21))
    assert server.now < 135
    assert max(server.looks[number] for number in (1, 2, 4, 20)) == 1


def test_each_agent_has_its_list(connect: Connect, serve: Serve) -> None:
    """The agent is taken from the answer to the launch; for ids all are read."""
    agents = {number: number % 2 + 1 for number in range(1, 21)}
    server = serve([100.0] * 25, agents=agents)
    wanted = [launched(number, agents[number]) for number in agents]
    assert len(list(connect(URL).wait_all([*wanted, *range(21, 26)]))) == 25
    assert {request.url.params.get("agent_id") for request in server.lists} == {"1", "2", None}
    assert set(server.looks.values()) == {1}


BAD: dict[str, tuple[Callable[[], Answer], type[CekuraError]]] = {
    "not found": (lambda: answer(404), NotFoundError),
    "an error": (lambda: answer(500), ServerError),
    "no answer": (lambda: httpx.ReadTimeout("slow"), NoAnswerError),
    "unreadable": (lambda: answer(content=b"<html>"), NoAnswerError),
    "no result": (lambda: answer(json={}), NoAnswerError),
}


@pytest.mark.parametrize("how", BAD)
@pytest.mark.parametrize(("bad", "good"), [(1, 1), (1, 2), (1, 30), (5, 30), (70, 6), (110, 110)])
@pytest.mark.parametrize("listed", [True, False])
def test_bad_results_do_not_hold_up_the_others(
    listed: bool, bad: int, good: int, how: str, connect: Connect, serve: Serve
) -> None:
    """They are named at the end; the others are given when they end."""
    server = serve(
        dict.fromkeys(range(1, bad + 1), 0.0) | dict.fromkeys(range(bad + 1, bad + good + 1), 300.0)
    )
    instead, kind = BAD[how]
    server.on_look = lambda number: instead() if number <= bad else None
    server.on_list = lambda _: None if listed else answer(403)
    results, error = outcome(connect(URL).wait_all(server.ends))
    assert sorted(ids(results)) == list(range(bad + 1, bad + good + 1))
    assert error is not None
    assert {number: type(each) for number, each in error.errors.items()} == dict.fromkeys(
        range(1, bad + 1), kind
    )
    assert error.__cause__ is error.errors[1]
    assert server.now < 350


def test_each_trouble_is_ridden_out_for_itself(connect: Connect, serve: Serve) -> None:
    """What was over long ago does not count for what comes later."""
    server = serve([600.0] * 10)
    server.on_look = lambda _: answer(500) if server.now < 30 or 600 <= server.now < 660 else None
    server.on_list = lambda _: answer(500) if server.now < 30 else None
    results, error = outcome(connect(URL).wait_all(range(1, 11)))
    assert error is None
    assert len(results) == 10


@pytest.mark.parametrize("number", [1, 2, 10, 150])
@pytest.mark.parametrize("after", [0, 100])
def test_ninety_seconds_of_trouble_are_ridden_out(
    after: int, number: int, connect: Connect, serve: Serve
) -> None:
    """That is how long the vendor's deploys have been seen to take."""
    server = serve([150.0] * number)
    down = lambda _: answer(502) if after <= server.now < after + 90 else None
    server.on_look = server.on_list = down
    assert len(list(connect(URL).wait_all(server.ends))) == number


@pytest.mark.parametrize("number", [2, 10, 500])
def test_a_server_that_is_down_ends_the_wait_for_all(
    number: int, connect: Connect, serve: Serve
) -> None:
    """After two minutes, in which little is asked of it."""
    server = serve([50.0] + [NEVER] * (number - 1))
    down = lambda _: answer(503) if server.now >= 100 else None
    server.on_look = server.on_list = down
    asked: list[int] = []
    results, error = outcome(
        connect(URL).wait_all(server.ends, on_update=lambda _: asked.append(1))
    )
    assert ids(results) == [1]
    assert error is not None
    assert set(error.errors) == set(range(2, number + 1))
    assert {type(each) for each in error.errors.values()} <= {NoAnswerError, ServerError}
    assert 200 <= server.now <= 270
    assert sum(when >= 100 for when, *_ in server.asked) <= 12 * 65


@pytest.mark.parametrize("number", [1, 2, 150])
def test_a_wrong_key_ends_at_once(number: int, connect: Connect, serve: Serve) -> None:
    """No pause makes it right."""
    server = serve([NEVER] * number)
    server.on_look = server.on_list = lambda _: answer(401)
    results, error = outcome(connect(URL).wait_all(server.ends))
    assert results == []
    assert error is not None
    assert {type(each) for each in error.errors.values()} == {AuthenticationError}
    assert server.now == 0


@pytest.mark.parametrize("where", ["the list", "its second page", "looks", "both"])
@pytest.mark.parametrize("status", [429, 503])
def test_the_server_says_when_to_come_back(
    status: int, where: str, connect: Connect, serve: Serve
) -> None:
    """The next round is not earlier."""
    server = serve([50.0] * 150)
    since: list[float] = []

    def turn_away(wanted: Any) -> Answer:
        if where == "its second page" and wanted.url.params["page"] != "2":
            return None
        if server.now < 20 or (since and server.now > since[0]):
            return None
        since.append(server.now)
        return answer(status, headers={"Retry-After": "50"})

    if where != "looks":
        server.on_list = turn_away
    if where in ("looks", "both"):
        server.on_look = turn_away
    assert len(list(connect(URL).wait_all(server.ends))) == 150
    assert not [when for when, *_ in server.asked if since[0] < when < since[0] + 50]


def test_pauses_longer_than_the_patience(connect: Connect, serve: Serve) -> None:
    """A single failure is none of two minutes, however long ago the last answer is."""
    server = serve([1_000.0] * 10)
    server.on_look = server.on_list = lambda _: answer(500) if 400 < server.now < 950 else None
    slow = Polling(first=500, longest=500)
    results, error = outcome(connect(URL).wait_all(server.ends, polling=slow))
    assert error is None
    assert len(results) == 10


def test_who_iterates_may_take_his_time(connect: Connect, serve: Serve, time: FakeTime) -> None:
    """It does not count as silence of the server."""
    server = serve([0.0] + [400.0] * 9)
    results: list[Result] = []
    for result in connect(URL).wait_all(server.ends):
        results.append(result)
        if result.id == 1:
            time.seconds += 300
            server.on_look = server.on_list = lambda _: answer(500) if server.now < 310 else None
    assert len(results) == 10


def test_the_deadline_is_for_each(connect: Connect, serve: Serve) -> None:
    """Those that have ended are given; the others say what was last seen of them."""
    server = serve([50.0] * 5 + [NEVER] * 10, hidden=frozenset({7}))
    server.on_look = lambda number: answer(500) if number == 8 else None
    results, error = outcome(connect(URL).wait_all(server.ends, timeout=100))
    assert len(results) == 5
    assert server.now == 100
    assert error is not None
    assert sorted(error.errors) == list(range(6, 16))
    for number, each in error.errors.items():
        assert isinstance(each, WaitTimeoutError)
        assert each.result is not None
        assert (each.result.id, each.result.status) == (number, "running")


def test_nothing_seen_is_said(connect: Connect, serve: Serve) -> None:
    """Where nothing was, `.result` is None."""
    server = serve([NEVER] * 10)
    server.on_look = server.on_list = lambda _: answer(500)
    _, error = outcome(connect(URL).wait_all(server.ends, timeout=60))
    assert error is not None
    assert server.now == 60
    assert all(
        isinstance(each, WaitTimeoutError) and each.result is None for each in error.errors.values()
    )


def test_no_request_may_take_longer_than_the_deadline(connect: Connect, serve: Serve) -> None:
    """Neither a look nor a page of the list."""
    server = serve([50.0] * 5 + [NEVER] * 10, hidden=frozenset({7}))
    outcome(connect(URL).wait_all(server.ends, timeout=60))
    for when, _, request in server.asked:
        assert request.extensions["timeout"]["read"] <= max(1.0, 60 - when)


@pytest.mark.parametrize("hidden", [False, True])
def test_slow_answers_are_not_waited_for_beyond_the_deadline(
    hidden: bool, connect: Connect, serve: Serve
) -> None:
    """A round that has begun is left off."""
    server = serve([NEVER] * 500, taking=0.5)
    if hidden:
        server.hidden = frozenset(server.ends)
    _, error = outcome(connect(URL).wait_all(server.ends, timeout=60))
    assert error is not None
    assert len(error.errors) == 500
    assert server.now <= 60 + 64 * 0.5 + 1


def test_late_scores_are_waited_for(connect: Connect, serve: Serve) -> None:
    """For the grace time, and nobody else waits with them."""
    numbers = range(1, 11)
    server = serve([10.0] * 10, scores={2: 40.0, 3: NEVER})
    given: dict[int | None, tuple[float, Verdict]] = {}
    for result in connect(URL).wait_all(numbers):
        given[result.id] = (server.now, result.verdict)
    assert all(given[n] == (given[1][0], Verdict.PASSED) for n in numbers if n not in (2, 3))
    assert given[2][1] is Verdict.PASSED
    assert 50 <= given[2][0] < 65
    assert given[3] == (given[1][0] + 60, Verdict.UNSCORED)
    assert given[1][0] < 17


def test_grace_may_be_none(connect: Connect, serve: Serve) -> None:
    """Then what has ended is given as it is."""
    server = serve([10.0] * 5, scores=dict.fromkeys(range(1, 6), NEVER))
    results = list(connect(URL).wait_all(server.ends, polling=Polling(grace=0)))
    assert [result.verdict for result in results] == [Verdict.UNSCORED] * 5
    assert server.now < 17


def test_what_has_ended_is_not_given_while_it_runs(connect: Connect, serve: Serve) -> None:
    """A server that takes back the end is one where it has not ended."""
    server = serve([10.0, 10.0, 10.0, 10.0], scores={1: NEVER})
    running = {"id": 1, "status": "running"}
    server.on_look = lambda number: (
        answer(json=running) if number == 1 and server.now > 20 else None
    )
    results, _ = outcome(connect(URL).wait_all(server.ends, timeout=600))
    assert all(result.finished for result in results)


@pytest.mark.parametrize("number", [2, 10])
def test_on_update_sees_each_change_once(number: int, connect: Connect, serve: Serve) -> None:
    """In the list or by a look; what has not changed is not told again."""
    server = serve([100.0] * number)
    seen: list[Result] = []
    list(connect(URL).wait_all(server.ends, on_update=seen.append))
    told = Counter((update.id, update.status) for update in seen)
    assert told == {(n, status): 1 for n in server.ends for status in ("running", "completed")}


@pytest.mark.parametrize(
    "odd",
    [
        lambda entry, turn: entry | {"seconds_so_far": turn},
        lambda entry, turn: dict(sorted(entry.items(), reverse=turn % 2 == 1)),
    ],
    ids=["another field", "another order"],
)
def test_what_a_result_does_not_show_is_no_change(
    odd: Callable[[dict[str, Any], int], dict[str, Any]], connect: Connect, serve: Serve
) -> None:
    """No two updates of a result one after the other are equal."""
    server = serve([100.0] * 5)
    turn = iter(range(1_000))

    def on_list(request: httpx.Request) -> Answer:
        page, now = server.page(request.url.params), next(turn)
        return answer(json=page | {"results": [odd(entry, now) for entry in page["results"]]})

    server.on_list = on_list
    last: dict[int | None, Result] = {}

    def on_update(update: Result) -> None:
        assert update != last.get(update.id)
        last[update.id] = update

    list(connect(URL).wait_all(server.ends, on_update=on_update))


def test_being_missed_by_the_list_is_no_change(connect: Connect, serve: Serve) -> None:
    """Pages shift; a result that is on none of them now and then is told of no more often."""
    server = serve([200.0] * 10)
    turn = iter(range(1_000))

    def on_list(request: httpx.Request) -> Answer:
        page = server.page(request.url.params)
        return answer(json=page | {"results": page["results"][next(turn) % 2 :]})

    server.on_list = on_list
    seen: list[Result] = []
    list(connect(URL).wait_all(server.ends, on_update=seen.append))
    told = Counter((update.id, update.status) for update in seen)
    assert max(told.values()) <= 2  # once by the list, once with its runs


@pytest.mark.parametrize("number", [2, 10])
@pytest.mark.parametrize("error", [KeyError("mine"), KeyboardInterrupt("mine")])
def test_what_on_update_raises_comes_out(
    error: BaseException, number: int, connect: Connect, serve: Serve
) -> None:
    """Unchanged, and nothing more is sent."""
    server = serve([100.0] * number)

    def on_update(_: Result) -> None:
        raise error

    with pytest.raises(type(error), match="mine"):
        list(connect(URL).wait_all(server.ends, on_update=on_update))
    assert len(server.asked) <= 2


@pytest.mark.parametrize("mode", ["async"])
def test_an_awaitable_from_on_update_is_awaited(connect: Connect, serve: Serve) -> None:
    """Also of what the list shows."""
    server = serve([100.0] * 5)
    seen: list[str] = []

    async def on_update(result: Result) -> None:
        await asyncio.sleep(0)
        seen.append(result.status)

    list(connect(URL).wait_all(server.ends, on_update=on_update))
    assert seen == ["running"] * 5 + ["completed"] * 5


@pytest.mark.parametrize("leave", ["close", "forget"])
def test_whoever_leaves_early_leaves_nothing(leave: str, connect: Connect, serve: Serve) -> None:
    """Nothing more is sent, and no warning comes."""
    server = serve([0.0] * 100 + [NEVER] * 10)
    client = connect(URL)
    found = client.wait_all(server.ends)
    next(found)
    asked = len(server.asked)
    if leave == "close":
        assert isinstance(found, Generator | Stepped)
        found.close()
    del found
    gc.collect()
    assert len(server.asked) == asked
    if client.mode == "async":
        assert client.run(_others()) == set()


def test_leaving_before_the_first_leaves_nothing(connect: Connect, serve: Serve) -> None:
    """Who does not iterate sends nothing."""
    server = serve([0.0] * 10)
    connect(URL).wait_all(server.ends)
    gc.collect()
    assert server.asked == []


async def _others() -> set[asyncio.Task[Any]]:
    for _ in range(10):  # the loop closes what was collected
        await asyncio.sleep(0)
    return asyncio.all_tasks() - {asyncio.current_task()}


@pytest.mark.parametrize("after", [0, 3])
def test_cancelling_leaves_nothing(
    after: int, serve: Serve, httpx_mock: HTTPXMock, time: FakeTime
) -> None:
    """Neither requests under way nor tasks; CancelledError comes out."""
    server = serve([0.0] * 3 + [NEVER] * 10)
    server.hidden = frozenset(server.ends)
    httpx_mock.reset()
    begun, ended = asyncio.Event(), 0

    async def respond(request: httpx.Request) -> httpx.Response:
        nonlocal ended
        if len(server.asked) < after:
            return server.respond(request)
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended += 1
        raise AssertionError

    httpx_mock.add_callback(respond, is_reusable=True)

    async def wait() -> None:
        async with AsyncCekura(api_key=KEY, base_url=URL, clock=time.clock) as client:
            async for _ in client.wait_all(server.ends):
                pass

    async def main() -> None:
        task = asyncio.create_task(wait())
        await begun.wait()
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await _others() == set()

    asyncio.run(main())
    assert 1 <= ended <= 8


def test_async_break_leaves_nothing(serve: Serve, time: FakeTime) -> None:
    """Also without closing what was iterated over."""
    server = serve([0.0] * 100 + [NEVER] * 10)

    async def main() -> None:
        async with AsyncCekura(api_key=KEY, base_url=URL, clock=time.clock) as client:
            async for _ in client.wait_all(server.ends):
                break
            asked = len(server.asked)
            gc.collect()
            assert await _others() == set()
            assert len(server.asked) == asked

    asyncio.run(main())


INTERRUPTED = """
import os, signal, sys, threading
from cekura_client import Cekura, Timeouts
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
with Cekura(api_key="k", base_url=sys.argv[1], timeouts=Timeouts(read=50)) as cekura:
    list(cekura.wait_all([1, 2, 3]))
"""


def test_ctrl_c_does_not_wait_for_answers() -> None:
    """The process ends while its requests are under way."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = clock.monotonic()
        program = as_a_shell(sys.executable, "-W", "error", "-c", INTERRUPTED, address)
        process = subprocess.run(program, capture_output=True, timeout=60, check=False)
    assert process.stderr.rstrip().endswith(b"KeyboardInterrupt")
    assert clock.monotonic() - began < 40


def test_a_closed_client_refuses(connect: Connect, serve: Serve) -> None:
    """When it is asked, and where it was closed since then."""
    server = serve([0.0] * 10)
    client = connect(URL)
    found, begun = client.wait_all(server.ends), client.wait_all(server.ends)
    next(begun)
    asked = len(server.asked)
    client.close()
    with pytest.raises(CekuraError, match="closed"):
        client.wait_all(server.ends)
    with pytest.raises(CekuraError):
        list(found)
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    "arguments",
    [
        {"launches": [1, 2], "timeout": 0},
        {"launches": [], "timeout": -1},
        {"launches": [1], "timeout": "60"},
        {"launches": [1, 0]},
        {"launches": [1, "2"]},
        {"launches": [True]},
        {"launches": [None]},
        {"launches": "12"},
        {"launches": b"12"},
        {"launches": 12},
        {"launches": None},
        {"launches": launched(12)},
    ],
    ids=str,
)
def test_bad_arguments_are_refused_at_once(
    arguments: dict[str, Any], connect: Connect, serve: Serve
) -> None:
    """When it is called, not at the first iteration; nothing is sent."""
    server = serve([0.0] * 2)
    client = connect(URL)
    with pytest.raises(InvalidRequestError):
        client.wait_all(**arguments)
    assert server.asked == []


def _at(server: Server, on_look: Callable[[float], Answer], _: int) -> Answer:
    return on_look(server.now)


@pytest.mark.parametrize(
    "on_look",
    [
        lambda now: None,
        lambda now: answer(500) if now < 90 else None,
        lambda now: answer(500),
        lambda now: answer(404),
        lambda now: answer(429, headers={"Retry-After": "33"}) if now < 50 else None,
        lambda now: answer(429, headers={"Retry-After": "333"}),
        lambda now: answer(content=b"<html>") if now > 20 else None,
        lambda now: httpx.ConnectError("refused"),
    ],
    ids=["fine", "90 s", "500", "404", "429", "long 429", "HTML", "refused"],
)
@pytest.mark.parametrize("end", [0.0, 100.0, NEVER])
@pytest.mark.parametrize("scored", [0.0, 20.0, NEVER])
def test_with_one_launch_it_is_wait(
    scored: float, end: float, on_look: Callable[[float], Answer], mode: str, serve: Serve
) -> None:
    """The same outcome, with the same requests at the same times."""
    outcomes: list[object] = []
    for method in ("wait", "wait_all"):
        time = FakeTime()
        server = serve([end], scores={1: scored})
        server.time, server.on_look = time, partial(_at, server, on_look)
        client = EitherClient(mode, api_key=KEY, base_url=URL, clock=time.clock)
        updates: list[Result] = []
        found = getattr(client, method)
        came: object
        try:
            if method == "wait":
                came = found(launched(1), timeout=200, on_update=updates.append)
            else:
                [came] = found([launched(1)], timeout=200, on_update=updates.append)
        except WaitsError as error:
            came = type(error.errors[1]), str(error.errors[1])
        except CekuraError as error:
            came = type(error), str(error)
        client.end()
        outcomes.append(
            (came, updates, [(when, what) for when, what, _ in server.asked], time.slept)
        )
    assert outcomes[0] == outcomes[1]


def test_never_both_given_and_an_error(connect: Connect, serve: Serve) -> None:
    """Also where one agent's results hang until all are given up."""
    agents = {number: 1 if number <= 10 else 2 for number in range(1, 21)}
    server = serve([0.0] * 20, agents=agents)

    def on_look(number: int) -> Answer:
        if number > 10:
            return None
        server.time.seconds += 30
        return httpx.ReadTimeout("slow")

    server.on_look = on_look
    outcome(connect(URL).wait_all([launched(n, agent) for n, agent in agents.items()]))


@pytest.fixture
def sandbox(time: FakeTime) -> Iterator[Sandbox]:
    with Sandbox(pace=10, clock=lambda: time.seconds) as sandbox:
        yield sandbox


@pytest.mark.parametrize("hide", [0, 10_000])
def test_the_whole_way(hide: int, mode: str, time: FakeTime, sandbox: Sandbox) -> None:
    """Launched, waited for over real sockets, each given once; also those the list hides."""
    client = EitherClient(mode, api_key=sandbox.api_key, base_url=sandbox.url, clock=time.clock)
    if hide:
        sandbox.faults.add(operation="run_voice", hide=hide, times=3)
    launches = [client.run_voice(agent_id=12 + n % 2, scenarios=[101]) for n in range(12)]
    sent = len(sandbox.requests)
    seen: list[Result] = []
    results = list(client.wait_all(launches, on_update=seen.append))
    client.end()
    assert sorted(ids(results)) == sorted(launch.result_id for launch in launches)
    assert all(result.passed for result in results)
    assert {update.id for update in seen} == set(ids(results))
    lists = [each for each in sandbox.requests[sent:] if each.operation == "list_results"]
    assert lists
    assert len(sandbox.requests) - sent <= (60 if hide else 40)


def test_the_whole_way_at_once(mode: str) -> None:
    """On the real clock: what has ended already takes no pause."""
    with Sandbox(pace=0) as sandbox:
        client = EitherClient(mode, api_key=sandbox.api_key, base_url=sandbox.url)
        launches = [client.run_voice(agent_id=12, scenarios=[101]) for _ in range(30)]
        results = list(client.wait_all(launches))
        client.end()
        assert sorted(ids(results)) == sorted(launch.result_id for launch in launches)
