"""Figures as a table in Markdown."""

from collections.abc import Iterable, Mapping

from scripts.bench.figures import Figure

_HEAD = ("figure", "floor", "ours", "others", "must reach", "reached")
_REACHED = {True: "yes", False: "**no**", None: "–"}


def table(figures: Iterable[Figure], earlier: Mapping[str, float] | None = None) -> str:
    """One line a figure.

    Args:
        figures: In the order in which they are shown.
        earlier: By name, the ratios of another run (where there is no ratio, the values): then
            there is one more column, with the change since.
    """
    head = _HEAD if earlier is None else (*_HEAD, "change")
    lines = [head, ("---",) * len(head)]
    for figure in figures:
        cells = _cells(figure)
        if earlier is not None:
            cells = (*cells, _change(figure, earlier.get(figure.name)))
        lines.append(cells)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def notes(figures: Iterable[Figure]) -> str:
    """What is said of the figures besides, as a list; empty if nothing is."""
    return "\n".join(f"- {figure.what}: {figure.note}" for figure in figures if figure.note)


def number(value: float) -> str:
    """With three digits or so, and no more than are known."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.what,
        _floor(figure),
        _ours(figure),
        "; ".join(_other(figure, name) for name in figure.others) or "–",
        "–" if figure.limit is None else _limit(figure),
        "not measured" if figure.ours is None else _REACHED[figure.reached],
    )


def _floor(figure: Figure) -> str:
    value = "" if figure.floor is None else _value(figure, figure.floor)
    return ": ".join(part for part in (figure.floor_is, value) if part) or "–"


def _ours(figure: Figure) -> str:
    if figure.ours is None:
        return "–"
    text = _value(figure, figure.ours)
    if figure.ratio is None:
        return text
    noise = "" if figure.noise is None else f" ± {figure.noise:.2f}"
    return f"{text} ({figure.ratio:.2f}{noise} ×)"


def _other(figure: Figure, name: str) -> str:
    other = figure.others[name]
    if isinstance(other, str):
        return f"{name}: {other}"
    times = f" ({other / figure.floor:.2f} ×)" if figure.floor else ""
    return f"{name} {_value(figure, other)}{times}"


def _limit(figure: Figure) -> str:
    unit = f" {figure.unit}" if figure.limit and figure.limit.of == "value" and figure.unit else ""
    return f"{figure.limit}{unit}"


def _value(figure: Figure, value: float) -> str:
    return f"{number(value)} {figure.unit}".rstrip()


def _change(figure: Figure, before: float | None) -> str:
    now = figure.comparable
    if now is None or before is None:
        return "–"
    percent = f" ({(now / before - 1) * 100:+.0f} %)" if before else ""
    return f"{number(before)} → {number(now)}{percent}"
