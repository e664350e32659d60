"""Every decision of a story as a number, so that a story can be replayed and reduced.

Each of those who decide has a stream of numbers of its own: what is changed in one moves no other.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

# The decisions of a story, by the name of who decides. Beyond the end of a list all are 0.
Plot = Mapping[str, Sequence[int]]


class Choices:
    """The decisions of one, drawn from a seed or replayed.

    In every table the plainest option stands first, so that zeros make the plainest story.

    Attributes:
        made: The decisions so far.
    """

    def __init__(self, chance: Random | None, replay: Sequence[int]) -> None:
        self.made: list[int] = []
        self._chance = chance
        self._replay = replay

    def _next(self, weights: Sequence[int]) -> int:
        if self._chance is not None:
            drawn = self._chance.random() * sum(weights)
            number = 0
            while drawn >= weights[number]:
                drawn -= weights[number]
                number += 1
        elif len(self.made) < len(self._replay):
            number = self._replay[len(self.made)] % len(weights)
        else:
            number = 0
        self.made.append(number)
        return number

    def below(self, number: int) -> int:
        """A number from 0 to below this."""
        return self._next((1,) * number)

    def pick(self, options: Sequence[T]) -> T:
        """One of these, each as likely as the others."""
        return options[self.below(len(options))]

    def weighted(self, options: Sequence[tuple[int, T]]) -> T:
        """One of these, each as likely as its weight says."""
        return options[self._next([weight for weight, _ in options])][1]

    def happens(self, percent: int) -> bool:
        """Whether something happens that is this likely."""
        return self._next((100 - percent, percent)) == 1


class Streams(dict[str, Choices]):
    """The decisions of all, from a seed or from a plot, by who decides."""

    def __init__(self, seed: int | None = None, replay: Plot | None = None) -> None:
        super().__init__()
        self._seed, self._replay = seed, replay or {}

    def __missing__(self, name: str) -> Choices:
        chance = None if self._seed is None else Random(f"{self._seed} {name}")
        self[name] = Choices(chance, self._replay.get(name, ()))
        return self[name]

    def plot(self) -> Plot:
        """What was decided."""
        return {name: tuple(choices.made) for name, choices in self.items()}


def written(plot: Plot) -> str:
    """A plot for the command line."""
    return ";".join(f"{name}={','.join(map(str, made))}" for name, made in plot.items() if made)


def parsed(text: str) -> Plot:
    """What `written` wrote."""
    parts = [part.partition("=") for part in text.split(";") if part]
    return {name: tuple(map(int, made.split(","))) for name, _, made in parts}
