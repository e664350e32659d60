"""What a flow may ask for, and the clock it reads.

An operation is a generator that yields effects and receives what came of them; a driver carries
them out (`cekura_client.wire.drivers`). So every operation is written once for both modes. What is an
effect either waits, which is awaited in one mode and blocks in the other, or leaves the flow.
"""

import random
import time
import uuid
from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import Any, TypeVar

import httpx
from attrs import field, frozen

T = TypeVar("T")


@frozen
class Send:
    """Send this request once; gives the `httpx.Response`, read to its end.

    Attributes:
        request: Without the API key, which is added to a copy at the last moment.
        longest: Seconds that sending and answering may take; None for the request's own timeout.
        secrets: What the answer may not repeat, beside the API key.
        alone: Whether it travels on a connection of its own.
    """

    request: httpx.Request
    longest: float | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    alone: bool = False


@frozen
class Drop:
    """Close the connection that this answer came on: what follows on it may belong to others.

    Only the driver knows whether that is to be awaited.
    """

    answer: httpx.Response


@frozen
class Sleep:
    """Do nothing for so many seconds."""

    seconds: float


@frozen
class Notify:
    """Call the user's function with this value; an awaitable that it returns is awaited.

    It runs where the caller does, on the event loop for example, and not in a thread as `Block` does.
    """

    callback: Callable[[Any], object]
    value: object


@frozen
class Block:
    """Call a function that may block, on a file for example; gives what it returns.

    A thread keeps it from holding up the event loop.
    """

    function: Callable[[], object]


@frozen
class Parallel:
    """Run these flows at the same time, at most `MOST_PARALLEL` of them; gives what they return.

    They may only send and sleep, and what they raise they should return.
    """

    flows: Sequence["Flow[Any]"]


@frozen
class Emit:
    """Hand this to whoever iterates over the flow; nobody sees it where nobody does."""

    value: object


MOST_PARALLEL = 8
"""How many requests of one wait are under way at the most. More would not make it quicker, and httpx
is slow where many wait for a connection."""

Effect = Send | Drop | Sleep | Notify | Block | Parallel | Emit
Flow = Generator[Effect, Any, T]


async def _sleep_async(seconds: float) -> None:
    import asyncio  # not needed by whoever blocks, and slow to import

    await asyncio.sleep(seconds)


@frozen
class Clock:
    """Time and chance, so that tests can have their own.

    Attributes:
        monotonic: Seconds from any start; only ever goes forward.
        now: Seconds since 1970.
        random: A number from 0 to below 1.
        sleep: Blocks for so many seconds.
        sleep_async: The same without blocking the event loop.
        token: Text that is different each time.
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep
    sleep_async: Callable[[float], Awaitable[None]] = _sleep_async
    token: Callable[[], str] = lambda: uuid.uuid4().hex


SYSTEM_CLOCK = Clock()
