"""Start runs, once, and know what became of it."""

import logging
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx

from cekura_client.core.fields import positive
from cekura_client.core.launches import Launch
from cekura_client.core.plan import refuse_above
from cekura_client.core.recovery import NAMED, Candidate, Sought, unique_name
from cekura_client.core.requests import CHECKS
from cekura_client.core.send_policy import ONCE_OR_SO
from cekura_client.core.websocket import redacted_body
from cekura_client.effects import Block, Flow
from cekura_client.errors import (
    CekuraError,
    InvalidRequestError,
    LaunchNotSentError,
    LaunchOutcomeUnknownError,
)
from cekura_client.operations.claims import Claims
from cekura_client.operations.context import Context
from cekura_client.operations.recovering import looking_up
from cekura_client.record import ACCEPTED, REFUSED, UNKNOWN, LaunchRecord, RecordedLaunch
from cekura_client.wire.gateway import start_response
from cekura_client.wire.sending import sending

_log = logging.getLogger("cekura_client")

# Characters of a body that an error message shows.
_SHOWN = 1_000


def launching(context: Context, operation: str, arguments: Mapping[str, object]) -> Flow[Launch]:
    """Check the arguments, send the launch, and find out what became of it.

    Args:
        context: What every operation needs.
        operation: `run_voice`, `run_websocket` or `run_vapi_webrtc`.
        arguments: What the user gave: the fields of the request, and `max_runs`.
    """
    given = dict(arguments)
    max_runs = given.pop("max_runs", None)
    body, plan = CHECKS[operation](given)
    if max_runs is not None:
        refuse_above(plan, positive("max_runs", max_runs))
    token, began = context.clock.token(), context.clock.now()
    own_name = operation in NAMED and "name" not in body
    if own_name:
        body["name"] = unique_name(token, began)
    agent = body.get("agent_id", body.get("agent"))
    name = body.get("name")
    entry = RecordedLaunch(
        token=token,
        operation=operation,
        base_url=context.base_url,
        began=began,
        name=name if isinstance(name, str) else None,
        own_name=own_name,
        agent=agent if isinstance(agent, int) else None,
        plan=plan,
        sent=redacted_body(body),
    )
    request = context.gateway.launch(operation, body)
    if context.record is not None:
        yield from _write_first(context.record, entry)
    with _claiming(context.claims, entry) as settled:
        launch = yield from _sent(context, request, entry)
        settled.append(launch.result_id)
    yield from _write(context.record, entry, outcome=ACCEPTED, result_id=launch.result_id)
    return launch


@contextmanager
def _claiming(claims: Claims, entry: RecordedLaunch) -> Generator[list[int], None, None]:
    """Holds the name until it is known what became of the launch; takes the id that is added.

    Where that stays unknown the name stays held: a result of it could always be this launch's.
    """
    if entry.name is None or entry.own_name:
        yield []
        return
    claims.begin(entry.name, entry.agent)
    settled: list[int] = []
    try:
        yield settled
    except LaunchOutcomeUnknownError:
        raise
    except CekuraError:
        claims.settle(entry.name, entry.agent, None)
        raise
    claims.settle(entry.name, entry.agent, settled[0])


def _sent(context: Context, request: httpx.Request, entry: RecordedLaunch) -> Flow[Launch]:
    """Send it, and find it again if its answer is lost."""
    try:
        return (
            yield from sending(
                request,
                lambda answer: Launch.read(
                    answer.content, entry.plan, name=entry.name, parse=start_response
                ),
                patience=ONCE_OR_SO,
                clock=context.clock,
                salvage=True,
            )
        )
    except LaunchOutcomeUnknownError as unknown:
        return (yield from _found_again(context, entry, unknown))
    except CekuraError as error:
        yield from _write(context.record, entry, outcome=REFUSED, detail=str(error))
        raise
    except BaseException as error:
        # Ctrl-C, or the task was cancelled: nobody waits for the answer any more.
        error.add_note(f"A launch was under way and may be billed. {_how_to_look(entry)}")
        raise


def recovering(context: Context, entry: RecordedLaunch) -> Flow[Launch]:
    """Look up a launch of the record, and write down if it was found."""
    if entry.base_url != context.base_url:
        raise InvalidRequestError(
            f"the launch was sent to {entry.base_url}, this client is for {context.base_url}"
        )
    unknown = LaunchOutcomeUnknownError("what became of the launch is unknown", name=entry.name)
    with _claiming(context.claims, entry) as settled:
        launch = yield from _found_again(context, entry, unknown)
        settled.append(launch.result_id)
    yield from _write(context.record, entry, outcome=ACCEPTED, result_id=launch.result_id)
    return launch


def _found_again(
    context: Context, entry: RecordedLaunch, unknown: LaunchOutcomeUnknownError
) -> Flow[Launch]:
    """The launch by its name, or the error with all that is known."""
    said = _how_to_look(entry)
    seen: tuple[Candidate, ...] = ()
    if entry.name is not None and context.recover_for > 0:
        ids = entry.sent.get("scenarios")
        sought = Sought(
            name=entry.name,
            own_name=entry.own_name,
            agent=entry.agent,
            began=entry.began,
            runs=entry.plan.runs,
            scenarios=frozenset(ids) if isinstance(ids, list) else None,
        )
        lookup = yield from looking_up(context, sought, entry.plan)
        if lookup.launch is not None:
            return lookup.launch
        said, seen = lookup.said, lookup.seen
    error = LaunchOutcomeUnknownError(
        f"{unknown}. {said}. Sent was {str(entry.sent)[:_SHOWN]}",
        sent=unknown.sent,
        name=entry.name,
        candidates=seen,
        status_code=unknown.status_code,
        body=unknown.body,
    )
    yield from _write(context.record, entry, outcome=UNKNOWN, detail=str(error))
    raise error


def _how_to_look(entry: RecordedLaunch) -> str:
    if entry.name is None:
        return (
            "A websocket launch has no name by which it could be looked up: look on the dashboard "
            f"for a result of agent {entry.agent or '(its own)'} from this moment"
        )
    return f"Look for a result named {entry.name!r} before you launch again"


def _write_first(record: LaunchRecord, entry: RecordedLaunch) -> Flow[None]:
    try:
        yield Block(partial(record.append, entry.first_line()))
    except OSError as error:
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
    except OSError as error:
        # Not a warning: where those are errors, the launch would be lost.
        _log.warning("the outcome of launch %s is not in %s: %s", entry.token, record.path, error)
