"""What every report shows, whatever its format."""

from collections import Counter
from datetime import datetime

from attrs import field, frozen

from cekura_client.core.gate import Gate
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.verdicts import Verdict


@frozen
class Report:
    """What all reports read, so that none says anything else than the exit status.

    Attributes:
        results: In the order in which they were asked for, as far as they were seen.
        gate: The pass criteria.
        made: When the report was made, with its time zone.
        project: Id of the project, for addresses of the dashboard, where it is known.
        errors: What went wrong besides the runs: a launch that was refused, a wait that broke off, a
            result that was not seen.
        passes: Whether the exit status is 0.
    """

    results: tuple[Result, ...]
    gate: Gate
    made: datetime
    project: int | None = None
    errors: tuple[str, ...] = ()
    passes: bool = field(kw_only=True)

    @property
    def verdict(self) -> Verdict:
        """`passed` exactly if it passes; otherwise the worst verdict that explains why not."""
        if self.passes:
            return Verdict.PASSED
        worst = max((result.verdict for result in self.results), key=_severity, default=None)
        return worst if worst and worst is not Verdict.PASSED else Verdict.UNKNOWN

    @property
    def counted(self) -> tuple[int, int]:
        """How many runs of all results passed, and of how many."""
        counted = [self.gate.counted(result) for result in self.results]
        return sum(passed for passed, _ in counted), sum(total for _, total in counted)

    @property
    def share(self) -> tuple[int, int] | None:
        """`counted`, unless the share of runs that passed is not known.

        It is not known where something went wrong or has not ended, since the share of what was seen
        may be better than that of the whole.
        """
        passed, total = self.counted
        if not total or self.errors or not all(result.finished for result in self.results):
            return None
        return None if passed == total and not self.passes else (passed, total)

    @property
    def rate(self) -> str:
        """The share as in "0.9500", never rounded up; "" where it is not known."""
        if self.share is None:
            return ""
        passed, total = self.share
        return f"{10_000 * passed // total / 10_000:.4f}"

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many runs of all results have each verdict, the worst first."""
        found = Counter[Verdict]()
        for result in self.results:
            found.update(result.counts)
            found.update({Verdict.UNKNOWN: result.missing_runs})
        return {verdict: found[verdict] for verdict in Verdict if found[verdict]}

    def explained(self, result: Result) -> tuple[str, ...]:
        """What is wrong with a result as a whole, where its runs do not show it."""
        found = list(result.problems)
        if not found and not self.gate.passes(result):
            shown = any(is_red(run, result, self.gate) for run in result.runs)
            if not shown and not self.gate.counted(result)[1]:
                found.append("none of its runs counts")
            elif not shown:
                found.append(
                    f"all runs that count passed, but its status is {result.status or 'missing'}"
                )
        return tuple(found)

    def dashboard(self, result: Result) -> str | None:
        """The page of a result on the vendor's dashboard, if it is known."""
        if self.project is None or result.id is None:
            return None
        return f"https://dashboard.cekura.ai/{self.project}/results/{result.id}"


def is_red(run: Run, result: Result, gate: Gate) -> bool:
    """Whether a run keeps its result from passing: it counts, did not pass, and the gate is not met."""
    return (
        run.verdict is not Verdict.PASSED and gate.counts(run.verdict) and not gate.passes(result)
    )


def _severity(verdict: Verdict) -> int:
    return verdict.severity


def scenario(run: Run) -> str:
    """What the scenario of a run is called."""
    return run.scenario_name or f"scenario {run.scenario}"


def percent(passed: int, total: int) -> str:
    """Never rounded up: only all is 100 %."""
    tenths = 1000 * passed // total
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def duration_seconds(duration: str) -> int | None:
    """A duration as the API writes it, "MM:SS" or "HH:MM:SS", in seconds."""
    parts = duration.split(":")
    if not 2 <= len(parts) <= 3 or not all(
        p.isascii() and p.isdigit() and len(p) < 9 for p in parts
    ):
        return None
    total = 0
    for part in parts:
        total = 60 * total + int(part)
    return total


def clock(time: float) -> str:
    """Seconds as people write them: "0:42" or "1:02:03"."""
    minutes, rest = divmod(int(time), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
