"""5,000 results that one process waits for.

They are launched beforehand, evenly over 30 s, on a sandbox where each ends 40 s after its launch; so
when the waiting begins none has ended, and then they end evenly over 30 s. A look is taken every 5 s.
How late a result comes is the moment at which `wait_all` yields it, less its launch (as the server
dates it), less 40 s; whoever reads each result every 5 s would be 2.5 s late on average. Requests are
counted by the server. CPU seconds and memory are those of the waiting process, from the making of the
client to its end; the memory is what the process had at its peak above what it had before.

The baseline of the CPU seconds is httpx reading each of these results once, eight at a time as the client
does, in threads or in tasks, on the same server afterwards.
"""

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean, quantiles

import httpx

from scripts.bench import programs
from scripts.bench.environments import FOLDER, Environments, variables
from scripts.bench.metrics import Metric, Target
from scripts.bench.turns import code, server
from scripts.processes import ToolError, finished

RESULTS, SPREAD, PACE, INTERVAL = 5_000, 30.0, 10.0, 5.0
_LAUNCH = "/test_framework/v1/scenarios/run_scenarios/"
_WAITING = str(Path(programs.__path__[0]) / "waiting.py")
_EIGHT = {"sync": "threads", "async": "tasks"}
_COUNTED = 10_000  # the sandbox keeps no more requests

_READING = {
    "sync": """
import httpx, json, sys, time
from concurrent.futures import ThreadPoolExecutor
ids = json.load(open(sys.argv[2]))
client = httpx.Client(base_url=sys.argv[1], headers={"X-CEKURA-API-KEY": "sandbox-key"})
def read(number):
    client.get(f"/test_framework/v2/results/{number}/").json()
read(ids[0])
began = time.process_time()
with ThreadPoolExecutor(8) as threads:
    list(threads.map(read, ids))
print(time.process_time() - began)
""",
    "async": """
import asyncio, httpx, json, sys, time
ids = json.load(open(sys.argv[2]))
client = httpx.AsyncClient(base_url=sys.argv[1], headers={"X-CEKURA-API-KEY": "sandbox-key"})
async def main():
    places = asyncio.Semaphore(8)
    async def read(number):
        async with places:
            (await client.get(f"/test_framework/v2/results/{number}/")).json()
    await read(ids[0])
    began = time.process_time()
    await asyncio.gather(*map(read, ids))
    print(time.process_time() - began)
asyncio.run(main())
""",
}


@dataclass(frozen=True)
class Waited:
    """What came of it; times in seconds, memory in MB."""

    lags: Sequence[float]
    requests: int
    cpu: float
    before: float
    peak: float
    after: float
    baseline_cpu: float


def metrics(environments: Environments, modes: Sequence[str]) -> Iterator[Metric]:
    """Each mode takes a minute and a half."""
    for mode in modes:
        yield from _metrics(mode, _waited(environments.plain, mode))


def _metrics(mode: str, waited: Waited) -> Iterator[Metric]:
    what = f"waiting for {RESULTS:,} results ({mode})"
    most = waited.requests >= _COUNTED
    yield Metric(
        f"waits-{mode}-requests",
        f"{what}: requests per result",
        "",
        ours=waited.requests / RESULTS,
        target=Target(1.3, of="value"),
        note="or more; the sandbox counts no further" if most else "",
    )
    centiles = quantiles(waited.lags, n=100)
    yield Metric(
        f"waits-{mode}-lag",
        f"{what}: mean lag",
        "s",
        ours=mean(waited.lags),
        target=Target(2.5, of="value"),
        note=f"median {centiles[49]:.2f} s, 99 of 100 within {centiles[98]:.2f} s, "
        f"last {max(waited.lags):.2f} s",
    )
    yield Metric(
        f"waits-{mode}-cpu",
        f"{what}: CPU",
        "s",
        ours=waited.cpu,
        baseline=waited.baseline_cpu,
        baseline_is=f"httpx with eight {_EIGHT[mode]}, each result read once",
        target=Target(10, of="value"),
    )
    yield Metric(
        f"waits-{mode}-memory",
        f"{what}: growth of the process",
        "MB",
        ours=waited.peak - waited.before,
        target=Target(60, of="value"),
        note=f"{waited.before:.0f} MB before, {waited.peak:.0f} at the peak, "
        f"{waited.after:.0f} when all had come",
    )


def _waited(python: str, mode: str) -> Waited:
    with server("standin", str(PACE)) as (process, url):
        launched = _launched(url)
        ids = json.dumps(list(launched))
        command = [python, "-I", _WAITING, mode, url, str(INTERVAL)]
        done = subprocess.run(
            command,
            input=ids,
            capture_output=True,
            check=False,
            text=True,
            env=variables(),
        )
        if done.returncode != 0:
            raise ToolError(f"waiting failed: {done.stderr.strip().rpartition(chr(10))[2]}")
        requests = _reads(process)
        baseline = _read_once(python, mode, url, ids)
    yielded, cpu, before, peak, after = json.loads(done.stdout)
    came: dict[int, float] = dict(yielded)
    if came.keys() != launched.keys():
        raise ToolError(f"{len(came)} of {RESULTS} results came")
    lags = [came[number] - began - 4 * PACE for number, began in launched.items()]
    return Waited(lags, requests, cpu, before, peak, after, baseline)


def _launched(url: str) -> dict[int, float]:
    """By id, when the server says that it was launched."""
    launched: dict[int, float] = {}
    began = time.monotonic()
    headers = {"X-CEKURA-API-KEY": "sandbox-key"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False) as client:
        for number in range(RESULTS):
            time.sleep(max(0.0, began + SPREAD * number / RESULTS - time.monotonic()))
            answer = client.post(_LAUNCH, json={"agent_id": 12, "scenarios": [101]}).json()
            launched[answer["id"]] = datetime.fromisoformat(answer["created_at"]).timestamp()
    late = time.monotonic() - began - SPREAD
    if late > 5:
        raise ToolError(
            f"this machine is too busy: launching took {late:.0f} s longer than planned"
        )
    return launched


def _reads(standin: subprocess.Popen[str]) -> int:
    assert standin.stdin is not None
    assert standin.stdout is not None
    standin.stdin.write("\n")
    standin.stdin.flush()
    return int(standin.stdout.readline())


def _read_once(python: str, mode: str, url: str, ids: str) -> float:
    """CPU seconds."""
    file = FOLDER / "ids.json"
    file.write_text(ids, "utf-8")
    return float(finished(code(python, _READING[mode], url, str(file)), FOLDER, variables()))
