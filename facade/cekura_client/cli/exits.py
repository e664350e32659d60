"""The exit statuses of `cekura-run`, and which error ends with which."""

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
    """How it went; of several results the highest counts."""

    PASSED = 0
    NOT_PASSED = 1
    REFUSED_HERE = 2
    REFUSED_BY_API = 3
    UNKNOWN = 4
    TIMED_OUT = 5
    INTERRUPTED = 130
    TERMINATED = 143


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
