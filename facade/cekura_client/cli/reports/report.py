"""What every report shows, whatever its format."""

from collections import Counter
from datetime import datetime

from attrs import frozen

from cekura_client.core.gate import Gate
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.verdicts import Verdict


@frozen
class Report:
    """Results that were waited for together, and when they are good enough.

    Attributes:
        results: In the order in which they were asked for.
        gate: When a result is good enough.
        made: When the report was made, with its time zone.
        project: Id of the project, for addresses of the dashboard, where it is known.
        errors: What went wrong besides: a launch that was refused, a wait that broke off.
    """

    results: tuple[Result, ...]
    gate: Gate
    made: datetime
    project: int | None = None
    errors: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether there are results, nothing went wrong, and every result is good enough."""
        good = [self.gate.passes(result) for result in self.results]
        return bool(good) and all(good) and not self.errors

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the results; unknown where there are none."""
        verdicts = [result.verdict for result in self.results] or [Verdict.UNKNOWN]
        return min(verdicts, key=list(Verdict).index)

    @property
    def counted(self) -> tuple[int, int]:
        """How many runs of all results passed, and of how many."""
        counted = [self.gate.counted(result) for result in self.results]
        return sum(passed for passed, _ in counted), sum(total for _, total in counted)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many runs of all results have each verdict, the worst first."""
        found = Counter[Verdict]()
        for result in self.results:
            found.update(result.counts)
            found.update({Verdict.UNKNOWN: missing(result)})
        return {verdict: found[verdict] for verdict in Verdict if found[verdict]}

    def dashboard(self, result: Result) -> str | None:
        """The page of a result on the vendor's dashboard, if it is known."""
        if self.project is None or result.id is None:
            return None
        return f"https://dashboard.cekura.ai/{self.project}/results/{result.id}"


def missing(result: Result) -> int:
    """How many runs the server counts but does not send."""
    return max(0, (result.total_runs or 0) - len(result.runs))


def scenario(run: Run) -> str:
    """What the scenario of a run is called."""
    return run.scenario_name or f"scenario {run.scenario}"


def percent(passed: int, total: int) -> str:
    """Never rounded up: only all is 100 %."""
    tenths = 1000 * passed // total
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"


def seconds(duration: str) -> int | None:
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
