"""Start times and transcripts of calls, which only the whole answer of a result contains."""

import heapq
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from attrs import field, frozen

from cekura_client.cli.reports.report import clock, duration_seconds
from cekura_client.core.decoding import UnreadableError
from cekura_client.core.lenient import integer, number, text
from cekura_client.core.results import Result
from cekura_client.core.runs import Run

# Dates outside these years are mistakes, and would squeeze all others together.
_YEARS = range(2000, 2200)
# Steps between the marks of a time axis, in seconds.
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_MOST_MARKS = 5
# The shortest bar, as a share of the axis, also for calls of unknown duration.
_SHORTEST = 0.003


@frozen
class Turn:
    """Something that was said in a call.

    Attributes:
        role: Who said it; "" if unknown.
        content: What was said.
        at: Seconds since the beginning of the call.
    """

    role: str
    content: str
    at: float | None = None


@frozen
class Call:
    """A run, with its start time and transcript from the whole answer.

    Attributes:
        run: The run.
        began: When it started, with a time zone; None if the answer does not say.
    """

    run: Run
    began: datetime | None
    _transcript: Any = field(repr=False, eq=False)

    @property
    def seconds(self) -> int | None:
        """Its duration."""
        return duration_seconds(self.run.duration)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was said. Not cached, because most transcripts are never shown."""
        if isinstance(self._transcript, str):
            return (Turn("", self._transcript),) if self._transcript.strip() else ()
        entries = self._transcript if isinstance(self._transcript, list) else ()
        return tuple(turn for turn in map(_turn, entries) if turn.content.strip())


def calls_of(result: Result) -> tuple[Call, ...]:
    """One call for each run of the result, in the same order.

    If the answer lists a run twice, the first entry counts.
    """
    entries: dict[int | None, list[dict[str, Any]]] = {}
    for entry in _entries(result):
        entries.setdefault(integer(entry.get("id")), []).append(entry)
    calls: list[Call] = []
    for run in result.runs:
        entry = next(iter(entries.get(run.id, ())), {})
        if run.id is None:
            del entries.get(None, [])[:1]  # runs without an id have the order of their entries
        calls.append(Call(run, _began(entry), entry.get("transcript_object")))
    return tuple(calls)


@frozen
class Bar:
    """A call on a timeline; `left` and `width` are shares of the axis."""

    call: Call
    left: float
    width: float
    lane: int


@frozen
class Timeline:
    """Calls side by side, in as few lanes as possible without overlaps.

    Attributes:
        began: When the first call started.
        seconds: The length of the axis.
        lanes: The number of lanes.
        bars: The calls with a known start time.
        untimed: The number of the other calls.
    """

    began: datetime
    seconds: float
    lanes: int
    bars: tuple[Bar, ...]
    untimed: int

    @property
    def marks(self) -> list[tuple[float, str]]:
        """The labels of the axis: position and text. None is close to the end."""
        step = next((s for s in _STEPS if self.seconds / s <= _MOST_MARKS), self.seconds / 4)
        times = [step * count for count in range(int(self.seconds / step) + 1)]
        return [(at / self.seconds, clock(at)) for at in times if at <= 0.9 * self.seconds]


def timeline(calls: Sequence[Call]) -> Timeline | None:
    """The timeline of the calls; None if no start time is known."""
    timed = [(call.began, call) for call in calls if call.began]
    if not timed:
        return None
    timed.sort(key=lambda pair: pair[0])
    first = timed[0][0]
    begins = [(began - first).total_seconds() for began, _ in timed]
    lengths = [float(call.seconds or 0) for _, call in timed]
    span = max(map(sum, zip(begins, lengths, strict=True))) or 1.0
    lengths = [max(length, _SHORTEST * span) for length in lengths]
    lanes = _lanes(zip(begins, lengths, strict=True))
    bars = (
        Bar(call, begin / span, length / span, lane)
        for (_, call), begin, length, lane in zip(timed, begins, lengths, lanes, strict=True)
    )
    return Timeline(first, span, max(lanes) + 1, tuple(bars), len(calls) - len(timed))


def _lanes(spans: Iterable[tuple[float, float]]) -> list[int]:
    """The first free lane for each (begin, length), in order of begin."""
    taken: list[tuple[float, int]] = []
    free: list[int] = []
    lanes: list[int] = []
    for begin, length in spans:
        while taken and taken[0][0] <= begin:
            heapq.heappush(free, heapq.heappop(taken)[1])
        lane = heapq.heappop(free) if free else len(taken)
        heapq.heappush(taken, (begin + length, lane))
        lanes.append(lane)
    return lanes


def _entries(result: Result) -> list[dict[str, Any]]:
    try:
        runs = result.raw.get("runs")
    except UnreadableError:  # the result itself needs only a few fields, which could be read
        return []
    entries = runs.values() if isinstance(runs, dict) else runs if isinstance(runs, list) else ()
    return [entry if isinstance(entry, dict) else {} for entry in entries]


def _began(entry: dict[str, Any]) -> datetime | None:
    return _moment(entry.get("executed_at")) or _moment(entry.get("timestamp"))


def _moment(value: Any) -> datetime | None:
    # Not dateutil: it parses nearly anything, and warns about unknown time zones.
    try:
        moment = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return moment if moment.tzinfo and moment.year in _YEARS else None


def _turn(entry: Any) -> Turn:
    if not isinstance(entry, dict):
        return Turn("", text(entry))
    return Turn(
        text(entry.get("role")), text(entry.get("content")), number(entry.get("start_time"))
    )
