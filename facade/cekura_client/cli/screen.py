"""What a person sees: notes on standard error, the outcome on standard output."""

import json
import os
import shutil
import sys
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from cekura_client.core.texts import lines
from cekura_client.errors import CekuraError

# Where nobody says how wide a line may be: in the logs of a CI job, for example.
_WIDTH = 100


class _Console(Console):
    """What cannot be shown, since nobody reads it or the disk is full, changes nothing."""

    def print(self, *objects: Any, **options: Any) -> None:
        try:
            super().print(*objects, **options)
        except OSError:
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        """Let everything else go nowhere, also what Python still holds when it ends."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


class Screen:
    """Both streams. Nothing that is shown can move the cursor or change colours by itself."""

    def __init__(self) -> None:
        self.err = _console(stderr=True)
        self.out = _console(stderr=False)

    @property
    def is_watched(self) -> bool:
        """Whether somebody can be asked, and shown something that moves."""
        return sys.stdin.isatty() and self.is_live

    @property
    def is_live(self) -> bool:
        """Whether standard error is a terminal. Rich would say so, too, where colours are forced."""
        return sys.stderr.isatty() and not self.err.is_dumb_terminal

    def note(self, text: str, style: str = "") -> None:
        """One or more lines on standard error."""
        self.err.print(Text(lines(text), style), soft_wrap=True)

    def error(self, error: CekuraError) -> None:
        """What went wrong, with what else is known about it, on standard error."""
        self.note("\n".join([str(error), *getattr(error, "__notes__", [])]), "red")

    def show(self, part: RenderableType, *, soft_wrap: bool = False) -> None:
        """A part of the outcome, on standard output."""
        self.out.print(part, soft_wrap=soft_wrap)

    def line(self, text: str, style: str = "") -> None:
        """A line of the outcome that is not broken."""
        self.out.print(Text(lines(text), style), soft_wrap=True)

    def document(self, value: dict[str, Any]) -> None:
        """The outcome as one JSON document, in ASCII."""
        self.out.print(Text(json.dumps(value, indent=2)), soft_wrap=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    console = _Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not stream.isatty():
        console.width = shutil.get_terminal_size((_WIDTH, 0)).columns
    return console
