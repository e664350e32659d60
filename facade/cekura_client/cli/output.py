"""What a command starts with, what it prints at the end, and its exit status."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cekura_client.cli import options
from cekura_client.cli.as_json import error_document, outcome_document, problems
from cekura_client.cli.console import Console
from cekura_client.cli.exits import Exit
from cekura_client.cli.options import Options
from cekura_client.cli.outcome import CommandOutcome
from cekura_client.cli.report_files import ReportFiles
from cekura_client.cli.session import next_commands
from cekura_client.cli.signals import Signals
from cekura_client.cli.tables import show_results
from cekura_client.core.gate import Gate


def outcome_of(given: Options) -> CommandOutcome:
    """An outcome that knows only the project."""
    return CommandOutcome(project=given.project)


def gate_of(given: Options) -> Gate:
    """The pass criteria.

    Raises:
        InvalidRequestError: `--fail-under` is not between 0 and 1.
    """
    judging = given[options.Judging]
    return Gate(judging.fail_under, judging.ignore_infrastructure)


def other_files(given: Options) -> dict[str, Path | None]:
    """The files that a command reads or writes, without its reports."""
    connection = given[options.ConnectionOptions]
    files = {"--record": connection.record, "--api-key-file": connection.api_key_file}
    if options.FromFile in given:
        files["--from-file"] = given[options.FromFile].from_file
    return files


def finish(
    outcome: CommandOutcome,
    output: options.Output,
    console: Console,
    files: ReportFiles,
    signals: Signals,
) -> int:
    """Write the reports and show the outcome; return the exit status, even if this fails."""

    def show() -> None:
        if outcome.may_be_running:
            console.note(next_commands(outcome.may_be_running))
        _show_end(outcome, console)
        if output.json:
            console.document(outcome_document(outcome))
        elif outcome.detached and outcome.launch is not None:
            console.line(str(outcome.launch.result_id))
        else:
            show_results(outcome, console, full=output.full)

    try:
        files.write(outcome)
        signals.release()
        _shown(show, outcome, console, json=output.json)
    except KeyboardInterrupt:
        pass  # the user wants no more output
    return outcome.status


def _shown(
    show: Callable[[], None], outcome: CommandOutcome, console: Console, *, json: bool
) -> None:
    try:
        show()
    except Exception as error:  # the outcome stays what it was
        problem = f"the outcome cannot be shown: {type(error).__name__}: {error}"
        console.note(problem, "red")
        if json:
            console.document(error_document("InternalError", problem, outcome.status))


def _show_end(outcome: CommandOutcome, console: Console) -> None:
    """Show what ended the command early. Errors of waits were shown when they happened."""
    for result_id, error in outcome.problems:
        if result_id is None:
            console.error(error)


def conclude(
    outcome: CommandOutcome,
    json: options.Json,
    console: Console,
    document: dict[str, Any],
    text: str,
) -> int:
    """`finish` for a command that judges no results; return the exit status.

    Args:
        outcome: Its errors are shown.
        json: Whether to show the document instead of the text.
        console: Where to show it.
        document: What the command did.
        text: The same for people.
    """
    _show_end(outcome, console)
    if json.json:
        console.document({"exit_status": int(outcome.status), **document, **problems(outcome)})
    elif outcome.status is Exit.PASSED:
        console.line(text)
    return outcome.status
