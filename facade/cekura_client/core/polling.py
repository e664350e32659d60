"""How often to look while waiting."""

import math
from collections.abc import Callable, Iterator

from attrs import frozen

from cekura_client.core.checks import seconds
from cekura_client.core.errors import InvalidRequestError


@frozen
class Polling:
    """The pauses between two looks at a result, in seconds.

    They grow from the first to the longest, so that short results are noticed soon and long ones
    do not cost much: the answer for 2,000 runs is about 30 MB. The vendor's own tools look every 5
    to 30 seconds.

    Attributes:
        first: The first pause.
        longest: The pause never grows beyond this.
        growth: Each pause is so many times the one before.
        jitter: Each pause is longer or shorter by up to this fraction, so that many waits do not
            look at the same moment.
        grace: For so long after `completed`, runs without a score are waited for. What then has
            none is `unscored`.

    Raises:
        InvalidRequestError: a figure that makes no sense.
    """

    first: float = 2.0
    longest: float = 30.0
    growth: float = 1.5
    jitter: float = 0.1
    grace: float = 60.0

    def __attrs_post_init__(self) -> None:
        seconds("Polling.first", self.first)
        seconds("Polling.longest", self.longest)
        seconds("Polling.grace", self.grace, zero=True)
        rules = (
            ("longest", self.longest, "at least `first`", self.longest >= self.first),
            ("growth", self.growth, "a number from 1", _is_from(1, self.growth)),
            ("jitter", self.jitter, "a number from 0 to below 1", _is_from(0, self.jitter, 1)),
        )
        for name, value, right, kept in rules:
            if not kept:
                raise InvalidRequestError(f"Polling.{name} must be {right}; got {value!r}")

    def pauses(self, chance: Callable[[], float]) -> Iterator[float]:
        """The pauses one after the other, without end.

        Args:
            chance: Gives a number from 0 to below 1, for the jitter.
        """
        pause = self.first
        while True:
            yield pause * (1 + self.jitter * (2 * chance() - 1))
            pause = min(pause * self.growth, self.longest)


def _is_from(least: float, value: object, below: float = math.inf) -> bool:
    number = value if isinstance(value, int | float) else math.nan
    return least <= number < below and not isinstance(value, bool)
