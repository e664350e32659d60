"""When calls begin: a limited number at once, and each launch at a rate.

A call begins as soon as it is ready, the start rate of its launch lets it, and both its launch and
the account have a place free. What waits for the account takes turns by launch.
"""

import heapq
from collections import deque
from collections.abc import Sequence
from itertools import count


class Queue:
    """The calls of one launch that have not begun.

    Attributes:
        began: when each call of the launch began, by its number; None while it waits.
    """

    def __init__(
        self, ready: float, lengths: Sequence[float], interval: float, limit: int | None
    ) -> None:
        self.began: list[float | None] = [None] * len(lengths)
        self._lengths = lengths
        self._waiting = deque(range(len(lengths)))
        self._earliest = ready
        self._interval = interval
        self._free = len(lengths) if limit is None else limit
        self.stopped = False

    @property
    def earliest(self) -> float:
        """When the next call may begin, if there is a place."""
        return self._earliest

    @property
    def may_go_on(self) -> bool:
        """Whether a call waits, and the launch has a place for it."""
        return bool(self._waiting) and self._free > 0 and not self.stopped

    def begin(self, now: float) -> float:
        """Begin the next call; when it will have ended."""
        number = self._waiting.popleft()
        self.began[number] = now
        self._earliest = now + self._interval
        self._free -= 1
        return now + self._lengths[number]

    def ended(self) -> None:
        """A call of this launch has ended."""
        self._free += 1


class Schedule:
    """The places of the account, and who waits for them. The caller says what time it is."""

    def __init__(self, limit: int | None) -> None:
        self._free = limit  # None: any number
        self._now = float("-inf")  # the latest moment at which a place became free
        self._order = count()
        self._ends: list[tuple[float, int, Queue]] = []
        self._ready: list[tuple[float, int, Queue]] = []

    def add(self, queue: Queue) -> None:
        """The calls of one more launch."""
        self._push(queue)

    def advance(self, now: float) -> None:
        """Let calls begin and end until this moment."""
        while True:
            end = self._ends[0][0] if self._ends else None
            start = self._ready[0][0] if self._ready and self._free != 0 else None
            if end is not None and end <= now and (start is None or end <= start):
                self._end(*heapq.heappop(self._ends))
            elif start is not None and start <= now:
                self._start(heapq.heappop(self._ready)[2])
            else:
                return

    def stop(self, queue: Queue, now: float) -> None:
        """Calls of this launch that wait never begin, and those that are running end now."""
        self.advance(now)
        queue.stopped = True
        kept = [entry for entry in self._ends if entry[2] is not queue]
        if self._free is not None:
            self._free += len(self._ends) - len(kept)
        heapq.heapify(kept)
        self._ends = kept
        self._ready = [entry for entry in self._ready if entry[2] is not queue]
        heapq.heapify(self._ready)
        self._late(now)

    def _start(self, queue: Queue) -> None:
        now = max(queue.earliest, self._now)
        end = queue.begin(now)
        if self._free is not None:
            self._free -= 1
        heapq.heappush(self._ends, (end, next(self._order), queue))
        self._push(queue)

    def _end(self, moment: float, _: int, queue: Queue) -> None:
        if self._free is not None:
            self._free += 1
        could = queue.may_go_on
        queue.ended()
        self._late(moment)
        if not could:  # it was not among those that are ready
            self._push(queue)

    def _late(self, moment: float) -> None:
        self._now = max(self._now, moment)

    def _push(self, queue: Queue) -> None:
        if queue.may_go_on:
            heapq.heappush(self._ready, (queue.earliest, next(self._order), queue))
