"""The launches of a run: of every kind that there is, each with a number of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

SHARED = "Nightly"
# Of launches that name no agent. One of them that stays unknown could be any result of its name, so
# with the same name the others could not be told from it either.
SHARED_ANY_AGENT = "Nightly, any agent"

# What several processes launch at the same time, three of each name.
RIVAL = "Rival"

# Of agents that nobody else has: the sandbox gives launches without one to agent 12.
FIRST_CALL = 1001
FIRST_RIVAL = 900_000
INTERRUPTED = 0.2


@dataclass(frozen=True)
class Kind:
    """A way to launch.

    Attributes:
        name: For the report.
        share: How many of a hundred calls.
        operation: The method.
        arguments: Of the call with this number. One of them is the number, so that each launch can
            be told from all others on the server.
        recoverable: Whether what the list of results shows is enough to know the launch again.
    """

    name: str
    share: int
    operation: str
    arguments: Callable[[int], dict[str, Any]]
    recoverable: bool = True


def _voice(number: int, **more: object) -> dict[str, Any]:
    return {"agent_id": number, "scenarios": [101], **more}


KINDS = (
    Kind("voice, unnamed", 30, "run_voice", _voice),
    Kind("voice, own name", 16, "run_voice", lambda n: _voice(n, name=f"Release {n}")),
    Kind("voice, shared name", 12, "run_voice", lambda n: _voice(n, name=SHARED)),
    Kind(
        "voice, shared name, no agent",
        *(6, "run_voice"),
        lambda n: {"scenarios": [101], "name": SHARED_ANY_AGENT, "concurrency_limit": n},
        recoverable=False,
    ),
    # No scenario has this tag: the sandbox refuses.
    Kind("voice, refused", 4, "run_voice", lambda n: {"agent_id": n, "tags": ["none has it"]}),
    Kind(
        "VAPI",
        *(20, "run_vapi_webrtc"),
        lambda n: {"agent_id": n, "scenarios": [101, 102], "vapi_assistant_id": "asst_chaos"},
    ),
    Kind(
        "websocket",
        *(12, "run_websocket"),
        lambda n: {"agent": n, "scenarios": [(101, "wss://a.example.com/x")], "frequency": 1},
        recoverable=False,
    ),
)


RIVALS = Kind(
    "voice, of rival processes",
    0,
    "run_voice",
    lambda n: {"scenarios": [101], "name": f"{RIVAL} {n // 3}", "concurrency_limit": n},
    recoverable=False,
)


@dataclass(frozen=True)
class Call:
    """One call of a client's method; `number` is its own. Some are interrupted after some seconds."""

    number: int
    kind: Kind
    arguments: Mapping[str, Any]
    interrupted_after: float | None = None


def plan(launches: int, seed: int, sharing: int | None = None) -> list[Call]:
    """The calls of a run; so many in a row share a name where it is shared, or all of them."""
    chance = Random(seed)
    kinds = chance.choices(KINDS, [kind.share for kind in KINDS], k=launches)
    calls = [_call(n, kind, chance) for n, kind in enumerate(kinds, FIRST_CALL)]
    return [
        replace(call, arguments={**call.arguments, "name": f"{name} {call.number // sharing}"})
        if sharing and (name := call.arguments.get("name")) in (SHARED, SHARED_ANY_AGENT)
        else call
        for call in calls
    ]


def rivals(launches: int, seed: int) -> list[Call]:
    """Calls of rival processes, which take turns."""
    chance = Random(f"{seed} rivals")
    return [_call(n, RIVALS, chance) for n in range(FIRST_RIVAL, FIRST_RIVAL + launches)]


def _call(number: int, kind: Kind, chance: Random) -> Call:
    # Half of these are looking a launch up by then, or write the record.
    after = chance.uniform(0, 0.4) if chance.random() < INTERRUPTED else None
    return Call(number, kind, kind.arguments(number), after)
