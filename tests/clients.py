"""A clock that does not pass by itself, and a client that is either of the two."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from itertools import count
from typing import Any

from cekura_client import AsyncCekura, Cekura
from cekura_client.effects import Clock

KEY = "test-key-Zq7"


class FakeTime:
    """Time that passes only where somebody sleeps, and a chance that is always one half."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.slept: list[float] = []
        self._tokens = count(1)

    def token(self) -> str:
        """ "token", "token-2", "token-3"…"""
        number = next(self._tokens)
        return f"token-{number}" if number > 1 else "token"

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.seconds += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)

    @property
    def clock(self) -> Clock:
        return Clock(
            monotonic=lambda: self.seconds,
            now=lambda: 1_700_000_000.0 + self.seconds,
            random=lambda: 0.5,
            sleep=self.sleep,
            sleep_async=self.sleep_async,
            token=self.token,
        )


def hasty_clock(speed: float = 10.0) -> Clock:
    """The real time, for servers that have it too, but pauses are over so much sooner."""

    async def sleep_async(seconds: float) -> None:
        await asyncio.sleep(seconds / speed)

    return Clock(
        monotonic=lambda: time.monotonic() * speed,
        sleep=lambda seconds: time.sleep(seconds / speed),
        sleep_async=sleep_async,
    )


class EitherClient:
    """`Cekura`, or `AsyncCekura` driven to the end of each call, under one set of methods."""

    def __init__(self, mode: str, **options: Any) -> None:
        self.mode = mode
        self._runner = asyncio.Runner() if mode == "async" else None
        self.client = Cekura(**options) if mode == "sync" else AsyncCekura(**options)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            if self._runner is None:
                return method(*args, **kwargs)

            async def awaited() -> Any:
                return await method(*args, **kwargs)

            return self.run(awaited())

        return call

    def wait_all(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """What the client gives one by one, in either mode."""
        found: Any = self.client.wait_all(*args, **kwargs)
        return found if isinstance(found, Iterator) else Stepped(self, found)

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run something else on this client's event loop."""
        assert self._runner is not None
        return self._runner.run(coroutine)

    def end(self) -> None:
        self.close()
        if self._runner is not None:
            self._runner.close()


class Stepped(Iterator[Any]):
    """An asynchronous generator, iterated over without `async`."""

    def __init__(self, client: EitherClient, found: AsyncGenerator[Any, None]) -> None:
        self._client = client
        self._found = found

    def __next__(self) -> Any:
        async def step() -> Any:
            return await anext(self._found)

        try:
            return self._client.run(step())
        except StopAsyncIteration:
            raise StopIteration from None

    def close(self) -> None:
        self._client.run(self._found.aclose())
