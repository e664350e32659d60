"""What a start request asks for, and the rules about it that the document's schemas do not state.

Which fields a launch has, the document says; what each field means is here, once for all launches.

Where the published pages are silent the sandbox guesses. A folder does not include its subfolders.
An empty selection, an unknown folder and a tag that no scenario carries are refused; so is an id
that does not exist, unless the state is open. Personalities and test profiles multiply the runs of
every launch that has these fields.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from cekura_client.sandbox.api.contract import Operation, RefusedError
from cekura_client.sandbox.world.launch import Launch
from cekura_client.sandbox.world.shown import shown
from cekura_client.sandbox.world.state import Agent, Catalogue, Project

MAX_RUNS = 20_000  # of one launch; more would only exhaust this machine's memory
MAX_NAME = 255  # characters

_SELECTORS = ("scenarios", "tags", "folder_path")
_AGENTS = ("agent_id", "agent", "assistant_id")
_NOT_SETTINGS = {*_SELECTORS, *_AGENTS, "project_id", "name"}


def read_launch(operation: Operation, body: object, catalogue: Catalogue) -> Launch:
    """What the decoded `body` of a request for `operation` launches.

    Raises:
        RefusedError: the document or a rule of this module forbids it.
    """
    shorthand = _shorthand(operation, body)
    if shorthand:
        fields = cast("dict[str, Any]", body)
        body = {field: value for field, value in fields.items() if field not in shorthand}
    return _Request(operation, {**operation.body.read(body), **shorthand}, catalogue).launch()


def _shorthand(operation: Operation, body: object) -> dict[str, Any]:
    """What the schema does not allow and other words of the document do.

    A `scenarios` that is a number or a text, where there are other selectors as well: the YAML of
    the pages allows a list only. Two other renderings of the voice page also allow N, "all" and a
    folder's path, and the sandbox takes them all. A text is never a number here.

    A `mock_tool_names` that is null: its text says that this is the same as to omit it.
    """
    given = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    found: dict[str, Any] = {}
    scenarios = given.get("scenarios")
    if isinstance(scenarios, float) and scenarios.is_integer():
        scenarios = int(scenarios)  # to JSON Schema 2.0 is an integer
    # type(): True is not a number here.
    if "folder_path" in operation.body.fields and type(scenarios) in (int, str):
        found["scenarios"] = scenarios
    if "mock_tool_names" in operation.body.fields and given.get("mock_tool_names", 0) is None:
        found["mock_tool_names"] = None
    return found


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("ws://", "wss://"))


def _refuse(field: str, message: str) -> RefusedError:
    return RefusedError.because({field: [message]})


class _Request:
    """A request that fits its schema, and the catalogue that it is about."""

    def __init__(
        self, operation: Operation, request: Mapping[str, Any], catalogue: Catalogue
    ) -> None:
        self._operation = operation
        self._request = request
        self._catalogue = catalogue
        self._open = catalogue.state.open
        self._agent = self._named_agent()
        self._project = self._named_project()

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
                else catalogue.agents.get(value)
            )
            if found is None and not self._open:
                raise _refuse(field, f"There is no agent {value!r}.")
            return found
        return None

    def _named_project(self) -> Project | None:
        value = self._request.get("project_id")
        found = self._catalogue.projects.get(value) if value is not None else None
        if value is not None and found is None and not self._open:
            raise _refuse("project_id", f"There is no project {value!r}.")
        return found

    # Which

    def _selected(self, field: str) -> Sequence[int]:
        value: Any = self._request[field]
        if field == "tags":
            return self._catalogue.with_tags(self._agent[1] if self._agent else None, value)
        if isinstance(value, list):
            return [each["scenario"] if isinstance(each, dict) else each for each in value]
        if field == "scenarios" and (isinstance(value, int) or value == "all"):
            return self._first(value)
        if "project_id" not in self._request:
            raise _refuse("project_id", "Needed to find a folder.")
        found = self._catalogue.in_folder(self._project, value)
        if found is None:
            raise _refuse(field, f"There is no folder {value!r}.")
        return found

    def _selector(self) -> str:
        possible = [field for field in _SELECTORS if field in self._operation.body.fields]
        given = [field for field in possible if field in self._request]
        if len(given) != 1:
            message = "Give exactly one of scenarios, tags and folder_path."
            raise RefusedError.because({field: [message] for field in given or possible})
        return given[0]

    def _first(self, wanted: int | str) -> Sequence[int]:
        """The first N scenarios of the agent, or all."""
        if not self._request.keys() & {"agent_id", "assistant_id"}:
            raise _refuse("agent_id", "Needed to choose scenarios by number or all.")
        _, agent = self._agent or self._catalogue.home
        scenarios = [scenario.id for scenario in agent.scenarios]
        return scenarios[: max(wanted, 0) if isinstance(wanted, int) else None]

    # What

    def launch(self) -> Launch:
        self._check_addresses()
        field = self._selector()
        scenarios = self._selected(field)
        personalities = self._listed("personality_ids", "personality_id")
        profiles = self._listed("test_profile_ids", "test_profile_id")
        name: str = self._request.get("name") or ""
        frequency: int = self._given("frequency", 1)
        runs = len(scenarios) * frequency * max(1, len(personalities)) * max(1, len(profiles))
        if not scenarios:
            raise _refuse(field, "This selects no scenario.")
        if frequency < 1:
            raise _refuse("frequency", "Must be at least 1.")
        if runs > MAX_RUNS:
            message = f"This would be too many runs; the sandbox plays at most {MAX_RUNS}."
            raise _refuse("frequency", message)
        if len(name) > MAX_NAME:
            raise _refuse("name", f"Must have at most {MAX_NAME} characters.")
        unknown = [n for n in scenarios if n not in self._catalogue.scenarios]
        if unknown and not self._open:
            raise _refuse(field, f"There is no scenario {unknown[0]}.")
        enabled = (self._project or (self._agent or self._catalogue.home)[0]).personalities
        if not set(enabled).issuperset(personalities):
            raise RefusedError(["Invalid personalities provided."])
        project, agent = self._agent or self._owner(scenarios)
        # Less than one can only be meant as none; where it is forbidden, the schema says so.
        limit: int = self._given("concurrency_limit", 0)
        words = self._operation.name.removeprefix("run_").split("_")
        overridden = {k: v for k, v in self._request.items() if k not in _NOT_SETTINGS}
        return Launch(
            kind=" ".join(words).capitalize(),
            by_phone="outbound_phone_number" in self._operation.body.fields,
            as_text="text" in words,
            agent=self._given("agent_id", self._given("agent", agent.id)),
            project=self._given("project_id", project.id),
            name=name,
            scenarios=tuple(scenarios),
            frequency=frequency,
            personalities=tuple(personalities) or (None,),
            profiles=tuple(profiles) or (None,),
            concurrency=limit if limit >= 1 else None,
            settings=shown(overridden),
        )

    def _check_addresses(self) -> None:
        """Each address of a websocket says that it is one."""
        scenarios = self._request.get("scenarios")
        places: dict[str, Any] = {"websocket_url": self._request}
        if isinstance(scenarios, list):
            places |= {f"scenarios[{i}].websocket_url": each for i, each in enumerate(scenarios)}
        addresses = {
            place: fields.get("websocket_url")
            for place, fields in places.items()
            if isinstance(fields, Mapping)
        }
        bad = [k for k, v in addresses.items() if v is not None and not _is_address(v)]
        if bad:
            raise RefusedError.because({k: ["Must start with ws:// or wss://."] for k in bad})

    def _given(self, field: str, otherwise: int) -> int:
        """A number of the request; null counts as left out."""
        value: int | None = self._request.get(field)
        return otherwise if value is None else value

    def _listed(self, field: str, single: str) -> list[int]:
        """The ids in a list, and the one that joins them."""
        ids: list[int] = self._request.get(field) or []
        one: int | None = self._request.get(single)
        return ids if one is None or one in ids else [*ids, one]

    def _owner(self, scenarios: Sequence[int]) -> tuple[Project, Agent]:
        """The agent of the first scenario that is known, as the API infers it; or the home."""
        known = next((s for s in scenarios if s in self._catalogue.scenarios), None)
        if known is None:
            return self._catalogue.home
        return self._catalogue.agents[self._catalogue.scenarios[known][0].id]
