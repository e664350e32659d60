"""Start runs, once, and know what became of it."""

import json
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
from attrs import evolve

from cekura_client.core.description import CheckedLaunch
from cekura_client.core.interruption import OngoingLaunch
from cekura_client.core.launches import Launch
from cekura_client.core.recovery import Candidate, unique_name
from cekura_client.core.secrets import hidden_by
from cekura_client.core.send_policy import DEFAULT_PATIENCE
from cekura_client.effects import Block, Flow
from cekura_client.errors import (
    CekuraError,
    InvalidRequestError,
    LaunchNotSentError,
    LaunchOutcomeUnknownError,
)
from cekura_client.operations.context import Context
from cekura_client.operations.recovering import looking_up
from cekura_client.record import ACCEPTED, REFUSED, UNKNOWN, LaunchRecord, RecordedLaunch
from cekura_client.wire.sending import sending

_log = logging.getLogger("cekura_client")

# Characters of a body that an error message shows.
_SHOWN = 1_000


def launching(context: Context, ongoing: OngoingLaunch, checked: CheckedLaunch) -> Flow[Launch]:
    """Send a launch, and find out what became of it.

    Args:
        context: What every operation needs.
        ongoing: Is kept up to date with what is known of the launch.
        checked: The launch.
    """
    kind, body = checked.kind, dict(checked.body)
    token, began = context.clock.token(), context.clock.now()
    own_name = kind.has_name and "name" not in body
    if own_name:
        body["name"] = unique_name(token, began)
    name = body["name"] if kind.has_name else None
    request = context.gateway.launch(kind.operation, body)
    redacted = kind.redact(body)
    entry = RecordedLaunch(
        token=token,
        operation=kind.operation,
        base_url=context.base_url,
        began=began,
        until=began + _longest(request),
        name=name if isinstance(name, str) else None,
        own_name=own_name,
        agent=kind.agent(body),
        plan=checked.plan,
        sent=redacted,
    )
    if context.record is not None:
        yield from _write_first(context.record, entry)
    sent = _sent(context, request, entry, tuple(hidden_by(redacted, body)))
    return (yield from _settled(context, ongoing, entry, sent))


def recovering(context: Context, ongoing: OngoingLaunch, entry: RecordedLaunch) -> Flow[Launch]:
    """Look up a launch of the record, and write down if it was found."""
    if entry.base_url != context.base_url:
        raise InvalidRequestError(
            f"the launch was sent to {entry.base_url}; this client is configured for "
            f"{context.base_url}"
        )
    unknown = LaunchOutcomeUnknownError("what became of the launch is unknown")
    found = _found_again(context, entry, (), unknown)
    return (yield from _settled(context, ongoing, entry, found))


def _settled(
    context: Context, ongoing: OngoingLaunch, entry: RecordedLaunch, outcome: Flow[Launch]
) -> Flow[Launch]:
    """Carry out what finds the outcome of a launch, and note it: for whatever cuts it off, for other
    launches of the same name, and in the record.

    Where the outcome stays unknown the name stays held: a result of it could always be this launch's.
    """
    claims = context.claims if entry.name is not None and not entry.own_name else None
    if claims is not None and entry.name is not None:
        claims.begin(entry.token, entry.name, entry.agent)
    ongoing.may_be_sent(entry.name, _how_to_look(entry))
    try:
        launch = evolve((yield from outcome), scenarios=entry.scenarios)
    except LaunchOutcomeUnknownError:
        raise
    except CekuraError as error:
        ongoing.was_refused()
        if claims is not None:
            claims.settle(entry.token, None)
        yield from _write(context.record, entry, outcome=REFUSED, detail=str(error))
        raise
    ongoing.was_accepted(entry.name, launch.result_id)
    if claims is not None:
        claims.settle(entry.token, launch.result_id)
    yield from _write(context.record, entry, outcome=ACCEPTED, result_id=launch.result_id)
    return launch


def _sent(
    context: Context, request: httpx.Request, entry: RecordedLaunch, secrets: tuple[str, ...]
) -> Flow[Launch]:
    """Send it, and find it again if its answer is lost."""

    def read(answer: httpx.Response) -> Launch:
        location = answer.headers.get("location", "")
        return Launch.read(answer.content, entry.plan, name=entry.name, location=location)

    try:
        return (
            yield from sending(
                request,
                read,
                patience=DEFAULT_PATIENCE,
                clock=context.clock,
                salvage=True,
                secrets=secrets,
            )
        )
    except LaunchOutcomeUnknownError as error:
        unknown = error
    ended = evolve(entry, ended=context.clock.now())
    return (yield from _found_again(context, ended, secrets, unknown))


def _found_again(
    context: Context,
    entry: RecordedLaunch,
    secrets: tuple[str, ...],
    unknown: LaunchOutcomeUnknownError,
) -> Flow[Launch]:
    """The launch by its name, or the error with all that is known."""
    said = _how_to_look(entry)
    seen: tuple[Candidate, ...] = ()
    if entry.name is not None and context.recover_for > 0:
        lookup = yield from looking_up(context, entry, secrets)
        if lookup.launch is not None:
            return lookup.launch
        said, seen = lookup.said, lookup.seen
    error = LaunchOutcomeUnknownError(
        f"{unknown}. {said}. Sent was {str(entry.sent)[:_SHOWN]}",
        sent=json.dumps(entry.sent, separators=(",", ":"), ensure_ascii=False).encode(),
        name=entry.name,
        candidates=seen,
        status_code=unknown.status_code,
        body=unknown.body,
    )
    yield from _write(context.record, entry, outcome=UNKNOWN, detail=str(error), ended=entry.ended)
    raise error


def _longest(request: httpx.Request) -> float:
    """Seconds after which the last attempt to send a launch has certainly ended."""
    timeouts: dict[str, float] = request.extensions["timeout"]
    return DEFAULT_PATIENCE.seconds + timeouts["connect"] + timeouts["read"]


def _how_to_look(entry: RecordedLaunch) -> str:
    if entry.name is None:
        return (
            f"A launch by {entry.operation} has no name by which it could be looked up: look on the "
            f"dashboard for a result of agent {entry.agent or '(its own)'} from this moment"
        )
    return f"Look for a result named {entry.name!r} before you launch again"


def _write_first(record: LaunchRecord, entry: RecordedLaunch) -> Flow[None]:
    try:
        yield Block(partial(record.append, entry.first_line()))
    except (OSError, ValueError) as error:
        problem = f"nothing was sent, because the record cannot be written: {error}"
    else:
        return
    raise LaunchNotSentError(problem)


def _write(record: LaunchRecord | None, entry: RecordedLaunch, **said: Any) -> Flow[None]:
    if record is None:
        return
    line: Callable[[], None] = partial(record.append, {"token": entry.token, **said})
    try:
        yield Block(line)
    except (OSError, ValueError) as error:
        # Not a warning: where those are errors, the launch would be lost.
        _log.warning("the outcome of launch %s is not in %s: %s", entry.token, record.path, error)
