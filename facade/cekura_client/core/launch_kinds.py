"""Every launch, described once. All other code that knows a launch reads it here.

The arguments of a launch are the keys of a `TypedDict`. Each key has a type, a `Field` with its check and
other properties, and a docstring. A method of `Launches` takes these arguments. Everything else follows from
the two: checks, the number of runs, the name for recovery, redaction, the commands and options of
`cekura-run`, the names in files, and the pytest markers.

To add a field, add a key. To add a launch, add a method, and a `TypedDict` for the arguments that it does not
share. The method has the name of the operationId in openapi/client.yaml. tests/test_specification.py compares
names, types, limits and required fields with that document.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Annotated, Any, Generic, Literal, Required, TypedDict, TypeVar, Unpack, get_args

from cekura_client.core.checks import (
    at_most,
    evaluators,
    json_object,
    label,
    one_of,
    positive,
    positives,
    text,
    texts,
    texts_or_none,
    websocket_address,
    without_credentials,
)
from cekura_client.core.description import Entries, Entry, Field, LaunchKind, hidden
from cekura_client.core.errors import InvalidRequestError
from cekura_client.core.folder_path import folder_path

L = TypeVar("L")

Body = dict[str, object]
PhoneNumbers = Literal["same_number", "different_numbers"]


# Rules among fields


def _needs_agent(body: Body, what: str) -> None:
    if not {"agent_id", "assistant_id"} & body.keys():
        raise InvalidRequestError(f"{what} needs an agent: give agent_id or assistant_id as well")


def _scenarios(body: Body) -> None:
    """Move a folder path to its own field."""
    if body["scenarios"] == "all":
        _needs_agent(body, "scenarios='all'")
    elif isinstance(body["scenarios"], str):
        body["folder_path"] = body.pop("scenarios")
        _folder_path(body)


def _first(body: Body) -> None:
    """Send the number as `scenarios`, as the page documents it."""
    body["scenarios"] = body.pop("first")
    _needs_agent(body, f"first={body['scenarios']}")


def _folder_path(body: Body) -> None:
    if "project_id" not in body:
        raise InvalidRequestError(
            f"folder_path={body['folder_path']!r} needs project_id, even if agent_id is given, e.g. "
            "project_id=1376"
        )


def _one(_: object) -> int:
    """What a single one adds to the list that it joins."""
    return 1


def _joins(name: str, listed: str) -> Callable[[Body], None]:
    """A rule: a single one that joins a list must not be in it as well.

    Nobody knows whether the server would run it once or twice.
    """

    def rule(body: Body) -> None:
        ids = body.get(listed)
        if isinstance(ids, list) and body[name] in ids:
            raise InvalidRequestError(
                f"{name}={body[name]} is in {listed} as well; leave it out of one of them"
            )

    return rule


def _number_of_evaluators(scenarios: object) -> int | None:
    """The number of listed evaluators, or the first N; None for "all", which only the server knows."""
    if isinstance(scenarios, list):
        return len(scenarios)
    return scenarios if isinstance(scenarios, int) else None


# Arguments


class EveryLaunch(TypedDict, total=False):
    """Arguments of every launch that are not fields of its request."""

    max_runs: Annotated[int | None, Field(positive)]
    """Refuse to start more runs than this, before anything is sent."""
    extra_body: Annotated[Mapping[str, Any] | None, Field(json_object, secret=hidden)]
    """Fields that this version does not know, sent unchanged. They do not count for the number of runs."""


class SelectionArguments(EveryLaunch, total=False):
    """Arguments of a launch that selects evaluators by ids, tags or folder."""

    agent_id: Annotated[int | None, Field(positive, agent=True)]
    """Id of the agent to test."""
    assistant_id: Annotated[str | None, Field(text)]
    """The agent to test, by its assistant id at the provider."""
    scenarios: Annotated[
        Iterable[int] | str | None,
        Field(
            evaluators,
            selects=True,
            multiplies=("scenarios", _number_of_evaluators),
            rule=_scenarios,
        ),
    ]
    """Ids of evaluators, or "all" for all evaluators of the agent."""
    first: Annotated[int | None, Field(positive, selects=True, rule=_first)]
    """Select the agent's first N evaluators."""
    tags: Annotated[Iterable[str] | None, Field(texts, selects=True)]
    """Select the evaluators with these tags."""
    folder_path: Annotated[str | None, Field(folder_path, selects=True, rule=_folder_path)]
    """Select the evaluators of this folder, e.g. Sales.Inbound. Requires the project."""
    project_id: Annotated[int | None, Field(positive)]
    """Id of the folder's project."""
    frequency: Annotated[int | None, Field(positive, multiplies=("frequency", int))]
    """How often each evaluator runs; once by default."""
    name: Annotated[str | None, Field(label)]
    """Name of the result, at most 255 characters."""
    outbound_phone_number: Annotated[str | None, Field(text)]
    """The phone number to call instead of the agent's."""
    personality_ids: Annotated[
        Iterable[int] | None, Field(positives, multiplies=("personalities", len))
    ]
    """Run each evaluator with each of these personalities, which must be enabled."""
    test_profile_ids: Annotated[
        Iterable[int] | None, Field(positives, multiplies=("test_profiles", len))
    ]
    """Run each evaluator with each of these test profiles."""
    personality_id: Annotated[
        int | None,
        Field(
            positive,
            multiplies=("personalities", _one),
            rule=_joins("personality_id", "personality_ids"),
        ),
    ]
    """One more personality; it joins the list."""
    test_profile_id: Annotated[
        int | None,
        Field(
            positive,
            multiplies=("test_profiles", _one),
            rule=_joins("test_profile_id", "test_profile_ids"),
        ),
    ]
    """One more test profile; it joins the list."""
    agent_number: Annotated[str | None, Field(text)]
    """The phone number from which the agent receives calls in outbound runs."""
    concurrency_limit: Annotated[int | None, Field(positive)]
    """How many runs may be active at the same time."""
    mock_tool_names: Annotated[Iterable[str] | None, Field(texts_or_none, nullable=True)]
    """Names of the tools to mock; [] mocks none. All of the agent's are mocked if left out or null."""


