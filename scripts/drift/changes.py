"""One change, and the collection of them while two documents are compared."""

import enum
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from scripts.documents import Parts, pointer
from scripts.drift.rules import RULES, Level, Rule

Side = Literal["request", "response"]


class _Missing(enum.Enum):
    MISSING = "missing"


#: What stands for a value that is not there; null is a value.
MISSING = _Missing.MISSING


@dataclass(frozen=True)
class Change:
    """A difference between two documents that someone may have to know of.

    Attributes:
        kind: a key of `RULES`.
        level: how bad it is in general; the rule's.
        at: JSON pointer; into the new document, or into the old one if it is gone there.
        before, after: the values there; MISSING where there is none.
        side: what it is part of, for changes of schemas, bodies and parameters.
        path: the way to it from the body or from the parameters, as ``("runs", "[]", "status")``.
        operations: as ``POST /path/``; empty for what belongs to the whole document.
        note: what the rule alone does not say, in Markdown.
    """

    kind: str
    level: Level
    at: str
    before: Any = MISSING
    after: Any = MISSING
    side: Side | None = None
    path: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    note: str = ""

    @property
    def rule(self) -> Rule:
        return RULES[self.kind]

    @property
    def hold(self) -> bool:
        """Whether it looks like an accident of the vendor, which a person must look at."""
        return self.rule.hold

    @property
    def name(self) -> str:
        """``runs[].status``: what it is about, as a person says it."""
        return ".".join(self.path).replace(".[]", "[]").replace(".{}", "{}")


@dataclass
class Drift:
    """What was found; `noise` is counted only, by reason."""

    changes: list[Change] = field(default_factory=list[Change])
    noise: Counter[str] = field(default_factory=Counter[str])

    def add(self, kind: str, at: Parts, **details: Any) -> None:
        """A change of this kind, of the level of its rule."""
        self.changes.append(Change(kind, RULES[kind].level, pointer(at), **details))


def united(changes: list[Change]) -> list[Change]:
    """The same change found in several operations becomes one with all of them; worst first."""
    found: dict[str, Change] = {}
    for change in changes:
        key = [change.kind, change.side, change.at, change.level, change.note]
        values = [[value is MISSING, value] for value in (change.before, change.after)]
        same = json.dumps([*key, *values], default=str)
        known = found.get(same, change)
        operations = tuple(dict.fromkeys((*known.operations, *change.operations)))
        found[same] = replace(known, operations=operations)
    # What no one sends or receives is not worth a line where the same place counts elsewhere.
    visible = {change.at for change in found.values() if change.kind != "out-of-sight"}
    kept = [c for c in found.values() if c.kind != "out-of-sight" or c.at not in visible]
    return sorted(kept, key=lambda change: (-change.level, not change.hold))
