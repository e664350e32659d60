"""Let the vendor's own SDK and the facade do the same against the sandbox, and compare what comes.

Usage: python -m scripts.against_vendor_sdk

Needs the package index, to install the SDK into a virtual environment that is gone afterwards.
Nothing of it is changed: it is told by its own variable where to send. Each of the two has a sandbox
of its own, with the same state, seed and outcomes, and takes the steps in STEPS. What each of them
and its sandbox then say is compared line by line. Lines that may differ stand in DIFFERENCES with
the reason, and have to differ.

Ends with 0 if the lines agree so far, with 1 if not or if it could not be found out.
"""

import json
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from attrs import frozen

from cekura_api.api.runs import list_results
from cekura_client import ApiError, Cekura, CekuraError, Polling
from cekura_client.sandbox import Agent, Outcome, Project, Sandbox, Scenario, State
from scripts.documents import ROOT
from scripts.processes import ToolError, finished

VERSION = "1.6.7"

_SEED, _PAUSE = 3, 0.1
_PASSED, _FAILED, _BROKEN, _LATE, _CANCELLED, _CHANCE, _STUCK = range(101, 108)
_OUTCOMES: Mapping[int, Outcome | Mapping[Outcome, float]] = {
    _FAILED: Outcome.FAILED,
    _BROKEN: Outcome.INFRASTRUCTURE,
    _LATE: Outcome.TIMEOUT,
    _CANCELLED: Outcome.CANCELLED,
    _CHANCE: {Outcome.PASSED: 1.0, Outcome.FAILED: 1.0},
    _STUCK: Outcome.STUCK,
}
_MIXED = [_PASSED, _FAILED, _BROKEN, _LATE, _CANCELLED, _CHANCE]
# Pays for the three launches that are accepted, 12 + 2 + 1 runs, and not for another 6.
_CREDITS = 20

# The ids that a new sandbox gives, in this order; on both sides, or the steps fail.
_FIRST, _SECOND, _THIRD = 7001, 7002, 7003

_RIGHT_KEY, _WRONG_KEY = "sandbox-key", "another-key"

# Carries out a list of calls, each a key, the name of a method, and arguments.
_WITH_SDK = """
import cekura, json, sys

came = []
for key, name, arguments in json.loads(sys.argv[1]):
    with cekura.Cekura(api_key=key) as call:
        for part in name.split("."):
            call = getattr(call, part)
        try:
            came.append([True, call(**arguments)])
        except Exception as error:
            said = {"class": type(error).__name__, "message": str(error), **vars(error)}
            came.append([False, said])
print(json.dumps([cekura.__version__, came]))
"""

Seen = Iterator[tuple[str, object]]
_NOTHING = "(none)"


# What is looked at in an answer: first of the SDK, which gives it as decoded JSON, then of the facade


def _their_launch(launch: Any) -> Seen:
    yield "id of the result", launch["id"]
    yield "status", launch["status"]
    yield "ids of the runs", [run["id"] for run in launch["runs"]]


def _our_launch(launch: Any) -> Seen:
    yield "id of the result", launch.result_id
    yield "status", launch.status
    yield "ids of the runs", [run.id for run in launch.runs]


def _their_result(result: Any) -> Seen:
    yield "id", result["id"]
    yield "name", result["name"]
    yield "status", result["status"]
    yield "number of runs", result["total_runs_count"]
    # By the id in the run, not by the key under which it is found.
    for run in result["runs"].values():
        line = f"run {run['id']} of scenario {run['scenario']}"
        yield line, f"{run['status']}, success {run['success']}"
    yield "verdict", _NOTHING


def _our_result(result: Any) -> Seen:
    yield "id", result.id
    yield "name", result.name
    yield "status", result.status
    yield "number of runs", result.total_runs
    for run in result.runs:
        yield f"run {run.id} of scenario {run.scenario}", f"{run.status}, success {run.success}"
    yield "verdict", str(result.verdict)


def _page(page: Any) -> Seen:
    yield "count", page["count"]
    for result in page["results"]:
        counts = [result[f"{kind}_runs_count"] for kind in ("total", "success", "failed")]
        yield f"result {result['id']}", f"{result['name']!r} {result['status']} {counts}"


def _nothing(_: Any) -> Seen:
    yield "carried out", True


