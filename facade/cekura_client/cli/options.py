"""The options of the commands, in the groups that share them. Imports nothing heavy.

Those of a launch are its arguments, from its description. Each also comes from a variable: `--max-runs`
from CEKURA_MAX_RUNS. There is no option for the API key, since other processes could read it there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, make_dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin

import typer

from cekura_client.core.description import Argument, Entries, LaunchKind
from cekura_client.core.launch_kinds import KINDS

G = TypeVar("G")

CONNECTION, LAUNCH, LIMITS = "Connection", "What to run", "Before the launch"
WAITING, JUDGING, OUTPUT = "Waiting", "Pass criteria", "Output"


def _option(panel: str, flag: str, text: str, *short: str, **more: Any) -> Any:
    """An option that can also be given as a variable."""
    variable = "CEKURA_" + flag.removeprefix("--").replace("-", "_").upper()
    more = {"envvar": variable, "help": text, "rich_help_panel": panel, **more}
    return typer.Option(flag, *short, **more)


def _separated(
    context: typer.Context, parameter: typer.CallbackParam, value: list[str] | None
) -> list[str]:
    """The entries of a list: by commas, by repeating the option, or both."""
    source = context.get_parameter_source(parameter.name or "")
    # A variable has been split at blanks, which may well be part of a tag.
    by_variable = source is not None and source.name == "ENVIRONMENT"
    texts = [" ".join(value or [])] if by_variable else value or []
    entries = [entry.strip() for text in texts for entry in text.split(",") if entry.strip()]
    if texts and not entries:
        # As where a script's own variable is empty: it would ask for something else.
        raise typer.BadParameter("is empty", context, parameter)
    return entries


def _listed(panel: str, flag: str, text: str) -> Any:
    return _option(panel, flag, text, callback=_separated, metavar="A,B…", show_default=False)


class Options:
    """The options of one call, by their groups."""

    def __init__(self, *groups: object) -> None:
        self._groups: dict[type, Any] = {type(group): group for group in groups}

    def __getitem__(self, group: type[G]) -> G:
        found = self._groups[group]
        assert isinstance(found, group)
        return found

    def __contains__(self, group: type) -> bool:
        return group in self._groups

    @property
    def project(self) -> int | None:
        """The project, in whatever group it is."""
        return next((g.project_id for g in self._groups.values() if hasattr(g, "project_id")), None)


@dataclass(frozen=True, kw_only=True)
class Id:
    """One result."""

    id: Annotated[int, typer.Argument(min=1, metavar="ID", help="Id of a result.")]


@dataclass(frozen=True, kw_only=True)
class Ids:
    """Results."""

    ids: Annotated[list[int], typer.Argument(min=1, metavar="ID…", help="Ids of results.")]


@dataclass(frozen=True, kw_only=True)
class ConnectionOptions:
    """Where to send, and what is kept of it."""

    api_key_file: Annotated[
        Path | None,
        _option(
            CONNECTION, "--api-key-file", "A file that holds the API key; else CEKURA_API_KEY."
        ),
    ] = None
    api_url: Annotated[str | None, _option(CONNECTION, "--api-url", "The address of the API.")] = (
        None
    )
    record: Annotated[
        Path | None,
        _option(CONNECTION, "--record", "Log each launch to this file before sending it."),
    ] = None
    recover_for: Annotated[
        float,
        _option(
            CONNECTION,
            "--recover-for",
            "Seconds for which a launch without an answer is looked up.",
        ),
    ] = 120.0
    proxy_from_environment: Annotated[
        bool, _option(CONNECTION, "--proxy-from-environment", "Use HTTPS_PROXY and the like.")
    ] = False
    allow_http: Annotated[
        bool,
        _option(
            CONNECTION,
            "--allow-http",
            "Allow plain http, which sends the API key unencrypted.",
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class FromFile:
    """Arguments of a launch from a file."""

    from_file: Annotated[
        Path | None,
        _option(LAUNCH, "--from-file", "YAML or JSON with the same names; options override it."),
    ] = None


class Form(Enum):
    """How an argument is written on a command line, where that differs from its type."""

    PLAIN = "as its type"
    IDS = "ids, separated by commas"
    TEXTS = "texts, separated by commas"
    ENTRIES = "repeated, one for each entry"
    OBJECT = "JSON"


def form_of(argument: Argument) -> Form:
    """The form of an option, from the type of its argument."""
    if isinstance(argument.field.check, Entries):
        return Form.ENTRIES
    for part in (argument.hint, *get_args(argument.hint)):
        if get_origin(part) is Iterable:
            return Form.IDS if get_args(part) == (int,) else Form.TEXTS
        if get_origin(part) is Mapping:
            return Form.OBJECT
    return Form.PLAIN


def option_name(argument: Argument) -> str:
    """`--agent-id`; an option that is repeated for each entry of a list is in the singular."""
    flag = "--" + argument.name.replace("_", "-")
    return flag.removesuffix("s") if form_of(argument) is Form.ENTRIES else flag


def _launch_option(argument: Argument) -> Any:
    flag = option_name(argument)
    match form_of(argument):
        case Form.PLAIN:
            kind, option = argument.hint, _option(LAUNCH, flag, argument.help)
        case Form.OBJECT:
            kind, option = str, _option(LAUNCH, flag, argument.help, metavar="JSON")
        case Form.ENTRIES:
            assert isinstance(argument.field.check, Entries)
            key, value, *_ = (name.upper() for name in argument.field.check.arguments)
            form = {"metavar": f"{key}[={value}]", "show_default": False}
            kind = list[str]
            option = _option(LAUNCH, flag, f"{argument.help} May be repeated.", **form)
        case _:
            kind, option = list[str], _listed(LAUNCH, flag, argument.help)
    return Annotated[kind | None, option]


def _launch_options(kind: LaunchKind) -> type[Any]:
    """A group with an option for each argument of a launch; `arguments` reads it."""
    return make_dataclass(
        kind.operation,
        [(name, _launch_option(argument), None) for name, argument in kind.arguments.items()],
        frozen=True,
        kw_only=True,
    )


LAUNCHES = {operation: _launch_options(kind) for operation, kind in KINDS.items()}
"""The options of each launch."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """The project, where it is no argument of the launch."""

    project_id: Annotated[
        int | None, _option(OUTPUT, "--project-id", "The project, for dashboard addresses.", min=1)
    ] = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What must be kept before anything is paid for."""

    ask_above: Annotated[
        int,
        _option(
            LIMITS, "--ask-above", "Ask before more runs than this, or an unknown number.", min=0
        ),
    ] = 10
    yes: Annotated[
        bool, _option(LIMITS, "--yes", "Do not ask; needed where there is no terminal.", "-y")
    ] = False


