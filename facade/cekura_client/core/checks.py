"""Checks of single values. Each takes a name and a value, and returns the value to send.

All raise `InvalidRequestError`, which says what is expected, with an example, and what it got. Texts and
objects may be secret, so messages show only their types.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from reprlib import repr as brief
from typing import Any, get_args
from urllib.parse import urlsplit

from cekura_client.core.errors import InvalidRequestError
from cekura_client.core.folder_path import folder_path

LONGEST_NAME = 255

Check = Callable[[str, object], object]


def positive(name: str, value: object) -> int:
    """A positive integer; True does not count."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        # Only numbers are shown: anything else may be a secret by mistake.
        got = brief(value) if isinstance(value, int | float) else type(value).__name__
        raise InvalidRequestError(f"{name} must be a positive integer, e.g. {name}=12; got {got}")
    return value


def at_most(maximum: int) -> Check:
    """A check for an integer between 1 and `maximum`."""

    def check(name: str, value: object) -> int:
        if positive(name, value) > maximum:
            raise InvalidRequestError(f"{name} is {brief(value)}; the maximum is {maximum}")
        return positive(name, value)

    return check


def positives(name: str, value: object) -> list[int]:
    """A non-empty list of distinct positive integers."""
    numbers = [positive(path, item) for path, item in items(name, value, "[101, 102]")]
    refuse_duplicates(name, numbers)
    return numbers


def evaluators(name: str, value: object) -> list[int] | str:
    """Ids of evaluators, "all", or a folder path."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        raise InvalidRequestError(
            f"{name} must be a list; got {brief(value)}. To run the evaluator with this id, use "
            f"{name}=[{brief(value)}]; to run the agent's first {brief(value)} evaluators, use "
            f"first={brief(value)}"
        )
    if isinstance(value, str):
        return value if value == "all" else folder_path(name, value)
    return positives(name, value)


def text(name: str, value: object) -> str:
    """Text that is not blank."""
    if not isinstance(value, str):
        raise InvalidRequestError(f"{name} must be text; got {type(value).__name__}")
    if not value.strip():
        raise InvalidRequestError(f"{name} must not be blank")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequestError(
            f"{name} must be valid UTF-8; got {value[error.start]!r} at position {error.start}"
        ) from None
    return value


def texts(name: str, value: object) -> list[str]:
    """A non-empty list of texts that are not blank."""
    return [text(path, item) for path, item in items(name, value, '["smoke", "nightly"]')]


def texts_or_none(name: str, value: object) -> list[str]:
    """A list of texts that are not blank; it may be empty."""
    return [] if value in ([], ()) else texts(name, value)


def label(name: str, value: object) -> str:
    """The name of a result. The vendor stores at most 255 characters."""
    found = text(name, value)
    if len(found) > LONGEST_NAME:
        raise InvalidRequestError(
            f"{name} is {len(found)} characters long; the maximum is {LONGEST_NAME}"
        )
    return found


def one_of(literal: object) -> Check:
    """A check for the values of a `Literal`."""
    options = get_args(literal)

    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or value not in options:
            right = " or ".join(map(repr, options))
            raise InvalidRequestError(f"{name} must be {right}; got {brief(value)}")
        return value

    return check


def websocket_address(name: str, value: object) -> str:
    """A ws:// or wss:// address."""
    if not isinstance(value, str):
        raise InvalidRequestError(
            f"{name} must be text such as 'wss://agent.example.com/chat'; got {type(value).__name__}"
        )
    if problem := _websocket_problem(value):
        raise InvalidRequestError(
            f"{name} {problem}, e.g. 'wss://agent.example.com/chat'; got {without_credentials(value)!r}"
        )
    return value


def _websocket_problem(url: str) -> str | None:
    if not url.isprintable() or " " in url:
        return "must not contain spaces or control characters"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # its text shows parts of the address
        return "must have a valid host and port"
    if parts.scheme not in ("ws", "wss"):
        return "must start with ws:// or wss://"
    return None if parts.hostname else "must contain a host"


def without_credentials(url: object) -> str:
    """An address without its possible secrets: user, password and query."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
        _ = parts.port  # an invalid port may be anything
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "(not an address)"
    if parts.scheme not in ("ws", "wss", "http", "https") or not parts.hostname:
        return "(not an address)"
    user = "***@" if "@" in parts.netloc else ""
    # If a password contains a slash, its rest looks like a path.
    path = "/***" if "@" in parts.path else parts.path
    query = "?***" if parts.query else ""
    return f"{parts.scheme}://{user}{host}{path}{query}"


def json_object(name: str, value: object) -> dict[str, Any]:
    """A JSON object, copied so that it cannot change later."""
    if not isinstance(value, Mapping):
        raise InvalidRequestError(
            f'{name} must be an object, e.g. {{"key": "value"}}; got {type(value).__name__}'
        )
    fields = dict[object, object](value)
    if not all(isinstance(key, str) for key in fields):
        raise InvalidRequestError(f"{name} must have text keys only")
    try:
        sent = json.dumps(fields, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):  # their texts show parts of the value
        raise InvalidRequestError(f"{name} must contain only values that JSON allows") from None
    copied: dict[str, Any] = json.loads(sent)
    return copied


def seconds(name: str, value: object, *, zero: bool = False) -> float:
    """A finite, positive number of seconds; 0 only if `zero`."""
    number = value if isinstance(value, int | float) else math.nan
    if isinstance(value, bool) or not (0 < number < math.inf or (zero and number == 0)):
        right = "0 or a positive number" if zero else "a positive number"
        raise InvalidRequestError(f"{name} must be {right} of seconds, e.g. 60; got {brief(value)}")
    return number


def items(name: str, value: object, example: str) -> Iterator[tuple[str, object]]:
    """The items of a non-empty list with their paths. Text does not count as a list."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise InvalidRequestError(
            f"{name} must be a list, e.g. {name}={example}; got {type(value).__name__}"
        )
    found: list[object] = list(value)
    if not found:
        raise InvalidRequestError(f"{name} must not be empty, e.g. {name}={example}")
    return ((f"{name}[{index}]", item) for index, item in enumerate(found))


def refuse_duplicates(
    name: str, values: Sequence[object], key: Callable[[Any], object] = lambda value: value
) -> None:
    """Refuse a list with duplicate items, compared by `key`."""
    twice = [value for value, times in Counter(map(key, values)).items() if times > 1]
    if twice:
        shown = next(value for value in values if key(value) == twice[0])
        remedy = "; to repeat evaluators, use `frequency`" if name == "scenarios" else ""
        raise InvalidRequestError(f"{name} contains {shown!r} more than once{remedy}")
