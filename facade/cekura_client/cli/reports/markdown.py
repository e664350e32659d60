"""Markdown, for the summary of a CI job or a comment."""

import re

from cekura_client.cli.reports.report import Report, missing, scenario
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.texts import printable, shortened
from cekura_client.core.verdicts import Verdict

# Every mark that could mean something may be escaped (CommonMark 2.4); so no link, image, HTML, table
# or mention is made of what the server says.
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
# GitHub takes a megabyte for a step. Runs with their reasons, characters of a reason and of a name.
_RUNS, _REASON, _NAME = 100, 500, 80


def markdown(report: Report) -> str:
    """The report as Markdown."""
    blocks = [_summary(report)]
    for error in report.errors:
        blocks.append(f"**Error:** {_escaped(error, 2_000)}")
    for result in report.results:
        blocks += _result(result, report)
    return "\n\n".join(blocks) + "\n"


def _summary(report: Report) -> str:
    word = "passed" if report.passes else "not passed"
    rate = "" if report.rate is None else f", {100 * report.rate:.4g} % of the runs"
    return f"## Cekura: {word}{rate}"


def _result(result: Result, report: Report) -> list[str]:
    passed, counted = report.gate.counted(result)
    name = f" {_escaped(result.name, _NAME)}" if result.name else ""
    rows = [
        f"| {verdict} | {number:,} |"
        for verdict in Verdict
        if (number := result.counts.get(verdict, 0))
    ]
    if lacking := missing(result):
        rows.append(f"| missing in the answer | {lacking:,} |")
    status = _escaped(result.status or "no status", _NAME)
    blocks = [
        f"### Result {result.id}{name}",
        f"**{result.verdict}** ({status}), {passed:,} of {counted:,} runs passed.",
    ]
    if dashboard := report.dashboard(result):
        blocks.append(f"[Dashboard]({dashboard})")
    if rows:
        blocks.append("\n".join(["| verdict | runs |", "|---|---:|", *rows]))
    bad = [run for run in result.runs if run.verdict is not Verdict.PASSED]
    if bad:
        blocks.append("\n".join(line for run in bad[:_RUNS] for line in _run(run)))
    if len(bad) > _RUNS:
        blocks.append(f"and {len(bad) - _RUNS:,} more that did not pass")
    return blocks


def _run(run: Run) -> list[str]:
    name = _escaped(scenario(run), _NAME)
    took = f", {_escaped(run.duration, _NAME)}" if run.duration else ""
    reasons = run.reasons or (f"its status is {run.status or 'not known'}",)
    return [
        f"- **{run.verdict}**: run {run.id}, scenario {run.scenario} {name}{took}",
        *(f"  - {_escaped(reason, _REASON)}" for reason in reasons),
    ]


def _escaped(text: str, most: int) -> str:
    return _MARKS.sub(r"\\\1", shortened(printable(text), most))
