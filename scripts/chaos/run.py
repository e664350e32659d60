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
from cekura_client.sandbox import Sandbox
from scripts.chaos.account import API_KEY, CHECKS, Finding, Said, Server, compare
from scripts.chaos.calls import Call, call_number, plan, rivals
from scripts.chaos.clients import accepted, client_options, failed, processes
from scripts.chaos.proxy import FATES, Proxy
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
            f"fates: {[fate.name for fate in server.sent.get(number, ())]}",
            f"the client said: {told.what}, result {told.result_id}",
            f"the server has results {[r for r, owner in server.results.items() if owner == number]}",
            *told.detail.splitlines(),
        ]
    return "\n    ".join(lines)


def _report(
    calls: Sequence[Call], said: Mapping[int, Said], proxy: Proxy, findings: Sequence[Finding]
) -> str:
    drawn = [(f.name, proxy.drawn["POST", f.name], proxy.drawn["GET", f.name]) for f in FATES]
    outcomes = Counter(
        (call.kind.name, said[call.number].what) for call in calls if call.number in said
    )
    counts = Counter(finding.check for finding in findings)
    return "\n\n".join(
        table([head, *rows])
        for head, rows in (
            (("what was done to a request", "launches", "reads"), drawn),
            (
                ("kind of launch", "outcome", "calls"),
                [(*key, n) for key, n in sorted(outcomes.items())],
            ),
            (("what must not be", "found"), [(check, counts[check]) for check in CHECKS]),
        )
    )


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

    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(pace=0, api_key=API_KEY) as sandbox,
    ):
        path = Path(folder, "launches.jsonl")
        with Proxy(sandbox.url, seed) as proxy, ThreadPoolExecutor(1) as aside:
            options = client_options(proxy.url, path, seed)
            try:
                with processes(PROCESSES, proxy.url, path, seed, len(apart)) as said_apart:
                    threads = aside.submit(_with_threads, blocking, options, may_begin)
                    said = asyncio.run(_with_tasks(awaited, options, may_begin)) | threads.result()
                said |= said_apart
            finally:
                stopped.set()  # at Ctrl-C, too, the threads finish the calls they are at, no more
        # Only now: what the proxy executes late is executed.
        results = {
            r.result_id: call_number(r.body) for r in sandbox.requests if r.result_id is not None
        }
        server = Server(results, proxy.sent)
        if sandbox.launches != len(results):
            proxy.faults.append("more requests than the sandbox remembers; use fewer launches")
        record = path.read_text("utf-8") if path.exists() else ""
    findings = compare(calls, said, server, record)
    print(_report(calls, said, proxy, findings))
    by_number = {call.number: call for call in calls}
    for finding in findings[:SHOWN]:
        print("\n" + _shown(finding, by_number, said, server))
    for fault in proxy.faults:
        print(f"\nThe proxy itself failed: {fault}")
    bad = bool(findings or proxy.faults)
    print(
        f"\n{launches} calls, seed {seed}, {time.monotonic() - began:.1f} s: "
        + ("NOT ALL PROMISES WERE KEPT." if bad else "every promise was kept.")
    )
    return int(bad)
