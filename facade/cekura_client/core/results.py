"""What a launch and a result are to the user: frozen values, whatever the server sent."""

import math
from collections import Counter
from functools import cached_property
from typing import Any

from attrs import field, frozen

from cekura_client.core import decoding
from cekura_client.core.decoding import ResultFields, RunFields, UnreadableError
from cekura_client.core.plan import RunPlan
from cekura_client.core.verdicts import (
    Verdict,
    has_ended,
    normal_status,
    result_verdict,
    run_verdict,
)
from cekura_client.errors import NotPassedError

# Runs that an error message names one by one.
_NAMED_RUNS = 20


@frozen
class Metric:
    """How one metric judged a run.

    Attributes:
        name: As set up at the vendor.
        type: binary_workflow_adherence, binary_qualitative, continuous_qualitative, numeric or
            enum.
        score: Of a binary metric 0 is a failure; the scale of the others depends on the metric.
        explanation: Why, in the vendor's words.
    """

    name: str
    type: str
    score: float | None
    explanation: str

    @property
    def failed(self) -> bool:
        """Whether a binary metric was not met; of other kinds nobody can say."""
        return self.type.startswith("binary") and self.score == 0


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


def _counted(runs: tuple[Run, ...]) -> str:
    return f"<{len(runs)} runs>"


@frozen
class Launch:
    """A launch that the server has accepted.

    Attributes:
        result_id: What to wait for.
        status: Of the result at the start; "" where the server sent none.
        runs: Those that the answer names; often not yet with all they will have.
        plan: How many runs were asked for.
        raw: The answer as it came.
    """

    result_id: int
    status: str
    runs: tuple[Run, ...] = field(repr=_counted)
    plan: RunPlan
    raw: dict[str, Any] = field(repr=False)

    @property
    def planned_runs(self) -> int | None:
        """How many runs were asked for; None where only the server knows."""
        return self.plan.runs

    @classmethod
    def read(cls, body: bytes, plan: RunPlan) -> "Launch":
        """From the answer to a launch.

        The id is taken from `id`, `result.id` or `result_id`, in this order: the page shows the
        first, its prose speaks of the second, and the vendor's tools read the third as well.

        Raises:
            UnreadableError: no id is found.
        """
        document = decoding.document(body)
        nested = document.get("result")
        candidates = (
            document.get("id"),
            nested.get("id") if isinstance(nested, dict) else None,
            document.get("result_id"),
        )
        result_id = next((i for i in map(_integer, candidates) if i is not None), None)
        if result_id is None:
            raise UnreadableError("it has no id of a result")
        whole = nested if document.get("id") is None and isinstance(nested, dict) else document
        fields = decoding.from_document(whole, ended=False)
        return cls(result_id, normal_status(fields.status), _runs(fields), plan, document)


