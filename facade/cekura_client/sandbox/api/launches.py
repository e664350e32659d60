"""What a start request asks for, and the rules about it that the document's schemas do not state.

Where the published pages are silent the sandbox guesses: a folder does not include its subfolders;
an empty selection, an unknown folder and a tag that no scenario carries are refused; so is an id
that does not exist, unless the state is open.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from cekura_client.sandbox.api.contract import RefusedError, checked, request_schema
from cekura_client.sandbox.world.launch import Launch
from cekura_client.sandbox.world.state import Agent, Catalogue, Project

VOICE = "/test_framework/v1/scenarios/run_scenarios/"
WEBSOCKET = "/test_framework/v1/scenarios/run_scenarios_with_websockets/"
VAPI = "/test_framework/v1/scenarios/run_scenarios_vapi_webrtc/"

MAX_RUNS = 20_000  # of one launch; more would only exhaust this machine's memory
MAX_NAME = 255  # characters

_SELECTORS = ("scenarios", "tags", "folder_path")
_AGENTS = ("agent_id", "agent", "assistant_id")
_NOT_SETTINGS = {*_SELECTORS, *_AGENTS, "project_id", "name"}


def read_launch(path: str, body: object, catalogue: Catalogue) -> Launch:
    """What the decoded `body` of a POST to `path` (voice, websocket or VAPI) launches.

    Raises:
        RefusedError: the document or a rule of this module forbids it.
    """
    checked(path, _without_shorthand(body) if path == VOICE else body)
    # As any unknown field, what the schema does not have is accepted and has no effect.
    known = request_schema(path)["properties"]
    request = {k: v for k, v in cast("dict[str, Any]", body).items() if k in known}
    return _Request(request, catalogue).launch(path)


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


def _refuse(field: str, message: str) -> RefusedError:
    return RefusedError.because({field: [message]})


class _Request:
    """A request that fits its schema, and the catalogue that it is about."""

    def __init__(self, request: Mapping[str, Any], catalogue: Catalogue) -> None:
        self._request = request
        self._catalogue = catalogue
        self._open = catalogue.state.open
        self._agent = self._named_agent()
        self._project = self._named_project()

    def launch(self, path: str) -> Launch:
        if path == VOICE:
            return self._voice()
        if path == WEBSOCKET:
            return self._websocket()
        return self._launch("VAPI", self._request["scenarios"])

    # Who

    def _named_agent(self) -> tuple[Project, Agent] | None:
        """The agent that the request names, if there is one; None where it names none."""
        for field in _AGENTS:
            value = self._request.get(field)
            if value is None:
                continue
            catalogue = self._catalogue
            found = (
                catalogue.by_assistant(value)
                if field == "assistant_id"
                else catalogue.agents.get(int(value))
            )
            if found is None and not self._open:
                raise _refuse(field, f"There is no agent {value!r}.")
            return found
        return None

    def _named_project(self) -> Project | None:
        value = self._request.get("project_id")
        found = self._catalogue.projects.get(int(value)) if value is not None else None
        if value is not None and found is None and not self._open:
            raise _refuse("project_id", f"There is no project {value!r}.")
        return found

    # Which

    def _voice(self) -> Launch:
        personalities: list[int] = self._request.get("personality_ids") or []
        launch = self._launch(
            "Voice", self._selected(), personalities, self._request.get("test_profile_ids") or []
        )
        project = self._project or (self._agent or self._catalogue.home)[0]
        if not set(project.personalities).issuperset(personalities):
            raise RefusedError(["Invalid personalities provided."])
        return launch

    def _selected(self) -> Sequence[int]:
        given = [field for field in _SELECTORS if field in self._request]
        if len(given) != 1:
            message = "Give exactly one of scenarios, tags and folder_path."
            raise RefusedError.because({field: [message] for field in given or _SELECTORS})
        (field,) = given
        value: Any = self._request[field]
        if field == "tags":
            return self._catalogue.with_tags(self._agent[1] if self._agent else None, value)
        if isinstance(value, list):
            return cast("list[int]", value)
        if field == "scenarios" and (isinstance(value, int) or value == "all"):
            return self._first(value)
        if "project_id" not in self._request:
            raise _refuse("project_id", "Needed to find a folder.")
        found = self._catalogue.in_folder(self._project, value)
        if found is None:
            raise _refuse(field, f"There is no folder {value!r}.")
        return found

    def _first(self, wanted: int | str) -> Sequence[int]:
        """The first N scenarios of the agent, or all."""
        if not self._request.keys() & {"agent_id", "assistant_id"}:
            raise _refuse("agent_id", "Needed to choose scenarios by number or all.")
        _, agent = self._agent or self._catalogue.home
        scenarios = [scenario.id for scenario in agent.scenarios]
        return scenarios[: max(wanted, 0) if isinstance(wanted, int) else None]

    def _websocket(self) -> Launch:
        pairs: list[dict[str, Any]] = self._request["scenarios"]
        addresses = {
            f"scenarios[{i}].websocket_url": pair["websocket_url"]
            for i, pair in enumerate(pairs)
            if "websocket_url" in pair
        }
        message = "Must start with ws:// or wss://."
        bad = {k: [message] for k, v in addresses.items() if not v.startswith(("ws://", "wss://"))}
        if bad:
            raise RefusedError.because(bad)
        return self._launch("WebSocket", [pair["scenario"] for pair in pairs])

    # What

    def _launch(
        self,
        kind: str,
        scenarios: Sequence[int],
        personalities: Sequence[int] = (),
        profiles: Sequence[int] = (),
    ) -> Launch:
        name: str = self._request.get("name", "")
        frequency = int(self._request.get("frequency", 1))  # to JSON Schema 2.0 is an integer
        runs = len(scenarios) * frequency * max(1, len(personalities)) * max(1, len(profiles))
        field = next(field for field in _SELECTORS if field in self._request)
        if not scenarios:
            raise _refuse(field, "This selects no scenario.")
        if frequency < 1:
            raise _refuse("frequency", "Must be at least 1.")
        if runs > MAX_RUNS:
            message = f"This would be too many runs; the sandbox plays at most {MAX_RUNS}."
            raise _refuse("frequency", message)
        if len(name) > MAX_NAME:
            raise _refuse("name", f"Must have at most {MAX_NAME} characters.")
        unknown = [n for n in map(int, scenarios) if n not in self._catalogue.scenarios]
        if unknown and not self._open:
            raise _refuse(field, f"There is no scenario {unknown[0]}.")
        project, agent = self._agent or self._owner(scenarios)
        limit = self._request.get("concurrency_limit")
        return Launch(
            kind=kind,
            agent=self._id(("agent_id", "agent"), agent.id),
            project=self._id(("project_id",), project.id),
            name=name,
            scenarios=tuple(map(int, scenarios)),
            frequency=frequency,
            personalities=tuple(map(int, personalities)) or (None,),
            profiles=tuple(map(int, profiles)) or (None,),
            # Less than one can only be meant as none; where it is forbidden, the schema says so.
            concurrency=int(limit) if limit is not None and limit >= 1 else None,
            settings={k: v for k, v in self._request.items() if k not in _NOT_SETTINGS},
        )

    def _owner(self, scenarios: Sequence[int]) -> tuple[Project, Agent]:
        """The agent of the first scenario that is known, as the API infers it; or the home."""
        known = next((s for s in map(int, scenarios) if s in self._catalogue.scenarios), None)
        if known is None:
            return self._catalogue.home
        return self._catalogue.agents[self._catalogue.scenarios[known][0].id]

    def _id(self, fields: Sequence[str], otherwise: int) -> int:
        """The id that the request gives, which need not exist in an open state."""
        given = (self._request.get(field) for field in fields)
        return next((int(value) for value in given if value is not None), otherwise)
