"""The two clients: the same methods, one blocking and one awaited."""

from abc import ABC, abstractmethod
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
)
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from os import PathLike
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from cekura_client.core.checks import seconds
from cekura_client.core.description import CheckedLaunch, document
from cekura_client.core.interruption import OngoingLaunch, ongoing_launch
from cekura_client.core.launch_kinds import KINDS, Launches
from cekura_client.core.launches import Launch
from cekura_client.core.polling import Polling
from cekura_client.core.results import Result
from cekura_client.core.timeouts import Timeouts
from cekura_client.effects import SYSTEM_CLOCK, Clock, Flow, T
from cekura_client.errors import CekuraError
from cekura_client.operations.context import Context
from cekura_client.operations.launching import launching, recovering
from cekura_client.operations.results import ending_calls, reading, result_id
from cekura_client.operations.waiting import waiting, waiting_all
from cekura_client.record import LaunchRecord, RecordedLaunch
from cekura_client.version import VERSION
from cekura_client.wire import tls
from cekura_client.wire.aborting import WITHIN, AbortGuard, guarded, guarded_async
from cekura_client.wire.drivers import (
    CLOSED,
    AsyncSender,
    SyncSender,
    drive,
    drive_async,
    iterate,
    iterate_async,
)
from cekura_client.wire.gateway import (
    KEY_HEADER,
    Gateway,
    disable,
    generated_client,
    headers,
)
from cekura_client.wire.settings import ApiKey, Settings
from cekura_client.wire.transports import AsyncPolicyTransport, PolicyTransport

_USER_AGENT = f"cekura-client/{VERSION}"
_POLLING = Polling()
_TIMEOUTS = Timeouts()

C = TypeVar("C")

for _kind in KINDS.values():
    document(getattr(Launches, _kind.operation), _kind, gives=Launch)


class _Client(ABC):
    """What both modes share: the settings, and what the operations need."""

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        record: str | PathLike[str] | None = None,
        recover_for: float = 120.0,
        timeouts: Timeouts = _TIMEOUTS,
        proxy_from_environment: bool = False,
        allow_http: bool = False,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        # Wrapped at once, so that no frame of a traceback shows it.
        key, api_key = None if api_key is None else ApiKey(api_key), None
        self._settings = Settings.load(
            key, base_url, proxy_from_environment=proxy_from_environment, allow_http=allow_http
        )
        self._context = Context(
            gateway=Gateway(self.base_url, _USER_AGENT, timeouts),
            base_url=self.base_url,
            clock=clock,
            record=None if record is None else LaunchRecord(record),
            recover_for=seconds("recover_for", recover_for, zero=True),
        )
        self._connect(
            base_url=self.base_url,
            headers=headers(_USER_AGENT),
            timeout=httpx.Timeout(timeouts.launch, connect=timeouts.connect),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
        )

    @abstractmethod
    def _connect(self, **http: Any) -> None:
        """Make what sends, with these options of the httpx client for `api`."""

    @property
    def base_url(self) -> str:
        """The address that requests go to."""
        return self._settings.base_url

    def __repr__(self) -> str:
        # Also while it is being built: a traceback may show it then.
        settings: Settings | None = vars(self).get("_settings")
        return f"{type(self).__name__}(base_url={settings and settings.base_url!r})"

    def _transport(self, kind: Callable[..., C]) -> Callable[[], C]:
        """Makes a transport when it is needed; by then its certificates may be loaded."""
        url, proxy = self.base_url, self._settings.proxy
        if url.startswith("https:"):
            tls.preload()
        return lambda: kind(verify=tls.for_url(url), proxy=proxy)


