"""Forms mean what JSON means."""

from typing import Any

import httpx
import pytest

from cekura_client.sandbox import Sandbox
from tests.sandbox.support import VAPI, VOICE, WEBSOCKET, Api

VOICE_FORM = {
    "scenarios": ["101", "102"],
    "frequency": "2",
    "name": "nightly",
    "agent_id": "12",
    "personality_ids": ["3", "7"],
}
VOICE_BODY = {
    "scenarios": [101, 102],
    "frequency": 2,
    "name": "nightly",
    "agent_id": 12,
    "personality_ids": [3, 7],
}
PAIRS = [
    {"scenario": 101, "websocket_url": "wss://a.example.com/x?y=1"},
    {"scenario": 102, "websocket_url": "wss://b.example.com"},
]


def _sent(api: Api, path: str, form: dict[str, Any], multipart: bool) -> httpx.Response:
    if not multipart:
        return api.http.post(path, data=form)
    parts = [
        (name, (None, value))
        for name, values in form.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return api.http.post(path, files=parts)


@pytest.mark.parametrize("multipart", [False, True])
@pytest.mark.parametrize(
    ("path", "form", "body"),
    [
        (VOICE, VOICE_FORM, VOICE_BODY),
        (VOICE, {"scenarios": "101"}, {"scenarios": [101]}),
        (VOICE, {"scenarios": "[101, 102]"}, {"scenarios": [101, 102]}),
        (VOICE, {"scenarios[0]": "101", "scenarios[1]": "102"}, {"scenarios": [101, 102]}),
        (VOICE, {"tags": ["smoke", "007"]}, {"tags": ["smoke", "007"]}),
        (
            VOICE,
            {"scenarios": "101", "test_profile_ids": "", "name": "7"},
            {"scenarios": [101], "test_profile_ids": [""], "name": "7"},
        ),
        (
            WEBSOCKET,
            {
                "scenarios[0]scenario": "101",
                "scenarios[0]websocket_url": PAIRS[0]["websocket_url"],
                "scenarios[1][scenario]": "102",
                "scenarios[1].websocket_url": PAIRS[1]["websocket_url"],
                "frequency": "1",
                "agent": "",
            },
            {"scenarios": PAIRS, "frequency": 1, "agent": None},
        ),
        (
            VAPI,
            {"scenarios": "101", "vapi_assistant_id": "12"},
            {"scenarios": [101], "vapi_assistant_id": "12"},
        ),
    ],
)
def test_a_form_is_read_by_the_schema(
    sandbox: Sandbox, api: Api, path: str, form: dict[str, Any], body: Any, multipart: bool
) -> None:
    """Numbers, lists, objects and nothing, each where the schema has it; texts stay texts."""
    _sent(api, path, form, multipart)
    assert sandbox.requests[-1].body == body


@pytest.mark.parametrize("multipart", [False, True])
def test_a_form_launches(api: Api, multipart: bool) -> None:
    """As many runs as the same in JSON."""
    answer = _sent(api, VOICE, VOICE_FORM, multipart)
    assert answer.status_code == 201, answer.text
    assert len(answer.json()["runs"]) == len(api.start(VOICE, **VOICE_BODY)["runs"]) == 8


@pytest.mark.parametrize("multipart", [False, True])
@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"scenarios": "many"}, {"scenarios[0]"}),
        ({"scenarios": "101", "frequency": "NaN"}, {"frequency"}),
        ({"scenarios": "101", "frequency": "1.5"}, {"frequency"}),
        ({"scenarios": "101", "frequency": "9" * 5000}, {"frequency"}),
        ({"x": "1"}, {"scenarios", "tags", "folder_path"}),
        ({"scenarios[0]": "1", "scenarios[x]": "2"}, {"scenarios"}),
    ],
)
def test_a_form_is_refused_like_json(
    api: Api, form: dict[str, Any], fields: set[str], multipart: bool
) -> None:
    """By its fields."""
    answer = _sent(api, VOICE, form, multipart)
    assert answer.status_code == 400
    found = answer.json()
    assert set(found.get("errors", found)) == fields


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("multipart/form-data", b"{}"),
        ("multipart/form-data; boundary=x", b"no such thing"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n"),
        ("application/x-www-form-urlencoded", b"\xff=%ff&&=&=1"),
    ],
)
def test_a_malformed_form_is_400(api: Api, content_type: str, content: bytes) -> None:
    """Never an error of the server."""
    answer = api.http.post(VOICE, content=content, headers={"Content-Type": content_type})
    assert answer.status_code == 400


def test_a_file_is_refused(api: Api) -> None:
    """The published forms have none."""
    answer = api.http.post(VOICE, files={"scenarios": ("a.txt", b"101")})
    assert answer.status_code == 400
