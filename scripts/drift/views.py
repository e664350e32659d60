"""A schema as it is meant, however it is written.

``$ref``, a lone branch of ``allOf``, ``anyOf`` or ``oneOf``, ``nullable: true`` (3.0) and a type
array with null (3.1) are ways of writing; a `View` shows what is behind them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scripts.documents import Document, Parts, leads_somewhere, target

ANNOTATIONS = {
    *("description", "title", "summary", "example", "examples", "externalDocs", "default"),
    *("deprecated", "readOnly", "writeOnly", "xml", "$comment", "nullable"),
}
_UNIONS = ("anyOf", "oneOf")


@dataclass(frozen=True)
class Place:
    """A value of a document, and where it stands."""

    document: Document
    at: Parts
    value: Any

    def child(self, *keys: str | int) -> "Place":
        value = self.value
        for key in keys:
            value = value[key]
        return Place(self.document, (*self.at, *keys), value)

    def children(self, key: str) -> Iterator["Place"]:
        """The items of a list or the values of an object under this key, if there is one."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        names = list(value) if isinstance(value, dict) else range(len(_listed(value)))
        for name in names:
            yield self.child(key, name)

    @property
    def reference(self) -> "Place | None":
        """What its `$ref` leads to."""
        name = self.value.get("$ref") if isinstance(self.value, dict) else None
        if not isinstance(name, str) or not leads_somewhere(name, self.document):
            return None
        return Place(self.document, (), self.document).child(*(target(name) or ()))

    def resolved(self) -> "Place":
        """The place itself, or what its references lead to in the end."""
        place, seen = self, {self.at}
        while (following := place.reference) is not None and following.at not in seen:
            place = following
            seen.add(place.at)
        return place


@dataclass(frozen=True)
class View:
    """What the schema at a place means.

    Attributes:
        conjuncts: the schema objects that all hold for the same value, the most specific last.
    """

    place: Place

    @cached_property
    def conjuncts(self) -> list[Place]:
        return list(_conjuncts(self.place, set()))

    @cached_property
    def component(self) -> str | None:
        """The name that generated code knows this schema by."""
        place, seen = self.place, set[Parts]()
        while place.at not in seen:
            seen.add(place.at)
            if (reference := place.reference) is not None:
                return str(reference.at[-1])
            lone = [branches[0] for branches in _branches(place) if len(branches) == 1]
            if len(lone) != 1 or "properties" in place.value:
                return None
            place = lone[0]
        return None

    @cached_property
    def home(self) -> Parts:
        """Where the schema says what it is, and not only what it refers to."""
        wrapping = ANNOTATIONS | {"$ref", "allOf"}
        told = [c.at for c in self.conjuncts if c.value.keys() - wrapping]
        return told[-1] if told else self.place.at

    def where(self, keyword: str) -> Parts | None:
        """The place of a keyword; of the most specific one."""
        found = (c.at for c in reversed(self.conjuncts) if keyword in c.value)
        return next(((*at, keyword) for at in found), None)

    def keyword(self, name: str) -> Any:
        """The value of a keyword; the most specific one."""
        return next((c.value[name] for c in reversed(self.conjuncts) if name in c.value), None)

    @cached_property
    def nullable(self) -> bool:
        return any(
            c.value.get("nullable") is True
            or "null" in _names(c.value.get("type"))
            or ("type" not in c.value and None in _listed(c.value.get("enum")))
            or any(is_null(b) for key in _UNIONS for b in c.children(key))
            for c in self.conjuncts
        )

    @cached_property
    def types(self) -> frozenset[str] | None:
        """The types but null; None where any type will do."""
        named = self.keyword("type")
        if named is not None:
            return frozenset(_names(named)) - {"null"} or frozenset({"null"})
        if self.properties:
            return frozenset({"object"})
        if any("items" in c.value for c in self.conjuncts):
            return frozenset({"array"})
        if self.enum is not None:
            return frozenset(_type_of(value) for value in self.enum) or None
        return None

    @property
    def is_anything(self) -> bool:
        """Whether nothing is said about the type."""
        return self.types is None and not self.alternatives

    @cached_property
    def alternatives(self) -> list[Place]:
        """The branches that are not null, where there are several."""
        for conjunct in self.conjuncts:
            for key in _UNIONS:
                branches = [b for b in conjunct.children(key) if not is_null(b)]
                if len(branches) > 1:
                    return branches
        return []

    def split(self) -> list[Place]:
        """The alternatives; of a schema without them, one for each of its types."""
        if self.alternatives or not self.types or len(self.types) == 1:
            return self.alternatives or [self.place]
        whole = self.place.resolved()
        types = sorted(self.types)
        return [Place(whole.document, whole.at, {**whole.value, "type": t}) for t in types]

    @cached_property
    def enum(self) -> list[Any] | None:
        """The values that are allowed, but null."""
        if self.alternatives:
            if any(View(branch).alternatives for branch in self.alternatives):
                return None  # a union of unions, which may lead back to itself
            listed = [View(branch).enum for branch in self.alternatives]
            if any(values is None for values in listed):
                return None
            return [value for values in listed for value in values or ()]
        if any("const" in c.value for c in self.conjuncts):
            return [self.keyword("const")]
        values = self.keyword("enum")
        return [v for v in values if v is not None] if isinstance(values, list) else None

    @cached_property
    def properties(self) -> dict[str, Place]:
        return {str(p.at[-1]): p for c in self.conjuncts for p in c.children("properties")}

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(n for c in self.conjuncts for n in _names(c.value.get("required")))

    def below(self, keyword: str) -> Place:
        """The schema under `items` or `additionalProperties`; an empty one where there is none."""
        for conjunct in reversed(self.conjuncts):
            if isinstance(conjunct.value.get(keyword), dict):
                return conjunct.child(keyword)
        return Place(self.place.document, (*self.conjuncts[-1].at, keyword), {})

    @property
    def closed(self) -> bool:
        """Whether other properties than the named ones are refused."""
        return self.keyword("additionalProperties") is False

    def __str__(self) -> str:
        """``integer``, ``array of string``, ``Scenario``."""
        if self.component:
            return self.component
        if self.enum is not None:
            return "one of " + json.dumps(self.enum, ensure_ascii=False)
        name = " or ".join(sorted(self.types)) if self.types else "anything"
        if self.types == frozenset({"array"}):
            name += f" of {View(self.below('items'))}"
        return name


