"""One story, from its choices to what the checker finds."""

import contextlib
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from scripts.simulate.checker import Finding, check
from scripts.simulate.choices import Plot, Streams
from scripts.simulate.processes import build
from scripts.simulate.world import World

_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Story:
    """What came of it."""

    plot: Plot
    world: World
    findings: tuple[Finding, ...]


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
    return Story(streams.plot(), world, findings)
