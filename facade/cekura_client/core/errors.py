"""The errors that carry nothing but texts and numbers; the others are beside what they carry.

All of them are in `cekura_client.errors`.
"""


class CekuraError(Exception):
    """The root: whatever goes wrong in this library is one of these."""


class InvalidRequestError(CekuraError, ValueError):
    """Refused before anything was sent: says what was wrong, what was given, what would be right."""


class FolderPathError(InvalidRequestError):
    """Not a folder path: levels separated by ".", each of 1 to 100 characters, 300 in all."""


class LaunchNotSentError(CekuraError):
    """The server was never reached, so nothing was launched and nothing is billed."""


class NoAnswerError(CekuraError):
    """The server gave no readable answer to a read, also not when asked again."""


class ApiError(CekuraError):
    """The server answered with an error. If it was a launch, nothing was started.

    Attributes:
        status_code: The HTTP status.
        messages: What the server said, one sentence each, whatever the shape of the body.
        body: The bytes of the answer.
        retry_after: Seconds to wait before the next request, if the server said so.
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
    """404: not found, or not visible to this API key."""


class RateLimitError(ApiError):
    """429: too many requests, also after waiting for as long as the server asked."""


class ServerError(ApiError):
    """5xx: the server failed."""
