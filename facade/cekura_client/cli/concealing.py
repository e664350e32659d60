"""What was typed, in messages about it: nothing that may be a secret is repeated."""

import os
import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar

HIDDEN = "***"

# A value that may be repeated: the name of an option, or one that is too short and plain for a secret.
_PLAIN = re.compile(r"--?[a-z][a-z-]*|[A-Za-z0-9_.,-]{1,20}")
# A value in a message: in quotes, or between blanks.
_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|[^\s'\"()]+")
# An address with credentials, or a query, also where its scheme is mistyped.
_SECRET = re.compile(r"@|\?.*=|://.*[?#]")
_typed: ContextVar[frozenset[str]] = ContextVar("typed", default=frozenset())


@contextmanager
def concealing(arguments: Iterable[str]) -> Generator[None, None, None]:
    """Within the block, know what was typed."""
    parts = {part for each in arguments for part in (each, each.partition("=")[2], *each.split())}
    # As messages write them, too: a path in its shortest form, the levels of a folder with dots.
    changed = {each for part in parts for each in (os.path.normpath(part), part.replace("/", "."))}
    token = _typed.set(frozenset(filter(None, parts | changed)))
    try:
        yield
    finally:
        _typed.reset(token)


def concealed(message: str) -> str:
    """A message without the addresses in it that have credentials or a query."""
    message = _without(message, (each for each in _typed.get() if _SECRET.search(each)))
    return _VALUE.sub(lambda found: HIDDEN if _SECRET.search(found[0]) else found[0], message)


def concealed_usage(message: str, *values: str) -> str:
    """A message of the command line's parser, in which only plain values are repeated.

    Args:
        message: Says what is wrong, with the value that is.
        values: Where that may have come from besides the arguments.
    """
    with concealing([*_typed.get(), *values]):
        found = (each for each in _typed.get() if not _PLAIN.fullmatch(each))
        return concealed(_without(message, found))


def _without(message: str, values: Iterable[str]) -> str:
    for value in sorted(values, key=len, reverse=True):
        for written in (value, repr(value)[1:-1]):
            message = message.replace(written, HIDDEN)
    return message
