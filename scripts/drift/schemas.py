"""What changed between two schemas, seen from the side of a request or of an answer.

A request breaks where less is accepted, an answer where more may come.
"""

import difflib
from dataclasses import dataclass, field
from typing import Any

from scripts.documents import Parts
from scripts.drift.changes import MISSING, Findings, Side
from scripts.drift.markdown import code
from scripts.drift.normal import (
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


@dataclass
class Comparison:
    """The walk through one operation; of its schemas, one side at a time.

    Attributes:
        touched: the components that differ, or lead to one that does.
        hidden: within a read-only part of a request or a write-only part of an answer.
    """

    findings: Findings
    operation: str
    touched: set[Parts]
    side: Side = "request"
    hidden: bool = False
    _seen: set[tuple[Parts, Parts, str, bool]] = field(
        default_factory=set[tuple[Parts, Parts, str, bool]]
    )

    def add(self, kind: str, at: Parts, **details: Any) -> None:
        operations = (self.operation,) if self.operation else ()
        self.findings.add(kind, at, operations=operations, **details)

    def rest(self, old: Fields, new: Fields, judged: set[str], only_words: bool = False) -> None:
        """Every keyword that is not judged elsewhere: words, extensions, and what has no rule."""
        for key in dict.fromkeys((*old, *new)):
            if key in judged:
                continue
            mine, theirs = old.get(key, []), new.get(key, [])
            values = [_distinct(places) for places in (mine, theirs)]
            referred = any(used(place.value) & self.touched for place in (*mine, *theirs))
            if same(*values) and not referred:
                continue
            before, after = (found[-1] if found else MISSING for found in values)
            at = (theirs or mine)[-1].at
            if key.startswith("x-"):
                self.findings.noise["extensions (x-…)"] += 1
            elif key in _WORDING:
                self._word(key, at, before, after)
            elif not only_words and not (_is_empty(before) and _is_empty(after)):
                self._unknown(mine, theirs, before, after, at)

    def _word(self, key: str, at: Parts, before: Any, after: Any) -> None:
        if _is_empty(before) and _is_empty(after):
            self.findings.noise["empty descriptions"] += 1
        else:
            surface = key == "title" and at[0] in ("paths", "components")
            kind = "title-changed" if surface else "docs-changed"
            self.add(kind, at, before=before, after=after)

    def _unknown(
        self, mine: list[Place], theirs: list[Place], before: Any, after: Any, at: Parts
    ) -> None:
        bare = [[place.meaning for place in places] for places in (mine, theirs)]
        values = {"before": before, "after": after}
        if same(*bare):
            self.add("docs-changed", at, **values)
        else:
            self.add("unclassified", at, path=(str(at[-1]),), **values)

    # Schemas

    def bodies(self, old: Place, new: Place) -> None:
        """Two bodies: of other types, or with little in common, they are not compared further."""
        mine, theirs = Schema(old), Schema(new)
        before, after = mine.fields(), theirs.fields()
        strange = len(before) > 1 and 2 * len(before & after) < len(before)
        if strange or (mine.types and theirs.types and not mine.types & theirs.types):
            values = {"before": _summary(mine), "after": _summary(theirs)}
            self._emit(f"{self.side}-body-replaced", new.at, (), **values)
        else:
            self.compare(old, new, ())

    def compare(
        self, old: Place, new: Place, path: tuple[str, ...], null_is_said: bool = False
    ) -> None:
        """Two schemas that stand in the same role; `path` is the way to them."""
        key = (old.at, new.at, self.side, self.hidden)
        if key in self._seen or is_untouched(old, new, self.touched):
            return
        self._seen.add(key)
        mine, theirs = Schema(old), Schema(new)
        if mine.component != theirs.component and (mine.makes_a_class or theirs.makes_a_class):
            values = {"before": mine.component, "after": theirs.component}
            self._emit("component-renamed", new.at, path, **values)
        self.deprecation(bool(mine.keyword("deprecated")), theirs.keyword("deprecated"), new, path)
        anything = any(s.types is None and not s.alternatives for s in (mine, theirs))
        if mine.nullable != theirs.nullable and not (anything or null_is_said):
            kind = "now-nullable" if theirs.nullable else "not-nullable"
            values = {"before": mine.nullable, "after": theirs.nullable}
            self._emit(f"{self.side}-{kind}", theirs.home, path, **values)
        listed = mine.enum is not None and theirs.enum is not None
        if (mine.alternatives or theirs.alternatives) and not listed:
            self._alternatives(mine, theirs, path)
            if not (mine.alternatives and theirs.alternatives):
                # The one without has been compared with a branch of the other.
                self._stated(mine, theirs, only_words=True)
                return
        others = self._types(mine, theirs, path)
        self._stated(mine, theirs, only_words=others)
        if others:
            return  # what else is said belongs to another type
        self._values(mine, theirs, path)
        self._limits(mine, theirs, path)
        self._properties(mine, theirs, path)
        self._below("items", mine, theirs, (*path, "[]"))
        if mine.closed == theirs.closed:
            self._below("additionalProperties", mine, theirs, (*path, "{}"))
        else:
            kind = "loosened" if mine.closed else "tightened"
            values = {"before": not mine.closed, "after": not theirs.closed}
            self._said(kind, ("additionalProperties",), mine, theirs, path, **values)

    def deprecation(self, before: bool, after: Any, place: Place, path: tuple[str, ...]) -> None:
        """Announced or taken back."""
        if before != bool(after):
            self._emit("deprecation-lifted" if before else "deprecated", place.at, path)

    def _stated(self, mine: Schema, theirs: Schema, only_words: bool) -> None:
        judged = _JUDGED | ({"default"} if self.side == "request" else set())
        self.rest(mine.stated, theirs.stated, judged, only_words)

    def _emit(self, kind: str, at: Parts, path: tuple[str, ...], **details: Any) -> None:
        if self.hidden and not kind.startswith("component"):
            kind = "out-of-sight"
        self.add(kind, at, path=path, side=self.side, **details)

    def _said(
        self,
        kind: str,
        keywords: tuple[str, ...],
        mine: Schema,
        theirs: Schema,
        path: tuple[str, ...],
        **values: Any,
    ) -> None:
        """A change of a keyword, at its place; in the old document, if it is gone."""
        at = theirs.where(*keywords) or mine.where(*keywords) or theirs.home
        self._emit(f"{self.side}-{kind}", at, path, **values)

    # Types and values

    def _types(self, mine: Schema, theirs: Schema, path: tuple[str, ...]) -> bool:
        """Whether the two have so different types that nothing else can be compared."""
        old, new = mine.types, theirs.types
        if old == new:
            return False
        if new is None or (old is not None and old < new):
            kind = "type-widened"
        elif old is None or new < old:
            kind = "type-narrowed"
        else:
            kind = "type-changed"
        values = {"before": str(mine), "after": str(theirs)}
        self._emit(f"{self.side}-{kind}", theirs.home, path, **values)
        return kind == "type-changed" or None in (old, new)

    def _alternatives(self, mine: Schema, theirs: Schema, path: tuple[str, ...]) -> None:
        """Pair the branches of `anyOf` and `oneOf`; a schema without them is its only branch."""
        old, new = list(mine.split()), list(theirs.split())
        for alike in (
            lambda a, b: without_words(a.place.value) == without_words(b.place.value),
            lambda a, b: a.component == b.component is not None,
            lambda a, b: a.types == b.types,
        ):
            for branch in list(old):
                partner = next((o for o in new if alike(Schema(branch), Schema(o))), None)
                if partner is not None:
                    old.remove(branch)
                    new.remove(partner)
                    self.compare(branch, partner, path, null_is_said=True)
        if old or new:
            kind = "changed" if old and new else "narrowed" if old else "widened"
            values = {"before": _either(old), "after": _either(new)}
            self._emit(f"{self.side}-type-{kind}", theirs.home, path, **values)

    def _values(self, mine: Schema, theirs: Schema, path: tuple[str, ...]) -> None:
        old, new = mine.enum, theirs.enum
        keywords = ("const", "enum")
        if old is None or new is None:
            if old != new:
                kind = "loosened" if new is None else "tightened"
                values = {"before": MISSING if old is None else old}
                values |= {"after": MISSING if new is None else new}
                self._said(kind, keywords, mine, theirs, path, **values)
            return
        both = {"before": old, "after": new}
        if gone := [value for value in old if value not in new]:
            note = _listing("Gone", gone)
            self._said("enum-shrunk", keywords, theirs, theirs, path, note=note, **both)
        if added := [value for value in new if value not in old]:
            note = _listing("New", added)
            self._said("enum-grown", keywords, theirs, theirs, path, note=note, **both)

    def _limits(self, mine: Schema, theirs: Schema, path: tuple[str, ...]) -> None:
        for keyword, direction in _LIMITS.items():
            old, new = mine.limit(keyword), theirs.limit(keyword)
            if old == new:
                continue
            if old is None or new is None:
                kind = "loosened" if new is None else "tightened"
            elif direction and (more := _is_more(new, old)) is not None:
                kind = "loosened" if more == (direction > 0) else "tightened"
            else:
                kind = "type-changed" if keyword == "format" else "limit-changed"
            values = {"before": _shown(old), "after": _shown(new)}
            keywords = (keyword, _EXCLUSIVE.get(keyword, ""))
            self._said(kind, keywords, mine, theirs, path, **values)
        if self.side == "request":  # in an answer it is a word
            before, after = (
                schema.keyword("default") if "default" in schema.stated else MISSING
                for schema in (mine, theirs)
            )
            if not same(before, after):
                values = {"before": before, "after": after}
                self._said("default-changed", ("default",), mine, theirs, path, **values)

    # Properties

    def _properties(self, mine: Schema, theirs: Schema, path: tuple[str, ...]) -> None:
        old, new = self._sent(mine), self._sent(theirs)
        gone = {n: p for n, p in mine.properties.items() if n in old and n not in new}
        added = {n: p for n, p in theirs.properties.items() if n in new and n not in old}
        for before, after in _renames(gone, added).items():
            self._renamed(gone.pop(before), added.pop(after), (*path, after))
        for name, place in gone.items():
            note = f"It has become {_NOT_SENT[self.side]}." * (name in theirs.properties)
            self._one_sided("property-removed", place, path, note, before=place.value)
        for name, place in added.items():
            note = f"It is no longer {_NOT_SENT[self.side]}." * (name in mine.properties)
            needed = name in theirs.required and self.side == "request"
            kind = f"property-{'required-' * needed}added"
            self._one_sided(kind, place, path, note, after=place.value)
        for name, place in mine.properties.items():
            if name in theirs.properties:
                self._shared(name, mine, theirs, name in old and name in new, path)
            elif name not in old:
                self._emit("out-of-sight", place.at, (*path, name), before=place.value)
        for name, place in theirs.properties.items():
            if name not in mine.properties and name not in new:
                self._emit("out-of-sight", place.at, (*path, name), after=place.value)
        named = mine.properties.keys() | theirs.properties.keys()
        for name in sorted((mine.required ^ theirs.required) - named):
            self._required(name, mine, theirs, path, theirs.where("required"))

    def _one_sided(
        self, kind: str, place: Place, path: tuple[str, ...], note: str, **value: Any
    ) -> None:
        inside = (*path, str(place.at[-1]))
        self._emit(f"{self.side}-{kind}", place.at, inside, note=note, **value)

    def _required(
        self, name: str, mine: Schema, theirs: Schema, path: tuple[str, ...], at: Parts | None
    ) -> None:
        was, now = name in mine.required, name in theirs.required
        if was != now:
            kind = "now-required" if now else "now-optional"
            at = at or mine.where("required") or theirs.home
            self._emit(f"{self.side}-{kind}", at, (*path, name), before=was, after=now)

    def _shared(
        self, name: str, mine: Schema, theirs: Schema, sent: bool, path: tuple[str, ...]
    ) -> None:
        """A property that is in both, and is sent on this side, or not."""
        outside, self.hidden = self.hidden, self.hidden or not sent
        place = theirs.properties[name]
        self._required(name, mine, theirs, path, place.at)
        self.compare(mine.properties[name], place, (*path, name))
        self.hidden = outside

    def _sent(self, schema: Schema) -> set[str]:
        """The properties that are sent on this side, but all where everything is hidden."""
        mark = _NOT_SENT[self.side]
        return {
            name
            for name, place in schema.properties.items()
            if self.hidden or Schema(place).keyword(mark) is not True
        }

    def _renamed(self, old: Place, new: Place, path: tuple[str, ...]) -> None:
        before, after = str(old.at[-1]), str(new.at[-1])
        note = (
            f"{code(before)} is gone and {code(after)}, of the same type, is new: likely a rename."
        )
        values = {"before": before, "after": after, "note": note}
        self._emit(f"{self.side}-property-renamed", new.at, path, **values)
        self.compare(old, new, path)

    def _below(self, keyword: str, mine: Schema, theirs: Schema, path: tuple[str, ...]) -> None:
        if keyword in mine.stated or keyword in theirs.stated:
            self.compare(mine.below(keyword), theirs.below(keyword), path)


_WORDING = {
    *("description", "title", "summary", "example", "examples", "externalDocs", "default"),
    *("xml", "$comment"),
}


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


def _listing(what: str, values: list[Any]) -> str:
    return f"{what}: {', '.join(code(str(value)) for value in values)}."
