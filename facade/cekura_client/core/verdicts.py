"""Verdicts on runs and results.

Only what completed and succeeded is "passed". What nobody can know is "unknown".
"""

from collections.abc import Iterable
from enum import StrEnum

END_STATUSES = frozenset({"completed", "failed", "timeout", "cancelled"})


class Verdict(StrEnum):
    """The verdict on a run or a result, worst first."""

    FAILED = "failed"
    """It was judged and did not pass."""
    INFRASTRUCTURE = "infrastructure"
    """The call never connected or ended with an error message, so the agent was not tested."""
    TIMEOUT = "timeout"
    """It took too long, and the server stopped it."""
    CANCELLED = "cancelled"
    """It was ended early."""
    UNSCORED = "unscored"
    """It completed, but has no score."""
    UNKNOWN = "unknown"
    """It has not ended, or its status is unknown."""
    PASSED = "passed"
    """It completed and succeeded. A result: so did every planned run."""

    @property
    def severity(self) -> int:
        """Higher is worse; `PASSED` is 0."""
        return _SEVERITY[self]


_SEVERITY = {verdict: place for place, verdict in enumerate(reversed(Verdict))}


def normal_status(status: object) -> str:
    """A status in this library's spelling; "" if there is none."""
    text = status.strip().lower() if isinstance(status, str) else ""
    # The API has also sent this spelling.
    return "cancelled" if text == "canceled" else text


def has_ended(status: str) -> bool:
    """Whether this is one of the four end states. An unknown status is not."""
    return status in END_STATUSES


def run_verdict(
    *, status: str, success: bool | None, error_message: str, connected: bool
) -> Verdict:
    """The verdict of one run.

    A call that did not work has not passed, even if `success` is true: the vendor once documented that
    `success` only means that the run has ended.

    Args:
        status: From `normal_status`.
        success: The server's judgement; None if there is none yet.
        error_message: Why the call did not work; "" if it did.
        connected: False if the result lists the run as never connected.
    """
    if status == "timeout":
        return Verdict.TIMEOUT
    if status == "cancelled":
        return Verdict.CANCELLED
    if not has_ended(status):
        return Verdict.UNKNOWN
    if error_message or not connected:
        return Verdict.INFRASTRUCTURE
    if status == "failed" or success is False:
        return Verdict.FAILED
    return Verdict.PASSED if success else Verdict.UNSCORED


_OF_STATUS = {
    "completed": Verdict.PASSED,
    "failed": Verdict.INFRASTRUCTURE,
    "timeout": Verdict.TIMEOUT,
    "cancelled": Verdict.CANCELLED,
}


def result_verdict(status: str, runs: Iterable[Verdict], *, sound: bool) -> Verdict:
    """The verdict of a result: the worst among its runs and its own status.

    Args:
        status: From `normal_status`. `failed` means that the result had an infrastructure failure.
        runs: The verdicts of the runs in the answer.
        sound: Whether the answer has every planned and counted run, and its counts agree with its
            runs. If not, the result may be worse than it looks.
    """
    if not has_ended(status):
        return Verdict.UNKNOWN
    verdicts = [*runs, _OF_STATUS[status]]
    if not sound:
        verdicts.append(Verdict.UNKNOWN)
    return max(verdicts, key=lambda verdict: verdict.severity)
