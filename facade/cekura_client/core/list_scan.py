"""Which pages of the list of results to read for results that are waited for, and what they show."""

from collections.abc import Iterable, Mapping

from attrs import define, field, frozen

from cekura_client.core.decoding import Page
from cekura_client.core.lenient import integer
from cekura_client.core.verdicts import has_ended, normal_status
from cekura_client.core.watching import Watch
from cekura_client.effects import MOST_PARALLEL

FEW = 3
"""Up to this many results are read one by one: the list would cost a request as well, and then
another for each that has ended."""
# A page that shows nothing new is a request for nothing. At one for 20 results that are sought, the
# list costs at most 5 % more than reading them one by one.
_SOUGHT_PER_FRUITLESS_PAGE = 20


@frozen
class Shown:
    """What a page shows of the results that are sought.

    Attributes:
        ended: Those that have ended, to be read themselves.
        changed: Those that have not, but differ from what was seen last.
    """

    ended: list[Watch]
    changed: list[Watch]


@define
class ListScan:
    """Reading the list once, page after page, the newest results first.

    Attributes:
        agent: Whose results are sought; None for the list of all agents.
        sought: Those that no page has shown yet, by id.
        known: The pages that showed them all the last time; None where that is not known. New results
            push them on, so one page more is read.
    """

    agent: int | None
    sought: dict[int, Watch]
    known: range | None = None
    _next: int = field(init=False)
    _last: int | None = field(init=False)
    _begun: bool = field(default=False, init=False)
    _cut_short: bool = field(default=False, init=False)
    _fruitless: int = field(default=0, init=False)
    _found_on: list[int] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._next, self._last = 1, None
        if self.known is not None:
            self._next, self._last = self.known.start, self.known.stop

    def next_pages(self) -> range:
        """The pages to read now, at the same time; none if reading on is not worth it."""
        over = self._last is not None and self._next > self._last
        if over or self._fruitless > len(self.sought) // _SOUGHT_PER_FRUITLESS_PAGE:
            return range(0)
        # A page is worth its request while it is likely to show more than one of those sought.
        if not self._begun:
            many = max(FEW, 0 if self._last is None else self._last - self._next + 1)
        else:
            many = self.known.stop - self._next if self.known and self._found_on else 0
        if len(self.sought) <= many:
            self._cut_short = True
        if self._cut_short:
            return range(0)
        # The first page says how many there are.
        stop = self._next + (MOST_PARALLEL if self._begun else 1)
        if self._last is not None:
            stop = min(stop, self._last + 1)
        pages = range(self._next, stop)
        self._begun, self._next = True, stop
        return pages

    def read(self, number: int, page: Page, *, compare: bool) -> Shown:
        """Take from those sought what a page shows.

        Args:
            number: Of the page.
            page: What it has.
            compare: Whether anybody wants to know what has changed.
        """
        count, entries = page
        if self._last is None and entries:
            pages = -(-(integer(count) or 0) // len(entries))
            self._last = pages if pages >= number else None
        shown = Shown([], [])
        before = len(self.sought)
        for found, given, entry in entries:
            status = normal_status(given)
            watch = self.sought.get(integer(found) or 0)
            if watch is None or watch.over or not status:
                continue
            del self.sought[watch.result_id]
            if has_ended(status):
                shown.ended.append(watch)
            elif watch.update_from_list(entry, compare=compare):
                shown.changed.append(watch)
        if len(self.sought) < before:
            self._found_on.append(number)
            self._fruitless = 0
        else:
            self._fruitless += 1
        if not entries:
            self._last = number
        return shown

    def ends_before(self, number: int) -> None:
        """There is no such page, or none for this key."""
        self._last = number

    def cut_short(self) -> None:
        """Read no more pages: what they would show is not known."""
        self._cut_short = True

    def finish(self) -> range | None:
        """Note which results the list does not show; gives the `known` pages for the next time."""
        if not self._begun:
            return self.known
        if not self._cut_short:
            for watch in self.sought.values():
                watch.not_listed()
        if self.sought or not self._found_on:
            return None
        return range(min(self._found_on), max(self._found_on) + 1)


def by_agent(watches: Iterable[Watch], known: Mapping[int | None, range | None]) -> list[ListScan]:
    """The lists in which results are to be found. A few of one agent are sought in the list of all."""
    groups: dict[int | None, dict[int, Watch]] = {}
    for watch in watches:
        groups.setdefault(watch.agent, {})[watch.result_id] = watch
    for agent in [agent for agent, group in groups.items() if len(group) <= FEW]:
        groups.setdefault(None, {}).update(groups.pop(agent) if agent is not None else {})
    return [ListScan(agent, sought, known.get(agent)) for agent, sought in groups.items()]
