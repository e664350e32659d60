"""The report: Markdown for people, JSON for machines."""

import difflib
import json
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scripts.drift.changes import MISSING, Change, Drift, Side
from scripts.drift.impact import Affected, affected
from scripts.drift.markdown import SHORT, block, code, safe
from scripts.drift.rules import Axis, Level

_LONG = 600
_DIFF_LINES = 60
_SECTIONS: tuple[tuple[str, Axis, tuple[Side | None, ...]], ...] = (
    ("Wire: addresses, keys, operations", "wire", (None,)),
    ("Wire: requests", "wire", ("request",)),
    ("Wire: answers", "wire", ("response",)),
    ("Surface: names in code", "surface", (None, "request", "response")),
    ("Docs", "docs", (None, "request", "response")),
)


@dataclass(frozen=True)
class Report:
    """A drift, with whom it affects here."""

    drift: Drift
    before: str
    after: str
    entries: list[tuple[Change, Affected]]

    @property
    def worst(self) -> Level:
        """The highest level here; what is handled counts as additive."""
        levels = [whom.level(change) for change, whom in self.entries]
        return max(levels, default=Level.NOISE)

    @property
    def held(self) -> list[Change]:
        """What a person must look at before it is taken."""
        return [change for change, whom in self.entries if change.hold and not whom.handled]


def report(drift: Drift, before: str, after: str) -> Report:
    """Look up whom each change affects; `before` and `after` are what the states are called."""
    entries = [(change, affected(change)) for change in drift.changes]
    entries.sort(key=lambda entry: (-entry[1].level(entry[0]), entry[1].handled != ""))
    return Report(drift, before, after, entries)


def as_json(found: Report) -> str:
    """One JSON document; keys that have no value are absent."""
    return json.dumps(
        {
            "before": found.before,
            "after": found.after,
            "worst": found.worst.label,
            "hold": bool(found.held),
            "counts": _counts(found),
            "noise": dict(found.drift.noise),
            "changes": [_entry(*entry) for entry in found.entries],
        },
        indent=2,
    )


def as_lines(found: Report) -> Iterator[str]:
    """One line for each change, for the changelog; texts are counted only."""
    for group in _groups([entry for entry in found.entries if entry[0].rule.axis != "docs"]):
        change, whom = group[0]
        where = dict.fromkeys(name for each, _ in group for name in each.operations)
        shown = f" In {', '.join(map(code, where))}." if where else ""
        handled = f" Handled: {whom.handled}." if whom.handled else ""
        yield f"- {whom.level(change).label.capitalize()}: {_says(change)}{shown}{handled}"
    if texts := sum(change.rule.axis == "docs" for change, _ in found.entries):
        yield f"- {texts} changes of descriptions or examples."


def _counts(found: Report) -> dict[str, int]:
    labels = [whom.level(change).label for change, whom in found.entries]
    return {level.label: labels.count(level.label) for level in reversed(Level) if level}


def _entry(change: Change, whom: Affected) -> dict[str, Any]:
    found = {
        "class": whom.level(change).label,
        "elsewhere": change.level.label if whom.handled else MISSING,
        "axis": change.rule.axis,
        "kind": change.kind,
        "side": change.side or MISSING,
        "operations": list(change.operations),
        "pointer": change.at,
        "name": change.name or MISSING,
        "before": change.before,
        "after": change.after,
        "says": _says(change),
        "affected": list(whom.names),
        "handled": whom.handled or MISSING,
        "todo": change.rule.todo,
        "hold": change.hold and not whom.handled,
    }
    return {key: value for key, value in found.items() if value is not MISSING}


def as_markdown(found: Report) -> str:
    """A page that reads well in a terminal, too."""
    return "\n".join(_markdown(found)) + "\n"


