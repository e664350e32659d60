"""Hide possible secrets in messages about what the user typed."""

import os
import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar

HIDDEN = "***"

# Values that may be shown: option names, and values too short and plain to be a secret.
_PLAIN = re.compile(r"--?[a-z][a-z-]*|[A-Za-z0-9_.,-]{1,20}")
# A value in a message: quoted, or between spaces.
_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|[^\s'\"()]+")
# An address with credentials or a query, even if its scheme is mistyped.
_SECRET = re.compile(r"@|\?.*=|://.*[?#]")
_typed: ContextVar[frozenset[str]] = ContextVar("typed", default=frozenset())


@contextmanager
def concealing(arguments: Iterable[str]) -> Generator[None, None, None]:
    """Within the block, conceal these arguments."""
    parts = {part for each in arguments for part in (each, each.partition("=")[2], *each.split())}
    # Also as messages write them: a normalised path, a folder path with dots.
    changed = {each for part in parts for each in (os.path.normpath(part), part.replace("/", "."))}
    token = _typed.set(frozenset(filter(None, parts | changed)))
    try:
        yield
    finally:
        _typed.reset(token)


def concealed(message: str) -> str:
    """The message, with `***` for each address that has credentials or a query."""
    message = _without(message, (each for each in _typed.get() if _SECRET.search(each)))
    return _VALUE.sub(lambda found: HIDDEN if _SECRET.search(found[0]) else found[0], message)


def concealed_usage(message: str, *values: str) -> str:
    """A message of the command-line parser, with `***` for every value that is not plain.

    Args:
        message: The message, with the wrong value.
        values: Other sources of that value, such as a variable.
    """
    with concealing([*_typed.get(), *values]):
        found = (each for each in _typed.get() if not _PLAIN.fullmatch(each))
        return concealed(_without(message, found))


def _without(message: str, values: Iterable[str]) -> str:
    for value in sorted(values, key=len, reverse=True):
        for written in (value, repr(value)[1:-1]):
            message = message.replace(written, HIDDEN)
    return message
