"""What exists when the sandbox starts: projects, agents, scenarios, personalities, credits.

Write it in Python, or in YAML:

    credits: 500
    concurrency: 10
    projects:
      - id: 1376
        name: Bookings
        personalities: [1, 2, 3]         # the enabled ones
        agents:
          - id: 12
            name: Front desk
            scenarios:
              - {id: 101, name: Books a table, folder: Sales.Inbound, tags: [smoke]}
              - {id: 102, name: Hangs up, ends: failed}
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self

import msgspec

from cekura_client.sandbox.world.script import script
from cekura_client.strict_yaml import read_yaml

Id = Annotated[int, msgspec.Meta(ge=1)]


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scripted call. `folder` is a dotted path; a folder does not contain the scenarios of its subfolders.

    `ends` is how its runs end: an outcome, a `Script`, or a short form of one.
    """

    id: Id
    name: str = ""
    folder: str | None = None
    tags: tuple[str, ...] = ()
    ends: Any = "passed"

    def __post_init__(self) -> None:
        script(self.ends)


class Agent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agent under test, with its scenarios. `assistant_id` is its id at its provider."""

    id: Id
    name: str = ""
    assistant_id: str | None = None
    scenarios: tuple[Scenario, ...] = ()


class Project(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agents that share folders and personalities.

    `personalities` are the enabled ones. `folders` names folders without scenarios.
    """

    id: Id
    name: str = ""
    agents: tuple[Agent, ...] = ()
    personalities: tuple[int, ...] = tuple(range(1, 10))
    folders: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What exists when the sandbox starts.

    Attributes:
        projects: a launch that names no agent belongs to the first agent of the first project.
        credits: the balance. A run costs one when it starts; the real price is not published.
        concurrency: the maximum number of concurrent calls; None means no limit.
        start_rate: how many calls of a launch start while a run stays in one state, which takes a
            second at pace 1.
        open: whether ids that are not listed here exist too. They belong to the first agent.
    """

    projects: tuple[Project, ...]
    credits: Annotated[float, msgspec.Meta(ge=0)] = 1_000_000
    concurrency: Annotated[int, msgspec.Meta(ge=1)] | None = 10
    start_rate: Annotated[float, msgspec.Meta(gt=0)] = 5
    open: bool = False

    def __post_init__(self) -> None:
        agents = [agent for project in self.projects for agent in project.agents]
        if not agents:
            raise ValueError("a state has at least one project with an agent")
        scenarios = [scenario for agent in agents for scenario in agent.scenarios]
        for name, items in (
            ("projects", self.projects),
            ("agents", agents),
            ("scenarios", scenarios),
        ):
            counts = Counter(item.id for item in items)
            if twice := [id for id, count in counts.items() if count > 1]:
                raise ValueError(f"{name}: duplicate id {twice[0]}")

    @classmethod
    def of(cls, given: object) -> Self:
        """A state from a mapping, as read from YAML.

        Raises:
            ValueError: a field is unknown, missing or has a wrong type; the message says where.
        """
        return cls._of(given, {})

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """A state from a YAML file, which is read strictly; see `strict_yaml`.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not a valid state; the message names the line.
        """
        try:
            return cls._of(*read_yaml(Path(path).read_text("utf-8")))
        except ValueError as error:  # also if it is not UTF-8
            raise ValueError(f"{path}: {error}") from None

    @classmethod
    def _of(cls, given: object, lines: Mapping[str, int]) -> Self:
        try:
            return msgspec.convert(given, cls)
        except msgspec.ValidationError as error:
            # The message ends with the path of the value. A missing value gets the line of its parent.
            at = str(error).rpartition("`$")[2].rstrip("`").removeprefix(".")
            parts = [at[:i] for i in range(len(at), -1, -1)]
            line = next((lines[part] for part in parts if part in lines), None)
            place = "" if line is None else f"line {line}: "
            raise ValueError(f"{place}not a valid state: {error}") from None


@dataclass(frozen=True)
class Catalogue:
    """Lookups in a state.

    Attributes:
        home: the project and the agent of a launch that names no agent.
        scenarios: by id, each with its agent.
    """

    state: State
    home: tuple[Project, Agent] = field(init=False)
    agents: Mapping[int, tuple[Project, Agent]] = field(init=False)
    projects: Mapping[int, Project] = field(init=False)
    scenarios: Mapping[int, tuple[Agent, Scenario]] = field(init=False)

    def __post_init__(self) -> None:
        pairs = [(project, agent) for project in self.state.projects for agent in project.agents]
        found = {
            "home": pairs[0],
            "agents": {agent.id: (project, agent) for project, agent in pairs},
            "projects": {project.id: project for project in self.state.projects},
            "scenarios": {s.id: (agent, s) for _, agent in pairs for s in agent.scenarios},
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def scenario_name(self, number: int) -> str:
        known = self.scenarios.get(number)
        return (known[1].name if known else "") or f"Scenario {number}"

    def agent_name(self, number: int) -> str:
        known = self.agents.get(number)
        return (known[1].name if known else "") or f"Agent {number}"

    def by_assistant(self, assistant: str) -> tuple[Project, Agent] | None:
        """The agent with this id at its provider."""
        return next((p for p in self.agents.values() if p[1].assistant_id == assistant), None)

    def in_folder(self, project: Project | None, path: str) -> list[int] | None:
        """The scenarios of a folder, without its subfolders'; None if there is no such folder.

        Without a project, as an open state allows, of all projects.
        """
        projects = self.state.projects if project is None else [project]
        scenarios = [s for p in projects for agent in p.agents for s in agent.scenarios]
        empty = {folder for p in projects for folder in p.folders}
        found = [s.id for s in scenarios if s.folder == path]
        below = any(folder.startswith(f"{path}.") for folder in _folders(scenarios) | empty)
        return found if found or below or path in empty else None

    def with_tags(self, agent: Agent | None, tags: Sequence[str]) -> list[int]:
        """The scenarios that carry one of the tags, each once, in the order of the tags."""
        of = [s for owner, s in self.scenarios.values() if agent is None or owner is agent]
        return list(dict.fromkeys(s.id for tag in tags for s in of if tag in s.tags))


def _folders(scenarios: Sequence[Scenario]) -> set[str]:
    return {scenario.folder for scenario in scenarios if scenario.folder}


DEFAULT = State(
    projects=(
        Project(
            id=1376,
            name="Demo project",
            agents=(
                Agent(
                    id=12,
                    name="Demo agent",
                    scenarios=(
                        Scenario(101, "", "Sales.Inbound", ("smoke", "regression")),
                        Scenario(102, "", "Sales.Inbound", ("regression",)),
                        Scenario(103, "", "Sales.Inbound", ("regression",)),
                        Scenario(104, "", "Sales.Outbound", ("smoke", "regression")),
                        Scenario(105, "", "Sales.Outbound", ("regression",)),
                        Scenario(106, "", "Booking.Happy path", ("regression",)),
                    ),
                ),
            ),
        ),
    ),
    open=True,
)
