"""Sides that take turns, so that all see the same machine."""

import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.bench.environments import variables
from scripts.documents import ROOT
from scripts.processes import ToolError

Command = Sequence[str]

# A side defines `one()`. It is called often enough that all is imported and connected; then, for each
# line that comes in, so many times as it says, and the seconds of one call are printed. What the last
# call gave is freed after that.
_BLOCKS = """
import sys, time
for _ in range({warm_up}):
    one()
print("ready", flush=True)
for line in sys.stdin:
    began = time.{clock}()
    for _ in range(int(line)):
        kept = one()
    took = time.{clock}() - began
    kept = None
    print(took / int(line), flush=True)
"""


def code(python: str, program: str, *arguments: str) -> list[str]:
    """A command that runs a program without anything of the caller's folder or variables."""
    return [python, "-I", "-c", program, *arguments]


def processes(commands: Mapping[str, Command], rounds: int) -> dict[str, list[float]]:
    """By side, the seconds that its process takes from start to end in each round.

    One more round before is not counted: it fills the caches. Who begins changes.

    Raises:
        ToolError: a process failed.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    names, env = list(commands), variables()
    for number in range(-1, rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            began = time.perf_counter()
            done = subprocess.run(
                commands[name], capture_output=True, check=False, text=True, env=env
            )
            took = time.perf_counter() - began
            if done.returncode != 0:
                raise ToolError(f"{name} failed: {_last(done.stderr)}")
            if number >= 0:
                seconds[name].append(took)
    return seconds


def blocks(
    sides: Mapping[str, tuple[str, str]],
    *,
    rounds: int,
    calls: int,
    warm_up: int,
    clock: str = "perf_counter",
) -> dict[str, list[float]]:
    """By side, the seconds of one call in each round.

    Each side is a process of its own for all rounds; while one has its turn, the others wait.

    Args:
        sides: An interpreter, and a program that defines `one()`.
        rounds: How often each side has its turn.
        calls: In one turn.
        warm_up: Calls before that, which are not counted.
        clock: Of `time`: `perf_counter`, or `process_time` for CPU seconds.

    Raises:
        ToolError: a process failed.
    """
    loop = _BLOCKS.format(warm_up=warm_up, clock=clock)
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    with _started(
        {name: code(python, text + loop) for name, (python, text) in sides.items()}
    ) as all_:
        for name, process in all_.items():
            _line(name, process)
        names = list(all_)
        for number in range(rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                process = all_[name]
                assert process.stdin is not None
                process.stdin.write(f"{calls}\n")
                process.stdin.flush()
                seconds[name].append(float(_line(name, process)))
    return seconds


@contextmanager
def server(
    program: str, *arguments: str
) -> Generator[tuple[subprocess.Popen[str], str], None, None]:
    """A program of `programs/` in a process of its own, and the line that it prints first."""
    module = f"scripts.bench.programs.{program}"
    with _started({program: [sys.executable, "-m", module, *arguments]}) as started:
        process = started[program]
        yield process, _line(program, process)


def _line(name: str, process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        process.kill()
        raise ToolError(f"{name} failed: {_last(process.communicate()[1])}")
    return line


def _last(printed: str) -> str:
    return printed.strip().rpartition("\n")[2] or "it said nothing"


@contextmanager
def _started(
    commands: Mapping[str, Command],
) -> Generator[dict[str, subprocess.Popen[str]], None, None]:
    """Processes that are gone at the end."""
    started: dict[str, subprocess.Popen[str]] = {}
    try:
        for name, command in commands.items():
            started[name] = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env=variables(),
            )
        yield started
    finally:
        for process in started.values():
            process.kill()
            with suppress(OSError, ValueError):
                process.communicate()


def resident(process: int) -> float:
    """The resident memory of a process in MB, as Linux tells it; 0 elsewhere."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
