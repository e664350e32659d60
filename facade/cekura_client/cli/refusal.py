"""What cannot be run: a command line that is not understood, or a mistake in the command itself."""

import traceback
from collections.abc import Sequence

import typer

from cekura_client.cli.documents import error_document
from cekura_client.cli.exits import Exit
from cekura_client.cli.screen import Screen
from cekura_client.wire.settings import variable

_YES = {"1", "true", "t", "yes", "y", "on"}


def refused(error: typer.TyperException, arguments: Sequence[str]) -> int:
    """Say what is wrong with the command line; gives the exit status."""
    message = error.format_message()
    # The option, or the argument, and the command that it was given to.
    command = getattr(getattr(error, "ctx", None), "command_path", "cekura-run")
    # Without any arguments, help is the message.
    is_help = message.startswith("Usage:")
    shown = message if is_help else f"{command}: {message}\nTry '{command} --help'."
    return _end("UsageError", message, shown, Exit.REFUSED_HERE, arguments)


def failed(error: Exception, arguments: Sequence[str]) -> int:
    """Say that something went wrong that never should; gives the exit status."""
    message = f"a mistake in cekura-run, please report it: {type(error).__name__}: {error}"
    shown = "".join(traceback.format_exception(error)) + message
    return _end("InternalError", message, shown, Exit.UNKNOWN, arguments)


def _end(kind: str, message: str, shown: str, status: Exit, arguments: Sequence[str]) -> int:
    screen = Screen()
    screen.note(shown)
    # The options are not known, so this is not taken from them.
    if "--json" in arguments or (variable("CEKURA_JSON") or "").lower() in _YES:
        screen.document(error_document(kind, message, status))
    return status
