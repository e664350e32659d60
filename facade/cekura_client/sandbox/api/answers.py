"""The JSON of a result in its three shapes: just started, in full, and in the list."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from cekura_client.sandbox.api import verdicts
from cekura_client.sandbox.world.results import Result, Run, RunState, status_of
from cekura_client.sandbox.world.state import Catalogue

_NUMBER = "+15550100100"  # of the caller; 555-01xx belongs to nobody


def started(
    result: Result, names: Catalogue, fields: Collection[str], *, listed: bool
) -> dict[str, Any]:
    """The answer to a start request.

    Args:
        fields: those that the published answer has. Whatever is published, `success_rate` is sent
            too, as in the published examples.
        listed: whether its runs are a list; otherwise they are keyed by their id.
    """
    runs = [
        {**_identity(result, run, names), "status": "pending", "test_profile_data": _profile(run)}
        for run in result.runs
    ]
    known = {
        "id": result.id,
        "name": result.name,
        "agent": result.launch.agent,
        "status": "pending",
        "success_rate": 0,
        "run_as_text": result.launch.as_text,
        "runs": runs if listed else {str(run["id"]): run for run in runs},
        "created_at": _date(result, 0),
        "updated_at": _date(result, 0),
    }
    return {k: v for k, v in known.items() if k in fields or k == "success_rate"}


def full(result: Result, now: float, names: Catalogue, *, in_v1: bool) -> dict[str, Any]:
    """The result with all that is known at the time `now`; its runs are keyed by their id.

    Args:
        in_v1: whether binary metrics have the form of v1 of the API.
    """
    states = result.states(now)
    not_connected = [state.run.id for state in states if state.connected is False]
    failed = [state.run.id for state in states if state.status == "failed"]
    over = all(state.ended for state in states)
    seconds = sum(map(_seconds, states))
    return {
        **_common(result, states, now, names),
        "agent_version": None,
        "runs": {str(state.run.id): _run(result, state, names, in_v1) for state in states},
        "connected_runs": [state.run.id for state in states if state.connected],
        "not_connected_runs": not_connected,
        "successful_calls": [state.run.id for state in states if state.status == "completed"],
        "failed_infrastructure_runs": failed,
        "failed_workflow_runs": [state.run.id for state in states if state.success is False],
        "total_duration": _duration(seconds),
        "failed_reasons": verdicts.failed_reasons(states),
        "run_settings": result.launch.settings,
        "overall_evaluation": verdicts.overall_evaluation(states),
        "ai_summary": f"{len(states)} runs were played by the sandbox." if over else None,
        "next_steps": None,
    }


def summary(result: Result, now: float, names: Catalogue) -> dict[str, Any]:
    """The result as the list shows it at the time `now`; its runs are a list."""
    states = result.states(now)
    runs = [{**_identity(result, state.run, names), **_progress(state)} for state in states]
    return {**_common(result, states, now, names), "runs": runs}


def _common(result: Result, states: list[RunState], now: float, names: Catalogue) -> dict[str, Any]:
    passed = sum(state.success is True for state in states)
    failed = sum(state.success is False for state in states)
    broken = sum(state.status in ("failed", "timeout") for state in states)
    return {
        "id": result.id,
        "name": result.name,
        "agent": result.launch.agent,
        "agent_name": names.agent_name(result.launch.agent),
        "status": status_of(states),
        "success_rate": round(100 * passed / len(states), 2),
        "run_as_text": result.launch.as_text,
        "is_cronjob": False,
        "total_runs_count": len(states),
        "completed_runs_count": sum(state.status == "completed" for state in states),
        "success_runs_count": passed,
        "failed_runs_count": failed + broken,
        "met_expected_outcome_count": passed,
        "total_expected_outcome_count": passed + failed,
        "scenarios": [
            {"id": scenario, "name": names.scenario_name(scenario)}
            for scenario in dict.fromkeys(result.launch.scenarios)
        ],
        "created_at": _date(result, 0),
        "updated_at": _date(result, result.changed(now)),
    }


def _identity(result: Result, run: Run, names: Catalogue) -> dict[str, Any]:
    return {
        "id": run.id,
        "scenario": run.scenario,
        "number": None,
        "inbound_number": _NUMBER if result.launch.by_phone else None,
        # Of calls in which the agent dials; here it is called.
        "outbound_dial_window_opens_at": None,
        "outbound_dial_window_seconds": None,
        "outbound_dial_window_closes_at": None,
        "scenario_name": names.scenario_name(run.scenario),
    }


def _progress(state: RunState) -> dict[str, Any]:
    return {
        "status": state.status,
        "success": state.success,
        "error_message": verdicts.error_message(state),
        "duration": _duration(_seconds(state)),
    }


def _run(result: Result, state: RunState, names: Catalogue, in_v1: bool) -> dict[str, Any]:
    run = state.run
    personality = "Default" if run.personality is None else f"Personality {run.personality}"
    return {
        **_identity(result, run, names),
        **_progress(state),
        "outbound_number": result.launch.settings.get("outbound_phone_number"),
        "timestamp": _date(result, 0),
        "executed_at": _date(result, 2 * result.pace.stage) if state.connected else None,
        "personality_name": personality,
        "test_profile_data": _profile(run),
        "metadata": {},
        "expected_outcome": verdicts.expected_outcome(state),
        "evaluation": {
            "metrics": [
                metric if in_v1 else verdicts.in_v2(metric) for metric in verdicts.metrics(state)
            ]
        },
        "transcript_object": verdicts.transcript(state),
    }


def _profile(run: Run) -> dict[str, Any] | None:
    if run.profile is None:
        return None
    return {"id": run.profile, "name": f"Test profile {run.profile}"}


def _seconds(state: RunState) -> int:
    """How long the call pretends to have lasted."""
    if not verdicts.was_talked(state):
        return 0
    seconds = state.run.script.seconds
    return 30 + state.run.scenario % 30 if seconds is None else seconds


def _duration(seconds: int) -> str:
    return f"{seconds // 60:02}:{seconds % 60:02}"


def _date(result: Result, seconds: float) -> str:
    """The date that many seconds after the start, in ISO 8601."""
    date = result.created_at + timedelta(seconds=seconds)
    return date.isoformat(timespec="microseconds").replace("+00:00", "Z")
