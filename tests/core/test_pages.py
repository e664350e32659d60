"""Pages of the list of results: the fast way and the slow one give the same."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cekura_client.core import decoding
from cekura_client.core.decoding import Page, UnreadableError, page_of_results
from cekura_client.core.results import Result

_texts = st.text(st.characters(codec="utf-8"), max_size=8)
_scalars = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | _texts
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3)
)
_ids = st.integers(1, 10**6)
_statuses = st.sampled_from(["running", "completed", " Failed ", "canceled", ""])
_entries = st.fixed_dictionaries(
    {},
    optional={
        "id": _ids | _values,
        "status": _statuses | _values,
        "runs": _values,
        "name": _values,
        "overall": _values,
    },
)
_pages = st.fixed_dictionaries(
    {},
    optional={
        "count": st.integers(0, 10**6) | _values,
        "next": _values,
        "results": st.lists(_entries, max_size=4) | st.lists(_entries | _values) | _values,
    },
)


def _slow(body: bytes) -> Page:
    """The same without msgspec."""
    with pytest.MonkeyPatch.context() as patch:

        class Never:
            def decode(self, _: bytes) -> Any:
                raise RecursionError

        patch.setattr(decoding, "_page", Never())
        return page_of_results(body)


def _seen(page: Page) -> tuple[str, list[tuple[str, str, Result | None]]]:
    """All that matters of a page; as text, since NaN is not equal to itself, and 1 is to True."""
    return repr(page[0]), [(repr(id_), repr(s), _result(entry)) for id_, s, entry in page[1]]


def _result(entry: bytes) -> Result | None:
    try:
        return Result.read(entry)
    except UnreadableError:
        return None


@given(_pages)
@example({"count": None, "results": None})
@example({"results": [{"id": 1}, None, 5, "x", [], {"id": True, "status": 7}]})
@example({"count": 10**30, "results": [{"id": 10**30, "status": "running"}]})
@example({"results": {"1": {"id": 1}}})
def test_both_ways_agree(page: dict[str, Any]) -> None:
    """Whatever the types are: ids and statuses as they came, what is no object is left out."""
    body = json.dumps(page).encode()
    fast = page_of_results(body)
    assert _seen(fast) == _seen(_slow(body))
    results = page.get("results")
    entries = [e for e in results if isinstance(e, dict)] if isinstance(results, list) else []
    assert repr([(e.get("id"), e.get("status")) for e in entries]) == repr(
        [(number, status) for number, status, _ in fast[1]]
    )


@given(_ids, _statuses, _texts, st.integers(0, 4))
def test_an_entry_is_read_as_the_result_it_was(
    number: int, status: str, name: str, runs: int
) -> None:
    """Also where it has runs."""
    each = [{"id": n, "status": "completed", "success": True} for n in range(runs)]
    entry = {"id": number, "status": status, "name": name, "runs": each}
    body = json.dumps({"count": 2, "results": [entry, entry]}, ensure_ascii=False).encode()
    for page in (page_of_results(body), _slow(body)):
        assert [_result(each) for *_, each in page[1]] == [_result(json.dumps(entry).encode())] * 2


@pytest.mark.parametrize(
    "body",
    [
        b'{"count":1,"results":[{"id":7,"status":"running","name":"\xff"}]}',
        b'\xef\xbb\xbf{"count":1,"results":[{"id":7,"status":"running"}]}',
        b'{"count":1,"results":[{"id":7,"status":"running","name":"a\nb"}]}',
        b'{"count":1,"results":[{"id":7,"status":"running","name":NaN}]}',
        b'{"count":1,"results":[{"id":7,"status":"running","name":"\\ud800"}]}',
        b'{"count":1,"results":[{"id":7,"status":"running","x":' + b"9" * 5_000 + b"}]}",
        b'{"count":1,"results":[{"id":6,"id":7,"status":"running"}]}',
        b' {"results":[{"status":"running","id":7}],"count":1} ',
    ],
    ids=["latin-1", "BOM", "control", "NaN", "surrogate", "digits", "twice", "order"],
)
def test_what_is_hardly_json_is_read(body: bytes) -> None:
    """And what it shows can be read in turn."""
    count, [(number, status, entry)] = page_of_results(body)
    assert (count, number, status) == (1, 7, "running")
    assert Result.read(entry).status == "running"


@given(st.binary(max_size=40) | _values.map(lambda value: json.dumps(value).encode()))
@example(b"")
@example(b"<html>")
@example(b"[]")
@example(b'{"count":1,"results":[')
@example(b'{"results":' + b"[" * 100_000)
@example(b'{"results":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
def test_what_is_no_page_is_unreadable(body: bytes) -> None:
    """And raises nothing else."""
    try:
        page_of_results(body)
    except UnreadableError:
        return
    assert isinstance(decoding.document(body), dict)


@given(st.integers(900, 1_010), st.booleans())
def test_how_deep_it_is_does_not_matter(depth: int, odd: bool) -> None:
    """Too deep is unreadable, the page or the entry."""
    head = b'{"count":NaN,' if odd else b"{"
    entry = b'{"id":7,"status":"running","runs":5,"x":' + b"[" * depth + b"]" * depth + b"}"
    try:
        [(_, _, found)] = page_of_results(head + b'"results":[' + entry + b"]}")[1]
    except UnreadableError:
        return
    assert _result(found) in (None, Result(7, "", "running", (), None, b""))
