"""A metric: what was measured, its baseline and its target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Literal


@dataclass(frozen=True)
class Target:
    """The most that a metric may be: a multiple of its baseline, or a value in its unit."""

    most: float
    of: Literal["ratio", "value"] = "ratio"

    def __str__(self) -> str:
        return f"≤ {self.most:g}" + (" ×" if self.of == "ratio" else "")


@dataclass(frozen=True)
class Metric:
    """What was measured, and what came out.

    Attributes:
        name: Short, and the same in every run; by it two runs are compared.
        what: In words.
        unit: Of `ours`, `baseline` and the numbers in `others`.
        ours: None where it could not be measured; `note` says why.
        baseline: None where there is none.
        baseline_is: What the baseline is.
        others: What others need for the same, or why that is not known.
        noise: How far the ratio of a single round is from that of the medians: half of the range
            that holds the middle half of the rounds.
        target: None where nothing is asked.
        note: What else there is to say.
    """

    name: str
    what: str
    unit: str
    ours: float | None = None
    baseline: float | None = None
    baseline_is: str = ""
    others: Mapping[str, float | str] = field(default_factory=dict[str, float | str])
    noise: float | None = None
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours in units of the baseline."""
        return self.ours / self.baseline if self.ours is not None and self.baseline else None

    @property
    def comparable(self) -> float | None:
        """What two runs are compared by: the ratio, or where there is none the value."""
        return self.ours if self.ratio is None else self.ratio

    @property
    def met(self) -> bool | None:
        """None where nothing is asked, or nothing could be measured."""
        if self.target is None:
            return None
        value = self.ratio if self.target.of == "ratio" else self.ours
        if value is None:
            return None
        return value <= self.target.most


Rounds = Mapping[str, Sequence[float]]
"""By side, what each round measured."""


def medians(rounds: Rounds) -> dict[str, float]:
    """Of each side; a side that measured nothing is left out."""
    return {side: median(values) for side, values in rounds.items() if values}


def noise(ours: Sequence[float], baseline: Sequence[float]) -> float | None:
    """See `Metric.noise`; None for fewer than four rounds."""
    ratios = [one / other for one, other in zip(ours, baseline, strict=True) if other > 0]
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
    baseline: str,
    baseline_is: str,
    others: Mapping[str, str],
    target: Target | None = None,
    note: str = "",
) -> Metric:
    """A metric from rounds in which the sides took turns.

    Args:
        name: See `Metric`; likewise `what`, `unit`, `baseline_is`, `target` and `note`.
        what: As above.
        unit: As above.
        rounds: With the side "ours".
        baseline: The side that is the baseline.
        baseline_is: As above.
        others: The sides that are others, or what to say of them if they are not in `rounds`.
        target: As above.
        note: As above.
    """
    middle = medians(rounds)
    return Metric(
        name,
        what,
        unit,
        ours=middle["ours"],
        baseline=middle[baseline],
        baseline_is=baseline_is,
        others={
            side: middle.get(side, said) for side, said in others.items() if side in middle or said
        },
        noise=noise(rounds["ours"], rounds[baseline]),
        target=target,
        note=note,
    )
