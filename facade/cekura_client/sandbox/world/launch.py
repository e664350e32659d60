"""A launch that was accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Launch:
    """An accepted start request: one run for each combination of its four lists' members.

    Attributes:
        kind: the operation in a word or two, such as "Voice".
        by_phone: whether its calls have telephone numbers.
        as_text: whether its runs are conversations in text.
        settings: what the request overrode, as far as it may be shown.
    """

    kind: str
    by_phone: bool
    as_text: bool
    agent: int
    project: int
    name: str
    scenarios: tuple[int, ...]
    frequency: int
    personalities: tuple[int | None, ...]
    profiles: tuple[int | None, ...]
    concurrency: int | None
    settings: Mapping[str, Any]
