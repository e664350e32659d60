"""States of the specification to import: what is checked in, with something changed in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripts.documents import OPENAPI
from scripts.merge import merge
from scripts.serialization import dump, read
from scripts.tracked import cut

VOICE = "/test_framework/v1/scenarios/run_scenarios/"
WEBSOCKET = "/test_framework/v1/scenarios/run_scenarios_with_websockets/"
VAPI_WEBRTC = "/test_framework/v1/scenarios/run_scenarios_vapi_webrtc/"
STARTS = {VOICE: "201", WEBSOCKET: "201", VAPI_WEBRTC: "200"}

Change = Callable[[dict[str, Any]], object]


def full(change: Change = lambda document: None) -> dict[str, Any]:
    """A document as the vendor's full one: all that is tracked, and an operation that is not."""
    sources = {path.name: read(path) for path in (OPENAPI / "sources").glob("*.yaml")}
    document = merge(sources, {})
    document["paths"]["/untracked/"] = {"get": {"responses": {"200": {"description": "OK"}}}}
    change(document)
    return document


def saved(folder: Path, document: dict[str, Any], name: str = "full.json") -> str:
    """The path of a file with this document in JSON."""
    path = folder / name
    path.write_text(json.dumps(document), "utf-8")
    return str(path)


def page(operation: str, change: Change = lambda document: None) -> str:
    """A published page on one operation, as ``POST /path/``."""
    document = cut(full(), operation)
    change(document)
    return f"# A page\n\n````yaml {operation.lower()}\n{dump(document)}\n````\n"


def started(document: dict[str, Any], path: str) -> dict[str, Any]:
    """The schema of the answer to a start."""
    operation = document["paths"][path]["post"]
    content = operation["responses"][STARTS[path]]["content"]
    schema: dict[str, Any] = content["application/json"]["schema"]
    return schema


def answers_grow(document: dict[str, Any]) -> None:
    """An additive change: all three starts answer with one property more."""
    for path in STARTS:
        started(document, path)["properties"]["made_up_place"] = {"type": "integer"}


def request_grows(document: dict[str, Any]) -> None:
    """An additive change: a start takes one field more."""
    schema = document["components"]["schemas"]["SchemaPostRunScenarios"]
    schema["properties"]["made_up_names"] = {"type": "array", "items": {"type": "string"}}


def success_moves(document: dict[str, Any]) -> None:
    """What looks like an accident: a success status is another one."""
    responses = document["paths"][VOICE]["post"]["responses"]
    responses["200"] = responses.pop("201")
