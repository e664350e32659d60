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
from cekura_client.sandbox.api.bodies import FORMS, JSON, UnsupportedError, decoded_body
from cekura_client.sandbox.api.contract import RefusedError, accepted_status, document
from cekura_client.sandbox.api.exchange import Log, exchange
from cekura_client.sandbox.api.fault_layer import FaultLayer
from cekura_client.sandbox.api.launches import VAPI, VOICE, WEBSOCKET, read_launch
from cekura_client.sandbox.api.responses import as_json
from cekura_client.sandbox.faults.connections import Connections
from cekura_client.sandbox.faults.rules import Faults
from cekura_client.sandbox.world.journal import Journal
from cekura_client.sandbox.world.results import Result, TooLittleCreditError, World

RESULTS = "/test_framework/v1/results/"
_PAGE_SIZE, _LARGEST_PAGE = 20, 1000
_DIGITS = 30  # of a number in a query; no id or page has so many

# What faults and the journal call an operation; the published ids have changed five times.
_STARTS = {VOICE: "run_voice", WEBSOCKET: "run_websocket", VAPI: "run_vapi_webrtc"}


def build_api(
    world: World, api_key: str, journal: Journal, faults: Faults, connections: Connections
) -> ASGIApp:
    """The published operations over `world`."""
    document()  # reading it takes a moment: not in the middle of the first launch
    names = world.catalogue

    async def start(request: Request) -> Response:
        path: str = request.scope["path"]
        found = exchange(request.scope)
        found.body = await decoded_body(request, path)
        result = world.create(read_launch(path, found.body, names))
        found.result_id, found.runs = result.id, len(result.runs)
        return as_json(answers.started(result, names), accepted_status(path))

    async def list_results(request: Request) -> Response:
        page = _number(request, "page", least=1) or 1
        size = min(_number(request, "page_size", least=1) or _PAGE_SIZE, _LARGEST_PAGE)
        agent, project = _number(request, "agent_id"), _number(request, "project_id")
        search = request.query_params.get("search", "").lower()
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
        return as_json(answers.full(result, world.look(result), names))

    async def end_calls(request: Request) -> Response:
        world.end_calls(the_result(request))
        return Response()

    def the_result(request: Request) -> Result:
        number = _whole(request.path_params["id"])
        result = None if number is None else world.find(number)
        if result is None:
            raise HTTPException(404, "There is no such result.")
        return result

    app = Starlette(
        routes=[
            *(Route(path, start, methods=["POST"], name=name) for path, name in _STARTS.items()),
            Route(RESULTS, list_results, name="list_results"),
            Route(RESULTS + "{id}/", read_result, name="get_result"),
            Route(RESULTS + "{id}/end_calls/", end_calls, methods=["POST"], name="end_calls"),
        ],
        middleware=[
            Middleware(Log, journal=journal),
            Middleware(_Naming),
            Middleware(FaultLayer, faults=faults, connections=connections),
            Middleware(_Door, api_key=api_key),
        ],
        exception_handlers={
            RefusedError: _answer_refused,
            UnsupportedError: _answer_unsupported,
            TooLittleCreditError: _answer_too_little,
            HTTPException: _answer_error,
        },
    )
    app.router.redirect_slashes = False
    return app


class _Naming:
    """Finds out which operation is meant, before anything is done about it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The vendor's own SDK leaves out the slash that the documents have at the end.
        path: str = scope["path"].removesuffix("/") + "/"
        exchange(scope).operation = operation_of(scope["method"], path)
        await self._app({**scope, "path": path}, receive, send)


def operation_of(method: str, path: str) -> str | None:
    """The name of the operation that a request is for; None where there is none."""
    if method == "POST" and path in _STARTS:
        return _STARTS[path]
    if not path.startswith(RESULTS):
        return None
    match method, path.removeprefix(RESULTS).split("/"):
        case "GET", [""]:
            return "list_results"
        case "GET", [_, ""]:
            return "get_result"
        case "POST", [_, "end_calls", ""]:
            return "end_calls"
        case _:
            return None


class _Door:
    """Turns away who has not the key."""

    def __init__(self, app: ASGIApp, api_key: str) -> None:
        self._app = app
        self._api_key = api_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if Request(scope).headers.get("x-cekura-api-key") == self._api_key:
            await self._app(scope, receive, send)
        else:
            detail = "The header X-CEKURA-API-KEY is missing or its key is wrong."
            await as_json({"detail": detail}, 401)(scope, receive, send)


def _number(request: Request, name: str, least: int | None = None) -> int | None:
    """The number in the query under `name`; None where there is none."""
    text = request.query_params.get(name)
    if not text:
        return None
    number = _whole(text)
    if number is None or (least is not None and number < least):
        from_least = "" if least is None else f" from {least}"
        raise RefusedError.because({name: [f"Expected a whole number{from_least}."]})
    return number


def _whole(text: str) -> int | None:
    """The number that `text` writes, if it writes one; one of a thousand digits is just large."""
    if re.fullmatch(r"-?[0-9]+", text) is None:
        return None
    return int(text[:_DIGITS])


def _page_url(request: Request, page: int) -> str:
    return str(request.url.include_query_params(page=page))


async def _answer_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    exchange(request.scope).refusal = error.body
    return as_json(error.body, 400)


async def _answer_unsupported(_: Request, error: Exception) -> Response:
    detail = f"Unsupported media type {str(error)!r}: send {', '.join((JSON, *FORMS))}."
    return as_json({"detail": detail}, 415)


async def _answer_too_little(_: Request, error: Exception) -> Response:
    return as_json({"detail": str(error)}, 402)


async def _answer_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return as_json({"detail": error.detail}, error.status_code, error.headers)
