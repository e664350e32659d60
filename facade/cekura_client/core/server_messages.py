"""The messages in the body of an error, whatever its shape."""

import json
from typing import Any

from cekura_client.core.texts import printable

# The bytes that are read, the messages that are shown, and the characters of each. A body that is not an
# error may have any size.
_READ, _MOST, _LONGEST = 1_000_000, 20, 500


def messages(body: bytes) -> tuple[str, ...]:
    """One line per message, starting with the field that it is about.

    Known shapes: ``{"field": ["text"]}``, ``["text"]``, ``{"detail": "text"}``,
    ``{"errors": {"a.path[0]": ["text"]}}``, an HTML page (its title only), plain text, nothing.
    """
    text = body[:_READ].decode("utf-8", errors="replace").strip()
    try:
        found = _messages(json.loads(text))
    except (ValueError, RecursionError):
        found = [_title(text) if text[:1] == "<" else text[: 2 * _LONGEST]]
    return tuple(printable(line[: 2 * _LONGEST])[:_LONGEST] for line in found[:_MOST] if line)


def _title(page: str) -> str:
    """The title of an HTML page; "" if it has none. Not a regex, which takes minutes for some pages."""
    lower = page.lower()
    begin = lower.find(">", lower.find("<title")) + 1 if "<title" in lower else 0
    end = lower.find("</title", begin)
    return page[begin:end] if 0 < begin <= end else ""


def _messages(value: Any, about: str = "") -> list[str]:
    if isinstance(value, dict):
        return [
            line
            for key, item in value.items()
            # These two wrap messages; they are not fields.
            for line in _messages(
                item, about if key in ("detail", "errors") else _joined(about, key)
            )
        ]
    if isinstance(value, list):
        return [line for item in value for line in _messages(item, about)]
    if value is None or value == "":
        return []
    return [f"{about}: {value}" if about else str(value)]


def _joined(about: str, key: str) -> str:
    return f"{about}.{key}" if about else key
