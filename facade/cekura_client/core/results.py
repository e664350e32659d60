"""Results: what has become of a launch, at one moment."""

import operator
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from cekura_client.core import decoding
from cekura_client.core.decoding import ResultFields, UnreadableError
from cekura_client.core.errors import CekuraError
from cekura_client.core.launches import Launch
from cekura_client.core.lenient import integer, integers, text
from cekura_client.core.runs import Run, counted, runs_of
from cekura_client.core.texts import printable
from cekura_client.core.verdicts import Verdict, has_ended, normal_status, result_verdict

# Runs that an error message names one by one.
_NAMED_RUNS = 20


@frozen
class Result:
    """A result as it was at one moment.

    Attributes:
        id: Of the result; None where the answer held none.
        name: The label given at the launch, or the server's own.
        status: As the server says, in lower case; "" where it sent none.
        runs: All that the answer holds, each once.
        total_runs: How many the server counts; None where it does not say.
        body: The bytes of the answer; empty if they were not to be kept.
        planned: How many runs the launch asked for; None where that is not known, as where only the
            id was given.
        planned_scenarios: Ids of the scenarios that the launch asked for; empty where that is not known.
        contradictions: Where what the server says of the runs does not agree with the runs it sent.
    """

    id: int | None
    name: str
    status: str
    runs: tuple[Run, ...] = field(repr=counted)
    total_runs: int | None
    body: bytes = field(repr=False, eq=False)
    planned: int | None = None
    planned_scenarios: tuple[int, ...] = field(default=(), repr=False)
    contradictions: tuple[str, ...] = ()

    @classmethod
    def read(cls, body: bytes) -> "Result":
        """From the answer to a read of a result.

        Raises:
            UnreadableError: not a JSON object, one without any field of a result, or one with an id
                that is not a number.
        """
        fields = decoding.result_fields(body, ended=False)
        status = normal_status(fields.status)
        if fields.id is not None and integer(fields.id) is None:
            raise UnreadableError("its id is not a number")
        if fields.id is None and not status:
            raise UnreadableError("it has neither the id nor the status of a result")
        if has_ended(status):
            fields = decoding.result_fields(body, ended=True)
        runs = runs_of(fields)
        return cls(
            id=integer(fields.id),
            name=text(fields.name),
            status=status,
            runs=runs,
            total_runs=integer(fields.total_runs_count),
            body=body,
            contradictions=_contradictions(fields, runs) if has_ended(status) else (),
        )

    def expecting(self, launch: Launch | None) -> "Result":
        """The same, held against what its launch asked for."""
        if launch is None:
            return self
        return evolve(self, planned=launch.planned_runs, planned_scenarios=launch.scenarios)

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
    def expected_runs(self) -> int:
        """How many runs there must be: as many as were planned, counted or sent, whichever is most."""
        return max(len(self.runs), self.total_runs or 0, self.planned or 0)

    @property
    def missing_runs(self) -> int:
        """How many of the expected runs the answer does not hold."""
        return self.expected_runs - len(self.runs)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the answer as a whole proves nothing, one sentence each; empty if it is sound."""
        found = list(self.contradictions)
        if self.missing_runs and self.expected_runs == self.planned:
            found.insert(
                0, f"{self.planned} runs were expected, but the answer has {len(self.runs)}"
            )
        elif self.missing_runs:
            found.insert(
                0, f"the server counts {self.total_runs} runs, but the answer has {len(self.runs)}"
            )
        elif not self.runs:
            found.insert(0, "the answer has no runs")
        else:
            found += self._lacking()
        return tuple(found)

    def _lacking(self) -> Iterator[str]:
        """The scenarios that ran less often than they were asked for."""
        ran = Counter(run.scenario for run in self.runs)
        if not self.planned or None in ran:
            return
        asked = Counter(self.planned_scenarios)
        for scenario, times in asked.items():
            expected = times * self.planned // asked.total()
            if ran[scenario] < expected:
                yield (
                    f"{expected} runs of scenario {scenario} were expected, but the answer has "
                    f"{ran[scenario]}"
                )

    @property
    def scored(self) -> bool:
        """Whether every expected run is there with its final verdict."""
        open_ended = {Verdict.UNSCORED, Verdict.UNKNOWN} & self.counts.keys()
        return not open_ended and not self.problems

    @cached_property
    def counts(self) -> dict[Verdict, int]:
        """How many runs have each verdict; verdicts that no run has are left out."""
        return dict(Counter(run.verdict for run in self.runs))

    @property
    def verdict(self) -> Verdict:
        """What became of the result: passed only if it completed and every expected run passed."""
        return result_verdict(self.status, self.counts, sound=not self.problems)

    @property
    def passed(self) -> bool:
        """Whether the result completed and every run that was planned completed and succeeded."""
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
        total = self.expected_runs
        status = printable(self.status) or "no status"
        lines = [f"result {self.id} ({status}): {self.verdict}"]
        if total:
            lines[0] += f"; {total - self.counts.get(Verdict.PASSED, 0)} of {total} did not pass"
        lines += [f"  {printable(str(run))}" for run in bad[:_NAMED_RUNS]]
        if len(bad) > _NAMED_RUNS:
            lines.append(f"  and {len(bad) - _NAMED_RUNS} more")
        lines += [f"  {problem}" for problem in self.problems]
        raise NotPassedError("\n".join(lines), result=self)


def _contradictions(fields: ResultFields[Any], runs: tuple[Run, ...]) -> tuple[str, ...]:
    """Where the server's counts say worse of the runs than the runs themselves."""
    passed = sum(run.verdict is Verdict.PASSED for run in runs)
    checks = (
        ("total_runs_count", operator.lt, len(runs), "runs are listed"),
        ("completed_runs_count", operator.lt, passed, "runs that passed are listed"),
        ("success_runs_count", operator.lt, passed, "runs that passed are listed"),
        ("failed_runs_count", operator.gt, len(runs) - passed, "runs that did not pass are listed"),
    )
    found = [
        f"the server's {name} is {count}, but {listed} {what}"
        for name, contradicts, listed, what in checks
        if (count := integer(getattr(fields, name))) is not None and contradicts(count, listed)
    ]
    known = {run.id for run in runs}
    for name in ("not_connected_runs", "failed_infrastructure_runs"):
        named = getattr(fields, name)
        listed_ids = integers(named)
        if named and named != "0" and (not listed_ids or not known.issuperset(listed_ids)):
            found.append(f"the server's {name} names runs that are not listed")
    if sum(run.id is None for run in runs) > 1:
        found.append("several runs have no id, so one may be listed twice")
    return tuple(found)


class WaitTimeoutError(CekuraError, TimeoutError):
    """The result did not end within the time given; its runs continue and are billed.

    Attributes:
        result: The last that was seen of it, or None where nothing was.
    """

    def __init__(self, message: str, *, result: Result | None = None) -> None:
        super().__init__(message)
        self.result = result


class WaitsError(CekuraError):
    """Some of the results that `wait_all` waited for could not be waited for to their end.

    Attributes:
        errors: What was wrong, by the id of the result: a `WaitTimeoutError`, for example.
        results: The results that did end, in the order in which they did; without the bytes of their
            answers, for `Result.raw`.
    """

    def __init__(
        self,
        message: str,
        *,
        errors: Mapping[int, CekuraError] | None = None,
        results: tuple[Result, ...] = (),
    ) -> None:
        super().__init__(message)
        self.errors = dict(errors or {})
        self.results = results


class NotPassedError(CekuraError):
    """A result that did not pass.

    Attributes:
        result: The result, with its runs and their reasons.
    """

    def __init__(self, message: str, *, result: Result | None = None) -> None:
        super().__init__(message)
        self.result = result
