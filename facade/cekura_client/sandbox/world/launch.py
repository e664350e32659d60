"""A launch that was accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Launch:
    """An accepted start request: one run for each combination of its four lists' members."""

    kind: str
    agent: int
    project: int
    name: str
    scenarios: tuple[int, ...]
    frequency: int
    personalities: tuple[int | None, ...]
    profiles: tuple[int | None, ...]
    concurrency: int | None
    settings: Mapping[str, Any]
