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
    """How a run ends, and what is said about it.

    Attributes:
        outcome: its end, unless `chances` are given.
        chances: outcomes with their weights; which one a run gets follows from the sandbox's
            `seed`, its scenario, and how many runs that scenario had before.
        explanation: why it failed, or what went well; a sentence of the sandbox's otherwise.
        metrics: metrics besides the expected outcome, each with the fields that the API has, such
            as name, type, score and explanation.
        score_delay: seconds until `success` is known after completion; the sandbox's otherwise.
        passes_through: one more status before the end, such as one that no client knows yet.
        turns: how much is said in the call; thousands make a long transcript.
        seconds: how long the call pretends to have lasted.
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
            raise ValueError("one of the chances at least must be more than 0")
        if self.passes_through in ENDED:
            raise ValueError(
                f"passes_through must be a status before the end: {self.passes_through}"
            )

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
