"""How long processes take to start, against a floor measured in the same run, interleaved."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from scripts.bench.table import Figure

ROUNDS = 15
_COMMAND = str(Path(sys.executable).parent / "cekura-run")


def figures() -> Iterator[Figure]:
    """Measure; a few seconds."""
    times = interleaved(
        {
            "python": (sys.executable, "-c", "pass"),
            "imports": (sys.executable, "-c", "import typer, rich"),
            "help": (_COMMAND, "--help"),
        }
    )
    yield Figure(
        "`cekura-run --help`, against `python -c 'import typer, rich'`",
        f"{times['help'] / times['imports']:.2f} × ({times['help'] * 1000:.0f} ms; python alone "
        f"{times['python'] * 1000:.0f})",
    )


def interleaved(commands: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The median seconds of each command; they take turns, so that all see the same machine."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times[name].append(time.perf_counter() - began)
    return {name: median(each) for name, each in times.items()}
