"""`make check` must fail where it should; that it passes, `make test` shows."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import check, spec
from scripts.documents import OPENAPI, DocumentError, leaves
from scripts.generate import GENERATED
from scripts.serialization import read
from scripts.spec import differences

CEKURA, CLIENT = read(OPENAPI / "cekura.yaml"), read(OPENAPI / "client.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "openapi"
    shutil.copytree(OPENAPI, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: _append(f / "sources/run-voice.yaml", "\n"), "not as published"),
        (
            lambda f: (f / "sources/run-voice.yaml").unlink(),
            "recorded or tracked but missing",
        ),
        (lambda f: (f / "sources/x.yaml").touch(), "x.yaml is not recorded"),
    ],
)
def test_a_source_that_is_not_as_published_is_found(
    change: Callable[[Path], object], says: str, folder: Path
) -> None:
    """Changed, missing or without a record."""
    assert list(check.sources(folder)) == []
    change(folder)
    (problem,) = check.sources(folder)
    assert re.search(says, problem)


def test_a_built_document_that_was_edited_is_found(folder: Path) -> None:
    """Each by its name, with the difference."""
    assert list(check.documents(folder)) == []
    names = ["cekura.yaml", "client.yaml", "differences.txt"]
    for name in names:
        _append(folder / name, "x-edited: by hand\n")
    problems = list(check.documents(folder))
    assert [problem.splitlines()[0] for problem in problems] == [
        f"openapi/{name} differs:" for name in names
    ]
    assert all("-x-edited: by hand" in problem for problem in problems)


def test_a_built_document_that_is_missing_is_found(folder: Path) -> None:
    """By its name."""
    (folder / "client.yaml").unlink()
    assert list(check.documents(folder)) == ["openapi/client.yaml is missing"]


def test_text_with_a_comma_that_became_a_key_is_found(folder: Path) -> None:
    """In {description: one, two} YAML sees a key "two" without a value."""
    path = folder / "supplements" / "results.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("{description: Details that depend on the metric.}", "{description: a, b}")
    )
    assert any("extra/b has no value" in problem for problem in check.documents(folder))


def test_generated_code_that_was_edited_is_found(tmp_path: Path) -> None:
    """Changed, missing or too many files, in one run of the generator."""
    tree = tmp_path / "cekura_api"
    shutil.copytree(GENERATED, tree, ignore=shutil.ignore_patterns("__pycache__"))
    _append(tree / "client.py", "# edited\n")
    (tree / "errors.py").unlink()
    (tree / "helper.py").touch()
    problems = [problem.splitlines()[0] for problem in check.generated(tree)]
    assert problems == [
        "generated/cekura_api/client.py differs:",
        "generated/cekura_api/errors.py is missing",
        "generated/cekura_api/helper.py is not written by the generator",
    ]


def test_a_failed_check_names_the_command_that_mends_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And ends with status 1."""
    steps = (("all is well", lambda: iter(()), "-"), ("documents", lambda: ["off"], "make spec"))
    monkeypatch.setattr(check, "_STEPS", steps)
    assert check.main([]) == 1
    assert capsys.readouterr().out.endswith("FAIL documents\noff\n\nTo mend it: make spec\n")


def test_an_overlay_that_no_longer_fits_stops_the_build(folder: Path) -> None:
    """A page that changes under an action is noticed, with the reason of the action."""
    path = folder / "sources" / "run-voice.yaml"
    path.write_text(path.read_text("utf-8").replace("multipart/form-data", "text/csv"), "utf-8")
    with pytest.raises(DocumentError, match=r"expected 3 places(.|\n)*found 2(.|\n)*JSON only"):
        spec.build(folder)


def test_the_differences_are_complete() -> None:
    """Applied to the one document's leaves, they give the other's."""
    rebuilt = dict(leaves(CEKURA))
    for line in (OPENAPI / "differences.txt").read_text("utf-8").splitlines():
        kind, at, value = line[0], *line[2:].split(": ", 1)
        if kind == "-":
            assert rebuilt.pop(at) == value
        elif kind == "+":
            assert at not in rebuilt
            rebuilt[at] = value
        else:
            before, _, rebuilt[at] = value.rpartition(" -> ")
            assert dict(leaves(CEKURA))[at] == before
    assert rebuilt == dict(leaves(CLIENT))
    assert differences(CEKURA, CEKURA) == ""


def test_the_client_document_mends_the_known_traps() -> None:
    """JSON only, open statuses, one family for the start response, our names under one tag."""
    operations = [operation for item in CLIENT["paths"].values() for operation in item.values()]
    assert sorted(operation["operationId"] for operation in operations) == [
        *("end_calls", "get_result", "list_results"),
        *("run_vapi_webrtc", "run_voice", "run_websocket"),
    ]
    assert all(operation["tags"] == ["runs"] for operation in operations)
    starts = [operation for operation in operations if "requestBody" in operation]
    for start in starts:
        assert list(start["requestBody"]["content"]) == ["application/json"]
        schemas = [
            answer["content"]["application/json"]["schema"]
            for answer in start["responses"].values()
        ]
        assert schemas == [
            {"$ref": "#/components/schemas/StartResponse"},
            {"$ref": "#/components/schemas/ValidationErrorBody"},
        ]
    published = [
        operation["operationId"] for item in CEKURA["paths"].values() for operation in item.values()
    ]
    assert "scenarios-run-voice_2" in published
