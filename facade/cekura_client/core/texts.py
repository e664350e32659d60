"""Texts from the server, made harmless before anybody sees them."""

import re

# What moves the cursor, changes colours, or shows what follows in another order than it is written:
# control characters, lone surrogates, line separators, and marks that embed or override direction.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """The text on one line, with what does not only look like itself written as an escape.

    Blanks and line breaks become one blank; letters of any script stay as they are.
    """
    return _UNSAFE.sub(_escaped, " ".join(text.split()))


def lines(text: str) -> str:
    """`printable`, but line breaks and blanks stay."""
    return "\n".join(_UNSAFE.sub(_escaped, line.expandtabs()) for line in text.splitlines())


def shortened(text: str, most: int) -> str:
    """A text with at most so many characters and how many more there are."""
    more = len(text) - most
    return text if more <= 0 else f"{text[:most].rstrip()}… ({more:,} more characters)"


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode("ascii")
