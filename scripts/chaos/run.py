"""One run, from the first launch to the exit status."""

import asyncio
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cekura_client import AsyncCekura, Cekura, CekuraError
from cekura_client.sandbox import Received, Sandbox
from scripts.chaos.account import API_KEY, CHECKS, Finding, Said, Server, compare
from scripts.chaos.calls import FAULTS, LATE, Call, call_number, plan, rivals
from scripts.chaos.clients import accepted, client_options, failed, processes
from scripts.tables import table

THREADS, TASKS = 8, 16
# No call begins later than this, in seconds; each ends by its own timeouts a few seconds later.
LONGEST = 90.0
# Besides, so many processes make one call for so many others.
PROCESSES, RIVAL_SHARE = 3, 5
SHOWN = 5  # findings, in detail


def _with_threads(
    calls: Sequence[Call], options: Mapping[str, Any], may_begin: Callable[[], bool]
) -> dict[int, Said]:
    said: dict[int, Said] = {}

    def make(call: Call) -> None:
        if may_begin():
            try:
                launch = getattr(cekura, call.kind.operation)(**call.arguments)
            except Exception as error:  # noqa: BLE001 - a finding
                said[call.number] = failed(error)
                return
            try:
                said[call.number] = accepted(launch, cekura.get_result(launch))
            except CekuraError:  # nobody waits for long here
                said[call.number] = accepted(launch)

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
                method = getattr(cekura, call.kind.operation)
                task = asyncio.ensure_future(method(**call.arguments))
                if call.interrupted_after is not None:
                    asyncio.get_running_loop().call_later(call.interrupted_after, task.cancel)
                try:
                    said[call.number] = accepted(await task)
                except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - a finding
                    said[call.number] = failed(error)

    async with AsyncCekura(**options) as cekura:
        await asyncio.gather(*map(make, calls))
    return said


def _shown(
    finding: Finding, calls: Mapping[int, Call], said: Mapping[int, Said], server: Server
) -> str:
    number = finding.number
    lines = [f"{finding.check}: call {number}. {finding.detail}"]
    if number in calls:
        told = said.get(number, Said("nothing"))
        lines += [
            f"kind: {calls[number].kind.name}",
            f"statuses of the answers: {server.sent.get(number)}",
            f"the client said: {told.what}, result {told.result_id}",
            f"the server has results {[r for r, owner in server.results.items() if owner == number]}",
            *told.detail.splitlines(),
        ]
    return "\n    ".join(lines)


def _report(
    calls: Sequence[Call],
    said: Mapping[int, Said],
    requests: Sequence[Received],
    findings: Sequence[Finding],
) -> str:
    drawn = Counter(
        (r.fault or "nothing", "launch" if r.method == "POST" else "read") for r in requests
    )
    outcomes = Counter(
        (call.kind.name, said[call.number].what) for call in calls if call.number in said
    )
    counts = Counter(finding.check for finding in findings)
    tables: list[list[tuple[object, ...]]] = [
        [("what was done", "to a", "times"), *((*key, n) for key, n in sorted(drawn.items()))],
        [
            ("kind of launch", "outcome", "calls"),
            *((*key, n) for key, n in sorted(outcomes.items())),
        ],
        [("what must not be", "found"), *((check, counts[check]) for check in CHECKS)],
    ]
    return "\n\n".join(map(table, tables))


def run(launches: int = 1000, seed: int = 1) -> int:
    """The whole of it; the exit status."""
    began = time.monotonic()
    calls = plan(launches, seed)
    blocking, awaited = calls[::2], calls[1::2]
    apart = rivals(launches // RIVAL_SHARE, seed)
    calls = [*calls, *apart]
    stopped = threading.Event()

    def may_begin() -> bool:
        return not stopped.is_set() and time.monotonic() < began + LONGEST

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "launches.jsonl")
        with Sandbox(pace=0, api_key=API_KEY, seed=seed) as sandbox, ThreadPoolExecutor(1) as aside:
            for fault in FAULTS:
                sandbox.faults.add(**fault)
            options = client_options(sandbox.url, path, seed)
            try:
                with processes(PROCESSES, sandbox.url, path, seed, len(apart)) as said_apart:
                    threads = aside.submit(_with_threads, blocking, options, may_begin)
                    said = asyncio.run(_with_tasks(awaited, options, may_begin)) | threads.result()
                said |= said_apart
            finally:
                stopped.set()  # at Ctrl-C, too, the threads finish the calls they are at, no more
            time.sleep(LATE)  # what is executed late is executed
            requests = [request for request in sandbox.requests if request.operation is not None]
        record = path.read_text("utf-8") if path.exists() else ""
    results: dict[int, int] = {}
    sent: dict[int, list[int | None]] = {}
    for request in requests:
        if request.method == "POST":
            number = call_number(request.body)
            sent.setdefault(number, []).append(request.status)
            if request.result_id is not None:
                results[request.result_id] = number
    server = Server(results, sent)
    findings = compare(calls, said, server, record)
    print(_report(calls, said, requests, findings))
    by_number = {call.number: call for call in calls}
    for finding in findings[:SHOWN]:
        print("\n" + _shown(finding, by_number, said, server))
    remembered = len(results) == sandbox.launches
    if not remembered:
        print("\nThe sandbox does not remember so many requests; use fewer launches.")
    bad = bool(findings) or not remembered
    print(
        f"\n{launches} calls, seed {seed}, {time.monotonic() - began:.1f} s: "
        + ("NOT ALL PROMISES WERE KEPT." if bad else "every promise was kept.")
    )
    return int(bad)
