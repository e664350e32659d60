"""Checks of single fields: each takes the field's name and what was given, and returns what is sent.

All raise `InvalidRequestError` with what was wrong, what was given, and what would be right.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from reprlib import repr as shortened

from cekura_client.errors import InvalidRequestError

LONGEST_NAME = 255

Check = Callable[[str, object], object]


def positive(field: str, value: object) -> int:
    """A whole number from 1; True is not one."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidRequestError(
            f"{field} must be a whole number from 1; got {shortened(value)}; for example {field}=12"
        )
    return value


def positives(field: str, value: object) -> list[int]:
    """A non-empty list of distinct whole numbers from 1."""
    numbers = [positive(f"{field}[{index}]", item) for index, item in items(field, value, "[1, 2]")]
    twice = [number for number, times in Counter(numbers).items() if times > 1]
    if twice:
        more = "; to run scenarios several times use `frequency`" if field == "scenarios" else ""
        raise InvalidRequestError(f"{field} has {shortened(twice)} more than once{more}")
    return numbers


def seconds(field: str, value: object, *, zero: bool = False) -> float:
    """A finite number of seconds above 0, or also 0."""
    number = value if isinstance(value, int | float) else math.nan
    if isinstance(value, bool) or not (0 < number < math.inf or (zero and number == 0)):
        right = "from 0" if zero else "above 0"
        raise InvalidRequestError(
            f"{field} must be a number of seconds {right}; got {shortened(value)}"
        )
    return number


def text(field: str, value: object) -> str:
    """Text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise InvalidRequestError(f"{field} must be text that is not blank; got {shortened(value)}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequestError(
            f"{field} cannot be sent as UTF-8: {value[error.start]!r} at position {error.start}"
        ) from None
    return value


def name(field: str, value: object) -> str:
    """The label of a result: text of at most 255 characters, as the vendor stores it."""
    label = text(field, value)
    if len(label) > LONGEST_NAME:
        raise InvalidRequestError(
            f"{field} has {len(label)} characters, at most {LONGEST_NAME} are possible"
        )
    return label


def texts(field: str, value: object) -> list[str]:
    """A non-empty list of texts that are not blank."""
    example = '["smoke", "nightly"]'
    return [text(f"{field}[{index}]", item) for index, item in items(field, value, example)]


def one_of(*options: str) -> Check:
    """A check that the value is one of these."""

    def check(field: str, value: object) -> str:
        if value not in options or not isinstance(value, str):
            right = " or ".join(repr(option) for option in options)
            raise InvalidRequestError(f"{field} must be {right}; got {shortened(value)}")
        return value

    return check


def at_most(most: int) -> Check:
    """A check for a whole number from 1 to `most`."""

    def check(field: str, value: object) -> int:
        if positive(field, value) > most:
            raise InvalidRequestError(f"{field} can be at most {most} here; got {value}")
        return positive(field, value)

    return check


def items(field: str, value: object, example: str) -> Iterable[tuple[int, object]]:
    """The entries of a non-empty list with their places; a text is not a list of letters."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise InvalidRequestError(
            f"{field} must be a list; got {shortened(value)}; for example {field}={example}"
        )
    items: list[object] = list(value)
    if not items:
        raise InvalidRequestError(f"{field} is empty; for example {field}={example}")
    return enumerate(items)
