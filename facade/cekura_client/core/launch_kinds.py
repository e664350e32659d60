"""Every launch, described once. Everything else that knows a launch reads it here.

The arguments of a launch are the keys of a `TypedDict`: the type, how it is checked, what else is known
of it (`Field`), and what it means, below it. A method of `Launches` makes a launch of them. From the two
come the checks, the number of runs, the name for recovery, what is secret, the commands and options of
`cekura-run`, the names in files, and the markers for pytest.

To add a field, add its key. To add a launch, add a `TypedDict` for what it does not share with another,
and a method; its name is the operationId in openapi/client.yaml. tests/test_specification.py holds the
names, types, limits and required fields against that document.
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


# What fields require of each other


def _needs_agent(body: Body, what: str) -> None:
    if not {"agent_id", "assistant_id"} & body.keys():
        raise InvalidRequestError(f"{what} needs an agent: give agent_id or assistant_id as well")


def _scenarios(body: Body) -> None:
    """Of the three forms, a folder path has a field of its own."""
    if body["scenarios"] == "all":
        _needs_agent(body, "scenarios='all'")
    elif isinstance(body["scenarios"], str):
        body["folder_path"] = body.pop("scenarios")
        _folder_path(body)


def _first(body: Body) -> None:
    """The page calls it N and puts it in the place of the ids."""
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
    """Listed, or the first N; only the server knows how many "all" are."""
    if isinstance(scenarios, list):
        return len(scenarios)
    return scenarios if isinstance(scenarios, int) else None


# Arguments


class EveryLaunch(TypedDict, total=False):
    """What every launch takes besides the fields of its request."""

    max_runs: Annotated[int | None, Field(positive)]
    """Refuse, before anything is sent, to start more runs than this."""
    extra_body: Annotated[Mapping[str, Any] | None, Field(json_object, secret=hidden)]
    """Fields of the request that this version does not know, sent as they are. The number of runs is
    counted without them."""


class SelectionArguments(EveryLaunch, total=False):
    """A launch that can choose its evaluators by ids, tags or folder."""

    agent_id: Annotated[int | None, Field(positive, agent=True)]
    """The agent to test."""
    assistant_id: Annotated[str | None, Field(text)]
    """The agent to test, by the provider's id of the assistant."""
    scenarios: Annotated[
        Iterable[int] | str | None,
        Field(
            evaluators,
            selects=True,
            multiplies=("scenarios", _number_of_evaluators),
            rule=_scenarios,
        ),
    ]
    """Ids of evaluators, or "all" of the agent's."""
    first: Annotated[int | None, Field(positive, selects=True, rule=_first)]
    """Instead of ids: the agent's first N evaluators."""
    tags: Annotated[Iterable[str] | None, Field(texts, selects=True)]
    """Instead of ids: evaluators with these tags."""
    folder_path: Annotated[str | None, Field(folder_path, selects=True, rule=_folder_path)]
    """Instead of ids: evaluators of this folder, e.g. Sales.Inbound; needs the project."""
    project_id: Annotated[int | None, Field(positive)]
    """The project of the folder."""
    frequency: Annotated[int | None, Field(positive, multiplies=("frequency", int))]
    """How often each evaluator runs; once by default."""
    name: Annotated[str | None, Field(label)]
    """Name of the result, at most 255 characters."""
    outbound_phone_number: Annotated[str | None, Field(text)]
    """The number to call instead of the agent's."""
    personality_ids: Annotated[
        Iterable[int] | None, Field(positives, multiplies=("personalities", len))
    ]
    """Run each evaluator with each of these personalities; they must be enabled."""
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
    """The number from which the agent receives calls in outbound runs."""
    concurrency_limit: Annotated[int | None, Field(positive)]
    """How many runs may be active at the same time."""
    mock_tool_names: Annotated[Iterable[str] | None, Field(texts_or_none, nullable=True)]
    """Names of the tools to mock; [] mocks none. All of the agent's are mocked if left out or null."""


class VoiceArguments(SelectionArguments, total=False):
    """What `run_voice` takes."""

    mode: Annotated[PhoneNumbers | None, Field(one_of(PhoneNumbers))]
    """The same phone number for all runs, or different ones."""


