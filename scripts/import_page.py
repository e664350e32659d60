"""Take a published page into ``openapi/sources/``: its YAML as published, and where it came from.

Usage: python -m scripts.import_page PAGE [PAGE ...] [--date YYYY-MM-DD]

A page is the Markdown of the vendor's documentation: a level-one heading with the operation's
name and one fenced block of YAML with an OpenAPI document. The heading names the file.
"""

import argparse
import datetime
import hashlib
import re
import sys
from pathlib import Path

from scripts.documents import OPENAPI, DocumentError, load

_TITLE = re.compile(r"^# (?P<title>\S.*?)\s*$", re.MULTILINE)
_BLOCK = re.compile(
    r"^(?P<fence>`{3,}|~{3,})ya?ml\b[^\n]*\n(?P<text>.*?\n)(?P=fence)\s*$", re.MULTILINE | re.DOTALL
)
_ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| (?P<page>[^|]+) \| (?P<date>[^|]+) \| `(?P<sha256>[0-9a-f]{64})` \|$",
    re.MULTILINE,
)


def extract(page: str, name: str) -> tuple[str, str]:
    """The title and the YAML of one page, to the letter.

    Raises:
        DocumentError: no title, no YAML block or several, or the block is not an OpenAPI document.
    """
    title = _TITLE.search(page)
    blocks = list(_BLOCK.finditer(page))
    if title is None:
        raise DocumentError(f"{name}: there is no '# Title' line, so this is not a published page")
    if len(blocks) != 1:
        raise DocumentError(f"{name}: expected one fenced block of YAML, found {len(blocks)}")
    text = blocks[0]["text"]
    document = load(text, name)
    for key in ("openapi", "paths"):
        if key not in document:
            raise DocumentError(
                f"{name}: the YAML has no {key!r}, so it is not an OpenAPI document"
            )
    return title["title"], text


def file_name(title: str) -> str:
    """``Run Evaluator VAPI WebRTC`` becomes ``run-evaluator-vapi-webrtc.yaml``."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") + ".yaml"


def record(readme: str) -> dict[str, str]:
    """The sha256 of each source, by file name, as the table in ``openapi/README.md`` has it."""
    return {row["file"]: row["sha256"] for row in _ROW.finditer(readme)}


def _with_row(readme: str, file: str, title: str, date: str, sha256: str) -> str:
    row = f"| `{file}` | {title} | {date} | `{sha256}` |"
    rows = {match["file"]: match[0] for match in _ROW.finditer(readme)} | {file: row}
    table = "\n".join(rows[name] for name in sorted(rows)) + "\n"
    head = re.search(r"^\| file \| page \|.*\n\|[-| ]+\|\n", readme, re.MULTILINE)
    if head is None:
        raise DocumentError("openapi/README.md: the table of sources is missing")
    rest = _ROW.sub("", readme[head.end() :]).lstrip("\n")
    return readme[: head.end()] + table + ("\n" + rest if rest else "")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Take published pages into openapi/sources/.")
    parser.add_argument("pages", nargs="+", type=Path, metavar="PAGE")
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=datetime.date.today())
    options = parser.parse_args(arguments)
    readme = OPENAPI / "README.md"
    # Everything is read and checked before anything is written.
    pages = [(*extract(page.read_text("utf-8"), page.name), page) for page in options.pages]
    text = readme.read_text("utf-8")
    for title, content, _ in pages:
        digest = hashlib.sha256(content.encode()).hexdigest()
        text = _with_row(text, file_name(title), title, str(options.date), digest)
    for title, content, page in pages:
        (OPENAPI / "sources" / file_name(title)).write_text(content, "utf-8")
        print(f"{page.name}: wrote openapi/sources/{file_name(title)}")
    readme.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (DocumentError, OSError) as problem:
        sys.exit(f"import_page: {problem}")
