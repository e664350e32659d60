"""Launch under fire, and then compare the client's account with the server's, launch by launch.

A proxy in front of the sandbox damages what passes through it, at random (`scripts.chaos_proxy` has
the table). Through it a thousand launches are made, by threads that share a `Cekura` and by tasks
that share an `AsyncCekura`. Afterwards the sandbox's own list says what was really launched, and the
client must have told the truth about every single call. Takes about a minute; exit status 0 if all
is well, 1 if not.

Usage: python -m scripts.chaos [--launches N] [--seed N] [--mode sync|async|both] [--sharing N]
"""

import argparse
import asyncio
import faulthandler
import json
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import httpx

from cekura_client import AsyncCekura, Cekura, CekuraError, Launch, LaunchOutcomeUnknownError
from cekura_client.core.timeouts import Timeouts
from cekura_client.effects import Clock
from cekura_client.record import ACCEPTED, REFUSED, UNKNOWN
from cekura_client.sandbox import Sandbox
from cekura_client.sandbox.launches import HOME_AGENT
from scripts.chaos_proxy import FATES, GIVEN_UP, LIST, Fate, Proxy, call_number

BUG = "bug"
SHARED = "Nightly"
API_KEY = "chaos-key-8Hq2vX"
THREADS, TASKS = 8, 16
# No call begins later than this, in seconds; each ends by its own timeouts a few seconds later.
LONGEST = 90.0
# The clients' clock runs so much faster: two minutes of looking up are over in 2.4 seconds. What
# waits on a socket goes by real time.
SPEED = 50.0
TIMEOUTS = Timeouts(connect=2, launch=GIVEN_UP - 0.2, read=2)
# Of agents that nobody else has: the sandbox gives launches without one to agent 12.
FIRST_CALL = 1001
SHOWN = 5  # findings, in detail
PAGES = 10_000


@dataclass(frozen=True)
class Kind:
    """A way to launch.

    Attributes:
        name: For the report.
        share: How many of a hundred calls.
        operation: The method.
        arguments: Of the call with this number. One of them is the number, so that each launch can
            be told from all others on the server.
        recoverable: Whether what the list of results shows is enough to know the launch again.
    """

    name: str
    share: int
    operation: str
    arguments: Callable[[int], dict[str, Any]]
    recoverable: bool = True


def _voice(number: int, **more: object) -> dict[str, Any]:
    return {"agent_id": number, "scenarios": [101], **more}


KINDS = (
    Kind("voice, unnamed", 30, "run_voice", _voice),
    Kind("voice, own name", 16, "run_voice", lambda n: _voice(n, name=f"Release {n}")),
    Kind("voice, shared name", 12, "run_voice", lambda n: _voice(n, name=SHARED)),
    Kind(
        "voice, shared name, no agent",
        *(6, "run_voice"),
        lambda n: {"scenarios": [101], "name": SHARED, "concurrency_limit": n},
        recoverable=False,
    ),
    # No scenario has this tag: the sandbox refuses.
    Kind("voice, refused", 4, "run_voice", lambda n: {"agent_id": n, "tags": ["none has it"]}),
    Kind(
        "VAPI",
        *(20, "run_vapi_webrtc"),
        lambda n: {"agent_id": n, "scenarios": [101, 102], "vapi_assistant_id": "asst_chaos"},
    ),
    Kind(
        "websocket",
        *(12, "run_websocket"),
        lambda n: {"agent": n, "scenarios": [(101, "wss://a.example.com/x")], "frequency": 1},
        recoverable=False,
    ),
)


@dataclass(frozen=True)
class Call:
    """One call of a client's method; `number` is its own."""

    number: int
    kind: Kind
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """What the client said of a call: "accepted", "refused", "unknown", or "bug"."""

    what: str
    result_id: int | None = None
    recovered: bool = False
    detail: str = ""


