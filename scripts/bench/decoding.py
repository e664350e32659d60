"""What it costs to read the answer for a result of 2,000 runs, against decoding it as JSON.

The answer is the sandbox's, with transcripts of so many turns that it has some 30 MB. A poll finds it
`running`, half of its runs completed and half still going on; at the end it is `completed`. Time is
that of one reading in a process that has the bytes; memory is what Python's allocators have given out
at the most while the bytes were read and what came of them was kept (tracemalloc; measured apart from
time, in a fresh process). msgspec allocates through them as well; in proof the growth of the process
at its peak, as Linux tells it, is given beside that.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from cekura_client.sandbox import Outcome, Sandbox, Script
from scripts.bench.environments import FOLDER, Environments, variables
from scripts.bench.metrics import Metric, Target, compared
from scripts.bench.turns import blocks, code
from scripts.processes import finished

RUNS, TURNS, ROUNDS = 2_000, 175, 9
_LAUNCH, _RESULT = "/test_framework/v1/scenarios/run_scenarios/", "/test_framework/v2/results/"

# Each defines `one()`, which gives back what is to be kept. FILE stands before.
_SIDES = {
    "json": """
import json
body = open(FILE, "rb").read()
def one():
    return json.loads(body)
""",
    "poll": """
from cekura_client import Result
body = open(FILE, "rb").read()
def one():
    return Result.read(body)
""",
    "final": """
from cekura_client import Result
body = open(FILE, "rb").read()
def one():
    result = Result.read(body)
    return result, result.verdict, result.counts, [run.reasons for run in result.runs]
""",
    "generated": """
import json
from cekura_api.models import ResultDetail
body = open(FILE, "rb").read()
def one():
    return ResultDetail.from_dict(json.loads(body))
""",
}

_MEMORY = """
import json, tracemalloc
from pathlib import Path
def peak():
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0)
if TRACED:
    tracemalloc.start()
    kept = one()
    print(tracemalloc.get_traced_memory()[1] / 1e6)
else:
    before = peak()
    kept = one()
    print(peak() - before)
"""


def polls(environments: Environments) -> Iterator[Metric]:
    """A look at a result while it goes on."""
    yield from _read(environments, "poll", Target(0.2), Target(10, of="value"))


def final(environments: Environments) -> Iterator[Metric]:
    """The finished result, with its verdict, its counts and the reasons of each run."""
    yield from _read(environments, "final", Target(0.5), None)


def _read(
    environments: Environments, kind: str, time: Target, memory: Target | None
) -> Iterator[Metric]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "answer.json"
        file.write_bytes(_answer(running=kind == "poll"))
        size = file.stat().st_size / 1e6
        before = f"FILE = {str(file)!r}\n"
        programs = {
            "json": before + _SIDES["json"],
            "ours": before + _SIDES[kind],
            "generated client": before + _SIDES["generated"],
        }
        plain = environments.plain
        sides = {side: (plain, program) for side, program in programs.items()}
        came = blocks(sides, rounds=ROUNDS, calls=1, warm_up=1)
        traced = {side: _memory(plain, program, True) for side, program in programs.items()}
        grown = {side: _memory(plain, program, False) for side, program in programs.items()}
    what = {
        "poll": f"one look at a running result of {RUNS:,} runs ({size:.0f} MB)",
        "final": f"the same, completed, with verdict, counts and reasons ({size:.0f} MB)",
    }[kind]
    yield compared(
        f"{kind}-time",
        what,
        "ms",
        {side: [seconds * 1000 for seconds in rounds] for side, rounds in came.items()},
        baseline="json",
        baseline_is="`json.loads`",
        others={"generated client": ""},
        target=time,
    )
    yield Metric(
        f"{kind}-memory",
        f"{what}: memory above the answer",
        "MB",
        ours=traced["ours"],
        baseline=traced["json"],
        baseline_is="`json.loads`",
        others={"generated client": traced["generated client"]},
        target=memory,
        note="peak by tracemalloc; the process grew by "
        + ", ".join(f"{grown[side]:.1f} MB ({side})" for side in ("json", "ours")),
    )


def _memory(python: str, program: str, traced: bool) -> float:
    command = code(python, f"{program}\nTRACED = {traced}\n{_MEMORY}")
    return float(finished(command, FOLDER, variables()))


def _answer(running: bool) -> bytes:
    """Of the sandbox; one run in five has failed."""
    script = Script(turns=TURNS, chances={Outcome.PASSED: 0.8, Outcome.FAILED: 0.2})
    with (
        Sandbox(pace=0, outcomes={101: script}) as sandbox,
        httpx.Client(
            headers={"X-CEKURA-API-KEY": sandbox.api_key}, timeout=120, trust_env=False
        ) as client,
    ):
        wanted = {"agent_id": 12, "scenarios": [101], "frequency": RUNS}
        number = client.post(sandbox.url + _LAUNCH, json=wanted).json()["id"]
        body = client.get(f"{sandbox.url}{_RESULT}{number}/").content
    return _as_it_runs(body) if running else body


def _as_it_runs(body: bytes) -> bytes:
    """The same result earlier: it and every second run are running, and not judged yet."""
    result: dict[str, Any] = json.loads(body)
    result["status"] = "running"
    for run in list(result["runs"].values())[::2]:
        run.update(status="running", success=None, expected_outcome=None, evaluation=None)
    return json.dumps(result).encode()
