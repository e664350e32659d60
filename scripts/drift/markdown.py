"""Text from a document, made harmless: in code spans, without what a terminal obeys.

In a code span or block nothing formats the page, and nobody is addressed by an ``@name``.
"""

import re

SHORT = 160

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def code(text: str, most: int = SHORT) -> str:
    """A code span: on one line, not too long, whatever is in it."""
    text = " ".join(safe(text).split()) or " "
    if len(text) > most:
        text = text[: most - 1] + "…"
    mark = fence(text, least=1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{mark}{space}{text}{space}{mark}"


def block(lines: list[str], kind: str) -> list[str]:
    """A code block of lines that are `safe` already."""
    mark = fence("\n".join(lines), least=3)
    return [f"{mark}{kind}", *lines, mark]


def safe(text: str) -> str:
    """Without control characters, line breaks aside, and without those that turn text around."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def fence(text: str, least: int) -> str:
    """A run of backticks longer than any in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)
