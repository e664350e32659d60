"""Results: what has become of a launch, at one moment."""

from collections import Counter
from functools import cached_property
from typing import Any

from attrs import field, frozen

from cekura_client.core import decoding
from cekura_client.core.coercion import integer, text
from cekura_client.core.decoding import UnreadableError
from cekura_client.core.runs import Run, counted, runs_of
from cekura_client.core.verdicts import Verdict, has_ended, normal_status, result_verdict
from cekura_client.errors import CekuraError, NotPassedError

# Runs that an error message names one by one.
_NAMED_RUNS = 20


@frozen
class Result:
    """A result as it was at one moment.

    Attributes:
        id: Of the result; None where the answer held none.
        name: The label given at the launch, or the server's own.
        status: As the server says, in lower case; "" where it sent none.
        runs: All that the answer holds.
        total_runs: How many the server counts; None where it does not say.
        body: The bytes of the answer; empty if they were not to be kept.
    """

    id: int | None
    name: str
    status: str
    runs: tuple[Run, ...] = field(repr=counted)
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
        if integer(fields.id) is None and not status:
            raise UnreadableError("it has neither the id nor the status of a result")
        if has_ended(status):
            fields = decoding.result_fields(body, ended=True)
        return cls(
            id=integer(fields.id),
            name=text(fields.name),
            status=status,
            runs=runs_of(fields),
            total_runs=integer(fields.total_runs_count),
            body=body,
        )

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The whole answer, decoded when first asked for: tens of megabytes for 2,000 runs.

        Raises:
            CekuraError: the bytes were not kept: ``keep_body=False``, or one of `WaitsError.results`.
        """
        if not self.body:
            raise CekuraError(
                f"the answer for result {self.id} was not kept, as by keep_body=False"
            )
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
        __tracebackhide__ = True  # pytest then shows the line that called this instead
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
