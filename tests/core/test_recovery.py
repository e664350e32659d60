"""Reading the list of results must not fail: what it is about may have been paid for."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client.core.recovery import ClockSkew, LostLaunch, ServerClock, candidates

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
_dates = st.sampled_from(
    [
        *("2026-11-20T10:00:00Z", "2026-11-20", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59"),
        *("9999-12-31T23:59:59-14:00", "yesterday", "2026-13-01", "2026-11-20T10:00:00+99:99"),
    ]
)
_entries = st.fixed_dictionaries(
    {"id": st.integers(1), "name": st.just("Nightly")},
    optional={
        "agent": st.integers(1, 3) | _json,
        "created_at": _dates | _json,
        "total_runs_count": _json,
        "scenarios": st.lists(st.fixed_dictionaries({"id": st.integers(1)})) | _json,
    },
)


@given(st.fixed_dictionaries({"results": st.lists(_entries | _json, max_size=3) | _json}))
def test_no_page_breaks_it(page: dict[str, Any]) -> None:
    """Whatever stands in it, each candidate can be judged and shown."""
    lost = LostLaunch("Nightly", False, 1, began=0.0, ended=1.0, runs=2, scenarios=frozenset({1}))
    for candidate in candidates(page, "Nightly"):
        assert isinstance(lost.fits(candidate, ServerClock()), bool)
        assert str(candidate).startswith(str(candidate.result_id))


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"agent": None}, True),
        ({"agent": 13}, False),
        ({"name": "Nightly "}, False),
        ({"created_at": "1970-01-01T00:16:36Z"}, False),
        ({"created_at": "1970-01-01T00:16:37Z"}, True),
        ({"created_at": "1970-01-01T00:16:37.4Z"}, False),
        ({"created_at": "1970-01-01T00:16:37.6Z"}, True),
        ({"created_at": "1970-01-01T00:16:52.4+00:00"}, True),
        ({"created_at": "1970-01-01T00:16:52.6"}, False),
        ({"created_at": "1970-01-01T00:16:53Z"}, False),
        ({"created_at": None}, False),
        ({"total_runs_count": 3}, False),
        ({"scenarios": [{"id": 2}]}, False),
        ({"scenarios": "unknown"}, True),
    ],
)
def test_what_must_agree_where_the_name_was_given(fields: dict[str, Any], fits: bool) -> None:
    """What is not known does not stand in the way, but for the start time.

    It was sent from second 1000 to 1010; the clocks agree within 2 s, and half a second is allowed for.
    A time in whole seconds may be up to one second later.
    """
    entry = {
        "id": 7,
        "name": "Nightly",
        "agent": 12,
        "created_at": "1970-01-01T00:16:40Z",
        "total_runs_count": 2,
        "scenarios": [{"id": 1}],
        **fields,
    }
    lost = LostLaunch("Nightly", False, 12, 1_000.0, 1_010.0, runs=2, scenarios=frozenset({1}))
    found = candidates({"results": [entry]}, "Nightly")
    assert [lost.fits(candidate, ServerClock()) for candidate in found] == [fits] * len(found)
    assert bool(found) == (entry["name"] == "Nightly")


def _clock(*looks: tuple[float | None, float, float], cached: bool = False) -> ServerClock:
    clock = ServerClock()
    for date, sent, received in looks:
        clock.observe(date, cached=cached, sent=sent, received=received)
    return clock


def test_the_servers_clock_is_known_to_what_all_its_dates_allow() -> None:
    """It may be two seconds old, and was made at some time between sending and receiving."""
    skew = _clock((100, 90.0, 90.2), (104, 94.5, 94.6)).skew
    assert skew is not None
    assert (skew.least, skew.most) == pytest.approx((9.8, 11.5))


@pytest.mark.parametrize(
    ("looks", "why"),
    [
        ([(100, 90.0, 90.1)], "one may be of any age"),
        ([(100, 90.0, 90.1), (100, 91.0, 91.1), (100, 96.0, 96.1)], "it stands still"),
        ([(100, 90.0, 90.1), (100, 91.0, 99.0)], "it stands still behind a slow answer"),
        ([(100, 90.0, 90.1), (101, 96.0, 96.1)], "it goes slower than the time"),
        ([(100, 90.0, 90.1), (140, 96.0, 96.1)], "it jumps"),
    ],
)
def test_a_date_that_may_be_cached_or_wrong_is_not_relied_upon(
    looks: list[tuple[float, float, float]], why: str
) -> None:
    """Then nobody can say whether a result of a given name was created while it was sent."""
    clock = _clock(*looks)
    assert clock.skew is None, why
    page = {"results": [{"id": 7, "name": "Nightly", "created_at": "1970-01-01T00:01:40Z"}]}
    (found,) = candidates(page, "Nightly")
    assert not LostLaunch("Nightly", False, None, 90.0, 91.0).fits(found, clock)
    assert LostLaunch("Nightly", True, None, 90.0, 91.0).fits(found, clock)


def test_an_answer_with_an_age_says_nothing_of_the_clock() -> None:
    """But that there is one. Without any date the clocks are taken to agree within 2 seconds."""
    assert _clock((100, 90.0, 90.1), (104, 94.0, 94.1), cached=True).skew is None
    assert _clock((None, 90.0, 90.1)).skew == ClockSkew(-2.0, 2.0)


def test_a_date_without_a_zone_is_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever this machine is."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    page = {"results": [{"id": 7, "name": "n", "created_at": "1970-01-01T00:01:40"}]}
    try:
        assert [found.created_at for found in candidates(page, "n")] == [100.0]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_entry_without_a_real_id_or_listed_twice_is_one_candidate_at_most() -> None:
    """An id is positive, and one result is one, however often the page shows it."""
    entries = [{"id": number, "name": "n"} for number in (0, -7, 7, "7", 7.0, 8)]
    assert [found.result_id for found in candidates({"results": entries}, "n")] == [7, 8]
