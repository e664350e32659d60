import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.documents import OPENAPI, DocumentError
from scripts.origins import record, recorded, sha256

TABLE = "| file | taken from | taken on | sha256 |\n|---|---|---|---|\n"
BEFORE = "# Title\n\n| other | table |\n|---|---|\n| `a.yaml` | x |\n\ntext\n\n"
AFTER = "\ntext after\n\n| file | what |\n|---|---|\n| `b.yaml` | y |\n\n## More\n"


def _row(file: str, origin: str, date: str, text: str) -> str:
    return f"| `{file}` | {origin} | {date} | `{hashlib.sha256(text.encode()).hexdigest()}` |\n"


def test_a_source_is_recorded_and_recorded_anew() -> None:
    """With origin, date and digest, in place of what was there; all around it stays."""
    once = record(BEFORE + TABLE + AFTER, "b.yaml", "page", "2026-01-02", "é\n")
    assert once == BEFORE + TABLE + _row("b.yaml", "page", "2026-01-02", "é\n") + AFTER
    assert record(once, "b.yaml", "page", "2026-01-02", "é\n") == once
    again = record(once, "b.yaml", "http://127.0.0.1/x", "2026-01-03", "new")
    row = _row("b.yaml", "http://127.0.0.1/x", "2026-01-03", "new")
    assert again == BEFORE + TABLE + row + AFTER
    assert recorded(again) == {"b.yaml": sha256("new")}


def test_rows_stand_in_the_order_of_their_files() -> None:
    """However they came."""
    files = ("a.yaml", "b.yaml", "c-1.yaml")
    for order in itertools.permutations(files):
        text = BEFORE + TABLE + AFTER
        for file in order:
            text = record(text, file, "page", "2026-01-02", file)
        rows = "".join(_row(file, "page", "2026-01-02", file) for file in files)
        assert text == BEFORE + TABLE + rows + AFTER
        assert recorded(text) == {file: sha256(file) for file in files}


@pytest.mark.parametrize(
    "origin",
    [
        "a|b",
        "a | b |",
        "`a`",
        "a``|`b",
        "a\nb",
        "a\r\n\r\nb",
        "a\x0b\x0c\x85\u2028\u2029b",
        "\n| `b.yaml` | x | y | `" + "0" * 64 + "` |\n",
        TABLE,
        "\\",
        r"\1\g<0>",
        "a\\",
        "é" * 5000,
        "",
        " | `\n",
    ],
)
def test_no_origin_breaks_the_table(origin: str) -> None:
    """It stays one row of four cells, which is found again and replaced."""
    first = record(BEFORE + TABLE + AFTER, "b.yaml", "page", "2026-01-02", "b")
    text = record(first, "a.yaml", origin, "2026-01-02", "a")
    added = text[len(BEFORE + TABLE) : -len(AFTER)].splitlines()
    assert len(added) == 2
    assert added[0].count("|") == 5
    assert added[0].count("`") == 4
    assert recorded(text) == {"a.yaml": sha256("a"), "b.yaml": sha256("b")}
    plain = record(first, "a.yaml", "page", "2026-01-02", "a")
    assert record(text, "a.yaml", "page", "2026-01-02", "a") == plain


@given(st.text())
def test_any_origin_is_one_row(origin: str) -> None:
    """Also one with nothing in it."""
    text = record(BEFORE + TABLE + AFTER, "a.yaml", origin, "2026-01-02", "a")
    assert text.startswith(BEFORE + TABLE)
    assert text.endswith(AFTER)
    assert recorded(text) == {"a.yaml": sha256("a")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        (BEFORE, ""),
        ("", AFTER),
        (f"```\n{_row('x.yaml', 'p', 'd', '')}```\n", ""),
        ("", f"\n| a | b | c | d |\n|-|-|-|-|\n{_row('x', 'p', 'd', '')}"),
    ],
)
def test_what_stands_around_the_table_stays(before: str, after: str) -> None:
    """Also what looks like a row of it."""
    text = record(before + TABLE + after, "a.yaml", "page", "2026-01-02", "a")
    assert text == before + TABLE + _row("a.yaml", "page", "2026-01-02", "a") + after


def test_the_last_line_of_the_readme_needs_no_end() -> None:
    """Its row is a row as well."""
    text = BEFORE + TABLE + _row("b.yaml", "page", "2026-01-02", "b").rstrip("\n")
    assert recorded(text) == {"b.yaml": sha256("b")}
    rows = _row("a.yaml", "page", "2026-01-02", "a") + _row("b.yaml", "page", "2026-01-02", "b")
    assert (
        record(text, "a.yaml", "page", "2026-01-02", "a").rstrip()
        == (BEFORE + TABLE + rows).rstrip()
    )


@pytest.mark.parametrize(
    "readme",
    [
        "",
        BEFORE + AFTER,
        TABLE.splitlines(True)[0],
        f"text {TABLE}",
        TABLE.replace("taken from", "from"),
        TABLE.replace("\n|-", "\n\n|-"),
    ],
)
def test_a_readme_without_the_table_is_refused(readme: str) -> None:
    """It is said which file lacks it."""
    with pytest.raises(
        DocumentError, match=r"^openapi/README\.md: the table of sources is missing"
    ):
        record(readme, "a.yaml", "page", "2026-01-02", "a")


def test_the_checked_in_table_is_that_of_the_sources() -> None:
    """Each source has its row, with the digest of the file as it lies there, in order."""
    readme = (OPENAPI / "README.md").read_text("utf-8")
    sources = sorted((OPENAPI / "sources").glob("*.yaml"))
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}
    assert list(recorded(readme).items()) == list(digests.items())
    for path in sources:
        assert sha256(path.read_text("utf-8")) == digests[path.name]
