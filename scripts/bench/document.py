"""Figures as JSON, to be kept and compared with."""

import json
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.bench.figures import Figure
from scripts.processes import ToolError


def machine() -> dict[str, Any]:
    """Where this runs."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def document(figures: Iterable[Figure]) -> dict[str, Any]:
    """All that a run has found out."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"date": now, "machine": machine(), "figures": [_entry(figure) for figure in figures]}


def earlier(file: Path) -> dict[str, float]:
    """By name, what the figures of an earlier run are compared by.

    Raises:
        ToolError: the file cannot be read, or is none of those.
    """
    try:
        figures: list[dict[str, Any]] = json.loads(file.read_bytes())["figures"]
        values = {str(entry["name"]): entry["comparable"] for entry in figures}
        return {name: float(value) for name, value in values.items() if value is not None}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ToolError(f"{file} is not what an earlier run has written: {error!r}") from None


def _entry(figure: Figure) -> dict[str, Any]:
    limit = figure.limit
    return {
        "name": figure.name,
        "what": figure.what,
        "unit": figure.unit,
        "ours": figure.ours,
        "floor": figure.floor,
        "floor_is": figure.floor_is,
        "ratio": figure.ratio,
        "comparable": figure.comparable,
        "noise": figure.noise,
        "others": dict(figure.others),
        "limit": None
        if limit is None
        else {"most": limit.most, "of": limit.of, "text": str(limit)},
        "reached": figure.reached,
        "note": figure.note,
    }
