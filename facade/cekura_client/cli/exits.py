"""The exit statuses of `cekura-run`, and which error ends with which."""

import traceback
from enum import IntEnum

from cekura_client.errors import (
    ApiError,
    CekuraError,
    InvalidRequestError,
    LaunchNotSentError,
    ServerError,
    WaitTimeoutError,
)


class Exit(IntEnum):
    """How the command ended; of several results the highest counts."""

    PASSED = 0
    NOT_PASSED = 1
    REFUSED_HERE = 2
    REFUSED_BY_API = 3
    UNKNOWN = 4
    TIMED_OUT = 5
    # 128 and the number of the signal.
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


class Stopped(CekuraError):
    """A signal stopped the command."""


class NotSeen(CekuraError):
    """A result that was asked for was never read."""


class InternalError(CekuraError):
    """Something that never should happen did.

    Attributes:
        trace: Where.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(f"unexpected error, please report it: {type(error).__name__}: {error}")
        self.trace = "".join(traceback.format_exception(error))


def status_of(error: CekuraError, *, launching: bool) -> Exit:
    """The exit status for an error.

    Args:
        error: What was raised.
        launching: Whether by a launch. A server that fails while a result is read has not refused
            anything: nobody knows how the result is.
    """
    match error:
        case InvalidRequestError() | LaunchNotSentError():
            return Exit.REFUSED_HERE
        case WaitTimeoutError():
            return Exit.TIMED_OUT
        case ServerError() if not launching:
            return Exit.UNKNOWN
        case ApiError():
            return Exit.REFUSED_BY_API
        case _:
            return Exit.UNKNOWN
