"""The operations that are polled are compared as closely as those that launch."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.documents import OPENAPI
from scripts.drift.__main__ import FAILED, FINE, main
from scripts.tracked import manifest
from tests.scripts.states import Change, full, saved

RESULTS = "/test_framework/v2/results/"
RESULT, END_CALLS = RESULTS + "{id}/", "/test_framework/v1/results/{id}/end_calls/"
POLLED = (f"GET {RESULTS}", f"GET {RESULT}", f"POST {END_CALLS}")


def _properties(document: dict[str, Any]) -> Any:
    """Those of the result that is polled, by the reference in its answer."""
    answer = document["paths"][RESULT]["get"]["responses"]["200"]["content"]["application/json"]
    return document["components"]["schemas"][answer["schema"]["$ref"].rpartition("/")[2]][
        "properties"
    ]


def _get(document: dict[str, Any], path: str = RESULT) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][path]["get"]
    return found


IS_DEPRECATED = bool(_get(full()).get("deprecated"))

EDITS: dict[str, tuple[Change, str, str]] = {
    "status gone": (
        lambda d: _properties(d).pop("status"),
        "response-property-removed",
        "response-property-added",
    ),
    "a new status": (
        lambda d: _properties(d)["status"]["enum"].append("paused"),
        "response-enum-grown",
        "response-enum-shrunk",
    ),
    "the text of success reversed": (
        lambda d: _get(d).update(description="`success` says nothing about the verdict."),
        "docs-changed",
        "docs-changed",
    ),
    "deprecated": (
        lambda d: _get(d).update(deprecated=not _get(d).get("deprecated")),
        "deprecation-lifted" if IS_DEPRECATED else "deprecated",
        "deprecated" if IS_DEPRECATED else "deprecation-lifted",
    ),
    "another authorisation": (
        lambda d: (
            _get(d).update(security=[{"made_up": []}])
            or d["components"]["securitySchemes"].update(
                made_up={"type": "http", "scheme": "basic"}
            )
        ),
        "security-changed",
        "security-changed",
    ),
    "a parameter of the list gone": (
        lambda d: _get(d, RESULTS)["parameters"].pop(0),
        "parameter-removed",
        "parameter-added",
    ),
    "ending calls needs a body": (
        lambda d: d["paths"][END_CALLS]["post"].update(
            requestBody={
                "required": True,
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        ),
        "request-body-required-added",
        "request-body-removed",
    ),
}


def test_every_operation_that_the_client_uses_is_tracked() -> None:
    """Launches, the list, the result, and ending calls: each has its source."""
    assert set(manifest(OPENAPI).values()) >= set(POLLED)


@pytest.mark.parametrize("name", EDITS)
def test_one_edit_of_a_polled_operation_is_told(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an old document, in the comparison that runs every day; and nothing else is told."""
    change, kind, _ = EDITS[name]
    assert main([saved(tmp_path, full(change)), "--format", "json", "--fail-on", "docs"]) == FAILED
    (told,) = json.loads(capsys.readouterr().out)["changes"]
    assert told["kind"] == kind
    assert set(told["operations"]) <= set(POLLED)


@pytest.mark.parametrize("name", EDITS)
def test_the_same_edit_is_told_backwards(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two documents, the edited one first."""
    change, _, kind = EDITS[name]
    old, new = saved(tmp_path, full(change), "old.json"), saved(tmp_path, full(), "new.json")
    assert main([new, "--old", old, "--format", "json"]) == FINE
    (told,) = json.loads(capsys.readouterr().out)["changes"]
    assert told["kind"] == kind
