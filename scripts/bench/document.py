"""Metrics as JSON, to be kept and compared with."""

import json
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.bench.metrics import Metric
from scripts.processes import ToolError


def machine() -> dict[str, Any]:
    """Where this runs, and how busy it is: of the last minute, the processes that wanted a core."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def document(metrics: Iterable[Metric]) -> dict[str, Any]:
    """All that a run has found out."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"date": now, "machine": machine(), "metrics": [_entry(metric) for metric in metrics]}


def earlier(file: Path) -> dict[str, float]:
    """By name, what the metrics of an earlier run are compared by.

    Raises:
        ToolError: the file cannot be read, or is none of those.
    """
    try:
        metrics: list[dict[str, Any]] = json.loads(file.read_bytes())["metrics"]
        values = {str(entry["name"]): entry["comparable"] for entry in metrics}
        return {name: float(value) for name, value in values.items() if value is not None}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ToolError(f"{file} is not what an earlier run has written: {error!r}") from None


def _entry(metric: Metric) -> dict[str, Any]:
    target = metric.target
    return {
        "name": metric.name,
        "what": metric.what,
        "unit": metric.unit,
        "ours": metric.ours,
        "baseline": metric.baseline,
        "baseline_is": metric.baseline_is,
        "ratio": metric.ratio,
        "comparable": metric.comparable,
        "noise": metric.noise,
        "others": dict(metric.others),
        "target": None
        if target is None
        else {"most": target.most, "of": target.of, "text": str(target)},
        "met": metric.met,
        "note": metric.note,
    }