class VoiceArguments(SelectionArguments, total=False):
    """Arguments of `run_voice`."""

    mode: Annotated[PhoneNumbers | None, Field(one_of(PhoneNumbers))]
    """Whether all runs use the same phone number or different ones."""


@dataclass(frozen=True, repr=False)
class WebsocketScenario(Entry):
    """A scenario of `run_websocket`. Its address is shown without credentials and query."""

    scenario: Annotated[int, Field(positive)]
    """Id of the evaluator."""
    websocket_url: Annotated[str | None, Field(websocket_address, secret=without_credentials)] = (
        None
    )
    """The ws:// or wss:// address for this scenario, instead of the agent's."""


class WebsocketArguments(EveryLaunch, total=False):
    """Arguments of `run_websocket`."""

    scenarios: Required[
        Annotated[
            Iterable[WebsocketScenario | tuple[int, str | None] | Mapping[str, object]],
            Field(
                Entries(WebsocketScenario, '(101, "wss://agent.example.com/chat")'),
                multiplies=("scenarios", len),
            ),
        ]
    ]
    """Evaluators, each with an address. Without an address, the agent's is used."""
    frequency: Required[Annotated[int, Field(at_most(100), multiplies=("frequency", int))]]
    """How often each scenario runs, 1 to 100."""
    agent: Annotated[int | None, Field(positive, agent=True)]
    """Id of the agent to test. Required if no scenario has one."""
    mock_tool_names: Annotated[Iterable[str] | None, Field(texts_or_none, nullable=True)]
    """Names of the tools to mock; [] mocks none. All of the agent's are mocked if left out or null."""


class WebrtcArguments(EveryLaunch, total=False):
    """Arguments of a launch of listed evaluators over WebRTC."""

    scenarios: Required[Annotated[Iterable[int], Field(positives, multiplies=("scenarios", len))]]
    """Ids of evaluators."""
    agent_id: Annotated[int | None, Field(positive, agent=True)]
    """Id of the agent whose credentials are used. Optional if all scenarios belong to one agent."""
    project_id: Annotated[int | None, Field(positive)]
    """Id of the project."""
    frequency: Annotated[int | None, Field(positive, multiplies=("frequency", int))]
    """How often each evaluator runs; once by default."""
    name: Annotated[str | None, Field(label)]
    """Name of the result, at most 255 characters."""
    concurrency_limit: Annotated[int | None, Field(positive)]
    """How many runs may be active at the same time."""
    mock_tool_names: Annotated[Iterable[str] | None, Field(texts_or_none, nullable=True)]
    """Names of the tools to mock; [] mocks none. All of the agent's are mocked if left out or null."""


class VapiWebrtcArguments(WebrtcArguments, total=False):
    """Arguments of `run_vapi_webrtc`."""

    vapi_assistant_id: Required[Annotated[str, Field(text)]]
    """Id of the VAPI assistant to test."""


# Launches


class Launches(Generic[L]):
    """The launches. `L` is what a client returns: a `Launch`, or a coroutine of one."""

    def _launch(self, operation: str, arguments: Mapping[str, object]) -> L:
        """Check the arguments and send the launch."""
        raise NotImplementedError

    def run_voice(self, **arguments: Unpack[VoiceArguments]) -> L:
        """Start voice calls.

        The number of runs is scenarios × frequency × personalities × test profiles. Each is billed.
        Exactly one of `scenarios`, `first`, `tags` and `folder_path` selects the evaluators. `scenarios`
        may also be a folder path. (Page "Run Evaluator Voice".)
        """
        return self._launch("run_voice", arguments)

    def run_websocket(self, **arguments: Unpack[WebsocketArguments]) -> L:
        """Start conversations over websockets.

        The number of runs is scenarios × frequency. Each is billed. The request has no name, so a lost
        launch cannot be looked up. (Page "Run Evaluator Websocket".)
        """
        return self._launch("run_websocket", arguments)

    def run_vapi_webrtc(self, **arguments: Unpack[VapiWebrtcArguments]) -> L:
        """Start calls to a VAPI agent over WebRTC.

        The number of runs is scenarios × frequency. Each is billed. (Page "Run Evaluator VAPI WebRTC".)
        """
        return self._launch("run_vapi_webrtc", arguments)


def _described(operation: str) -> LaunchKind:
    method = getattr(Launches, operation)
    (shape,) = get_args(method.__annotations__["arguments"])
    return LaunchKind(operation, shape, cleandoc(method.__doc__ or ""), EVERY_LAUNCH)


EVERY_LAUNCH = frozenset(EveryLaunch.__annotations__)
KINDS = {name: _described(name) for name in vars(Launches) if name.startswith("run_")}
