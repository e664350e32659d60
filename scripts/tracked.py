"""The operations that this client is made of, and how one is cut out of a larger document.

What the vendor's documentation pages show of an operation is what stands in the vendor's full
document, but for three things, which `cut` does as well, so that a source is the same whichever
way it came in:

- the operation's `x-mcp-expose` and `x-mint`, and everything at the top but openapi, info,
  servers and security, are left out;
- `security: []` is added at the top where the document has no `security`;
- the operation's fields come in the order in which the OpenAPI Specification describes them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.documents import (
    METHODS,
    Document,
    DocumentError,
    Parts,
    leads_somewhere,
    operations,
    pointer,
    reachable,
    references,
    target,
)
from scripts.published import Published
from scripts.serialization import dump, read

MANIFEST = "tracked.yaml"
MEDIA_TYPES = {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}

_LEFT_OUT = {"x-mcp-expose", "x-mint"}
_HEAD = ("openapi", "info", "servers", "security")
_FIELDS = (
    *("tags", "summary", "description", "externalDocs", "operationId", "parameters"),
    *("requestBody", "responses", "callbacks", "deprecated", "security", "servers"),
)


def manifest(folder: Path) -> dict[str, str]:
    """The tracked operations, as ``POST /path/``, by the name of their file in ``sources/``.

    Raises:
        DocumentError: the manifest is malformed.
    """
    found = read(folder / MANIFEST)
    for file, operation in found.items():
        method, _, path = operation.partition(" ") if isinstance(operation, str) else ("", "", "")
        if method not in map(str.upper, METHODS) or not path.startswith("/"):
            raise DocumentError(f"{MANIFEST}: {file}: {operation!r} is not like 'POST /path/'")
        if Path(file).name != file or not file.endswith(".yaml"):
            raise DocumentError(f"{MANIFEST}: {file!r} is not the name of a YAML file")
    if len(set(found.values())) < len(found):
        raise DocumentError(f"{MANIFEST}: an operation stands there twice")
    return found


def operation_id(file: str) -> str:
    """Our name of an operation: ``run_voice`` for ``run-voice.yaml``."""
    return Path(file).stem.replace("-", "_")


def as_tracked(source: Document, operation: str) -> Document:
    """A source under the method and path that the manifest now has for its file.

    Who changes them there has moved to another operation: what is to be known then is in what that
    one differs, not that the other is gone.
    """
    method, _, path = operation.partition(" ")
    ((old, item),) = source["paths"].items()
    ((was, value),) = ((m.upper(), item[m]) for m in METHODS if m in item)
    if (was, old) == (method, path):
        return source
    kept = {key: part for key, part in item.items() if key not in METHODS}
    return {**source, "paths": {path: {**kept, method.lower(): value}}}


def take(published: Published, tracked: Mapping[str, str]) -> dict[str, str]:
    """The tracked operations of what was published: the text of each source, by file name.

    A document with one operation is a page: its YAML is taken to the letter. A document with
    operations that are not tracked is the vendor's full one, and must have all that are.

    Raises:
        DocumentError: a tracked operation is missing, or it uses what this project cannot.
    """
    found = cuts(published, tracked)
    if absent := missing(published, tracked):
        raise DocumentError(
            f"{published.name}: tracked, but not there: {'; '.join(absent)}\n"
            f"  (it has {len(operations(published.document))} operations; see `make drift` for "
            "what may have become of them, and openapi/tracked.yaml)"
        )
    sources: dict[str, str] = {}
    for file, document in found.items():
        usable(document, f"{published.name}: {tracked[file]}")
        alone = len(operations(published.document)) == 1
        sources[file] = published.yaml if alone and published.yaml else dump(document)
    if not sources:
        raise DocumentError(
            f"{published.name}: none of its operations is tracked; "
            "openapi/tracked.yaml says which are"
        )
    return sources


def missing(published: Published, tracked: Mapping[str, str]) -> list[str]:
    """The tracked operations that a full document lacks; a page need not have them all."""
    present = operations(published.document).keys()
    if present <= set(tracked.values()):
        return []
    return [operation for operation in tracked.values() if operation not in present]


def cuts(published: Published, tracked: Mapping[str, str]) -> dict[str, Document]:
    """Each tracked operation that was published, on its own, by file name.

    Raises:
        DocumentError: a reference leads nowhere, or to another place than the components.
    """
    present = operations(published.document)
    found: dict[str, Document] = {}
    for file, operation in tracked.items():
        _refuse(published, operation)
        if operation in present:
            try:
                found[file] = cut(published.document, operation)
            except DocumentError as error:
                raise DocumentError(f"{published.name}: {operation}: {error}") from error
    return found


def _refuse(published: Published, operation: str) -> None:
    """Refuse an operation that has a problem, or uses a component that has one.

    Raises:
        DocumentError: it does.
    """
    document, (method, _, path) = published.document, operation.partition(" ")
    others = set(METHODS) - {method.lower()}
    item = _items(_items(document.get("paths")).get(path))
    part = {**document, "components": {}}
    part["paths"] = {path: {key: value for key, value in item.items() if key not in others}}
    used = reachable(document, part)
    for at, message in published.problems:
        if at[:1] == ("components",):
            whole = len(at) < 3 or at[1] == "securitySchemes"
            concerned = whole or at[:3] in used
        elif at[:1] == ("paths",):
            concerned = at[1:2] == (path,) and at[2:3] not in {(other,) for other in others}
        else:
            concerned = True
        if concerned:
            raise DocumentError(f"{message}\n  (in use by {operation})")


def cut(document: Document, operation: str) -> Document:
    """One operation as a document of its own, with all that it refers to.

    Raises:
        DocumentError: a reference leads nowhere, or to another place than the components.
    """
    method, _, path = operation.partition(" ")
    item = {k: v for k, v in document["paths"][path].items() if k not in METHODS}
    value = document["paths"][path][method.lower()]
    fields = sorted(value, key=lambda f: _FIELDS.index(f) if f in _FIELDS else len(_FIELDS))
    item[method.lower()] = {f: value[f] for f in fields if f not in _LEFT_OUT}
    head = {"security": [], **document}
    result: Document = {key: head[key] for key in _HEAD if key in head}
    result["paths"] = {path: item}
    components = _components(document, result)
    return result | ({"components": components} if components else {})


def _components(document: Document, part: Document) -> dict[str, Any]:
    """The components that a part of a document needs, in the document's order."""
    needed: set[tuple[str, ...]] = set()
    waiting = list(references(part))
    for value in [part, *operations(part).values()]:
        for requirement in value.get("security", ()):
            needed |= {("components", "securitySchemes", name) for name in requirement}
    while waiting:
        at, reference = waiting.pop()
        place = target(reference) or ()
        if len(place) < 3 or place[0] != "components" or not leads_somewhere(reference, document):
            raise DocumentError(f"{pointer(at)} is {reference!r}, which the document does not have")
        if place[:3] not in needed:
            needed.add(place[:3])
            waiting += references(document["components"][place[1]][place[2]], place[:3])
    known = {section: _items(v) for section, v in _items(document.get("components")).items()}
    for _, section, name in sorted(place[:3] for place in needed):
        if name not in known.get(section, {}):
            raise DocumentError(f"/security names {name!r}, which the document does not have")
    return {
        section: {name: values[name] for name in values if ("components", section, name) in needed}
        for section, values in known.items()
        if any(place[1] == section for place in needed)
    }


