"""Metrics as a table in Markdown."""

from collections.abc import Iterable, Mapping

from scripts.bench.metrics import Metric

_HEAD = ("metric", "baseline", "this client", "others", "target", "met")
_MET = {True: "yes", False: "**no**", None: "–"}


def table(metrics: Iterable[Metric], earlier: Mapping[str, float] | None = None) -> str:
    """One line a metric.

    Args:
        metrics: In the order in which they are shown.
        earlier: By name, the ratios of another run (where there is no ratio, the values): then
            there is one more column, with the change since.
    """
    head = _HEAD if earlier is None else (*_HEAD, "change")
    lines = [head, ("---",) * len(head)]
    for metric in metrics:
        cells = _cells(metric)
        if earlier is not None:
            cells = (*cells, _change(metric, earlier.get(metric.name)))
        lines.append(cells)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def notes(metrics: Iterable[Metric]) -> str:
    """What is said of the metrics besides, as a list; empty if nothing is."""
    return "\n".join(f"- {metric.what}: {metric.note}" for metric in metrics if metric.note)


def number(value: float) -> str:
    """With three digits or so, and no more than are known."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def _cells(metric: Metric) -> tuple[str, ...]:
    return (
        metric.what,
        _baseline(metric),
        _ours(metric),
        "; ".join(_other(metric, name) for name in metric.others) or "–",
        "–" if metric.target is None else _target(metric),
        "not measured" if metric.ours is None else _MET[metric.met],
    )


def _baseline(metric: Metric) -> str:
    value = "" if metric.baseline is None else _value(metric, metric.baseline)
    return ": ".join(part for part in (metric.baseline_is, value) if part) or "–"


def _ours(metric: Metric) -> str:
    if metric.ours is None:
        return "–"
    text = _value(metric, metric.ours)
    if metric.ratio is None:
        return text
    noise = "" if metric.noise is None else f" ± {metric.noise:.2f}"
    return f"{text} ({metric.ratio:.2f}{noise} ×)"


def _other(metric: Metric, name: str) -> str:
    other = metric.others[name]
    if isinstance(other, str):
        return f"{name}: {other}"
    times = f" ({other / metric.baseline:.2f} ×)" if metric.baseline else ""
    return f"{name} {_value(metric, other)}{times}"


def _target(metric: Metric) -> str:
    unit = (
        f" {metric.unit}" if metric.target and metric.target.of == "value" and metric.unit else ""
    )
    return f"{metric.target}{unit}"


def _value(metric: Metric, value: float) -> str:
    return f"{number(value)} {metric.unit}".rstrip()


def _change(metric: Metric, before: float | None) -> str:
    now = metric.comparable
    if now is None or before is None:
        return "–"
    percent = f" ({(now / before - 1) * 100:+.0f} %)" if before else ""
    return f"{number(before)} → {number(now)}{percent}"