def _markdown(found: Report) -> Iterator[str]:
    yield f"# Drift from {code(found.before)} to {code(found.after)}"
    yield ""
    counts = [f"{number} {label}" for label, number in _counts(found).items() if number]
    handled = sum(bool(whom.handled) for _, whom in found.entries)
    aside = f" ({handled} already handled)" if handled else ""
    yield f"**{', '.join(counts) or 'No change'}**{aside}"
    if found.worst < Level.DOCS:
        yield "\nThere is nothing to do."
    elif all(change.rule.axis != "wire" for change, _ in found.entries):
        yield "\nNothing changes on the wire."
    if found.held:
        yield "\n**Hold for review.** These look like accidents; check them before importing:\n"
        for change in found.held:
            yield f"- {_says(change)} {_operations(change)}"
    for title, axis, sides in _SECTIONS:
        entries = [e for e in found.entries if e[0].rule.axis == axis and e[0].side in sides]
        if entries:
            yield f"\n## {title}"
            yield from _items(entries)
    if found.drift.noise:
        yield "\n## Noise\n"
        yield "Counted only: " + ", ".join(
            f"{number} × {reason}" for reason, number in sorted(found.drift.noise.items())
        )


def _groups(
    entries: list[tuple[Change, Affected]],
) -> Iterable[list[tuple[Change, Affected]]]:
    """What changed alike in several places belongs together."""
    groups: dict[str, list[tuple[Change, Affected]]] = {}
    for change, whom in entries:
        same = [change.kind, change.level, change.side, change.name, change.note, whom.handled]
        same += [_shown(change.before), _shown(change.after)]
        groups.setdefault(json.dumps(same), []).append((change, whom))
    return groups.values()


def _items(entries: list[tuple[Change, Affected]]) -> Iterator[str]:
    for group in _groups(entries):
        change, whom = group[0]
        held = " (hold)" if change.hold and not whom.handled else ""
        yield f"\n- **{whom.level(change).label}**{held}: {_says(change)}"
        for each, _ in group:
            where = f"in {_operations(each)}, at " if each.operations else "at "
            yield f"  - {where}{code(each.at, _LONG)}"
        yield from _values(change)
        names = dict.fromkeys(name for _, each in group for name in each.names)
        if whom.handled:
            yield f"  - handled: {whom.handled}"
        if not whom.known:
            yield "  - affects no operation of this client"
            continue
        if names:
            yield f"  - {'concerns' if whom.handled else 'affects'} {', '.join(map(code, names))}"
        if not whom.handled:
            yield f"  - to do: {change.rule.todo}"


def _says(change: Change) -> str:
    """The rule's sentence, with the name, and what is special here."""
    name = code(change.name) if change.name else "It" if change.side else "The operation"
    said = change.rule.says.format(name=name)
    return f"{said} {change.note}".strip()


def _operations(change: Change) -> str:
    return ", ".join(map(code, change.operations))


def _values(change: Change) -> Iterator[str]:
    """Before and after; the lines that differ, where both are long."""
    before, after = _shown(change.before), _shown(change.after)
    if before == after:
        return
    if min(len(before), len(after)) > SHORT // 2:
        yield from textwrap.indent(_difference(change.before, change.after), "    ").splitlines()
    else:
        yield f"  - before: {code(before) if before else '–'}"
        yield f"  - after: {code(after) if after else '–'}"


def _shown(value: Any) -> str:
    return "" if value is MISSING else json.dumps(value, ensure_ascii=False)


def _difference(before: Any, after: Any) -> str:
    """The lines in which two long values differ, as a block."""

    def lines(value: Any) -> list[str]:
        text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
        wrapped = (textwrap.wrap(safe(line), 96) or [""] for line in text.splitlines())
        return [line for part in wrapped for line in part]

    diff = list(difflib.unified_diff(lines(before), lines(after), lineterm="", n=1))[2:]
    shown = [line for line in diff[:_DIFF_LINES] if not line.startswith("@@")]
    if len(diff) > _DIFF_LINES:
        shown.append(f"… {len(diff) - _DIFF_LINES} more lines")
    return "\n".join(block(shown, "diff"))
