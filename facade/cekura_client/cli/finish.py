"""The beginning and the end of a command: what it is about, what is shown, its exit status."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cekura_client.cli import options
from cekura_client.cli.conduct import how_to_go_on
from cekura_client.cli.display import show_results
from cekura_client.cli.documents import error_document, outcome_document, problems
from cekura_client.cli.exits import Exit
from cekura_client.cli.options import Given
from cekura_client.cli.outcome import Outcome
from cekura_client.cli.report_files import ReportFiles
from cekura_client.cli.screen import Screen
from cekura_client.cli.signals import Signals
from cekura_client.core.gate import Gate


def outcome_of(given: Given) -> Outcome:
    """An outcome of which nothing is known yet but the project."""
    return Outcome(project=given.project)


def gate_of(given: Given) -> Gate:
    """The pass criteria.

    Raises:
        InvalidRequestError: `--fail-under` is not a share.
    """
    judging = given[options.Judging]
    return Gate(judging.fail_under, judging.ignore_infrastructure)


def other_files(given: Given) -> dict[str, Path | None]:
    """The files that a command reads or writes besides its reports."""
    connection = given[options.Connection]
    files = {"--record": connection.record, "--api-key-file": connection.api_key_file}
    if options.FromFile in given:
        files["--from-file"] = given[options.FromFile].from_file
    return files


def finish(
    outcome: Outcome, output: options.Output, screen: Screen, files: ReportFiles, signals: Signals
) -> int:
    """Write the reports, show the outcome; gives the exit status, whatever fails here."""

    def show() -> None:
        if outcome.going_on:
            screen.note(how_to_go_on(outcome.going_on))
        _show_end(outcome, screen)
        if output.json:
            screen.document(outcome_document(outcome))
        elif outcome.detached and outcome.launch is not None:
            screen.line(str(outcome.launch.result_id))
        else:
            show_results(outcome, screen, full=output.full)

    try:
        files.write(outcome)
        signals.release()
        _shown(show, outcome, screen, json=output.json)
    except KeyboardInterrupt:
        pass  # nobody wants to see more of it
    return outcome.status


def _shown(show: Callable[[], None], outcome: Outcome, screen: Screen, *, json: bool) -> None:
    try:
        show()
    except Exception as error:  # what there was to show is not changed by that
        problem = f"the outcome cannot be shown: {type(error).__name__}: {error}"
        screen.note(problem, "red")
        if json:
            screen.document(error_document("InternalError", problem, outcome.status))


def _show_end(outcome: Outcome, screen: Screen) -> None:
    """What ended the command early; what ended a wait was shown at that moment."""
    for result_id, error in outcome.problems:
        if result_id is None:
            screen.error(error)


def conclude(
    outcome: Outcome, json: options.Json, screen: Screen, document: dict[str, Any], text: str
) -> int:
    """`finish` for a command whose status results do not decide; gives the exit status.

    Args:
        outcome: Of which only what went wrong matters.
        json: Whether the document is shown instead of the text.
        screen: Where.
        document: What was done.
        text: The same for a person.
    """
    _show_end(outcome, screen)
    if json.json:
        screen.document({"exit_status": int(outcome.status), **document, **problems(outcome)})
    elif outcome.status is Exit.PASSED:
        screen.line(text)
    return outcome.status
