"""The HTTP side: which request gets which answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cekura_client.sandbox import answers
from cekura_client.sandbox.contract import RefusedError, accepted_status, document
from cekura_client.sandbox.launches import VAPI, VOICE, WEBSOCKET, Catalogue, read_launch
from cekura_client.sandbox.world import Result, World

RESULTS = "/test_framework/v1/results/"
_PAGE_SIZE = 20


@dataclass(frozen=True)
class Received:
    """A request that came in, without its headers, and the status it was answered with.

    `body` is the decoded JSON, None where there was none. Of a repeated query parameter, the last.
    """

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    status: int


def build_app(world: World, catalogue: Catalogue, api_key: str, log: list[Received]) -> Starlette:
    """The application over `world`; it adds each request to `log` before it sends the answer."""
    document()  # reading it takes a moment: not in the middle of the first launch

    async def start(request: Request) -> Response:
        content_type = request.headers.get("content-type", "").partition(";")[0]
        if content_type.strip().lower() != "application/json":
            raise HTTPException(415, "The sandbox takes JSON only: send application/json.")
        try:
            body = _decoded(await request.body())
        except ValueError as error:
            raise RefusedError({"detail": f"The body is not JSON: {error}"}) from error
        path: str = request.scope["path"]
        result = world.create(read_launch(path, body, catalogue))
        return _json(answers.started(result), accepted_status(path))

    async def list_results(request: Request) -> Response:
        page, size = _number(request, "page", 1), _number(request, "page_size", _PAGE_SIZE)
        agent, project = _number(request, "agent_id", 0), _number(request, "project_id", 0)
        search = request.query_params.get("search", "").lower()
        found = [
            result
            for result in world.newest_first()
            if agent in (0, result.launch.agent)
            and project in (0, result.launch.project)
            and search in result.name.lower()
        ]
        pages = max(1, -(-len(found) // size))
        if page > pages:
            raise HTTPException(404, f"There is no page {page}.")
        now = world.clock()
        return _json(
            {
                "count": len(found),
                "next": _page_url(request, page + 1) if page < pages else None,
                "previous": _page_url(request, page - 1) if page > 1 else None,
                "results": [
                    answers.summary(result, now)
                    for result in found[(page - 1) * size : page * size]
                ],
            }
        )

    async def read_result(request: Request) -> Response:
        return _json(answers.full(the_result(request), world.clock()))

    async def end_calls(request: Request) -> Response:
        world.end_calls(the_result(request))
        return Response()

    def the_result(request: Request) -> Result:
        result = world.find(_whole(request.path_params["id"]))
        if result is None:
            raise HTTPException(404, "There is no such result.")
        return result

    app = Starlette(
        routes=[
            *(Route(path, start, methods=["POST"]) for path in (VOICE, WEBSOCKET, VAPI)),
            Route(RESULTS, list_results),
            Route(RESULTS + "{id}/", read_result),
            Route(RESULTS + "{id}/end_calls/", end_calls, methods=["POST"]),
        ],
        middleware=[Middleware(_Door, api_key=api_key, log=log)],
        exception_handlers={RefusedError: _answer_refused, HTTPException: _answer_error},
    )
    app.router.redirect_slashes = False
    return app


class _Door:
    """Turns away who has not the key, and logs every request."""

    def __init__(self, app: ASGIApp, api_key: str, log: list[Received]) -> None:
        self._app = app
        self._api_key = api_key
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            raw = await request.body()
        except ClientDisconnect:
            return  # half a request, and nobody to answer

        async def replay() -> Message:
            return {"type": "http.request", "body": raw}

        async def log_and_send(message: Message) -> None:
            # Before the answer leaves: whoever has it finds the request in the log.
            if message["type"] == "http.response.start":
                try:
                    body = _decoded(raw)
                except ValueError:
                    body = None
                path, query = scope["path"], dict(request.query_params)
                received = Received(request.method, path, query, body, message["status"])
                self._log.append(received)
            await send(message)

        if request.headers.get("x-cekura-api-key") == self._api_key:
            # The vendor's own SDK leaves out the slash that the documents have at the end.
            path = scope["path"].removesuffix("/") + "/"
            await self._app({**scope, "path": path}, replay, log_and_send)
        else:
            detail = "The header X-CEKURA-API-KEY is missing or its key is wrong."
            await _json({"detail": detail}, 401)(scope, replay, log_and_send)


def _json(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    # Starlette's own JSONResponse cannot send half a surrogate pair, which JSON can express.
    return Response(json.dumps(content), status, headers, "application/json")


def _decoded(raw: bytes) -> Any:
    """The JSON value in `raw`; ValueError if there is none."""
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _number(request: Request, name: str, default: int) -> int:
    """The number in the query under `name`, `default` where there is none."""
    text = request.query_params.get(name)
    if not text:
        return default
    number = _whole(text)
    if number < 1:
        raise RefusedError.because({name: ["Expected a whole number from 1."]})
    return number


def _whole(text: str) -> int:
    """The number that `text` writes, 0 if it writes none or one that no id or page has."""
    return int(text) if text.isdecimal() and len(text) <= 18 else 0


def _page_url(request: Request, page: int) -> str:
    return str(request.url.include_query_params(page=page))


async def _answer_refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return _json(error.body, 400)


async def _answer_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _json({"detail": error.detail}, error.status_code, error.headers)
