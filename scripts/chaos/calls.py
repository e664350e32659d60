"""The launches of a run, each with a number of its own, and what is done to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

# Of agents that nobody else has: the sandbox gives launches without one to agent 12.
FIRST_CALL, FIRST_RIVAL = 1001, 900_000
INTERRUPTED = 0.2
# Seconds after which the clients have given up waiting for the answer to a launch.
LATE = 1.5

# What the sandbox does, to this share of what the rules before leave. How an answer may be spoilt is
# left to `tests.hostile`, and what a server may say and when, to `scripts.simulate`.
FAULTS: tuple[dict[str, Any], ...] = (
    {"operation": "launch", "probability": 0.08, "status": 429, "headers": {"Retry-After": "0"}},
    {"operation": "launch", "probability": 0.10, "drop": True},
    {"operation": "launch", "probability": 0.15, "drop": True, "commit": True},
    {"operation": "launch", "probability": 0.05, "cut": 4},
    {"operation": "launch", "probability": 0.08, "cut": 60},
    {"operation": "launch", "probability": 0.05, "slow": 0.2},
    {"operation": "launch", "probability": 0.01, "delay": LATE},
    {"operation": "launch", "probability": 0.10, "hide": 0.3},
    {"probability": 0.04, "drop": True},
    {"probability": 0.04, "cut": 30},
    {"probability": 0.03, "delay": 0.1},
)


@dataclass(frozen=True)
class Kind:
    """A way to launch.

    Attributes:
        name: For the report.
        share: Its percentage of the calls.
        operation: The method.
        arguments: Of the call with this number. One of them is the number, so that each launch can
            be told from all others on the server.
    """

    name: str
    share: int
    operation: str
    arguments: Callable[[int], dict[str, Any]]


def _voice(number: int, **more: object) -> dict[str, Any]:
    return {"agent_id": number, "scenarios": [101], **more}


KINDS = (
    Kind("voice, unnamed", 45, "run_voice", _voice),
    Kind("voice, own name", 20, "run_voice", lambda n: _voice(n, name=f"Release {n}")),
    Kind("VAPI", 20, "run_vapi_webrtc", lambda n: _voice(n, vapi_assistant_id="asst_chaos")),
    Kind(
        "websocket",
        *(15, "run_websocket"),
        lambda n: {"agent": n, "scenarios": [(101, "wss://a.example.com/x")], "frequency": 1},
    ),
)
# Three calls in a row have one name, and are of three processes.
RIVALS = Kind(
    "voice, of rival processes",
    *(0, "run_voice"),
    lambda n: {"scenarios": [101], "name": f"Rival {n // 3}", "concurrency_limit": n},
)


@dataclass(frozen=True)
class Call:
    """One call of a client's method; `number` is its own. Some are interrupted after some seconds."""

    number: int
    kind: Kind
    arguments: Mapping[str, Any]
    interrupted_after: float | None = None


def call_number(body: Mapping[str, Any]) -> int:
    """The number of the call that sent this body."""
    number = body.get("agent_id") or body.get("agent") or body.get("concurrency_limit")
    assert isinstance(number, int), body
    return number


def plan(launches: int, seed: int) -> list[Call]:
    """The calls of a run."""
    chance = Random(seed)
    kinds = chance.choices(KINDS, [kind.share for kind in KINDS], k=launches)
    return [_call(number, kind, chance) for number, kind in enumerate(kinds, FIRST_CALL)]


def rivals(launches: int, seed: int) -> list[Call]:
    """Calls of rival processes, which take turns."""
    chance = Random(f"{seed} rivals")
    return [_call(n, RIVALS, chance) for n in range(FIRST_RIVAL, FIRST_RIVAL + launches)]


def _call(number: int, kind: Kind, chance: Random) -> Call:
    # Half of these are looking a launch up by then, or write the record.
    after = chance.uniform(0, 0.4) if chance.random() < INTERRUPTED else None
    return Call(number, kind, kind.arguments(number), after)
