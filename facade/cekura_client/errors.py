"""Everything that this library raises.

::

    CekuraError
    ├── InvalidRequestError (ValueError)   refused here, before anything was sent
    │   ├── FolderPathError
    │   └── RunLimitError                  more runs than max_runs; .plan
    ├── LaunchNotSentError                 the server was not reached: nothing was launched
    ├── LaunchOutcomeUnknownError          sent, no readable answer: may be running and billed
    ├── NoAnswerError                      a read that got no readable answer
    ├── ApiError                           the server refused; .status_code .messages .body
    │   ├── RedirectError                  3xx, never followed
    │   ├── BadRequestError                400
    │   ├── AuthenticationError            401
    │   ├── InsufficientBalanceError       402
    │   ├── PermissionDeniedError          403
    │   ├── NotFoundError                  404
    │   ├── RateLimitError                 429
    │   └── ServerError                    5xx
    ├── WaitTimeoutError (TimeoutError)    not ended within the time given; .result
    ├── WaitsError                         some of several waits failed; .errors .results
    └── NotPassedError                     raised by Result.raise_unless_passed; .result

After a launch, only `LaunchOutcomeUnknownError` leaves open whether there is something to pay for;
every other error of a launch says that nothing was started.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cekura_client.core.plan import RunPlan
    from cekura_client.core.recovery import Candidate
    from cekura_client.core.results import Result


class CekuraError(Exception):
    """The root: whatever goes wrong in this library is one of these."""


class InvalidRequestError(CekuraError, ValueError):
    """Refused before anything was sent: says what was wrong, what was given, what would be right."""


class FolderPathError(InvalidRequestError):
    """Not a folder path: levels separated by ".", each of 1 to 100 characters, 300 in all."""


class RunLimitError(InvalidRequestError):
    """The launch would start more runs than `max_runs` allows, or nobody can say how many.

    Attributes:
        plan: How many runs it would be, where that is known.
    """

    def __init__(self, message: str, *, plan: RunPlan | None = None) -> None:
        super().__init__(message)
        self.plan = plan


class LaunchNotSentError(CekuraError):
    """The server was never reached, so nothing was launched and nothing is billed."""


class LaunchOutcomeUnknownError(CekuraError):
    """The launch was sent but its answer never came or cannot be read.

    It may be running and may be billed. It is never sent again by this library; find out whether
    it was accepted (on the dashboard, or in the list of results) before you launch again.

    Attributes:
        sent: The body of the launch, as sent.
        name: The name by which its result can be looked up; None for a websocket launch.
        candidates: The results of that name that were found, if it was not exactly one that fits.
        status_code: The status of the answer, if there was one.
        body: The bytes of the answer, if there were any.
    """

    def __init__(
        self,
        message: str,
        *,
        sent: bytes = b"",
        name: str | None = None,
        candidates: tuple[Candidate, ...] = (),
        status_code: int | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.sent = sent
        self.name = name
        self.candidates = candidates
        self.status_code = status_code
        self.body = body


class NoAnswerError(CekuraError):
    """The server gave no readable answer to a read, also not when asked again."""


class ApiError(CekuraError):
    """The server answered with an error. If it was a launch, nothing was started.

    Attributes:
        status_code: The HTTP status.
        messages: What the server said, one sentence each, whatever the shape of the body.
        body: The bytes of the answer.
        retry_after: Seconds after which the server wants to be asked again, where it said so.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int = 0,
        messages: tuple[str, ...] = (),
        body: bytes = b"",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.messages = messages
        self.body = body
        self.retry_after = retry_after


class RedirectError(ApiError):
    """3xx. Redirects are not followed: the API key goes to no other address."""


class BadRequestError(ApiError):
    """400: the server found something wrong with the request; `messages` say what."""


class AuthenticationError(ApiError):
    """401: the API key is missing or wrong."""


class InsufficientBalanceError(ApiError):
    """402: the balance is too low. The launch was refused before any run started."""


class PermissionDeniedError(ApiError):
    """403: the API key may not do this."""


class NotFoundError(ApiError):
    """404: there is no such thing for this API key."""


class RateLimitError(ApiError):
    """429: too many requests, also after waiting for as long as the server asked."""


class ServerError(ApiError):
    """5xx: the server failed."""


class WaitTimeoutError(CekuraError, TimeoutError):
    """The result did not end within the time given; its runs go on and are billed.

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


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: InsufficientBalanceError,
    403: PermissionDeniedError,
    404: NotFoundError,
    429: RateLimitError,
}


def error_class(status_code: int) -> type[ApiError]:
    """The class for a status: its own, or that of its hundred, or `ApiError`."""
    by_hundred = {3: RedirectError, 5: ServerError}
    return _BY_STATUS.get(status_code) or by_hundred.get(status_code // 100, ApiError)