@dataclass(frozen=True, kw_only=True)
class Recover:
    """Whether to look for what is unsettled."""

    recover: Annotated[
        bool, _option(OUTPUT, "--recover", "Look up those of unknown outcome by their names.")
    ] = False


@dataclass(frozen=True, kw_only=True)
class NoWait:
    """Whether to leave once it is launched."""

    no_wait: Annotated[
        bool, _option(WAITING, "--no-wait", "Print the result's id and leave; 0 means accepted.")
    ] = False


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How long to wait, how, and what to do when that is broken off."""

    timeout: Annotated[
        float, _option(WAITING, "--timeout", "Seconds to wait for the end of the runs.")
    ] = 3600.0
    poll: Annotated[
        float | None,
        _option(
            WAITING,
            "--poll",
            "Seconds between two looks; else they grow from 2 to 30.",
            show_default=False,
        ),
    ] = None
    grace: Annotated[
        float, _option(WAITING, "--grace", "Seconds to wait for scores after the end.")
    ] = 60.0
    end_on_abort: Annotated[
        bool,
        _option(
            WAITING,
            "--end-on-abort",
            "End the calls at Ctrl-C, SIGTERM, SIGHUP and the time limit.",
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Judging:
    """The pass criteria."""

    fail_under: Annotated[
        float | None,
        _option(JUDGING, "--fail-under", "The share of runs that must pass, as in 0.95; else all."),
    ] = None
    ignore_infrastructure: Annotated[
        bool,
        _option(
            JUDGING,
            "--ignore-infrastructure",
            "Do not count runs that never tested the agent or have no score.",
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Json:
    """The form of what is written to standard output."""

    json: Annotated[
        bool, _option(OUTPUT, "--json", "One JSON document on standard output, also for errors.")
    ] = False


@dataclass(frozen=True, kw_only=True)
class Output(Json):
    """What is shown and written of the outcome."""

    quiet: Annotated[bool, _option(OUTPUT, "--quiet", "No progress while waiting.", "-q")] = False
    full: Annotated[bool, _option(OUTPUT, "--full", "Show long texts and all runs.")] = False
    junit: Annotated[Path | None, _option(OUTPUT, "--junit", "Write a JUnit report.")] = None
    markdown: Annotated[Path | None, _option(OUTPUT, "--markdown", "Write a Markdown report.")] = (
        None
    )
    html: Annotated[Path | None, _option(OUTPUT, "--html", "Write an HTML report.")] = None
    # Files by which GitHub's runners take outputs and a summary from a step.
    github_output: Annotated[Path | None, typer.Option(envvar="GITHUB_OUTPUT", hidden=True)] = None
    github_summary: Annotated[
        Path | None, typer.Option(envvar="GITHUB_STEP_SUMMARY", hidden=True)
    ] = None
