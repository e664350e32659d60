"""The sandbox as a server on loopback, in a thread of its own."""

import asyncio
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Thread
from types import MappingProxyType, TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from cekura_client.sandbox.app import Received, build_app
from cekura_client.sandbox.launches import Catalogue
from cekura_client.sandbox.world import Outcome, World

_HOST = "127.0.0.1"
_SCENARIOS = (101, 102, 103, 104, 105, 106)
_FOLDERS = MappingProxyType(
    {"Sales.Inbound": (101, 102, 103), "Sales.Outbound": (104, 105), "Booking.Happy path": (106,)}
)
_TAGS = MappingProxyType({"smoke": (101, 104), "regression": _SCENARIOS})
_NO_OUTCOMES: Mapping[int, Outcome | str] = MappingProxyType({})


class Sandbox:
    """A server that plays the API on 127.0.0.1 from `start` to `stop`, or within a `with` block.

    Args:
        port: the port; 0 takes a free one.
        api_key: the only key it accepts.
        pace: seconds that a run stays in each of its states; 0 ends it at once.
        score_delay: seconds from a run's completion until `success` is known.
        outcomes: how the runs of a scenario end, by its id; the others pass.
        folders: the scenarios in each folder, by the folder's path. Subfolders do not count.
        tags: the scenarios that carry each tag.
        scenarios: those that the agent has, for launches of the first N or of all.
        clock: the time in seconds, never going back.

    Raises:
        ValueError: an outcome does not exist, or a time is negative.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        api_key: str = "sandbox-key",
        pace: float = 0.2,
        score_delay: float = 0.0,
        outcomes: Mapping[int, Outcome | str] = _NO_OUTCOMES,
        folders: Mapping[str, Sequence[int]] = _FOLDERS,
        tags: Mapping[str, Sequence[int]] = _TAGS,
        scenarios: Sequence[int] = _SCENARIOS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not (pace >= 0 and score_delay >= 0):
            raise ValueError("pace and score_delay are seconds, 0 or more")
        self.api_key = api_key
        self._port = port
        self._log: list[Received] = []
        self._server: _Server | None = None
        world = World(
            outcomes={scenario: Outcome(outcome) for scenario, outcome in outcomes.items()},
            pace=pace,
            score_delay=score_delay,
            clock=clock,
        )
        self._app = build_app(world, Catalogue(scenarios, folders, tags), api_key, self._log)

    @property
    def url(self) -> str:
        """The address, without a slash at its end. RuntimeError unless it is running."""
        if self._server is None:
            raise RuntimeError("The sandbox is not running: call start() or use it in a with block")
        return f"http://{_HOST}:{self._server.port}"

    @property
    def requests(self) -> list[Received]:
        """The requests answered until now, in order; a copy."""
        return list(self._log)

    def start(self) -> None:
        """Listen, and return when requests are answered. Without effect if it is running.

        Raises:
            OSError: the port cannot be had.
            RuntimeError: the server did not start.
        """
        if self._server is None:
            server = _Server(self._app, self._port)
            server.begin()
            self._server = server

    def stop(self) -> None:
        """Free the port and end the thread. Results and requests are kept; it may start again."""
        if self._server is not None:
            self._server.end()
            self._server = None

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

    def __init__(self, app: Starlette, port: int) -> None:
        # Everything is fixed that uvicorn would choose by what else is installed. Logging is left
        # as the process has it: the loggers are shared with any other uvicorn in it.
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                app,
                http="h11",
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
    """Says when it has started, or that it never will."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.settled.set()
