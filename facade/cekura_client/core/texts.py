"""Make texts from the server harmless before they are shown."""

import re

# Characters that move the cursor, change colours or change the direction of text: control characters, lone
# surrogates, line separators, and marks that embed or override direction.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# CI commands in a log: GitHub's "::error::" at the start of a line, and "##[error]", "##vso[…]" or
# "##teamcity[…]" anywhere. One character of them is escaped.
_COMMAND = re.compile(r"(^\s*):(?=:)|#(?=#[\w.]*\[)")
# Possible secrets in an address: user and password, and the query of a websocket.
_USER = re.compile(r"\b((?:ws|http)s?://)[^\s/?#]*@", re.IGNORECASE)
_QUERY = re.compile(r"\b(wss?://[^\s?#]*)\?[^\s\"'<>]*", re.IGNORECASE)


def printable(text: str) -> str:
    """The text on one line, harmless in a terminal, a log and a report.

    White space becomes a single space. Control characters and CI commands are escaped, and credentials in
    addresses are hidden. Letters of any script stay.
    """
    return _harmless(" ".join(text.split()))


def lines(text: str) -> str:
    """Like `printable`, but line breaks and spaces stay."""
    return "\n".join(_harmless(line.expandtabs()) for line in text.splitlines())


def _harmless(line: str) -> str:
    line = _UNSAFE.sub(_escaped, line)
    if "://" in line:
        line = _QUERY.sub(r"\1?***", _USER.sub(r"\1***@", line))
    return _COMMAND.sub(lambda found: r"\x23" if found[1] is None else found[1] + r"\x3a", line)


def shortened(text: str, most: int) -> str:
    """The first `most` characters of a text, and how many more there are."""
    more = len(text) - most
    return text if more <= 0 else f"{text[:most].rstrip()}… ({more:,} more characters)"


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape", "surrogatepass").decode("ascii")
