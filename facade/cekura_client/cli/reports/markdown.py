"""Markdown, for the summary of a CI job or a comment."""

import re

from cekura_client.cli.reports.report import Report, percent
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.texts import printable, shortened
from cekura_client.core.verdicts import Verdict

# CommonMark (2.4) allows escaping all punctuation, so text from the server never becomes a link, an image,
# HTML or a table.
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
# GitHub looks for mentions in the rendered text; a zero-width space prevents them.
_MENTION = re.compile(r"@(?=\w)")
# GitHub accepts a megabyte per step, so runs, reasons, errors and their characters are limited.
_RUNS, _REASONS, _ERRORS = 100, 5, 20
_REASON, _ERROR, _NAME = 300, 2_000, 80


def markdown(report: Report) -> str:
    """The report as Markdown."""
    blocks = [_summary(report)]
    for error in report.errors[:_ERRORS]:
        blocks.append(f"**Error:** {_escaped(error, _ERROR)}")
    left = _RUNS
    for result in report.results:
        blocks += _result(result, report, left)
        left = max(0, left - sum(run.verdict is not Verdict.PASSED for run in result.runs))
    return "\n\n".join(blocks) + "\n"


def _summary(report: Report) -> str:
    word = "passed" if report.passes else "not passed"
    share = f", {percent(*report.share)} of the runs" if report.share else ""
    return f"## Cekura: {word}{share}"


def _result(result: Result, report: Report, most: int) -> list[str]:
    """One result, with at most `most` of its runs that did not pass."""
    passed, counted = report.gate.counted(result)
    name = f" {_escaped(result.name, _NAME)}" if result.name else ""
    rows = [
        f"| {verdict} | {number:,} |"
        for verdict in Verdict
        if (number := result.counts.get(verdict, 0))
    ]
    if result.missing_runs:
        rows.append(f"| missing from the answer | {result.missing_runs:,} |")
    status = _escaped(result.status or "no status", _NAME)
    blocks = [
        f"### Result {result.id}{name}",
        f"**{result.verdict}** ({status}), {passed:,} of {counted:,} runs passed.",
    ]
    blocks += [_escaped(why, _ERROR) for why in report.explained(result)]
    if dashboard := report.dashboard(result):
        blocks.append(f"[Dashboard]({dashboard})")
    if rows:
        blocks.append("\n".join(["| verdict | runs |", "|---|---:|", *rows]))
    bad = [run for run in result.runs if run.verdict is not Verdict.PASSED]
    if bad[:most]:
        blocks.append("\n".join(line for run in bad[:most] for line in _run(run)))
    if len(bad) > most:
        blocks.append(f"and {len(bad) - most:,} more that did not pass")
    return blocks


def _run(run: Run) -> list[str]:
    name = f"scenario {run.scenario}"
    if run.scenario_name:
        name += f" {_escaped(run.scenario_name, _NAME)}"
    took = f", {_escaped(run.duration, _NAME)}" if run.duration else ""
    reasons = run.reasons or (f"status {run.status or 'unknown'}",)
    return [
        f"- **{run.verdict}**: run {run.id}, {name}{took}",
        *(f"  - {_escaped(reason, _REASON)}" for reason in reasons[:_REASONS]),
        *([f"  - and {len(reasons) - _REASONS} more"] if len(reasons) > _REASONS else []),
    ]


def _escaped(text: str, most: int) -> str:
    return _MARKS.sub(r"\\\1", _MENTION.sub("@\u200b", shortened(printable(text), most)))
