"""The pass criteria: all runs must pass, or a share that the user sets."""

from attrs import frozen

from cekura_client.core.errors import InvalidRequestError
from cekura_client.core.results import Result
from cekura_client.core.verdicts import Verdict

# These verdicts say nothing about the agent: it was not tested, or not judged.
_NOT_ABOUT_THE_AGENT = (Verdict.INFRASTRUCTURE, Verdict.UNSCORED)


@frozen
class Gate:
    """The pass criteria of a result.

    Attributes:
        fail_under: The share of runs that must pass, 0 to 1. None: all runs must pass, and the result
            must be completed.
        ignore_infrastructure: Whether to leave out runs that say nothing about the agent:
            infrastructure failures, and runs without a score.

    Raises:
        InvalidRequestError: `fail_under` is not between 0 and 1.
    """

    fail_under: float | None = None
    ignore_infrastructure: bool = False

    def __attrs_post_init__(self) -> None:
        if self.fail_under is not None and not 0 <= self.fail_under <= 1:
            raise InvalidRequestError(
                f"--fail-under must be between 0 and 1, e.g. 0.95; got {self.fail_under}"
            )

    def counted(self, result: Result) -> tuple[int, int]:
        """How many runs passed, and how many count. Missing runs count as not passed.

        Only the runs are used, because the unit of the server's `success_rate` is disputed.
        """
        total = result.expected_runs
        total -= sum(n for verdict, n in result.counts.items() if not self.counts(verdict))
        return result.counts.get(Verdict.PASSED, 0), total

    def counts(self, verdict: Verdict) -> bool:
        """Whether a run with this verdict counts."""
        return not (self.ignore_infrastructure and verdict in _NOT_ABOUT_THE_AGENT)

    def rate(self, result: Result) -> float | None:
        """The share of runs that passed; None if no runs count."""
        passed, total = self.counted(result)
        return passed / total if total else None

    def passes(self, result: Result) -> bool:
        """Whether the result meets the criteria. One that has not ended or contradicts itself never does."""
        if self.fail_under is None and not self.ignore_infrastructure:
            return result.passed
        rate = self.rate(result)
        if not result.finished or rate is None or result.contradictions:
            return False
        if self.fail_under is not None:
            return rate >= self.fail_under
        # A result is `failed` if there was an infrastructure failure.
        return rate == 1 and result.status in ("completed", "failed")
