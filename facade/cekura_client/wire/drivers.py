"""Carrying out what flows ask for, once for each mode; nowhere else does control flow stand twice."""

import inspect
import os
import threading
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, assert_never

import httpx

from cekura_client.core.secrets import Redactor
from cekura_client.effects import (
    MOST_PARALLEL,
    Block,
    Clock,
    Drop,
    Effect,
    Emit,
    Flow,
    Notify,
    Parallel,
    Send,
    Sleep,
    T,
)
from cekura_client.errors import CekuraError
from cekura_client.wire.answers import IncomingAnswer, NotConnectedError, named
from cekura_client.wire.deadline import Trace, deadline
from cekura_client.wire.settings import Settings

if TYPE_CHECKING:
    import asyncio

# What blocks does without asyncio, which is slow to import.

I = TypeVar("I", httpx.BaseTransport, httpx.AsyncBaseTransport)

CLOSED = "this client is closed; nothing was sent"

Perform = Callable[[Effect], Any]
PerformAsync = Callable[[Effect], Awaitable[Any]]


class _Steps(Generic[T]):
    """A flow under way: gives its effects one after the other, and takes what came of each.

    Attributes:
        outcome: What the last effect gave.
        failure: What it raised instead; is raised inside the flow.
        value: What the flow returned.
    """

    value: T

    def __init__(self, flow: Flow[T]) -> None:
        self._flow = flow
        self.outcome: Any = None
        self.failure: BaseException | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Effect:
        outcome, failure, self.outcome, self.failure = self.outcome, self.failure, None, None
        try:
            # Not from within an except clause: a new error would drag the old one along, and with it
            # frames that hold the signed request.
            return self._flow.send(outcome) if failure is None else self._flow.throw(failure)
        except StopIteration as end:
            self.value = end.value
            raise


def drive(flow: Flow[T], perform: Perform) -> T:
    """Run a flow to its end; what an effect raises is raised inside the flow."""
    with closing(flow):
        for effect in (steps := _Steps(flow)):
            try:
                steps.outcome = perform(effect)
            except BaseException as error:
                steps.failure = error
        return steps.value


def iterate(flow: Flow[None], perform: Perform) -> Generator[Any, None, None]:
    """`drive`, but what the flow emits is yielded."""
    with closing(flow):
        for effect in (steps := _Steps(flow)):
            if isinstance(effect, Emit):
                yield effect.value
                continue
            try:
                steps.outcome = perform(effect)
            except BaseException as error:
                steps.failure = error


async def drive_async(flow: Flow[T], perform: PerformAsync) -> T:
    """`drive`, for effects that are awaited."""
    with closing(flow):
        for effect in (steps := _Steps(flow)):
            try:
                steps.outcome = await perform(effect)
            except BaseException as error:
                steps.failure = error
        return steps.value


async def iterate_async(flow: Flow[None], perform: PerformAsync) -> AsyncGenerator[Any, None]:
    """`iterate`, for effects that are awaited."""
    with closing(flow):
        for effect in (steps := _Steps(flow)):
            if isinstance(effect, Emit):
                yield effect.value
                continue
            try:
                steps.outcome = await perform(effect)
            except BaseException as error:
                steps.failure = error


class Sender(Generic[I]):
    """Adds the key to a copy of each request, for its own address only.

    Args:
        settings: The key and the address.
        key_header: The name of the header.
        clock: For sleeping.
        connect: Makes a transport.
    """

    def __init__(
        self, settings: Settings, key_header: str, clock: Clock, connect: Callable[[], I]
    ) -> None:
        self._base_url = httpx.URL(settings.base_url)
        self._key_header = key_header
        self._api_key = settings.api_key
        self._redactor = Redactor(settings.api_key.reveal())
        self._clock = clock
        self._process = os.getpid()
        self._connect: Callable[[], I] = connect
        self._lock = threading.Lock()
        self._inner: I | None = None
        self._closed = False

    def retire(self) -> I | None:
        """The transport, to be closed, if there is one; nothing can be sent any more."""
        with self._lock:
            self._closed = True
            return self._inner

    def _transport(self, *, own: bool) -> I:
        """The transport that is shared, or a new one.

        Raises:
            CekuraError: the client is closed.
            NotConnectedError: no transport can be made.
        """
        with self._lock:
            if self._closed:
                raise CekuraError(CLOSED)
            if own:
                return self._made()
            if self._inner is None:
                self._inner = self._made()
            return self._inner

    def _forget(self, transport: I) -> None:
        """Use another one from now on."""
        with self._lock:
            if self._inner is transport:
                self._inner = None

    def _made(self) -> I:
        try:
            return self._connect()
        except Exception as error:
            problem = named(error)
        raise NotConnectedError(problem)

    def _signed(self, effect: Send) -> httpx.Request:
        request = effect.request
        if os.getpid() != self._process:
            # Two processes on one connection would read each other's answers.
            raise CekuraError("this client was made before a fork; make a new one in each process")
        if _origin(request.url) != _origin(self._base_url):
            raise CekuraError(
                f"refusing to send to {request.url.host}: this client is configured for "
                f"{self._base_url.raw_host.decode()}"
            )
        headers = request.headers.copy()
        headers[self._key_header] = self._api_key.reveal()
        timeouts = dict[str, float | None](request.extensions.get("timeout", {}))
        if effect.longest is not None:
            timeouts = {
                phase: effect.longest if limit is None else min(limit, effect.longest)
                for phase, limit in timeouts.items()
            }
        return httpx.Request(
            request.method,
            request.url,
            headers=headers,
            stream=request.stream,
            extensions={**request.extensions, "timeout": timeouts},
        )

    def _cleaned(self, error: Exception, effect: Send) -> Exception:
        """What went wrong, in httpx's terms; a protocol error may quote what the server repeats."""
        if isinstance(error, TimeoutError):  # of asyncio
            return httpx.ReadTimeout("")
        error.args = tuple(self._redactor_for(effect).text(str(part)) for part in error.args)
        return error

    def _redactor_for(self, effect: Send) -> Redactor:
        if not effect.secrets:
            return self._redactor
        return Redactor(self._api_key.reveal(), *effect.secrets)


