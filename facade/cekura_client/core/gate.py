"""When a result is good enough: every run passed, or a share of them that the user has set."""

from attrs import frozen

from cekura_client.core.errors import InvalidRequestError
from cekura_client.core.results import Result
from cekura_client.core.verdicts import Verdict

# These say nothing about the agent: it was not tested, or nobody judged it.
_NOT_ABOUT_THE_AGENT = (Verdict.INFRASTRUCTURE, Verdict.UNSCORED)


@frozen
class Gate:
    """When a result is good enough.

    Attributes:
        fail_under: The share of runs that must have passed, 0 to 1; None for all of them, in a
            result that completed.
        ignore_infrastructure: Leave runs out of the count that say nothing about the agent:
            infrastructure failures, and runs that nobody has scored.

    Raises:
        InvalidRequestError: `fail_under` is not from 0 to 1.
    """

    fail_under: float | None = None
    ignore_infrastructure: bool = False

    def __attrs_post_init__(self) -> None:
        if self.fail_under is not None and not 0 <= self.fail_under <= 1:
            raise InvalidRequestError(
                f"the pass rate to reach is from 0 to 1; got {self.fail_under}; for example 0.95"
            )

    def counted(self, result: Result) -> tuple[int, int]:
        """How many runs passed, and of how many. Runs that the answer lacks have not passed.

        From the runs alone: the unit of the server's own `success_rate` is disputed.
        """
        total = result.expected_runs
        total -= sum(n for verdict, n in result.counts.items() if not self.counts(verdict))
        return result.counts.get(Verdict.PASSED, 0), total

    def counts(self, verdict: Verdict) -> bool:
        """Whether a run with this verdict is counted."""
        return not (self.ignore_infrastructure and verdict in _NOT_ABOUT_THE_AGENT)

    def rate(self, result: Result) -> float | None:
        """The share of runs that passed; None where there is none to count."""
        passed, total = self.counted(result)
        return passed / total if total else None

    def passes(self, result: Result) -> bool:
        """Whether it is good enough; a result that has not ended, or contradicts itself, never is."""
        if self.fail_under is None and not self.ignore_infrastructure:
            return result.passed
        rate = self.rate(result)
        if not result.finished or rate is None or result.contradictions:
            return False
        if self.fail_under is not None:
            return rate >= self.fail_under
        # `failed` is how a result says that there was an infrastructure failure.
        return rate == 1 and result.status in ("completed", "failed")
