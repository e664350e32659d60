"""One request on its way through the layers, and what each of them learns about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cekura_client.sandbox.api.bodies import from_json
from cekura_client.sandbox.api.contract import Operation
from cekura_client.sandbox.world.journal import Journal, Received

_KEY = "cekura_sandbox.exchange"


@dataclass
class Exchange:
    """What is known so far; see `Received`.

    Attributes:
        problem: why the body cannot be read, if it cannot.
    """

    journal: Journal
    method: str
    path: str
    query: Mapping[str, str]
    raw: bytes
    body: Any = None
    problem: ValueError | None = None
    operation: Operation | None = None
    refusal: Any = None
    result_id: int | None = None
    runs: int = 0
    fault: str | None = None
    entered: bool = False

    def enter(self, status: int | None) -> None:
        """Write it down, once: before the answer leaves, or the connection is closed."""
        if self.entered:
            return
        self.entered = True
        received = Received(
            method=self.method,
            path=self.path,
            query=self.query,
            body=self.body,
            operation=self.operation.name if self.operation else None,
            status=status,
            refusal=self.refusal,
            result_id=self.result_id,
            runs=self.runs,
            fault=self.fault,
        )
        self.journal.add(received)


def exchange(scope: Scope) -> Exchange:
    """That of the request that is being answered."""
    found = scope[_KEY]
    assert isinstance(found, Exchange)
    return found


class Log:
    """Reads a request to its end, and logs its outcome."""

    def __init__(self, app: ASGIApp, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = await _whole(receive)
        if raw is None:
            return  # half a request, and nobody to answer
        query = dict(QueryParams(scope["query_string"]))
        found = Exchange(self._journal, scope["method"], scope["path"], query, raw)
        try:
            found.body = from_json(raw)
        except ValueError as error:
            found.problem = error

        async def replay() -> Message:
            return {"type": "http.request", "body": raw}

        async def log_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                found.enter(message["status"])
            await send(message)

        await self._app({**scope, _KEY: found}, replay, log_and_send)


async def _whole(receive: Receive) -> bytes | None:
    """The body; None if the client went away before its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