@frozen
class Step:
    """One thing that both do."""

    name: str
    call: str  # the method of the SDK
    arguments: Mapping[str, Any]
    ours: Callable[[Cekura], object]
    seen_by_them: Callable[[Any], Seen]
    seen_by_us: Callable[[Any], Seen]
    key: str = _RIGHT_KEY


def _launch(name: str, key: str = _RIGHT_KEY, /, **arguments: Any) -> Step:
    def ours(cekura: Cekura) -> object:
        return cekura.run_voice(**arguments)

    return Step(name, "scenarios.run", arguments, ours, _their_launch, _our_launch, key)


def _wait(name: str, result: int, seconds: float) -> Step:
    def ours(cekura: Cekura) -> object:
        polling = Polling(first=_PAUSE, longest=_PAUSE, growth=1)
        return cekura.wait(result, timeout=seconds, polling=polling)

    arguments = {"id": result, "poll_interval": _PAUSE, "timeout": seconds}
    return Step(name, "results.wait", arguments, ours, _their_result, _our_result)


def _listed(cekura: Cekura) -> object:
    # The facade has no list of its own; this is the generated client that it is built on.
    answer = list_results.sync_detailed(client=cekura.api, search="nightly", agent_id=12)
    return json.loads(answer.content)


STEPS = (
    _launch("launch", agent_id=12, scenarios=_MIXED, frequency=2, name="nightly run"),
    _wait("wait", _FIRST, 30),
    Step(
        "read",
        "results.get",
        {"id": _FIRST},
        lambda cekura: cekura.get_result(_FIRST),
        _their_result,
        _our_result,
    ),
    _launch("launch that gets stuck", agent_id=12, scenarios=[_STUCK], frequency=2, name="stuck"),
    Step(
        "end its calls",
        "results.end_calls",
        {"id": _SECOND},
        lambda cekura: cekura.end_calls(_SECOND),
        _nothing,
        _nothing,
    ),
    _wait("wait for ended calls", _SECOND, 30),
    _launch("launch that times out", agent_id=12, scenarios=[_LATE], name="nightly, late"),
    _wait("wait for a timeout", _THIRD, 3),
    Step(
        "list by search",
        "results.list",
        {"search": "nightly", "agent_id": 12},
        _listed,
        _page,
        _page,
    ),
    _launch("a personality that is not enabled", scenarios=[_PASSED], personality_ids=[99]),
    _launch("an unknown folder", folder_path="Nowhere", project_id=1376),
    _launch("a wrong key", _WRONG_KEY, agent_id=12, scenarios=[_PASSED]),
    _launch("too little balance", agent_id=12, scenarios=[_PASSED], frequency=6),
    Step(
        "an unknown result",
        "results.get",
        {"id": 1},
        lambda cekura: cekura.get_result(1),
        _their_result,
        _our_result,
    ),
)

# Lines that may differ, and why.
DIFFERENCES = {
    "wait for a timeout: *": "the SDK does not take `timeout` for an end, and waits on",
    "*: verdict": "the SDK has no verdicts",
    "*: class of the error": "each has its own classes",
    "*: message": "each has its own words",
    "a wrong key: status": "the SDK's AuthenticationError keeps no status",
    "a wrong key: answer": "the SDK's AuthenticationError keeps no answer",
    "sandbox: names of launches": "the facade names what has no name, to find it again",
    "sandbox: paths of launches": "the SDK leaves out the slash at the end",
    "sandbox: looks at results": "each has its own pauses, and the SDK waits for the timeout",
}


def _their_error(error: Mapping[str, Any]) -> Seen:
    yield "class of the error", error["class"]
    yield "status", error.get("status_code", "(it does not say)")
    yield "answer", error.get("response_body", "(it does not say)")
    yield "message", error["message"]


def _our_error(error: CekuraError) -> Seen:
    yield "class of the error", type(error).__name__
    if isinstance(error, ApiError):
        yield "status", error.status_code
        yield "answer", json.loads(error.body)
    yield "message", str(error)


def _of_the_sandbox(sandbox: Sandbox) -> Seen:
    """What it saw; equal if both sent the same."""
    requests = sandbox.requests
    posts = [request for request in requests if request.method == "POST"]
    launches = [request for request in posts if request.operation == "run_voice"]
    yield "number of POSTs", len(posts)
    yield "POSTs", [f"{request.operation} {request.status}" for request in posts]
    bodies: list[dict[str, Any]] = [dict(request.body) for request in launches]
    yield "names of launches", [body.pop("name", _NOTHING) for body in bodies]
    yield "launches without their names", bodies
    yield "paths of launches", sorted({request.path for request in launches})
    yield "launches", sandbox.launches
    yield "billed runs", sandbox.billed_runs
    yield "balance", sandbox.credits
    yield "looks at results", Counter(r.operation for r in requests)["get_result"]


