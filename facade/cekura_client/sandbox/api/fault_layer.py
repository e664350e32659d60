"""Does to requests and answers what the rules say."""

import asyncio
from dataclasses import dataclass, field

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cekura_client.sandbox.api.exchange import exchange
from cekura_client.sandbox.api.responses import as_json
from cekura_client.sandbox.faults.connections import Connections
from cekura_client.sandbox.faults.rules import Fault, Faults

_PARTS = 20  # of a slow body


@dataclass
class _Answer:
    """An answer that was made and not sent."""

    start: Message = field(default_factory=dict[str, object])
    body: bytes = b""

    async def keep(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")


class FaultLayer:
    """Lets requests through, unless a rule applies to them."""

    def __init__(self, app: ASGIApp, faults: Faults, connections: Connections) -> None:
        self._app = app
        self._faults = faults
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = exchange(scope)
        fault = self._faults.pick(found.operation.name if found.operation else None)
        if fault is None:
            await self._app(scope, receive, send)
            return
        found.fault = fault.kind
        await asyncio.sleep(fault.delay)
        answer = _Answer()
        instead = fault.status or fault.redirect or fault.drop
        if fault.commit or not instead:
            await self._app(scope, receive, answer.keep)
        if fault.hide is not None and found.result_id is not None:
            self._faults.hide(found.result_id, fault.hide)
        if fault.drop:
            found.enter(None)
            await self._connections.close(scope)
        elif instead:
            await _response(fault)(scope, receive, send)
        elif fault.cut is not None:
            await send(answer.start)
            await send(_part(answer.body[: fault.cut], more=True))
            await self._connections.close(scope)
        else:
            await _send(answer, send, fault.slow or 0.0)


async def _send(answer: _Answer, send: Send, seconds: float) -> None:
    await send(answer.start)
    size = max(1, -(-len(answer.body) // _PARTS)) if seconds else max(1, len(answer.body))
    for at in range(0, len(answer.body), size):
        await send(_part(answer.body[at : at + size], more=True))
        await asyncio.sleep(seconds / _PARTS)
    await send(_part(b"", more=False))


def _part(body: bytes, more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


def _response(fault: Fault) -> Response:
    if fault.redirect:
        return Response(status_code=307, headers={"Location": fault.redirect})
    status = fault.status or 500
    if isinstance(fault.body, str):
        return HTMLResponse(fault.body, status, fault.headers)
    body = (
        {"detail": "A fault rule of the sandbox made this answer."}
        if fault.body is None
        else fault.body
    )
    return as_json(body, status, fault.headers)
