"""The only module that knows the generated client.

The generated code is used to build requests. It never sends one for the facade and never reads an
answer: its parsers raise on much that a server may well say after a launch was paid for.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import httpx

from cekura_api import AuthenticatedClient
from cekura_api.types import UNSET
from cekura_client.core.timeouts import Timeouts
from cekura_client.errors import CekuraError

if TYPE_CHECKING:
    from cekura_api.models import StartResponse

KEY_HEADER = "X-CEKURA-API-KEY"

PAGE = 100
"""Results on a page of the list; when one is looked up, far more than have the same name."""


# The models of the bodies. All models are imported with the first operation; not before, since that
# takes as long as loading the certificates, which goes on meanwhile.
_BODIES = {
    "run_voice": "SchemaPostRunScenarios",
    "run_websocket": "RunScenariosWithWebsockets",
    "run_vapi_webrtc": "RunScenariosVapiWebRTCRequest",
}


class _Built(Exception):
    def __init__(self, request: httpx.Request) -> None:
        super().__init__()
        self.request = request


class _BuildOnly(httpx.BaseTransport):
    """Takes the finished request out of the generated client instead of sending it."""

    def handle_request(self, request: httpx.Request) -> NoReturn:
        raise _Built(request)


class Gateway:
    """Builds the requests of each operation, without the API key."""

    def __init__(self, base_url: str, user_agent: str, timeouts: Timeouts) -> None:
        launch = httpx.Timeout(timeouts.launch, connect=timeouts.connect)
        read = httpx.Timeout(timeouts.read, connect=timeouts.connect)
        self._launches = _building(base_url, user_agent, launch)
        self._reads = _building(base_url, user_agent, read)

    def launch(self, operation: str, body: Mapping[str, object]) -> httpx.Request:
        """The request of `run_voice`, `run_websocket` or `run_vapi_webrtc`.

        The body's model is made by `from_dict`, which keeps out what was not given; its constructor
        would fill in defaults and send them.
        """
        model = _model(_BODIES[operation])
        return _built(operation, self._launches, body=model.from_dict(body))

    def get_result(self, result_id: int) -> httpx.Request:
        """The request that reads a result."""
        return _built("get_result", self._reads, id=result_id)

    def list_results(
        self, *, search: str | None = None, agent_id: int | None = None, page: int = 1
    ) -> httpx.Request:
        """The request for a page of results, the newest first.

        Args:
            search: Only those whose name contains this.
            agent_id: Only those of this agent.
            page: From 1; each has `PAGE` results.
        """
        return _built(
            "list_results",
            self._reads,
            search=UNSET if search is None else search,
            agent_id=UNSET if agent_id is None else agent_id,
            page=page,
            page_size=PAGE,
        )

    def end_calls(self, result_id: int) -> httpx.Request:
        """The request that ends the active calls of a result."""
        return _built("end_calls", self._reads, id=result_id)


def start_response(document: Mapping[str, Any]) -> "StartResponse | None":
    """The answer to a launch as a generated model, or None if it does not fit."""
    try:
        found: StartResponse = _model("StartResponse").from_dict(document)
    except Exception:
        return None
    return found


class _Refusing(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Stands where an httpx client must be but nothing may be sent."""

    def __init__(self, why: str) -> None:
        self._why = why

    def handle_request(self, request: httpx.Request) -> NoReturn:
        raise CekuraError(self._why)

    async def handle_async_request(self, request: httpx.Request) -> NoReturn:
        raise CekuraError(self._why)


def generated_client(base_url: str, http: httpx.Client | httpx.AsyncClient) -> AuthenticatedClient:
    """The generated client on top of an httpx client of the facade, which adds the key itself.

    For the other mode it would make an httpx client of its own, without key and policy, so there
    stands one that refuses.
    """
    client = AuthenticatedClient(
        base_url=base_url,
        token="(added by the transport)",
        prefix="",
        auth_header_name=KEY_HEADER,
    )
    refuse(
        client,
        sync="AsyncCekura.api is asynchronous; use asyncio_detailed, or Cekura",
        asynchronous="Cekura.api is synchronous; use sync_detailed, or AsyncCekura",
    )
    if isinstance(http, httpx.Client):
        client.set_httpx_client(http)
    else:
        client.set_async_httpx_client(http)
    return client


def refuse(client: AuthenticatedClient, *, sync: str, asynchronous: str) -> None:
    """Let a generated client send nothing more, and say why."""
    client.set_httpx_client(httpx.Client(transport=_Refusing(sync)))
    client.set_async_httpx_client(httpx.AsyncClient(transport=_Refusing(asynchronous)))


def _building(base_url: str, user_agent: str, timeout: httpx.Timeout) -> AuthenticatedClient:
    http = httpx.Client(
        base_url=base_url,
        headers={"User-Agent": user_agent},
        timeout=timeout,
        transport=_BuildOnly(),
        trust_env=False,
    )
    return generated_client(base_url, http)


def _model(name: str) -> Any:
    return getattr(import_module("cekura_api.models"), name)


def _built(operation: str, client: AuthenticatedClient, **arguments: Any) -> httpx.Request:
    try:
        import_module(f"cekura_api.api.runs.{operation}").sync_detailed(client=client, **arguments)
    except _Built as built:
        return built.request
    raise AssertionError("the generated client did not use its httpx client")
