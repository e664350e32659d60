"""`make drift`: what it compares, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.documents import OPENAPI, ROOT
from scripts.drift.__main__ import FAILED, FINE, UNUSABLE, main
from scripts.tracked import manifest
from tests.scripts.states import (
    STARTS,
    VOICE,
    Change,
    answers_grow,
    full,
    page,
    request_grows,
    saved,
    started,
    success_moves,
)


def _noise(document: dict[str, Any]) -> None:
    document["paths"][VOICE]["post"]["x-new"] = 1


def _words(document: dict[str, Any]) -> None:
    document["paths"][VOICE]["post"]["summary"] = "Another"


def _more_statuses(document: dict[str, Any]) -> None:
    started(document, VOICE)["properties"]["status"]["enum"].append("paused")


def _may_be_missing(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["SchemaPostRunScenarios"]["properties"]["frequency"][
        "default"
    ] = 2


@pytest.mark.parametrize(
    ("change", "worst"),
    [
        (lambda document: None, None),
        (_noise, "noise"),
        (_words, "docs"),
        (answers_grow, "additive"),
        (_more_statuses, "possibly-breaking"),  # any text is read there, but waits would not end
        (_may_be_missing, "possibly-breaking"),
        (success_moves, "breaking"),
    ],
)
def test_the_status_says_whether_it_is_as_bad_as_that(
    change: Change, worst: str | None, tmp_path: Path
) -> None:
    """1 from the named level on, where what is handled here is no worse than additive."""
    levels = ["noise", "docs", "additive", "possibly-breaking", "breaking"]
    origin = saved(tmp_path, full(change))
    assert main([origin]) == FINE
    for index, level in enumerate(levels):
        bad = worst is not None and levels.index(worst) >= index
        assert main([origin, "--fail-on", level]) == (FAILED if bad else FINE), level


def test_two_documents_are_compared_as_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also what is not tracked, in Markdown or JSON."""

    def other(document: dict[str, Any]) -> None:
        document["paths"]["/other/"] = {"get": {"responses": {"200": {"description": ""}}}}

    new, old = saved(tmp_path, full(other), "new.json"), saved(tmp_path, full(), "old.json")
    assert main([new, "--old", old]) == FINE
    assert "# Drift from `old.json` to `new.json`" in capsys.readouterr().out
    assert main([new, "--old", old, "--format", "json"]) == FINE
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["kind"], change["operations"]) == ("operation-added", ["GET /other/"])


def test_a_page_is_compared_with_its_operation_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it does not tell of is not gone."""
    (tmp_path / "voice.md").write_text(page(f"POST {VOICE}", request_grows), "utf-8")
    assert main([str(tmp_path / "voice.md"), "--format", "json"]) == FINE
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["kind"], change["name"]) == ("request-property-added", "made_up_names")


def test_a_successor_is_compared_with_what_it_replaces(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest names it, so the other is not gone: it is deprecated, and not tracked any more."""
    old = "/test_framework/v2/results/"

    def succeeded(document: dict[str, Any]) -> None:
        listed = document["paths"][old]["get"]
        parameter = {"name": "made_up", "in": "query", "schema": {"type": "string"}}
        added = {**listed, "parameters": [*listed["parameters"], parameter]}
        document["paths"]["/test_framework/v9/results/"] = {"get": added}
        listed["deprecated"] = True

    tracked = {
        file: operation.replace(f"GET {old}", "GET /test_framework/v9/results/")
        if file == "list-results.yaml"
        else operation
        for file, operation in manifest(OPENAPI).items()
    }
    monkeypatch.setattr("scripts.drift.compare.manifest", lambda folder: tracked)
    assert main([saved(tmp_path, full(succeeded)), "--format", "json"]) == FINE
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert [change["kind"] for change in changes] == ["parameter-added"]


@pytest.mark.parametrize(
    "path", [*STARTS, "/test_framework/v1/results/{id}/end_calls/", "/test_framework/v2/results/"]
)
def test_an_operation_that_the_full_document_no_longer_has_is_gone(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tracked one, or one that a supplement describes; where it may be now, is said."""

    def moved(document: dict[str, Any]) -> None:
        document["paths"]["/v2" + path] = document["paths"].pop(path)

    assert main([saved(tmp_path, full(moved)), "--fail-on", "breaking"]) == FAILED
    shown = capsys.readouterr().out
    assert "**breaking**: The operation is gone. Perhaps it is now `" in shown
    assert f"/v2{path}`" in shown
    assert "The operationId now means another operation" in shown


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["/nowhere/a.json"], "drift: a.json: No such file"),
        (["{new}", "--old", "/nowhere/b.json"], "drift: b.json: No such file"),
        (["{new}", "{new}", "--old", "{new}"], "with an old document there can be one new one"),
    ],
)
def test_what_cannot_be_read_has_a_status_of_its_own(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the reason, on stderr."""
    origin = saved(tmp_path, full())
    assert main([argument.format(new=origin) for argument in arguments]) == UNUSABLE
    assert says in capsys.readouterr().err


def test_what_is_wrong_outside_the_operations_in_use_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stderr; with and without an old document, the comparison goes on."""
    text = json.dumps(full()).replace('"paths": {', '"paths": {"/twice/": {}, "/twice/": {},', 1)
    new = tmp_path / "new.json"
    new.write_text(text, "utf-8")
    for arguments in ([str(new)], [str(new), "--old", saved(tmp_path, full())]):
        assert main(arguments) == FINE
        told = capsys.readouterr()
        assert "drift: note: new.json: the key /paths/~1twice~1 stands there twice" in told.err
        assert told.out.startswith("# Drift from")


def test_whoever_reads_only_the_beginning_sees_no_traceback(tmp_path: Path) -> None:
    """As `make drift … | head` does."""
    origin = saved(tmp_path, full(answers_grow))
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "scripts.drift", origin],
            cwd=ROOT,
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "")
