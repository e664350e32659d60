"""The results and their runs, and how they move with time.

Nothing moves by itself: a state follows from a run's script and its age when somebody looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count, product

from cekura_client.sandbox.launches import Launch

STAGES = ("pending", "in_queue", "running", "evaluating")
_CONNECTED_FROM = STAGES.index("running")


class Outcome(StrEnum):
    """How the runs of a scenario end."""

    PASSED = "passed"  # completed, success true
    FAILED = "failed"  # completed, success false, with reasons
    INFRASTRUCTURE = "infrastructure"  # failed: the call was never connected
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    UNSCORED = "unscored"  # completed, but success stays null


_ENDS = {
    Outcome.INFRASTRUCTURE: "failed",
    Outcome.TIMEOUT: "timeout",
    Outcome.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class Run:
    """One call of one scenario, and how it will end."""

    id: int
    scenario: int
    outcome: Outcome
    personality: int | None
    profile: int | None


@dataclass(frozen=True)
class RunState:
    """A run at one moment; `connected` is None while nobody can know."""

    run: Run
    status: str
    success: bool | None
    connected: bool | None

    @property
    def ended(self) -> bool:
        """Whether the status is final; `success` may still follow."""
        return self.status not in STAGES


@dataclass
class Result:
    """A launch and its runs. Times are seconds of the world's clock, `created_at` is the date."""

    id: int
    name: str
    launch: Launch
    runs: tuple[Run, ...]
    pace: float
    score_delay: float
    created: float
    stopped: float | None = None  # when the calls were ended from outside
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def states(self, now: float) -> list[RunState]:
        """Its runs at the time `now`."""
        return [self._state(run, now) for run in self.runs]

    def changed(self, now: float) -> float:
        """Seconds from its creation to its latest change, seen at the time `now`."""
        stopped = now if self.stopped is None else self.stopped
        return min(now, stopped, self.created + len(STAGES) * self.pace) - self.created

    def _state(self, run: Run, now: float) -> RunState:
        end = _ENDS.get(run.outcome, "completed")
        # Only a completed call is evaluated.
        stages = STAGES if end == "completed" else STAGES[:-1]
        age = (now if self.stopped is None else self.stopped) - self.created
        stage = int(min(age // self.pace, len(stages))) if self.pace else len(stages)
        over = stage == len(stages)
        if not over:
            end = stages[stage] if self.stopped is None else "cancelled"
        reached = stage >= _CONNECTED_FROM and run.outcome is not Outcome.INFRASTRUCTURE
        connected = True if reached else False if end not in STAGES else None
        scored = now - self.created >= len(STAGES) * self.pace + self.score_delay
        verdict = {Outcome.PASSED: True, Outcome.FAILED: False}.get(run.outcome)
        return RunState(run, end, verdict if over and scored else None, connected)


def status_of(states: list[RunState]) -> str:
    """The status of a result whose runs are in these states."""
    statuses = {state.status for state in states}
    for stage in STAGES:
        if stage in statuses:
            return "in_progress" if stage == "in_queue" else stage
    for end in ("completed", "cancelled", "failed"):
        if end in statuses:
            return end
    return "timeout"


class World:
    """Everything the sandbox remembers. Use it from one thread."""

    def __init__(
        self,
        *,
        outcomes: Mapping[int, Outcome],
        pace: float,
        score_delay: float,
        clock: Callable[[], float],
    ) -> None:
        self.clock = clock
        self._outcomes = outcomes
        self._pace = pace
        self._score_delay = score_delay
        self._results: dict[int, Result] = {}
        # Far apart, so that a result's id taken for a run's is noticed.
        self._result_ids = count(7001)
        self._run_ids = count(310_001)

    def create(self, launch: Launch) -> Result:
        """Start the runs of a launch."""
        combinations = product(
            launch.scenarios, range(launch.frequency), launch.personalities, launch.profiles
        )
        runs = tuple(
            Run(
                next(self._run_ids),
                scenario,
                self._outcomes.get(scenario, Outcome.PASSED),
                personality,
                profile,
            )
            for scenario, _, personality, profile in combinations
        )
        number = next(self._result_ids)
        name = launch.name or f"{launch.kind} run {number}"
        result = Result(
            number, name, launch, runs, self._pace, self._score_delay, created=self.clock()
        )
        self._results[number] = result
        return result

    def find(self, number: int) -> Result | None:
        """The result with this id, if there is one."""
        return self._results.get(number)

    def newest_first(self) -> list[Result]:
        """All results."""
        return list(reversed(self._results.values()))

    def end_calls(self, result: Result) -> None:
        """Cancel the runs that have not ended."""
        if result.stopped is None:  # a second time there is nothing left to cancel
            result.stopped = self.clock()