@frozen
class Result:
    """A result as it was at one moment.

    Attributes:
        id: Of the result; None where the answer held none.
        name: The label given at the launch, or the server's own.
        status: As the server says, in lower case; "" where it sent none.
        runs: All that the answer holds.
        total_runs: How many the server counts; None where it does not say.
        body: The bytes of the answer.
    """

    id: int | None
    name: str
    status: str
    runs: tuple[Run, ...] = field(repr=_counted)
    total_runs: int | None
    body: bytes = field(repr=False, eq=False)

    @classmethod
    def read(cls, body: bytes) -> "Result":
        """From the answer to a read of a result.

        Raises:
            UnreadableError: not a JSON object, or one without any field of a result.
        """
        fields = decoding.result_fields(body, ended=False)
        status = normal_status(fields.status)
        if _integer(fields.id) is None and not status:
            raise UnreadableError("it has neither the id nor the status of a result")
        if has_ended(status):
            fields = decoding.result_fields(body, ended=True)
        return cls(
            id=_integer(fields.id),
            name=_text(fields.name),
            status=status,
            runs=_runs(fields),
            total_runs=_integer(fields.total_runs_count),
            body=body,
        )

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The whole answer, decoded when first asked for: tens of megabytes for 2,000 runs."""
        return decoding.document(self.body)

    @property
    def finished(self) -> bool:
        """Whether the result is in an end state. Scores may still follow; see `scored`."""
        return has_ended(self.status)

    @property
    def scored(self) -> bool:
        """Whether each run has its final verdict."""
        return not {Verdict.UNSCORED, Verdict.UNKNOWN} & self.counts.keys()

    @cached_property
    def counts(self) -> dict[Verdict, int]:
        """How many runs have each verdict; verdicts that no run has are left out."""
        return dict(Counter(run.verdict for run in self.runs))

    @property
    def verdict(self) -> Verdict:
        """What became of the result: passed only if it completed and every run passed."""
        missing = (self.total_runs or 0) - len(self.runs)
        return result_verdict(self.status, [run.verdict for run in self.runs], missing)

    @property
    def passed(self) -> bool:
        """Whether the result completed and every one of its runs completed and succeeded."""
        return self.verdict is Verdict.PASSED

    def raise_unless_passed(self) -> None:
        """Do nothing if the result passed.

        Raises:
            NotPassedError: names the runs that did not pass, and why.
        """
        if self.passed:
            return
        bad = [run for run in self.runs if run.verdict is not Verdict.PASSED]
        total = max(len(self.runs), self.total_runs or 0)
        status = self.status or "no status"
        lines = [f"result {self.id} ({status}): {self.verdict}"]
        if total:
            lines[0] += f"; {total - self.counts.get(Verdict.PASSED, 0)} of {total} did not pass"
        lines += [f"  {run}" for run in bad[:_NAMED_RUNS]]
        if len(bad) > _NAMED_RUNS:
            lines.append(f"  and {len(bad) - _NAMED_RUNS} more")
        missing = (self.total_runs or 0) - len(self.runs)
        if missing > 0:
            lines.append(f"  {missing} runs are counted by the server but missing in its answer")
        raise NotPassedError("\n".join(lines), result=self)


def _runs(fields: ResultFields) -> tuple[Run, ...]:
    entries = fields.runs.values() if isinstance(fields.runs, dict) else fields.runs or ()
    apart = {*_integers(fields.not_connected_runs), *_integers(fields.failed_infrastructure_runs)}
    return tuple(_run(entry, apart) for entry in entries)


def _run(fields: RunFields, apart: set[int]) -> Run:
    scenario = fields.scenario if isinstance(fields.scenario, dict) else {"id": fields.scenario}
    run_id = _integer(fields.id)
    return Run(
        id=run_id,
        scenario=_integer(scenario.get("id")),
        scenario_name=_text(fields.scenario_name) or _text(scenario.get("name")),
        status=normal_status(fields.status),
        success=fields.success if isinstance(fields.success, bool) else None,
        error_message=_error(fields.error_message),
        duration=_text(fields.duration),
        connected=run_id not in apart,
        expected_outcome=_outcome(getattr(fields, "expected_outcome", None)),
        metrics=_metrics(getattr(fields, "evaluation", None)),
    )


def _outcome(value: Any) -> ExpectedOutcome | None:
    if not isinstance(value, dict) or not value:
        return None
    return ExpectedOutcome(_number(value.get("score")), _texts(value.get("explanation")))


def _metrics(value: Any) -> tuple[Metric, ...]:
    entries = value.get("metrics") if isinstance(value, dict) else None
    return tuple(
        Metric(
            name=_text(entry.get("name")),
            type=_text(entry.get("type")),
            score=_number(entry.get("score")),
            explanation="; ".join(_texts(entry.get("explanation"))),
        )
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
    )


def _integer(value: Any) -> int | None:
    """An id or a count: a whole number, also where it came as text or as 12.0."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) else None


def _integers(value: Any) -> list[int]:
    return [i for i in map(_integer, value) if i is not None] if isinstance(value, list) else []


def _number(value: Any) -> float | None:
    try:
        number = float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _error(value: Any) -> str:
    """An error message; one of an odd type is still an error."""
    return value.strip() if isinstance(value, str) else str(value) if value else ""


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()
