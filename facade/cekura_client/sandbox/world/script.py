"""How the runs of a scenario end: scripted beforehand, by one outcome or by chance."""

import random
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

ENDED = frozenset({"completed", "failed", "timeout", "cancelled"})  # statuses of a run

Weight = Annotated[float, msgspec.Meta(ge=0)]


class Outcome(StrEnum):
    """How the runs of a scenario end."""

    PASSED = "passed"  # completed, success true
    FAILED = "failed"  # completed, success false, with reasons
    INFRASTRUCTURE = "infrastructure"  # failed: the call was never connected
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    UNSCORED = "unscored"  # completed, but success stays null
    STUCK = "stuck"  # runs until its calls are ended


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a run ends, and how it is judged.

    Attributes:
        outcome: its end, unless `chances` are given.
        chances: outcomes with weights. The outcome of a run depends on the sandbox's `seed`, the
            scenario, and the number of its earlier runs.
        explanation: why it failed, or what went well; by default a sentence of the sandbox.
        metrics: metrics besides the expected outcome, each with the API's fields, such as name, type,
            score and explanation.
        score_delay: seconds from completion until `success` is known; by default that of the sandbox.
        passes_through: another status before the end, for example an unknown one.
        turns: the number of turns in the transcript.
        seconds: the reported duration of the call.
    """

    outcome: Outcome = Outcome.PASSED
    chances: dict[Outcome, Weight] | None = None
    explanation: str | None = None
    metrics: list[dict[str, Any]] = []
    score_delay: Weight | None = None
    passes_through: str | None = None
    turns: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 4
    seconds: Annotated[int, msgspec.Meta(ge=0)] | None = None

    def __post_init__(self) -> None:
        if self.chances is not None and not any(self.chances.values()):
            raise ValueError("at least one of the chances must be more than 0")
        if self.passes_through in ENDED:
            raise ValueError(f"passes_through must not be an end status; got {self.passes_through}")

    def settled(self, seed: int, scenario: int, number: int) -> "Script":
        """The script with one outcome, for the scenario's run of this number."""
        if not self.chances:
            return self
        # A text, so that neighbouring numbers draw independently of each other.
        drawn = random.Random(f"{seed} {scenario} {number}")
        outcome = drawn.choices(list(self.chances), list(self.chances.values()))[0]
        return replace(self, outcome=outcome, chances=None)


# What an ending may be written as: a script, its fields, or just an outcome or chances.
Ending = Script | Mapping[str, Any] | Mapping[Outcome, float] | Outcome | str


def script(ending: object) -> Script:
    """The script that an `Ending` is short for.

    Raises:
        ValueError: it is none; the message says what is wrong, and where.
    """
    if isinstance(ending, Script):
        return ending
    given: object = {"chances": ending}
    if isinstance(ending, str):
        given = {"outcome": ending}
    elif isinstance(ending, Mapping) and set(ending) & set(Script.__struct_fields__):
        given = ending
    try:
        return msgspec.convert(given, Script)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"{ending!r} is not a valid ending: {error}; outcomes: {', '.join(Outcome)}"
        ) from None
