"""The normal form of a document: what it means, however it is written.

``$ref``, a lone branch of ``allOf``, ``anyOf`` or ``oneOf``, ``nullable: true`` (3.0), a type array
with null (3.1), and limits that limit nothing are ways of writing. Two documents are compared in
this form only, keyword by keyword, so that no keyword is left out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scripts.documents import (
    Document,
    Parts,
    at_place,
    leads_somewhere,
    names,
    reachable,
    references,
    target,
)

#: Keywords that only explain.
WORDING = {
    *("description", "title", "summary", "example", "examples", "externalDocs", "default"),
    *("xml", "$comment"),
}
_WORDS = WORDING | {"deprecated", "readOnly", "writeOnly", "nullable"}
_UNIONS = ("anyOf", "oneOf")
_COMBINED = ("allOf", *_UNIONS)
_EXCLUSIVE = {"maximum": "exclusiveMaximum", "minimum": "exclusiveMinimum"}
# As large as JSON's numbers are, or as small as a length can be.
_LIMITS_NOTHING: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties"), (0,)),
    "format": ("int64", "double", "float", "password"),
    "uniqueItems": (False,),
}


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

    @property
    def root(self) -> "Place":
        """The document."""
        return Place(self.document, (), self.document)

    @property
    def fields(self) -> "dict[str, Place]":
        """What is under each key, if it is an object."""
        value = self.value if isinstance(self.value, dict) else {}
        return {key: Place(self.document, (*self.at, key), item) for key, item in value.items()}

    def below(self, key: str, *keys: str) -> "dict[str, Place]":
        """The fields of the object under a key, or under several, one below the other."""
        found = self.fields[key] if key in self.fields else Place(self.document, (), None)
        return found.below(*keys) if keys else found.fields

    def items(self, key: str) -> "list[Place]":
        """The items of the list under a key."""
        listed = self.value.get(key) if isinstance(self.value, dict) else None
        return [self.child(key, n) for n in range(len(_listed(listed)))]

    @property
    def stated(self) -> "Fields":
        """The place of every field, as a schema has them."""
        return {key: [place] for key, place in self.fields.items()}

    @property
    def reference(self) -> "Place | None":
        """What its `$ref` leads to."""
        name = self.value.get("$ref") if isinstance(self.value, dict) else None
        if not isinstance(name, str) or not leads_somewhere(name, self.document):
            return None
        return self.root.child(*(target(name) or ()))

    def resolved(self) -> "Place":
        """The place itself, or what its references lead to in the end."""
        place, seen = self, {self.at}
        while (following := place.reference) is not None and following.at not in seen:
            place = following
            seen.add(place.at)
        return place

    @cached_property
    def meaning(self) -> list[Any]:
        """Its value and the components that this leads to, without what only explains them."""
        reached = sorted(reachable(self.document, self.value))
        named = names((*self.at, ""))[-1]
        places = [(self.value, named), *((at_place(self.document, at), False) for at in reached)]
        return [without_words(value, named) for value, named in places]


@dataclass(frozen=True)
class Schema:
    """What the schema at a place means."""

    place: Place

    @cached_property
    def parts(self) -> list[Place]:
        """The schema objects that all hold for the same value, the most specific last."""
        return list(_parts(self.place, set()))

    @cached_property
    def stated(self) -> dict[str, list[Place]]:
        """Every place of every keyword, the most specific last."""
        found: dict[str, list[Place]] = {}
        for part in self.parts:
            for key, place in part.fields.items():
                found.setdefault(key, []).append(place)
        return found

    def keyword(self, name: str) -> Any:
        """The value of a keyword; the most specific one."""
        return self.stated[name][-1].value if name in self.stated else None

    def where(self, *names: str) -> Parts | None:
        """Where the first of these keywords stands that does."""
        return next((self.stated[name][-1].at for name in names if name in self.stated), None)

    @cached_property
    def home(self) -> Parts:
        """Where the schema says what it is, and not only what it refers to."""
        told = [part.at for part in self.parts if part.value.keys() - _WORDS - {"$ref", "allOf"}]
        return told[-1] if told else self.place.at

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
    def makes_a_class(self) -> bool:
        """Whether generated code has a class for it, which its name is the name of."""
        return bool(self.properties) or self.enum is not None

    @cached_property
    def nullable(self) -> bool:
        return any(
            part.value.get("nullable") is True
            or "null" in texts(part.value.get("type"))
            or ("type" not in part.value and None in _listed(part.value.get("enum")))
            or any(_is_null(branch) for key in _UNIONS for branch in part.items(key))
            for part in self.parts
        )

    @cached_property
    def types(self) -> frozenset[str] | None:
        """The types but null; None where any type will do. An integer is a number."""
        named = frozenset(texts(self.keyword("type")))
        if named:
            found = named - {"null"} or named
            return found | {"integer"} if "number" in found else found
        if self.properties:
            return frozenset({"object"})
        if "items" in self.stated:
            return frozenset({"array"})
        if self.enum is not None:
            return frozenset(_type_of(value) for value in self.enum) or None
        return None

    @cached_property
    def alternatives(self) -> list[Place]:
        """The branches that are not null, where there are several."""
        for part in self.parts:
            for branches in _branches(part)[1:]:
                if len(branches) > 1:
                    return branches
        return []

    def split(self) -> list[Place]:
        """The alternatives; of a schema without them, one for each of its types."""
        types = texts(self.keyword("type"))
        if self.alternatives or len(types) < 2:
            return self.alternatives or [self.place]
        whole = self.place.resolved()
        each = sorted(set(types) - {"null"})
        return [Place(whole.document, whole.at, {**whole.value, "type": kind}) for kind in each]

    @cached_property
    def enum(self) -> list[Any] | None:
        """The values that are allowed, but null."""
        if self.alternatives:
            branches = [Schema(branch) for branch in self.alternatives]
            if any(branch.alternatives or branch.enum is None for branch in branches):
                return None
            return [value for branch in branches for value in branch.enum or ()]
        if "const" in self.stated:
            return [self.keyword("const")]
        values = self.keyword("enum")
        return [v for v in values if v is not None] if isinstance(values, list) else None

    @cached_property
    def properties(self) -> dict[str, Place]:
        return {n: p for part in self.parts for n, p in part.below("properties").items()}

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(n for part in self.parts for n in texts(part.value.get("required")))

    def below(self, keyword: str) -> Place:
        """The schema under `items` or `additionalProperties`; an empty one where there is none."""
        found = [place for place in self.stated.get(keyword, ()) if isinstance(place.value, dict)]
        return found[-1] if found else Place(self.place.document, (*self.home, keyword), {})

    @property
    def closed(self) -> bool:
        """Whether other properties than the named ones are refused."""
        return self.keyword("additionalProperties") is False

    def limit(self, keyword: str) -> Any:
        """A limit, None where nothing is limited.

        An upper or lower one comes with whether it is itself allowed, as a pair that compares.
        """
        value = self.keyword(keyword)
        if value in _LIMITS_NOTHING.get(keyword, ()):
            return None
        if keyword not in _EXCLUSIVE:
            return value
        sign = 1 if keyword == "minimum" else -1
        strict = self.keyword(_EXCLUSIVE[keyword])
        bounds = [(value, sign if strict is True else 0)] if is_number(value) else []
        bounds += [(strict, sign)] if is_number(strict) else []  # in 3.0 it is about the other
        if not bounds:
            return None
        return max(bounds) if keyword == "minimum" else min(bounds)

    def fields(self, depth: int = 2) -> set[str]:
        """The names of its properties; of a list or a union, of what is in it."""
        found = set(self.properties)
        inner = [*self.alternatives, self.below("items")] if depth else []
        return found.union(*(Schema(place).fields(depth - 1) for place in inner))

    def __str__(self) -> str:
        """``integer``, ``array of string``, ``Scenario``."""
        if self.component:
            return self.component
        if self.enum is not None:
            return "one of " + json.dumps(self.enum, ensure_ascii=False)
        types = self.types or frozenset()
        name = " or ".join(sorted(types - {"integer"} if "number" in types else types))
        name = name or "anything"
        return f"{name} of {Schema(self.below('items'))}" if name == "array" else name


def _parts(place: Place, seen: set[Parts]) -> Iterator[Place]:
    if place.at in seen:
        return
    seen.add(place.at)
    if not isinstance(place.value, dict):  # true, or something that is not a schema
        yield Place(place.document, place.at, {})
        return
    if (reference := place.reference) is not None:
        yield from _parts(reference, seen)
    for branch in place.items("allOf"):
        yield from _parts(branch, seen)
    for branches in _branches(place)[1:]:
        if len(branches) == 1:
            yield from _parts(branches[0], seen)
    yield place


def _branches(place: Place) -> list[list[Place]]:
    """What stands under `allOf`, `anyOf` and `oneOf`, without what is only null."""
    return [[b for b in place.items(key) if not _is_null(b)] for key in _COMBINED]


def _is_null(place: Place) -> bool:
    schema = place.resolved().value
    if not isinstance(schema, dict):
        return False
    return schema.get("type") == "null" or schema.get("enum") == [None] or schema == {"const": None}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def as_list(value: Any) -> list[Any]:
    """A list, or the one value as a list."""
    return value if isinstance(value, list) else [value]


def texts(value: Any) -> list[str]:
    """The texts of a list, or the one text."""
    return [name for name in as_list(value) if isinstance(name, str)]


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "integer", float: "number", dict: "object", list: "array"}
    return names.get(type(value), "null")


def without_words(value: Any, named: bool = False) -> Any:
    """A value without what only explains it; `named`: the keys are names, not keywords."""
    if isinstance(value, dict):
        return {
            key: without_words(item, not named and key in ("properties", "patternProperties"))
            for key, item in value.items()
            if named or not (key in _WORDS or key.startswith("x-"))
        }
    return [without_words(item) for item in value] if isinstance(value, list | tuple) else value


def touched(old: Document, new: Document) -> set[Parts]:
    """The components that are not the same in both documents, or lead to one that is not."""
    mine, theirs = components(old), components(new)
    found = {at for at in mine.keys() | theirs.keys() if not same(mine.get(at), theirs.get(at))}
    users: dict[Parts, set[Parts]] = {}
    for at, value in (*mine.items(), *theirs.items()):
        for place in used(value):
            users.setdefault(place, set()).add(at)
    waiting = list(found)
    while waiting:
        for at in users.get(waiting.pop(), set()) - found:
            found.add(at)
            waiting.append(at)
    return found


def components(document: Document) -> dict[Parts, Any]:
    """Every component, by its place."""
    sections = Place(document, (), document).below("components").values()
    return {entry.at: entry.value for section in sections for entry in section.fields.values()}


def used(value: Any) -> set[Parts]:
    """The components that a value refers to."""
    return {(target(reference) or ())[:3] for _, reference in references(value)}


def is_untouched(old: Place, new: Place, changed: set[Parts]) -> bool:
    """Whether two places mean the same because they are written alike, with all they refer to."""
    return same(old.value, new.value) and not used(old.value) & changed


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal in JSON, where 1, 1.0 and true are three; order is nothing."""
    return one == other and (one is other or _json(one) == _json(other))


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


#: Every place of every keyword, by its name.
Fields = Mapping[str, list[Place]]
