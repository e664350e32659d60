"""Look up a launch whose answer was lost."""

from functools import partial
from typing import Any

import httpx
from attrs import frozen

from cekura_client.core import decoding
from cekura_client.core.launches import Launch
from cekura_client.core.lenient import http_date
from cekura_client.core.polling import Polling
from cekura_client.core.recovery import Candidate, LostLaunch, ServerClock, candidates
from cekura_client.core.send_policy import POLL_PATIENCE
from cekura_client.effects import Block, Flow, Sleep
from cekura_client.errors import CekuraError
from cekura_client.operations.context import Context
from cekura_client.record import RecordedLaunch
from cekura_client.wire.sending import sending

# How soon a new result shows up in the list is not documented.
_LOOKS = Polling(first=1, longest=10)
# Seconds for which the only result of a name that somebody gave must stay the only one: the launch's
# own might be listed a little later than another's.
_STEADY = 5.0


@frozen
class Lookup:
    """What came of it.

    Attributes:
        launch: Set only if exactly one result fits.
        seen: All results of the same name.
        said: For the message of an error.
    """

    launch: Launch | None
    seen: tuple[Candidate, ...]
    said: str


def looking_up(context: Context, entry: RecordedLaunch, secrets: tuple[str, ...]) -> Flow[Lookup]:
    """Read the list of results until one of them can only be the launch, or the time is over.

    A result of a name that was made here needs no more. One of a name that somebody gave must have
    stayed the only one that fits, and neither this process nor the record may know it, or another
    unsettled launch of that name, under another token.

    Args:
        context: What every operation needs.
        entry: The launch; it has a name.
        secrets: What answers may not repeat.
    """
    assert entry.name is not None
    clock, server_clock = context.clock, ServerClock()
    ids = entry.sent.get("scenarios")
    lost = LostLaunch(
        name=entry.name,
        own_name=entry.own_name,
        agent=entry.agent,
        began=entry.began,
        ended=entry.latest_end,
        runs=None if entry.plan.at_most else entry.plan.runs,
        scenarios=frozenset(map(_id, ids)) if isinstance(ids, list) else None,
    )
    until = clock.monotonic() + context.recover_for
    request = context.gateway.list_results(search=lost.name, agent_id=lost.agent)
    pauses = _LOOKS.pauses(clock.random)

    def read(answer: httpx.Response) -> list[Candidate]:
        page = decoding.document(answer.content)
        received = clock.now()
        server_clock.observe(
            http_date(answer.headers.get("date", "")),
            cached="age" in answer.headers,
            sent=received - answer.elapsed.total_seconds(),
            received=received,
        )
        return candidates(page, lost.name)

    seen: tuple[Candidate, ...] = ()
    only: Candidate | None = None
    steady_from = until
    trouble = ""
    while clock.monotonic() < until:
        try:
            # Alone: an answer to an earlier request, late on a shared connection, has an old `Date`.
            found = yield from sending(
                request,
                read,
                patience=POLL_PATIENCE,
                clock=clock,
                deadline=until,
                secrets=secrets,
                alone=True,
            )
        except CekuraError as error:
            trouble = f" (the last look failed: {error})"
            break
        seen = tuple(found)
        fitting = [candidate for candidate in found if lost.fits(candidate, server_clock)]
        if len(fitting) == 1:
            now = clock.monotonic()
            before, only = only, fitting[0]
            if before is None or before.result_id != only.result_id:
                steady_from = now
            if lost.own_name:
                return Lookup(Launch.recover(only, entry.plan), seen, "")
            if now - steady_from >= _STEADY and lost.has_all_runs(only):
                trouble = yield from _someone_elses(context, entry, only.result_id)
                if not trouble:
                    return Lookup(Launch.recover(only, entry.plan), seen, "")
        elif fitting:
            break
        yield Sleep(min(next(pauses), max(until - clock.monotonic(), 0.0)))
    names = ", ".join(map(str, seen[:5])) or "none"
    return Lookup(
        None,
        seen,
        f"Looked for {context.recover_for:g} s for a result named {lost.name!r} that can only be "
        f"this launch; of that name there are: {names}{trouble}. Look again before you launch again: "
        f"GET {request.url}",
    )


def _someone_elses(context: Context, entry: RecordedLaunch, result_id: int) -> Flow[str]:
    """Why a result that fits may be another launch's all the same; "" if it may not."""
    assert entry.name is not None
    if context.claims.taken(result_id, entry.token):
        return f" ({result_id} is another launch's)"
    rivals = context.claims.rivals(entry.token, entry.name, entry.agent)
    if context.record is not None and not rivals:
        try:
            others: list[RecordedLaunch] = yield Block(partial(context.record.rivals, entry))
        except OSError as error:
            return f" (the record cannot be read: {error})"
        own = [each for each in others if each.token == entry.token]
        if any(each.result_id == result_id for each in others if each not in own) or any(
            each.settled and each.result_id != result_id for each in own
        ):
            return f" ({result_id} is another launch's)"
        rivals = any(not each.settled for each in others if each not in own)
    return " (another launch of that name is unsettled as well)" if rivals else ""


def _id(scenario: Any) -> Any:
    """Of a scenario that was sent as an id, or as an object that has it."""
    return scenario.get("scenario") if isinstance(scenario, dict) else scenario
