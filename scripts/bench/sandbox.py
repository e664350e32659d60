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

import httpx

from scripts.bench.environments import Environments
from scripts.bench.metrics import Metric
from scripts.bench.turns import resident

RUNS, RESULTS, CONNECTIONS, ROUNDS = 2_000, 500, 200, 4
_VOICE = "/test_framework/v1/scenarios/run_scenarios/"
_LIST = "/test_framework/v2/results/"

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


def metrics(_: Environments) -> Iterator[Metric]:
    """Measure; about a minute, in the environment for development, which has the extra `sandbox`."""
    with _server("-m", "cekura_client.sandbox", "--pace", "0") as (process, url):
        before = resident(process.pid)
        yield from _large_result(url)
        yield from asyncio.run(_many_results(url))
        after = resident(process.pid)
    yield Metric(
        "sandbox-memory",
        "memory of the sandbox's process for each run after all this",
        "kB",
        ours=(after - before) * 1024 / (RUNS + RESULTS * 10),
        note=f"{after:.0f} MB in all, of which {before:.0f} idle",
    )


def _large_result(url: str) -> Iterator[Metric]:
    with httpx.Client(base_url=url, headers=_HEADERS, timeout=60, trust_env=False) as client:
        began = time.perf_counter()
        started = client.post(_VOICE, json={"scenarios": [101], "frequency": RUNS}).json()
        launched = time.perf_counter() - began
        times: list[float] = []
        bare: list[float] = []
        answer = b""
        for _ in range(ROUNDS):
            began = time.perf_counter()
            answer = client.get(f"{_LIST}{started['id']}/").content
            times.append(time.perf_counter() - began)
            began = time.perf_counter()
            json.dumps(json.loads(answer))
            bare.append(time.perf_counter() - began)
    of, size = "decoding and encoding it as JSON", len(answer) / 1e6
    yield _metric(
        "sandbox-launch",
        f"sandbox: launching {RUNS:,} runs",
        launched,
        min(bare),
        "decoding and encoding their result as JSON",
    )
    what = f"sandbox: reading that result ({size:.1f} MB)"
    yield _metric("sandbox-read", what, min(times), min(bare), of)


async def _many_results(url: str) -> list[Metric]:
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
    of = f"over {CONNECTIONS} connections"
    bare = "a server that answers {}"
    return [
        _metric(
            "sandbox-launches",
            f"sandbox: {RESULTS} launches of 10 runs {of}",
            launched,
            bare_launched,
            bare,
        ),
        _metric(
            "sandbox-reads",
            f"sandbox: reading {RESULTS} results of 10 runs {of}",
            fetched,
            bare_fetched,
            bare,
        ),
        Metric(
            "sandbox-list",
            "sandbox: a page of 100 results of the list",
            "ms",
            ours=listed * 1000,
        ),
    ]


def _metric(name: str, what: str, ours: float, baseline: float, baseline_is: str) -> Metric:
    return Metric(
        name, what, "ms", ours=ours * 1000, baseline=baseline * 1000, baseline_is=baseline_is
    )


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
