"""Values as they should be, from whatever type the server sent them in."""

import math
from email.utils import parsedate_to_datetime
from typing import Any


def integer(value: Any) -> int | None:
    """An id or a count: a whole number, also where it came as text or as 12.0."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) else None


def integers(value: Any) -> list[int]:
    """The ids in a list, of things or of objects that have one; what is none is left out."""
    if not isinstance(value, list):
        return []
    ids = [integer(item.get("id") if isinstance(item, dict) else item) for item in value]
    return [each for each in ids if each is not None]


def number(value: Any) -> float | None:
    """A finite number; true counts as 1."""
    try:
        found = float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def http_date(value: str) -> float | None:
    """A date as HTTP writes it, in seconds since 1970; without a zone it is none."""
    try:
        date = parsedate_to_datetime(value)
        return date.timestamp() if date.tzinfo else None
    except (ValueError, OverflowError):
        return None


def text(value: Any) -> str:
    """A text, or "" where there is none."""
    return value if isinstance(value, str) else ""


def error_text(value: Any) -> str:
    """An error message; one of an odd type is still an error."""
    return value.strip() if isinstance(value, str) else str(value) if value else ""


def texts(value: Any) -> tuple[str, ...]:
    """The texts in a list, or the one text that came without a list."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()
