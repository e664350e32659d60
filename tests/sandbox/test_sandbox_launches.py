"""Which start requests are accepted, how many runs they make, and how others are refused."""

from typing import Any

import pytest

from cekura_client.sandbox import Agent, Project, Sandbox, Scenario, State
from tests.sandbox.support import VAPI, VOICE, WEBSOCKET, Api, departures

PAIR = {"scenario": 101, "websocket_url": "wss://agent.example.com/chat"}
STARTS: list[tuple[str, int, dict[str, Any]]] = [
    (VOICE, 201, {"agent_id": 12, "scenarios": [101, 102]}),
    (WEBSOCKET, 201, {"agent": 12, "scenarios": [PAIR, {"scenario": 102}], "frequency": 1}),
    (VAPI, 200, {"agent_id": 12, "scenarios": [101, 102], "vapi_assistant_id": "asst"}),
]


@pytest.mark.parametrize(("path", "status", "body"), STARTS)
def test_an_accepted_start(api: Api, path: str, status: int, body: dict[str, Any]) -> None:
    """Each start answers with its own status and the published shape."""
    answer = api.http.post(path, json=body)
    started = answer.json()
    assert answer.status_code == status
    assert list(started) == [
        *("id", "agent", "status", "success_rate", "run_as_text", "runs", "created_at")
    ]
    assert (started["agent"], started["status"], started["success_rate"]) == (12, "pending", 0)
    assert [run["scenario"] for run in started["runs"]] == [101, 102]
    assert set(started["runs"][0]) == {
        *("id", "status", "scenario", "number", "inbound_number", "scenario_name"),
        *(f"outbound_dial_window_{part}" for part in ("opens_at", "seconds", "closes_at")),
        "test_profile_data",
    }


@pytest.mark.parametrize(("path", "status", "body"), STARTS)
def test_a_start_answers_as_documented(
    api: Api, path: str, status: int, body: dict[str, Any]
) -> None:
    """The answer fits its schema but for `number`, whose own published example is null too."""
    started = api.start(path, **body)
    for run in started["runs"]:
        assert run.pop("number") is None
    assert departures("post", path, status, started) == []


def test_only_calls_have_telephone_numbers(api: Api) -> None:
    """The launch by telephone has a number to call from; the others have none."""
    runs = [api.start(path, **body)["runs"][0] for path, _, body in STARTS]
    assert [run["inbound_number"] for run in runs] == ["+15550100100", None, None]


@pytest.mark.parametrize(("path", "status", "body"), STARTS)
def test_tools_may_be_mocked_by_name_or_all_or_none(
    api: Api, path: str, status: int, body: dict[str, Any]
) -> None:
    """A list, an empty one, and null: all are accepted, and anything else is not."""
    for names in (["lookup"], [], None):
        number = api.start(path, **body, mock_tool_names=names)["id"]
        assert api.result(number)["run_settings"]["mock_tool_names"] == names
    assert "mock_tool_names" in api.refusal(path, **body, mock_tool_names="lookup")


def test_a_single_personality_joins_the_list(api: Api) -> None:
    """Beside the list and alone; so does a single test profile."""
    for body, runs in (
        ({"personality_id": 3}, 1),
        ({"personality_id": 3, "personality_ids": [4, 5]}, 3),
        ({"personality_id": 3, "test_profile_ids": [7, 8], "test_profile_id": 9}, 3),
    ):
        assert len(api.start(scenarios=[101], **body)["runs"]) == runs


