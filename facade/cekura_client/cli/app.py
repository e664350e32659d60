"""The commands of `cekura-run`: names and options. The code of a command is imported when it runs."""

import io
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from importlib import import_module
from inspect import Parameter, Signature
from typing import Annotated, Any, get_type_hints

import typer
from typer.core import TyperGroup

from cekura_client.cli import extras, options
from cekura_client.cli.concealing import concealed, concealing
from cekura_client.cli.options import Options
from cekura_client.core.launch_kinds import KINDS
from cekura_client.version import VERSION

PROGRAM = "cekura-run"
EPILOG = (
    "Exit status: 0 passed, 1 not passed, 2 nothing was started, 3 refused by the API, 4 outcome "
    "unknown, 5 timed out, 129 SIGHUP, 130 Ctrl-C, 143 SIGTERM. With several results, the highest "
    "status counts."
)


class _Plain(TyperGroup):
    """Lists its commands without rich, whose import takes longer than everything else."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self.rich_markup_mode = None
        super().format_help(ctx, formatter)


app = typer.Typer(cls=_Plain, no_args_is_help=True, pretty_exceptions_enable=False, epilog=EPILOG)
planning = typer.Typer(cls=_Plain, no_args_is_help=True, epilog=EPILOG)


def _add(
    to: typer.Typer, name: str, does: Callable[[Options], int], text: str, *groups: type[Any]
) -> None:
    """Add a command that takes the options of these groups."""

    def call(**values: Any) -> int:
        return does(
            Options(*(group(**{f.name: values[f.name] for f in fields(group)}) for group in groups))
        )

    parameters: dict[str, Parameter] = {}
    for group in groups:
        types = get_type_hints(group, include_extras=True)
        for each in fields(group):
            parameters[each.name] = Parameter(
                each.name,
                Parameter.KEYWORD_ONLY,
                default=Parameter.empty if each.default is MISSING else each.default,
                annotation=types[each.name],
            )
    # Typer reads the options from these two.
    vars(call)["__signature__"] = Signature(list(parameters.values()))
    call.__annotations__ = {name: each.annotation for name, each in parameters.items()}
    to.command(name, help=text, epilog=EPILOG)(call)


def _lazy(module: str, function: str, *first: object) -> Callable[[Options], int]:
    """A function of this package, imported on the first call."""

    def does(given: Options) -> int:
        try:
            found = import_module(f"cekura_client.cli.{module}")
        except ImportError as error:
            raise typer.TyperException(extras.missing(PROGRAM, error)) from None
        status: int = getattr(found, function)(*first, given)
        return status

    return does


_OUTCOME = (options.Judging, options.Output, options.ConnectionOptions)
_LAUNCH = (options.FromFile, options.Limits, options.NoWait, options.Waiting, *_OUTCOME)

for _kind in KINDS.values():
    # A launch without this argument still needs the project for links to the dashboard.
    _project = () if "project_id" in _kind.arguments else (options.Project,)
    _groups = (options.LAUNCHES[_kind.operation], *_project, *_LAUNCH)
    _add(
        app,
        _kind.command,
        _lazy("launching", "launch", _kind.operation),
        f"{_kind.summary}, and wait for the verdict.",
        *_groups,
    )
    _add(
        planning,
        _kind.command,
        _lazy("launching", "plan", _kind.operation),
        f"Show `{PROGRAM} {_kind.command}` without sending it: its body and its number of runs.",
        *_groups,
    )

app.add_typer(
    planning,
    name="plan",
    help="Show a launch without sending it.",
)
_add(
    app,
    "wait",
    _lazy("results", "wait"),
    "Wait for the results of earlier launches.",
    options.Ids,
    options.Project,
    options.Waiting,
    *_OUTCOME,
)
_add(
    app,
    "show",
    _lazy("results", "show"),
    "Show the current state of a result.",
    options.Id,
    options.Project,
    *_OUTCOME,
)
_add(
    app,
    "end",
    _lazy("results", "end"),
    "End the calls of a result that are still running.",
    options.Id,
    options.Json,
    options.ConnectionOptions,
)
_add(
    app,
    "launches",
    _lazy("launches", "list_launches"),
    "List the recorded launches, unknown outcomes first.",
    options.Recover,
    options.Json,
    options.ConnectionOptions,
)


@app.command(
    add_help_option=False,  # the sandbox has its own help
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def sandbox(context: typer.Context) -> int:
    """Start a local stand-in for the API: no calls, no bills. `sandbox --help` lists its options."""
    try:
        from cekura_client.sandbox.__main__ import main as run_sandbox
    except ImportError as missing:
        raise typer.TyperException(str(missing)) from None
    return run_sandbox(context.args, prog=f"{PROGRAM} sandbox")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PROGRAM} {VERSION}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Launch Cekura evaluators, wait, and get an honest verdict."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        # Characters that the stream cannot encode are escaped.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with concealing(arguments), warnings.catch_warnings():
        warnings.showwarning = _show_warning
        # Warnings are shown, never raised, whatever PYTHONWARNINGS says.
        warnings.filterwarnings("default", module="cekura_client")
        return _main(list(arguments))


def _main(arguments: list[str]) -> int:
    try:
        status = app(arguments, prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        from cekura_client.cli.usage_errors import usage_error

        return usage_error(error, arguments)
    except Exception as error:
        from cekura_client.cli.usage_errors import internal_error

        return internal_error(error, arguments)
    return int(status or 0)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    from cekura_client.core.texts import lines

    print(lines(concealed(f"warning: {message}")), file=sys.stderr)