def _seconds(request: httpx.Request) -> float | None:
    """How long the whole exchange may take."""
    limit: float | None = request.extensions["timeout"].get("read")
    return limit


def _without_frames(error: BaseException) -> BaseException:
    """The frames below this module hold the signed request; whoever logs locals would log the key."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


class SyncSender(Sender[httpx.BaseTransport]):
    """Performs effects by blocking."""

    def perform(self, effect: Effect) -> Any:
        match effect:
            case Send():
                try:
                    return self._exchange(effect)
                except BaseException as error:
                    failure = _without_frames(error)
                raise failure
            case Drop(answer=answer):
                with suppress(OSError):
                    if stream := answer.extensions.get("network_stream"):
                        stream.close()
                return None
            case Sleep(seconds=seconds):
                return self._clock.sleep(seconds)
            case Notify(callback=callback, value=value):
                return callback(value)
            case Block(function=function):
                return function()
            case Parallel(flows=flows):
                return self._parallel(flows)
            case Emit():
                return None
            case _:
                assert_never(effect)

    def _exchange(self, effect: Send) -> httpx.Response:
        request = self._signed(effect)
        request.extensions["trace"] = opened = Trace()
        transport = self._transport(own=effect.alone)
        answer: IncomingAnswer | None = None
        failure: Exception | None = None
        try:
            with deadline(_seconds(request)):
                response = transport.handle_request(request)
                answer = IncomingAnswer(response, self._redactor_for(effect))
                try:
                    for chunk in response.iter_raw():
                        answer.add(chunk)
                finally:
                    response.close()
        except Exception as error:
            known = self._cleaned(error, effect)
            failure = known if answer is None else answer.broken(known)
        except BaseException:
            # Whoever was cut off in the pool may hold its lock for ever, also while it is closed.
            self._forget(transport)
            opened.close()
            raise
        if effect.alone:
            transport.close()
        if failure is not None:
            raise failure
        assert answer is not None
        return answer.whole()

    def _parallel(self, flows: Sequence[Flow[Any]]) -> list[Any]:
        if len(flows) < 2:
            return [drive(flow, self.perform) for flow in flows]
        futures: list[Future[Any]] = [Future() for _ in flows]
        jobs = deque(zip(futures, flows, strict=True))

        def work() -> None:
            with suppress(IndexError):  # nothing is left
                while True:
                    future, flow = jobs.popleft()
                    try:
                        future.set_result(drive(flow, self.perform))
                    except BaseException as error:
                        future.set_exception(error)

        for _ in range(min(MOST_PARALLEL, len(flows))):
            # Not of a pool, whose threads Python waits for when it ends: whoever leaves by Ctrl-C does
            # not want to wait for answers.
            threading.Thread(target=work, name="cekura-client", daemon=True).start()
        try:
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            jobs.clear()
        for future in done:
            future.result()  # raises what one of them has raised, while others may be under way
        return [future.result() for future in futures]


class AsyncSender(Sender[httpx.AsyncBaseTransport]):
    """Performs effects on the event loop."""

    _loop: "asyncio.AbstractEventLoop | None" = None

    async def perform(self, effect: Effect) -> Any:
        import asyncio

        match effect:
            case Send():
                self._stay_on_one_loop()
                try:
                    return await self._exchange(effect)
                except BaseException as error:
                    failure = _without_frames(error)
                raise failure
            case Drop(answer=answer):
                with suppress(Exception):  # what AnyIO says of a connection that is gone
                    if stream := answer.extensions.get("network_stream"):
                        await stream.aclose()
                return None
            case Sleep(seconds=seconds):
                return await self._clock.sleep_async(seconds)
            case Notify(callback=callback, value=value):
                called = callback(value)
                return await called if inspect.isawaitable(called) else called
            case Block(function=function):
                return await asyncio.to_thread(function)
            case Parallel(flows=flows):
                places = asyncio.Semaphore(MOST_PARALLEL)

                async def run(flow: Flow[Any]) -> Any:
                    async with places:
                        return await drive_async(flow, self.perform)

                return await asyncio.gather(*map(run, flows))
            case Emit():
                return None
            case _:
                assert_never(effect)

    async def _exchange(self, effect: Send) -> httpx.Response:
        import asyncio

        request = self._signed(effect)
        transport = self._transport(own=effect.alone)
        answer: IncomingAnswer | None = None
        try:
            async with asyncio.timeout(_seconds(request)):
                response = await transport.handle_async_request(request)
                answer = IncomingAnswer(response, self._redactor_for(effect))
                try:
                    async for chunk in response.aiter_raw():
                        answer.add(chunk)
                finally:
                    await response.aclose()
        except Exception as error:
            known = self._cleaned(error, effect)
            raise (known if answer is None else answer.broken(known)) from None
        finally:
            if effect.alone:
                await transport.aclose()
        return answer.whole()

    def _stay_on_one_loop(self) -> None:
        import asyncio

        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise CekuraError("this client was used on another event loop; make one for each loop")


def _origin(url: httpx.URL) -> tuple[bytes, bytes, int | None]:
    return url.raw_scheme, url.raw_host, url.port
