"""A figure, and figures as a table."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, and what came out."""

    what: str
    value: str


def table(figures: Iterable[Figure]) -> str:
    """In Markdown."""
    lines = ["| figure | measured |", "|---|---|"]
    return "\n".join(lines + [f"| {figure.what} | {figure.value} |" for figure in figures])
