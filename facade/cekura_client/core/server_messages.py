"""What the server says in the body of an error, as sentences, whatever the shape of the body."""

import json
import re
from typing import Any

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
# An answer that is no error at all may be of any size: so many lines are enough, and so long.
_MOST, _LONGEST = 20, 500


def messages(body: bytes) -> tuple[str, ...]:
    """One entry for each thing that is said, with the field it is about in front.

    Known shapes: ``{"field": ["text"]}``, ``["text"]``, ``{"detail": "text"}``,
    ``{"errors": {"a.path[0]": ["text"]}}``, an HTML page (its title only), plain text, nothing.
    """
    text = body.decode("utf-8", errors="replace").strip()
    try:
        found = _said(json.loads(text))
    except (ValueError, RecursionError):
        if text[:1] == "<":
            title = _TITLE.search(text)
            found = [" ".join(title[1].split())] if title else []
        else:
            found = [text]
    return tuple(line[:_LONGEST] for line in found[:_MOST] if line)


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