@dataclass(frozen=True)
class Server:
    """What the server has.

    Attributes:
        committed: How often a launch of each call was executed.
        results: The call that each result belongs to, by its id.
        sent: What happened to each launch that came, by call and in order.
    """

    committed: Mapping[int, int]
    results: Mapping[int, int]
    sent: Mapping[int, Sequence[Fate]]


@dataclass(frozen=True)
class Finding:
    """A promise that was not kept."""

    check: str
    number: int
    detail: str = ""


CHECKS = (
    "launched twice",
    "sent again, though it might have been executed",
    "executed, but neither its id nor 'unknown' was reported",
    "the id of another launch was reported",
    "'nothing was started', but it was",
    "'unknown', though the list of results had it",
    "another exception than documented",
    "no outcome: the call was not made in time",
    "the record does not say the same",
    "the API key is in the record",
    "the server's requests and results disagree",
)
(TWICE, AGAIN, LOST, WRONG_ID, DENIED, NOT_FOUND, RAISED, NO_OUTCOME, RECORD, KEY, SERVER) = CHECKS


def compare(
    calls: Sequence[Call], said: Mapping[int, Said], server: Server, record: str
) -> list[Finding]:
    """All that is wrong with the client's account; `record` is the text of its file."""
    found = [finding for call in calls for finding in _compared(call, said, server)]
    for number in sorted({*server.committed, *server.results.values()}):
        results = sum(owner == number for owner in server.results.values())
        if results != server.committed.get(number, 0):
            found.append(Finding(SERVER, number, f"{results} results"))
    if API_KEY in record:
        found.append(Finding(KEY, 0))
    return found + list(_record_compared(calls, said, record))


def _compared(call: Call, said: Mapping[int, Said], server: Server) -> Iterator[Finding]:
    number, told = call.number, said.get(call.number)
    committed = server.committed.get(number, 0)
    if committed > 1:
        yield Finding(TWICE, number)
    if not all(fate.again for fate in server.sent.get(number, ())[:-1]):
        yield Finding(AGAIN, number)
    if told is None:
        yield Finding(NO_OUTCOME, number)
        return
    right = told.what == ACCEPTED and server.results.get(told.result_id or 0) == number
    if committed and not right and told.what != UNKNOWN:
        yield Finding(LOST, number)
    if told.what == ACCEPTED and not right:
        yield Finding(WRONG_ID, number)
    if told.what == REFUSED and committed:
        yield Finding(DENIED, number)
    if told.what == UNKNOWN and committed and call.kind.recoverable:
        yield Finding(NOT_FOUND, number)
    if told.what == BUG:
        yield Finding(RAISED, number)


def _record_compared(
    calls: Sequence[Call], said: Mapping[int, Said], record: str
) -> Iterator[Finding]:
    numbers: dict[str, int] = {}
    begun: Counter[int] = Counter()
    ended: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    # Where two write at once, an empty line may come between theirs; it says nothing.
    for line in filter(None, record.split("\n")):
        try:
            entry = json.loads(line)
            if "sent" in entry:
                number = numbers[entry["token"]] = call_number(entry["sent"])
                begun[number] += 1
            else:
                outcome = entry["outcome"], entry.get("result_id")
                ended[numbers[entry["token"]]].append(outcome)
        except (ValueError, KeyError, TypeError):
            yield Finding(RECORD, 0, f"cannot be read, or out of order: {line[:200]}")
    for call in calls:
        told = said.get(call.number)
        if told is None:
            continue
        if begun[call.number] != 1:
            yield Finding(RECORD, call.number, f"{begun[call.number]} first lines")
        if ended[call.number] != [(told.what, told.result_id)]:
            yield Finding(RECORD, call.number, f"it says {ended[call.number]}")


def plan(launches: int, seed: int, sharing: int | None = None) -> list[Call]:
    """The calls of a run; so many in a row share a name where it is shared, or all of them."""
    kinds = Random(seed).choices(KINDS, [kind.share for kind in KINDS], k=launches)
    calls = [Call(n, kind, kind.arguments(n)) for n, kind in enumerate(kinds, FIRST_CALL)]
    return [
        replace(call, arguments={**call.arguments, "name": f"{SHARED} {call.number // sharing}"})
        if sharing and call.arguments.get("name") == SHARED
        else call
        for call in calls
    ]


