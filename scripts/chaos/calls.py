"""The launches of a run: of every kind that there is, each with a number of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

SHARED = "Nightly"
# Of launches that name no agent. One of them that stays unknown could be any result of its name, so
# with the same name the others could not be told from it either.
SHARED_ANY_AGENT = "Nightly, any agent"

# Of agents that nobody else has: the sandbox gives launches without one to agent 12.
FIRST_CALL = 1001


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


@dataclass(frozen=True)
class Call:
    """One call of a client's method; `number` is its own."""

    number: int
    kind: Kind
    arguments: Mapping[str, Any]


def plan(launches: int, seed: int, sharing: int | None = None) -> list[Call]:
    """The calls of a run; so many in a row share a name where it is shared, or all of them."""
    kinds = Random(seed).choices(KINDS, [kind.share for kind in KINDS], k=launches)
    calls = [Call(n, kind, kind.arguments(n)) for n, kind in enumerate(kinds, FIRST_CALL)]
    return [
        replace(call, arguments={**call.arguments, "name": f"{name} {call.number // sharing}"})
        if sharing and (name := call.arguments.get("name")) in (SHARED, SHARED_ANY_AGENT)
        else call
        for call in calls
    ]
