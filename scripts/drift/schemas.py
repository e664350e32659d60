"""What changed between two schemas, seen from the side of a request or of an answer.

A request breaks where less is accepted, an answer where more may come.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scripts.documents import Parts
from scripts.drift.changes import MISSING, Drift, Side
from scripts.drift.markdown import code
from scripts.drift.normal import (
    WORDING,
    Fields,
    Place,
    Schema,
    is_number,
    is_untouched,
    same,
    used,
    without_words,
)

# With each limit, whether more of it allows more (1), less of it does (-1), or neither (0).
_LIMITS = {
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), 1),
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), -1),
    **dict.fromkeys(("pattern", "format", "multipleOf", "uniqueItems"), 0),
}
_EXCLUSIVE = {"maximum": "exclusiveMaximum", "minimum": "exclusiveMinimum"}
# What is compared by its meaning; every other keyword is compared as it stands.
_JUDGED = {
    *("$ref", "type", "nullable", "readOnly", "writeOnly", "deprecated", "enum", "const"),
    *("properties", "required", "items", "additionalProperties", "allOf", "anyOf", "oneOf"),
    *_LIMITS,
    *_EXCLUSIVE.values(),
}
_NOT_SENT = {"request": "readOnly", "response": "writeOnly"}
_HALF = 0.5


Path = tuple[str, ...]


@dataclass(frozen=True)
class _Pair:
    """Two schemas that stand in the same role; `path` is the way to them."""

    mine: Schema
    theirs: Schema
    path: Path

    def at(self, *keywords: str) -> Parts:
        """Where a keyword stands; in the old document, if it is gone."""
        return self.theirs.where(*keywords) or self.mine.where(*keywords) or self.theirs.home


@dataclass
class Comparison:
    """The walk through one operation; of its schemas, one side at a time.

    Attributes:
        touched: the components that differ, or lead to one that does.
        hidden: within a read-only part of a request or a write-only part of an answer.
    """

    found: Drift
    operation: str
    touched: set[Parts]
    side: Side = "request"
    hidden: bool = False
    _seen: set[tuple[Parts, Parts, str, bool]] = field(
        default_factory=set[tuple[Parts, Parts, str, bool]]
    )

    def add(self, kind: str, at: Parts, **details: Any) -> None:
        operations = {"operations": (self.operation,)} if self.operation else {}
        self.found.add(kind, at, **{**operations, **details})

    def rest(self, old: Fields, new: Fields, judged: set[str], only_words: bool = False) -> None:
        """Every keyword that is not judged elsewhere: words, extensions, and what has no rule."""
        for key in [key for key in dict.fromkeys((*old, *new)) if key not in judged]:
            mine, theirs = old.get(key, []), new.get(key, [])
            values = [_distinct(places) for places in (mine, theirs)]
            referred = any(used(place.value) & self.touched for place in (*mine, *theirs))
            if same(*values) and not referred:
                continue
            before, after = (found[-1] if found else MISSING for found in values)
            at = (theirs or mine)[-1].at
            meant = [[place.meaning for place in places] for places in (mine, theirs)]
            if key.startswith("x-"):
                self.found.noise["extensions (x-…)"] += 1
            elif _is_empty(before) and _is_empty(after):
                if key in WORDING:
                    self.found.noise["empty descriptions"] += 1
            elif key == "title" and at[0] in ("paths", "components"):
                self.add("title-changed", at, before=before, after=after)
            elif key in WORDING or (same(*meant) and not only_words):
                self.add("docs-changed", at, before=before, after=after)
            elif not only_words:
                self.add("unclassified", at, before=before, after=after, path=(str(at[-1]),))

    # Schemas

    def bodies(self, old: Place, new: Place) -> None:
        """Two bodies: of other types, or with little in common, they are not compared further."""
        if is_untouched(old, new, self.touched):
            return
        mine, theirs = Schema(old), Schema(new)
        before, after = mine.fields(), theirs.fields()
        strange = len(before) > 1 and 2 * len(before & after) < len(before)
        if strange or (mine.types and theirs.types and not mine.types & theirs.types):
            values = {"before": _summary(mine), "after": _summary(theirs)}
            self._emit("body-replaced", new.at, (), **values)
        else:
            self.compare(old, new, ())

    def compare(self, old: Place, new: Place, path: Path, null_is_said: bool = False) -> None:
        """Two schemas that stand in the same role; `path` is the way to them."""
        key = (old.at, new.at, self.side, self.hidden)
        if key in self._seen or is_untouched(old, new, self.touched):
            return
        self._seen.add(key)
        mine, theirs = Schema(old), Schema(new)
        pair = _Pair(mine, theirs, path)
        if mine.component != theirs.component and (mine.makes_a_class or theirs.makes_a_class):
            values = {"before": mine.component, "after": theirs.component}
            self.add("component-renamed", new.at, path=path, side=self.side, **values)
        was, now = mine.keyword("deprecated"), theirs.keyword("deprecated")
        self.deprecation(was, now, new.at, path=path, side=self.side)
        anything = any(s.types is None and not s.alternatives for s in (mine, theirs))
        if mine.nullable != theirs.nullable and not (anything or null_is_said):
            kind = "now-nullable" if theirs.nullable else "not-nullable"
            self._emit(kind, theirs.home, path, before=mine.nullable, after=theirs.nullable)
        listed = mine.enum is not None and theirs.enum is not None
        other = False
        if (mine.alternatives or theirs.alternatives) and not listed:
            self._alternatives(pair)
            # One without alternatives has been compared with a branch of the other.
            other = not (mine.alternatives and theirs.alternatives)
        other = other or self._types(pair)  # what else is said belongs to another type
        judged = _JUDGED | ({"default"} if self.side == "request" else set())
        self.rest(mine.stated, theirs.stated, judged, only_words=other)
        if not other:
            self._values(pair)
            self._limits(pair)
            self._properties(pair)
            self._below(pair)

    def deprecation(self, was: Any, now: Any, at: Parts, **details: Any) -> None:
        """Announced or taken back."""
        if bool(was) != bool(now):
            self.add("deprecated" if now else "deprecation-lifted", at, **details)

    def _emit(self, kind: str, at: Parts, path: Path, **details: Any) -> None:
        """A change of this side, which nobody sees where it is hidden."""
        kind = "out-of-sight" if self.hidden else f"{self.side}-{kind}"
        self.add(kind, at, path=path, side=self.side, **details)

    # Types and values

    def _types(self, pair: _Pair) -> bool:
        """Whether the two have so different types that nothing else can be compared."""
        old, new = pair.mine.types, pair.theirs.types
        if old == new:
            return False
        if new is None or (old is not None and old < new):
            kind = "type-widened"
        elif old is None or new < old:
            kind = "type-narrowed"
        else:
            kind = "type-changed"
        values = {"before": str(pair.mine), "after": str(pair.theirs)}
        self._emit(kind, pair.theirs.home, pair.path, **values)
        return kind == "type-changed" or None in (old, new)

    def _alternatives(self, pair: _Pair) -> None:
        """Pair the branches of `anyOf` and `oneOf`; a schema without them is its only branch."""
        old, new = list(pair.mine.split()), list(pair.theirs.split())
        for alike in _ALIKE:
            for branch in list(old):
                partner = next((o for o in new if alike(Schema(branch), Schema(o))), None)
                if partner is not None:
                    old.remove(branch)
                    new.remove(partner)
                    self.compare(branch, partner, pair.path, null_is_said=True)
        if old or new:
            kind = "changed" if old and new else "narrowed" if old else "widened"
            values = {"before": _either(old), "after": _either(new)}
            self._emit(f"type-{kind}", pair.theirs.home, pair.path, **values)

    def _values(self, pair: _Pair) -> None:
        old, new = pair.mine.enum, pair.theirs.enum
        values = {k: MISSING if v is None else v for k, v in (("before", old), ("after", new))}
        at = pair.at("const", "enum")
        if old is None or new is None:
            if old is not new:
                kind = "loosened" if new is None else "tightened"
                self._emit(kind, at, pair.path, **values)
            return
        for kind, what, one, other in (("shrunk", "Gone", old, new), ("grown", "New", new, old)):
            if only := [value for value in one if value not in other]:
                note = f"{what}: {', '.join(code(str(value)) for value in only)}."
                at = pair.theirs.where("const", "enum") or pair.theirs.home
                self._emit(f"enum-{kind}", at, pair.path, note=note, **values)

    def _limits(self, pair: _Pair) -> None:
        for keyword, direction in _LIMITS.items():
            old, new = pair.mine.limit(keyword), pair.theirs.limit(keyword)
            if old == new:
                continue
            if old is None or new is None:
                kind = "loosened" if new is None else "tightened"
            elif direction and (more := _is_more(new, old)) is not None:
                kind = "loosened" if more == (direction > 0) else "tightened"
            else:
                kind = "type-changed" if keyword == "format" else "limit-changed"
            at = pair.at(keyword, _EXCLUSIVE.get(keyword, ""))
            self._emit(kind, at, pair.path, before=_shown(old), after=_shown(new))
        if self.side == "request":  # in an answer it is a word
            both = pair.mine.stated, pair.theirs.stated
            old, new = (s["default"][-1].value if "default" in s else MISSING for s in both)
            if not same(old, new):
                at = pair.at("default")
                self._emit("default-changed", at, pair.path, before=old, after=new)

    # Properties

    def _properties(self, pair: _Pair) -> None:
        mine, theirs = pair.mine.properties, pair.theirs.properties
        old, new = self._sent(pair.mine), self._sent(pair.theirs)
        gone = {n: p for n, p in mine.items() if n in old and n not in new}
        added = {n: p for n, p in theirs.items() if n in new and n not in old}
        for before, after in _renames(gone, added).items():
            self._renamed(gone.pop(before), added.pop(after), (*pair.path, after))
        for name, place in gone.items():
            note = f"It has become {_NOT_SENT[self.side]}." * (name in theirs)
            path = (*pair.path, name)
            self._emit("property-removed", place.at, path, note=note, before=place.value)
        for name, place in added.items():
            note = f"It is no longer {_NOT_SENT[self.side]}." * (name in mine)
            needed = name in pair.theirs.required and self.side == "request"
            kind = f"property-{'required-' * needed}added"
            self._emit(kind, place.at, (*pair.path, name), note=note, after=place.value)
        for name in dict.fromkeys((*mine, *theirs)):
            path = (*pair.path, name)
            if name in mine and name in theirs:
                outside, self.hidden = self.hidden, self.hidden or not {name} <= old & new
                self._required(name, pair, theirs[name].at)
                self.compare(mine[name], theirs[name], path)
                self.hidden = outside
            elif name not in old | new:
                place = (mine | theirs)[name]
                value = {"before" if name in mine else "after": place.value}
                self.add("out-of-sight", place.at, path=path, side=self.side, **value)
        for name in sorted((pair.mine.required ^ pair.theirs.required) - {*mine, *theirs}):
            self._required(name, pair, pair.at("required"))

    def _required(self, name: str, pair: _Pair, at: Parts) -> None:
        was, now = name in pair.mine.required, name in pair.theirs.required
        if was != now:
            kind = "now-required" if now else "now-optional"
            self._emit(kind, at, (*pair.path, name), before=was, after=now)

    def _sent(self, schema: Schema) -> set[str]:
        """The properties that are sent on this side, but all where everything is hidden."""
        mark = _NOT_SENT[self.side]
        return {
            name
            for name, place in schema.properties.items()
            if self.hidden or Schema(place).keyword(mark) is not True
        }

    def _renamed(self, old: Place, new: Place, path: Path) -> None:
        names = str(old.at[-1]), str(new.at[-1])
        note = "{} is gone and {}, of the same type, is new: likely a rename."
        values = {"before": names[0], "after": names[1], "note": note.format(*map(code, names))}
        self._emit("property-renamed", new.at, path, **values)
        self.compare(old, new, path)

    def _below(self, pair: _Pair) -> None:
        """Items, and other properties than the named ones."""
        mine, theirs = pair.mine, pair.theirs
        for keyword, step in (("items", "[]"), ("additionalProperties", "{}")):
            if step == "{}" and mine.closed != theirs.closed:
                kind = "loosened" if mine.closed else "tightened"
                values = {"before": not mine.closed, "after": not theirs.closed}
                self._emit(kind, pair.at(keyword), pair.path, **values)
            elif keyword in mine.stated or keyword in theirs.stated:
                self.compare(mine.below(keyword), theirs.below(keyword), (*pair.path, step))


# How the branches of two schemas are paired, the surest way first.
_ALIKE: tuple[Callable[[Schema, Schema], bool], ...] = (
    lambda one, other: same(*(without_words(schema.place.value) for schema in (one, other))),
    lambda one, other: one.component == other.component is not None,
    lambda one, other: one.types == other.types,
)


def _distinct(places: list[Place]) -> list[Any]:
    found: list[Any] = []
    for place in places:
        if not any(same(place.value, known) for known in found):
            found.append(place.value)
    return found


def _is_empty(value: Any) -> bool:
    return value is MISSING or value is None or value in ("", [], {}) or str(value).isspace()


def _is_more(one: Any, other: Any) -> bool | None:
    """Whether a limit is the greater one; None where the two cannot be compared."""
    pairs = isinstance(one, tuple) and isinstance(other, tuple)
    return one > other if pairs or (is_number(one) and is_number(other)) else None


def _shown(limit: Any) -> Any:
    """A limit as it stands in a document."""
    if limit is None:
        return MISSING
    value, strict = limit if isinstance(limit, tuple) else (limit, 0)
    return f"beyond {value}" if strict else value


def _renames(gone: dict[str, Place], added: dict[str, Place]) -> dict[str, str]:
    """Where one property of a type is gone, one is new, and their names or words are alike."""

    def by_type(places: dict[str, Place]) -> dict[tuple[Any, ...], list[str]]:
        found: dict[tuple[Any, ...], list[str]] = {}
        for name, place in places.items():
            schema = Schema(place)
            if schema.types:
                found.setdefault((str(schema), schema.nullable), []).append(name)
        return found

    old, new = by_type(gone), by_type(added)
    return {
        names[0]: new[kind][0]
        for kind, names in old.items()
        if len(names) == len(new.get(kind, ())) == 1 and _alike(gone[names[0]], added[new[kind][0]])
    }


def _alike(one: Place, other: Place) -> bool:
    before, after = str(one.at[-1]).lower(), str(other.at[-1]).lower()
    words = [Schema(place).keyword("description") for place in (one, other)]
    ratio = difflib.SequenceMatcher(None, before, after).ratio()
    prefix = before.startswith(after) or after.startswith(before)
    return ratio > _HALF or prefix or (words[0] == words[1] and bool(words[0]))


def _summary(schema: Schema) -> Any:
    return {"schema": str(schema), "properties": sorted(schema.fields())}


def _either(branches: list[Place]) -> Any:
    return " or ".join(str(Schema(branch)) for branch in branches) if branches else MISSING
