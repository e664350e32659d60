import datetime
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import check, import_spec
from scripts.documents import OPENAPI, DocumentError, leaf_parts
from scripts.files import replace
from scripts.import_spec import DONE, NOT_ACCEPTED, UNUSABLE, main, plan
from scripts.origins import recorded, sha256
from scripts.published import obtain
from scripts.serialization import read
from scripts.tracked import manifest
from tests.scripts.states import (
    VOICE,
    Change,
    answers_grow,
    full,
    page,
    request_grows,
    saved,
    success_moves,
)

SHARED = Path(__file__).resolve().parents[3] / "shared"
UPSTREAM = SHARED / "upstream"


@pytest.fixture
def openapi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "openapi"
    shutil.copytree(OPENAPI, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(import_spec, "OPENAPI", folder)
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """A person at a terminal who gives these answers; without any, nobody is there."""
    given = iter(answers)
    monkeypatch.setattr("builtins.input", lambda prompt: next(given))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: bool(answers))


def test_a_change_is_shown_and_written_with_its_origin(
    openapi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the sources that changed, each with file, date and sha256; the rest stays as it was."""
    before = _bytes(openapi)
    origin = saved(tmp_path, full(request_grows))
    assert main([origin, "--yes", "--date", "2026-01-02"]) == DONE
    changed = {name for name, data in _bytes(openapi).items() if before.get(name) != data}
    assert changed == {"README.md", "sources/run-voice.yaml"}
    changelog = (openapi.parent / "CHANGELOG.md").read_text("utf-8")
    assert "- Additive: `made_up_names` is new and optional." in changelog
    readme = (openapi / "README.md").read_text("utf-8")
    text = (openapi / "sources" / "run-voice.yaml").read_text("utf-8")
    row = f"| `run-voice.yaml` | full.json | 2026-01-02 | `{sha256(text)}` |"
    assert readme.count(row) == 1
    assert len(recorded(readme)) == 6
    shown = capsys.readouterr().out
    assert "`made_up_names` is new and optional" in shown
    assert "To write: openapi/sources/run-voice.yaml, from full.json" in shown
    assert "make upgrade" in shown


def test_what_is_there_already_is_not_written(
    openapi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is asked, and the vendor's folding of lines stays."""
    before = _bytes(openapi)
    assert main([saved(tmp_path, full())]) == DONE
    assert "nothing to write" in capsys.readouterr().out
    assert _bytes(openapi) == before


@pytest.mark.skipif(not UPSTREAM.is_dir(), reason="the full document is not on this machine")
def test_the_full_document_of_the_day_changes_nothing() -> None:
    """All sources are in its state."""
    planned = plan([obtain(str(UPSTREAM / "openapi-2026-08-18.json"))], OPENAPI)
    assert planned.sources == {}
    assert len(planned.origins) == 6
    assert planned.report.entries == []
    assert planned.misfit == ""


def test_a_page_is_taken_to_the_letter(openapi: Path, tmp_path: Path) -> None:
    """And the sources that it is not about are left alone."""
    (tmp_path / "voice.md").write_text(page(f"POST {VOICE}", request_grows), "utf-8")
    assert main([str(tmp_path / "voice.md"), "--yes"]) == DONE
    text = (openapi / "sources" / "run-voice.yaml").read_text("utf-8")
    assert f"\n{text}````" in page(f"POST {VOICE}", request_grows)


def test_pages_that_changed_together_are_taken_together(openapi: Path, tmp_path: Path) -> None:
    """One alone would disagree with the rest, and says so; all of them are accepted."""

    def another(document: dict[str, Any]) -> None:
        document["info"] = {"title": "Cekura API", "version": "v2"}

    files: list[str] = []
    for index, operation in enumerate(manifest(OPENAPI).values()):
        file = tmp_path / f"{index}.md"
        file.write_text(page(operation, another), "utf-8")
        files.append(str(file))
    with pytest.raises(DocumentError, match="disagree at /info"):
        plan([obtain(files[0])], openapi)
    assert main([*files, "--yes"]) == DONE


@pytest.mark.parametrize(
    ("answers", "options", "status"),
    [
        (("y",), [], DONE),
        (("yes",), [], DONE),
        (("",), [], NOT_ACCEPTED),
        (("n",), [], NOT_ACCEPTED),
        ((), [], NOT_ACCEPTED),
        ((), ["--yes"], DONE),
    ],
)
def test_it_asks_before_it_writes(
    answers: tuple[str, ...],
    options: list[str],
    status: int,
    openapi: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No answer is a no, and so is a terminal that is none, unless told --yes."""
    before = _bytes(openapi)
    _answering(monkeypatch, *answers)
    assert main([saved(tmp_path, full(answers_grow)), *options]) == status
    assert (_bytes(openapi) == before) is (status == NOT_ACCEPTED)


@pytest.mark.parametrize(
    ("answers", "options", "status"),
    [
        ((), ["--yes"], NOT_ACCEPTED),
        ((), [], NOT_ACCEPTED),
        (("accept",), ["--yes"], NOT_ACCEPTED),
        (("y",), [], NOT_ACCEPTED),
        (("accept",), [], DONE),
    ],
)
def test_what_looks_like_an_accident_takes_more_than_a_yes(
    answers: tuple[str, ...],
    options: list[str],
    status: int,
    openapi: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """--yes never takes it; a person must type the word."""
    before = _bytes(openapi)
    _answering(monkeypatch, *answers)
    assert main([saved(tmp_path, full(success_moves)), *options]) == status
    assert "**Hold for review.**" in capsys.readouterr().out
    assert (_bytes(openapi) == before) is (status == NOT_ACCEPTED)


def _without(path: str) -> Change:
    return lambda document: document["paths"].pop(path)


def _dangling(document: dict[str, Any]) -> None:
    del document["components"]["schemas"]["ScenarioWithWebsocket"]


def _csv(document: dict[str, Any]) -> None:
    content = document["paths"][VOICE]["post"]["requestBody"]["content"]
    content["text/csv"] = content["application/json"]


def _invalid(document: dict[str, Any]) -> None:
    document["paths"][VOICE]["post"] = {"responses": {"200": {"content": {}}}}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_without(VOICE), f"tracked, but not there: POST {VOICE}"),
        (_dangling, "'#/components/schemas/ScenarioWithWebsocket', which the document"),
        (_csv, "the media type 'text/csv' is not one of"),
        (_invalid, "not valid OpenAPI: /"),
        (lambda document: document.update(openapi="2.0"), "/openapi is '2.0'"),
        (lambda document: document.update(servers=7), "not valid OpenAPI: /servers"),
        (lambda document: document["paths"].update({VOICE: 7}), "is 7, not an object"),
        (lambda document: document["components"].update(schemas=[]), "/schemas is [], not an"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_written(
    change: Change, says: str, openapi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With where and why, and a status of its own."""
    before = _bytes(openapi)
    assert main([saved(tmp_path, full(change)), "--yes"]) == UNUSABLE
    told = capsys.readouterr().err
    assert told.startswith("import: ")
    assert says in told
    assert _bytes(openapi) == before


def test_two_publications_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    """Which of them is right, a person must say."""
    one = saved(tmp_path, full(), "one.json")
    other = saved(tmp_path, full(request_grows), "other.json")
    with pytest.raises(DocumentError, match=r"other.json and one.json differ on POST"):
        plan([obtain(one), obtain(other)], OPENAPI)


def test_an_overlay_that_no_longer_fits_is_told_before_the_question(
    openapi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which action, why it is there, and what its place looks like now."""

    def renamed(document: dict[str, Any]) -> None:
        text = json.dumps(document).replace("SchemaPostRunScenarios", "VoiceRequest")
        document.update(json.loads(text))

    assert main([saved(tmp_path, full(renamed)), "--yes"]) == DONE
    shown = capsys.readouterr().out
    assert "overlay.yaml will not fit any more" in shown
    assert "$.components.schemas.SchemaPostRunScenarios.properties.scenarios" in shown
    assert "why the action is there: Two other renderings of the voice page" in shown
    assert "['SchemaPostRunScenarios'] is not in $['components']['schemas'], which is now" in shown


def test_what_is_held_says_before_the_question_that_the_overlay_will_not_fit(
    openapi: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And afterwards how to go back."""
    asked: list[str] = []

    def answer(_: str) -> str:
        asked.append(capsys.readouterr().out)
        return "accept"

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert main([saved(tmp_path, full(success_moves))]) == DONE
    (before,) = asked
    assert "**Hold for review.**" in before
    assert "openapi/overlay.yaml will not fit any more; mend it afterwards:" in before
    assert "To go back: git restore openapi generated CHANGELOG.md" in capsys.readouterr().out


def test_a_source_whose_record_is_off_is_written_again(openapi: Path, tmp_path: Path) -> None:
    """So that the import that `make check` advises mends it."""
    source = openapi / "sources" / "run-voice.yaml"
    source.write_text(source.read_text("utf-8") + "\n", "utf-8")
    assert len(list(check.sources(openapi))) == 1
    assert main([saved(tmp_path, full()), "--yes"]) == DONE
    assert list(check.sources(openapi)) == []


def test_what_is_not_valid_names_source_and_component(openapi: Path, tmp_path: Path) -> None:
    """Of all sources, the one that uses it."""

    def wrong(document: dict[str, Any]) -> None:
        schema = document["components"]["schemas"]["SchemaPostRunScenarios"]
        schema["properties"]["scenarios"]["type"] = ["string", "null", "null"]

    with pytest.raises(DocumentError) as caught:
        plan([obtain(saved(tmp_path, full(wrong)))], openapi)
    assert str(caught.value).startswith("run-voice.yaml: not valid OpenAPI: /")
    assert "/SchemaPostRunScenarios/" in str(caught.value)


def test_a_disk_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All texts are written aside before the first one takes its place."""
    one = tmp_path / "one"
    one.write_text("before", "utf-8")
    write = Path.write_text

    def fail(self: Path, data: str, encoding: str) -> int:
        if ".new" in self.name:
            raise OSError("no space left")
        return write(self, data, encoding)

    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(OSError, match="no space left"):
        replace({one: "after"}, tmp_path)
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {"one": "before"}


def test_the_date_of_today_is_recorded(openapi: Path, tmp_path: Path) -> None:
    """Unless another is given."""
    assert main([saved(tmp_path, full(request_grows)), "--yes"]) == DONE
    assert f"| full.json | {datetime.date.today()} |" in (openapi / "README.md").read_text("utf-8")


def test_what_was_imported_reads_back_in_the_published_order(openapi: Path, tmp_path: Path) -> None:
    """Key by key."""
    assert main([saved(tmp_path, full(answers_grow)), "--yes"]) == DONE
    for file in ("run-voice.yaml", "run-websocket.yaml"):
        old, new = read(OPENAPI / "sources" / file), read(openapi / "sources" / file)
        added = [parts for parts, _ in leaf_parts(new) if "made_up_place" in parts]
        assert len(added) == 1
        assert [leaf for leaf in leaf_parts(new) if leaf[0] not in added] == list(leaf_parts(old))
