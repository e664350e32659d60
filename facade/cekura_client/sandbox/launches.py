"""What a start request asks for, and the rules about it that the document's schemas do not state.

Where the published pages are silent the sandbox guesses: a folder does not include its subfolders;
an empty selection, an unknown folder and a tag that no scenario carries are refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from cekura_client.sandbox.contract import RefusedError, checked

VOICE = "/test_framework/v1/scenarios/run_scenarios/"
WEBSOCKET = "/test_framework/v1/scenarios/run_scenarios_with_websockets/"
VAPI = "/test_framework/v1/scenarios/run_scenarios_vapi_webrtc/"

HOME_AGENT, HOME_PROJECT = 12, 1376  # to whom a launch belongs that names nobody else
ENABLED_PERSONALITIES = frozenset(range(1, 10))
MAX_RUNS = 20_000  # of one launch; more would only exhaust this machine's memory
MAX_NAME = 255  # characters

_SELECTORS = ("scenarios", "tags", "folder_path")
_NOT_SETTINGS = {*_SELECTORS, "agent", "agent_id", "assistant_id", "project_id", "name"}


@dataclass(frozen=True)
class Catalogue:
    """The scenarios that the agent has, and where they are found, by id."""

    scenarios: Sequence[int]
    folders: Mapping[str, Sequence[int]]
    tags: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Launch:
    """An accepted start request: one run for each combination of its four lists' members."""

    kind: str
    agent: int
    project: int
    name: str
    scenarios: tuple[int, ...]
    frequency: int
    personalities: tuple[int | None, ...]
    profiles: tuple[int | None, ...]
    settings: Mapping[str, Any]


def read_launch(path: str, body: object, catalogue: Catalogue) -> Launch:
    """What the JSON `body` of a POST to `path` (voice, websocket or VAPI) launches.

    Raises:
        RefusedError: the document or a rule of this module forbids it.
    """
    if path == VOICE:
        return _voice(body, catalogue)
    request = checked(path, body)
    if path == WEBSOCKET:
        return _websocket(request)
    return _launch("VAPI", request, request["scenarios"])


def _voice(body: object, catalogue: Catalogue) -> Launch:
    checked(VOICE, _without_shorthand(body))
    request = cast("dict[str, Any]", body)
    scenarios = _selected(request, catalogue)
    personalities: list[int] = request.get("personality_ids") or []
    launch = _launch(
        "Voice", request, scenarios, personalities, request.get("test_profile_ids") or []
    )
    if not ENABLED_PERSONALITIES.issuperset(personalities):
        raise RefusedError(["Invalid personalities provided."])
    return launch


def _without_shorthand(body: object) -> object:
    """The body without a `scenarios` that is a number or a text.

    The YAML of the voice page allows a list only. Two other renderings of the page also allow N,
    "all" and a folder's path; the sandbox is lenient and takes them all.
    """
    if not isinstance(body, dict):
        return body
    request = cast("dict[str, Any]", body)
    if type(request.get("scenarios")) not in (int, str):  # type(): True is no number here
        return request
    return {field: value for field, value in request.items() if field != "scenarios"}


def _selected(request: Mapping[str, Any], catalogue: Catalogue) -> Sequence[int]:
    given = [field for field in _SELECTORS if field in request]
    if len(given) != 1:
        message = "Give exactly one of scenarios, tags and folder_path."
        raise RefusedError.because({field: [message] for field in given or _SELECTORS})
    (field,) = given
    value: Any = request[field]
    if field == "tags":
        # A scenario with two of the tags is one scenario.
        return list(dict.fromkeys(x for tag in value for x in catalogue.tags.get(tag, ())))
    if isinstance(value, list):
        return cast("list[int]", value)
    if field == "scenarios" and (isinstance(value, int) or value == "all"):
        if not request.keys() & {"agent_id", "assistant_id"}:
            raise RefusedError.because(
                {"agent_id": ["Needed to choose scenarios by number or all."]}
            )
        return catalogue.scenarios[: max(value, 0) if isinstance(value, int) else None]
    if "project_id" not in request:
        raise RefusedError.because({"project_id": ["Needed to find a folder."]})
    if value not in catalogue.folders:
        raise RefusedError.because({field: [f"There is no folder {value!r}."]})
    return catalogue.folders[value]


def _websocket(request: Mapping[str, Any]) -> Launch:
    pairs: list[dict[str, Any]] = request["scenarios"]
    addresses = {
        f"scenarios[{i}].websocket_url": pair["websocket_url"]
        for i, pair in enumerate(pairs)
        if "websocket_url" in pair
    }
    message = "Must start with ws:// or wss://."
    bad = {k: [message] for k, v in addresses.items() if not v.startswith(("ws://", "wss://"))}
    if bad:
        raise RefusedError.because(bad)
    # The schema has no name: as any unknown field it is accepted and has no effect.
    unnamed = {field: value for field, value in request.items() if field != "name"}
    return _launch("WebSocket", unnamed, [pair["scenario"] for pair in pairs])


def _launch(
    kind: str,
    request: Mapping[str, Any],
    scenarios: Sequence[int],
    personalities: Sequence[int] = (),
    profiles: Sequence[int] = (),
) -> Launch:
    name: str = request.get("name", "")
    frequency = int(request.get("frequency", 1))  # int(): to JSON Schema 2.0 is an integer
    runs = len(scenarios) * frequency * max(1, len(personalities)) * max(1, len(profiles))
    if not scenarios:
        field = next(field for field in _SELECTORS if field in request)
        raise RefusedError.because({field: ["This selects no scenario."]})
    if frequency < 1:
        raise RefusedError.because({"frequency": ["Must be at least 1."]})
    if runs > MAX_RUNS:
        message = f"This would be {runs} runs; the sandbox plays at most {MAX_RUNS}."
        raise RefusedError.because({"frequency": [message]})
    if len(name) > MAX_NAME:
        raise RefusedError.because({"name": [f"Must have at most {MAX_NAME} characters."]})
    return Launch(
        kind=kind,
        agent=int(request.get("agent_id") or request.get("agent") or HOME_AGENT),
        project=int(request.get("project_id") or HOME_PROJECT),
        name=name,
        scenarios=tuple(map(int, scenarios)),
        frequency=frequency,
        personalities=tuple(map(int, personalities)) or (None,),
        profiles=tuple(map(int, profiles)) or (None,),
        settings={k: v for k, v in request.items() if k not in _NOT_SETTINGS},
    )
