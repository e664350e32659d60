"""httpx transports for the generated client, with the same policy and errors as the facade.

Errors are raised here, before the generated parsers see them: those give None for most statuses
and fail on some.
"""

import httpx

from cekura_client.core.send_policy import DEFAULT_PATIENCE
from cekura_client.effects import Clock
from cekura_client.wire.drivers import AsyncSender, SyncSender, drive, drive_async
from cekura_client.wire.sending import sending


def _as_it_came(response: httpx.Response) -> httpx.Response:
    return response


class PolicyTransport(httpx.BaseTransport):
    """For `Cekura.api`."""

    def __init__(self, sender: SyncSender, clock: Clock) -> None:
        self._sender = sender
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        flow = sending(request, _as_it_came, patience=DEFAULT_PATIENCE, clock=self._clock)
        return drive(flow, self._sender.perform)

    def close(self) -> None:
        if (inner := self._sender.retire()) is not None:
            inner.close()


class AsyncPolicyTransport(httpx.AsyncBaseTransport):
    """For `AsyncCekura.api`."""

    def __init__(self, sender: AsyncSender, clock: Clock) -> None:
        self._sender = sender
        self._clock = clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        flow = sending(request, _as_it_came, patience=DEFAULT_PATIENCE, clock=self._clock)
        return await drive_async(flow, self._sender.perform)

    async def aclose(self) -> None:
        if (inner := self._sender.retire()) is not None:
            await inner.aclose()
