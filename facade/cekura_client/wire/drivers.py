"""Carrying out what flows ask for, once for each mode; nowhere else does control flow stand twice."""

import inspect
import os
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar, assert_never

import httpx

from cekura_client.effects import (
    TOGETHER,
    Block,
    Clock,
    Effect,
    Emit,
    Flow,
    Notify,
    Sleep,
    T,
    Together,
    Transmit,
)
from cekura_client.errors import CekuraError
from cekura_client.wire.answers import IncomingAnswer
from cekura_client.wire.settings import Settings

if TYPE_CHECKING:
    import asyncio

# What blocks does without asyncio, which is slow to import.

I = TypeVar("I", httpx.BaseTransport, httpx.AsyncBaseTransport)

CLOSED = "this client is closed; nothing was sent"

Perform = Callable[[Effect], Any]
PerformAsync = Callable[[Effect], Awaitable[Any]]


def drive(flow: Flow[T], perform: Perform) -> T:
    """Run a flow to its end; what an effect raises is raised inside the flow."""
    outcome: Any = None
    failure: BaseException | None = None
    try:
        while True:
            # Not from within the except clause: a new error would drag the old one along, and with
            # it frames that hold the signed request.
            effect = flow.send(outcome) if failure is None else flow.throw(failure)
            outcome = failure = None
            try:
                outcome = perform(effect)
            except BaseException as error:
                failure = error
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        flow.close()


def iterate(flow: Flow[None], perform: Perform) -> Generator[Any, None, None]:
    """`drive`, but what the flow emits is yielded."""
    outcome: Any = None
    failure: BaseException | None = None
    try:
        while True:
            effect = flow.send(outcome) if failure is None else flow.throw(failure)
            outcome = failure = None
            if isinstance(effect, Emit):
                yield effect.value
                continue
            try:
                outcome = perform(effect)
            except BaseException as error:
                failure = error
    except StopIteration:
        return
    finally:
        flow.close()


async def iterate_async(flow: Flow[None], perform: PerformAsync) -> AsyncGenerator[Any, None]:
    """`iterate`, for effects that are awaited."""
    outcome: Any = None
    failure: BaseException | None = None
    try:
        while True:
            effect = flow.send(outcome) if failure is None else flow.throw(failure)
            outcome = failure = None
            if isinstance(effect, Emit):
                yield effect.value
                continue
            try:
                outcome = await perform(effect)
            except BaseException as error:
                failure = error
    except StopIteration:
        return
    finally:
        flow.close()


async def drive_async(flow: Flow[T], perform: PerformAsync) -> T:
    """`drive`, for effects that are awaited."""
    outcome: Any = None
    failure: BaseException | None = None
    try:
        while True:
            effect = flow.send(outcome) if failure is None else flow.throw(failure)
            outcome = failure = None
            try:
                outcome = await perform(effect)
            except BaseException as error:
                failure = error
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        flow.close()


class Sender(Generic[I]):
    """Adds the key to a copy of each request, for its own address only.

    Args:
        settings: The key and the address.
        key_header: The name of the header.
        clock: For sleeping, and for how long answers take.
        connect: Makes the transport when the first request is sent.
    """

    def __init__(
        self, settings: Settings, key_header: str, clock: Clock, connect: Callable[[], I]
    ) -> None:
        self._origin = _origin(httpx.URL(settings.base_url))
        self._key_header = key_header
        self._api_key = settings.api_key
        self._clock = clock
        self._process = os.getpid()
        self._connect: Callable[[], I] = connect
        self._lock = threading.Lock()
        self._inner: I | None = None
        self._closed = False

    @property
    def inner(self) -> I:
        """The transport that sends.

        Raises:
            CekuraError: the client is closed.
        """
        with self._lock:
            if self._closed:
                raise CekuraError(CLOSED)
            if self._inner is None:
                self._inner = self._connect()
            return self._inner

    def retire(self) -> I | None:
        """The transport, to be closed, if there is one; nothing can be sent any more."""
        with self._lock:
            self._closed = True
            return self._inner

    def _signed(self, effect: Transmit) -> httpx.Request:
        request = effect.request
        if os.getpid() != self._process:
            # Two processes on one connection would read each other's answers.
            raise CekuraError("this client was made before a fork; make a new one in each process")
        if _origin(request.url) != self._origin:
            raise CekuraError(f"{request.url.host} is not the address that this client is for")
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


