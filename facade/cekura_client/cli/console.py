"""Print for people: notes on standard error, the outcome on standard output."""

import json
import re
import shutil
import sys
from typing import Any, TextIO, cast

from rich import console as rich_console
from rich.text import Text

from cekura_client.cli.exits import InternalError
from cekura_client.core.texts import lines
from cekura_client.errors import CekuraError

# Columns, if the width is unknown, for example in the log of a CI job.
_WIDTH = 100


# Commands of CI systems that wrapping a line or encoding JSON has made of harmless text.
_COMMAND_LINE = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_COMMAND_IN_JSON = re.compile(r"#(?=#[\w.]*\[)")


class _Log:
    """A stream in which no line starts with a CI command, wherever lines were wrapped."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(_COMMAND_LINE.sub(r"\1\\x3a", text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Console:
    """Both output streams. Text that is shown cannot move the cursor or change colours."""

    def __init__(self) -> None:
        self.err = _console(stderr=True)
        self.out = _console(stderr=False)

    @property
    def is_watched(self) -> bool:
        """Whether a user can answer questions here."""
        return sys.stdin.isatty() and self.is_live

    @property
    def is_live(self) -> bool:
        """Whether standard error is a terminal. Rich also says so if colours are forced."""
        return sys.stderr.isatty() and not self.err.is_dumb_terminal

    def note(self, text: str, style: str = "") -> None:
        """Print lines on standard error."""
        self.err.print(Text(lines(text), style), soft_wrap=True)

    def error(self, error: CekuraError) -> None:
        """Print an error and its notes on standard error."""
        if isinstance(error, InternalError):
            self.note(error.trace)
        self.note("\n".join([str(error), *getattr(error, "__notes__", [])]), "red")

    def show(self, part: rich_console.RenderableType, *, soft_wrap: bool = False) -> None:
        """Print a part of the outcome on standard output."""
        self.out.print(part, soft_wrap=soft_wrap)

    def line(self, text: str, style: str = "") -> None:
        """Print a line of the outcome without wrapping it."""
        self.out.print(Text(lines(text), style), soft_wrap=True)

    def document(self, value: dict[str, Any]) -> None:
        """Print the outcome as one JSON document, in ASCII."""
        self.out.print(Text(ascii_json(value)), soft_wrap=True)


def ascii_json(value: dict[str, Any]) -> str:
    """A JSON document in ASCII that contains no CI command."""
    try:
        document = json.dumps(value, indent=2, allow_nan=False)
    except ValueError:  # JSON has no infinite numbers
        finite = json.loads(json.dumps(value), parse_constant=lambda _: None)
        document = json.dumps(finite, indent=2)
    return _COMMAND_IN_JSON.sub(r"\\u0023", document)


def _console(*, stderr: bool) -> rich_console.Console:
    stream = sys.stderr if stderr else sys.stdout
    is_live = stream.isatty()
    file = stream if is_live else cast(TextIO, _Log(stream))
    console = rich_console.Console(
        file=file, stderr=stderr, highlight=False, markup=False, emoji=False
    )
    if not is_live:
        console.width = shutil.get_terminal_size((_WIDTH, 0)).columns
    return console
