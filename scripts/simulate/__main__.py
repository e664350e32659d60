"""The command line of the simulation; see the package."""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context

from scripts import simulate
from scripts.simulate.checker import CHECKS
from scripts.simulate.choices import Plot, parsed
from scripts.simulate.mutants import MUTANTS
from scripts.simulate.reducer import reduce
from scripts.simulate.report import table, tables, told
from scripts.simulate.story import folder, play
from scripts.simulate.tally import quiet, tell_all, until_found


def reduced(seed: int, check: str) -> str:
    """A short story that breaks this promise as the story of that seed does."""
    with folder() as place:

        def breaks(plot: Plot) -> bool:
            return any(found.check == check for found in play(place, replay=plot).findings)

        shortest = reduce(play(place, seed=seed).plot, breaks)
        return told(play(place, replay=shortest), shortest)


def _replayed(plot: Plot) -> int:
    with folder() as place:
        story = play(place, replay=plot)
    print(told(story, plot))
    return int(any(found.check in CHECKS for found in story.findings))


def _mutants(most: int, seed: int) -> int:
    """How soon the lack of each rule is found, in launches."""
    rows: list[tuple[object, ...]] = [("without this rule", "launches", "seconds", "it is found")]
    missed = 0
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        found = pool.map(until_found, MUTANTS, repeat(seed), repeat(most))
        for name, (tally, seconds) in zip(MUTANTS, found, strict=True):
            checks = {check: first[1] for check, first in tally.first.items() if check in CHECKS}
            missed += not checks
            how = min(checks, key=lambda check: checks[check]) if checks else "NOT FOUND"
            rows.append((name, checks.get(how, tally.launches), f"{seconds:.1f}", how))
    print(table(rows))
    return int(bool(missed))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.simulate", description=simulate.__doc__
    )
    parser.add_argument("--launches", type=int, default=100_000, help="default 100000")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn; default 1")
    parser.add_argument("--replay", help="tell the story of these choices")
    parser.add_argument(
        "--mutants", action="store_true", help="how soon each missing rule is found"
    )
    options = parser.parse_args(arguments)
    with quiet():
        if options.replay is not None:
            return _replayed(parsed(options.replay))
        began = time.monotonic()
        if options.mutants:
            return _mutants(options.launches, options.seed)
        tally = tell_all(options.launches, options.seed)
        print(tables(tally))
        broken = [check for check in CHECKS if check in tally.first]
        for check in broken:
            print(f"\n{check}, reduced:\n{reduced(tally.first[check][0], check)}")
    print(
        f"\n{tally.launches:,} launches in {tally.stories:,} stories, {tally.steps:,} effects, seed "
        f"{options.seed}, {time.monotonic() - began:.1f} s: "
        + ("NOT ALL PROMISES WERE KEPT." if broken else "every promise was kept.")
    )
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