def test_ids_increase_with_gaps(api: Api) -> None:
    """Ids increase from launch to launch, and no run has the id of a result."""
    first, second = api.start(scenarios=[101, 102]), api.start()
    runs = [run["id"] for run in first["runs"] + second["runs"]]
    assert second["id"] == first["id"] + 1
    assert runs == list(range(runs[0], runs[0] + 3))
    assert not {first["id"], second["id"]} & set(runs)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ({"scenarios": [101, 102]}, 2),
        ({"scenarios": [101, 101], "frequency": 3}, 6),
        ({"scenarios": [101], "personality_ids": [3, 7], "test_profile_ids": [20, 21]}, 4),
        ({"scenarios": [101, 102], "frequency": 2, "personality_ids": [1, 2, 3]}, 12),
        ({"scenarios": [101], "personality_ids": [], "test_profile_ids": None}, 1),
        ({"scenarios": [101.0], "frequency": 2.0}, 2),
        ({"tags": ["smoke"]}, 2),
        ({"tags": ["smoke", "regression"], "frequency": 2}, 12),
        ({"folder_path": "Sales.Inbound", "project_id": 1376, "frequency": 3}, 9),
        ({"folder_path": "Booking.Happy path", "project_id": 1}, 1),
        ({"scenarios": 4, "agent_id": 12}, 4),
        ({"scenarios": 400, "assistant_id": "asst"}, 6),
        ({"scenarios": "all", "agent_id": 12}, 6),
        ({"scenarios": "Sales.Outbound", "project_id": 1376}, 2),
        ({"scenarios": [101], "concurrency_limit": 1, "mode": "different_numbers"}, 1),
        ({"scenarios": [101], "not_in_the_schema": {"a": 1}}, 1),
    ],
)
def test_the_runs_of_a_voice_launch(api: Api, body: dict[str, Any], count: int) -> None:
    """Voice: scenarios x frequency x personalities x test profiles, however they are selected."""
    assert len(api.start(VOICE, **body)["runs"]) == count


def test_the_other_launches_do_not_multiply_by_personalities(api: Api) -> None:
    """Websocket and VAPI: scenarios x frequency, whatever else is sent."""
    extra = {"frequency": 3, "personality_ids": [1, 2], "test_profile_ids": [1, 2]}
    assert len(api.start(WEBSOCKET, scenarios=[PAIR, PAIR], **extra)["runs"]) == 6
    body = {"scenarios": [101], "vapi_assistant_id": "a", **extra}
    assert len(api.start(VAPI, **body)["runs"]) == 3


