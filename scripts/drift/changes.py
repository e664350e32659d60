"""One change, and the collection of them while two documents are compared."""

import enum
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from scripts.documents import Document, Parts, pointer
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
        level: how bad it is in general; the rule's, unless something speaks for another.
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
        return self.rule.hold and self.level is Level.BREAKING

    @property
    def name(self) -> str:
        """``runs[].status``: what it is about, as a person says it."""
        return ".".join(self.path).replace(".[]", "[]").replace(".{}", "{}")


@dataclass
class Findings:
    """What was found so far, and what of both documents has been looked at.

    Attributes:
        judged_old, judged_new: places that need no further look, with all below them.
        aligned: where a place of the old document is to be found in the new one, if elsewhere.
        users: the operations that reach a component, by its place.
        noise: what is counted only, by reason.
    """

    changes: list[Change] = field(default_factory=list[Change])
    judged_old: set[Parts] = field(default_factory=set[Parts])
    judged_new: set[Parts] = field(default_factory=set[Parts])
    aligned: dict[Parts, list[Parts]] = field(default_factory=dict[Parts, list[Parts]])
    users: dict[Parts, dict[str, None]] = field(default_factory=dict[Parts, dict[str, None]])
    noise: Counter[str] = field(default_factory=Counter[str])

    def judge(self, *keys: str, old: Parts | None = None, new: Parts | None = None) -> None:
        """These keys at these places, or the places themselves, have been looked at."""
        for place, judged in ((old, self.judged_old), (new, self.judged_new)):
            if place is not None:
                judged.update((*place, key) for key in keys) if keys else judged.add(place)

    def align(self, old: Parts, new: Parts, document: Document) -> None:
        """Remember where to look for the words of what has moved, unless its place is as it was."""
        stays: Any = document
        for part in old:
            inside = isinstance(stays, dict) and part in stays
            stays = stays[part] if inside else None
        as_it_was = isinstance(stays, dict) and "$ref" not in stays
        homes = self.aligned.setdefault(old, []) if old != new and not as_it_was else [new]
        if new not in homes:
            homes.append(new)

    def add(self, kind: str, at: Parts, **details: Any) -> None:
        """A change of this kind; of the level of its rule, unless told otherwise."""
        details.setdefault("level", RULES[kind].level)
        self.changes.append(Change(kind, at=pointer(at), **details))


def united(changes: list[Change]) -> list[Change]:
    """The same change found in several operations becomes one with all of them; worst first."""
    found: dict[str, Change] = {}
    for change in changes:
        key = json.dumps(
            [change.kind, change.side, change.at, change.level, change.note]
            + [[value is MISSING, value] for value in (change.before, change.after)],
            default=str,
        )
        known = found.get(key)
        if known is None:
            found[key] = change
        else:
            operations = dict.fromkeys((*known.operations, *change.operations))
            found[key] = replace(known, operations=tuple(operations))
    # What no one sends or receives is not worth a line where the same place counts elsewhere.
    visible = {change.at for change in found.values() if change.kind != "out-of-sight"}
    kept = [c for c in found.values() if c.kind != "out-of-sight" or c.at not in visible]
    return sorted(kept, key=lambda change: (-change.level, not change.hold))
