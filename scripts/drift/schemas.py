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
from scripts.drift.views import ANNOTATIONS, Place, View, is_null, shape

# What a `View` sees through. Other keywords are judged where they are compared, and what is judged
# nowhere is for `leftovers`.
_SEEN = ("$ref", "type", "nullable", "readOnly", "writeOnly")

# With each limit, whether more of it allows more (1), less of it does (-1), or neither (0).
_LIMITS = {
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), 1),
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), -1),
    **dict.fromkeys(("pattern", "format", "multipleOf", "uniqueItems"), 0),
}
_EXCLUSIVE = {"maximum": "exclusiveMaximum", "minimum": "exclusiveMinimum"}
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
        if strange or (len(names) > 1 and None not in names and self._differ(old, new)):
            values = {"before": _summary(mine), "after": _summary(theirs)}
            self._emit(f"{self.side}-body-replaced", new.at, (), **values)
        self.compare(old, new, ())

    def _differ(self, old: Place, new: Place) -> bool:
        """Whether anything but names and words is different."""
        trial = Comparison(Findings(), self.operation, self.side)
        trial.compare(old, new, ())
        return any(change.rule.axis == "wire" for change in trial.findings.changes)

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
            values = {"before": mine.component, "after": theirs.component}
            self._emit("component-renamed", new.at, path, **values)
        if not (mine.is_anything or theirs.is_anything or null_is_said):
            self._nulls(mine, theirs, path)
        listed = mine.enum is not None and theirs.enum is not None
        if (mine.alternatives or theirs.alternatives) and not listed:
            self._alternatives(mine, theirs, path)
            if not (mine.alternatives and theirs.alternatives):
                return  # the one without has been compared with a branch of the other
        if self._types(mine, theirs, path):
            self._judge_all(mine, theirs)
            return  # what else is said belongs to another type
        self._values(mine, theirs, path)
        self._limits(mine, theirs, path)
        self._default(mine, theirs, path)
        self._properties(mine, theirs, path)
        self._below("items", mine, theirs, (*path, "[]"))
        self._others(mine, theirs, path)

    def _look_at(self, mine: View, theirs: View) -> None:
        for view, side in ((mine, "old"), (theirs, "new")):
            for conjunct in view.conjuncts:
                self.findings.judge(*_SEEN, **{side: conjunct.at})
                for key in ("anyOf", "oneOf"):
                    for branch in conjunct.children(key):
                        if is_null(branch):
                            self.findings.judge(**{side: branch.at})
                self.findings.users.setdefault(conjunct.at[:3], {})[self.operation] = None
        self.findings.align(mine.conjuncts[-1].at, theirs.conjuncts[-1].at, theirs.place.document)
        self.findings.align(mine.conjuncts[0].at, theirs.conjuncts[0].at, theirs.place.document)

    def _judge(self, mine: View, theirs: View, *keywords: str) -> None:
        """These keywords are being compared here, in all schemas that the views are made of."""
        for conjunct in mine.conjuncts:
            self.findings.judge(*keywords, old=conjunct.at)
        for conjunct in theirs.conjuncts:
            self.findings.judge(*keywords, new=conjunct.at)

    def _judge_all(self, mine: View, theirs: View) -> None:
        """Everything that the two say but their words."""
        keywords = {key for view in (mine, theirs) for c in view.conjuncts for key in c.value}
        self._judge(mine, theirs, *(keywords - ANNOTATIONS))

    def _emit(
        self,
        kind: str,
        at: Parts,
        path: tuple[str, ...],
        **details: Any,
    ) -> None:
        details |= {"path": path, "side": self.side}
        if self.hidden and not kind.startswith("component"):
            details.pop("level", None)
            kind = "out-of-sight"
        self.findings.add(kind, at, operations=(self.operation,), **details)

    def _said(
        self, kind: str, keyword: str, mine: View, theirs: View, path: tuple[str, ...], *values: Any
    ) -> None:
        """A change of a keyword, at its place; in the old document, if it is gone."""
        at = theirs.where(keyword) or mine.where(keyword) or theirs.home
        before, after = values
        self._emit(f"{self.side}-{kind}", at, path, before=before, after=after)

    # Types

    def _nulls(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        if mine.nullable != theirs.nullable:
            kind = "now-nullable" if theirs.nullable else "not-nullable"
            values = {"before": mine.nullable, "after": theirs.nullable}
            self._emit(f"{self.side}-{kind}", theirs.home, path, **values)

    def _types(self, mine: View, theirs: View, path: tuple[str, ...]) -> bool:
        """Whether the two have so different types that nothing else can be compared."""
        old, new = _with_integers(mine.types), _with_integers(theirs.types)
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

    def _alternatives(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        """Pair the branches of `anyOf` and `oneOf`; a schema without them is its only branch."""
        old, new = list(mine.split()), list(theirs.split())
        for alike in (_same_shape, _same_name, _same_types):
            for branch in list(old):
                partner = next((other for other in new if alike(branch, other)), None)
                if partner is not None:
                    old.remove(branch)
                    new.remove(partner)
                    self.findings.align(branch.at, partner.at, partner.document)
                    self.compare(branch, partner, path, null_is_said=True)
        for branch in old:
            self.findings.judge(old=branch.at)
        for branch in new:
            self.findings.judge(new=branch.at)
        if old or new:
            kind = "changed" if old and new else "narrowed" if old else "widened"
            values = {"before": _either(old), "after": _either(new)}
            self._emit(f"{self.side}-type-{kind}", theirs.home, path, **values)

    def _values(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        self._judge(mine, theirs, "enum", "const")
        for view, side in ((mine, "old"), (theirs, "new")):
            for branch in view.alternatives if view.enum is not None else ():
                for conjunct in View(branch).conjuncts:
                    self.findings.judge(*_SEEN, "enum", "const", **{side: conjunct.at})
        old, new = mine.enum, theirs.enum
        keyword = "const" if theirs.where("const") or mine.where("const") else "enum"
        if old is None or new is None:
            if old != new:
                kind = "loosened" if new is None else "tightened"
                values = (MISSING if old is None else old, MISSING if new is None else new)
                self._said(kind, keyword, mine, theirs, path, *values)
            return
        at = theirs.where(keyword) or theirs.home
        both = {"before": old, "after": new}
        if gone := [value for value in old if value not in new]:
            self._emit(f"{self.side}-enum-shrunk", at, path, note=_listing("Gone", gone), **both)
        if added := [value for value in new if value not in old]:
            self._emit(f"{self.side}-enum-grown", at, path, note=_listing("New", added), **both)

    def _limits(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        self._judge(mine, theirs, *_LIMITS, *_EXCLUSIVE.values())
        for keyword, direction in _LIMITS.items():
            old, new = _limit(mine, keyword), _limit(theirs, keyword)
            if old == new:
                continue
            shown = [MISSING if value is None else _shown(value) for value in (old, new)]
            if old is None or new is None:
                kind = "loosened" if new is None else "tightened"
            elif direction and (more := _is_more(new, old)) is not None:
                kind = "loosened" if more == (direction > 0) else "tightened"
            else:
                kind = "type-changed" if keyword == "format" else "limit-changed"
            present = [k for k in (keyword, _EXCLUSIVE.get(keyword, "")) if theirs.where(k)]
            present += [k for k in (keyword, _EXCLUSIVE.get(keyword, "")) if mine.where(k)]
            self._said(kind, present[0], mine, theirs, path, *shown)

    def _default(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        def default(view: View) -> Any:
            return view.keyword("default") if view.where("default") else MISSING

        if self.side == "response":
            return  # there it is a word
        self._judge(mine, theirs, "default")
        old, new = default(mine), default(theirs)
        if (old, type(old)) != (new, type(new)):
            self._said("default-changed", "default", mine, theirs, path, old, new)

    # Properties

    def _properties(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        self._judge(mine, theirs, "required")
        old, new = self._sent(mine), self._sent(theirs)
        gone = {n: p for n, p in mine.properties.items() if n in old and n not in new}
        added = {n: p for n, p in theirs.properties.items() if n in new and n not in old}
        for before, after in _renames(gone, added).items():
            self._renamed(gone.pop(before), added.pop(after), after in theirs.required, path)
        for name, place in gone.items():
            became = name in theirs.properties
            note = f"It has become {_NOT_SENT[self.side]}." if became else ""
            kind = f"{self.side}-property-removed"
            self._one_sided(kind, place, (*path, name), note, old=not became)
        for name, place in added.items():
            was = name in mine.properties
            note = f"It is no longer {_NOT_SENT[self.side]}." if was else ""
            needed = name in theirs.required and self.side == "request"
            kind = f"{self.side}-property-{'required-' * needed}added"
            self._one_sided(kind, place, (*path, name), note, new=not was)
        for name, place in mine.properties.items():
            if name in theirs.properties:
                self._shared(name, mine, theirs, name in old and name in new, path)
            elif name not in old:
                self._one_sided("out-of-sight", place, (*path, name), "", old=True)
        for name, place in theirs.properties.items():
            if name not in mine.properties and name not in new:
                self._one_sided("out-of-sight", place, (*path, name), "", new=True)
        self._unnamed(mine, theirs, path)

    def _one_sided(
        self, kind: str, place: Place, path: tuple[str, ...], note: str, **whole: bool
    ) -> None:
        """A property that is sent on one side only; `whole`: there is nothing on the other."""
        for side, alone in whole.items():
            if alone:
                self.findings.judge(**{side: place.at})
        removed = kind.endswith("removed") or whole.get("old", False)
        self._emit(
            kind, place.at, path, note=note, **{"before" if removed else "after": place.value}
        )

    def _unnamed(self, mine: View, theirs: View, path: tuple[str, ...]) -> None:
        """What is required and has no schema."""
        named = mine.properties.keys() | theirs.properties.keys()
        for kind, names in (
            ("now-required", theirs.required - mine.required - named),
            ("now-optional", mine.required - theirs.required - named),
        ):
            for name in sorted(names):
                values = (name in mine.required, name in theirs.required)
                self._said(kind, "required", mine, theirs, (*path, name), *values)

    def _shared(
        self, name: str, mine: View, theirs: View, sent: bool, path: tuple[str, ...]
    ) -> None:
        """A property that is in both, and is sent on this side, or not."""
        outside, self.hidden = self.hidden, self.hidden or not sent
        place, inside = theirs.properties[name], (*path, name)
        was, now = name in mine.required, name in theirs.required
        if was != now:
            kind = "now-required" if now else "now-optional"
            self._emit(f"{self.side}-{kind}", place.at, inside, before=was, after=now)
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
            before=before,
            after=after,
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
        keyword = "additionalProperties"
        if mine.closed != theirs.closed:
            self._judge(mine, theirs, keyword)
            kind = "loosened" if mine.closed else "tightened"
            values = (not mine.closed, not theirs.closed)
            self._said(kind, keyword, mine, theirs, path, *values)
            return
        for view, side in ((mine, "old"), (theirs, "new")):
            for conjunct in view.conjuncts:
                if isinstance(conjunct.value.get(keyword), bool):
                    self.findings.judge(keyword, **{side: conjunct.at})
        self._below(keyword, mine, theirs, (*path, "{}"))


def _same_shape(one: Place, other: Place) -> bool:
    return shape(one.value) == shape(other.value)


def _same_name(one: Place, other: Place) -> bool:
    return View(one).component == View(other).component is not None


def _same_types(one: Place, other: Place) -> bool:
    return View(one).types == View(other).types


def _with_integers(types: frozenset[str] | None) -> frozenset[str] | None:
    return types | {"integer"} if types and "number" in types else types


def _limit(view: View, keyword: str) -> Any:
    """A limit; an upper or lower one with whether it is itself allowed, as a pair that compares."""
    value = view.keyword(keyword)
    if keyword == "uniqueItems":
        return value or None
    if keyword not in _EXCLUSIVE:
        return value
    sign = 1 if keyword == "minimum" else -1
    strict = view.keyword(_EXCLUSIVE[keyword])
    bounds = [(value, sign if strict is True else 0)] if _is_number(value) else []
    bounds += [(strict, sign)] if _is_number(strict) else []  # in 3.0 it is a word about the other
    if not bounds:
        return None
    return max(bounds) if keyword == "minimum" else min(bounds)


def _is_more(one: Any, other: Any) -> bool | None:
    """Whether a limit is the greater one; None where the two cannot be compared."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return one > other
    return one > other if _is_number(one) and _is_number(other) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(limit: Any) -> Any:
    """A limit as it stands in a document."""
    if not isinstance(limit, tuple):
        return limit
    value, strict = limit
    return f"beyond {value}" if strict else value


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
        names[0]: new[kind][0]
        for kind, names in old.items()
        if len(names) == len(new.get(kind, ())) == 1 and kind[1] is not None
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
