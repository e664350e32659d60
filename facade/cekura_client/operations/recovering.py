"""Look up a launch whose answer was lost."""

from typing import Any

import httpx
from attrs import frozen

from cekura_client.core import decoding
from cekura_client.core.coercion import http_date
from cekura_client.core.launches import Launch
from cekura_client.core.plan import RunPlan
from cekura_client.core.polling import Polling
from cekura_client.core.recovery import Candidate, Sought, candidates
from cekura_client.core.send_policy import RIDE_OUT
from cekura_client.effects import Flow, Sleep
from cekura_client.errors import CekuraError
from cekura_client.operations.context import Context
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


def looking_up(context: Context, sought: Sought, plan: RunPlan) -> Flow[Lookup]:
    """Read the list of results until one of them can only be the launch, or the time is over."""
    clock = context.clock
    until = clock.monotonic() + context.recover_for
    request = context.gateway.list_results(search=sought.name, agent_id=sought.agent)
    pauses = _LOOKS.pauses(clock.random)

    def read(answer: httpx.Response) -> tuple[list[Candidate], float]:
        page = decoding.document(answer.content)
        return candidates(page, sought.name), _ahead(answer, clock.now())

    seen: tuple[Candidate, ...] = ()
    only: Candidate | None = None
    steady_from = until
    trouble = ""
    while clock.monotonic() < until:
        try:
            found, ahead = yield from sending(
                request, read, patience=RIDE_OUT, clock=clock, deadline=until
            )
        except CekuraError as error:
            trouble = f" (the last look failed: {error})"
            break
        seen = tuple(found)
        fitting = [
            candidate
            for candidate in found
            if sought.fits(candidate, ahead)
            and (sought.own_name or not context.claims.taken(candidate.result_id))
        ]
        if len(fitting) > 1:
            break
        now = clock.monotonic()
        if fitting:
            if only is None or only.result_id != fitting[0].result_id:
                only, steady_from = fitting[0], now
            alone = context.claims.alone(sought.name, sought.agent)
            if sought.own_name or (alone and now - steady_from >= _STEADY):
                return Lookup(_launch(only, plan), seen, "")
        yield Sleep(min(next(pauses), max(until - clock.monotonic(), 0.0)))
    names = ", ".join(map(str, seen[:5])) or "none"
    return Lookup(
        None,
        seen,
        f"Looked for {context.recover_for:g} s for a result named {sought.name!r} that can only be "
        f"this launch; of that name there are: {names}{trouble}. Look again before you launch again: "
        f"GET {request.url}",
    )


def _launch(found: Candidate, plan: RunPlan) -> Launch:
    body: dict[str, Any] = {**found.raw, "id": found.result_id}
    return Launch.of(body, plan, name=found.name, recovered=True)


def _ahead(answer: httpx.Response, now: float) -> float:
    """By how many seconds the server's clock is ahead of this machine's, as far as it says."""
    date = http_date(answer.headers.get("date", ""))
    return 0.0 if date is None else date - now