def _hasty(seed: int) -> Clock:
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)

    return Clock(
        # `now` stays as it is: it is compared with the server's dates.
        monotonic=lambda: time.monotonic() * SPEED,
        random=Random(seed).random,
        sleep=lambda seconds: time.sleep(seconds / SPEED),
        sleep_async=sleep,
    )


def _accepted(launch: Launch) -> Said:
    return Said(ACCEPTED, launch.result_id, launch.recovered)


def _failed(error: Exception) -> Said:
    if isinstance(error, LaunchOutcomeUnknownError):
        return Said(UNKNOWN, detail=str(error))
    if isinstance(error, CekuraError):
        return Said(REFUSED, detail=str(error))
    return Said(BUG, detail="".join(traceback.format_exception(error, limit=-4, chain=False)))


def _with_threads(
    calls: Sequence[Call], options: Mapping[str, Any], may_begin: Callable[[], bool]
) -> dict[int, Said]:
    said: dict[int, Said] = {}

    def make(call: Call) -> None:
        if may_begin():
            try:
                launch = getattr(cekura, call.kind.operation)(**call.arguments)
                said[call.number] = _accepted(launch)
            except Exception as error:  # noqa: BLE001 - a finding
                said[call.number] = _failed(error)

    with Cekura(**options) as cekura, ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(make, calls))
    return said


async def _with_tasks(
    calls: Sequence[Call], options: Mapping[str, Any], may_begin: Callable[[], bool]
) -> dict[int, Said]:
    said: dict[int, Said] = {}
    places = asyncio.Semaphore(TASKS)

    async def make(call: Call) -> None:
        async with places:
            if may_begin():
                try:
                    method = getattr(cekura, call.kind.operation)
                    said[call.number] = _accepted(await method(**call.arguments))
                except Exception as error:  # noqa: BLE001 - a finding
                    said[call.number] = _failed(error)

    async with AsyncCekura(**options) as cekura:
        await asyncio.gather(*map(make, calls))
    return said


def _truth(sandbox: Sandbox, sent: Mapping[int, Sequence[Fate]]) -> Server:
    """What the sandbox says when it is asked without the proxy."""
    committed = Counter(
        call_number(request.body)
        for request in sandbox.requests
        if request.method == "POST" and 200 <= request.status < 300
    )
    results: dict[int, int] = {}
    headers = {"X-CEKURA-API-KEY": API_KEY}
    with httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False) as http:
        for page in range(1, PAGES):
            answer = http.get(LIST, params={"page": page, "page_size": 100}).raise_for_status()
            for result in answer.json()["results"]:
                number = result["agent"]
                if number == HOME_AGENT:  # none was given: the number is elsewhere
                    whole = http.get(f"{LIST}{result['id']}/").raise_for_status().json()
                    number = call_number(whole["run_settings"])
                results[result["id"]] = number
            if answer.json()["next"] is None:
                break
    return Server(committed, results, sent)


