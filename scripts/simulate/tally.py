"""Many stories on all cores, and their sum."""

import logging
import os
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context

from scripts.simulate.checker import CHECKS
from scripts.simulate.mutants import mutated
from scripts.simulate.story import Story, folder, play

# Stories that a process tells before it reports; and those between two looks for a missing rule.
BATCH, STEP = 100, 20


@dataclass
class Tally:
    """The sum of stories.

    Attributes:
        drawn: What was done to requests, and what interrupted.
        outcomes: Of launches, by what they returned or raised.
        found: How many stories broke each promise.
        first: The first story that did, and how many launches had been made by then.
    """

    stories: int = 0
    launches: int = 0
    steps: int = 0
    drawn: Counter[str] = field(default_factory=Counter[str])
    outcomes: Counter[str] = field(default_factory=Counter[str])
    found: Counter[str] = field(default_factory=Counter[str])
    first: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def add(self, seed: int, story: Story) -> None:
        """Count one story."""
        self.stories += 1
        self.launches += len(story.world.calls)
        self.steps += story.world.steps
        self.drawn.update(story.world.drawn)
        self.outcomes.update(call.said for call in story.world.calls)
        for check in {finding.check for finding in story.findings}:
            self.found[check] += 1
            self.first.setdefault(check, (seed, self.launches))

    def merge(self, other: "Tally") -> None:
        """Count those of another."""
        for check, (seed, launches) in other.first.items():
            self.first.setdefault(check, (seed, self.launches + launches))
        self.stories += other.stories
        self.launches += other.launches
        self.steps += other.steps
        self.drawn += other.drawn
        self.outcomes += other.outcomes
        self.found += other.found


@contextmanager
def quiet() -> Generator[None, None, None]:
    """The library warns of full disks; here they are many."""
    logger = logging.getLogger("cekura_client")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def tell(first: int, stories: int, mutant: str | None = None) -> Tally:
    """So many stories, one for each seed from the first."""
    tally = Tally()
    with quiet(), mutated(mutant), folder() as place:
        for seed in range(first, first + stories):
            tally.add(seed, play(place, seed=seed))
    return tally


def tell_all(launches: int, seed: int) -> Tally:
    """Stories with so many launches, on all cores."""
    tally = Tally()
    seeds = count(seed * 1_000_000_000, BATCH)
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        under_way: set[Future[Tally]] = set()
        while tally.launches < launches:
            while len(under_way) < 2 * cores:
                under_way.add(pool.submit(tell, next(seeds), BATCH))
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                tally.merge(future.result())
        for future in under_way:
            future.cancel()
    return tally


def until_found(mutant: str, seed: int, most: int) -> tuple[Tally, float]:
    """Stories told with a rule taken out until one breaks a promise, and the seconds that took."""
    began, tally = time.perf_counter(), Tally()
    for first in count(seed * 1_000_000_000, STEP):
        tally.merge(tell(first, STEP, mutant))
        if any(check in CHECKS for check in tally.first) or tally.launches >= most:
            break
    return tally, time.perf_counter() - began