def _conjuncts(place: Place, seen: set[Parts]) -> Iterator[Place]:
    if place.at in seen:
        return
    seen.add(place.at)
    if not isinstance(place.value, dict):  # true, or something that is no schema
        yield Place(place.document, place.at, {})
        return
    if (reference := place.reference) is not None:
        yield from _conjuncts(reference, seen)
    for branch in place.children("allOf"):
        yield from _conjuncts(branch, seen)
    for branches in _branches(place)[1:]:
        if len(branches) == 1:
            yield from _conjuncts(branches[0], seen)
    yield place


def _branches(place: Place) -> list[list[Place]]:
    """What stands under `allOf`, `anyOf` and `oneOf`, without what is only null."""
    keys = ("allOf", *_UNIONS)
    return [[b for b in place.children(key) if not is_null(b)] for key in keys]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _names(value: Any) -> list[str]:
    """The texts of a list, or the one text."""
    listed = _listed(value) if not isinstance(value, str) else [value]
    return [name for name in listed if isinstance(name, str)]


def is_null(place: Place) -> bool:
    schema = place.resolved().value
    if not isinstance(schema, dict):
        return False
    return schema.get("type") == "null" or schema.get("enum") == [None] or schema == {"const": None}


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "integer", float: "number", dict: "object", list: "array"}
    return names.get(type(value), "null")


def shape(value: Any) -> str:
    """A schema without its words, as text: equal for what means the same and is written alike."""
    return json.dumps(_without_words(value), sort_keys=True)


def _without_words(value: Any, named: bool = False) -> Any:
    """`named`: the keys are names of properties, not keywords."""
    if isinstance(value, dict):
        return {
            key: _without_words(item, not named and key == "properties")
            for key, item in value.items()
            if named or not (key in ANNOTATIONS or key.startswith("x-"))
        }
    return [_without_words(item) for item in value] if isinstance(value, list) else value
