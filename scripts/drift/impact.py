"""Whom a change concerns here: what people call, pass or read; and what is handled already."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from scripts.documents import OPENAPI
from scripts.drift.changes import MISSING, Change
from scripts.drift.markdown import code
from scripts.drift.rules import Level
from scripts.serialization import read
from scripts.tracked import manifest, operation_id

_SENT = "application/json"
_RUN = {
    **{name: f"Run.{name}" for name in ("id", "scenario", "scenario_name", "status", "success")},
    **{name: f"Run.{name}" for name in ("error_message", "duration", "expected_outcome")},
    "evaluation": "Run.metrics",
    "evaluation.metrics": "Run.metrics",
    **{f"outbound_dial_window_{name}": "Run.dial_window" for name in ("opens_at", "closes_at")},
    "outbound_dial_window_seconds": "Run.dial_window",
}
_RESULT = {
    **{name: f"Result.{name}" for name in ("id", "name", "status", "runs")},
    "total_runs_count": "Result.total_runs",
    "not_connected_runs": "Run.connected",
    "failed_infrastructure_runs": "Run.connected",
}
_STARTED = {"id": "Launch.result_id", "status": "Launch.status", "runs": "Launch.runs"}
_LISTED = ("id", "name", "status", "agent", "created_at", "total_runs_count", "scenarios")

#: What is read of each answer, by where it stands there; of a launch where nothing else is said.
READ: dict[str, dict[str, str]] = {
    "": _STARTED | {f"runs[].{name}": reader for name, reader in _RUN.items()},
    "get_result": _RESULT | {f"runs{{}}.{name}": reader for name, reader in _RUN.items()},
    "list_results": {
        **dict.fromkeys(("count", "results"), "Cekura.wait_all"),
        **{f"results[].{name}": "Cekura.recover" for name in _LISTED},
    },
    "end_calls": {},
}
#: What calls the operations that no method is named after.
CALLERS = {"list_results": ("Cekura.wait_all", "Cekura.recover"), "get_result": ("Cekura.wait",)}


@dataclass(frozen=True)
class Affected:
    """Whom a change reaches.

    Attributes:
        names: what they call, pass or read; none where nobody here does.
        handled: why none of them has to do anything, in Markdown; empty if that is not so.
        known: whether it is about an operation of this client, or about all.
    """

    names: tuple[str, ...]
    handled: str = ""
    known: bool = True

    def level(self, change: Change) -> Level:
        """How bad the change is here: what is handled is no worse than an addition.

        Who loses the one key that they have is not helped by others that still open.
        """
        if change.kind == "security-alternative-removed" and self.names and not self.handled:
            return Level.BREAKING
        return min(change.level, Level.ADDITIVE) if self.handled else change.level


def affected(change: Change) -> Affected:
    """Look the change up in what this client calls, sends and reads."""
    ours = [ours for name in change.operations if (ours := _ours().get(name))]
    if not ours and (change.operations or change.rule.axis == "docs"):
        return Affected((), known=not change.operations)
    reason = _HANDLED.get(change.kind, "")
    handled = reason if isinstance(reason, str) else reason(change, ours)
    if not ours:
        return Affected(("cekura_client.Cekura", "cekura_api.AuthenticatedClient"), handled)
    names = [f"cekura_client.{name}" for each in ours for name in _names(each, change)]
    names += _models(change)
    return Affected(tuple(dict.fromkeys(names)), handled)


@cache
def _ours() -> dict[str, str]:
    """Our name of each operation."""
    return {operation: operation_id(file) for file, operation in manifest(OPENAPI).items()}


@cache
def arguments(operation: str) -> frozenset[str]:
    """What a launch takes; the one place that looks into the facade.

    Nothing where the facade cannot be imported, as while the generated code is missing.
    """
    try:
        kinds = importlib.import_module("cekura_client.core.launch_kinds")
    except ImportError:
        return frozenset()
    return frozenset(kinds.KINDS[operation].arguments if operation in kinds.KINDS else ())


def _names(operation: str, change: Change) -> list[str]:
    if change.rule.axis != "wire" or change.kind.startswith("parameter"):
        return []
    if change.path and change.side == "request":
        name = change.before if change.kind.endswith("renamed") else change.path[0]
        return [f"Cekura.{operation}({name}=…)"]
    if change.path:
        reader = READ.get(operation, READ[""]).get(change.name)
        return [reader] if reader else []
    return list(CALLERS.get(operation, (f"Cekura.{operation}",)))


def _models(change: Change) -> list[str]:
    """The generated model that has the property or is renamed."""
    _, *parts = change.at.split("/")
    kind = change.kind.removeprefix(f"{change.side}-")
    if kind == "component-renamed" and change.before in _schemas():
        return [f"cekura_api.models.{_class(change.before)}"]
    if parts[:2] != ["components", "schemas"] or parts[2] not in _schemas():
        return []
    named = change.rule.axis == "wire" and parts[3:4] == ["properties"] and len(parts) > 4
    return [f"cekura_api.models.{_class(parts[2])}.{parts[4]}"] if named else []


def _class(schema: str) -> str:
    """The generated class of a schema."""
    overrides = read(OPENAPI / "generator.yaml")["class_overrides"]
    return str(overrides.get(schema, {}).get("class_name", schema))


@cache
def _client() -> Any:
    return read(OPENAPI / "client.yaml").get("components", {})


def _schemas() -> Any:
    return _client().get("schemas", {})


# Why nobody has to do anything, if so.


def _by_file(change: Change, ours: list[str]) -> str:
    return f"the file in sources/ names it {', '.join(map(code, ours))}"


def _inlined(change: Change, ours: list[str]) -> str:
    gone = change.before is not None and change.before not in _schemas()
    return "the overlay puts a schema of its own there" if gone else ""


def _unused_media_type(change: Change, ours: list[str]) -> str:
    name = change.before if change.before is not MISSING else change.after
    return "only JSON is sent" if name != _SENT else ""


def _key_is_enough(change: Change, ours: list[str]) -> str:
    """`before` has the alternatives that are lost."""
    known = set(_client().get("securitySchemes", {}))
    lost = isinstance(change.before, list) and any(one.keys() <= known for one in change.before)
    return "" if lost else "the API key alone is still enough"


def _taken_already(change: Change, ours: list[str]) -> str:
    taken = ours and all(change.name in arguments(operation) for operation in ours)
    return "the launch takes it already" if taken else ""


_HANDLED: dict[str, str | Callable[[Change, list[str]], str]] = {
    "operation-added": "openapi/tracked.yaml has it",
    "operation-id-renamed": _by_file,
    "operation-id-moved": _by_file,
    "tag-renamed": "the overlay has one tag for all operations",
    "component-renamed": _inlined,
    "request-media-type-added": _unused_media_type,
    "request-media-type-removed": _unused_media_type,
    "request-property-added": _taken_already,
    "error-status-added": "every status has its error already",
    "error-status-removed": "every status has its error already",
    "success-status-added": "the result id is read from any 2xx",
    "security-alternative-added": "the API key is what this client sends",
    "security-alternative-removed": _key_is_enough,
    "server-added": "the base URL stays the first one",
    "server-removed": "the base URL stays the first one",
}
