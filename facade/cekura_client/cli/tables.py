"""The outcome for people: a table of the runs, and the reasons of those that did not pass."""

from rich import box
from rich.table import Table
from rich.text import Text

from cekura_client.cli.console import Console
from cekura_client.cli.outcome import CommandOutcome
from cekura_client.cli.reports.report import Report, percent, scenario
from cekura_client.core.gate import Gate
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.texts import printable, shortened
from cekura_client.core.verdicts import Verdict

COLOURS = {
    Verdict.FAILED: "red",
    Verdict.INFRASTRUCTURE: "magenta",
    Verdict.TIMEOUT: "magenta",
    Verdict.CANCELLED: "yellow",
    Verdict.UNSCORED: "yellow",
    Verdict.UNKNOWN: "yellow",
    Verdict.PASSED: "green",
}
# Characters of a text, and rows of a table, without --full.
_TEXT, _NAME, _WORD, _ROWS = 300, 80, 20, 30


def show_results(outcome: CommandOutcome, console: Console, *, full: bool) -> None:
    """Each result with its runs, then the reasons of those that did not pass."""
    report = outcome.report()
    for result in report.results:
        _heading(result, outcome.gate, console)
        for why in report.explained(result):
            console.line(why)
        if dashboard := report.dashboard(result):
            console.line(dashboard)
        _table(result, console, full=full)
        for run in result.runs:
            if run.verdict is not Verdict.PASSED:
                _view(run, console, full=full)
    _besides(report, console)


def _besides(report: Report, console: Console) -> None:
    """Why the command did not pass although every result it saw meets the pass criteria."""
    if report.results and not report.passes and all(map(report.gate.passes, report.results)):
        console.line("; ".join(["not passed", *report.errors[:1]]), "bold yellow")


def _heading(result: Result, gate: Gate, console: Console) -> None:
    passed, counted = gate.counted(result)
    share = f" ({percent(passed, counted)})" if counted else ""
    name = f" {shortened(printable(result.name), _NAME)!r}" if result.name else ""
    status = _word(result.status) or "no status"
    text = Text(f"result {result.id}{name}: ", "bold")
    text.append(str(result.verdict), f"bold {COLOURS[result.verdict]}")
    text.append(f" ({status}), {passed} of {counted} runs passed{share}", "bold")
    if gate.passes(result) and not result.passed:
        text.append(", which meets the pass criteria", "bold green")
    console.show(text, soft_wrap=True)


def _table(result: Result, console: Console, *, full: bool) -> None:
    # Runs that did not pass come first.
    order = list(Verdict)
    runs = sorted(result.runs, key=lambda run: order.index(run.verdict))
    shown = runs if full else runs[:_ROWS]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("run", "scenario", "name", "verdict", "duration"):
        right = column in ("run", "scenario", "duration")
        table.add_column(
            column, justify="right" if right else "left", overflow="fold", no_wrap=column != "name"
        )
    for run in shown:
        table.add_row(
            str(run.id),
            str(run.scenario),
            Text(shortened(printable(run.scenario_name), _NAME)),
            Text(str(run.verdict), COLOURS[run.verdict]),
            Text(_word(run.duration)),
        )
    if shown:
        console.show(table)
    if left := len(runs) - len(shown):
        console.line(f"and {left:,} more; --full shows all")


def _view(run: Run, console: Console, *, full: bool) -> None:
    """Why a run did not pass."""

    def folded(text: str) -> str:
        return printable(text) if full else shortened(printable(text), _TEXT)

    name = printable(scenario(run)) if full else shortened(printable(scenario(run)), _NAME)
    heading = Text(f"run {run.id}: ", "bold")
    heading.append(str(run.verdict), f"bold {COLOURS[run.verdict]}")
    heading.append(f", scenario {run.scenario} {name!r}" if run.scenario_name else f", {name}")
    heading.append(f", {_word(run.duration)}" if run.duration else "")
    console.show(heading, soft_wrap=True)
    for reason in run.reasons or (f"status {_word(run.status) or 'unknown'}",):
        console.show(Text.assemble("  - ", folded(reason)))


def _word(text: str) -> str:
    """Text that should be one word, shortened in case it is not."""
    return shortened(printable(text), _WORD)
