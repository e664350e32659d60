"""A report as one HTML page to open, send or print. It loads nothing and has no script."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from statistics import median
from typing import Any

from attrs import frozen
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from cekura_client.cli.reports.calls import Call, Timeline, Turn, calls_of, timeline
from cekura_client.cli.reports.report import Report, clock, percent, scenario
from cekura_client.core.gate import Gate
from cekura_client.core.results import Result
from cekura_client.core.runs import Metric
from cekura_client.core.texts import lines, printable, shortened
from cekura_client.core.verdicts import Verdict

# Characters of a text, even in the folded details.
_LONGEST = 20_000
# Runs with reasons and transcripts; the table at the end has all runs.
_EXPLAINED = 200
# Metrics in the table; more than a dozen are rare.
_METRICS = 100
# Longer tables start folded.
_ROWS = 50


@frozen
class Part:
    """A result on the page."""

    result: Result
    calls: tuple[Call, ...]
    timeline: Timeline | None
    dashboard: str | None


@frozen
class Durations:
    """Durations of calls, in seconds; `calls` is how many have one."""

    shortest: int
    median: float
    longest: int
    calls: int


@frozen
class Scores:
    """One metric over all runs that it judged."""

    name: str
    type: str
    metrics: tuple[Metric, ...]

    @property
    def binary(self) -> bool:
        """Whether the metric is met or not, without degrees."""
        return self.type.startswith("binary")

    @property
    def failed(self) -> int:
        """How many runs failed it."""
        return sum(metric.failed for metric in self.metrics)

    @property
    def judged(self) -> bool:
        """Whether it says of any run whether it was met."""
        return any(metric.passed is not None for metric in self.metrics)

    @property
    def scores(self) -> tuple[float, ...]:
        """All its scores."""
        return tuple(metric.score for metric in self.metrics if metric.score is not None)

    @property
    def mean(self) -> float:
        """The mean of the scores."""
        # Divides first: the sum of large scores could overflow.
        return sum(score / len(self.scores) for score in self.scores)


def html(report: Report) -> str:
    """The page."""
    parts = [_part(report, result) for result in report.results]
    calls = [call for part in parts for call in part.calls]
    bad = [(part, call) for part in parts for call in part.calls if _is_bad(call)]
    bad.sort(key=lambda pair: list(Verdict).index(pair[1].run.verdict))
    scores = _scores(calls)
    return _template().render(
        report=report,
        gate=_rule(report.gate),
        parts=parts,
        counts=_passed_first(report.counts),
        durations=_durations(calls),
        scores=scores[:_METRICS],
        more_scores=len(scores) - _METRICS,
        bad=bad[:_EXPLAINED],
        bad_count=len(bad),
        places={id(call): place for place, (_, call) in enumerate(bad[:_EXPLAINED], 1)},
        folded=len(calls) > _ROWS,
    )


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    filters: dict[str, Any] = {
        "inline": _inline,
        "plain": _plain,
        "block": _block,
        "count": _count,
        "clock": clock,
        "score": _score,
        "percent": percent,
        "turns": _turns,
    }
    names: dict[str, Any] = {"scenario": scenario, "id": id}
    environment.filters.update(filters)
    environment.globals.update(names)
    source = files("cekura_client.cli.reports").joinpath("report.html").read_text("utf-8")
    return environment.from_string(source)


def _part(report: Report, result: Result) -> Part:
    calls = calls_of(result)
    return Part(result, calls, timeline(calls), report.dashboard(result))


def _is_bad(call: Call) -> bool:
    return call.run.verdict is not Verdict.PASSED


def _rule(gate: Gate) -> str:
    """The pass criteria in words."""
    counted = "runs that count" if gate.ignore_infrastructure else "runs"
    rule = f"All {counted} must pass"
    if gate.fail_under is not None:
        rule = f"At least {100 * gate.fail_under:.10g} % of the {counted} must pass"
    if gate.ignore_infrastructure:
        rule += "; infrastructure failures and unscored runs do not count"
    return rule + "."


def _passed_first(counts: dict[Verdict, int]) -> dict[Verdict, int]:
    return {verdict: counts[verdict] for verdict in [Verdict.PASSED, *counts] if verdict in counts}


def _durations(calls: Iterable[Call]) -> Durations | None:
    known = [call.seconds for call in calls if call.seconds is not None]
    return Durations(min(known), median(known), max(known), len(known)) if known else None


def _scores(calls: Iterable[Call]) -> list[Scores]:
    """The metrics, those that most runs failed first."""
    found: dict[tuple[str, str], list[Metric]] = {}
    for call in calls:
        for metric in call.run.metrics:
            found.setdefault((metric.name, metric.type), []).append(metric)
    scores = [Scores(name, kind, tuple(metrics)) for (name, kind), metrics in found.items()]
    return sorted(scores, key=lambda metric: -metric.failed)


# Formats of values


def _plain(text: str, most: int) -> str:
    """A text of the server, for places that cannot contain elements."""
    return shortened(printable(text), most)


def _inline(text: str, most: int = 160) -> Markup:
    """A text of the server within a line, isolated from the direction of that line."""
    return Markup("<bdi>{}</bdi>").format(_plain(text, most))


def _block(text: str, most: int = _LONGEST) -> Markup:
    """A text of the server, with its line breaks."""
    return Markup('<p class="text" dir="auto">{}</p>').format(shortened(lines(text), most))


def _turns(turns: Sequence[Turn]) -> tuple[list[Turn], int]:
    """The first turns, up to the maximum length, and how many more there are."""
    shown: list[Turn] = []
    left = _LONGEST
    for turn in turns:
        if left <= 0:
            break
        shown.append(turn)
        left -= len(turn.content) + 20  # a thousand empty turns are long too
    return shown, len(turns) - len(shown)


def _count(number: int) -> str:
    # A number from the server may have thousands of digits.
    return f"{number:,}" if abs(number) < 10**12 else "very many"


def _score(value: float) -> str:
    if 0.01 <= abs(value) < 10**9:
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{value:.3g}"