class Cekura(_Client, Launches[Launch]):
    """Launch Cekura evaluators, wait, and get an honest verdict.

    Safe to share between threads. Close it, or use it in a ``with`` block::

        with Cekura() as cekura:
            launch = cekura.run_voice(agent_id=12, scenarios=[101, 102])
            result = cekura.wait(launch)
            result.raise_unless_passed()

    Args:
        api_key: Default: the variable CEKURA_API_KEY. Sent to `base_url` only, and shown nowhere.
        base_url: Default: the variable CEKURA_API_URL, else https://api.cekura.ai.
        record: A file to which each launch is logged before it is sent; see
            `cekura_client.record`.
        recover_for: Seconds for which a launch whose answer was lost is looked up by its name; 0
            for not at all.
        timeouts: How long one attempt may take.
        proxy_from_environment: Whether HTTPS_PROXY and the like are used.
        allow_http: Whether the API key may travel unencrypted. Plain http is accepted for this
            machine only otherwise.
        clock: For tests that cannot wait.

    Raises:
        InvalidRequestError: no API key, or one that no header can carry, or an unusable address.

    All methods raise `CekuraError` only; the tree of its classes is in `cekura_client.errors`.
    """

    def _connect(self, **http: Any) -> None:
        connect, clock = self._transport(httpx.HTTPTransport), self._context.clock
        self._sender = SyncSender(self._settings, KEY_HEADER, clock, connect)
        self._http = httpx.Client(transport=PolicyTransport(self._sender, clock), **http)
        self.api = generated_client(self.base_url, self._http)
        """The generated client (package `cekura_api`), for what the facade does not cover. It has
        the same key, policy and errors: ``list_results.sync_detailed(client=cekura.api)``."""

    def launch(self, checked: CheckedLaunch) -> Launch:
        """Send a launch that was checked before; the `run_…` methods check and send.

        Args:
            checked: From the `check` of one of the `cekura_client.core.launch_kinds.KINDS`.
        """
        return self._send(lambda ongoing: launching(self._context, ongoing, checked))

    def get_result(self, launch: Launch | int) -> Result:
        """Read a result as it is now.

        Args:
            launch: The launch, or the id of its result.
        """
        return self._run(reading(self._context, launch))

    def wait(
        self,
        launch: Launch | int,
        *,
        timeout: float = 3600,
        on_update: Callable[[Result], object] | None = None,
        polling: Polling = _POLLING,
        keep_body: bool = True,
    ) -> Result:
        """Wait until a result has ended and is scored.

        Ended is a result that is completed, failed, timeout or cancelled. A completed one is looked
        at for a while longer if runs have no score yet (`Polling.grace`). It tolerates two minutes
        without a readable answer.

        Args:
            launch: The launch, or the id of its result.
            timeout: Seconds, from now.
            on_update: Called with the result whenever anything in it has changed. `AsyncCekura`
                awaits what it returns, where that can be awaited.
            polling: The pauses between two looks.
            keep_body: Whether the bytes of the answer are kept, for `Result.raw`.

        Raises:
            WaitTimeoutError: not ended in time; `.result` is its last known state. The runs continue.
        """
        flow = waiting(self._context, launch, timeout, on_update, polling, keep_body=keep_body)
        return self._run(flow)

    def wait_all(
        self,
        launches: Iterable[Launch | int],
        *,
        timeout: float = 3600,
        on_update: Callable[[Result], object] | None = None,
        polling: Polling = _POLLING,
        keep_body: bool = True,
    ) -> Iterator[Result]:
        """Wait for many results at once; gives each when it has ended and is scored.

        ::

            for result in cekura.wait_all(launches):
                print(result.id, result.verdict)
            results = list(cekura.wait_all(launches))  # all of them

        Thousands take few requests: the list of results says which have ended, a page of it about a
        hundred; only those are read, at most 8 at a time. What the list does not show is looked at one
        by one. A result that cannot be waited for does not end the wait for others; it is raised when
        they have ended.

        Args:
            launches: The launches, or the ids of their results.
            timeout: Seconds, from now, for each.
            on_update: Called with a result whenever anything in it has changed. What the list shows
                of a result has no reasons, and often not all fields.
            polling: The pauses between two rounds.
            keep_body: Whether the bytes of the answers are kept, for `Result.raw`: for 2,000 runs
                tens of megabytes.

        Raises:
            WaitsError: after the last result: some did not end in time, or could not be read.
                `.errors` says which and why.
        """
        flow = waiting_all(
            self._context, launches, timeout, on_update, polling, keep_body=keep_body
        )
        return self._iterate(flow)

    def end_calls(self, launch: Launch | int) -> None:
        """End the calls of a result that are still going on.

        Args:
            launch: The launch, or the id of its result.
        """
        self._run(ending_calls(self._context, launch))

    def end_calls_on_abort(self, launch: Launch | int) -> AbstractContextManager[AbortGuard]:
        """End the calls of a result if a ``with`` block is left by an exception.

        Ctrl-C and, in the main thread, SIGTERM count as well; SIGTERM then ends the process with the
        status 143, whatever handler it had before the block. It takes 5 seconds at most; whether it
        worked is in a note on the exception, and in the `AbortGuard` that the block is given::

            with cekura.end_calls_on_abort(launch):
                result = cekura.wait(launch)

        Args:
            launch: The launch, or the id of its result.
        """
        wanted = result_id(launch)
        flow = partial(ending_calls, self._context, wanted, WITHIN)
        return guarded(wanted, lambda: self._run(flow()))

    def recover(self, launch: RecordedLaunch) -> Launch:
        """Look up a launch whose outcome is not known, by its name; see `cekura_client.record`.

        Raises:
            LaunchOutcomeUnknownError: not exactly one result can be this launch.
        """
        return self._send(lambda ongoing: recovering(self._context, ongoing, launch))

    def close(self) -> None:
        """Close the connections; the client cannot be used afterwards. Runs continue."""
        self._http.close()
        disable(self.api, sync=CLOSED, asynchronous=CLOSED)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _launch(self, operation: str, arguments: Mapping[str, object]) -> Launch:
        checked = KINDS[operation].check(arguments)
        return self._send(lambda ongoing: launching(self._context, ongoing, checked))

    def _send(self, flow: Callable[[OngoingLaunch], Flow[Launch]]) -> Launch:
        ongoing = OngoingLaunch()
        try:
            # Nothing is called on the way back from here, so Ctrl-C finds no place to strike in silence.
            return self._run(flow(ongoing))
        except BaseException as left_by:
            ongoing.cut_off_by(left_by)
            raise

    def _run(self, flow: Flow[T]) -> T:
        if self._http.is_closed:
            raise CekuraError(CLOSED)
        return drive(flow, self._sender.perform)

    def _iterate(self, flow: Flow[None]) -> Iterator[Result]:
        if self._http.is_closed:
            raise CekuraError(CLOSED)
        return iterate(flow, self._sender.perform)


