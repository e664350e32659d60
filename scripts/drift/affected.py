"""Who notices a change here: in `cekura_api`, in `cekura_client`, or nobody."""

import inspect
import re
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import attrs

import cekura_api.models
from cekura_client import Cekura
from scripts.documents import OPENAPI, ROOT, operations
from scripts.drift.changes import MISSING, Change
from scripts.drift.markdown import code
from scripts.drift.rules import Level
from scripts.serialization import read

_CORE = ROOT / "facade" / "cekura_client" / "core"
_SENT = "application/json"


@dataclass(frozen=True)
class Affected:
    """Whom a change reaches.

    Attributes:
        names: what they import, call or pass; none where it is no operation of this client.
        handled: why none of them has to do anything, in Markdown; empty if that is not so.
    """

    names: tuple[str, ...]
    handled: str = ""

    def level(self, change: Change) -> Level:
        """How bad the change is here: what is handled is no worse than an addition."""
        return min(change.level, Level.ADDITIVE) if self.handled else change.level


def affected(change: Change) -> Affected:
    """Look the change up in the generated client and in the facade as they are now."""
    ours = [ours for name in change.operations if (ours := _ours().get(name))]
    if not change.operations and change.rule.axis == "wire":
        return Affected(("cekura_client.Cekura", "cekura_api.AuthenticatedClient"))
    if not ours:
        return Affected(())
    attributes = [a for operation in ours for a in _attributes(operation, change)]
    names = dict.fromkeys(a.name for a in attributes)
    names |= dict.fromkeys(name for operation in ours for name in _arguments(operation, change))
    names |= dict.fromkeys(_readers(change))
    if not names:
        names |= dict.fromkeys(f"cekura_api.api.runs.{operation}" for operation in ours)
    return Affected(tuple(names), _handled(change, ours, attributes))


@cache
def _ours() -> dict[str, str]:
    """Our name of each operation."""
    document = read(OPENAPI / "client.yaml")
    return {name: str(value["operationId"]) for name, value in operations(document).items()}


@cache
def _schemas() -> frozenset[str]:
    return frozenset(read(OPENAPI / "client.yaml")["components"]["schemas"])


@dataclass(frozen=True)
class _Attribute:
    """An attribute of a generated model; `exists` is false for one that is yet to come."""

    name: str
    hint: Any
    exists: bool

    @property
    def is_open(self) -> bool:
        """Whether it takes any text, and not only the values known today."""
        return str in _members(self.hint)


def _attributes(operation: str, change: Change) -> Iterator[_Attribute]:
    """The generated attributes that the path of a change leads to."""
    if change.side is None or not change.path or change.kind.startswith("parameter"):
        return
    module = import_module(f"cekura_api.api.runs.{operation}")
    hints = typing.get_type_hints(module.sync if hasattr(module, "sync") else module.sync_detailed)
    places = [hints.get("body" if change.side == "request" else "return")]
    *way, last = change.path
    for step in way:
        places = [below for place in places for below in _below(place, step)]
    for place in places:
        for member in _members(place):
            if _has_fields(member):
                name, hint = _attribute(member, last)
                yield _Attribute(f"cekura_api.models.{member.__name__}.{name}", hint, bool(hint))


def _has_fields(member: Any) -> bool:
    """Whether it is a generated model with properties of its own, and not just any others."""
    is_model = inspect.isclass(member) and member.__module__.startswith("cekura_api.models")
    return is_model and len(attrs.fields(member)) > 1


def _below(place: Any, step: str) -> Iterator[Any]:
    for member in _members(place):
        if step == "[]" and typing.get_origin(member) is list:
            yield typing.get_args(member)[0]
        elif step == "{}" and typing.get_origin(member) is dict:
            yield typing.get_args(member)[1]
        elif inspect.isclass(member) and member.__module__.startswith("cekura_api.models"):
            _, hint = _attribute(member, "additional_properties" if step == "{}" else step)
            yield from _below(hint, step) if step == "{}" else [hint]


def _members(hint: Any) -> tuple[Any, ...]:
    """The members of a union; a type that is none is its only one."""
    return typing.get_args(hint) if "Union" in str(typing.get_origin(hint)) else (hint,)


def _attribute(model: type, name: str) -> tuple[str, Any]:
    """The generated name of a property, and its type; None where the model lacks it."""
    hints = typing.get_type_hints(model, localns=dict(vars(cekura_api.models)))
    plain = re.sub(r"\W|_", "", name).lower()
    for attribute, hint in hints.items():
        if attribute.replace("_", "") == plain:
            return attribute, hint
    return name, None


def _arguments(operation: str, change: Change) -> Iterator[str]:
    """The argument of the facade's method that a change of a request is about."""
    method = getattr(Cekura, operation, None)
    if method is None:
        return
    if change.side == "request" and change.path and not change.kind.startswith("parameter"):
        name = change.before if change.kind.endswith("renamed") else change.path[0]
        yield f"cekura_client.Cekura.{operation}({name}=…)"
    elif change.rule.axis == "wire" and not change.path:
        yield f"cekura_client.Cekura.{operation}"


def _readers(change: Change) -> Iterator[str]:
    """The modules of the facade's core that name a property of an answer."""
    if change.side != "response" or not change.path or change.rule.axis != "wire":
        return
    name = re.escape(change.path[-1])
    pattern = re.compile(rf"""["']{name}["']|^ +{name}: """, re.MULTILINE)
    for path in sorted(_CORE.glob("*.py")):
        if pattern.search(path.read_text("utf-8")):
            yield f"cekura_client.core.{path.stem}"


def _handled(change: Change, ours: list[str], attributes: list[_Attribute]) -> str:
    """Why nobody has to do anything, if so."""
    reasons: dict[str, Callable[[], str]] = {
        "operation-id-renamed": lambda: _kept(change, ours),
        "tag-renamed": lambda: "the overlay has one tag for all operations",
        "component-renamed": lambda: _inlined(change),
        "request-media-type-added": lambda: _unused_media_type(change),
        "request-media-type-removed": lambda: _unused_media_type(change),
        "response-enum-grown": lambda: _open(attributes),
        "error-status-added": lambda: "every status has its error already",
        "error-status-removed": lambda: "every status has its error already",
        "success-status-added": lambda: "the result id is read from any 2xx",
    }
    return reasons[change.kind]() if change.kind in reasons else ""


def _kept(change: Change, ours: list[str]) -> str:
    names = [name for name in ours if name != change.before]
    return f"the overlay calls it {', '.join(map(code, names))}" if names else ""


def _inlined(change: Change) -> str:
    gone = change.before not in _schemas() and change.before is not None
    return "the overlay puts a schema of its own there" if gone else ""


def _unused_media_type(change: Change) -> str:
    name = change.before if change.before is not MISSING else change.after
    return "only JSON is sent" if name != _SENT else ""


def _open(attributes: list[_Attribute]) -> str:
    known = [attribute for attribute in attributes if attribute.exists]
    if known and all(attribute.is_open for attribute in known):
        return "any text is read there"
    return ""
