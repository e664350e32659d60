"""The beginning and the end of a command: what it is about, what is shown, its exit status."""

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
    """An outcome of which nothing is known yet but the project."""
    return CommandOutcome(project=given.project)


def gate_of(given: Options) -> Gate:
    """The pass criteria.

    Raises:
        InvalidRequestError: `--fail-under` is not a share.
    """
    judging = given[options.Judging]
    return Gate(judging.fail_under, judging.ignore_infrastructure)


def other_files(given: Options) -> dict[str, Path | None]:
    """The files that a command reads or writes besides its reports."""
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
    """Write the reports, show the outcome; gives the exit status, whatever fails here."""

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
        pass  # nobody wants to see more of it
    return outcome.status


def _shown(
    show: Callable[[], None], outcome: CommandOutcome, console: Console, *, json: bool
) -> None:
    try:
        show()
    except Exception as error:  # what there was to show is not changed by that
        problem = f"the outcome cannot be shown: {type(error).__name__}: {error}"
        console.note(problem, "red")
        if json:
            console.document(error_document("InternalError", problem, outcome.status))


def _show_end(outcome: CommandOutcome, console: Console) -> None:
    """What ended the command early; what ended a wait was shown at that moment."""
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
    """`finish` for a command whose status results do not decide; gives the exit status.

    Args:
        outcome: Of which only what went wrong matters.
        json: Whether the document is shown instead of the text.
        console: Where.
        document: What was done.
        text: The same for a person.
    """
    _show_end(outcome, console)
    if json.json:
        console.document({"exit_status": int(outcome.status), **document, **problems(outcome)})
    elif outcome.status is Exit.PASSED:
        console.line(text)
    return outcome.status
