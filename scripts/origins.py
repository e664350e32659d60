"""Where each source came from: the table in ``openapi/README.md``."""

import hashlib
import re

from scripts.documents import DocumentError

_HEAD = re.compile(r"^\| file \| taken from \|.*\n\|[-| ]+\|\n", re.MULTILINE)
_ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| (?P<origin>[^|]+) \| (?P<date>[^|]+) \| "
    r"`(?P<sha256>[0-9a-f]{64})` \|\n",
    re.MULTILINE,
)


def sha256(text: str) -> str:
    """Of a source's text, as it lies in its file."""
    return hashlib.sha256(text.encode()).hexdigest()


def recorded(readme: str) -> dict[str, str]:
    """The sha256 of each source, by file name."""
    return {row["file"]: row["sha256"] for row in _ROW.finditer(readme)}


def record(readme: str, file: str, origin: str, date: str, text: str) -> str:
    """The README with a source's row, new or in place of the old one; rows stand in order.

    Raises:
        DocumentError: the README has no such table.
    """
    head = _HEAD.search(readme)
    if head is None:
        raise DocumentError("openapi/README.md: the table of sources is missing")
    plain = re.sub(r"[|`\s]+", " ", origin).strip()
    row = f"| `{file}` | {plain} | {date} | `{sha256(text)}` |\n"
    rows = {match["file"]: match[0] for match in _ROW.finditer(readme)} | {file: row}
    rest = _ROW.sub("", readme[head.end() :])
    return readme[: head.end()] + "".join(rows[name] for name in sorted(rows)) + rest
