"""OpenAPI Overlay 1.1: the actions `update`, `copy` and `remove`, each with a counted target.

Three rules go beyond https://spec.openapis.org/overlay/v1.1.0.html, where an action that matches
nothing succeeds silently: every action says why (`description`), how many places it must match
(`x-expect`: a number, or a query that matches as many), and may demand that those places are equal
(`x-identical`). An action that does not fit is left out, and all of them are reported together.
"""

import copy
from typing import Any

import jsonpath_rfc9535 as jsonpath

from scripts.documents import DocumentError, first_difference
from scripts.serialization import dump

_LINES = 15
_FIELDS = {"target", "description", "update", "copy", "remove", "x-expect", "x-identical"}


def apply(document: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """A changed copy of the document.

    Raises:
        DocumentError: an action is malformed, matches another number of places than it expects,
            or cannot be carried out; the message names the action and says what was found.
    """
    if not str(overlay.get("overlay", "")).startswith("1.1."):
        raise DocumentError("overlay: /overlay must be 1.1.x")
    result = copy.deepcopy(document)
    misfits: list[str] = []
    for number, action in enumerate(overlay["actions"], start=1):
        try:
            _act(result, action)
        except (DocumentError, jsonpath.JSONPathError) as error:
            target, why = action.get("target"), action.get("description", "(no description)")
            misfits.append(
                f"overlay: action {number}, {target}: {error}\n  why the action is there: {why}"
            )
    if len(misfits) > 1:
        misfits.insert(
            0, f"overlay: {len(misfits)} actions do not fit; later ones may follow from the first"
        )
    if misfits:
        raise DocumentError("\n".join(misfits))
    return result


def _act(document: dict[str, Any], action: dict[str, Any]) -> None:
    if unknown := action.keys() - _FIELDS:
        raise DocumentError(f"unknown fields: {', '.join(sorted(unknown))}")
    if missing := {"target", "description", "x-expect"} - action.keys():
        raise DocumentError(f"missing fields: {', '.join(sorted(missing))}")
    if len(action.keys() & {"update", "copy", "remove"}) != 1:
        raise DocumentError("exactly one of update, copy and remove is needed")
    nodes = jsonpath.find(action["target"], document)
    expected, named = action["x-expect"], ""
    if isinstance(expected, str):
        named = f", as many as {expected}"
        expected = len(jsonpath.find(expected, document))
    if len(nodes) != expected:
        found = "".join(f"\n  matched: {node.path()}" for node in nodes)
        raise DocumentError(
            f"expected {expected} places{named}, found {len(nodes)}"
            f"{found or _nearest(document, action['target'])}"
        )
    if action.get("x-identical"):
        for node in nodes[1:]:
            if (at := first_difference(nodes[0].value, node.value)) is not None:
                raise DocumentError(f"{nodes[0].path()} and {node.path()} differ at {at}")
    if action.get("remove"):
        # From the back, so that the removal of one list item does not move the next target.
        for location in sorted((node.location for node in nodes), key=_place, reverse=True):
            del _parent(document, location)[location[-1]]
        return
    if "copy" in action:
        origins = jsonpath.find(action["copy"], document)
        if len(origins) != 1:
            near = _nearest(document, action["copy"]) if not origins else ""
            raise DocumentError(
                f"copy: {action['copy']} selects {len(origins)} places, not one{near}"
            )
        new = origins[0].value
    else:
        new = action["update"]
    if len({_kind(node.value) for node in nodes}) > 1:
        raise DocumentError("the target selects objects, arrays or primitives mixed")
    for node in nodes:
        merged = _merge(node.value, new, appending=True)
        if node.location:
            _parent(document, node.location)[node.location[-1]] = merged
        else:
            document.update(merged)


def _nearest(document: dict[str, Any], target: str) -> str:
    """What the place looks like now, as far as the target still leads."""
    path = str(jsonpath.compile(target))  # in its normal form, where each step is in brackets
    end = len(path)
    for start in range(len(path) - 1, 1, -1):
        head = path[:start].removesuffix("..")
        if path[start] != "[" or head == "$":
            continue
        try:
            nodes = jsonpath.find(head, document)
        except jsonpath.JSONPathError:  # a bracket inside of a step
            continue
        if nodes:
            lines = dump(nodes[0].value).splitlines()
            shown = lines[:_LINES] + ([f"… {len(lines) - _LINES} more"] if lines[_LINES:] else [])
            return (
                f"\n  {path[len(head) : end]} is not in {nodes[0].path()}, which is now:\n    "
                + "\n    ".join(shown)
            )
        end = len(head)
    return ""


def _merge(old: Any, new: Any, appending: bool = False) -> Any:
    """The merge of the specification; only the target itself takes a single item to append."""
    new = copy.deepcopy(new)
    if _kind(old) == _kind(new):
        if isinstance(old, dict):
            both = {key: _merge(old[key], new[key]) for key in old.keys() & new.keys()}
            return {**old, **new, **both}
        return old + new if isinstance(old, list) else new
    if isinstance(old, list) and appending:
        return [*old, new]
    raise DocumentError(f"cannot merge {_kind(new)} into {_kind(old)}")


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a primitive"


def _place(location: tuple[str | int, ...]) -> list[tuple[bool, str | int]]:
    return [(isinstance(part, int), part) for part in location]


def _parent(document: Any, location: tuple[str | int, ...]) -> Any:
    if not location:
        raise DocumentError("the document itself cannot be removed or replaced")
    for part in location[:-1]:
        document = document[part]
    return document
