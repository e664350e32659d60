"""Sources and supplements become one document, and the proof that they still are what they were.

Every operation and every component comes from exactly one place or from equal places; nothing is
renamed, dropped or added. The outcome is ordered by name and so does not depend on the order in
which the documents are given.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scripts.documents import (
    METHODS,
    Document,
    DocumentError,
    first_difference,
    leads_somewhere,
    leaves,
    pointer,
    references,
    target,
)

_HEAD = ("openapi", "info", "servers", "security")


def additions(
    sources: Mapping[str, Document], supplements: Mapping[str, Document]
) -> dict[str, Document]:
    """The supplements, beside what the vendor says.

    Where a supplement and a source have different components of one name, that of the supplement
    is called ``Supplement…``.
    """
    published = {place: v for name, d in sources.items() for place, v in _pieces(d, name)}
    taken = {
        place
        for name, document in supplements.items()
        for place, value in _pieces(document, name)
        if first_difference(published.get(place, value), value)
    }
    return {name: _renamed(document, taken) for name, document in supplements.items()}


def _renamed(document: Document, taken: set[tuple[str, ...]]) -> Document:
    """A copy in which these components, and what refers to them, have a name of their own."""
    result = copy.deepcopy(document)
    for at, reference in list(references(result)) if taken else ():
        place = target(reference) or ()
        if len(place) > 2 and place[:3] in taken:
            box: Any = result
            for part in at[:-1]:
                box = box[part]
            box[at[-1]] = "#" + pointer((*place[:2], f"Supplement{place[2]}", *place[3:]))
    for _, section, name in taken:
        box = result.get("components", {}).get(section, {})
        if name in box:
            box[f"Supplement{name}"] = box.pop(name)
    return result


def merge(sources: Mapping[str, Document], supplements: Mapping[str, Document]) -> Document:
    """Merge documents given by file name.

    Sources are whole documents and must agree on everything but paths and components. A
    supplement holds components only: of an operation, the vendor's own words stand.

    Raises:
        DocumentError: two documents disagree, or a reference leads nowhere; the message names
            the files and the JSON pointer.
    """
    merged: dict[tuple[str, ...], tuple[str, Any]] = {}
    heads: dict[str, Document] = {}
    for name, document in sorted(sources.items()):
        heads[name] = {k: v for k, v in document.items() if k not in ("paths", "components")}
        first = next(iter(heads))
        if (at := first_difference(heads[first], heads[name])) is not None:
            raise DocumentError(f"{first} and {name} disagree at {at}")
    for name, document in sorted(supplements.items()):
        for key in document.keys() - {"components"}:
            raise DocumentError(f"{name}: {pointer([key])} does not belong in a supplement")
    for name, document in sorted({**sources, **supplements}.items()):
        for place, value in _pieces(document, name):
            owner, known = merged.setdefault(place, (name, value))
            if (at := first_difference(known, value)) is not None:
                raise DocumentError(f"{owner} and {name} disagree at {pointer(place)}{at}")
    head = next(iter(heads.values()), {})
    result: Document = {key: head[key] for key in _HEAD if key in head}
    result |= {key: head[key] for key in sorted(head.keys() - set(_HEAD))}
    for place, (_, value) in sorted(merged.items()):
        box = result
        for part in place[:-1]:
            box = box.setdefault(part, {})
        box[place[-1]] = value
    result |= {key: result.pop(key) for key in ("paths", "components") if key in result}
    for name, document in sorted({**sources, **supplements}.items()):
        _refuse_dangling(document, result, name)
    return copy.deepcopy(result)


def _pieces(document: Document, name: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What is merged as a whole: each operation, what else a path has, and each component."""
    for path, item in _mapping(document, name, "paths"):
        if not isinstance(item, dict) or not item.keys() & set(METHODS):
            yield ("paths", path), item
            continue
        for field, value in item.items():
            yield ("paths", path, field), value
    for section, _ in _mapping(document, name, "components"):
        for entry, value in _mapping(document, name, "components", section):
            yield ("components", section, entry), value


def _mapping(document: Document, name: str, *place: str) -> Iterable[tuple[str, Any]]:
    value: Any = document
    for part in place:
        value = value.get(part, {})
    if not isinstance(value, dict):
        raise DocumentError(f"{name}: {pointer(place)} is not a mapping")
    return value.items()


def _refuse_dangling(document: Document, whole: Document, name: str) -> None:
    for at, reference in references(document):
        if not leads_somewhere(reference, whole):
            raise DocumentError(f"{name}: {pointer(at)} is {reference!r}, which no document has")


def prove(merged: Document, parts: Mapping[str, Document]) -> None:
    """Every leaf of every part is in the merged document, and nothing else is.

    Raises:
        DocumentError: names the file and the pointer of the first leaf that breaks this.
    """
    unexplained = set(leaves(merged))
    whole = frozenset(unexplained)
    for name, part in parts.items():
        for leaf in leaves(part):
            if leaf not in whole:
                raise DocumentError(f"{name}: {leaf[0]} = {leaf[1]} is not in the merged document")
            unexplained.discard(leaf)
    for at, value in sorted(unexplained):
        raise DocumentError(f"the merged document has {at} = {value}, which is in no source")