@dataclass(frozen=True, repr=False)
class WebsocketScenario(Entry):
    """One scenario of `run_websocket`. Its address is shown without credentials and query."""

    scenario: Annotated[int, Field(positive)]
    """Id of the evaluator."""
    websocket_url: Annotated[str | None, Field(websocket_address, secret=without_credentials)] = (
        None
    )
    """ws:// or wss:// address for this scenario, instead of the agent's own."""


class WebsocketArguments(EveryLaunch, total=False):
    """What `run_websocket` takes."""

    scenarios: Required[
        Annotated[
            Iterable[WebsocketScenario | tuple[int, str | None] | Mapping[str, object]],
            Field(
                Entries(WebsocketScenario, '(101, "wss://agent.example.com/chat")'),
                multiplies=("scenarios", len),
            ),
        ]
    ]
    """Evaluators, each with its address; without one the agent's own is used."""
    frequency: Required[Annotated[int, Field(at_most(100), multiplies=("frequency", int))]]
    """How often each scenario runs, 1 to 100."""
    agent: Annotated[int | None, Field(positive, agent=True)]
    """The agent to test; needed if none of the scenarios has one."""
    mock_tool_names: Annotated[Iterable[str] | None, Field(texts_or_none, nullable=True)]
    """Names of the tools to mock; [] mocks none. All of the agent's are mocked if left out or null."""


class WebrtcArguments(EveryLaunch, total=False):
    """A launch of listed evaluators over WebRTC."""

    scenarios: Required[Annotated[Iterable[int], Field(positives, multiplies=("scenarios", len))]]
    """Ids of evaluators."""
    agent_id: Annotated[int | None, Field(positive, agent=True)]
    """The agent whose credentials are used; not needed if all scenarios belong to one agent."""
    project_id: Annotated[int | None, Field(positive)]
    """The project."""
    frequency: Annotated[int | None, Field(positive, multiplies=("frequency", int))]
    """How often each evaluator runs; once by default."""
    name: Annotated[str | None, Field(label)]
    """Name of the result, at most 255 characters."""
    concurrency_limit: Annotated[int | None, Field(positive)]
    """How many runs may be active at the same time."""
    mock_tool_names: Annotated[Iterable[str] | None, Field(texts_or_none, nullable=True)]
    """Names of the tools to mock; [] mocks none. All of the agent's are mocked if left out or null."""


class VapiWebrtcArguments(WebrtcArguments, total=False):
    """What `run_vapi_webrtc` takes."""

    vapi_assistant_id: Required[Annotated[str, Field(text)]]
    """The VAPI assistant to test."""


# Launches


class Launches(Generic[L]):
    """The launches. `L` is what a client gives: a `Launch`, or a coroutine that gives one."""

    def _launch(self, operation: str, arguments: Mapping[str, object]) -> L:
        """Check what was given, and send it."""
        raise NotImplementedError

    def run_voice(self, **arguments: Unpack[VoiceArguments]) -> L:
        """Start voice calls.

        They are scenarios × frequency × personalities × test profiles, each billed. Exactly one of
        `scenarios`, `first`, `tags` and `folder_path` selects the evaluators; `scenarios` may be a
        folder path as well. (Page "Run Evaluator Voice".)
        """
        return self._launch("run_voice", arguments)

    def run_websocket(self, **arguments: Unpack[WebsocketArguments]) -> L:
        """Start conversations over websockets.

        They are scenarios × frequency, each billed. The request has no name, so if its answer is
        lost, it cannot be looked up. (Page "Run Evaluator Websocket".)
        """
        return self._launch("run_websocket", arguments)

    def run_vapi_webrtc(self, **arguments: Unpack[VapiWebrtcArguments]) -> L:
        """Start calls to a VAPI agent over WebRTC.

        They are scenarios × frequency, each billed. (Page "Run Evaluator VAPI WebRTC".)
        """
        return self._launch("run_vapi_webrtc", arguments)


def _described(operation: str) -> LaunchKind:
    method = getattr(Launches, operation)
    (shape,) = get_args(method.__annotations__["arguments"])
    return LaunchKind(operation, shape, cleandoc(method.__doc__ or ""), EVERY_LAUNCH)


EVERY_LAUNCH = frozenset(EveryLaunch.__annotations__)
KINDS = {name: _described(name) for name in vars(Launches) if name.startswith("run_")}
