"""``/`` and ``/_sandbox/``: the page and its data, which need no key and are not logged or damaged."""

from collections import Counter
from importlib import resources
from itertools import islice
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cekura_client.sandbox.api.bodies import from_json
from cekura_client.sandbox.api.contract import JSON
from cekura_client.sandbox.api.responses import as_json
from cekura_client.sandbox.faults.rules import Faults
from cekura_client.sandbox.world.journal import Journal
from cekura_client.sandbox.world.results import Result, World, status_of

PREFIX = "/_sandbox/"
_SHOWN = 200  # results and requests on the page, the latest first
_LAST = 1000  # requests at /_sandbox/requests, the latest last

# The page has only its own script and style, and sends requests only to the sandbox.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}


def beside(
    api: ASGIApp, world: World, journal: Journal, faults: Faults, *, control: bool
) -> ASGIApp:
    """The API, with the page and its data added."""
    front = _front(world, journal, faults, control)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_front = scope["path"] == "/" or scope["path"].startswith(PREFIX)
        await (front if is_front else api)(scope, receive, send)

    return app


def _front(world: World, journal: Journal, faults: Faults, control: bool) -> Starlette:
    html = (resources.files("cekura_client.sandbox.page") / "index.html").read_text("utf-8")

    settled: dict[int, dict[str, Any]] = {}  # rows of results that nothing happens to any more

    async def page(_: Request) -> Response:
        return HTMLResponse(html, headers=_HEADERS)

    async def state(_: Request) -> Response:
        return as_json(_snapshot(world, journal, settled))

    async def requests(_: Request) -> Response:
        return as_json([request.shown() for request in list(journal.requests)[-_LAST:]])

    async def rules(request: Request) -> Response:
        if request.method == "POST":
            # A page of another origin cannot send this type without asking first.
            if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
                raise HTTPException(415, f"Send {JSON}.")
            _add(faults, await request.body())
        elif request.method == "DELETE":
            faults.clear()
        return as_json(list(faults))

    routes = [
        Route("/", page),
        Route(f"{PREFIX}state", state),
        Route(f"{PREFIX}requests", requests),
    ]
    if control:
        routes.append(Route(f"{PREFIX}faults", rules, methods=["GET", "POST", "DELETE"]))
    return Starlette(
        routes=routes,
        # Without this, a page of any origin whose name leads to loopback could read everything.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        exception_handlers={HTTPException: _answer_error},
    )


def _add(faults: Faults, raw: bytes) -> None:
    """One rule or a list of them: all, or none."""
    try:
        given = from_json(raw)
        rules = [faults.read(rule) for rule in (given if isinstance(given, list) else [given])]
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    for rule in rules:
        faults.take(rule)


def _snapshot(world: World, journal: Journal, settled: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """What the page shows: the balance, what was billed, and the latest results and requests."""
    now = world.now
    results = world.newest_first()
    return {
        "credits": world.credits,
        "launches": journal.launches,
        "billed_runs": journal.runs,
        "results_count": len(results),
        "results": [_row(result, now, settled) for result in results[:_SHOWN]],
        "requests": [
            {
                "method": received.method,
                "path": received.path,
                "operation": received.operation,
                "status": received.status,
                "runs": received.runs,
                "fault": received.fault,
            }
            for received in islice(reversed(journal.requests), _SHOWN)
        ],
    }


def _row(result: Result, now: float, settled: dict[int, dict[str, Any]]) -> dict[str, Any]:
    if result.id in settled:
        return settled[result.id]
    states = result.states(max(result.reads - 1.0, 0.0) if result.pace.by_reads else now)
    row = {
        "id": result.id,
        "name": result.name,
        "kind": result.launch.kind,
        "agent": result.launch.agent,
        "status": status_of(states),
        "runs": len(states),
        "passed": sum(state.success is True for state in states),
        "failed": sum(state.success is False for state in states),
        "statuses": dict(Counter(state.status for state in states)),
        "created_at": result.created_at.isoformat(timespec="seconds"),
    }
    if all(state.settled for state in states):
        settled[result.id] = row
    return row


async def _answer_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return as_json({"detail": error.detail}, error.status_code, error.headers)
