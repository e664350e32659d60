"""Credentials that a request carries are repeated nowhere."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cekura_client.sandbox import Sandbox
from cekura_client.sandbox.world.shown import HARMLESS
from tests.sandbox.more_launches import EMAIL, PIPECAT, TEXT, serve_more
from tests.sandbox.support import RESULTS, VAPI, VOICE, WEBSOCKET, Api

SECRET = "hunted-3f9c"
ADDRESS = f"wss://user:{SECRET}@agent.example.com/chat?token={SECRET}"
STARTS: dict[str, dict[str, Any]] = {
    VOICE: {"scenarios": [101], "name": "nightly"},
    VAPI: {"scenarios": [101], "vapi_assistant_id": "a", "name": "nightly"},
    WEBSOCKET: {"scenarios": [{"scenario": 101, "websocket_url": ADDRESS}], "frequency": 1},
    TEXT: {"scenarios": [101], "name": "nightly"},
    PIPECAT: {"scenarios": [{"scenario": 101}], "name": "nightly"},
    EMAIL: {"scenarios": [101], "frequency": 1},
}
FIELDS = (
    *("websocket_url", "websocket_headers", "pipecat_token", "pipecat_room_url", "pipecat_data"),
    *("livekit_data", "elevenlabs_data", "sip_endpoint", "publish_data_message", "agent_email"),
    "a_field_that_comes_next_year",
)
VALUES: list[Any] = [
    SECRET,
    ADDRESS,
    f"https://x/?t={SECRET}",
    {"Authorization": f"Bearer {SECRET}"},
    {"name": SECRET, "config": {"name": SECRET}},
    [SECRET, {"scenario": SECRET}],
    {"a": [{"name": [SECRET]}]},
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        serve_more(patch)
        sandbox = Sandbox(pace=0, control=True)
    with sandbox:
        yield sandbox


def _bodies(start: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The start with each value in each field: beside the others, or in each scenario."""
    for field in FIELDS:
        for value in VALUES:
            yield {**start, field: value}
            if isinstance(start["scenarios"][0], dict):
                yield {**start, "scenarios": [{**start["scenarios"][0], field: value}]}


def _everywhere(api: Api, sandbox: Sandbox) -> Iterator[tuple[str, str]]:
    """Everything that the sandbox shows of itself, and every result that it has."""
    for path in ("/", "/_sandbox/state", "/_sandbox/requests", "/_sandbox/faults", RESULTS):
        yield path, api.http.get(path).text
    newest = api.listed(page_size=1)["results"]
    for result in newest:
        path = f"{RESULTS}{result['id']}/"
        yield path, api.http.get(path).text
    yield "repr", repr(sandbox.requests)


@pytest.mark.parametrize("path", STARTS)
def test_no_credential_is_repeated(
    sandbox: Sandbox, api: Api, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """Not by the answer, the page, the journal, a result or a log; accepted or refused."""
    statuses: set[int] = set()
    sandbox.faults.clear()
    with caplog.at_level(logging.DEBUG, "uvicorn"):
        for body in _bodies(STARTS[path]):
            answer = api.http.post(path, json=body, headers={"X-Token": SECRET})
            statuses.add(answer.status_code)
            assert SECRET not in answer.text + str(answer.headers), body
            if answer.is_success:
                result = api.http.get(f"{RESULTS}{answer.json()['id']}/").text
                assert SECRET not in result, body
        for where, text in _everywhere(api, sandbox):
            assert SECRET not in text, where
    assert SECRET not in caplog.text
    assert statuses <= {200, 201, 400}
    assert statuses & {200, 201}


def test_tests_can_assert_the_whole_body(sandbox: Sandbox, api: Api) -> None:
    """By a test that looks at `body`; what is shown has the names."""
    body = {**STARTS[TEXT], "websocket_url": ADDRESS, "websocket_headers": {"X": SECRET}}
    api.start(TEXT, **body)
    received = sandbox.requests[-1]
    assert received.body == body
    hidden = {**body, "websocket_url": "***", "websocket_headers": "***"}
    assert api.http.get("/_sandbox/requests").json()[-1]["body"] == hidden
    assert repr(hidden) in repr(received)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(SECRET),
        json.dumps([SECRET]),
        json.dumps([[{"name": SECRET}]]),
        f'{{"websocket_url": "{SECRET}"',
        f'{{"websocket_url": {SECRET}}}',
        f'{{"a": "{SECRET}", "a": "{SECRET}"}}',
        f"websocket_url={SECRET}",
    ],
)
@pytest.mark.parametrize(
    "content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain"]
)
def test_an_unreadable_request_is_not_repeated(
    sandbox: Sandbox, api: Api, content: str, content_type: str
) -> None:
    """A body that is not an object, not JSON, or of another type."""
    answer = api.http.post(TEXT, content=content, headers={"Content-Type": content_type})
    assert answer.status_code in (400, 415)
    assert SECRET not in answer.text
    for where, text in _everywhere(api, sandbox):
        assert SECRET not in text, where


@pytest.mark.parametrize("query", [f"token={SECRET}", f"page=1&x={SECRET}", f"page={SECRET}"])
def test_a_query_is_shown_by_the_same_rule(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    """Values of parameters that nobody knows are hidden; no access log has the rest."""
    with (
        caplog.at_level(logging.DEBUG, "uvicorn"),
        httpx.Client(base_url=sandbox.url, trust_env=False) as http,
    ):
        http.get(f"{RESULTS}?{query}", headers={"X-CEKURA-API-KEY": sandbox.api_key})
        shown = http.get("/_sandbox/requests").json()[-1]["query"]
    assert [*shown] == [part.partition("=")[0] for part in query.split("&")]
    assert {k: v for k, v in shown.items() if k not in HARMLESS and v != "***"} == {}
    assert "uvicorn.access" not in {record.name for record in caplog.records}


def test_refusals_repeat_no_value(sandbox: Sandbox, api: Api) -> None:
    """Of a field that is wrong, whatever rule it breaks, the message has only the rule."""
    for body in (
        {"websocket_url": f"https://{SECRET}"},
        {"websocket_headers": SECRET},
        {"scenarios": [SECRET]},
        {"frequency": SECRET},
        {"name": [SECRET]},
    ):
        assert SECRET not in json.dumps(api.refusal(TEXT, **{**STARTS[TEXT], **body}))
        assert SECRET not in json.dumps(sandbox.requests[-1].refusal)


def test_no_harmless_field_sounds_like_a_credential() -> None:
    """The list of fields whose values are shown is written by hand; this guards its additions."""
    forbidden = ("url", "header", "token", "data", "key", "secret", "endpoint", "config")
    assert not [name for name in HARMLESS if any(word in name for word in forbidden)]
