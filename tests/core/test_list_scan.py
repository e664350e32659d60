"""Which pages of the list are read: as many as save requests, and no more."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client import CekuraError
from cekura_client.core.decoding import Page, page_of_results
from cekura_client.core.list_scan import FEW, ListScan, by_agent
from cekura_client.core.polling import Polling
from cekura_client.core.watching import Watch


def watches(ids: Iterable[int], agent: int | None = None) -> dict[int, Watch]:
    return {number: Watch(number, 600, 600, Polling(), agent) for number in ids}


def page(ids: Iterable[int], *, count: Any = 1_000, ended: int = 0) -> Page:
    """Of results, the older of which have ended."""
    status = {True: "completed", False: "running"}
    entries = ",".join(f'{{"id":{number},"status":"{status[number <= ended]}"}}' for number in ids)
    return page_of_results(f'{{"count":{count},"results":[{entries}]}}'.encode())


def scan(ids: Iterable[int], known: range | None = None) -> ListScan:
    return ListScan(None, watches(ids), known)


@given(
    history=st.integers(1, 400),
    size=st.integers(1, 100),
    sought=st.sets(st.integers(1, 500), max_size=120),
    ended=st.integers(0, 500),
)
def test_whatever_the_list_shows_is_found_once(
    history: int, size: int, sought: set[int], ended: int
) -> None:
    """Each page is read at most once and none after the last; what one shows is not sought again."""
    listed = list(range(history, 0, -1))
    found, read = scan(sought), set[int]()
    shown: list[int] = []
    while pages := found.next_pages():
        assert len(pages) <= (8 if read else 1)
        assert not read & set(pages)
        for number in pages:
            read.add(number)
            ids = listed[(number - 1) * size : number * size]
            these = found.read(number, page(ids, count=history, ended=ended), compare=True)
            assert all(watch.result_id <= ended for watch in these.ended)
            assert all(watch.result_id > ended for watch in these.changed)
            shown += [watch.result_id for watch in [*these.ended, *these.changed]]
    assert len(sought) > FEW or not read
    assert max(read, default=0) <= -(-history // size)
    assert sorted(shown) == sorted(sought - found.sought.keys())
    assert found.sought.keys() >= {n for n in sought if n > history}


@pytest.mark.parametrize("number", [FEW, FEW + 1])
def test_few_are_not_sought_in_the_list(number: int) -> None:
    """A page would cost as much as reading them."""
    assert bool(scan(range(number)).next_pages()) == (number > FEW)


def test_the_first_page_is_read_alone() -> None:
    """It says how many there are; the others are read eight at a time, up to the last."""
    found = scan(range(1, 301))
    assert found.next_pages() == range(1, 2)
    found.read(1, page(range(1, 31), count=330), compare=False)
    assert found.next_pages() == range(2, 10)
    for number in range(2, 10):
        found.read(number, page([number * 30], count=330), compare=False)
    assert found.next_pages() == range(10, 12)
    assert found.next_pages() == range(0)


@pytest.mark.parametrize(("sought", "goes_on"), [(19, False), (20, True), (39, True)])
def test_a_page_that_shows_nothing_ends_the_search_for_few(sought: int, goes_on: bool) -> None:
    """One such page for twenty results costs little."""
    found = scan(range(1, sought + 1))
    assert found.next_pages() == range(1, 2)
    found.read(1, page(range(500, 600)), compare=False)
    assert bool(found.next_pages()) == goes_on


def test_a_page_that_shows_something_is_worth_the_next() -> None:
    """Fruitless pages count only in a row."""
    found = scan(range(1, 31))
    for begin in (1, 500):
        found.read(found.next_pages()[0], page(range(begin, begin + 1)), compare=False)
    assert found.next_pages()


@pytest.mark.parametrize("shown", [True, False])
def test_those_that_were_found_are_sought_there_first(shown: bool) -> None:
    """On the pages that showed them, and one more; if they are not there, nothing is known."""
    found = scan(range(1, 31), known=range(3, 5))
    assert found.next_pages() == range(3, 4)
    found.read(3, page(range(1, 11)), compare=False)
    assert found.next_pages() == range(4, 6)
    found.read(4, page(range(11, 31) if shown else []), compare=False)
    assert found.next_pages() == range(0)
    assert found.finish() == (range(3, 5) if shown else None)


@pytest.mark.parametrize(("sought", "worth"), [(4, False), (5, True)])
def test_pages_that_show_one_each_are_not_worth_reading(sought: int, worth: bool) -> None:
    """What is known of them is kept, for they have not been read."""
    found = scan(range(sought), known=range(1, 4))
    assert bool(found.next_pages()) == worth
    if not worth:
        assert found.finish() == range(1, 4)


@pytest.mark.parametrize("reason", ["read to its end", "failed", "few are left"])
def test_only_what_was_sought_to_the_end_counts_as_not_listed(reason: str) -> None:
    """A page that was not read might have shown it."""
    missing = watches([10])
    for _ in range(3):
        known = range(1, 3) if reason == "few are left" else None
        found = ListScan(None, watches(range(1, 10)) | missing, known)
        assert found.next_pages() == range(1, 2)
        count = 9 if reason == "read to its end" else 1_000
        found.read(1, page(range(1, 10), count=count), compare=False)
        if reason == "failed":
            found.cut_short()
        assert found.next_pages() == range(0)
        assert found.finish() is None
    # After three times the list is left alone.
    assert missing[10].listed(0) == (reason != "read to its end")


def test_there_is_nothing_behind_a_page_that_is_missing() -> None:
    """Whatever the first page counted."""
    found = scan(range(1, 100))
    found.read(found.next_pages()[0], page(range(1, 31)), compare=False)
    assert found.next_pages() == range(2, 10)
    found.ends_before(2)
    assert found.next_pages() == range(0)


@pytest.mark.parametrize("count", ["null", 0, '"many"', -5])
def test_a_count_that_cannot_be_right_ends_nothing(count: object) -> None:
    """The first empty page does."""
    found = scan(range(1, 50))
    found.next_pages()
    found.read(1, page(range(1, 3), count=count), compare=False)
    assert found.next_pages() == range(2, 10)
    found.read(2, page([]), compare=False)
    assert found.next_pages() == range(0)


def test_what_a_page_shows() -> None:
    """What has ended is to be read itself; what has changed is told to who wants to know."""
    found = scan(range(1, 8))
    found.sought[5].give_up(CekuraError())
    entries = (
        '{"id":1,"status":" COMPLETED "},{"id":"2","status":"running"},{"id":3},'
        '{"id":4,"status":7},{"id":5,"status":"failed"},{"id":77,"status":"failed"}'
    )
    body = f'{{"count":9,"results":[{entries}]}}'.encode()
    shown = found.read(1, page_of_results(body), compare=True)
    assert [watch.result_id for watch in shown.ended] == [1]
    assert [watch.result_id for watch in shown.changed] == [2]
    assert found.sought.keys() == {3, 4, 5, 6, 7}


def test_a_few_of_an_agent_are_sought_in_the_list_of_all() -> None:
    """Each list costs its own requests."""
    found = [*watches(range(1, 4), 1).values(), *watches(range(4, 8), 2).values()]
    found += watches([8]).values()
    known = {None: range(1, 2), 2: None}
    scans = {each.agent: each for each in by_agent(found, known)}
    assert {agent: set(each.sought) for agent, each in scans.items()} == {
        None: {1, 2, 3, 8},
        2: {4, 5, 6, 7},
    }
    assert scans[None].known == range(1, 2)
