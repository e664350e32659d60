"""One run, from the first launch to the exit status."""

import asyncio
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import httpx

from cekura_client import (
    AsyncCekura,
    Cekura,
    CekuraError,
    Launch,
    LaunchOutcomeUnknownError,
    Timeouts,
)
from cekura_client.effects import Clock
from cekura_client.record import ACCEPTED, REFUSED, UNKNOWN
from cekura_client.sandbox import Sandbox
from cekura_client.sandbox.world.state import DEFAULT
from scripts.chaos.account import API_KEY, BUG, Said, Server, compare
from scripts.chaos.calls import Call, plan
from scripts.chaos.proxy import GIVEN_UP, LIST, Fate, Proxy, call_number
from scripts.chaos.report import fates, outcomes, shown, verdicts

HOME = DEFAULT.projects[0].agents[0].id
THREADS, TASKS = 8, 16
# No call begins later than this, in seconds; each ends by its own timeouts a few seconds later.
LONGEST = 90.0
# The clients' clock runs so much faster: two minutes of looking up are over in 2.4 seconds. What
# waits on a socket goes by real time.
SPEED = 50.0
TIMEOUTS = Timeouts(connect=2, launch=GIVEN_UP - 0.2, read=2)
SHOWN = 5  # findings, in detail
PAGES = 10_000


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
