import hashlib
import shutil
from pathlib import Path

import pytest

from scripts import import_page
from scripts.documents import OPENAPI, DocumentError
from scripts.import_page import extract, file_name, record

YAML = "openapi: 3.1.0\npaths: {}\n"
PAGE = f"> hint\n\n# Run Evaluator Chat\n\n> text\n\n````yaml post /a/\n{YAML}\n````\n"
SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


def test_the_yaml_of_a_page_is_taken_to_the_letter() -> None:
    """From behind the opening fence to before the closing one, blank lines included."""
    assert extract(PAGE, "page") == ("Run Evaluator Chat", YAML + "\n")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Run Evaluator Voice", "run-evaluator-voice.yaml"),
        ("Run Evaluator Websocket", "run-evaluator-websocket.yaml"),
        ("Run Evaluator VAPI WebRTC", "run-evaluator-vapi-webrtc.yaml"),
    ],
)
def test_the_title_names_the_file(title: str, name: str) -> None:
    """In lower case, with hyphens."""
    assert file_name(title) == name


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("no title", "no '# Title' line"),
        ("# T\n\ntext only\n", "expected one fenced block of YAML, found 0"),
        (PAGE + PAGE, "expected one fenced block of YAML, found 2"),
        (PAGE.replace("openapi:", "swagger:"), "no 'openapi'"),
        (PAGE.replace("paths:", "path:"), "no 'paths'"),
        (PAGE.replace(YAML, YAML + YAML), "stands there twice"),
    ],
)
def test_what_is_no_page_is_refused(page: str, says: str) -> None:
    """With the file's name and the reason."""
    with pytest.raises(DocumentError) as caught:
        extract(page, "x.md")
    assert says in str(caught.value)
    assert "x.md" in str(caught.value)


@pytest.fixture
def openapi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "openapi"
    shutil.copytree(OPENAPI, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(import_page, "OPENAPI", folder)
    return folder


def test_an_import_writes_the_source_and_where_it_came_from(openapi: Path, tmp_path: Path) -> None:
    """Page, date and sha256 stand in the README's table, in order; importing again adds nothing."""
    page = tmp_path / "chat.md"
    page.write_text(PAGE, "utf-8")
    before = record((openapi / "README.md").read_text("utf-8"))
    for _ in range(2):
        assert import_page.main([str(page), "--date", "2026-01-02"]) == 0
    written = (openapi / "sources" / "run-evaluator-chat.yaml").read_bytes()
    digest = hashlib.sha256(written).hexdigest()
    text = (openapi / "README.md").read_text("utf-8")
    row = f"| `run-evaluator-chat.yaml` | Run Evaluator Chat | 2026-01-02 | `{digest}` |\n"
    assert text.count(row) == 1
    assert record(text) == before | {"run-evaluator-chat.yaml": digest}
    assert list(record(text)) == sorted(record(text))


def test_a_page_that_does_not_fit_leaves_everything_as_it_was(
    openapi: Path, tmp_path: Path
) -> None:
    """Also the pages that were given before it."""
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(PAGE, "utf-8")
    bad.write_text("nothing", "utf-8")
    before = {path: path.read_bytes() for path in openapi.rglob("*") if path.is_file()}
    with pytest.raises(DocumentError, match=r"bad\.md"):
        import_page.main([str(good), str(bad)])
    assert {path: path.read_bytes() for path in openapi.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the published pages are not on this machine")
@pytest.mark.parametrize("number", ["000", "002", "003"])
def test_the_sources_are_what_the_pages_have(number: str) -> None:
    """To the byte."""
    (page,) = SEEDS.glob(f"{number}_*")
    title, text = extract(page.read_text("utf-8"), page.name)
    assert (OPENAPI / "sources" / file_name(title)).read_bytes() == text.encode()
