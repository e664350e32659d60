"""What the evaluation says about a run: made up, but with the fields that the API sends."""

from typing import Any

from cekura_client.sandbox.world.results import RunState
from cekura_client.sandbox.world.script import Outcome

_WORKFLOW, _CONNECTION = (1, "Expected outcome"), (2, "Infrastructure issues")
_REASONS = {
    Outcome.PASSED: "All was done.",
    Outcome.FAILED: "The agent did not confirm the booking.",
    Outcome.INFRASTRUCTURE: "The call could not be connected.",
    Outcome.TIMEOUT: "The call was still going on at the time limit.",
}
_LINES = ("Hello, how can I help?", "I would like a table for two.", "For what time?", "Seven.")


def error_message(state: RunState) -> str:
    """Why the call did not work; empty where it did."""
    return _reason(state) if state.status in ("failed", "timeout") else ""


def _reason(state: RunState) -> str:
    plan = state.run.script
    return plan.explanation or _REASONS[plan.outcome]


def expected_outcome(state: RunState) -> dict[str, Any]:
    """How far the expected outcome was met; empty until the run is scored."""
    if state.success is None:
        return {}
    parts = {"Greets the caller.": True, "Confirms the booking.": state.success}
    return {
        "score": 100 if state.success else 50,
        "explanation": ["The caller was greeted.", _reason(state)],
        "outcome_alignments": [
            {"outcome": text, "prompt_part": text, "aligned": aligned}
            for text, aligned in parts.items()
        ],
    }


def metrics(state: RunState) -> list[dict[str, Any]]:
    """The metrics of a run that is scored or could not be connected, in the form of v1."""
    found: list[dict[str, Any]] = []
    if state.success is not None:
        text = [_reason(state)]
        found.append(_metric(_WORKFLOW, "binary_workflow_adherence", state.success, text))
    if state.success is not None or state.status == "failed":
        connected = state.status != "failed"
        found.append(_metric(_CONNECTION, "binary_qualitative", connected, error_message(state)))
    if state.success is not None:
        found += [
            {**_metric((number, f"Metric {number}"), "numeric", True, ""), **given}
            for number, given in enumerate(state.run.script.metrics, start=3)
        ]
    return found


def in_v2(metric: dict[str, Any]) -> dict[str, Any]:
    """A metric in the form of v2, which says of a binary one whether it was passed."""
    if not str(metric["type"]).startswith("binary"):
        return metric
    rest = {k: v for k, v in metric.items() if k not in ("type", "score", "score_normalized")}
    score = metric["score"]
    return {"eval_type": "binary", "passed": None if score is None else score != 0, **rest}


def failed_reasons(states: list[RunState]) -> dict[str, Any] | None:
    """Why runs failed, the most frequent reason first; None while none has."""
    groups: dict[str, list[int]] = {}
    for state in states:
        if state.success is False or state.status in ("failed", "timeout"):
            groups.setdefault(_reason(state), []).append(state.run.id)
    if not groups:
        return None
    ranked = sorted(groups.items(), key=lambda group: -len(group[1]))
    return {
        "issues": [
            {"rank": rank, "run_ids": ids, "description": text, "affected_count": len(ids)}
            for rank, (text, ids) in enumerate(ranked, start=1)
        ],
        "total_failed_runs": sum(map(len, groups.values())),
    }


def overall_evaluation(states: list[RunState]) -> dict[str, Any] | None:
    """How many runs each metric judged and passed; None while there is none."""
    summaries: dict[str, dict[str, Any]] = {}
    for metric in (metric for state in states for metric in metrics(state)):
        empty = {"id": metric["id"], "name": metric["name"], "runs": 0, "passed": 0}
        summary = summaries.setdefault(metric["name"], empty)
        summary["runs"] += 1
        summary["passed"] += bool(metric["score"])
    return {"metrics": list(summaries.values())} if summaries else None


def was_talked(state: RunState) -> bool:
    """Whether there was a call, and it is over."""
    return bool(state.connected) and state.status not in ("running", "cancelled")


def transcript(state: RunState) -> list[dict[str, Any]]:
    """The transcript; empty until the call is over, and if there was no call."""
    if not was_talked(state):
        return []
    return [
        {
            "role": ("Main Agent", "Testing Agent")[i % 2],
            "content": _LINES[i % len(_LINES)],
            "start_time": 4.0 * i,
        }
        for i in range(state.run.script.turns)
    ]


def _metric(
    identity: tuple[int, str], kind: str, passed: bool, explanation: str | list[str]
) -> dict[str, Any]:
    return {
        "id": identity[0],
        "name": identity[1],
        "type": kind,
        "score": 5 * passed if kind.startswith("binary") else int(passed),
        "score_normalized": int(passed),
        "explanation": explanation,
        "enum": None,
        "extra": {},
    }
