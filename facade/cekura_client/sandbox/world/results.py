"""The results and their runs, and how they move with time.

Nothing moves by itself: the state of a run follows from its script and from the time of the read.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, product

from cekura_client.sandbox.world.launch import Launch
from cekura_client.sandbox.world.schedule import Queue, Schedule
from cekura_client.sandbox.world.script import ENDED, Ending, Outcome, Script, script
from cekura_client.sandbox.world.state import Catalogue

BEFORE = ("pending", "in_queue")
STAGES = (*BEFORE, "running", "evaluating")

_ENDS = {
    Outcome.INFRASTRUCTURE: "failed",
    Outcome.TIMEOUT: "timeout",
    Outcome.CANCELLED: "cancelled",
}
_SCORED = {Outcome.PASSED: True, Outcome.FAILED: False}


@dataclass(frozen=True, slots=True)
class Run:
    """One call of one scenario, and how it will end."""

    id: int
    scenario: int
    script: Script
    personality: int | None
    profile: int | None


@dataclass(frozen=True, slots=True)
class RunState:
    """A run at one moment; `connected` is None while it is unknown."""

    run: Run
    status: str
    success: bool | None
    connected: bool | None

    @property
    def ended(self) -> bool:
        """Whether the status is final; `success` may still follow."""
        return self.status in ENDED

    @property
    def settled(self) -> bool:
        """Whether nothing will change any more."""
        awaits = self.status == "completed" and self.run.script.outcome in _SCORED
        return self.ended and not (awaits and self.success is None)


class TooLittleCreditError(Exception):
    """The balance does not pay for a launch; nothing was started."""

    def __init__(self, needed: float, left: float) -> None:
        super().__init__(f"This needs {needed:g} credits; there are {left:g}.")


@dataclass(frozen=True)
class Pace:
    """How fast everything goes.

    Attributes:
        stage: how long a run stays in each state; 0 ends it at once.
        score_delay: from a run's completion until `success` is known.
        by_reads: count how often a result was read, instead of seconds.
    """

    stage: float
    score_delay: float
    by_reads: bool


@dataclass
class Result:
    """A launch and its runs. Times are the world's, or reads; `created_at` is the date."""

    id: int
    name: str
    launch: Launch
    runs: tuple[Run, ...]
    pace: Pace
    created: float
    queue: Queue
    stopped: float | None = None  # when the calls were ended from outside
    reads: int = 0
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def states(self, now: float) -> list[RunState]:
        """Its runs at the time `now`."""
        return [
            self._state(run, began, now)
            for run, began in zip(self.runs, self.queue.began, strict=True)
        ]

    def changed(self, now: float) -> float:
        """How long after its creation it changed last, seen at the time `now`."""
        begun = [began for began in self.queue.began if began is not None]
        waiting = len(begun) < len(self.runs) and self.stopped is None
        last = max(begun, default=self.created) + 3 * self.pace.stage
        stopped = now if self.stopped is None else self.stopped
        return max(0.0, min(now, stopped, now if waiting else last) - self.created)

    def _state(self, run: Run, began: float | None, now: float) -> RunState:
        stage, plan = self.pace.stage, run.script
        stopped = self.stopped is not None
        seen = now if self.stopped is None else self.stopped
        end = _ENDS.get(plan.outcome, "completed")
        if began is None or began > seen:
            waits = BEFORE[0] if seen < self.created + stage else BEFORE[1]
            return RunState(
                run, "cancelled" if stopped else waits, None, False if stopped else None
            )
        connected = plan.outcome is not Outcome.INFRASTRUCTURE
        # Only a completed call is evaluated.
        after = ["running", *(["evaluating"] if end == "completed" else [])]
        after += [plan.passes_through] if plan.passes_through else []
        step = len(after) if not stage else min(int((seen - began) // stage), len(after))
        if plan.outcome is Outcome.STUCK:
            step = 0
        if step < len(after):
            status = "cancelled" if stopped else after[step]
            return RunState(run, status, None, True if connected else False if stopped else None)
        delay = self.pace.score_delay if plan.score_delay is None else plan.score_delay
        scored = now >= began + len(after) * stage + delay
        return RunState(run, end, _SCORED.get(plan.outcome) if scored else None, connected)


def status_of(states: list[RunState]) -> str:
    """The status of a result whose runs are in these states."""
    statuses = dict.fromkeys(state.status for state in states)
    for stage in STAGES:
        if stage in statuses:
            return "in_progress" if stage == "in_queue" else stage
    if others := [status for status in statuses if status not in ENDED]:
        return others[0]
    return next(end for end in ("completed", "cancelled", "failed", "timeout") if end in statuses)


class World:
    """Everything the sandbox remembers. Use it from one thread."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        endings: Mapping[int, Ending],
        pace: Pace,
        seed: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.catalogue = catalogue
        self.credits = catalogue.state.credits
        self._clock = clock
        self._pace = pace
        self._seed = seed
        self._scripts = {n: script(s.ends) for n, (_, s) in catalogue.scenarios.items()}
        self._scripts |= {number: script(ending) for number, ending in endings.items()}
        self._schedule = Schedule(catalogue.state.concurrency)
        self._results: dict[int, Result] = {}
        self._played: Counter[int] = Counter()
        # Far apart, so that a result's id taken for a run's is noticed.
        self._result_ids = count(7001)
        self._run_ids = count(310_001)

    def create(self, launch: Launch) -> Result:
        """Start the runs of a launch, and take their price.

        Raises:
            TooLittleCreditError: nothing was started.
        """
        combinations = list(
            product(
                launch.scenarios, range(launch.frequency), launch.personalities, launch.profiles
            )
        )
        if len(combinations) > self.credits:
            raise TooLittleCreditError(len(combinations), self.credits)
        self.credits -= len(combinations)
        runs = tuple(
            Run(next(self._run_ids), scenario, self._script(scenario), personality, profile)
            for scenario, _, personality, profile in combinations
        )
        number = next(self._result_ids)
        now = 0.0 if self._pace.by_reads else self._clock()
        name = launch.name or f"{launch.kind} run {number}"
        queue = self._queue(runs, launch, now)
        result = Result(number, name, launch, runs, self._pace, now, queue)
        self._results[number] = result
        return result

    def find(self, number: int) -> Result | None:
        """The result with this id, if there is one."""
        return self._results.get(number)

    def newest_first(self) -> list[Result]:
        """All results."""
        return list(reversed(self._results.values()))

    def look(self, result: Result) -> float:
        """Count a read of a result; return its time, which may be measured in reads."""
        if result.pace.by_reads:
            result.reads += 1
            return float(result.reads - 1)
        return self.now

    @property
    def now(self) -> float:
        """The time, after starting and ending the calls that are due."""
        now = self._clock()
        self._schedule.advance(now)
        return now

    def end_calls(self, result: Result) -> None:
        """Cancel the runs that have not ended."""
        if result.stopped is None:  # otherwise nothing is left to cancel
            now = float(result.reads) if self._pace.by_reads else self.now
            result.stopped = now
            self._schedule.stop(result.queue, now)

    def _script(self, scenario: int) -> Script:
        known = self._scripts.get(scenario)
        if known is None:
            return _PASSES
        self._played[scenario] += 1
        return known.settled(self._seed, scenario, self._played[scenario])

    def _queue(self, runs: tuple[Run, ...], launch: Launch, now: float) -> Queue:
        """When the runs begin; limits hold only where there is time."""
        stage, state = self._pace.stage, self.catalogue.state
        ready = now + len(BEFORE) * stage
        lengths = [float("inf") if run.script.outcome is Outcome.STUCK else stage for run in runs]
        timed = bool(stage) and not self._pace.by_reads
        interval = stage / state.start_rate if timed else 0.0
        queue = Queue(ready, lengths, interval, launch.concurrency if timed else None)
        if timed:
            self._schedule.add(queue)
        else:
            queue.began[:] = [ready] * len(runs)
        return queue


_PASSES = Script()
