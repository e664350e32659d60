"""Wait for many results in one process, and say when each came and what that took.

Usage: waiting MODE URL INTERVAL; the ids as a JSON list on standard input.

Runs in an environment that has the package and nothing else, so it imports nothing of this one.
Prints JSON: `yielded` (id, time), `cpu` in seconds, and the memory in MB before, at its peak, and
after.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from cekura_client import AsyncCekura, Cekura, Polling


def main() -> None:
    mode, url, interval = sys.argv[1:]
    ids: list[int] = json.load(sys.stdin)
    polling = Polling(first=float(interval), longest=float(interval))
    yielded: list[tuple[int | None, float]] = []

    def wait() -> None:
        with Cekura(api_key="sandbox-key", base_url=url) as cekura:
            for result in cekura.wait_all(ids, timeout=600, polling=polling):
                yielded.append((result.id, time.time()))

    async def wait_async() -> None:
        async with AsyncCekura(api_key="sandbox-key", base_url=url) as cekura:
            async for result in cekura.wait_all(ids, timeout=600, polling=polling):
                yielded.append((result.id, time.time()))

    before, began = memory("VmRSS"), time.process_time()
    if mode == "sync":
        wait()
    else:
        asyncio.run(wait_async())
    cpu = time.process_time() - began
    peak, after = memory("VmHWM"), memory("VmRSS")
    print(json.dumps([yielded, cpu, before, peak, after]))


def memory(name: str) -> float:
    """Of this process in MB, as Linux tells it; 0 elsewhere."""
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


if __name__ == "__main__":
    main()
