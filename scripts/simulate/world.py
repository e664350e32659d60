"""Time, all that happens in it, and what the checker must know of it."""

import contextlib
import heapq
import itertools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cekura_client.core.launches import Launch
from cekura_client.effects import Clock
from scripts.simulate.choices import Streams
from scripts.simulate.server import Habits, Server, Stored

BEGIN = 1_800_000_000.0
# A story that takes more steps than this does not come to an end.
MOST_STEPS = 100_000


@dataclass
class Call:
    """A call that launches, and all that is true of it.

    Attributes:
        number: Its own.
        given: The arguments.
        record: The record of launches, if there is one.
        patience: Seconds for which it is looked up if its answer is lost.
        began: When it was made.
        owner: Those of one owner share a record, or are of one process: each knows of the others.
        attempts: Begin and end of each request that launches.
        executed: The results that it started.
        shown: Whether the id of its result reached the client in an answer that can be read.
        killed: Whether its process ended before it did.
        outcome: What it returned or raised; None if it was killed.
    """

    number: int
    operation: str
    given: dict[str, Any]
    owner: str
    record: Path | None
    patience: float
    began: float
    token: str = ""
    attempts: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    executed: list[Stored] = field(default_factory=list[Stored])
    shown: bool = False
    killed: bool = False
    interrupted: bool = False
    outcome: Launch | BaseException | None = None

    @property
    def said(self) -> str:
        """What it came to, in a word or two."""
        if isinstance(self.outcome, Launch):
            return "accepted, found again" if self.outcome.recovered else "accepted"
        return "killed" if self.killed else type(self.outcome).__name__


@dataclass(frozen=True)
class Seen:
    """What the library said of something else than a launch, for the checker.

    Attributes:
        what: "recover", "result", "wait_all" or "end".
        asked: The token in the record, or the id of the result.
        informed: Whether the library was told all that there is to know: the number of runs that were
            planned, or when a lost launch had ended.
    """

    what: str
    asked: Any
    outcome: Any
    at: float
    informed: bool = False


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
        choices = streams["world"]
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
        self._agenda: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._tokens = itertools.count(1)
        self._chance = itertools.cycle((0.5, 0.1, 0.9, 0.3, 0.7))
        self.clock = Clock(
            monotonic=lambda: self.time,
            now=lambda: self.time,
            random=lambda: next(self._chance),
            token=self._token,
        )
        self.server = Server(Habits(choices), lambda: self.time)
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

    def at(self, when: float, act: Callable[[], object]) -> None:
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
