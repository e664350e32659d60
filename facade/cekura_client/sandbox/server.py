"""The sandbox as a server on loopback, in a thread of its own."""

import asyncio
import socket
import time
from collections.abc import Callable, Mapping
from threading import Event, Thread
from types import MappingProxyType, TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from cekura_client.sandbox.api.app import build_api
from cekura_client.sandbox.api.contract import published
from cekura_client.sandbox.faults.connections import Connections
from cekura_client.sandbox.faults.rules import Faults
from cekura_client.sandbox.page.app import beside
from cekura_client.sandbox.world.journal import Journal, Received
from cekura_client.sandbox.world.results import Pace, World
from cekura_client.sandbox.world.script import Ending
from cekura_client.sandbox.world.state import DEFAULT, Catalogue, State

_HOST = "127.0.0.1"
_NONE: Mapping[int, Ending] = MappingProxyType({})


class Sandbox:
    """A server that plays the API on 127.0.0.1 from `start` to `stop`, or within a `with` block.

    It runs in its own thread. `async with` starts and stops it without blocking the event loop.

    Args:
        port: the port; 0 means any free port.
        api_key: the only key it accepts.
        pace: seconds that a run stays in each of its states; 0 ends it at once.
        score_delay: seconds from a run's completion until `success` is known.
        by_reads: whether results move with each read instead of with time. `pace` and `score_delay`
            then count reads.
        state: the projects, agents and scenarios that exist; by default a small world with any id.
        outcomes: how the runs of a scenario end, by its id. It overrides the state. Runs pass by
            default.
        seed: the random seed; the same seed gives the same outcomes.
        control: whether faults can be added over HTTP, at ``/_sandbox/faults``.
        clock: a monotonic clock, in seconds.

    Raises:
        ValueError: an outcome is unknown, or a time is negative.

    Attributes:
        faults: rules that damage requests and answers; see `Fault`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        api_key: str = "sandbox-key",
        pace: float = 0.2,
        score_delay: float = 0.0,
        by_reads: bool = False,
        state: State = DEFAULT,
        outcomes: Mapping[int, Ending] = _NONE,
        seed: int = 0,
        control: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not (pace >= 0 and score_delay >= 0):
            raise ValueError("pace and score_delay must be 0 or a positive number of seconds")
        self.api_key = api_key
        contract = published()  # reading it takes a moment: not in the middle of the first launch
        operations = [operation.name for operation in contract.operations]
        self.faults = Faults(operations, contract.launches, seed, clock)
        self._port = port
        self._journal = Journal()
        self._server: _Server | None = None
        self._world = World(
            Catalogue(state),
            endings=outcomes,
            pace=Pace(pace, score_delay, by_reads),
            seed=seed,
            clock=clock,
        )
        self._connections = Connections()
        api = build_api(
            contract, self._world, api_key, self._journal, self.faults, self._connections
        )
        self._app = beside(api, self._world, self._journal, self.faults, control=control)

    @property
    def url(self) -> str:
        """The address, without a trailing slash. RuntimeError if the sandbox is not running."""
        if self._server is None:
            raise RuntimeError("The sandbox is not running: call start() or use it in a with block")
        return f"http://{_HOST}:{self._server.port}"

    @property
    def requests(self) -> list[Received]:
        """The latest requests, oldest first, at most 10,000 of them; a copy."""
        return list(self._journal.requests)

    @property
    def launches(self) -> int:
        """The number of launches. Each was billed, whatever its answer."""
        return self._journal.launches

    @property
    def billed_runs(self) -> int:
        """The number of billed runs."""
        return self._journal.runs

    @property
    def credits(self) -> float:
        """The remaining balance."""
        return self._world.credits

    def start(self) -> None:
        """Start the server; return when it answers requests. Does nothing if it is running.

        Raises:
            OSError: the port is not available.
            RuntimeError: the server did not start.
        """
        if self._server is None:
            server = _Server(self._app, self._connections, self._port)
            server.begin()
            self._server = server

    def stop(self) -> None:
        """Free the port and end the thread. Keeps results and requests; it can start again."""
        if self._server is not None:
            self._server.end()
            self._server = None

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.stop)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


class _Server:
    """One listening socket and the thread that answers on it."""

    def __init__(self, app: ASGIApp, connections: Connections, port: int) -> None:
        # Everything is fixed that uvicorn would choose by what else is installed. Logging is left
        # as the process has it: the loggers are shared with any other uvicorn in it.
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                app,
                http=connections.protocol(),
                loop="asyncio",
                ws="none",
                lifespan="off",
                proxy_headers=False,
                log_config=None,
                timeout_keep_alive=75,  # seconds; clients that poll slowly keep their connection
                timeout_graceful_shutdown=1,
            )
        )
        # Listening before the thread runs: a port in use is the caller's exception.
        self._socket = socket.create_server((_HOST, port))
        # Connections inherit this. Without it each answer on a connection in use takes 40 ms more:
        # asyncio itself sets it only on sockets that were made with the number of TCP.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port: int = self._socket.getsockname()[1]
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._run, name=f"cekura-sandbox-{self.port}", daemon=True)

    def begin(self) -> None:
        self._thread.start()
        self._uvicorn.settled.wait()
        if not self._uvicorn.started:
            self._thread.join()
            raise RuntimeError(f"The sandbox did not start: {self._failure}") from self._failure

    def end(self) -> None:
        self._uvicorn.should_exit = True
        self._thread.join()

    def _run(self) -> None:
        try:
            # Signals stay with the main thread: uvicorn takes them only where it runs in it.
            asyncio.run(self._uvicorn.serve(sockets=[self._socket]))
        except (OSError, RuntimeError, SystemExit) as error:  # uvicorn leaves with SystemExit
            self._failure = error
        finally:
            self._socket.close()
            self._uvicorn.settled.set()


class _Uvicorn(uvicorn.Server):
    """Signals that it has started, or that it never will."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.settled.set()
