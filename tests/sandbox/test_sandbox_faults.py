"""Every fault, as it looks on the wire to a client that knows nothing but sockets."""

import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from cekura_client.sandbox import Fault, Outcome, Sandbox
from tests.sandbox.support import RESULTS, V1_RESULTS, VOICE, Clock

LAUNCH = json.dumps({"scenarios": [101], "frequency": 2})


class Wire:
    """One connection to a sandbox."""

    def __init__(self, sandbox: Sandbox, key: str | None = None) -> None:
        self._key = key or sandbox.api_key
        parts = urlsplit(sandbox.url)
        self._socket = socket.create_connection((parts.hostname, parts.port or 80), timeout=10)

    def send(self, method: str, path: str, body: str = "") -> None:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-CEKURA-API-KEY: {self._key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self._socket.sendall(f"{head}Connection: close\r\n\r\n{body}".encode())

    def pieces(self) -> list[bytes]:
        """What arrives until the connection is closed, as it comes."""
        found: list[bytes] = []
        with self._socket:
            while piece := self._socket.recv(1 << 16):
                found.append(piece)
        return found


def asked(sandbox: Sandbox, method: str = "POST", path: str = VOICE, body: str = LAUNCH) -> bytes:
    wire = Wire(sandbox)
    wire.send(method, path, body if method == "POST" else "")
    return b"".join(wire.pieces())


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def _split(answer: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    return {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}, body


def _listed(sandbox: Sandbox) -> Any:
    return json.loads(_split(asked(sandbox, "GET", RESULTS))[1])


@pytest.fixture(scope="module")
def shared() -> Any:
    with Sandbox(pace=0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Any:
    """Without rules, before and after."""
    shared.faults.clear()
    yield shared
    shared.faults.clear()


def _launched(sandbox: Sandbox, before: int) -> int:
    return sandbox.launches - before


@pytest.mark.parametrize(
    ("rule", "status", "body"),
    [
        ({"status": 503}, 503, b'{"detail": "A fault rule of the sandbox made this answer."}'),
        ({"status": 500, "body": "<h1>Oops</h1>"}, 500, b"<h1>Oops</h1>"),
        ({"status": 200, "body": "<h1>Maintenance</h1>"}, 200, b"<h1>Maintenance</h1>"),
        ({"status": 400, "body": ["Invalid personalities provided."]}, 400, b'["Invalid'),
        ({"status": 429, "headers": {"Retry-After": "7"}}, 429, b'{"detail"'),
        ({"redirect": "https://elsewhere.test/"}, 307, b""),
    ],
)
@pytest.mark.parametrize("commit", [False, True])
def test_another_answer(
    sandbox: Sandbox, rule: dict[str, Any], status: int, body: bytes, commit: bool
) -> None:
    """The launch is carried out first, or never happens, as the rule says."""
    if "redirect" in rule and commit:
        with pytest.raises(ValueError, match="commit goes with status or drop"):
            sandbox.faults.add(operation="launch", commit=True, **rule)
        return
    before = sandbox.launches
    sandbox.faults.add(operation="launch", commit=commit, **rule)
    answer = asked(sandbox)
    headers, said = _split(answer)
    assert (_status(answer), said[: len(body)]) == (status, body)
    assert headers.get("retry-after") == rule.get("headers", {}).get("Retry-After")
    assert headers.get("location") == rule.get("redirect")
    html = isinstance(rule.get("body"), str)
    assert headers.get("content-type", "").startswith("text/html" if html else "") or not html
    assert _launched(sandbox, before) == commit
    last = sandbox.requests[-1]
    assert (last.status, last.runs) == (status, 2 * commit)
    assert last.fault is not None
    assert last.fault.endswith("after commit") is commit


@pytest.mark.parametrize("commit", [False, True])
def test_a_connection_that_is_closed_without_an_answer(sandbox: Sandbox, commit: bool) -> None:
    """After the launch, or before it; the journal has no status."""
    before = sandbox.launches
    sandbox.faults.add(operation="run_voice", drop=True, commit=commit)
    assert asked(sandbox) == b""
    assert _launched(sandbox, before) == commit
    assert sandbox.requests[-1].status is None
    assert _listed(sandbox)["count"] == sandbox.launches


@pytest.mark.parametrize("cut", [0, 1, 40])
def test_a_body_that_breaks_off(sandbox: Sandbox, cut: int) -> None:
    """The head promises the whole, so many bytes come, and the connection is closed."""
    before = sandbox.launches
    sandbox.faults.add(operation="launch", cut=cut)
    headers, body = _split(asked(sandbox))
    assert len(body) == cut
    assert int(headers["content-length"]) > 40
    assert _launched(sandbox, before) == 1


def test_a_slow_body(sandbox: Sandbox) -> None:
    """The answer is whole, and comes in pieces over that time."""
    sandbox.faults.add(operation="list_results", slow=0.2)
    wire = Wire(sandbox)
    began = time.monotonic()
    wire.send("GET", RESULTS)
    pieces = wire.pieces()
    assert time.monotonic() - began >= 0.19
    assert len(pieces) > 5
    assert json.loads(_split(b"".join(pieces))[1])["count"] == sandbox.launches


def test_a_delay(sandbox: Sandbox) -> None:
    """Before anything is done."""
    sandbox.faults.add(operation="get_result", delay=0.1)
    began = time.monotonic()
    assert _status(asked(sandbox, "GET", f"{RESULTS}1/")) == 404
    assert time.monotonic() - began >= 0.1


def test_a_new_result_is_not_in_the_list_for_a_while() -> None:
    """It can be read by its id meanwhile."""
    clock = Clock()
    with Sandbox(pace=0, clock=clock) as sandbox:
        sandbox.faults.add(operation="launch", hide=30, nth=1)
        number = json.loads(_split(asked(sandbox))[1])["id"]
        asked(sandbox)
        assert [r["id"] for r in _listed(sandbox)["results"]] == [number + 1]
        assert _status(asked(sandbox, "GET", f"{RESULTS}{number}/")) == 200
        clock.now += 31
        assert _listed(sandbox)["count"] == 2


def test_only_the_nth_request(sandbox: Sandbox) -> None:
    """Counted from when the rule was made, among those that it is about."""
    sandbox.faults.add(operation="list_results", nth=3, status=500)
    statuses = [_status(asked(sandbox, "GET", RESULTS)) for _ in range(2)]
    asked(sandbox)
    statuses += [_status(asked(sandbox, "GET", RESULTS)) for _ in range(2)]
    assert statuses == [200, 200, 500, 200]


def test_a_rule_applies_at_most_times_times(sandbox: Sandbox) -> None:
    """The first requests, and then no more."""
    sandbox.faults.add(status=502, times=2)
    assert [_status(asked(sandbox, "GET", RESULTS)) for _ in range(3)] == [502, 502, 200]
    assert [(r["met"], r["applied"]) for r in sandbox.faults] == [(3, 2)]


def test_chances_repeat_with_the_same_seed() -> None:
    """Drawn from the sandbox's seed."""

    def statuses(seed: int) -> list[int]:
        with Sandbox(pace=0, seed=seed) as sandbox:
            sandbox.faults.add(operation="list_results", status=500, probability=0.5)
            return [_status(asked(sandbox, "GET", RESULTS)) for _ in range(20)]

    first = statuses(1)
    assert first == statuses(1) != statuses(2)
    assert set(first) == {200, 500}


def test_the_oldest_rule_that_applies_is_used(sandbox: Sandbox) -> None:
    """One at a time; each counts what it is about."""
    sandbox.faults.add(status=500, times=1)
    sandbox.faults.add(status=501, times=1)
    assert [_status(asked(sandbox, "GET", RESULTS)) for _ in range(3)] == [500, 501, 200]
    assert [rule["met"] for rule in sandbox.faults] == [3, 3]


def test_without_the_key_it_is_401_unless_a_fault_comes_first(sandbox: Sandbox) -> None:
    """A proxy that is down answers everybody alike."""
    wire = Wire(sandbox, "wrong")
    wire.send("GET", RESULTS)
    assert _status(b"".join(wire.pieces())) == 401
    sandbox.faults.add(status=503)
    wire = Wire(sandbox, "wrong")
    wire.send("GET", RESULTS)
    assert _status(b"".join(wire.pieces())) == 503


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({}, "the rule does nothing"),
        ({"commit": True, "delay": 1}, "commit goes with status or drop"),
        (
            {"operation": "run_vioce", "status": 500},
            "unknown operation 'run_vioce'; there are *, launch",
        ),
        ({"status": 500, "drop": True}, "one answer cannot be status and drop"),
        ({"cut": 0, "drop": True}, "one answer cannot be drop and cut"),
        ({"status": 99}, "`int` >= 200"),
        ({"statuss": 500}, "unknown field `statuss`"),
        ({"drop": True, "body": "x"}, "body and headers go with status"),
        ({"drop": True, "probability": 2}, "`float` <= 1.0"),
        ({"drop": True, "nth": 0}, "`int` >= 1"),
    ],
)
def test_an_invalid_rule_is_refused(sandbox: Sandbox, rule: dict[str, Any], says: str) -> None:
    """With the reason; no rule is made."""
    with pytest.raises(ValueError, match="not a valid fault: ") as caught:
        sandbox.faults.add(**rule)
    assert says in str(caught.value)
    assert list(sandbox.faults) == []


def test_a_rule_can_be_given_whole(sandbox: Sandbox) -> None:
    """As a `Fault`, made elsewhere."""
    sandbox.faults.take(Fault(operation="end_calls", status=500))
    assert [rule["operation"] for rule in sandbox.faults] == ["end_calls"]
    assert _status(asked(sandbox, "POST", f"{V1_RESULTS}1/end_calls/", "")) == 500


def test_a_closed_connection_does_not_disturb_others(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is logged, and requests that go on are answered."""
    open_one = Wire(sandbox)
    sandbox.faults.add(operation="launch", drop=True)
    sandbox.faults.add(operation="list_results", cut=3, nth=2)
    for _ in range(5):
        assert asked(sandbox) == b""
    open_one.send("GET", RESULTS)
    assert _status(b"".join(open_one.pieces())) == 200
    asked(sandbox, "GET", RESULTS)
    assert not caplog.records


def test_faults_and_outcomes_can_be_combined() -> None:
    """A lost answer to a launch whose runs fail later."""
    with Sandbox(pace=0, outcomes={101: Outcome.FAILED}) as sandbox:
        sandbox.faults.add(operation="launch", drop=True, commit=True, times=1)
        assert asked(sandbox) == b""
        (result,) = _listed(sandbox)["results"]
        assert [run["success"] for run in result["runs"]] == [False, False]
        assert (sandbox.launches, sandbox.billed_runs) == (1, 2)
