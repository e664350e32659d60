"""The options of the commands, in the groups that share them. Imports nothing heavy.

Those of a launch are named as in the specification. Each also comes from a variable: `--max-runs` from
CEKURA_MAX_RUNS. There is no option for the API key, since other processes could read it there.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer

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


class Given:
    """The options of one call, by their groups."""

    def __init__(self, *groups: object) -> None:
        self._groups = {type(group): group for group in groups}

    def __getitem__(self, group: type[G]) -> G:
        found = self._groups[group]
        assert isinstance(found, group)
        return found

    def __contains__(self, group: type) -> bool:
        return group in self._groups


@dataclass(frozen=True, kw_only=True)
class Id:
    """One result."""

    id: Annotated[int, typer.Argument(min=1, metavar="ID", help="Id of a result.")]


@dataclass(frozen=True, kw_only=True)
class Ids:
    """Results."""

    ids: Annotated[list[int], typer.Argument(min=1, metavar="ID…", help="Ids of results.")]


@dataclass(frozen=True, kw_only=True)
class Connection:
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


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What `run_voice` takes."""

    agent_id: Annotated[int | None, _option(LAUNCH, "--agent-id", "The agent to test.")] = None
    assistant_id: Annotated[
        str | None, _option(LAUNCH, "--assistant-id", "The same by the provider's id.")
    ] = None
    scenarios: Annotated[
        list[str] | None,
        _listed(LAUNCH, "--scenarios", "Ids of evaluators, or 'all' of the agent's."),
    ] = None
    first: Annotated[
        int | None, _option(LAUNCH, "--first", "Instead of ids: the agent's first so many.")
    ] = None
    tags: Annotated[
        list[str] | None, _listed(LAUNCH, "--tags", "Instead of ids: evaluators with these tags.")
    ] = None
    folder_path: Annotated[
        str | None,
        _option(LAUNCH, "--folder-path", "Instead of ids: a folder, as in Sales.Inbound."),
    ] = None
    project_id: Annotated[
        int | None, _option(LAUNCH, "--project-id", "The project; needed for a folder.")
    ] = None
    frequency: Annotated[
        int | None, _option(LAUNCH, "--frequency", "How often each evaluator runs.")
    ] = None
    name: Annotated[str | None, _option(LAUNCH, "--name", "Label of the result.")] = None
    outbound_phone_number: Annotated[
        str | None, _option(LAUNCH, "--outbound-phone-number", "Call this number instead.")
    ] = None
    personality_ids: Annotated[
        list[str] | None, _listed(LAUNCH, "--personality-ids", "Run with each of these.")
    ] = None
    test_profile_ids: Annotated[
        list[str] | None, _listed(LAUNCH, "--test-profile-ids", "Run with each of these.")
    ] = None
    mode: Annotated[
        Literal["same_number", "different_numbers"] | None,
        _option(LAUNCH, "--mode", "One number for all runs, or different ones."),
    ] = None
    agent_number: Annotated[
        str | None, _option(LAUNCH, "--agent-number", "Where outbound runs call from.")
    ] = None
    concurrency_limit: Annotated[
        int | None, _option(LAUNCH, "--concurrency-limit", "At most so many runs at a time.")
    ] = None


@dataclass(frozen=True, kw_only=True)
class Websocket:
    """What `run_websocket` takes."""

    scenario: Annotated[
        list[str] | None,
        _option(
            LAUNCH,
            "--scenario",
            "An evaluator and its address; without one the agent's own. May be repeated.",
            metavar="ID=wss://…",
            show_default=False,
        ),
    ] = None
    frequency: Annotated[
        int | None, _option(LAUNCH, "--frequency", "How often each scenario runs, 1 to 100.")
    ] = None
    agent: Annotated[int | None, _option(LAUNCH, "--agent", "The agent to test.")] = None


@dataclass(frozen=True, kw_only=True)
class VapiWebrtc:
    """What `run_vapi_webrtc` takes."""

    scenarios: Annotated[list[str] | None, _listed(LAUNCH, "--scenarios", "Ids of evaluators.")] = (
        None
    )
    vapi_assistant_id: Annotated[
        str | None, _option(LAUNCH, "--vapi-assistant-id", "The VAPI assistant to test.")
    ] = None
    agent_id: Annotated[
        int | None, _option(LAUNCH, "--agent-id", "The agent whose VAPI credentials are used.")
    ] = None
    project_id: Annotated[int | None, _option(LAUNCH, "--project-id", "The project.")] = None
    frequency: Annotated[
        int | None, _option(LAUNCH, "--frequency", "How often each evaluator runs.")
    ] = None
    name: Annotated[str | None, _option(LAUNCH, "--name", "Label of the result.")] = None
    concurrency_limit: Annotated[
        int | None, _option(LAUNCH, "--concurrency-limit", "At most so many runs at a time.")
    ] = None


@dataclass(frozen=True, kw_only=True)
class Project:
    """The project, where it is no argument of the launch."""

    project_id: Annotated[
        int | None, _option(OUTPUT, "--project-id", "The project, for dashboard addresses.", min=1)
    ] = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What must be kept before anything is paid for."""

    max_runs: Annotated[
        int | None, _option(LIMITS, "--max-runs", "Refuse to start more runs than this.")
    ] = None
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
