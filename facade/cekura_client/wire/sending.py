"""One request, sent as often as its policy allows, and its answer or the right error."""

from collections.abc import Callable
from datetime import timedelta

import httpx
from attrs import frozen

from cekura_client.core.decoding import UnreadableError
from cekura_client.core.launches import breaks_off, may_hold_an_id, was_started
from cekura_client.core.send_policy import (
    AttemptOutcome,
    Patience,
    outcome_of_answer,
    pause_before_next,
    retry_after_seconds,
)
from cekura_client.core.server_messages import messages
from cekura_client.effects import Clock, Drop, Flow, Send, Sleep, T
from cekura_client.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    CekuraError,
    InsufficientBalanceError,
    LaunchNotSentError,
    LaunchOutcomeUnknownError,
    NoAnswerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    ServerError,
)
from cekura_client.wire.answers import BrokenAnswerError, NotConnectedError, named

# With these, nothing was handed to the server. Everything else may have been.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    NotConnectedError,
)

_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: InsufficientBalanceError,
    403: PermissionDeniedError,
    404: NotFoundError,
    429: RateLimitError,
}
_BY_HUNDRED: dict[int, type[ApiError]] = {3: RedirectError, 5: ServerError}
_READS = ("GET", "HEAD")
# Seconds that an attempt begun just before the deadline may still take.
_LAST_LOOK = 1.0


@frozen
class _Attempt:
    """How one attempt ended; of an exception only its text is kept, its frames hold the key."""

    what: AttemptOutcome
    detail: str = ""
    status_code: int | None = None
    body: bytes = b""
    retry_after: float | None = None


def is_launch(request: httpx.Request) -> bool:
    """Whether a request may start runs that are billed; of a request not known here it is assumed."""
    harmless = request.method in _READS or request.url.path.endswith("/end_calls/")
    return not harmless


def sending(
    request: httpx.Request,
    read: Callable[[httpx.Response], T],
    *,
    patience: Patience,
    clock: Clock,
    deadline: float | None = None,
    salvage: bool = False,
    secrets: tuple[str, ...] = (),
    alone: bool = False,
) -> Flow[T]:
    """Send a request until it is answered, refused or given up.

    Args:
        request: Without the API key.
        read: Makes of a 2xx answer what the caller wants. If it raises `UnreadableError`, that
            counts as no answer.
        patience: How long to go on.
        clock: For elapsed time, dates and jitter.
        deadline: On the monotonic clock. If it comes before the next attempt may be made, it is
            waited for and then the request is given up.
        salvage: Whether `read` may also try an answer that broke off, or that refuses a launch and
            names its result all the same.
        secrets: What answers may not repeat, beside the API key.
        alone: Whether each attempt has a connection of its own, where no answer that was meant for
            another request can be waiting. What may change something, so each launch, always has.

    Raises:
        CekuraError: of the class that says what is known; see the tree in `cekura_client.errors`.
    """
    launch = is_launch(request)
    alone = alone or request.method not in _READS
    began = clock.monotonic()
    number = 0
    while True:
        number += 1
        longest = None if deadline is None else max(deadline - clock.monotonic(), _LAST_LOOK)
        attempt = yield from _attempt(
            Send(request, longest, secrets, alone), read, clock, launch=launch, salvage=salvage
        )
        if not isinstance(attempt, _Attempt):
            return attempt
        now = clock.monotonic()
        pause = pause_before_next(
            attempt.what,
            launch=launch,
            attempt=number,
            elapsed=now - began,
            patience=patience,
            retry_after=attempt.retry_after,
            chance=clock.random(),
        )
        if pause is None:
            raise _error(request, attempt, launch)
        if deadline is not None and now + pause >= deadline:
            yield Sleep(max(deadline - now, 0.0))
            raise _error(request, attempt, launch)
        yield Sleep(pause)


def _attempt(
    send: Send,
    read: Callable[[httpx.Response], T],
    clock: Clock,
    *,
    launch: bool,
    salvage: bool,
) -> Flow[T | _Attempt]:
    broken, began = "", clock.monotonic()
    try:
        response: httpx.Response = yield send
    except CekuraError:
        raise  # refused on this side, whatever the network would have done
    except BrokenAnswerError as error:
        response, broken = error.response, str(error)
    except Exception as error:
        what = AttemptOutcome.NOT_SENT if isinstance(error, _NOT_SENT) else AttemptOutcome.NO_ANSWER
        return _Attempt(what, named(error))
    response.elapsed = timedelta(seconds=clock.monotonic() - began)
    retry_after = retry_after_seconds(response.headers.get("retry-after"), clock.now())
    what, detail = outcome_of_answer(response.status_code, retry_after, launch=launch), ""
    if launch and what is not AttemptOutcome.ANSWERED:
        cut_short = bool(broken) or breaks_off(response.content)
        if was_started(response.content, response.headers.get("location", ""), whole=not cut_short):
            what = AttemptOutcome.ANSWERED if salvage else AttemptOutcome.NO_ANSWER
        elif cut_short or (what is AttemptOutcome.TURNED_AWAY and _may_name_a_result(response)):
            what = AttemptOutcome.NO_ANSWER
    if response.status_code == 304 and "if-none-match" in send.request.headers:
        what = AttemptOutcome.ANSWERED  # it is still what it was when it was read with this ETag
    if what is AttemptOutcome.ANSWERED:
        try:
            if broken and not salvage:
                raise UnreadableError(broken)
            return read(response)
        except UnreadableError as error:
            what, detail = AttemptOutcome.NO_ANSWER, f"its answer cannot be read: {broken or error}"
            yield Drop(response)
    return _Attempt(what, detail, response.status_code, response.content, retry_after)


def _may_name_a_result(response: httpx.Response) -> bool:
    return "content-location" in response.headers or may_hold_an_id(response.content)


def error_class(status_code: int) -> type[ApiError]:
    """The class for a status: its own, or that of its hundred, or `ApiError`."""
    return _BY_STATUS.get(status_code) or _BY_HUNDRED.get(status_code // 100, ApiError)


def _error(request: httpx.Request, attempt: _Attempt, launch: bool) -> CekuraError:
    where = f"{request.method} {request.url}"
    said = messages(attempt.body)
    status = "" if attempt.status_code is None else f"status {attempt.status_code}"
    detail = "; ".join(part for part in (status, attempt.detail, *said) if part)
    if launch and attempt.what is AttemptOutcome.NOT_SENT:
        return LaunchNotSentError(f"{where}: nothing was sent, nothing is billed: {detail}")
    if launch and attempt.what is AttemptOutcome.NO_ANSWER:
        return LaunchOutcomeUnknownError(
            f"{where}: the launch was sent, but whether it was accepted is unknown ({detail}). It may "
            "be running and may be billed. It was not sent again",
            status_code=attempt.status_code,
            body=attempt.body,
        )
    if attempt.status_code is None or attempt.detail:
        return NoAnswerError(f"{where}: {detail}")
    nothing_started = "; nothing was started" if launch else ""
    if attempt.status_code == 402:
        nothing_started = "; the balance is too low, nothing was started"
    return error_class(attempt.status_code)(
        f"{where}: {detail or status}{nothing_started}",
        status_code=attempt.status_code,
        messages=said,
        body=attempt.body,
        retry_after=attempt.retry_after,
    )
