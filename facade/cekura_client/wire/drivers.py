"""Carrying out what flows ask for, once for each mode; nowhere else does control flow stand twice."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, assert_never

import httpx

from cekura_client.effects import Clock, Effect, Flow, Notify, Sleep, T, Transmit
from cekura_client.wire.settings import Settings

Perform = Callable[[Effect], Any]
PerformAsync = Callable[[Effect], Awaitable[Any]]


def drive(flow: Flow[T], perform: Perform) -> T:
    """Run a flow to its end; what an effect raises is raised inside the flow."""
    outcome: Any = None
    failure: Exception | None = None
    try:
        while True:
            # Not from within the except clause: a new error would drag the old one along, and with
            # it frames that hold the signed request.
            effect = flow.send(outcome) if failure is None else flow.throw(failure)
            outcome = failure = None
            try:
                outcome = perform(effect)
            except Exception as error:
                failure = error
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        flow.close()


async def drive_async(flow: Flow[T], perform: PerformAsync) -> T:
    """`drive`, for effects that are awaited."""
    outcome: Any = None
    failure: Exception | None = None
    try:
        while True:
            effect = flow.send(outcome) if failure is None else flow.throw(failure)
            outcome = failure = None
            try:
                outcome = await perform(effect)
            except Exception as error:
                failure = error
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        flow.close()


class Sender:
    """Adds the key to a copy of each request, for its own address only."""

    def __init__(self, settings: Settings, key_header: str, clock: Clock) -> None:
        self._origin = _origin(httpx.URL(settings.base_url))
        self._key_header = key_header
        self._api_key = settings.api_key
        self._clock = clock

    def _signed(self, effect: Transmit) -> httpx.Request:
        request = effect.request
        if _origin(request.url) != self._origin:
            raise httpx.UnsupportedProtocol(
                f"{request.url.host} is not the address that this client is for"
            )
        headers = request.headers.copy()
        headers[self._key_header] = self._api_key.reveal()
        extensions = dict(request.extensions)
        if effect.longest is not None:
            timeouts = dict[str, float | None](extensions.get("timeout", {}))
            extensions["timeout"] = {
                phase: effect.longest if limit is None else min(limit, effect.longest)
                for phase, limit in timeouts.items()
            }
        return httpx.Request(
            request.method,
            request.url,
            headers=headers,
            stream=request.stream,
            extensions=extensions,
        )


class SyncSender(Sender):
    """Performs effects by blocking."""

    def __init__(
        self, settings: Settings, key_header: str, clock: Clock, inner: httpx.BaseTransport
    ) -> None:
        super().__init__(settings, key_header, clock)
        self.inner = inner

    def perform(self, effect: Effect) -> Any:
        match effect:
            case Transmit():
                response = self.inner.handle_request(self._signed(effect))
                try:
                    response.read()
                finally:
                    response.close()
                return response
            case Sleep(seconds=seconds):
                return self._clock.sleep(seconds)
            case Notify(callback=callback, value=value):
                return callback(value)
            case _:
                assert_never(effect)


class AsyncSender(Sender):
    """Performs effects on the event loop."""

    def __init__(
        self, settings: Settings, key_header: str, clock: Clock, inner: httpx.AsyncBaseTransport
    ) -> None:
        super().__init__(settings, key_header, clock)
        self.inner = inner

    async def perform(self, effect: Effect) -> Any:
        match effect:
            case Transmit():
                response = await self.inner.handle_async_request(self._signed(effect))
                try:
                    await response.aread()
                finally:
                    await response.aclose()
                return response
            case Sleep(seconds=seconds):
                return await self._clock.sleep_async(seconds)
            case Notify(callback=callback, value=value):
                called = callback(value)
                return await called if inspect.isawaitable(called) else called
            case _:
                assert_never(effect)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
