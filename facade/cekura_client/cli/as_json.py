"""The outcome as JSON."""

from typing import Any

from attrs import asdict

from cekura_client.cli.outcome import CommandOutcome
from cekura_client.core.launches import Launch
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.errors import ApiError, CekuraError, LaunchOutcomeUnknownError


def outcome_document(outcome: CommandOutcome) -> dict[str, Any]:
    """Everything that is known, with `error` if something went wrong."""
    report = outcome.report()
    document: dict[str, Any] = {"exit_status": int(outcome.status)}
    if outcome.launch is not None:
        document["launch"] = launch_document(outcome.launch)
    document["results"] = [
        {
            **result_document(result),
            "passed": outcome.gate.passes(result),
            "pass_rate": outcome.gate.rate(result),
            "dashboard": report.dashboard(result),
        }
        for result in report.results
    ]
    return {**document, "going_on": outcome.may_be_running, **problems(outcome)}


def problems(outcome: CommandOutcome) -> dict[str, Any]:
    """`error`: the first error; `errors`: those of results. Empty if nothing went wrong."""
    found = [(each, error_fields(error)) for each, error in outcome.problems]
    errors = [{"result_id": each, **fields} for each, fields in found if each is not None]
    document: dict[str, Any] = {"error": found[0][1]} if found else {}
    return {**document, "errors": errors} if errors else document


def error_document(kind: str, message: str, status: int) -> dict[str, Any]:
    """The document for an error that ended the command early."""
    return {"exit_status": int(status), "error": {"type": kind, "message": message}}


def launch_document(launch: Launch) -> dict[str, Any]:
    """An accepted launch."""
    return {
        "result_id": launch.result_id,
        "status": launch.status,
        "name": launch.name,
        "planned_runs": launch.planned_runs,
        "recovered": launch.recovered,
    }


def result_document(result: Result) -> dict[str, Any]:
    """A result with its runs and their reasons."""
    return {
        "id": result.id,
        "name": result.name,
        "status": result.status,
        "finished": result.finished,
        "verdict": str(result.verdict),
        "total_runs": result.expected_runs,
        "problems": list(result.problems),
        "counts": {str(verdict): number for verdict, number in result.counts.items()},
        "runs": [_run(run) for run in result.runs],
    }


def error_fields(error: CekuraError) -> dict[str, Any]:
    """An error with its details."""
    fields: dict[str, Any] = {"type": type(error).__name__, "message": str(error)}
    if isinstance(error, ApiError):
        fields |= {"status_code": error.status_code, "messages": list(error.messages)}
    if isinstance(error, LaunchOutcomeUnknownError):
        fields |= {
            "name": error.name,
            "candidates": [candidate.result_id for candidate in error.candidates],
        }
    return fields


def _run(run: Run) -> dict[str, Any]:
    return {**asdict(run), "verdict": str(run.verdict), "reasons": list(run.reasons)}
