"""The contents of every report, whatever its format."""

from collections import Counter
from datetime import datetime

from attrs import field, frozen

from cekura_client.core.gate import Gate
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.verdicts import Verdict


@frozen
class Report:
    """The contents of all reports, so that each agrees with the exit status.

    Attributes:
        results: The results that were seen, in the order requested.
        gate: The pass criteria.
        made: When the report was made, with a time zone.
        project: Id of the project, for links to the dashboard, if known.
        errors: What went wrong besides the runs: a refused launch, an aborted wait, a result that was
            not seen.
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
        """`passed` exactly if the report passes; otherwise the worst verdict of its results."""
        if self.passes:
            return Verdict.PASSED
        worst = max((result.verdict for result in self.results), key=_severity, default=None)
        return worst if worst and worst is not Verdict.PASSED else Verdict.UNKNOWN

    @property
    def counted(self) -> tuple[int, int]:
        """How many runs passed, and how many count, over all results."""
        counted = [self.gate.counted(result) for result in self.results]
        return sum(passed for passed, _ in counted), sum(total for _, total in counted)

    @property
    def share(self) -> tuple[int, int] | None:
        """`counted`, or None if the share of runs that passed is unknown.

        It is unknown if something went wrong or has not ended: the share of the runs seen so far may
        be better than the share of all.
        """
        passed, total = self.counted
        if not total or self.errors or not all(result.finished for result in self.results):
            return None
        return None if passed == total and not self.passes else (passed, total)

    @property
    def rate(self) -> str:
        """The share, e.g. "0.9500", never rounded up; "" if unknown."""
        if self.share is None:
            return ""
        passed, total = self.share
        return f"{10_000 * passed // total / 10_000:.4f}"

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many runs of all results have each verdict, worst first."""
        found = Counter[Verdict]()
        for result in self.results:
            found.update(result.counts)
            found.update({Verdict.UNKNOWN: result.missing_runs})
        return {verdict: found[verdict] for verdict in Verdict if found[verdict]}

    def explained(self, result: Result) -> tuple[str, ...]:
        """What is wrong with a result as a whole, if its runs do not show it."""
        found = list(result.problems)
        if not found and not self.gate.passes(result):
            shown = any(is_red(run, result, self.gate) for run in result.runs)
            if not shown and not self.gate.counted(result)[1]:
                found.append("no runs count")
            elif not shown:
                found.append(
                    f"all runs that count passed, but the result has status {result.status or 'unknown'}"
                )
        return tuple(found)

    def dashboard(self, result: Result) -> str | None:
        """The address of a result on the vendor's dashboard, if known."""
        if self.project is None or result.id is None:
            return None
        return f"https://dashboard.cekura.ai/{self.project}/results/{result.id}"


def is_red(run: Run, result: Result, gate: Gate) -> bool:
    """Whether a run counts against its result: it did not pass, and the pass criteria are not met."""
    return (
        run.verdict is not Verdict.PASSED and gate.counts(run.verdict) and not gate.passes(result)
    )


def _severity(verdict: Verdict) -> int:
    return verdict.severity


def scenario(run: Run) -> str:
    """The name of a run's scenario."""
    return run.scenario_name or f"scenario {run.scenario}"


def percent(passed: int, total: int) -> str:
    """A percentage, never rounded up: 100 % means all."""
    tenths = 1000 * passed // total
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def duration_seconds(duration: str) -> int | None:
    """The seconds of a duration such as "MM:SS" or "HH:MM:SS"."""
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
    """Seconds in the form "0:42" or "1:02:03"."""
    minutes, rest = divmod(int(time), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
