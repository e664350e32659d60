"""Instructions that the processor executes, counted by valgrind; unlike times, steady on a busy machine.

Each side is a small program of its own. Hashes are fixed, so two counts of one program differ by less
than a hundredth. Where valgrind is not installed, nothing is counted.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from scripts.bench.environments import FOLDER, variables
from scripts.bench.metrics import Rounds
from scripts.processes import ToolError

Sides = Mapping[str, tuple[str, str]]
"""By name, an interpreter and a program."""

# Of valgrind's tools the quickest that counts instructions.
_VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
_COUNT = re.compile(r"I\s+refs:\s+([0-9,]+)")

# The garbage of earlier calls is put aside: one collection of everything would outweigh many calls.
_LOOP = """
import gc
for _ in range({warm_up}):
    one()
gc.collect()
gc.freeze()
for _ in range({calls}):
    one()
"""


def available() -> bool:
    """Whether valgrind is installed."""
    return shutil.which(_VALGRIND[0]) is not None


def of_processes(sides: Sides) -> Rounds:
    """Instructions of each program from start to end, as one round.

    Raises:
        ToolError: a program failed.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = pool.map(_counted, sides, *zip(*sides.values(), strict=True))
        return {side: [count] for side, count in zip(sides, counts, strict=True)}


def of_calls(sides: Sides, *, calls: int, warm_up: int) -> Rounds:
    """Instructions of one call of each program's `one()`, as one round.

    Each program runs twice, without and with the calls; the difference is what they take.

    Raises:
        ToolError: a program failed.
    """
    without, with_calls = (
        {
            side: (python, program + _LOOP.format(warm_up=warm_up, calls=number))
            for side, (python, program) in sides.items()
        }
        for number in (0, calls)
    )
    less, more = of_processes(without), of_processes(with_calls)
    return {side: [(more[side][0] - less[side][0]) / calls] for side in sides}


def _counted(side: str, python: str, program: str) -> float:
    done = subprocess.run(
        # As `python -I`, which would leave the hashes to chance.
        [*_VALGRIND, python, "-s", "-P", "-c", program],
        capture_output=True,
        check=False,
        text=True,
        cwd=FOLDER,
        env=variables() | {"PYTHONHASHSEED": "0"},
    )
    found = _COUNT.search(done.stderr)
    if done.returncode != 0 or found is None:
        lines = [line for line in done.stderr.splitlines() if line and not line.startswith("==")]
        raise ToolError(
            f"{side} failed under valgrind: {lines[-1] if lines else 'it said nothing'}"
        )
    return float(found[1].replace(",", ""))
