"""Whatever is sent to it, the sandbox answers as the document says and keeps its books in order."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from jsonschema import Draft202012Validator

from cekura_client.sandbox import Agent, Outcome, Project, Sandbox, Scenario, State
from tests.sandbox.support import (
    ENDED,
    RESULTS,
    V1_RESULTS,
    VAPI,
    VOICE,
    WEBSOCKET,
    Api,
    Clock,
    check_counts,
    check_lists,
    departures,
    document,
)

RESULT, END_CALLS = f"{RESULTS}{{id}}/", f"{V1_RESULTS}{{id}}/end_calls/"
STARTS = (VOICE, WEBSOCKET, VAPI)
JSON = "application/json"
BAD_PERSONALITIES = ["Invalid personalities provided."]

# How the runs of scenarios 101, 102, … end.
OUTCOMES = (*Outcome, {Outcome.PASSED: 1, Outcome.FAILED: 1, Outcome.TIMEOUT: 1})
SCENARIOS = range(101, 101 + len(OUTCOMES))
STATE = State(
    projects=(
        Project(
            1376,
            agents=(
                Agent(
                    12,
                    assistant_id="asst",
                    scenarios=tuple(
                        Scenario(number, "", "Sales.Inbound", ("smoke",), ends)
                        for number, ends in zip(SCENARIOS, OUTCOMES, strict=True)
                    ),
                ),
            ),
        ),
        Project(7, agents=(Agent(70, scenarios=(Scenario(900),)),)),
    ),
    credits=3_000,
    concurrency=4,
)


# What is sent


@dataclass(frozen=True)
class Start:
    """A start request; `runs` is None where it may be refused."""

    path: str
    body: Any
    runs: int | None = None


def _optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


IDS = st.lists(st.sampled_from(SCENARIOS), min_size=1, max_size=4)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
FREQUENCIES = st.integers(1, 3)
LIMITS = st.integers(1, 5)
URLS = st.sampled_from(["ws://a.example.com", "wss://b.example.com/x?y=1"])
PAIR = st.fixed_dictionaries(
    {"scenario": st.sampled_from(SCENARIOS)}, optional={"websocket_url": URLS}
)
VALID: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    VOICE: st.builds(
        lambda selection, others: {**selection, **others},
        st.one_of(
            st.fixed_dictionaries({"scenarios": IDS}),
            st.just({"tags": ["smoke"], "agent_id": 12}),
            st.just({"folder_path": "Sales.Inbound", "project_id": 1376}),
        ),
        _optional(
            agent_id=st.just(12),
            frequency=FREQUENCIES,
            name=NAMES,
            personality_ids=st.lists(st.integers(1, 9), max_size=2),
            test_profile_ids=st.lists(st.integers(1, 99), max_size=2),
            mode=st.sampled_from(["same_number", "different_numbers"]),
            concurrency_limit=LIMITS,
            outbound_phone_number=NAMES,
        ),
    ),
    WEBSOCKET: st.fixed_dictionaries(
        {"scenarios": st.lists(PAIR, min_size=1, max_size=3), "frequency": FREQUENCIES},
        optional={"agent": st.just(12)},
    ),
    VAPI: st.fixed_dictionaries(
        {"scenarios": IDS, "vapi_assistant_id": NAMES},
        optional={
            "agent_id": st.just(12),
            "project_id": st.just(1376),
            "frequency": FREQUENCIES,
            "name": NAMES,
            "concurrency_limit": LIMITS,
        },
    ),
}
FIELDS = st.sampled_from(
    [
        *("scenarios", "tags", "folder_path", "project_id", "agent_id", "agent", "assistant_id"),
        *("frequency", "name", "personality_ids", "test_profile_ids", "mode", "concurrency_limit"),
        *("vapi_assistant_id", "x", ""),
    ]
)
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, 12, 1376, 20_001, 10**30, 0.5, 2.0, 1e300]),
    st.sampled_from(
        ["", "all", "Sales", "Sales.Inbound", "12", "012", " 2", "null", "\ud800", "x" * 256]
    ),
    st.lists(st.sampled_from([0, 5, 101, "101", "smoke", None, {}, [], 2.0]), max_size=3),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=4,
    ),
    st.lists(st.fixed_dictionaries({}, optional={"scenario": st.none() | IDS}), max_size=2),
)


NUMBERS = {
    *("scenarios", "project_id", "agent_id", "agent", "frequency", "concurrency_limit"),
    *("personality_ids", "test_profile_ids"),
}


def _runs(path: str, body: Mapping[str, Any]) -> int:
    """How many runs the pages say that a valid body starts."""
    selected = len(body["scenarios"]) if "scenarios" in body else len(SCENARIOS)
    count = selected * int(body.get("frequency", 1))
    if path == VOICE:
        for field in ("personality_ids", "test_profile_ids"):
            count *= max(1, len(body.get(field) or ()))
    return count


@st.composite
def valid_starts(draw: st.DrawFn) -> Start:
    path = draw(st.sampled_from(STARTS))
    body = draw(VALID[path])
    return Start(path, body, _runs(path, body))


@st.composite
def damaged_starts(draw: st.DrawFn) -> Start:
    """A valid body in which something is left out, added or replaced; it may still be valid."""
    path = draw(st.sampled_from(STARTS))
    body = dict(draw(VALID[path]))
    for field in draw(st.lists(FIELDS | st.sampled_from(sorted(body)), min_size=1, max_size=3)):
        if field in body and draw(st.booleans()):
            del body[field]
        else:
            body[field] = draw(JUNK)
    return Start(path, body)


def _send(api: Api, start: Start) -> httpx.Response:
    headers = {"Content-Type": JSON}
    return api.http.post(start.path, content=json.dumps(start.body), headers=headers)


# What is answered

ALLOWED = {
    VOICE: ("post", {201, 400, 402}),
    WEBSOCKET: ("post", {201, 400, 402}),
    VAPI: ("post", {200, 400, 402}),
    RESULTS: ("get", {200, 400, 404}),
    RESULT: ("get", {200, 404}),
    END_CALLS: ("post", {200, 404}),
}


def conforming(path: str, answer: httpx.Response) -> Any:
    """The body of an answer, once it is clear that the document allows it."""
    method, statuses = ALLOWED[path]
    status = answer.status_code
    assert status in statuses, answer.text
    if path == END_CALLS and status == 200:
        assert answer.content == b""
        return None
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    if status == 402 or (path, status) == (RESULTS, 404):
        assert list(body) == ["detail"]
    elif (path, status) == (RESULTS, 400):
        assert all(isinstance(text, str) for messages in body.values() for text in messages)
    elif path in STARTS and status != 400:
        assert [run["number"] for run in body["runs"]] == [None] * len(body["runs"])
        runs = [{k: v for k, v in run.items() if k != "number"} for run in body["runs"]]
        assert departures(method, path, status, {**body, "runs": runs}) == []
    elif body != BAD_PERSONALITIES:  # the description quotes this body; the schema has no list
        assert departures(method, path, status, body) == []
    return body


def _as_numbers(value: Any) -> Any:
    """Texts that JSON could have written as integers, as integers."""
    if isinstance(value, list):
        return [_as_numbers(item) for item in value]
    if isinstance(value, dict):
        return {k: _as_numbers(v) if k == "scenario" else v for k, v in value.items()}
    is_number = isinstance(value, str) and value.isdecimal() and value == str(int(value))
    return int(value) if is_number else value


@cache
def _request_validator(path: str) -> Any:
    content = document()["paths"][path]["post"]["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": document()["components"]})


def _is_documented(start: Start) -> bool:
    """Whether the published schema allows the body, or it is one that the sandbox allows besides.

    Those are integers sent as text, and the shorthand of other renderings of the voice page.
    """
    body = {k: _as_numbers(v) if k in NUMBERS else v for k, v in start.body.items()}
    if start.path == VOICE and type(start.body.get("scenarios")) in (int, str):
        body = {field: value for field, value in body.items() if field != "scenarios"}
    return bool(_request_validator(start.path).is_valid(body))


# Single requests

QUERIES = _optional(
    page=st.sampled_from(["1", "2", "0", "-1", "x", "", "9" * 30, "1.0", "٣"]),
    page_size=st.sampled_from(["1", "3", "1000", "1001", "0", "x", "9" * 30]),
    agent_id=st.sampled_from(["12", "70", "5", "0", "-45", "x", ""]),
    project_id=st.sampled_from(["1376", "7", "5", "x"]),
    search=st.sampled_from(["run", "RUN", "", "nothing like it", "\x00", "%", "é"]),
    unknown=st.text(max_size=3),
)
ANY_ID = st.one_of(
    st.integers(-1, 8000).map(str),
    st.integers().map(str),
    st.text(min_size=1, max_size=8).filter(lambda text: text not in (".", "..")),
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(pace=0, state=STATE) as sandbox:
        yield sandbox


@given(start=st.one_of(valid_starts(), damaged_starts()))
@settings(max_examples=400)
def test_any_body_is_accepted_or_refused_as_documented(
    sandbox: Sandbox, api: Api, start: Start
) -> None:
    """Starts what is valid, refuses what the schema forbids, and says both as documented."""
    before = sandbox.credits, sandbox.launches, sandbox.billed_runs
    answer = _send(api, start)
    body = conforming(start.path, answer)
    runs = len(body["runs"]) if answer.is_success else 0
    if not _is_documented(start):
        assert answer.status_code == 400
    if start.runs is not None and before[0] >= start.runs:
        assert runs == start.runs, answer.text
    credits, launches, billed = before
    assert sandbox.credits == credits - runs
    assert sandbox.launches == launches + answer.is_success
    assert sandbox.billed_runs == billed + runs
    received = sandbox.requests[-1]
    assert (received.status, received.runs) == (answer.status_code, runs)
    assert received.result_id == (body["id"] if answer.is_success else None)
    assert received.refusal == (body if answer.status_code == 400 else None)


@given(
    path=st.sampled_from(STARTS),
    media_type=st.sampled_from(
        [
            *(JSON, "application/x-www-form-urlencoded"),
            *("multipart/form-data; boundary=x", "text/plain", "", ";", "x/\xe9"),
        ]
    ),
    content=st.one_of(
        st.binary(max_size=30),
        st.sampled_from([b"--x\r\n\r\n", b"--x--", b"[" * 100_000, b'{"scenarios": [1e999]}']),
        st.text('{}[]":,0123456789aenrul=&%-\r\n', max_size=30).map(str.encode),
    ),
)
@settings(max_examples=200)
def test_any_bytes(sandbox: Sandbox, api: Api, path: str, media_type: str, content: bytes) -> None:
    """What is no request is refused, with 415 only if it is not sent as JSON."""
    launches = sandbox.launches
    headers = {b"Content-Type": media_type.encode("latin-1")}
    answer = api.http.post(path, content=content, headers=headers)
    known = {400} if media_type == JSON else {415} if content else {400, 415}
    assert answer.status_code in known, answer.text
    if answer.status_code == 400:
        conforming(path, answer)
    assert sandbox.launches == launches


PAIRS = '"scenarios": [{"scenario": 101}], "frequency": 1'
HUGE = f"1{'0' * 4299}"  # Python reads no longer number


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (VOICE, '{"scenarios": [101], "agent": "x"}'),
        (VAPI, '{"scenarios": [101], "vapi_assistant_id": "", "agent": []}'),
        (WEBSOCKET, f'{{{PAIRS}, "agent_id": {{}}}}'),
        (WEBSOCKET, f'{{{PAIRS}, "project_id": "x"}}'),
        (WEBSOCKET, f'{{{PAIRS}, "concurrency_limit": "x"}}'),
        (VOICE, f'{{"scenarios": {[101] * 20}, "frequency": {HUGE}}}'),
        (VOICE, f'{{"scenarios": [101], "agent_id": {HUGE}}}'),
    ],
)
def test_odd_bodies(api: Api, path: str, content: str) -> None:
    """Fields that another operation has and huge numbers are not an error of the server."""
    headers = {"Content-Type": JSON}
    conforming(path, api.http.post(path, content=content, headers=headers))


@given(query=QUERIES)
@settings(max_examples=150)
def test_any_query(api: Api, query: dict[str, str]) -> None:
    """A page, or why there is none."""
    conforming(RESULTS, api.http.get(RESULTS, params=query))


@given(id=ANY_ID)
@settings(max_examples=150)
def test_any_id(api: Api, id: str) -> None:
    """A result, or none."""
    for version in (RESULTS, V1_RESULTS):
        conforming(RESULT, api.http.get(f"{version}{quote(id, safe='')}/"))
    conforming(END_CALLS, api.http.post(f"{V1_RESULTS}{quote(id, safe='')}/end_calls/"))


# Sequences


@dataclass
class Known:
    """What was seen of a result; of each run the last status and success."""

    start: Start
    runs: dict[int, tuple[str, bool | None]]
    agent: int
    name: str | None = None
    stopped: bool = False


class Sequence(RuleBasedStateMachine):
    """Starts, reads, lists and ends calls in any order, while time goes on."""

    def __init__(self, sandbox: Sandbox, api: Api, clock: Clock) -> None:
        super().__init__()
        self.sandbox, self.api, self.clock = sandbox, api, clock
        self.known: dict[int, Known] = {}
        self.sent = 0

    @initialize()
    def remember(self) -> None:
        self.credits = self.sandbox.credits
        self.books = self.sandbox.launches, self.sandbox.billed_runs
        self.listed_before = self.api.listed()["count"]
        self.journal = len(self.sandbox.requests)

    def some(self, choice: int) -> int:
        """The id of one of the results of this sequence."""
        return list(self.known)[choice % len(self.known)]

    @rule(start=st.one_of(valid_starts(), damaged_starts()))
    def start(self, start: Start) -> None:
        answer = _send(self.api, start)
        self.sent += 1
        body = conforming(start.path, answer)
        if not answer.is_success:
            return
        runs = {run["id"]: ("pending", None) for run in body["runs"]}
        assert len(runs) == len(body["runs"])
        assert not any(runs.keys() & other.runs.keys() for other in self.known.values())
        assert body["id"] > max(self.known, default=0)
        assert body["id"] not in runs
        self.known[body["id"]] = Known(start, dict(runs), body["agent"])

    @rule()
    def start_more_than_the_balance_pays_for(self) -> None:
        body = {"scenarios": [101], "frequency": int(self.sandbox.credits) + 1}
        answer = _send(self.api, Start(VOICE, body))
        self.sent += 1
        assert answer.status_code == 402
        conforming(VOICE, answer)

    @precondition(lambda self: self.known)
    @rule(choice=st.integers(0, 99))
    def read(self, choice: int) -> None:
        number = self.some(choice)
        answer = self.api.http.get(f"{RESULTS}{number}/")
        self.sent += 1
        result = conforming(RESULT, answer)
        runs = list(result["runs"].values())
        assert result["id"] == number
        check_counts(result, runs)
        check_lists(result)
        self.see(number, result, runs)

    @rule(size=st.integers(1, 4), page=st.integers(1, 3), agent=st.sampled_from([None, 12, 70]))
    def list_results(self, size: int, page: int, agent: int | None) -> None:
        query = {"page_size": size, "page": page, **({} if agent is None else {"agent_id": agent})}
        answer = self.api.http.get(RESULTS, params=query)
        self.sent += 1
        body = conforming(RESULTS, answer)
        if answer.status_code == 404:
            assert page > 1
            return
        found = [result["id"] for result in body["results"]]
        assert found == sorted(found, reverse=True)
        assert len(found) == min(size, max(0, body["count"] - (page - 1) * size))
        assert (body["next"] is None) == (page * size >= body["count"])
        assert (body["previous"] is None) == (page == 1)
        if agent is None:
            assert body["count"] == self.listed_before + len(self.known)
        for result in body["results"]:
            assert agent in (None, result["agent"])
            check_counts(result, result["runs"])
            if result["id"] in self.known:
                self.see(result["id"], result, result["runs"])

    @precondition(lambda self: self.known)
    @rule(choice=st.integers(0, 99))
    def find_by_name(self, choice: int) -> None:
        number = self.some(choice)
        name = self.known[number].name
        if name is not None:
            page = self.api.listed(search=name, page_size=1000)
            self.sent += 1
            assert number in [result["id"] for result in page["results"]]

    @precondition(lambda self: self.known)
    @rule(choice=st.integers(0, 99))
    def end_calls(self, choice: int) -> None:
        number = self.some(choice)
        conforming(END_CALLS, self.api.end_calls(number))
        self.sent += 1
        self.known[number].stopped = True

    @rule(seconds=st.sampled_from([0, 0.5, 1, 9.99, 10, 25, 300]))
    def time_goes_on(self, seconds: float) -> None:
        self.clock.now += seconds

    def see(self, number: int, result: Mapping[str, Any], runs: list[dict[str, Any]]) -> None:
        """Nothing is lost, nothing goes back, and nothing goes on that was stopped."""
        known = self.known[number]
        assert (result["agent"], result["name"]) == (known.agent, known.name or result["name"])
        known.name = result["name"]
        assert [run["id"] for run in runs] == [*known.runs]
        for run in runs:
            status, success = known.runs[run["id"]]
            if status in ENDED:
                assert run["status"] == status
            if success is not None:
                assert run["success"] is success
            known.runs[run["id"]] = run["status"], run["success"]
        assert not known.stopped or result["status"] in ENDED

    @invariant()
    def the_books_agree(self) -> None:
        runs = sum(len(known.runs) for known in self.known.values())
        launches, billed = self.books
        assert self.sandbox.credits == self.credits - runs
        assert self.sandbox.launches == launches + len(self.known)
        assert self.sandbox.billed_runs == billed + runs
        received = self.sandbox.requests[self.journal :]
        assert len(received) == self.sent
        by_result = {r.result_id: r.runs for r in received if r.result_id is not None}
        assert by_result == {number: len(known.runs) for number, known in self.known.items()}
        assert sum(request.runs for request in received) == runs

    def teardown(self) -> None:
        for number in self.known:  # their places are free for the next sequence
            self.api.end_calls(number)


@pytest.mark.parametrize(
    "pace",
    [
        {"pace": 0},
        {"pace": 10, "score_delay": 15},
        {"pace": 1, "score_delay": 2, "by_reads": True},
    ],
    ids=["at once", "with time", "by reads"],
)
def test_any_sequence(pace: dict[str, Any], clock: Clock) -> None:
    """Ids, counts, states, the balance and the journal agree after any sequence of requests."""
    with Sandbox(state=STATE, clock=clock, **pace) as sandbox:
        api = Api(sandbox)

        class OfThisSandbox(Sequence):
            def __init__(self) -> None:
                super().__init__(sandbox, api, clock)

        with api.http:
            run_state_machine_as_test(
                OfThisSandbox,
                settings=settings(
                    max_examples=25,
                    stateful_step_count=25,
                    suppress_health_check=[HealthCheck.too_slow],
                ),
            )
