"""Many stories on all cores, and their sum."""

import logging
import os
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from multiprocessing import get_context

from scripts.simulate.checker import CHECKS, EXCUSED
from scripts.simulate.mutants import mutated
from scripts.simulate.story import Story, folder, play
from scripts.tables import table

# Stories that a process tells before it reports; and those between two looks for a missing rule.
BATCH, STEP = 100, 20


@dataclass
class Tally:
    """The sum of stories.

    Attributes:
        counts: Stories, launches and effects.
        drawn: What was done to requests, and what interrupted.
        outcomes: Of launches, by what they returned or raised.
        found: How many stories broke each promise.
        first: The first story that did, and how many launches had been made by then.
    """

    counts: Counter[str] = field(default_factory=Counter[str])
    drawn: Counter[str] = field(default_factory=Counter[str])
    outcomes: Counter[str] = field(default_factory=Counter[str])
    found: Counter[str] = field(default_factory=Counter[str])
    first: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    @property
    def launches(self) -> int:
        return self.counts["launches"]

    @property
    def broken(self) -> list[str]:
        """The promises that were not kept."""
        return [check for check in CHECKS if check in self.first]

    def add(self, seed: int, story: Story) -> None:
        """Count one story."""
        world = story.world
        self.counts.update(stories=1, launches=len(world.calls), effects=world.steps)
        self.drawn.update(world.drawn)
        self.outcomes.update(call.said for call in world.calls)
        for check in {finding.check for finding in story.findings}:
            self.found[check] += 1
            self.first.setdefault(check, (seed, self.launches))

    def merge(self, other: "Tally") -> None:
        """Count those of another."""
        for check, (seed, launches) in other.first.items():
            self.first.setdefault(check, (seed, self.launches + launches))
        self.counts += other.counts
        self.drawn += other.drawn
        self.outcomes += other.outcomes
        self.found += other.found

    def __str__(self) -> str:
        rows: list[tuple[object, ...]] = [("what must not be", "stories", "first seed")]
        for check in (*CHECKS, EXCUSED):
            rows.append((check, self.found[check], *self.first.get(check, ("",))[:1]))
        drawn = [("what happened to requests and callers", "number"), *self.drawn.most_common()]
        outcomes = [("outcomes of launches", "number"), *self.outcomes.most_common()]
        return "\n\n".join([table(drawn), table(outcomes), table(rows)])


@contextmanager
def quiet() -> Generator[None, None, None]:
    """The library warns of full disks; here they are many."""
    logger = logging.getLogger("cekura_client")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def tell(first: int, stories: int = BATCH, mutant: str | None = None) -> Tally:
    """This number of stories, one for each seed from the first."""
    tally = Tally()
    with quiet(), mutated(mutant), folder() as place:
        for seed in range(first, first + stories):
            tally.add(seed, play(place, seed=seed))
    return tally


def tell_all(launches: int, seed: int) -> Tally:
    """Stories until there are this many launches, on all cores."""
    tally, seeds = Tally(), count(seed * 1_000_000_000, BATCH)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        while tally.launches < launches:
            for part in pool.map(tell, islice(seeds, 4 * (os.cpu_count() or 1))):
                tally.merge(part)
    return tally


def until_found(mutant: str, seed: int, most: int) -> tuple[Tally, float]:
    """Stories told with a rule taken out until one breaks a promise, and the seconds that took."""
    began, tally = time.perf_counter(), Tally()
    for first in count(seed * 1_000_000_000, STEP):
        tally.merge(tell(first, STEP, mutant))
        if tally.broken or tally.launches >= most:
            break
    return tally, time.perf_counter() - began
