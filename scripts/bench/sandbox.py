"""What the sandbox bears: a large result, many results, many connections.

The yardstick of each time is something bare, measured in the same run: the encoding and decoding of
the same JSON, and a server of the same kind that answers every request with two bytes.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Iterator,
)
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from scripts.bench.table import Figure

RUNS, RESULTS, CONNECTIONS, ROUNDS = 2_000, 500, 200, 4
_VOICE = "/test_framework/v1/scenarios/run_scenarios/"
_LIST = "/test_framework/v1/results/"

_BARE = """
import asyncio, socket, uvicorn
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200,
                "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})
listening = socket.create_server(("127.0.0.1", 0))
listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
config = uvicorn.Config(app, http="h11", loop="asyncio", lifespan="off", log_level="error")
asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))
"""


def figures() -> Iterator[Figure]:
    """Measure; about a minute."""
    with _server("-m", "cekura_client.sandbox", "--pace", "0") as (process, url):
        before = _memory(process)
        yield from _large_result(url)
        yield from asyncio.run(_many_results(url))
        after = _memory(process)
    total = RUNS + RESULTS * 10
    per_run = (after - before) / total
    text = (
        f"{per_run:.1f} kB a run; {after / 1024:.0f} MB in all, of which {before / 1024:.0f} idle"
    )
    yield Figure("memory of the sandbox's process (RSS) after all this", text)


def _large_result(url: str) -> Iterator[Figure]:
    with httpx.Client(base_url=url, headers=_HEADERS, timeout=60, trust_env=False) as client:
        began = time.perf_counter()
        started = client.post(_VOICE, json={"scenarios": [101], "frequency": RUNS}).json()
        launched = time.perf_counter() - began
        times: list[float] = []
        answer = b""
        for _ in range(ROUNDS):
            began = time.perf_counter()
            answer = client.get(f"{_LIST}{started['id']}/").content
            times.append(time.perf_counter() - began)
    bare = min(_timed(lambda: json.dumps(json.loads(answer))) for _ in range(ROUNDS))
    size = len(answer) / 1e6
    yield Figure(
        f"launching {RUNS:,} runs, against decoding and encoding their result as JSON",
        f"{launched / bare:.1f} × ({launched * 1000:.0f} ms)",
    )
    yield Figure(
        f"reading that result ({size:.1f} MB), against the same",
        f"{min(times) / bare:.1f} × ({min(times) * 1000:.0f} ms)",
    )


async def _many_results(url: str) -> list[Figure]:
    """As many launches at once as there are connections, then all results read at once."""
    ids: list[int] = []

    async def launch(client: httpx.AsyncClient, _: int) -> None:
        answer = await client.post(_VOICE, json={"scenarios": [101, 102], "frequency": 5})
        ids.append(answer.json().get("id", 0))

    async def read(client: httpx.AsyncClient, number: int) -> None:
        await client.get(f"{_LIST}{ids[number]}/")

    async def round_trips(address: str) -> tuple[float, float]:
        ids.clear()
        async with _client(address) as client:
            await _at_once(lambda _: client.get("/_sandbox/state"), range(CONNECTIONS))  # connect
            times: list[float] = []
            for work in (launch, read):
                began = time.perf_counter()
                await _at_once(partial(work, client), range(RESULTS))
                times.append(time.perf_counter() - began)
            return times[0], times[1]

    launched, fetched = await round_trips(url)
    async with _client(url) as client:
        began = time.perf_counter()
        page = await client.get(_LIST, params={"page_size": 100, "page": 3})
        listed = time.perf_counter() - began
    assert page.json()["count"] == RESULTS + 1
    with _server("-c", _BARE) as (_, bare_url):
        bare_launched, bare_fetched = await round_trips(bare_url)
    of = f"over {CONNECTIONS} connections, against a server that answers {{}}"
    return [
        Figure(f"{RESULTS} launches of 10 runs {of}", _ratio(launched, bare_launched)),
        Figure(f"reading {RESULTS} results of 10 runs {of}", _ratio(fetched, bare_fetched)),
        Figure("a page of 100 results of the list", f"{listed * 1000:.0f} ms"),
    ]


def _ratio(mine: float, bare: float) -> str:
    return f"{mine / bare:.1f} × ({mine:.2f} s)"


async def _at_once(send: Callable[[int], Awaitable[object]], numbers: Iterable[int]) -> None:
    """As many requests at a time as there are connections; httpx is slow where more wait."""
    places = asyncio.Semaphore(CONNECTIONS)

    async def one(number: int) -> None:
        async with places:
            await send(number)

    await asyncio.gather(*map(one, numbers))


_HEADERS = {"X-CEKURA-API-KEY": "sandbox-key"}


@asynccontextmanager
async def _client(url: str) -> AsyncGenerator[httpx.AsyncClient, None]:
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(
        base_url=url, headers=_HEADERS, limits=limits, timeout=120, trust_env=False
    ) as client:
        yield client


@contextmanager
def _server(*command: str) -> Generator[tuple[subprocess.Popen[str], str], None, None]:
    """A server in a process of its own, and the address that it prints first."""
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip().removeprefix("CEKURA_API_URL=")
        finally:
            process.kill()


def _memory(process: subprocess.Popen[str]) -> int:
    """The resident memory of a process in kB, as Linux tells it; 0 elsewhere."""
    status = Path(f"/proc/{process.pid}/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