class AsyncCekura(_Client, Launches[Coroutine[Any, Any, Launch]]):
    """`Cekura` for asyncio: the same methods with the same arguments and errors, awaited."""

    def _connect(self, **http: Any) -> None:
        connect, clock = self._transport(httpx.AsyncHTTPTransport), self._context.clock
        self._sender = AsyncSender(self._settings, KEY_HEADER, clock, connect)
        self._http = httpx.AsyncClient(transport=AsyncPolicyTransport(self._sender, clock), **http)
        self.api = generated_client(self.base_url, self._http)
        """The generated client; use its `asyncio_detailed` functions. See `Cekura.api`."""

    async def launch(self, checked: CheckedLaunch) -> Launch:
        """See `Cekura.launch`."""
        with ongoing_launch() as ongoing:
            return await self._run(launching(self._context, ongoing, checked))

    async def get_result(self, launch: Launch | int) -> Result:
        """See `Cekura.get_result`."""
        return await self._run(reading(self._context, launch))

    async def wait(
        self,
        launch: Launch | int,
        *,
        timeout: float = 3600,
        on_update: Callable[[Result], object] | None = None,
        polling: Polling = _POLLING,
        keep_body: bool = True,
    ) -> Result:
        """See `Cekura.wait`."""
        flow = waiting(self._context, launch, timeout, on_update, polling, keep_body=keep_body)
        return await self._run(flow)

    def wait_all(
        self,
        launches: Iterable[Launch | int],
        *,
        timeout: float = 3600,
        on_update: Callable[[Result], object] | None = None,
        polling: Polling = _POLLING,
        keep_body: bool = True,
    ) -> AsyncIterator[Result]:
        """See `Cekura.wait_all`; for ``async for``."""
        flow = waiting_all(
            self._context, launches, timeout, on_update, polling, keep_body=keep_body
        )
        return self._iterate(flow)

    async def end_calls(self, launch: Launch | int) -> None:
        """See `Cekura.end_calls`."""
        await self._run(ending_calls(self._context, launch))

    def end_calls_on_abort(self, launch: Launch | int) -> AbstractAsyncContextManager[AbortGuard]:
        """See `Cekura.end_calls_on_abort`; for ``async with``, and for cancellation as well."""
        wanted = result_id(launch)
        flow = partial(ending_calls, self._context, wanted, WITHIN)
        return guarded_async(wanted, lambda: self._run(flow()))

    async def recover(self, launch: RecordedLaunch) -> Launch:
        """See `Cekura.recover`."""
        with ongoing_launch() as ongoing:
            return await self._run(recovering(self._context, ongoing, launch))

    async def close(self) -> None:
        """See `Cekura.close`."""
        await self._http.aclose()
        disable(self.api, sync=CLOSED, asynchronous=CLOSED)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _launch(self, operation: str, arguments: Mapping[str, object]) -> Launch:
        with ongoing_launch() as ongoing:
            checked = KINDS[operation].check(arguments)
            return await self._run(launching(self._context, ongoing, checked))

    def _run(self, flow: Flow[T]) -> Awaitable[T]:
        if self._http.is_closed:
            raise CekuraError(CLOSED)
        return drive_async(flow, self._sender.perform)

    def _iterate(self, flow: Flow[None]) -> AsyncIterator[Result]:
        if self._http.is_closed:
            raise CekuraError(CLOSED)
        return iterate_async(flow, self._sender.perform)
