"""What exists, how its runs end, and what is refused because it does not exist."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cekura_client.sandbox import Agent, Project, Sandbox, Scenario, Script, State
from tests.sandbox.support import RESULTS, VAPI, VOICE, WEBSOCKET, Api, departures

Play = Callable[..., Api]

BOOKINGS = """
credits: 20
projects:
  - id: 5
    name: Bookings
    personalities: [3]
    folders: [Empty]
    agents:
      - id: 1
        name: Front desk
        assistant_id: asst_1
        scenarios:
          - {id: 11, name: Books a table, folder: Sales.Inbound, tags: [smoke]}
          - {id: 12, folder: Sales.Inbound, tags: [smoke, slow], ends: failed}
      - id: 2
        scenarios:
          - {id: 21, folder: Sales.Inbound, tags: [smoke]}
          - id: 22
            folder: Sales.Outbound
            ends: {outcome: failed, explanation: No deposit was taken., seconds: 75}
  - id: 6
    agents: [{id: 3, scenarios: [{id: 31, folder: Sales.Inbound, ends: {passed: 1, failed: 3}}]}]
"""


@pytest.fixture
def bookings(tmp_path: Path) -> State:
    path = tmp_path / "state.yaml"
    path.write_text(BOOKINGS, "utf-8")
    return State.read(path)


def _scenarios(started: Mapping[str, Any]) -> list[int]:
    return [run["scenario"] for run in started["runs"]]


@pytest.mark.parametrize(
    ("body", "scenarios"),
    [
        ({"scenarios": [11, 31]}, [11, 31]),
        ({"scenarios": 1, "agent_id": 2}, [21]),
        ({"scenarios": "all", "assistant_id": "asst_1"}, [11, 12]),
        ({"scenarios": "all", "agent_id": 3}, [31]),
        ({"tags": ["smoke"]}, [11, 12, 21]),
        ({"tags": ["slow", "smoke"], "agent_id": 1}, [12, 11]),
        ({"folder_path": "Sales.Inbound", "project_id": 5}, [11, 12, 21]),
        ({"folder_path": "Sales.Inbound", "project_id": 6}, [31]),
        ({"folder_path": "Sales.Outbound", "project_id": 5, "agent_id": 1}, [22]),
        ({"scenarios": [11], "personality_ids": [3]}, [11]),
    ],
)
def test_selectors_select(
    play: Play, bookings: State, body: dict[str, Any], scenarios: list[int]
) -> None:
    """By id, number, tag or folder, of the agent and project that are named."""
    assert _scenarios(play(state=bookings).start(VOICE, **body)) == scenarios


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        (VOICE, {"scenarios": [11, 99]}, {"scenarios"}),
        (VOICE, {"scenarios": [11], "agent_id": 9}, {"agent_id"}),
        (VOICE, {"scenarios": [11], "assistant_id": "asst_9"}, {"assistant_id"}),
        (VOICE, {"scenarios": [11], "project_id": 9}, {"project_id"}),
        (VOICE, {"tags": ["none"]}, {"tags"}),
        (VOICE, {"tags": ["smoke"], "agent_id": 3}, {"tags"}),
        (VOICE, {"folder_path": "Sales.Outbound", "project_id": 6}, {"folder_path"}),
        (VOICE, {"folder_path": "Empty", "project_id": 5}, {"folder_path"}),
        (VOICE, {"folder_path": "Sales", "project_id": 5}, {"folder_path"}),
        (VOICE, {"scenarios": [31], "personality_ids": [12]}, None),
        (VOICE, {"scenarios": [11], "personality_ids": [4]}, None),
        (WEBSOCKET, {"scenarios": [{"scenario": 99}], "frequency": 1}, {"scenarios"}),
        (VAPI, {"scenarios": [99], "vapi_assistant_id": "a"}, {"scenarios"}),
    ],
)
def test_what_does_not_exist_is_refused(
    play: Play, bookings: State, path: str, body: dict[str, Any], refusal: set[str] | None
) -> None:
    """By the field that names it; a personality that is not enabled by the published list."""
    api = play(state=bookings)
    found = api.refusal(path, **body)
    assert (
        found == ["Invalid personalities provided."] if refusal is None else set(found) == refusal
    )
    assert api.listed()["count"] == 0


def test_a_launch_belongs_to_the_agent_of_its_scenarios(play: Play, bookings: State) -> None:
    """Where none is named; and everything has the name that it was given."""
    api = play(pace=0, state=bookings)
    started = api.start(scenarios=[22])
    assert started["agent"] == 2
    assert api.result(api.start(scenarios=[11])["id"])["agent_name"] == "Front desk"
    assert [run["scenario_name"] for run in started["runs"]] == ["Scenario 22"]
    assert api.start(scenarios=[11])["runs"][0]["scenario_name"] == "Books a table"
    assert [r["agent"] for r in api.listed(project_id=5)["results"]] == [1, 1, 2]


def test_a_run_ends_as_its_scenario_says(play: Play, bookings: State) -> None:
    """With its explanation and its length; `outcomes` beat the state."""
    api = play(pace=0, state=bookings, outcomes={12: "timeout"})
    result = api.result(api.start(scenarios=[12, 22])["id"])
    first, second = result["runs"].values()
    assert first["status"] == "timeout"
    assert (second["success"], second["duration"]) == (False, "01:15")
    assert second["expected_outcome"]["explanation"][-1] == "No deposit was taken."
    assert result["failed_reasons"]["issues"][-1]["description"] == "No deposit was taken."


def test_metrics_are_those_of_the_script(play: Play) -> None:
    """Besides the sandbox's own, in the published shape."""
    metric = {"name": "Latency", "type": "numeric", "score": 2.5, "explanation": "2.5 s"}
    api = play(pace=0, outcomes={101: Script(metrics=[metric])})
    result = api.result(api.start()["id"])
    assert departures("get", f"{RESULTS}{{id}}/", 200, result) == []
    (run,) = result["runs"].values()
    found = run["evaluation"]["metrics"][-1]
    assert metric.items() <= found.items()
    assert found["id"] == 3


