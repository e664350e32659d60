"""Where each source came from: the table in ``openapi/README.md``."""

import hashlib
import re

from scripts.documents import DocumentError

_TABLE = re.compile(
    r"^\| file \| taken from \|.*\n\|[-| ]+\|(?:\n|\Z)(?P<rows>(?:\|.*(?:\n|\Z))*)", re.MULTILINE
)
_ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| (?P<origin>[^|]+) \| (?P<date>[^|]+) \| "
    r"`(?P<sha256>[0-9a-f]{64})` \|$",
    re.MULTILINE,
)


def sha256(text: str) -> str:
    """Of a source's text, as it lies in its file."""
    return hashlib.sha256(text.encode()).hexdigest()


def recorded(readme: str) -> dict[str, str]:
    """The sha256 of each source, by file name.

    Raises:
        DocumentError: the README has no such table.
    """
    return {row["file"]: row["sha256"] for row in _ROW.finditer(_table(readme)["rows"])}


def record(readme: str, file: str, origin: str, date: str, text: str) -> str:
    """The README with a source's row, new or in place of the old one; rows stand in order.

    Raises:
        DocumentError: the README has no such table.
    """
    table = _table(readme)
    plain = re.sub(r"[|`\s]+", " ", origin).strip() or "an unnamed file"
    row = f"| `{file}` | {plain} | {date} | `{sha256(text)}` |"
    rows = {match["file"]: match[0] for match in _ROW.finditer(table["rows"])}
    if len(rows) != table["rows"].count("|\n") + table["rows"].endswith("|"):
        raise DocumentError("openapi/README.md: the table of sources has a row that is none")
    rows[file] = row
    lines = "".join(f"{rows[name]}\n" for name in sorted(rows))
    head = readme[: table.start("rows")]
    return head + ("" if head.endswith("\n") else "\n") + lines + readme[table.end("rows") :]


def _table(readme: str) -> re.Match[str]:
    found = _TABLE.search(readme)
    if found is None:
        raise DocumentError("openapi/README.md: the table of sources is missing")
    return found
