"""Errors outside of a command: an invalid command line, or a bug."""

import json
import sys
from collections.abc import Sequence

import typer

from cekura_client.cli.as_json import error_document
from cekura_client.cli.concealing import concealed, concealed_usage
from cekura_client.cli.exits import Exit, InternalError
from cekura_client.core.texts import lines
from cekura_client.wire.settings import variable

_YES = {"1", "true", "t", "yes", "y", "on"}


def usage_error(error: typer.TyperException, arguments: Sequence[str]) -> int:
    """Print what is wrong with the command line; return the exit status."""
    message = error.format_message()
    # The command that received the wrong option or argument.
    command = getattr(getattr(error, "ctx", None), "command_path", "cekura-run")
    # Without arguments, the message is the help.
    if message.startswith("Usage:"):
        return _end("UsageError", message, message, Exit.REFUSED_HERE, arguments)
    message = concealed_usage(message, *_variables(error))
    shown = f"{command}: {message}\nTry '{command} --help'."
    return _end("UsageError", message, shown, Exit.REFUSED_HERE, arguments)


def internal_error(error: Exception, arguments: Sequence[str]) -> int:
    """Print an unexpected error; return the exit status."""
    internal = InternalError(error)
    message = concealed(str(internal))
    shown = concealed(internal.trace) + message
    return _end("InternalError", message, shown, Exit.UNKNOWN, arguments)


def _variables(error: typer.TyperException) -> list[str]:
    """The values of the variables that may have set the option."""
    names = getattr(getattr(error, "param", None), "envvar", None) or []
    values = [variable(name) for name in ([names] if isinstance(names, str) else names)]
    return [value for value in values if value]


def _end(kind: str, message: str, shown: str, status: Exit, arguments: Sequence[str]) -> int:
    # Not by `Console`: rich may be the missing module.
    print(lines(shown), file=sys.stderr)
    # The options were not parsed.
    if "--json" in arguments or (variable("CEKURA_JSON") or "").lower() in _YES:
        print(json.dumps(error_document(kind, message, status), indent=2))
    return status