def _sandbox() -> Sandbox:
    scenarios = tuple(Scenario(number) for number in (*_MIXED, _STUCK))
    agent = Agent(12, "Front desk", scenarios=scenarios)
    state = State(projects=(Project(1376, agents=(agent,)),), credits=_CREDITS)
    return Sandbox(pace=0.2, api_key=_RIGHT_KEY, state=state, outcomes=_OUTCOMES, seed=_SEED)


def _named(step: str, seen: Seen) -> dict[str, object]:
    return {f"{step}: {what}": value for what, value in seen}


def _theirs(folder: Path) -> tuple[str, dict[str, object]]:
    """The version of the SDK, and its lines."""
    finished([sys.executable, "-m", "venv", "venv"], folder)
    python = str(folder / "venv" / "bin" / "python")
    # Of httpx the version that the facade has, so that a difference is one of the clients.
    pip = [python, "-I", "-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check"]
    pip += ["--constraint", str(ROOT / "constraints.txt"), f"cekura[sdk]=={VERSION}"]
    finished(pip, folder)
    calls = json.dumps([[step.key, step.call, step.arguments] for step in STEPS])
    lines: dict[str, object] = {}
    with _sandbox() as sandbox:
        env = {"CEKURA_API_URL": sandbox.url}
        printed = finished([python, "-I", "-c", _WITH_SDK, calls], folder, env)
        version, came = json.loads(printed.splitlines()[-1])
        for step, (well, said) in zip(STEPS, came, strict=True):
            seen = step.seen_by_them(said) if well else _their_error(said)
            lines |= _named(step.name, seen)
        lines |= _named("sandbox", _of_the_sandbox(sandbox))
    return version, lines


def _ours() -> dict[str, object]:
    lines: dict[str, object] = {}
    with _sandbox() as sandbox:
        for step in STEPS:
            with Cekura(api_key=step.key, base_url=sandbox.url) as cekura:
                try:
                    seen = step.seen_by_us(step.ours(cekura))
                except CekuraError as error:
                    seen = _our_error(error)
            lines |= _named(step.name, seen)
        lines |= _named("sandbox", _of_the_sandbox(sandbox))
    return lines


def _row(mark: str, what: str, their: object, our: object) -> str:
    """Side by side; where the SDK's is too long for that, below each other."""
    one, other = str(their), str(our)
    if len(one) > 30:
        one, other = f"{one}\n{'':47}", "(the same)" if one == other else other
    return f"{mark}   {what:40}{one:30} {other}"


def _compare(folder: Path) -> bool:
    version, theirs = _theirs(folder)
    ours = _ours()
    good = True
    met: Counter[str] = Counter()
    shown = ""
    print(_row("    ", "", f"cekura {version}", "cekura-client"))
    steps = [*(step.name for step in STEPS), "sandbox"]
    names = dict.fromkeys([*theirs, *ours])
    for name in sorted(names, key=lambda name: steps.index(name.partition(": ")[0])):
        step, _, what = name.partition(": ")
        if step != shown:
            print(step)
        shown = step
        their, our = theirs.get(name, _NOTHING), ours.get(name, _NOTHING)
        pattern = next((p for p in DIFFERENCES if fnmatchcase(name, p)), None)
        if their == our:
            mark = "ok  "
        elif pattern is None:
            mark, good = "FAIL", False
        else:
            mark = "diff"
            met[pattern] += 1
        print(_row(mark, what, their, our))
    print("\nWhere they may differ, and do:")
    for pattern, why in DIFFERENCES.items():
        good &= met[pattern] > 0
        print(f"{'ok  ' if met[pattern] else 'FAIL'} {met[pattern]:3} × {pattern}: {why}")
    return good


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):  # to end as with Ctrl-C: tidied up
        signal.signal(number, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="against-vendor-sdk-") as folder:
            return 0 if _compare(Path(folder)) else 1
    except (ToolError, CekuraError, OSError, KeyboardInterrupt) as problem:
        print(f"against_vendor_sdk: {str(problem) or 'interrupted'}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
