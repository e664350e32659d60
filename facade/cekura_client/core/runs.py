"""Runs, whatever the server sent: one call of one scenario each."""

from typing import Any

from attrs import frozen

from cekura_client.core.decoding import ResultFields, RunFields
from cekura_client.core.lenient import error_text, integer, integers, number, text, texts
from cekura_client.core.verdicts import Verdict, normal_status, run_verdict


@frozen
class Metric:
    """How one metric judged a run.

    Attributes:
        name: As set up at the vendor.
        type: binary (or binary_…), continuous_qualitative, numeric or enum.
        score: The scale depends on the metric; None where the server sent none, as v2 does for a
            binary metric.
        explanation: Why, in the vendor's words.
        passed: Of a binary metric, whether it was met: as the server says (v2), or by its score (v1),
            of which 0 is a failure. None where neither is known, and for other kinds.
    """

    name: str
    type: str
    score: float | None
    explanation: str
    passed: bool | None = None

    @property
    def failed(self) -> bool:
        """Whether a binary metric was not met; of other kinds nobody can say."""
        return self.passed is False


@frozen
class ExpectedOutcome:
    """How far the expected outcome of the scenario was met.

    Attributes:
        score: 0 to 100; 100 is fully met. None where there is no score.
        explanation: Why, in the vendor's words.
    """

    score: float | None
    explanation: tuple[str, ...]


@frozen
class DialWindow:
    """When the agent has to dial in an outbound run. A later call is dropped, and the run times out.

    Attributes:
        opens_at: As the server says, in ISO 8601; "" while it has not opened.
        closes_at: As the server says, in ISO 8601; "" while it has not opened.
        seconds: How long it is open; None where the server does not say.
    """

    opens_at: str
    closes_at: str
    seconds: int | None


@frozen
class Run:
    """One call of one scenario.

    Attributes:
        id: Of the run; None where the server sent none.
        scenario: Id of the scenario (evaluator); None where the server sent none.
        scenario_name: "" where the server sent none.
        status: As the server says, in lower case; "" where it sent none.
        success: The server's judgement; None while there is none.
        error_message: Why the call did not work; "" where it did.
        duration: "MM:SS"; "" where the server sent none.
        connected: False where the result lists the run as never connected, or as failed by the
            infrastructure metric.
        expected_outcome: Known once the result has ended; None where none was set.
        metrics: Known once the result has ended.
        dial_window: When the agent has to dial; None where the server sent none.
    """

    id: int | None
    scenario: int | None
    scenario_name: str
    status: str
    success: bool | None
    error_message: str
    duration: str
    connected: bool = True
    expected_outcome: ExpectedOutcome | None = None
    metrics: tuple[Metric, ...] = ()
    dial_window: DialWindow | None = None

    @property
    def verdict(self) -> Verdict:
        """What became of the run."""
        return run_verdict(
            status=self.status,
            success=self.success,
            error_message=self.error_message,
            connected=self.connected,
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the run did not pass, as far as the server says; empty for a run that passed."""
        if self.verdict is Verdict.PASSED:
            return ()
        reasons = [self.error_message] if self.error_message else []
        if not self.connected:
            reasons.append("the call was never connected")
        closed = self.dial_window.closes_at if self.dial_window else ""
        if closed and self.verdict is Verdict.TIMEOUT and not self.duration.strip("0:"):
            reasons.append(f"no call by {closed}, when the window for the agent to dial closed")
        outcome = self.expected_outcome
        if outcome is not None and outcome.score is not None and outcome.score < 100:
            why = "; ".join(outcome.explanation)
            reasons.append(f"expected outcome {outcome.score:g} of 100" + (why and f": {why}"))
        for metric in self.metrics:
            why = metric.explanation
            # The metric for the expected outcome says again what the outcome has said.
            if metric.failed and not (why and any(why in reason for reason in reasons)):
                reasons.append(f"metric {metric.name!r} failed" + (why and f": {why}"))
        return tuple(reasons)

    def __str__(self) -> str:
        name = f" {self.scenario_name!r}" if self.scenario_name else ""
        why = "; ".join(self.reasons)
        return f"run {self.id} (scenario {self.scenario}{name}): {self.verdict}" + (
            why and f": {why}"
        )


def counted(runs: tuple[Run, ...]) -> str:
    """How runs are shown in the repr of what holds them."""
    return f"<{len(runs)} runs>"


def runs_of(fields: ResultFields[Any]) -> tuple[Run, ...]:
    """All runs of an answer, each once; of a run that is listed twice, the worse entry."""
    entries = fields.runs.values() if isinstance(fields.runs, dict) else fields.runs or ()
    apart = {*integers(fields.not_connected_runs), *integers(fields.failed_infrastructure_runs)}
    found: dict[object, Run] = {}
    for place, entry in enumerate(entries):
        run = _run(entry, apart)
        # Without an id, it is a run of its own.
        key = ("no id", place) if run.id is None else run.id
        if key not in found or run.verdict.severity > found[key].verdict.severity:
            found[key] = run
    return tuple(found.values())


def _run(fields: RunFields, apart: set[int]) -> Run:
    scenario = fields.scenario if isinstance(fields.scenario, dict) else {"id": fields.scenario}
    run_id = integer(fields.id)
    return Run(
        id=run_id,
        scenario=integer(scenario.get("id")),
        scenario_name=text(fields.scenario_name) or text(scenario.get("name")),
        status=normal_status(fields.status),
        success=fields.success if isinstance(fields.success, bool) else None,
        error_message=error_text(fields.error_message),
        duration=text(fields.duration),
        connected=run_id not in apart,
        expected_outcome=_outcome(getattr(fields, "expected_outcome", None)),
        metrics=_metrics(getattr(fields, "evaluation", None)),
        dial_window=_dial_window(fields),
    )


def _dial_window(fields: RunFields) -> DialWindow | None:
    window = DialWindow(
        opens_at=text(fields.outbound_dial_window_opens_at),
        closes_at=text(fields.outbound_dial_window_closes_at),
        seconds=integer(fields.outbound_dial_window_seconds),
    )
    return None if window == DialWindow("", "", None) else window


def _outcome(value: Any) -> ExpectedOutcome | None:
    if not isinstance(value, dict) or not value:
        return None
    return ExpectedOutcome(number(value.get("score")), texts(value.get("explanation")))


def _metrics(value: Any) -> tuple[Metric, ...]:
    entries = value.get("metrics") if isinstance(value, dict) else None
    return tuple(
        _metric(entry)
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
    )


def _metric(entry: dict[str, Any]) -> Metric:
    """In the form of v1 (`type`, `score`) or of v2 (`eval_type`, `passed`)."""
    kind = text(entry.get("eval_type")) or text(entry.get("type"))
    score, passed = number(entry.get("score")), entry.get("passed")
    if not isinstance(passed, bool):
        passed = score != 0 if kind.startswith("binary") and score is not None else None
    return Metric(
        name=text(entry.get("name")),
        type=kind,
        score=score,
        explanation="; ".join(texts(entry.get("explanation"))),
        passed=passed,
    )
