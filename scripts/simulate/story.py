"""One story: from its choices to what the checker finds, reduced to a short one, and told."""

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.simulate.checker import Finding, check
from scripts.simulate.choices import Plot, Streams, written
from scripts.simulate.processes import build
from scripts.simulate.world import World

REPLAY = "python -m scripts.simulate --replay"
_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Story:
    """What happened in it."""

    plot: Plot
    world: World
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        """With the command that replays it; what repeats itself is told once."""
        first: dict[str, float] = {}
        for seconds, what in self.world.told:
            first.setdefault(what, seconds)
        times = Counter(what for _, what in self.world.told)
        return "\n".join(
            [f"{s:8.1f} s  {w}" + f"  (× {times[w]})" * (times[w] > 1) for w, s in first.items()]
            + [f"→ {found.check}: {found.detail[:300]}" for found in self.findings]
            + [f"{REPLAY} '{written(self.plot)}'"]
        )


@contextlib.contextmanager
def folder() -> Generator[Path, None, None]:
    """Where records lie; in memory, where the system has such a place."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as path:
        yield Path(path)


def play(place: Path, *, seed: int | None = None, replay: Plot | None = None) -> Story:
    """Let a story happen, and check it."""
    streams = Streams(seed, replay)
    world = World(streams, place)
    try:
        build(world)
        world.run()
        findings = tuple(check(world))
    finally:
        world.close()
        for record in place.iterdir():
            record.unlink()
    return Story(streams.plot() if replay is None else replay, world, findings)


def reduced(seed: int, check: str) -> Story:
    """A short story that breaks this promise as the story of that seed does."""
    with folder() as place:

        def breaks(plot: Plot) -> bool:
            return any(found.check == check for found in play(place, replay=plot).findings)

        return play(place, replay=reduce(play(place, seed=seed).plot, breaks))


def reduce(plot: Plot, breaks: Callable[[Plot], bool], tries: int = 2000) -> Plot:
    """The plainest plot found that still breaks it.

    Pieces of each stream are set to 0, from the whole to single decisions, and these are left out
    or lowered, until nothing more can be gained or this number of attempts was made.
    """
    best, before = dict(plot), None
    while best != before:
        before = best
        for name in before:
            size = len(best[name])
            while size:
                for start in range(0, len(best[name]), size):
                    made = tuple(best[name])
                    for piece in _simpler(made[start : start + size]):
                        attempt = {**best, name: made[:start] + piece + made[start + size :]}
                        tries -= 1
                        if tries > 0 and breaks(attempt):
                            best = attempt
                            break
                size //= 2
    return {name: made for name, made in best.items() if any(made)}


def _simpler(piece: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if any(piece):
        yield (0,) * len(piece)
    if len(piece) == 1:
        yield ()
    if len(piece) == 1 and piece[0] > 1:
        yield (1,)
        yield (piece[0] // 2,)
