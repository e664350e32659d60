"""May it be sent again? One table, one function.

======================================  ============================  ============================
what happened                           a launch                      anything else
======================================  ============================  ============================
nothing left this machine               again                         again
429                                     again, when the server says;  again, when it says
                                        never if its body has an id
503                                     never: unknown                again, when it says
300 to 306, 408, other 5xx, no answer,  never: unknown                again, with backoff; 3xx never
unreadable
307, 308, other 4xx                     never: refused                never
======================================  ============================  ============================

A launch is billed, and there is nothing by which the server could tell a repetition from a second
launch. So it is sent again only where it certainly was not executed. A 503 is no proof of that:
gateways send it, with `Retry-After`, also for what the server behind them has executed. Nor is a
redirect: 303 says where the outcome of a POST is to be found (RFC 9110, 15.4.4), and others are used
like it. Only 307 and 308 ask for the same request again.
"""

import math
from enum import Enum

from attrs import frozen

from cekura_client.core.lenient import http_date

# Backoff: the longest pause before the n-th repetition doubles from the first to the second figure.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0


class AttemptOutcome(Enum):
    """How one attempt ended."""

    NOT_SENT = "nothing left this machine"
    TURNED_AWAY = "the server asks to come back later"
    NO_ANSWER = "sent, but there is no readable answer"
    REFUSED = "the server refused"
    ANSWERED = "answered"


@frozen
class Patience:
    """How long to go on with one request.

    Attributes:
        attempts: How often it is sent at most; None for as often as the time allows.
        seconds: From the first attempt to the start of the last.
    """

    attempts: int | None
    seconds: float


DEFAULT_PATIENCE = Patience(attempts=5, seconds=60)
"""For launches and for reads that somebody waits for at a prompt."""
POLL_PATIENCE = Patience(attempts=None, seconds=120)
"""For polls: while the vendor deploys they fail for up to about 90 seconds."""


def outcome_of_answer(
    status_code: int, retry_after: float | None, *, launch: bool
) -> AttemptOutcome:
    """How an attempt ended that was answered with this status; 1xx is no answer yet."""
    if 200 <= status_code < 300:
        return AttemptOutcome.ANSWERED
    if status_code == 429 or (status_code == 503 and retry_after is not None and not launch):
        return AttemptOutcome.TURNED_AWAY
    if status_code < 200 or status_code == 408 or status_code >= 500:
        return AttemptOutcome.NO_ANSWER
    if launch and status_code < 400 and status_code not in (307, 308):
        return AttemptOutcome.NO_ANSWER
    return AttemptOutcome.REFUSED


def pause_before_next(
    what: AttemptOutcome,
    *,
    launch: bool,
    attempt: int,
    elapsed: float,
    patience: Patience,
    retry_after: float | None,
    chance: float,
) -> float | None:
    """Seconds to wait before the request is sent again, or None if it must not be.

    Args:
        what: How the last attempt ended.
        launch: Whether the request starts runs that are billed.
        attempt: How often it was sent by now, from 1.
        elapsed: Seconds since the first attempt began.
        patience: How long to go on.
        retry_after: Seconds that the server asked for, if it did.
        chance: A number from 0 to below 1, for the jitter.
    """
    if what in (AttemptOutcome.ANSWERED, AttemptOutcome.REFUSED) or (
        launch and what is AttemptOutcome.NO_ANSWER
    ):
        return None
    if patience.attempts is not None and attempt >= patience.attempts:
        return None
    backoff = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt - 1, 10)) * chance
    pause = backoff if retry_after is None else max(retry_after, backoff)
    return pause if elapsed + pause <= patience.seconds else None


def retry_after_seconds(header: str | None, now: float) -> float | None:
    """What ``Retry-After`` asks for: seconds, or a date. None where it is absent or unreadable.

    Args:
        header: The value of the header.
        now: Seconds since 1970.
    """
    if header is None:
        return None
    try:
        seconds = float(header)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    except ValueError:
        pass
    date = http_date(header)
    return None if date is None else max(0.0, date - now)
