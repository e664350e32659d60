"""What was typed, in messages about it: nothing that may be a secret is repeated."""

import re
from collections.abc import Iterable

HIDDEN = "***"

# A value that may be repeated: the name of an option, or one that is too short and plain for a secret.
_PLAIN = re.compile(r"--?[a-z][a-z-]*|[A-Za-z0-9_.,-]{1,20}")
# A value in a message: in quotes, or between blanks.
_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|[^\s'\"()]+")
# An address with credentials, or a query, also where its scheme is mistyped.
_SECRET = re.compile(r"@|\?.*=|://.*[?#]")


def concealed(message: str) -> str:
    """A message without the addresses in it that have credentials or a query."""
    return _VALUE.sub(lambda found: HIDDEN if _SECRET.search(found[0]) else found[0], message)


def without(message: str, typed: Iterable[str]) -> str:
    """A message of the command line's parser, in which only plain values are repeated.

    Args:
        message: Says what is wrong, with the value that is.
        typed: All that was typed.
    """
    values = {part for each in typed for part in (each, each.partition("=")[2], *each.split())}
    for value in sorted(values, key=len, reverse=True):
        if value and not _PLAIN.fullmatch(value):
            for written in (value, repr(value)[1:-1]):
                message = message.replace(written, HIDDEN)
    return concealed(message)
