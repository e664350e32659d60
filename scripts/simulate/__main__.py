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
from scripts.simulate.story import folder, play, reduced
from scripts.simulate.tally import quiet, tell_all, until_found
from scripts.tables import table


def _replayed(plot: Plot) -> int:
    with folder() as place:
        story = play(place, replay=plot)
    print(story)
    return int(any(found.check in CHECKS for found in story.findings))


def _mutants(most: int, seed: int) -> int:
    """How soon the lack of each rule is found, in launches."""
    rows: list[tuple[object, ...]] = [("without this rule", "launches", "seconds", "it is found")]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        found = pool.map(until_found, MUTANTS, repeat(seed), repeat(most))
        for name, (tally, seconds) in zip(MUTANTS, found, strict=True):
            how = min(tally.broken, key=lambda check: tally.first[check][1], default="NOT FOUND")
            launches = tally.first.get(how, (0, tally.launches))[1]
            rows.append((name, launches, f"{seconds:.1f}", how))
    print(table(rows))
    return int(any(row[-1] == "NOT FOUND" for row in rows))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.simulate", description=simulate.__doc__
    )
    add = parser.add_argument
    add("--launches", type=int, default=100_000, help="default 100000")
    add("--seed", type=int, default=1, help="of all that is drawn; default 1")
    add("--replay", help="tell the story of these choices")
    add("--mutants", action="store_true", help="how soon each missing rule is found")
    options = parser.parse_args(arguments)
    with quiet():
        if options.replay is not None:
            return _replayed(parsed(options.replay))
        began = time.monotonic()
        if options.mutants:
            return _mutants(options.launches, options.seed)
        tally = tell_all(options.launches, options.seed)
        print(tally)
        for check in tally.broken:
            print(f"\n{check}, reduced:\n{reduced(tally.first[check][0], check)}")
    counts = ", ".join(f"{number:,} {what}" for what, number in tally.counts.items())
    print(
        f"\n{counts}, seed {options.seed}, {time.monotonic() - began:.1f} s: "
        + ("NOT ALL PROMISES WERE KEPT." if tally.broken else "every promise was kept.")
    )
    return int(bool(tally.broken))


if __name__ == "__main__":
    sys.exit(main())
