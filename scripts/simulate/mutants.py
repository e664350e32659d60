"""Rules of the library, each of which can be taken out: so the power of the checker is tested."""

import json
import math
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import httpx
from attrs import evolve

from cekura_client.core import decoding
from cekura_client.core.interruption import OngoingLaunch
from cekura_client.core.recovery import Candidate, LostLaunch, ServerClock
from cekura_client.core.results import Result
from cekura_client.core.send_policy import AttemptOutcome, outcome_of_answer, pause_before_next
from cekura_client.effects import Send
from cekura_client.operations import launching, results, waiting
from cekura_client.operations.claims import Claims
from cekura_client.record import LaunchRecord, RecordedLaunch
from cekura_client.wire import sending

# What is replaced, in what, by what.
Patch = tuple[object, str, object]


def _outcome(*statuses: int, becomes: AttemptOutcome) -> Patch:
    def mutant(status_code: int, retry_after: float | None, *, launch: bool) -> AttemptOutcome:
        if status_code in statuses:
            return becomes
        return outcome_of_answer(status_code, retry_after, launch=launch)

    return sending, "outcome_of_answer", mutant


def _pause(*_: Any, launch: bool, **given: Any) -> float | None:
    return pause_before_next(*_, launch=False, **given)


def _fits(**forgotten: Any) -> Patch:
    fits = LostLaunch.fits

    def mutant(self: LostLaunch, candidate: Candidate, clock: ServerClock) -> bool:
        return fits(evolve(self, **forgotten), candidate, clock)

    return LostLaunch, "fits", mutant


def _latest_end(end: Callable[[RecordedLaunch], float]) -> Patch:
    return RecordedLaunch, "latest_end", property(end)


def _any_result(answer: httpx.Response, wanted: int, planned: int | None) -> Result:
    return evolve(Result.read(answer.content), planned=planned)


def _cut_number(body: bytes) -> Any:
    return decoding.value(body + b"}")


def _glued(self: LaunchRecord, line: Mapping[str, Any]) -> None:
    with self.path.open("ab") as file:
        file.write(json.dumps(dict(line)).encode() + b"\n")


_launches = LaunchRecord.launches


def _rivals(keep: Callable[[RecordedLaunch], bool]) -> Patch:
    rivals = LaunchRecord.rivals

    def mutant(self: LaunchRecord, launch: RecordedLaunch) -> list[RecordedLaunch]:
        return [other for other in rivals(self, launch) if keep(other)]

    return LaunchRecord, "rivals", mutant


def _first_bad_line_ends_it(self: LaunchRecord) -> list[RecordedLaunch]:
    text = self.path.read_bytes() if self.path.exists() else b""
    for line in text.splitlines():
        try:
            json.loads(line)
        except ValueError:
            return []
    return _launches(self)


def _no(*_: Any) -> bool:
    return False


def _utf_8(body: bytes) -> tuple[str, ...]:
    return (body.decode(),)


def _nothing(*_: Any) -> None:
    return None


def _no_flow(*_: Any, **__: Any) -> Generator[Any, Any, None]:
    yield from ()


def _on_a_kept_connection(*given: Any) -> Send:
    return evolve(Send(*given), alone=False)


_REDIRECTS = (300, 301, 302, 303, 304)
_TURNED_AWAY, _REFUSED = AttemptOutcome.TURNED_AWAY, AttemptOutcome.REFUSED
_SENT = (httpx.ReadTimeout, httpx.WriteError)

MUTANTS: dict[str, tuple[Patch, ...]] = {
    "a launch is sent again after 503": (_outcome(503, becomes=_TURNED_AWAY),),
    "a launch is sent again whatever happened": ((sending, "pause_before_next", _pause),),
    "a launch is sent again after a timeout": (
        (sending, "_NOT_SENT", (*vars(sending)["_NOT_SENT"], *_SENT)),
    ),
    "a launch is sent again after a 429 that is the launch": (
        (sending, "may_hold_an_id", _no),
        (sending, "was_started", _no),
    ),
    "a redirect refuses a launch": (_outcome(*_REDIRECTS, becomes=_REFUSED),),
    "408 refuses a launch": (_outcome(408, becomes=_REFUSED),),
    "an error that is the launch is not read": ((sending, "was_started", _no),),
    "a launch travels on a kept connection": ((sending, "Send", _on_a_kept_connection),),
    "a number that is cut off is read": ((decoding, "beginning", _cut_number),),
    "names are not unique": ((launching, "unique_name", lambda *_: "cekura-client"),),
    "claims forget which results are taken": ((Claims, "taken", _no),),
    "claims forget what is unsettled": ((Claims, "rivals", _no),),
    "the record is not consulted": (_rivals(_no),),
    "the record forgets which results are taken": (_rivals(lambda other: not other.settled),),
    "the record forgets what is unsettled": (_rivals(lambda other: other.settled),),
    "a window without a beginning": (_fits(began=0.0),),
    "a window without an end": (_fits(ended=math.inf),),
    "a killed launch has no end": (_latest_end(lambda entry: entry.ended or math.inf),),
    "the record forgets when a lost launch ended": (
        _latest_end(lambda entry: entry.until or math.inf),
    ),
    "scenarios are not compared": (_fits(scenarios=None),),
    "numbers of runs are not compared": (_fits(runs=None),),
    "the id of an answer is not compared": (
        (results, "read_result", _any_result),
        (waiting, "read_result", _any_result),
    ),
    "an interruption without a note": ((OngoingLaunch, "may_be_sent", _nothing),),
    "an interruption without the id": ((OngoingLaunch, "was_accepted", _nothing),),
    "a launch is not written before it is sent": ((launching, "_write_first", _no_flow),),
    "half a line spoils the next": ((LaunchRecord, "append", _glued),),
    "a bad line hides all others": ((LaunchRecord, "launches", _first_bad_line_ends_it),),
    "a look-up finds nothing": ((LostLaunch, "fits", _no),),
    "messages are taken for UTF-8": ((sending, "messages", _utf_8),),
    "calls count as ended whatever the answer": (
        _outcome(500, 502, 503, 504, becomes=AttemptOutcome.ANSWERED),
    ),
    "contradictions do not count": ((Result, "problems", ()),),
    "planned runs are forgotten": (
        (results, "planned_runs", _nothing),
        (waiting, "planned_runs", _nothing),
    ),
}


@contextmanager
def mutated(name: str | None) -> Generator[None, None, None]:
    """The library without this rule; with None, as it is."""
    with ExitStack() as stack:
        for target, attribute, replacement in MUTANTS[name] if name else ():
            stack.enter_context(patch.object(target, attribute, replacement))
        yield
