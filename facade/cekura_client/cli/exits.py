"""The exit statuses of `cekura-run`, and the status of each error."""

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
    """How the command ended. With several results, the highest status counts."""

    PASSED = 0
    NOT_PASSED = 1
    REFUSED_HERE = 2
    REFUSED_BY_API = 3
    UNKNOWN = 4
    TIMED_OUT = 5
    # 128 plus the number of the signal.
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


class Stopped(CekuraError):
    """A signal stopped the command."""


class NotSeen(CekuraError):
    """A requested result was never read."""


class InternalError(CekuraError):
    """A bug in this command.

    Attributes:
        trace: The traceback.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(f"unexpected error, please report it: {type(error).__name__}: {error}")
        self.trace = "".join(traceback.format_exception(error))


def status_of(error: CekuraError, *, launching: bool) -> Exit:
    """The exit status for an error.

    Args:
        error: What was raised.
        launching: Whether a launch raised it. If the server fails during a read, it has refused
            nothing, and the outcome is unknown.
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
