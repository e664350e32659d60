"""Time, and all that happens in it."""

import contextlib
import heapq
import itertools
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from cekura_client.effects import Clock
from scripts.simulate.calls import Call, Seen
from scripts.simulate.choices import Streams
from scripts.simulate.server import Habits, Server

BEGIN = 1_800_000_000.0
# A story that takes more steps than this does not come to an end.
MOST_STEPS = 100_000


class World:
    """All that happens in a story, in the order of its own time.

    Attributes:
        calling: The launch that the actor is at whose turn it is.
        calls: All launches that were asked for.
        seen: What else the library said.
        told: The story, line by line.
        drawn: What was done to requests, and what interrupted.
        steps: Effects so far.
        endless: Whether it did not come to an end.
    """

    def __init__(self, streams: Streams, folder: Path) -> None:
        self.streams = streams
        choices = streams.of("world")
        self.folder = folder
        self.time = BEGIN
        self.calling: Call | None = None
        self.calls: list[Call] = []
        self.coroutines: list[Coroutine[Any, Any, Any]] = []
        self.steps = 0
        self.seen: list[Seen] = []
        self.told: list[tuple[float, str]] = []
        self.drawn: list[str] = []
        self.endless = False
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._tokens = itertools.count(1)
        self._chance = itertools.cycle((0.5, 0.1, 0.9, 0.3, 0.7))
        self.clock = Clock(
            monotonic=lambda: self.time,
            now=lambda: self.time,
            random=lambda: next(self._chance),
            token=self._token,
        )
        self.server = Server(Habits.draw(choices), lambda: self.time)
        self.calm = choices.happens(25)  # whether only launches go wrong
        self.full = choices.happens(10)  # whether disks are full now and then

    def _token(self) -> str:
        token = f"{next(self._tokens):032x}"
        if self.calling is not None:
            self.calling.token = self.calling.token or token
        return token

    def tell(self, who: str, what: str) -> None:
        """For the story as it is shown."""
        self.told.append((self.time - BEGIN, f"{who}: {what}"))

    def at(self, when: float, act: Callable[[], None]) -> None:
        """Do something at this time."""
        heapq.heappush(self._agenda, (when, next(self._order), act))

    def run(self) -> None:
        """Let everything happen."""
        for _ in range(MOST_STEPS):
            if not self._agenda:
                return
            when, _, act = heapq.heappop(self._agenda)
            self.time = max(self.time, when)
            act()
        self.endless = True

    def close(self) -> None:
        """Throw away what was killed; nothing that it still does counts."""
        for coroutine in self.coroutines:
            with contextlib.suppress(BaseException):
                coroutine.close()
