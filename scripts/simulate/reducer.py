"""From a story that breaks a promise to a short one that breaks the same."""

from collections.abc import Callable, Iterator

from scripts.simulate.choices import Plot


def reduce(plot: Plot, breaks: Callable[[Plot], bool], tries: int = 2000) -> Plot:
    """The plainest plot found that still breaks it.

    Whole streams are left out, then pieces of them are set to 0, ever smaller ones, and single
    decisions are lowered, until nothing more can be gained or so many tries were made.
    """
    best = [_stripped(plot)]
    progress = True
    while progress:
        progress = False
        for simpler in _simpler(best):
            attempt = _stripped(simpler)
            if attempt == best[0]:
                continue
            if not tries:
                return best[0]
            tries -= 1
            if breaks(attempt):
                best[0], progress = attempt, True
    return best[0]


def _stripped(plot: Plot) -> Plot:
    """Without zeros at the end of a stream, which are what comes after its end anyway."""
    found = {name: tuple(made) for name, made in plot.items()}
    for name, made in plot.items():
        end = len(made)
        while end and not made[end - 1]:
            end -= 1
        found[name] = tuple(made[:end])
    return {name: made for name, made in found.items() if made}


def _simpler(best: list[Plot]) -> Iterator[Plot]:
    """Plots that are a little simpler than the best at that moment."""
    for name in list(best[0]):
        yield {**best[0], name: ()}
    for name in list(best[0]):
        size = len(best[0].get(name, ()))
        while size:
            for start in range(0, len(best[0].get(name, ())), size):
                made = tuple(best[0].get(name, ()))
                zeros = (0,) * len(made[start : start + size])
                yield {**best[0], name: made[:start] + zeros + made[start + size :]}
            size //= 2
    for name in list(best[0]):
        for place in range(len(best[0].get(name, ()))):
            made = tuple(best[0].get(name, ()))
            if place < len(made):
                yield {**best[0], name: made[:place] + made[place + 1 :]}
            made = tuple(best[0].get(name, ()))
            if place < len(made) and made[place] > 1:
                yield {**best[0], name: (*made[:place], 1, *made[place + 1 :])}
                yield {**best[0], name: (*made[:place], made[place] // 2, *made[place + 1 :])}
