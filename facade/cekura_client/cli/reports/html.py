"""A report as one page for people: to open, to send, to print. It loads nothing and runs nothing."""

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

# Of a longer text, even the folded parts show the beginning only.
_LONGEST = 20_000
# Runs that are shown with their reasons and transcripts; all are in the table at the end.
_EXPLAINED = 200
# Metrics in the table; there are rarely more than a dozen.
_METRICS = 100
# Tables with more rows are folded at first.
_ROWS = 50


@frozen
class Part:
    """A result, as the page shows it."""

    result: Result
    calls: tuple[Call, ...]
    timeline: Timeline | None
    dashboard: str | None


@frozen
class Durations:
    """How long the calls took, in seconds; of those that say it."""

    shortest: int
    median: float
    longest: int
    calls: int


@frozen
class Scores:
    """What one metric said of all the runs that it judged."""

    name: str
    type: str
    metrics: tuple[Metric, ...]

    @property
    def binary(self) -> bool:
        """Whether it can only be met or not."""
        return self.type.startswith("binary")

    @property
    def failed(self) -> int:
        """Of how many runs it says that they failed it."""
        return sum(metric.failed for metric in self.metrics)

    @property
    def judged(self) -> bool:
        """Whether it says of any run whether it was met."""
        return any(metric.passed is not None for metric in self.metrics)

    @property
    def scores(self) -> tuple[float, ...]:
        """The scores there are."""
        return tuple(metric.score for metric in self.metrics if metric.score is not None)

    @property
    def mean(self) -> float:
        """Of the scores."""
        # Divided first, since a sum of large scores may be more than a float can be.
        return sum(score / len(self.scores) for score in self.scores)


def html(report: Report) -> str:
    """The whole page."""
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
        "said": _said,
        "plain": _plain,
        "told": _told,
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
    """When the gate lets a result pass, in words."""
    counted = "runs that count" if gate.ignore_infrastructure else "runs"
    rule = f"All {counted} must pass"
    if gate.fail_under is not None:
        rule = f"At least {100 * gate.fail_under:.10g} % of the {counted} must pass"
    if gate.ignore_infrastructure:
        rule += "; infrastructure failures and unscored runs do not"
    return rule + "."


def _passed_first(counts: dict[Verdict, int]) -> dict[Verdict, int]:
    return {verdict: counts[verdict] for verdict in [Verdict.PASSED, *counts] if verdict in counts}


def _durations(calls: Iterable[Call]) -> Durations | None:
    known = [call.seconds for call in calls if call.seconds is not None]
    return Durations(min(known), median(known), max(known), len(known)) if known else None


def _scores(calls: Iterable[Call]) -> list[Scores]:
    """What each metric said, those first that the most runs failed."""
    found: dict[tuple[str, str], list[Metric]] = {}
    for call in calls:
        for metric in call.run.metrics:
            found.setdefault((metric.name, metric.type), []).append(metric)
    scores = [Scores(name, kind, tuple(metrics)) for (name, kind), metrics in found.items()]
    return sorted(scores, key=lambda metric: -metric.failed)


# How values are written


def _plain(text: str, most: int) -> str:
    """A text of the server where no element can be."""
    return shortened(printable(text), most)


def _said(text: str, most: int = 160) -> Markup:
    """A text of the server within a line, which its direction does not leave."""
    return Markup("<bdi>{}</bdi>").format(_plain(text, most))


def _told(text: str, most: int = _LONGEST) -> Markup:
    """A text of the server with its line breaks."""
    return Markup('<p class="told" dir="auto">{}</p>').format(shortened(lines(text), most))


def _turns(turns: Sequence[Turn]) -> tuple[list[Turn], int]:
    """The turns at the beginning that are not too long together, and how many more there are."""
    shown: list[Turn] = []
    left = _LONGEST
    for turn in turns:
        if left <= 0:
            break
        shown.append(turn)
        left -= len(turn.content) + 20  # a thousand turns without words are long, too
    return shown, len(turns) - len(shown)


def _count(number: int) -> str:
    # The server's own numbers may have thousands of digits.
    return f"{number:,}" if abs(number) < 10**12 else "very many"


def _score(value: float) -> str:
    if 0.01 <= abs(value) < 10**9:
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{value:.3g}"
