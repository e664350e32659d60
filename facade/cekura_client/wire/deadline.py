"""One deadline for all that a blocking request reads; httpx limits each read by itself only.

A server that sends one byte at a time, or one 103 after the other, would hold a request for ever.
Awaited requests have `asyncio.timeout` for it.
"""

import math
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import httpcore


class _Current(threading.local):
    until = math.inf


_current = _Current()


@contextmanager
def deadline(seconds: float | None) -> Generator[None, None, None]:
    """Whatever this thread reads in the block, by connections that were traced, ends in time."""
    _current.until = math.inf if seconds is None else time.monotonic() + seconds
    try:
        yield
    finally:
        _current.until = math.inf


class Trace:
    """For the extension `trace` of a request: sees each connection that is opened for it."""

    def __init__(self) -> None:
        self._streams: list[Any] = []

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._streams.append(info["return_value"])
            _limit(info["return_value"])

    def close(self) -> None:
        """Close these connections, without the pool that they belong to."""
        for stream in self._streams:
            stream.close()


def _limit(stream: Any) -> None:
    """The connection outlives the request, so the limit is that of whichever thread reads."""
    read = stream.read

    def limited(max_bytes: int, timeout: float | None = None) -> bytes:
        left = _current.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        limit = left if timeout is None else min(timeout, left)
        found: bytes = read(max_bytes, None if limit == math.inf else limit)
        return found

    stream.read = limited
