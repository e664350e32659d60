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

import httpx

from cekura_client import AsyncCekura, Cekura, CekuraError
from cekura_client.sandbox import Sandbox
from cekura_client.sandbox.world.state import DEFAULT
from scripts.chaos.account import API_KEY, Said, Server, compare
from scripts.chaos.calls import Call, plan, rivals
from scripts.chaos.clients import accepted, client_options, failed, processes
from scripts.chaos.proxy import LIST, Fate, Proxy, call_number
from scripts.chaos.report import fates, outcomes, shown, verdicts

HOME = DEFAULT.projects[0].agents[0].id
THREADS, TASKS = 8, 16
# No call begins later than this, in seconds; each ends by its own timeouts a few seconds later.
LONGEST = 90.0
# Besides, so many processes make one call for so many others.
PROCESSES, RIVAL_SHARE = 3, 5
SHOWN = 5  # findings, in detail
PAGES = 10_000


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


def _truth(sandbox: Sandbox, sent: Mapping[int, Sequence[Fate]]) -> Server:
    """What the sandbox says when it is asked without the proxy."""
    committed = Counter(
        call_number(request.body) for request in sandbox.requests if request.result_id is not None
    )
    results: dict[int, int] = {}
    headers = {"X-CEKURA-API-KEY": API_KEY}
    with httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False) as http:
        for page in range(1, PAGES):
            answer = http.get(LIST, params={"page": page, "page_size": 100}).raise_for_status()
            for result in answer.json()["results"]:
                number = result["agent"]
                if number == HOME:  # none was given: the number is elsewhere
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
        server = _truth(sandbox, proxy.sent)
        record = path.read_text("utf-8") if path.exists() else ""
    findings = compare(calls, said, server, record)
    print(fates(proxy.drawn), outcomes(calls, said, server), verdicts(findings), sep="\n\n")
    by_number = {call.number: call for call in calls}
    for finding in findings[:SHOWN]:
        print("\n" + shown(finding, by_number, said, server))
    for fault in proxy.faults:
        print(f"\nThe proxy itself failed: {fault}")
    bad = bool(findings or proxy.faults)
    print(
        f"\n{launches} calls, seed {seed}, mode {mode}, {time.monotonic() - began:.1f} s: "
        + ("NOT ALL PROMISES WERE KEPT." if bad else "every promise was kept.")
    )
    return int(bad)
