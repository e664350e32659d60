"""The beginning and the end of a call: what it is about, what is shown of it, its exit status."""

from typing import Any

from cekura_client.cli import options
from cekura_client.cli.conduct import how_to_go_on
from cekura_client.cli.display import show_results
from cekura_client.cli.documents import outcome_document, problems
from cekura_client.cli.exits import Exit
from cekura_client.cli.options import Given
from cekura_client.cli.outcome import Outcome
from cekura_client.cli.screen import Screen
from cekura_client.cli.writing import write_reports
from cekura_client.core.gate import Gate


def outcome_of(given: Given) -> Outcome:
    """An outcome of which nothing is known yet but the project."""
    if options.Voice in given:
        return Outcome(project=given[options.Voice].project_id)
    if options.VapiWebrtc in given:
        return Outcome(project=given[options.VapiWebrtc].project_id)
    return Outcome(project=given[options.Project].project_id)


def gate_of(given: Given) -> Gate:
    """When a result is good enough.

    Raises:
        InvalidRequestError: that can be no share.
    """
    judging = given[options.Judging]
    return Gate(judging.fail_under, judging.ignore_infrastructure)


def finish(outcome: Outcome, output: options.Output, screen: Screen) -> int:
    """Write the reports, show the outcome; gives the exit status."""
    write_reports(outcome, output, screen)
    if outcome.going_on:
        screen.note(how_to_go_on(outcome.going_on))
    if outcome.error is not None:
        screen.error(outcome.error)
    if output.json:
        screen.document(outcome_document(outcome))
    elif outcome.detached and outcome.launch is not None:
        screen.line(str(outcome.launch.result_id))
    else:
        show_results(outcome, screen, full=output.full)
    return outcome.status


def conclude(
    outcome: Outcome, json: options.Json, screen: Screen, document: dict[str, Any], text: str
) -> int:
    """`finish` for a command that is not about how results went; gives the exit status.

    Args:
        outcome: Of which only what went wrong matters.
        json: Whether the document is shown instead of the text.
        screen: Where.
        document: What was done.
        text: The same for a person.
    """
    if outcome.error is not None:
        screen.error(outcome.error)
    if json.json:
        screen.document({"exit_status": int(outcome.status), **document, **problems(outcome)})
    elif outcome.status is Exit.PASSED:
        screen.line(text)
    return outcome.status
