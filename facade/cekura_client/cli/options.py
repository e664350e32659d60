"""The options of the commands, in groups that commands share. Imports nothing heavy.

The options of a launch come from its description. Each option has a variable: CEKURA_MAX_RUNS sets
`--max-runs`. The API key has no option, because other processes could read it.
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
    """An option with its variable."""
    variable = "CEKURA_" + flag.removeprefix("--").replace("-", "_").upper()
    more = {"envvar": variable, "help": text, "rich_help_panel": panel, **more}
    return typer.Option(flag, *short, **more)


def _separated(
    context: typer.Context, parameter: typer.CallbackParam, value: list[str] | None
) -> list[str]:
    """The items of a list, separated by commas, given by repeated options, or both."""
    source = context.get_parameter_source(parameter.name or "")
    # Click splits a variable at spaces, but a tag may contain spaces.
    by_variable = source is not None and source.name == "ENVIRONMENT"
    texts = [" ".join(value or [])] if by_variable else value or []
    entries = [entry.strip() for text in texts for entry in text.split(",") if entry.strip()]
    if texts and not entries:
        # Probably an empty variable of a script. Ignoring it would launch something else.
        raise typer.BadParameter("is empty", context, parameter)
    return entries


def _listed(panel: str, flag: str, text: str) -> Any:
    return _option(panel, flag, text, callback=_separated, metavar="A,B…", show_default=False)


class Options:
    """The options of one call, by group."""

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
        """The project, from any group."""
        return next((g.project_id for g in self._groups.values() if hasattr(g, "project_id")), None)


@dataclass(frozen=True, kw_only=True)
class Id:
    """The id of one result."""

    id: Annotated[int, typer.Argument(min=1, metavar="ID", help="Id of a result.")]


@dataclass(frozen=True, kw_only=True)
class Ids:
    """The ids of several results."""

    ids: Annotated[list[int], typer.Argument(min=1, metavar="ID…", help="Ids of results.")]


@dataclass(frozen=True, kw_only=True)
class ConnectionOptions:
    """Where to send requests, and what to log of them."""

    api_key_file: Annotated[
        Path | None,
        _option(
            CONNECTION,
            "--api-key-file",
            "Read the API key from this file instead of CEKURA_API_KEY.",
        ),
    ] = None
    api_url: Annotated[str | None, _option(CONNECTION, "--api-url", "Base URL of the API.")] = None
    record: Annotated[
        Path | None,
        _option(CONNECTION, "--record", "Log each launch to this file before sending it."),
    ] = None
    recover_for: Annotated[
        float,
        _option(
            CONNECTION,
            "--recover-for",
            "Seconds to look for a launch whose answer was lost.",
        ),
    ] = 120.0
    proxy_from_environment: Annotated[
        bool,
        _option(
            CONNECTION,
            "--proxy-from-environment",
            "Use the proxies of the environment, e.g. HTTPS_PROXY.",
        ),
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
    """A file with arguments of a launch."""

    from_file: Annotated[
        Path | None,
        _option(
            LAUNCH,
            "--from-file",
            "Read arguments from this YAML or JSON file; options override it.",
        ),
    ] = None


class Form(Enum):
    """How to write an argument on the command line."""

    PLAIN = "by its type"
    IDS = "ids, separated by commas"
    TEXTS = "texts, separated by commas"
    ENTRIES = "one option per entry"
    OBJECT = "JSON"


def form_of(argument: Argument) -> Form:
    """The form of an option, derived from the type of its argument."""
    if isinstance(argument.field.check, Entries):
        return Form.ENTRIES
    for part in (argument.hint, *get_args(argument.hint)):
        if get_origin(part) is Iterable:
            return Form.IDS if get_args(part) == (int,) else Form.TEXTS
        if get_origin(part) is Mapping:
            return Form.OBJECT
    return Form.PLAIN


def option_name(argument: Argument) -> str:
    """`--agent-id`; singular if the option is repeated for each entry of a list."""
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
    """A group with an option for each argument of a launch; see `arguments`."""
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
    """The project, for commands without such an argument."""

    project_id: Annotated[
        int | None,
        _option(OUTPUT, "--project-id", "Id of the project, for links to the dashboard.", min=1),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When to ask before a launch."""

    ask_above: Annotated[
        int,
        _option(
            LIMITS,
            "--ask-above",
            "Ask before starting more runs than this, or an unknown number.",
            min=0,
        ),
    ] = 10
    yes: Annotated[
        bool, _option(LIMITS, "--yes", "Do not ask. Required without a terminal.", "-y")
    ] = False


@dataclass(frozen=True, kw_only=True)
class Recover:
    """Whether to look up unresolved launches."""

    recover: Annotated[
        bool, _option(OUTPUT, "--recover", "Look up launches of unknown outcome by name.")
    ] = False


@dataclass(frozen=True, kw_only=True)
class NoWait:
    """Whether to exit after the launch."""

    no_wait: Annotated[
        bool,
        _option(WAITING, "--no-wait", "Print the result id and exit; status 0 means accepted."),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How to wait, and what to do if the wait is aborted."""

    timeout: Annotated[
        float, _option(WAITING, "--timeout", "Seconds to wait until the runs end.")
    ] = 3600.0
    poll: Annotated[
        float | None,
        _option(
            WAITING,
            "--poll",
            "Seconds between two polls. By default they grow from 2 to 30.",
            show_default=False,
        ),
    ] = None
    grace: Annotated[
        float, _option(WAITING, "--grace", "Seconds to wait for missing scores after the end.")
    ] = 60.0
    end_on_abort: Annotated[
        bool,
        _option(
            WAITING,
            "--end-on-abort",
            "End the calls after Ctrl-C, SIGTERM, SIGHUP or the timeout.",
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Judging:
    """The pass criteria."""

    fail_under: Annotated[
        float | None,
        _option(
            JUDGING, "--fail-under", "Share of runs that must pass, e.g. 0.95. All by default."
        ),
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
    """The format of standard output."""

    json: Annotated[bool, _option(OUTPUT, "--json", "Print one JSON document, for errors too.")] = (
        False
    )


@dataclass(frozen=True, kw_only=True)
class Output(Json):
    """How to show the outcome, and which reports to write."""

    quiet: Annotated[bool, _option(OUTPUT, "--quiet", "Hide the progress of waits.", "-q")] = False
    full: Annotated[bool, _option(OUTPUT, "--full", "Show all runs, and long texts in full.")] = (
        False
    )
    junit: Annotated[Path | None, _option(OUTPUT, "--junit", "Write a JUnit report.")] = None
    markdown: Annotated[Path | None, _option(OUTPUT, "--markdown", "Write a Markdown report.")] = (
        None
    )
    html: Annotated[Path | None, _option(OUTPUT, "--html", "Write an HTML report.")] = None
    # Files through which GitHub runners receive the outputs and the summary of a step.
    github_output: Annotated[Path | None, typer.Option(envvar="GITHUB_OUTPUT", hidden=True)] = None
    github_summary: Annotated[
        Path | None, typer.Option(envvar="GITHUB_STEP_SUMMARY", hidden=True)
    ] = None
