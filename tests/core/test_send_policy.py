import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client.core.send_policy import (
    DEFAULT_PATIENCE,
    LONGEST_PAUSE,
    POLL_PATIENCE,
    AttemptOutcome,
    Patience,
    outcome_of_answer,
    pause_before_next,
    retry_after_seconds,
)

AGAIN, NEVER = True, False


def _again(what: AttemptOutcome, launch: bool) -> bool:
    pause = pause_before_next(
        what,
        launch=launch,
        attempt=1,
        elapsed=0,
        patience=DEFAULT_PATIENCE,
        retry_after=None,
        chance=0.5,
    )
    return pause is not None


@pytest.mark.parametrize(
    ("what", "launch", "read"),
    [
        (AttemptOutcome.NOT_SENT, AGAIN, AGAIN),
        (AttemptOutcome.TURNED_AWAY, AGAIN, AGAIN),
        (AttemptOutcome.NO_ANSWER, NEVER, AGAIN),
        (AttemptOutcome.REFUSED, NEVER, NEVER),
        (AttemptOutcome.ANSWERED, NEVER, NEVER),
    ],
)
def test_the_table(what: AttemptOutcome, launch: bool, read: bool) -> None:
    """A launch is sent again only where it certainly was not executed."""
    assert _again(what, launch=True) is launch
    assert _again(what, launch=False) is read


@given(st.integers(200, 599), st.none() | st.floats(0, 1000))
def test_a_launch_is_repeated_for_429_only(status: int, retry_after: float | None) -> None:
    """Also not for a 503 that says when to come back, which gateways send after executing it."""
    repeated = _again(outcome_of_answer(status, retry_after, launch=True), launch=True)
    assert repeated == (status == 429)


@given(
    st.integers(1, 10_000),
    st.floats(0, 1000),
    st.none() | st.floats(0, 1000),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from([DEFAULT_PATIENCE, POLL_PATIENCE, Patience(None, 10)]),
)
def test_a_pause_keeps_to_patience_and_to_what_was_asked(
    attempt: int, elapsed: float, retry_after: float | None, chance: float, patience: Patience
) -> None:
    """It never ends after the patience, never falls short of Retry-After, and stays bounded."""
    pause = pause_before_next(
        AttemptOutcome.TURNED_AWAY,
        launch=True,
        attempt=attempt,
        elapsed=elapsed,
        patience=patience,
        retry_after=retry_after,
        chance=chance,
    )
    if pause is None:
        return
    assert elapsed + pause <= patience.seconds
    assert pause >= (retry_after or 0)
    assert pause <= max(LONGEST_PAUSE, retry_after or 0)
    assert patience.attempts is None or attempt < patience.attempts


@pytest.mark.parametrize("status", [100, 101, 103])
def test_1xx_is_no_answer(status: int) -> None:
    """What comes after it, nobody knows."""
    assert outcome_of_answer(status, None, launch=True) is AttemptOutcome.NO_ANSWER


@pytest.mark.parametrize("status", range(300, 400))
def test_a_redirect_may_mean_that_a_launch_was_executed(status: int) -> None:
    """All but those that ask for the same request again; a read is refused by each of them."""
    refused = status in (307, 308)
    unknown = AttemptOutcome.REFUSED if refused else AttemptOutcome.NO_ANSWER
    assert outcome_of_answer(status, None, launch=True) is unknown
    assert outcome_of_answer(status, None, launch=False) is AttemptOutcome.REFUSED


def test_a_read_is_repeated_when_a_503_says() -> None:
    """And with a pause of its own where it does not say."""
    assert outcome_of_answer(503, 7, launch=False) is AttemptOutcome.TURNED_AWAY
    assert outcome_of_answer(503, None, launch=False) is AttemptOutcome.NO_ANSWER


NOW = 1_445_412_480.0  # Wed, 21 Oct 2015 07:28:00 GMT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0),
        ("7", 7),
        (" 7 ", 7),
        ("1.5", 1.5),
        ("-3", 0),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30),
        ("Wed, 21 Oct 2015 07:27:00 GMT", 0),
        ("Wednesday, 21-Oct-15 07:28:05 GMT", 5),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:30", None),
        ("Wed, 21 Oct 2015 07:28:30 FOO", None),
        ("Wed, 21 Oct 2015 09:28:30 +0200", 30),
        ("Wed, 21 Oct 2015 07:28:30 +9900", None),
        ("Wed, 99 Oct 2015 07:28:30 GMT", None),
        ("Wed, 21 Oct 99999 07:28:30 GMT", None),
        ("Wed Oct 21 07:28:30 2015", None),
    ],
)
def test_retry_after_as_seconds_as_a_date_and_as_nonsense(
    header: str | None, seconds: float | None
) -> None:
    """What cannot be read is as if it were not there."""
    assert retry_after_seconds(header, NOW) == seconds
