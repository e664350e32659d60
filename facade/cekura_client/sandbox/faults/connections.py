"""The connections of a server, so that one can be closed without an answer."""

import asyncio
from dataclasses import dataclass, field

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass
class Connection:
    """An open connection, and the moment when it is closed."""

    transport: asyncio.Transport
    lost: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self) -> None:
        """Send what was written, and close; return when that is done."""
        self.transport.close()
        await self.lost.wait()


class Connections:
    """The open connections, by the address of the client."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], Connection] = {}

    async def close(self, scope: Scope) -> None:
        """Close that of the request that is being answered, unless the client has done so."""
        host, port = scope["client"]
        connection = self._open.get((host, port))
        if connection is not None:
            await connection.close()

    def protocol(self) -> type[H11Protocol]:
        """A protocol for uvicorn whose connections are kept here."""
        known = self._open

        class Protocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                # A query may hold anything; the journal knows what to hide. (uvicorn's own option
                # would change the logger of the whole process.)
                self.access_log = False
                if self.client is not None:
                    known[self.client] = Connection(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                super().connection_lost(exc)
                if self.client is not None and self.client in known:
                    known.pop(self.client).lost.set()

        return Protocol
