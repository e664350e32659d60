"""OpenAPI documents as plain data: where something stands, what a reference means, what differs."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
OPENAPI = ROOT / "openapi"

# Of a path item, the fields that are operations.
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Document = dict[str, Any]
Parts = tuple[str | int, ...]


_LONGEST = 2000


class DocumentError(Exception):
    """A document that cannot be used; the message says which one, where in it, and why.

    What the document says may be in the message; it can be printed, whatever it is.
    """

    def __init__(self, message: str) -> None:
        text = message.encode("utf-8", "backslashreplace").decode()
        text = "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)
        super().__init__(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")


def pointer(parts: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a place in a document; "" is the document itself."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def target(reference: str) -> tuple[str, ...] | None:
    """The place that a `$ref` names within its own document; None if it is in another one."""
    start, *parts = reference.split("/")
    if start != "#":
        return None
    return tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in parts)


def leads_somewhere(reference: str, document: Any) -> bool:
    """Whether the document has what the `$ref` names."""
    parts = target(reference)
    if parts is None:
        return False
    for part in parts:
        if isinstance(document, list):
            document = {str(index): item for index, item in enumerate(document)}
        if not isinstance(document, dict) or part not in document:
            return False
        document = document[part]
    return True


def references(value: Any, at: Parts = ()) -> Iterator[tuple[Parts, str]]:
    """Every `$ref` and every target of a discriminator's mapping, with the place it stands at.

    What only looks like one, in an example or a default, is none.
    """
    stack: list[tuple[Parts, Any]] = [(at, value)]
    while stack:
        at, value = stack.pop()
        if isinstance(value, list):
            value = dict(enumerate(value))
        if not isinstance(value, dict) or _is_data(at, value):
            continue
        if isinstance(value.get("$ref"), str):
            yield (*at, "$ref"), value["$ref"]
        if at[-1:] == ("discriminator",) and isinstance(value.get("mapping"), dict):
            for key, item in value["mapping"].items():
                if isinstance(item, str):  # a name stands for a schema of that name
                    inside = pointer(("components", "schemas", item))
                    yield (*at, "mapping", key), item if "/" in item else f"#{inside}"
        stack += [((*at, key), item) for key, item in value.items()]


# Objects whose keys are names and not fields.
_MAPS = {
    *("paths", "responses", "properties", "patternProperties", "dependentSchemas", "$defs"),
    *("dependentRequired", "definitions", "schemas", "parameters", "headers", "requestBodies"),
    *("securitySchemes", "links", "callbacks", "content", "examples", "variables", "mapping"),
    *("encoding", "pathItems", "webhooks", "scopes"),
}


def names(parts: Parts) -> list[bool]:
    """Whether each part of the way to a place is a name, and not a field or an index."""
    found: list[bool] = []
    above: tuple[str | int, bool] = ("", True)
    for part in parts:
        is_name = isinstance(part, str) and not above[1] and above[0] in _MAPS
        found.append(is_name)
        above = (part, is_name)
    return found


def _is_data(at: Parts, value: dict[Any, Any]) -> bool:
    """Whether a place holds a value that the document only shows or allows."""
    flags = names(at)
    if not at or flags[-1]:
        return False
    if at[-1] == "examples":  # a list of values, or of named examples, which may be references
        return any(isinstance(key, int) for key in value)
    shows = at[-1] in ("example", "default", "enum", "const")
    return shows or (at[-1] == "value" and at[-3:-2] == ("examples",) and flags[-2])


def at_place(document: Any, parts: Parts, missing: Any = None) -> Any:
    """What stands at a place; `missing` where there is nothing."""
    for part in parts:
        if isinstance(document, list):
            document = dict(enumerate(document))
        if not isinstance(document, dict) or part not in document:
            return missing
        document = document[part]
    return document


def reachable(document: Document, part: Any) -> set[Parts]:
    """The places of the components that a part of a document leads to."""
    found: set[Parts] = set()
    waiting = list(references(part))
    while waiting:
        _, reference = waiting.pop()
        place: Parts = (target(reference) or ())[:3]
        if place[:1] == ("components",) and place not in found:
            found.add(place)
            waiting += references(at_place(document, place), place)
    return found


def operations(document: Document) -> dict[str, Any]:
    """The operations of a document, as ``POST /path/``."""
    found: dict[str, Any] = {}
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in METHODS:
            if isinstance(item, dict) and method in item:
                found[f"{method.upper()} {path}"] = item[method]
    return found


def leaves(value: Any, at: Parts = ()) -> Iterator[tuple[str, str]]:
    """Every scalar and every empty container, as (JSON pointer, value in JSON).

    Values are compared as JSON text, so that 1, 1.0, true and "1" are four different leaves.
    """
    for parts, leaf in leaf_parts(value, at):
        yield pointer(parts), leaf


def leaf_parts(value: Any, at: Parts = ()) -> Iterator[tuple[Parts, str]]:
    """As `leaves`, with the place in parts."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaf_parts(item, (*at, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaf_parts(item, (*at, index))
    else:
        yield at, json.dumps(value, ensure_ascii=False)


def first_difference(one: Any, other: Any) -> str | None:
    """The pointer of the first leaf that is not in both, or None where both are equal."""
    mine, theirs = dict(leaves(one)), dict(leaves(other))
    return next((at for at in mine | theirs if mine.get(at) != theirs.get(at)), None)
