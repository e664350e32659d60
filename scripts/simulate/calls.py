"""What was asked of the library, what it said, and what is true of it: facts for the checker."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cekura_client.core.launches import Launch
from scripts.simulate.server import Stored


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