def test_what_the_agent_has_can_be_chosen() -> None:
    """Scenarios, folders and tags are those of the state."""
    scenarios = (Scenario(5), Scenario(6), Scenario(7, folder="A"), Scenario(8, tags=("t",)))
    with Sandbox(
        state=State(projects=(Project(1, agents=(Agent(1, scenarios=scenarios),)),))
    ) as sandbox:
        api = Api(sandbox)
        with api.http:
            bodies: list[dict[str, object]] = [
                {"scenarios": 1, "agent_id": 1},
                {"scenarios": "all", "agent_id": 1},
                {"folder_path": "A", "project_id": 1},
                {"tags": ["t"]},
            ]
            answers = [api.start(**body)["runs"] for body in bodies]
    assert [[run["scenario"] for run in runs] for runs in answers] == [[5], [5, 6, 7, 8], [7], [8]]


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        (VOICE, {}, {"scenarios", "tags", "folder_path"}),
        (VOICE, {"scenarios": [101], "tags": ["smoke"]}, {"scenarios", "tags"}),
        (VOICE, {"scenarios": "all", "folder_path": "A"}, {"scenarios", "folder_path"}),
        (VOICE, {"scenarios": []}, {"scenarios"}),
        (VOICE, {"scenarios": True}, {"scenarios"}),
        (VOICE, {"scenarios": None}, {"scenarios"}),
        (VOICE, {"scenarios": 0, "agent_id": 12}, {"scenarios"}),
        (VOICE, {"scenarios": -1, "agent_id": 12}, {"scenarios"}),
        (VOICE, {"scenarios": 3}, {"agent_id"}),
        (VOICE, {"scenarios": "all"}, {"agent_id"}),
        (VOICE, {"scenarios": "Sales.Inbound"}, {"project_id"}),
        (VOICE, {"scenarios": "Nowhere", "project_id": 1}, {"scenarios"}),
        (VOICE, {"folder_path": "Sales.Inbound", "agent_id": 12}, {"project_id"}),
        (VOICE, {"folder_path": "sales.inbound", "project_id": 1}, {"folder_path"}),
        (VOICE, {"folder_path": "all", "project_id": 1}, {"folder_path"}),
        (VOICE, {"tags": ["none"]}, {"tags"}),
        (VOICE, {"scenarios": [101], "frequency": 0}, {"frequency"}),
        (VOICE, {"scenarios": [101], "frequency": 10**9}, {"frequency"}),
        (VOICE, {"scenarios": [101], "mode": "any"}, {"mode"}),
        (VOICE, {"scenarios": [101], "name": "x" * 256}, {"name"}),
        (VOICE, {"scenarios": [101], "agent_id": "x", "name": None}, {"agent_id", "name"}),
        (WEBSOCKET, {}, {"scenarios", "frequency"}),
        (WEBSOCKET, {"scenarios": [PAIR], "frequency": 101}, {"frequency"}),
        (VAPI, {"scenarios": [101]}, {"vapi_assistant_id"}),
        (VAPI, {"scenarios": "all", "vapi_assistant_id": "a"}, {"scenarios"}),
        (VAPI, {"scenarios": [101], "vapi_assistant_id": "a", "frequency": 0}, {"frequency"}),
    ],
)
def test_invalid_fields_are_refused(
    api: Api, path: str, body: dict[str, Any], fields: set[str]
) -> None:
    """Every field at fault is named with its messages, as documented."""
    refusal = api.refusal(path, **body)
    assert set(refusal) == fields
    assert all(isinstance(text, str) for messages in refusal.values() for text in messages)
    assert departures("post", path, 400, refusal) == []


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        (VOICE, {"scenarios": [101, "x"]}, {"scenarios[1]"}),
        (VOICE, {"tags": [1], "frequency": 0}, {"tags[0]", "frequency"}),
        (WEBSOCKET, {"scenarios": [{}], "frequency": 1}, {"scenarios[0].scenario"}),
        (
            WEBSOCKET,
            {"scenarios": [PAIR, {**PAIR, "websocket_url": "https://x"}], "frequency": 1},
            {"scenarios[1].websocket_url"},
        ),
        (
            WEBSOCKET,
            {"scenarios": [{**PAIR, "websocket_url": 1}], "frequency": 1},
            {"scenarios[0].websocket_url"},
        ),
    ],
)
def test_invalid_parts_of_fields_are_refused(
    api: Api, path: str, body: dict[str, Any], where: set[str]
) -> None:
    """A fault within a field is named by its path, and everything stands below `errors`."""
    refusal = api.refusal(path, **body)
    assert list(refusal) == ["errors"]
    assert set(refusal["errors"]) == where


def test_a_personality_that_is_not_enabled(api: Api) -> None:
    """It is refused with the bare list that the page quotes, and nothing is started."""
    before = api.listed()["count"]
    refusal = api.refusal(scenarios=[101], personality_ids=[3, 99])
    assert refusal == ["Invalid personalities provided."]
    assert api.listed()["count"] == before


@pytest.mark.parametrize("body", [[], "text", 3, None])
def test_a_body_that_is_not_an_object_is_refused(api: Api, body: object) -> None:
    """JSON that is not an object is refused with a detail."""
    answer = api.http.post(VOICE, json=body)
    if body is None:  # httpx sends nothing then
        answer = api.http.post(VOICE, content=b"null", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert list(answer.json()) == ["detail"]


def test_a_name_is_kept_where_the_request_has_one(api: Api) -> None:
    """Voice and VAPI take a name; the websocket request has no such field; all get some name."""
    voice = api.start(scenarios=[101], name="nightly")
    vapi = api.start(VAPI, scenarios=[101], vapi_assistant_id="a", name="nightly")
    websocket = api.start(WEBSOCKET, scenarios=[PAIR], frequency=1, name="nightly")
    unnamed = api.start()
    names = [api.result(start["id"])["name"] for start in (voice, vapi, websocket, unnamed)]
    assert names[:2] == ["nightly", "nightly"]
    assert names[2] == f"Websocket run {websocket['id']}"
    assert names[3] == f"Voice run {unnamed['id']}"


def test_the_overrides_are_the_run_settings(api: Api) -> None:
    """The result repeats what the launch overrode, and not what it selected."""
    number = api.start(scenarios=[101], agent_id=12, frequency=2, agent_number="+1555")["id"]
    assert api.result(number)["run_settings"] == {"frequency": 2, "agent_number": "+1555"}
