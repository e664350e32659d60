"""The HTTP side: which request gets which answer."""

import re

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cekura_client.sandbox.api import answers
from cekura_client.sandbox.api.contract import JSON, Contract, Operation, RefusedError
from cekura_client.sandbox.api.exchange import Exchange, Log, exchange
from cekura_client.sandbox.api.fault_layer import FaultLayer
from cekura_client.sandbox.api.launches import read_launch
from cekura_client.sandbox.api.responses import as_json
from cekura_client.sandbox.faults.connections import Connections
from cekura_client.sandbox.faults.rules import Faults
from cekura_client.sandbox.world.journal import Journal
from cekura_client.sandbox.world.results import Result, TooLittleCreditError, World

_PAGE_SIZE, _LARGEST_PAGE = 20, 1000
_DIGITS = 30  # of an id; no real one is longer


def build_api(
    contract: Contract,
    world: World,
    api_key: str,
    journal: Journal,
    faults: Faults,
    connections: Connections,
) -> ASGIApp:
    """The operations of `contract` over `world`."""
    names = world.catalogue

    async def start(request: Request) -> Response:
        found = exchange(request.scope)
        operation = _operation(request)
        result = world.create(read_launch(operation, _body(request, found), names))
        found.result_id, found.runs = result.id, len(result.runs)
        listed = operation.answer.is_list("runs")
        started = answers.started(result, names, operation.answer.fields, listed=listed)
        return as_json(started, operation.status)

    async def list_results(request: Request) -> Response:
        query = _operation(request).parameters(request.query_params.multi_items())
        page = query.get("page", 1)
        size = min(query.get("page_size", _PAGE_SIZE), _LARGEST_PAGE)
        for name, value in (("page", page), ("page_size", size)):
            if value < 1:
                raise RefusedError.because({name: ["Must be at least 1."]})
        agent, project = query.get("agent_id"), query.get("project_id")
        search = query.get("search", "").lower()
        found = [
            result
            for result in world.newest_first()
            if agent in (None, result.launch.agent)
            and project in (None, result.launch.project)
            and search in result.name.lower()
            and not faults.hides(result.id)
        ]
        pages = max(1, -(-len(found) // size))
        if page > pages:
            raise HTTPException(404, f"There is no page {page}.")
        shown = found[(page - 1) * size : page * size]
        return as_json(
            {
                "count": len(found),
                "next": _page_url(request, page + 1) if page < pages else None,
                "previous": _page_url(request, page - 1) if page > 1 else None,
                "results": [answers.summary(result, world.look(result), names) for result in shown],
            }
        )

    async def read_result(request: Request) -> Response:
        result = the_result(request)
        in_v1 = "/v1/" in _operation(request).path
        return as_json(answers.full(result, world.look(result), names, in_v1=in_v1))

    async def end_calls(request: Request) -> Response:
        world.end_calls(the_result(request))
        return Response()

    def the_result(request: Request) -> Result:
        number = _whole(request.path_params["id"])
        result = None if number is None else world.find(number)
        if result is None:
            raise HTTPException(404, "There is no such result.")
        return result

    # What is not a launch has a meaning of its own; without one it is answered with 501.
    reads = {"list_results": list_results, "get_result": read_result, "end_calls": end_calls}
    app = Starlette(
        routes=[
            Route(
                operation.path,
                start if operation.starts_runs else reads.get(operation.name, _not_played),
                methods=[operation.method],
                name=operation.name,
            )
            for operation in contract.operations
        ],
        middleware=[
            Middleware(Log, journal=journal),
            Middleware(_Naming, contract=contract),
            Middleware(FaultLayer, faults=faults, connections=connections),
            Middleware(_Door, api_key=api_key),
        ],
        exception_handlers={
            RefusedError: _answer_refused,
            TooLittleCreditError: _answer_too_little,
            HTTPException: _answer_error,
        },
    )
    app.router.redirect_slashes = False
    return app


class _Naming:
    """Finds out which operation is meant, before anything is done about it."""

    def __init__(self, app: ASGIApp, contract: Contract) -> None:
        self._app = app
        self._contract = contract

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The vendor's own SDK leaves out the slash that the documents have at the end.
        path: str = scope["path"].removesuffix("/") + "/"
        exchange(scope).operation = self._contract.find(scope["method"], path)
        await self._app({**scope, "path": path}, receive, send)


class _Door:
    """Answers 401 to requests without the key."""

    def __init__(self, app: ASGIApp, api_key: str) -> None:
        self._app = app
        self._api_key = api_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if Request(scope).headers.get("x-cekura-api-key") == self._api_key:
            await self._app(scope, receive, send)
        else:
            detail = "The header X-CEKURA-API-KEY is missing or its key is wrong."
            await as_json({"detail": detail}, 401)(scope, receive, send)


def _operation(request: Request) -> Operation:
    found = exchange(request.scope).operation
    assert found is not None  # its path has led here
    return found


def _body(request: Request, found: Exchange) -> object:
    """The decoded body; an empty object where there is none, as not every launch requires one."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not found.raw and not media_type:
        return {}
    if media_type != JSON:
        raise HTTPException(415, f"The sandbox reads {JSON} only, not {media_type!r}.")
    if found.problem is not None:
        raise RefusedError({"detail": f"The body is not readable as JSON: {found.problem}."})
    return found.body


def _whole(text: str) -> int | None:
    """The number that `text` writes, if it writes one; one of a thousand digits is just large."""
    if re.fullmatch(r"-?[0-9]+", text) is None:
        return None
    return int(text[:_DIGITS])


def _page_url(request: Request, page: int) -> str:
    return str(request.url.include_query_params(page=page))


async def _not_played(request: Request) -> Response:
    raise HTTPException(501, f"The sandbox does not play {_operation(request).name}.")


async def _answer_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    exchange(request.scope).refusal = error.body
    return as_json(error.body, 400)


async def _answer_too_little(_: Request, error: Exception) -> Response:
    return as_json({"detail": str(error)}, 402)


async def _answer_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return as_json({"detail": error.detail}, error.status_code, error.headers)
