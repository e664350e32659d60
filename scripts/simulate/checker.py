"""The promises, held against what truly happened. It knows the truth, and nothing of the rules."""

from asyncio import CancelledError
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cekura_client.core.interruption import interrupted_launch
from cekura_client.core.launches import Launch
from cekura_client.core.results import Result
from cekura_client.errors import CekuraError, LaunchOutcomeUnknownError
from cekura_client.record import ACCEPTED, REFUSED, LaunchRecord
from scripts.simulate.server import SHORT_COUNTED, Stored
from scripts.simulate.world import Call, Seen, World

CHECKS = (
    "executed twice",
    "given the result of another launch",
    "executed, but an error says that nothing was started",
    "executed, and left without a word",
    "executed, and the record does not have it",
    "executed, and the id in the answer was not read",
    "never found, though the list showed it",
    "another exception than documented",
    "a better verdict than what happened",
    "an answer for another result",
    "calls ended that were not",
    "does not come to an end",
)
(
    TWICE,
    WRONG,
    DENIED,
    SILENT,
    UNRECORDED,
    UNREAD,
    NOT_FOUND,
    RAISED,
    GREENER,
    OTHER,
    ENDED,
    ENDLESS,
) = CHECKS
EXCUSED = "excused: a stranger that nobody could tell apart"

INTERRUPTIONS = (KeyboardInterrupt, GeneratorExit, CancelledError)

# Seconds by which the clocks of a client and a server can be compared at best.
_BLUR = 5.0
# Seconds after the beginning of an attempt for which one that was cut off may still be executed.
_CUT_OFF = 250.0


@dataclass(frozen=True)
class Finding:
    """A promise that was not kept."""

    check: str
    detail: str


def check(world: World) -> list[Finding]:
    """All promises that were not kept in a story that has ended."""
    found = [finding for call in world.calls for finding in _call(world, call)]
    found += [finding for call in world.calls for finding in _recorded(world, call)]
    found += [finding for seen in world.seen for finding in _seen(world, seen)]
    if world.endless:
        found.append(Finding(ENDLESS, ""))
    return found


def _call(world: World, call: Call) -> Iterator[Finding]:
    outcome, who = call.outcome, f"call {call.number}"
    if len(call.executed) > 1:
        yield Finding(TWICE, f"{who}: {[stored.id for stored in call.executed]}")
    if outcome is None:
        return  # it was killed: the record counts
    if isinstance(outcome, Launch):
        yield from _given(world, call, outcome.result_id)
        return
    if isinstance(outcome, LaunchOutcomeUnknownError):
        if outcome.name != call.given.get("name") and call.given.get("name"):
            yield Finding(SILENT, f"{who}: {outcome!r}")
        if call.shown and call.executed:
            yield Finding(UNREAD, f"{who}: {outcome!r}")
        yield from _in_vain(world, call)
    elif isinstance(outcome, CekuraError):
        if call.executed:
            yield Finding(DENIED, f"{who}: {outcome!r}")
    elif isinstance(outcome, INTERRUPTIONS):
        word = interrupted_launch(outcome)
        if word is not None and word.result_id is not None:
            yield from _given(world, call, word.result_id)
        elif call.executed and (word is None or call.shown or (word.name is None) == named(call)):
            yield Finding(SILENT, f"{who}: {outcome!r}, {word}")
    else:
        yield Finding(RAISED, f"{who}: {outcome!r}")


def named(call: Call) -> bool:
    """Whether its request has a name."""
    return call.operation != "run_websocket"


def _given(world: World, call: Call, number: int, *, ended: bool = True) -> Iterator[Finding]:
    """The caller was given this id; `ended` tells whether anybody knew when its attempts had ended."""
    if number in [stored.id for stored in call.executed]:
        return
    stored = world.server.results.get(number)
    check = (
        EXCUSED if stored is not None and _indistinguishable(world, call, stored, ended) else WRONG
    )
    yield Finding(check, f"call {call.number}: {number}")


def _indistinguishable(world: World, call: Call, stored: Stored, ended: bool) -> bool:
    """Whether a result of a stranger is all that was asked for, in the window of an attempt."""
    owners = {other.number: other.owner for other in world.calls}
    if stored.call is not None and owners[stored.call] == call.owner:
        return False
    silent, given = world.server.habits.silent, call.given
    scenarios = given.get("scenarios")
    runs = None if scenarios is None else len(scenarios) * int(given.get("frequency", 1))
    differs = (
        stored.name != given.get("name"),
        silent != "agent" and given.get("agent_id") not in (None, stored.agent),
        silent != "scenarios" and scenarios is not None and tuple(scenarios) != stored.scenarios,
        silent != "total_runs_count" and runs not in (None, len(stored.passing)),
    )
    if any(differs):
        return False
    cut_off = _CUT_OFF if call.killed or call.interrupted or not ended else 0.0
    end = call.attempts[-1][1] if call.attempts else call.began
    return call.began - _BLUR <= stored.created <= end + _BLUR + cut_off


def _in_vain(world: World, call: Call) -> Iterator[Finding]:
    """Nothing stood in the way of finding it: a name of its own, and a list that shows it."""
    habits = world.server.habits
    easy = world.calm and habits.lag <= 20 and habits.silent is None and habits.cached <= 10
    if (
        easy
        and call.patience >= 100
        and len(call.executed) == 1
        and named(call)
        and "name" not in call.given
    ):
        yield Finding(NOT_FOUND, f"call {call.number}: {call.outcome!r}")


def _recorded(world: World, call: Call) -> Iterator[Finding]:
    """The record has every launch that was executed, as accepted with its id or as unsettled."""
    if call.record is None or not call.executed:
        return
    entries = {entry.token: entry for entry in LaunchRecord(call.record).launches()}
    entry = entries.get(call.token)
    if entry is None or entry.outcome == REFUSED:
        yield Finding(UNRECORDED, f"call {call.number}: {entry}")
    elif entry.outcome == ACCEPTED:
        yield from _given(world, call, entry.result_id or 0)


def _seen(world: World, seen: Seen) -> Iterator[Finding]:
    outcome: Any = seen.outcome
    if seen.what == "recover" and isinstance(outcome, Launch):
        call = next(call for call in world.calls if call.token == seen.asked)
        yield from _given(world, call, outcome.result_id, ended=seen.informed)
    elif seen.what == "result" and isinstance(outcome, Result):
        stored = world.server.results.get(seen.asked)
        if outcome.id != seen.asked:
            yield Finding(OTHER, f"{seen.asked}: {outcome}")
        # Who asks by an id alone cannot know how many runs were planned.
        if (
            stored is not None
            and (seen.informed or stored.listing != SHORT_COUNTED)
            and outcome.passed
            and not stored.passed(seen.at)
        ):
            yield Finding(GREENER, f"{seen.asked} ({stored.listing}): {outcome}")
    elif seen.what == "end":
        said, ended = outcome
        if said is None and not ended:
            yield Finding(ENDED, f"{seen.asked}")
        outcome = said
    if isinstance(outcome, BaseException) and not isinstance(
        outcome, (CekuraError, *INTERRUPTIONS)
    ):
        yield Finding(RAISED, f"{seen.what} {seen.asked}: {outcome!r}")
