"""A figure: what was measured, against what, and what it must reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Literal


@dataclass(frozen=True)
class Limit:
    """What a figure must reach: so many times its floor, or so much of its unit."""

    most: float
    of: Literal["ratio", "value"] = "ratio"
    strictly: bool = False

    def __str__(self) -> str:
        sign = "<" if self.strictly else "≤"
        return f"{sign} {self.most:g}" + (" ×" if self.of == "ratio" else "")


@dataclass(frozen=True)
class Figure:
    """What was measured, and what came out.

    Attributes:
        name: Short, and the same in every run; by it two runs are compared.
        what: In words.
        unit: Of `ours`, `floor` and the numbers in `others`.
        ours: None where it could not be measured; `note` says why.
        floor: None where there is none.
        floor_is: What the floor is.
        others: What others need for the same, or why that is not known.
        noise: How far the ratio of a single round is from that of the medians: half of the range
            that holds the middle half of the rounds.
        limit: None where nothing is asked.
        note: What else there is to say.
    """

    name: str
    what: str
    unit: str
    ours: float | None = None
    floor: float | None = None
    floor_is: str = ""
    others: Mapping[str, float | str] = field(default_factory=dict[str, float | str])
    noise: float | None = None
    limit: Limit | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours in units of the floor."""
        return self.ours / self.floor if self.ours is not None and self.floor else None

    @property
    def comparable(self) -> float | None:
        """What two runs are compared by: the ratio, or where there is none the value."""
        return self.ours if self.ratio is None else self.ratio

    @property
    def reached(self) -> bool | None:
        """None where nothing is asked, or nothing could be measured."""
        if self.limit is None:
            return None
        value = self.ratio if self.limit.of == "ratio" else self.ours
        if value is None:
            return None
        return value < self.limit.most if self.limit.strictly else value <= self.limit.most


Rounds = Mapping[str, Sequence[float]]
"""By side, what each round measured."""


def medians(rounds: Rounds) -> dict[str, float]:
    """Of each side; a side that measured nothing is left out."""
    return {side: median(values) for side, values in rounds.items() if values}


def noise(ours: Sequence[float], floor: Sequence[float]) -> float | None:
    """See `Figure.noise`; None for fewer than four rounds."""
    ratios = [one / other for one, other in zip(ours, floor, strict=True) if other > 0]
    if len(ratios) < 4:
        return None
    low, _, high = quantiles(ratios, n=4)
    return (high - low) / 2


def compared(
    name: str,
    what: str,
    unit: str,
    rounds: Rounds,
    *,
    floor: str,
    floor_is: str,
    others: Mapping[str, str],
    limit: Limit | None = None,
    note: str = "",
) -> Figure:
    """A figure from rounds in which the sides took turns.

    Args:
        name: See `Figure`; likewise `what`, `unit`, `floor_is`, `limit` and `note`.
        what: As above.
        unit: As above.
        rounds: With the side "ours".
        floor: The side that is the floor.
        floor_is: As above.
        others: The sides that are others, or what to say of them if they are not in `rounds`.
        limit: As above.
        note: As above.
    """
    middle = medians(rounds)
    return Figure(
        name,
        what,
        unit,
        ours=middle["ours"],
        floor=middle[floor],
        floor_is=floor_is,
        others={side: middle.get(side, said) for side, said in others.items()},
        noise=noise(rounds["ours"], rounds[floor]),
        limit=limit,
        note=note,
    )