def run(launches: int = 1000, seed: int = 1, mode: str = "both", sharing: int | None = None) -> int:
    """The whole of it; the exit status."""
    began = time.monotonic()
    calls = plan(launches, seed, sharing)
    blocking = {"sync": calls, "async": [], "both": calls[::2]}[mode]
    awaited = {"sync": [], "async": calls, "both": calls[1::2]}[mode]
    stopped = threading.Event()

    def may_begin() -> bool:
        return not stopped.is_set() and time.monotonic() < began + LONGEST

    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(pace=0, api_key=API_KEY) as sandbox,
    ):
        path = Path(folder, "launches.jsonl")
        with Proxy(sandbox.url, seed) as proxy, ThreadPoolExecutor(1) as aside:
            options = {
                "api_key": API_KEY,
                "base_url": proxy.url,
                "record": path,
                "timeouts": TIMEOUTS,
                "clock": _hasty(seed),
            }
            try:
                threads = aside.submit(_with_threads, blocking, options, may_begin)
                said = asyncio.run(_with_tasks(awaited, options, may_begin)) | threads.result()
            finally:
                stopped.set()  # at Ctrl-C, too, the threads finish the calls they are at, no more
        # Only now: what the proxy executes late is executed.
        server = _truth(sandbox, proxy.sent)
        record = path.read_text("utf-8") if path.exists() else ""
    findings = compare(calls, said, server, record)
    print(_fates(proxy.drawn), _outcomes(calls, said, server), _verdicts(findings), sep="\n\n")
    by_number = {call.number: call for call in calls}
    for finding in findings[:SHOWN]:
        print("\n" + _shown(finding, by_number, said, server))
    for fault in proxy.faults:
        print(f"\nThe proxy itself failed: {fault}")
    bad = bool(findings or proxy.faults)
    print(
        f"\n{launches} calls, seed {seed}, mode {mode}, {time.monotonic() - began:.1f} s: "
        + ("NOT ALL PROMISES WERE KEPT." if bad else "every promise was kept.")
    )
    return int(bad)


def _table(rows: Sequence[Sequence[object]]) -> str:
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in texts
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _fates(drawn: Mapping[tuple[str, str], int]) -> str:
    rows = [(fate.name, drawn["POST", fate.name], drawn["GET", fate.name]) for fate in FATES]
    total = ("all", sum(row[1] for row in rows), sum(row[2] for row in rows))
    return _table([("what was done to a request", "launches", "reads"), *rows, total])


def _outcomes(calls: Sequence[Call], said: Mapping[int, Said], server: Server) -> str:
    head = ("kind of launch", "calls", "executed", "accepted", "recovered", "refused", "unknown")
    rows: list[list[object]] = [[*head, "of these executed"]]
    for kind in (*KINDS, None):
        numbers = [call.number for call in calls if kind in (call.kind, None)]
        told = [(n, said[n]) for n in numbers if n in said]
        counts = Counter(of.what for _, of in told)
        rows.append(
            [
                kind.name if kind else "all",
                len(numbers),
                sum(server.committed.get(n, 0) for n in numbers),
                counts[ACCEPTED],
                sum(of.recovered for _, of in told),
                counts[REFUSED],
                counts[UNKNOWN],
                sum(of.what == UNKNOWN and n in server.committed for n, of in told),
            ]
        )
    return _table(rows)


def _verdicts(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.check for finding in findings)
    rows = [(check, counts[check], "WRONG" if counts[check] else "OK") for check in CHECKS]
    return _table([("what must not be", "found", ""), *rows])


def _shown(
    finding: Finding, calls: Mapping[int, Call], said: Mapping[int, Said], server: Server
) -> str:
    number = finding.number
    lines = [f"{finding.check}: call {number}. {finding.detail}"]
    if number in calls:
        told = said.get(number, Said("nothing"))
        own = [result for result, owner in server.results.items() if owner == number]
        lines += [
            f"kind: {calls[number].kind.name}",
            f"fates: {[fate.name for fate in server.sent.get(number, ())]}",
            f"the client said: {told.what}, result {told.result_id}, recovered: {told.recovered}",
            f"the server has: executed {server.committed.get(number, 0)} times, results {own}",
            *told.detail.splitlines(),
        ]
    return "\n    ".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.chaos", description=__doc__)
    parser.add_argument("--launches", type=int, default=1000, help="default 1000")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn; default 1")
    parser.add_argument("--mode", choices=("sync", "async", "both"), default="both")
    parser.add_argument(
        "--sharing",
        type=int,
        help="how many calls in a row have the same name, where names are shared; default: all. "
        "With few, a lost launch may find one other result of its name, and no more",
    )
    options = parser.parse_args(arguments)
    return run(options.launches, options.seed, options.mode, options.sharing)


if __name__ == "__main__":
    # Should anything hang after all: say where, and end.
    faulthandler.dump_traceback_later(2 * LONGEST, exit=True)
    sys.exit(main())
