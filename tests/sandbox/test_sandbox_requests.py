"""What is read from a request that another client would write otherwise, and what is ambiguous."""

import json
from typing import Any

import pytest

from cekura_client.sandbox import Sandbox
from cekura_client.sandbox.api.contract import Shape
from tests.sandbox.support import RESULTS, VAPI, VOICE, WEBSOCKET, Api

PAIR = {"scenario": 101, "websocket_url": "wss://agent.example.com/chat"}


@pytest.mark.parametrize(
    ("path", "body", "runs"),
    [
        (VOICE, {"agent_id": "12", "scenarios": [101, 102]}, 2),
        (VOICE, {"scenarios": ["101", 102], "frequency": "3"}, 6),
        (VOICE, {"folder_path": "Sales.Inbound", "project_id": "1376"}, 3),
        (VOICE, {"scenarios": [101], "personality_ids": ["1", "2"], "concurrency_limit": "5"}, 2),
        (WEBSOCKET, {"agent": "12", "scenarios": [{**PAIR, "scenario": "7"}], "frequency": "2"}, 2),
        (VAPI, {"agent_id": "12", "scenarios": ["101"], "vapi_assistant_id": "12"}, 1),
    ],
)
def test_integers_may_be_sent_as_text(
    sandbox: Sandbox, api: Api, path: str, body: dict[str, Any], runs: int
) -> None:
    """In fields and in lists, as the vendor's own Action does; the journal has what was sent."""
    started = api.start(path, **body)
    assert len(started["runs"]) == runs
    assert all(isinstance(run["scenario"], int) for run in started["runs"])
    assert started["agent"] == 12
    assert sandbox.requests[-1].body == body


SCHEMA = {
    "properties": {
        "either": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        "nullable": {"anyOf": [{"$ref": "#/components/schemas/Id"}, {"type": "null"}]},
        "anything": {},
        "part": {"allOf": [{"$ref": "#/components/schemas/Part"}, {}]},
    }
}
COMPONENTS = {
    "schemas": {"Id": {"type": "integer"}, "Part": {"properties": {"id": {"type": ["integer"]}}}}
}


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("either", "12", "12"),
        ("either", 12, 12),
        ("nullable", "12", 12),
        ("nullable", None, None),
        ("anything", "12", "12"),
        ("part", {"id": "12", "other": "12"}, {"id": 12, "other": "12"}),
    ],
)
def test_a_schema_says_whether_a_text_is_an_integer(field: str, value: Any, read: Any) -> None:
    """Through references and alternatives; where a text is allowed it stays one."""
    assert Shape(SCHEMA, COMPONENTS).read({field: value}) == {field: read}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        " 12",
        "12 ",
        "+12",
        "012",
        "-012",
        "1_2",
        "12.0",
        "1e1",
        "0x1",
        "١٢",
        "9" * 2000,
        "12\n",
    ],
)
def test_other_texts_are_not_integers(api: Api, text: str) -> None:
    """Only what JSON would write: a client that sends anything else has a mistake."""
    assert set(api.refusal(scenarios=[101], agent_id=text)) == {"agent_id"}
    assert set(api.refusal(scenarios=[text])["errors"]) == {"scenarios[0]"}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (VOICE, {"scenarios": [101], "frequency": True}, "frequency"),
        (VOICE, {"scenarios": [101], "frequency": 1.5}, "frequency"),
        (VOICE, {"scenarios": [101], "frequency": ["1"]}, "frequency"),
        (VOICE, {"scenarios": [101], "frequency": "0"}, "frequency"),
        (VOICE, {"scenarios": [101], "personality_ids": "1"}, "personality_ids"),
        (VOICE, {"scenarios": [101], "name": 5}, "name"),
        (VOICE, {"tags": "smoke"}, "tags"),
        (VAPI, {"scenarios": "101", "vapi_assistant_id": "a"}, "scenarios"),
        (WEBSOCKET, {"scenarios": [PAIR], "frequency": "101"}, "frequency"),
    ],
)
def test_nothing_else_is_converted(api: Api, path: str, body: dict[str, Any], field: str) -> None:
    """Not booleans, not a single id to a list, not numbers to text; limits hold for text too."""
    assert set(api.refusal(path, **body)) == {field}


def test_a_text_where_texts_are_allowed_stays_one(api: Api) -> None:
    """`scenarios` as a text is a folder's path, never a number; a name may be digits."""
    assert set(api.refusal(scenarios="3", agent_id=12, project_id=1376)) == {"scenarios"}
    assert api.result(api.start(scenarios=[101], name="12")["id"])["name"] == "12"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("page=1&page=2", {"page"}),
        ("page=1&page=1", {"page"}),
        ("search=a&search=b&page_size=1&page_size=2", {"page_size", "search"}),
        ("agent_id=12&agent_id=", {"agent_id"}),
    ],
)
def test_a_duplicate_parameter_is_refused(api: Api, query: str, fields: set[str]) -> None:
    """The API would take the last; which one was meant, nobody knows."""
    answer = api.http.get(f"{RESULTS}?{query}")
    assert answer.status_code == 400
    assert set(answer.json()) == fields


def test_unknown_parameters_are_ignored(api: Api) -> None:
    """Also if they are repeated; and an empty one counts as left out."""
    assert api.http.get(f"{RESULTS}?status=x&status=y&page=&agent_id=").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        '{"scenarios": [101], "frequency": 1, "frequency": 100}',
        '{"scenarios": [101], "x": {"y": 1, "y": 1}}',
    ],
)
def test_a_duplicate_key_is_refused(api: Api, body: str) -> None:
    """In JSON, at any depth: the last would win, and cost a hundred times as much."""
    json.loads(body)  # Python's own reader has nothing against it
    answer = api.http.post(VOICE, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "is given more than once" in answer.json()["detail"]


def test_head_is_answered_like_get(api: Api) -> None:
    """Without a body."""
    answer = api.http.head(RESULTS)
    assert (answer.status_code, answer.content) == (200, b"")