def usable(document: Document, name: str) -> None:
    """Refuse what the generator, the facade or the sandbox cannot work with.

    Raises:
        DocumentError: another version than OpenAPI 3.0 or 3.1, or a media type that is not known.
    """
    if not str(document["openapi"]).startswith(("3.0.", "3.1.")):
        raise DocumentError(f"{name}: /openapi is {document['openapi']!r}, not 3.0 or 3.1")
    for at, media_type in _media_types(document):
        if media_type not in MEDIA_TYPES:
            raise DocumentError(
                f"{name}: {pointer(at)}: the media type {media_type!r} is not one of "
                f"{', '.join(sorted(MEDIA_TYPES))}"
            )


def _media_types(document: Document) -> Iterator[tuple[Parts, str]]:
    """The media types of all bodies, answers, parameters and headers."""
    components = document.get("components", {})
    for section in ("requestBodies", "responses", "parameters", "headers"):
        yield from _contents(components.get(section), ("components", section))
    yield from _in_paths(document["paths"], ("paths",))
    yield from _in_callbacks(components.get("callbacks"), ("components", "callbacks"))


def _in_paths(paths: Any, at: Parts) -> Iterator[tuple[Parts, str]]:
    for path, item in _items(paths).items():
        yield from _contents(_items(item).get("parameters"), (*at, path, "parameters"))
        for method in METHODS:
            operation = _items(_items(item).get(method))
            inside = (*at, path, method)
            yield from _contents({"requestBody": operation.get("requestBody")}, inside)
            yield from _contents(operation.get("parameters"), (*inside, "parameters"))
            yield from _contents(operation.get("responses"), (*inside, "responses"))
            yield from _in_callbacks(operation.get("callbacks"), (*inside, "callbacks"))


def _in_callbacks(callbacks: Any, at: Parts) -> Iterator[tuple[Parts, str]]:
    for name, paths in _items(callbacks).items():
        yield from _in_paths(_items(paths), (*at, name))


def _contents(value: Any, at: Parts) -> Iterator[tuple[Parts, str]]:
    """The media types of what may have a `content`, and of its headers."""
    found = dict(enumerate(value)) if isinstance(value, list) else _items(value)
    for key, item in found.items():
        for media_type in _items(_items(item).get("content")):
            yield (*at, key, "content"), media_type
        yield from _contents(_items(_items(item).get("headers")), (*at, key, "headers"))


def _items(value: Any) -> dict[Any, Any]:
    """An object; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}
