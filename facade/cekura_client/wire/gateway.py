"""The only module that knows the generated client.

Requests are built by the `_get_kwargs` of its modules, a private name: the generator is pinned exactly,
and a test builds a request for every operation. The generated code never sends a request of the facade
and never reads an answer: its parsers raise on much that a server may well say after a launch was paid
for.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, NoReturn, get_args, get_type_hints

import httpx

from cekura_api import AuthenticatedClient
from cekura_api.types import UNSET
from cekura_client.core.timeouts import Timeouts
from cekura_client.errors import CekuraError

KEY_HEADER = "X-CEKURA-API-KEY"

PAGE = 100
"""Results on a page of the list; when one is looked up, far more than have the same name."""


def headers(user_agent: str) -> dict[str, str]:
    """What every request has. Answers are decompressed by this library, which knows these two."""
    return {"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "User-Agent": user_agent}


class Gateway:
    """Builds the requests of each operation, without the API key."""

    def __init__(self, base_url: str, user_agent: str, timeouts: Timeouts) -> None:
        self._base_url = base_url
        self._headers = headers(user_agent)
        self._launch = httpx.Timeout(timeouts.launch, connect=timeouts.connect).as_dict()
        self._read = httpx.Timeout(timeouts.read, connect=timeouts.connect).as_dict()

    def launch(self, operation: str, body: Mapping[str, object]) -> httpx.Request:
        """The request of a launch.

        The body's model is made by `from_dict`, which keeps out what was not given; its constructor
        would fill in defaults and send them.
        """
        return self._built(operation, self._launch, body=_body_model(operation).from_dict(body))

    def get_result(self, result_id: int) -> httpx.Request:
        """The request that reads a result."""
        return self._built("get_result", self._read, id=result_id)

    def list_results(
        self, *, search: str | None = None, agent_id: int | None = None, page: int = 1
    ) -> httpx.Request:
        """The request for a page of results, the newest first.

        Args:
            search: Only those whose name contains this.
            agent_id: Only those of this agent.
            page: From 1; each has `PAGE` results.
        """
        return self._built(
            "list_results",
            self._read,
            search=UNSET if search is None else search,
            agent_id=UNSET if agent_id is None else agent_id,
            page=page,
            page_size=PAGE,
        )

    def end_calls(self, result_id: int) -> httpx.Request:
        """The request that ends the active calls of a result."""
        return self._built("end_calls", self._read, id=result_id)

    def _built(
        self, operation: str, timeout: dict[str, float | None], **arguments: Any
    ) -> httpx.Request:
        built = _get_kwargs(operation)(**arguments)
        return httpx.Request(
            built["method"],
            _url(self._base_url + built["url"]),
            params=built.get("params"),
            headers={**self._headers, **built.get("headers", {})},
            json=built.get("json"),
            extensions={"timeout": timeout},
        )


@lru_cache(maxsize=1024)
def _url(text: str) -> httpx.URL:
    """Parsed once: that takes longer than the rest of a request, and each look at a result repeats it."""
    return httpx.URL(text)


@cache
def _get_kwargs(operation: str) -> Callable[..., dict[str, Any]]:
    """What builds the request of an operation; its module is imported when it is first used."""
    found: Callable[..., dict[str, Any]]
    found = vars(import_module(f"cekura_api.api.runs.{operation}"))["_get_kwargs"]
    return found


@cache
def _body_model(operation: str) -> Any:
    """The model of an operation's body."""
    body = get_type_hints(_get_kwargs(operation))["body"]
    (model,) = (one for one in get_args(body) or (body,) if hasattr(one, "from_dict"))
    return model


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
    disable(
        client,
        sync="AsyncCekura.api is asynchronous; use asyncio_detailed, or Cekura",
        asynchronous="Cekura.api is synchronous; use sync_detailed, or AsyncCekura",
    )
    if isinstance(http, httpx.Client):
        client.set_httpx_client(http)
    else:
        client.set_async_httpx_client(http)
    return client


def disable(client: AuthenticatedClient, *, sync: str, asynchronous: str) -> None:
    """Let a generated client send nothing more, and say why."""
    client.set_httpx_client(httpx.Client(transport=_Refusing(sync)))
    client.set_async_httpx_client(httpx.AsyncClient(transport=_Refusing(asynchronous)))