class SyncSender(Sender[httpx.BaseTransport]):
    """Performs effects by blocking."""

    def perform(self, effect: Effect) -> Any:
        match effect:
            case Transmit():
                request = self._signed(effect)
                response = self.inner.handle_request(request)
                answer = IncomingAnswer(response, request, self._clock)
                try:
                    for chunk in response.iter_raw():
                        answer.add(chunk)
                except Exception as error:
                    raise answer.broken(error) from None
                finally:
                    response.close()
                return answer.whole()
            case Sleep(seconds=seconds):
                return self._clock.sleep(seconds)
            case Notify(callback=callback, value=value):
                return callback(value)
            case Block(function=function):
                return function()
            case Together(flows=flows):
                return self._together(flows)
            case Emit():
                return None
            case _:
                assert_never(effect)

    def _together(self, flows: Sequence[Flow[Any]]) -> list[Any]:
        if len(flows) < 2:
            return [drive(flow, self.perform) for flow in flows]
        jobs = list(enumerate(flows))[::-1]
        done: SimpleQueue[tuple[int, Any, BaseException | None]] = SimpleQueue()

        def work() -> None:
            while True:
                try:
                    number, flow = jobs.pop()
                except IndexError:
                    return
                try:
                    done.put((number, drive(flow, self.perform), None))
                except BaseException as error:
                    done.put((number, None, error))

        for _ in range(min(TOGETHER, len(flows))):
            # Not of a pool, whose threads Python waits for when it ends: whoever leaves by Ctrl-C does
            # not want to wait for answers.
            threading.Thread(target=work, name="cekura-client", daemon=True).start()
        outcomes: dict[int, Any] = {}
        try:
            while len(outcomes) < len(flows):
                number, outcome, failure = done.get()
                if failure is not None:
                    raise failure
                outcomes[number] = outcome
        finally:
            jobs.clear()
        return [outcomes[number] for number in range(len(flows))]


class AsyncSender(Sender[httpx.AsyncBaseTransport]):
    """Performs effects on the event loop."""

    _loop: "asyncio.AbstractEventLoop | None" = None

    async def perform(self, effect: Effect) -> Any:
        import asyncio

        match effect:
            case Transmit():
                self._stay_on_one_loop()
                request = self._signed(effect)
                response = await self.inner.handle_async_request(request)
                answer = IncomingAnswer(response, request, self._clock)
                try:
                    async for chunk in response.aiter_raw():
                        answer.add(chunk)
                except Exception as error:
                    raise answer.broken(error) from None
                finally:
                    await response.aclose()
                return answer.whole()
            case Sleep(seconds=seconds):
                return await self._clock.sleep_async(seconds)
            case Notify(callback=callback, value=value):
                called = callback(value)
                return await called if inspect.isawaitable(called) else called
            case Block(function=function):
                return await asyncio.to_thread(function)
            case Together(flows=flows):
                places = asyncio.Semaphore(TOGETHER)

                async def run(flow: Flow[Any]) -> Any:
                    async with places:
                        return await drive_async(flow, self.perform)

                return await asyncio.gather(*map(run, flows))
            case Emit():
                return None
            case _:
                assert_never(effect)

    def _stay_on_one_loop(self) -> None:
        import asyncio

        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise CekuraError("this client was used on another event loop; make one for each loop")


def _origin(url: httpx.URL) -> tuple[bytes, bytes, int | None]:
    return url.raw_scheme, url.raw_host, url.port
