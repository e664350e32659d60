"""Verdicts: what became of a run, and of a result as a whole.

"Passed" is said only of what completed and succeeded; what nobody can tell is called unknown.
"""

from collections.abc import Iterable
from enum import StrEnum

END_STATUSES = frozenset({"completed", "failed", "timeout", "cancelled"})


class Verdict(StrEnum):
    """What became of a run or a result, the worst first."""

    FAILED = "failed"
    """It was judged and did not pass."""
    INFRASTRUCTURE = "infrastructure"
    """The call was never connected, or ended with an error message: the agent was not tested."""
    TIMEOUT = "timeout"
    """It took too long and was given up by the server."""
    CANCELLED = "cancelled"
    """It was ended before it was done."""
    UNSCORED = "unscored"
    """It completed, but no score has come."""
    UNKNOWN = "unknown"
    """It has not ended, or its status is not known."""
    PASSED = "passed"
    """It completed and succeeded; of a result: every one of its runs did."""

    @property
    def severity(self) -> int:
        """The higher, the worse; 0 is `PASSED`."""
        return _SEVERITY[self]


_SEVERITY = {verdict: place for place, verdict in enumerate(reversed(Verdict))}


def normal_status(status: object) -> str:
    """A status as this library spells it; "" where there is none."""
    text = status.strip().lower() if isinstance(status, str) else ""
    # Seen in the wild in this spelling too.
    return "cancelled" if text == "canceled" else text


def has_ended(status: str) -> bool:
    """Whether this is one of the four end states; a status that is not known is not."""
    return status in END_STATUSES


def run_verdict(
    *, status: str, success: bool | None, error_message: str, connected: bool
) -> Verdict:
    """The verdict of one run.

    A call that did not work is not a pass even where `success` is true: for a time the vendor
    documented `success` to mean no more than that the run had ended.

    Args:
        status: As `normal_status` gives it.
        success: The server's judgement; None while there is none.
        error_message: Why the call did not work; "" where it did.
        connected: False where the result lists the run as never connected.
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
    """The verdict of a result: the worst of its runs and of what its own status says.

    Args:
        status: As `normal_status` gives it; a result that is `failed` had an infrastructure
            failure.
        runs: The verdicts of the runs that the answer holds.
        sound: Whether the answer holds every run that was planned and counted, and its counts
            agree with its runs. If not, it may be worse than it looks, but not better.
    """
    if not has_ended(status):
        return Verdict.UNKNOWN
    verdicts = [*runs, _OF_STATUS[status]]
    if not sound:
        verdicts.append(Verdict.UNKNOWN)
    return max(verdicts, key=lambda verdict: verdict.severity)
