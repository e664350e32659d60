"""What changed between two schemas, seen from the side of a request or of an answer.

A request breaks where less is accepted, an answer where more may come.
"""

import difflib
from dataclasses import dataclass, field
from typing import Any

from scripts.documents import Parts
from scripts.drift.changes import MISSING, Findings, Side
from scripts.drift.markdown import code
from scripts.drift.rules import Level
from scripts.drift.views import Place, View, shape

# What a `View` sees through. Other keywords are judged where they are compared, and what is judged
# nowhere is for `leftovers`.
_SEEN = ("$ref", "type", "nullable", "readOnly", "writeOnly")

# With each limit, whether more of it allows more (1), less of it does (-1), or neither (0).
_LIMITS = {
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), 1),
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), -1),
    **dict.fromkeys(("pattern", "format", "multipleOf", "uniqueItems"), 0),
}
_NOT_SENT = {"request": "readOnly", "response": "writeOnly"}
_HALF = 0.5


@dataclass
class Comparison:
    """The walk through the schemas of one side of one operation.

    Attributes:
        hidden: within a read-only part of a request or a write-only part of an answer.
    """

    findings: Findings
    operation: str
    side: Side
    hidden: bool = False
    _seen: set[tuple[Parts, Parts, bool]] = field(default_factory=set[tuple[Parts, Parts, bool]])

    def bodies(self, old: Place, new: Place) -> None:
        """Two bodies: another component, or little in common, is another body altogether."""
        mine, theirs = View(old), View(new)
        names = {mine.component, theirs.component}
        common = mine.properties.keys() & theirs.properties.keys()
        strange = len(mine.properties) > 1 and len(common) < len(mine.properties) / 2
        differ = shape(old.resolved().value) != shape(new.resolved().value)
        if strange or (len(names) > 1 and None not in names and differ):
            self._emit(f"{self.side}-body-replaced", new.at, (), _summary(mine), _summary(theirs))
        self.compare(old, new, ())

    def compare(
        self, old: Place, new: Place, path: tuple[str, ...], null_is_said: bool = False
    ) -> None:
        """Two schemas that stand in the same role; `path` is the way to them."""
        if (old.at, new.at, self.hidden) in self._seen:
            return
        self._seen.add((old.at, new.at, self.hidden))
        mine, theirs = View(old), View(new)
        self._look_at(mine, theirs)
        if mine.component != theirs.component:
            self._emit("component-renamed", new.at, path, mine.component, theirs.component)
        known_types = None not in (mine.types, theirs.types)
        if known_types and mine.nullable != theirs.nullable and not null_is_said:
            kind = "now-nullable" if theirs.nullable else "not-nullable"
            self._emit(f"{self.side}-{kind}", new.at, path, mine.nullable, theirs.nullable)
        listed = mine.enum is not None and theirs.enum is not None
        if (mine.alternatives or theirs.alternatives) and not listed:
            self._alternatives(mine, theirs, path)
            if not (mine.alternatives and theirs.alternatives):
                return  # the one without has been compared with a branch of the other
        self._types(mine, theirs, path)
        self._values(mine, theirs, path)
        self._limits(mine, theirs, path)
        self._default(mine, theirs, path)
        self._properties(mine, theirs, path)
        if mine.types != theirs.types and known_types:
            for view, side in ((mine, "old"), (theirs, "new")):
                for conjunct in view.conjuncts:  # what is below belongs to another type
                    self.findings.judge("items", "additionalProperties", **{side: conjunct.at})
            return
        self._below("items", mine, theirs, (*path, "[]"))
        self._others(mine, theirs, path)

    def _look_at(self, mine: View, theirs: View) -> None:
        for view, side in ((mine, "old"), (theirs, "new")):
            for conjunct in view.conjuncts:
                places = {side: conjunct.at}
                self.findings.judge(*_SEEN, **places)
                for key in ("anyOf", "oneOf"):
                    for branch in conjunct.children(key):
                        if branch.value in ({"type": "null"}, {"enum": [None]}):
                            self.findings.judge(**{side: branch.at})
                self.findings.users.setdefault(conjunct.at[:3], {})[self.operation] = None
        self._align(mine.conjuncts[-1], theirs.conjuncts[-1])
        self._align(mine.conjuncts[0], theirs.conjuncts[0])

    def _judge(self, mine: View, theirs: View, *keywords: str) -> None:
        """These keywords are being compared here, in all schemas that the views are made of."""
        for conjunct in mine.conjuncts:
            self.findings.judge(*keywords, old=conjunct.at)
        for conjunct in theirs.conjuncts:
            self.findings.judge(*keywords, new=conjunct.at)

    def _align(self, old: Place, new: Place) -> None:
        """Remember where to look for the words of an old schema that has moved."""
        if old.at != new.at and old.at not in self.findings.aligned:
            stays: Any = new.document
            for part in old.at:
                inside = isinstance(stays, dict) and part in stays
                stays = stays[part] if inside else None
            if not isinstance(stays, dict) or "$ref" in stays:
                self.findings.aligned[old.at] = new.at

    def _emit(
        self,
        kind: str,
        at: Parts,
        path: tuple[str, ...],
        before: Any = MISSING,
        after: Any = MISSING,
        **details: Any,
    ) -> None:
        details |= {"before": before, "after": after, "path": path, "side": self.side}
        if self.hidden and not kind.startswith("component"):
            details.pop("level", None)
            kind = "out-of-sight"
        self.findings.add(kind, at, operations=(self.operation,), **details)

    def _narrower(self, wider: bool, at: Parts, path: tuple[str, ...], *values: Any) -> None:
        kind = "loosened" if wider else "tightened"
        self._emit(f"{self.side}-{kind}", at, path, *values)

    # Types

    def _types(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        old, new = _with_integers(mine.types), _with_integers(theirs.types)
        if old == new:
            return
        if new is None or (old is not None and old < new):
            kind = "type-widened"
        elif old is None or new < old:
            kind = "type-narrowed"
        else:
            kind = "type-changed"
        self._emit(f"{self.side}-{kind}", theirs.conjuncts[-1].at, path, str(mine), str(theirs))

    def _alternatives(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        """Pair the branches of `anyOf` and `oneOf`; a schema without them is its only branch."""
        old = list(mine.alternatives or [mine.place])
        new = list(theirs.alternatives or [theirs.place])
        for alike in (_same_shape, _same_name, _same_types):
            for branch in list(old):
                partner = next((other for other in new if alike(branch, other)), None)
                if partner is not None:
                    old.remove(branch)
                    new.remove(partner)
                    if isinstance(branch.at[-1], int):
                        self.findings.aligned.setdefault(branch.at, partner.at)
                    self.compare(branch, partner, path, null_is_said=True)
        for branch in old:
            self.findings.judge(old=branch.at)
        for branch in new:
            self.findings.judge(new=branch.at)
        if old or new:
            kind = "changed" if old and new else "narrowed" if old else "widened"
            values = (_either(old), _either(new))
            self._emit(f"{self.side}-type-{kind}", theirs.place.at, path, *values)

    def _values(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        self._judge(mine, theirs, "enum", "const")
        for view, side in ((mine, "old"), (theirs, "new")):
            for branch in view.alternatives if view.enum is not None else ():
                for conjunct in View(branch).conjuncts:
                    self.findings.judge(*_SEEN, "enum", "const", **{side: conjunct.at})
        if mine.types != theirs.types and mine.enum is not None and theirs.enum is not None:
            return  # said already
        old, new, at = mine.enum, theirs.enum, (*theirs.conjuncts[-1].at, "enum")
        if old is None or new is None:
            if old != new:
                before = MISSING if old is None else old
                after = MISSING if new is None else new
                self._narrower(new is None, at, path, before, after)
            return
        if gone := [value for value in old if value not in new]:
            self._emit(f"{self.side}-enum-shrunk", at, path, old, new, note=_listing("Gone", gone))
        if added := [value for value in new if value not in old]:
            self._emit(f"{self.side}-enum-grown", at, path, old, new, note=_listing("New", added))

    def _limits(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        self._judge(mine, theirs, *_LIMITS)
        for keyword, direction in _LIMITS.items():
            old, new = _limit(mine, keyword), _limit(theirs, keyword)
            if old == new:
                continue
            at = (*theirs.conjuncts[-1].at, keyword)
            values = (MISSING if old is None else old, MISSING if new is None else new)
            if old is None or new is None:
                self._narrower(new is None, at, path, *values)
            elif direction and all(isinstance(v, int | float) for v in (old, new)):
                self._narrower((new > old) == (direction > 0), at, path, *values)
            elif keyword == "format":
                self._emit(f"{self.side}-type-changed", at, path, *values)
            else:
                self._emit(f"{self.side}-limit-changed", at, path, *values)

    def _default(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        def default(view: View) -> Any:
            return next(
                (c.value["default"] for c in reversed(view.conjuncts) if "default" in c.value),
                MISSING,
            )

        if self.side == "response":
            return  # there it is a word
        self._judge(mine, theirs, "default")
        old, new = default(mine), default(theirs)
        if (old, type(old)) != (new, type(new)):
            at = (*theirs.conjuncts[-1].at, "default")
            self._emit("request-default-changed", at, path, old, new)

    # Properties

    def _properties(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        self._judge(mine, theirs, "required")
        old, new = self._sent(mine), self._sent(theirs)
        gone = {n: p for n, p in mine.properties.items() if n in old and n not in new}
        added = {n: p for n, p in theirs.properties.items() if n in new and n not in old}
        for before, after in _renames(gone, added).items():
            self._renamed(gone.pop(before), added.pop(after), after in theirs.required, path)
        for name, place in gone.items():
            became = theirs.properties.get(name)
            note = f"It has become {_NOT_SENT[self.side]}." if became else ""
            if not became:
                self.findings.judge(old=place.at)
            values = (place.value, MISSING)
            self._emit(f"{self.side}-property-removed", place.at, (*path, name), *values, note=note)
        for name, place in added.items():
            was = mine.properties.get(name)
            note = f"It is no longer {_NOT_SENT[self.side]}." if was else ""
            if not was:
                self.findings.judge(new=place.at)
            needed = name in theirs.required and self.side == "request"
            kind = "property-required-added" if needed else "property-added"
            values = (MISSING, place.value)
            self._emit(f"{self.side}-{kind}", place.at, (*path, name), *values, note=note)
        for name in mine.properties.keys() & theirs.properties.keys():
            self._shared(name, mine, theirs, name in old and name in new, path)

    def _shared(
        self, name: str, mine: View, theirs: View, sent: bool, path: tuple[str, ...]
    ) -> None:
        """A property that is in both, and is sent on this side, or not."""
        outside, self.hidden = self.hidden, self.hidden or not sent
        place, inside = theirs.properties[name], (*path, name)
        was, now = name in mine.required, name in theirs.required
        if was != now:
            kind = "now-required" if now else "now-optional"
            self._emit(f"{self.side}-{kind}", place.at, inside, was, now)
        self.compare(mine.properties[name], place, inside)
        self.hidden = outside

    def _sent(self, view: View) -> set[str]:
        """The properties that are sent on this side, but all where everything is hidden."""
        mark = _NOT_SENT[self.side]
        return {
            name
            for name, place in view.properties.items()
            if self.hidden or View(place).keyword(mark) is not True
        }

    def _renamed(self, old: Place, new: Place, required: bool, path: tuple[str, ...]) -> None:
        before, after = str(old.at[-1]), str(new.at[-1])
        sure = _alike(before, after) or _words(old) == _words(new) != ""
        level = {} if sure and not required else {"level": Level.BREAKING}
        self.findings.judge(old=old.at)
        self.findings.judge(new=new.at)
        self._emit(
            f"{self.side}-property-renamed",
            new.at,
            (*path, after),
            before,
            after,
            note=f"{code(before)} is gone and {code(after)}, of the same type, has come: "
            "likely a rename.",
            **level,
        )
        self.compare(old, new, (*path, after))

    # Below

    def _below(self, keyword: str, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        if any(isinstance(v.keyword(keyword), dict) for v in (mine, theirs)):
            old, new = mine.below(keyword), theirs.below(keyword)
            for place, side in ((old, "old"), (new, "new")):
                if not place.value:
                    self.findings.judge(**{side: place.at})
            self.compare(old, new, path)

    def _others(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        for view, side in ((mine, "old"), (theirs, "new")):
            for conjunct in view.conjuncts:
                if isinstance(conjunct.value.get("additionalProperties"), bool):
                    self.findings.judge("additionalProperties", **{side: conjunct.at})
        if mine.closed != theirs.closed:
            at = (*theirs.conjuncts[-1].at, "additionalProperties")
            self._narrower(mine.closed, at, path, not mine.closed, not theirs.closed)
        else:
            self._below("additionalProperties", mine, theirs, (*path, "{}"))


def _same_shape(one: Place, other: Place) -> bool:
    return shape(one.value) == shape(other.value)


def _same_name(one: Place, other: Place) -> bool:
    return View(one).component == View(other).component is not None


def _same_types(one: Place, other: Place) -> bool:
    return View(one).types == View(other).types


def _with_integers(types: frozenset[str] | None) -> frozenset[str] | None:
    return types | {"integer"} if types and "number" in types else types


def _limit(view: View, keyword: str) -> Any:
    """A limit; in 3.0, exclusiveMinimum was a word about minimum."""
    value = view.keyword(keyword)
    if keyword in ("minimum", "maximum"):
        exclusive = view.keyword("exclusive" + keyword.capitalize())
        return None if exclusive is True else value
    if keyword.startswith("exclusive") and isinstance(value, bool):
        return view.keyword(keyword.removeprefix("exclusive").lower()) if value else None
    if keyword == "uniqueItems":
        return value or None
    return value


def _renames(gone: dict[str, Place], added: dict[str, Place]) -> dict[str, str]:
    """Where just one property of a type has gone and just one of that type has come."""

    def by_type(places: dict[str, Place]) -> dict[tuple[Any, ...], list[str]]:
        found: dict[tuple[Any, ...], list[str]] = {}
        for name, place in places.items():
            view = View(place)
            found.setdefault((str(view), view.types, view.nullable), []).append(name)
        return found

    old, new = by_type(gone), by_type(added)
    return {
        old[kind][0]: new[kind][0]
        for kind in old.keys() & new.keys()
        if len(old[kind]) == len(new[kind]) == 1 and kind[1] is not None
    }


def _alike(one: str, other: str) -> bool:
    ratio = difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()
    return ratio > _HALF or one.startswith(other) or other.startswith(one)


def _words(place: Place) -> str:
    value = place.resolved().value
    return str(value.get("description", "")) if isinstance(value, dict) else ""


def _summary(view: View) -> Any:
    return {"schema": str(view), "properties": sorted(view.properties)}


def _either(branches: list[Place]) -> Any:
    return " or ".join(str(View(branch)) for branch in branches) if branches else MISSING


def _listing(what: str, values: list[Any]) -> str:
    return f"{what}: {', '.join(code(str(value)) for value in values)}."