def test_scores_may_follow_later_for_one_scenario(play: Play, clock: Any) -> None:
    """After its own delay."""
    api = play(pace=1, outcomes={101: Script(score_delay=60)})
    number = api.start(scenarios=[101, 102])["id"]
    clock.now += 30
    assert [r["success"] for r in api.result(number)["runs"].values()] == [None, True]
    clock.now += 60
    assert [r["success"] for r in api.result(number)["runs"].values()] == [True, True]


def test_chances_are_drawn_from_the_random_seed(play: Play, bookings: State) -> None:
    """The same seed gives the same outcomes whatever else is launched, another gives others."""

    def outcomes(seed: int, *, other: bool) -> list[bool]:
        api = play(pace=0, state=bookings, seed=seed)
        if other:
            api.start(scenarios=[11])
        runs = api.result(api.start(scenarios=[31], frequency=15)["id"])["runs"]
        return [run["success"] for run in runs.values()]

    first = outcomes(1, other=False)
    assert first == outcomes(1, other=True)
    assert first != outcomes(2, other=False)
    assert 0 < sum(first) < 10


def test_a_launch_above_the_balance_is_402(play: Play, bookings: State) -> None:
    """Before any run starts; what fits the rest is accepted."""
    with Sandbox(pace=0, state=bookings) as sandbox:
        api = Api(sandbox)
        with api.http:
            api.start(scenarios=[11], frequency=15)
            answer = api.http.post(VOICE, json={"scenarios": [11], "frequency": 6})
            assert answer.status_code == 402
            assert answer.json() == {"detail": "This needs 6 credits; there are 5."}
            assert api.listed()["count"] == 1
            api.start(scenarios=[11], frequency=5)
        assert (sandbox.credits, sandbox.launches, sandbox.billed_runs) == (0, 2, 20)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "missing required field `projects`"),
        ({"projects": []}, "at least one project with an agent"),
        ({"projects": [{"id": 1}]}, "at least one project with an agent"),
        ({"projects": [{"id": 1, "agents": [{"id": "1"}]}]}, "$.projects[0].agents[0].id"),
        ({"projects": [{"id": 1, "agents": [{"id": 1, "x": 1}]}]}, "unknown field `x`"),
        (
            {"projects": [{"id": 1, "agents": [{"id": 1}, {"id": 1}]}]},
            "duplicate id 1",
        ),
        ({"projects": [{"id": 1, "agents": [{"id": 1}]}], "credits": -1}, "$.credits"),
        ({"projects": [{"id": 1, "agents": [{"id": 1}]}], "start_rate": 0}, "$.start_rate"),
        (
            {"projects": [{"id": 1, "agents": [{"id": 1, "scenarios": [{"id": 1, "ends": "x"}]}]}]},
            "'x' is not a valid ending",
        ),
        ([], "Expected `object`, got `array`"),
    ],
)
def test_an_invalid_state_is_refused(given: Any, says: str) -> None:
    """With what is wrong, and where."""
    with pytest.raises(ValueError, match="not a valid state: ") as caught:
        State.of(given)
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["a: [", "\x00", "projects: 3"])
def test_a_file_without_a_valid_state_is_refused(text: str, tmp_path: Path) -> None:
    """By its name."""
    path = tmp_path / "state.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"state\.yaml: "):
        State.read(path)


@pytest.mark.parametrize(
    "ending", ["pased", {"passed": -1}, {"passed": 0}, {"turns": "many"}, {"nothing": 1}, 3]
)
def test_an_invalid_outcome_is_refused(ending: Any) -> None:
    """By the constructor, with the outcomes that there are."""
    with pytest.raises(ValueError, match=r"is not a valid ending.*unscored"):
        Sandbox(outcomes={101: ending})


def test_a_state_can_be_written_in_python(play: Play) -> None:
    """As in YAML."""
    scenarios = (Scenario(7, name="Seven"),)
    api = play(state=State(projects=(Project(1, agents=(Agent(4, scenarios=scenarios),)),)))
    assert _scenarios(api.start(scenarios="all", agent_id=4)) == [7]
