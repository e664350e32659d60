"""What the server says in the body of an error, as sentences, whatever the shape of the body."""

import json
from typing import Any

from cekura_client.core.texts import printable

# An answer that is no error at all may be of any size: this much of it is read, and of that so many
# lines are shown, each at most so long.
_READ, _MOST, _LONGEST = 1_000_000, 20, 500


def messages(body: bytes) -> tuple[str, ...]:
    """One entry for each thing that is said, on one line, with the field it is about in front.

    Known shapes: ``{"field": ["text"]}``, ``["text"]``, ``{"detail": "text"}``,
    ``{"errors": {"a.path[0]": ["text"]}}``, an HTML page (its title only), plain text, nothing.
    """
    text = body[:_READ].decode("utf-8", errors="replace").strip()
    try:
        found = _said(json.loads(text))
    except (ValueError, RecursionError):
        found = [_title(text) if text[:1] == "<" else text[: 2 * _LONGEST]]
    return tuple(printable(line[: 2 * _LONGEST])[:_LONGEST] for line in found[:_MOST] if line)


def _title(page: str) -> str:
    """The title of an HTML page; "" where it has none. By hand: a regex takes minutes for some pages."""
    lower = page.lower()
    begin = lower.find(">", lower.find("<title")) + 1 if "<title" in lower else 0
    end = lower.find("</title", begin)
    return page[begin:end] if 0 < begin <= end else ""


def _said(value: Any, about: str = "") -> list[str]:
    if isinstance(value, dict):
        return [
            line
            for key, item in value.items()
            # These two only wrap what is said; they are not fields.
            for line in _said(item, about if key in ("detail", "errors") else _joined(about, key))
        ]
    if isinstance(value, list):
        return [line for item in value for line in _said(item, about)]
    if value is None or value == "":
        return []
    return [f"{about}: {value}" if about else str(value)]


def _joined(about: str, key: str) -> str:
    return f"{about}.{key}" if about else key
