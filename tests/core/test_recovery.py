"""Reading the list of results must not fail: what it is about may have been paid for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client.core.recovery import Sought, candidates

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
    sought = Sought("Nightly", own_name=False, agent=1, began=0.0, runs=2, scenarios=frozenset({1}))
    for candidate in candidates(page, "Nightly"):
        assert isinstance(sought.fits(candidate, ahead=0.0), bool)
        assert str(candidate).startswith(str(candidate.result_id))


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"agent": None}, True),
        ({"agent": 13}, False),
        ({"name": "Nightly "}, False),
        ({"created_at": "1970-01-01T00:16:37Z"}, False),
        ({"created_at": "1970-01-01T00:16:39Z"}, True),
        ({"created_at": None}, False),
        ({"total_runs_count": 3}, False),
        ({"scenarios": [{"id": 2}]}, False),
        ({"scenarios": "unknown"}, True),
    ],
)
def test_what_must_agree_where_the_name_was_given(fields: dict[str, Any], fits: bool) -> None:
    """What is not known does not stand in the way, but for the start time."""
    entry = {
        "id": 7,
        "name": "Nightly",
        "agent": 12,
        "created_at": "1970-01-01T00:16:40Z",
        "total_runs_count": 2,
        "scenarios": [{"id": 1}],
        **fields,
    }
    sought = Sought("Nightly", False, agent=12, began=1_000.0, runs=2, scenarios=frozenset({1}))
    found = candidates({"results": [entry]}, "Nightly")
    assert [sought.fits(candidate, ahead=0.0) for candidate in found] == [fits] * len(found)
    assert bool(found) == (entry["name"] == "Nightly")
