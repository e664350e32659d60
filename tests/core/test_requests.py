"""The rules for each launch, and that nothing is sent when one is broken."""

from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from cekura_client import FolderPathError, InvalidRequestError, RunLimitError, WebsocketScenario
from tests.clients import EitherClient, FakeTime

VAPI = {"scenarios": [1], "vapi_assistant_id": "asst"}
SOCKET = {"scenarios": [(1, "wss://a.example/c")], "frequency": 1}

REFUSED: list[tuple[str, dict[str, Any], type[InvalidRequestError], list[str]]] = [
    # Which evaluators: exactly one of three.
    (
        "run_voice",
        {"agent_id": 1},
        InvalidRequestError,
        ["scenarios, first, tags and folder_path", "none"],
    ),
    (
        "run_voice",
        {"scenarios": [1], "tags": ["a"]},
        InvalidRequestError,
        ["exactly one", "got scenarios and tags"],
    ),
    (
        "run_voice",
        {"scenarios": "A", "folder_path": "A", "project_id": 1},
        InvalidRequestError,
        ["got scenarios and folder_path"],
    ),
    (
        "run_voice",
        {"scenarios": [1], "tags": ["a"], "folder_path": "A"},
        InvalidRequestError,
        ["got scenarios, tags and folder_path"],
    ),
    # Folder paths.
    ("run_voice", {"folder_path": "A.B"}, InvalidRequestError, ["'A.B'", "needs project_id"]),
    (
        "run_voice",
        {"folder_path": "A.B", "agent_id": 1},
        InvalidRequestError,
        ["project_id", "even if agent_id is given"],
    ),
    ("run_voice", {"scenarios": "A.B", "agent_id": 1}, InvalidRequestError, ["needs project_id"]),
    ("run_voice", {"folder_path": "A..B", "project_id": 1}, FolderPathError, ["level 2", "empty"]),
    ("run_voice", {"scenarios": " A", "project_id": 1}, FolderPathError, ["level 1", "space"]),
    # Scenarios.
    (
        "run_voice",
        {"scenarios": []},
        InvalidRequestError,
        ["scenarios must not be empty", "[101, 102]"],
    ),
    (
        "run_voice",
        {"scenarios": [0]},
        InvalidRequestError,
        ["scenarios[0]", "positive integer", "got 0"],
    ),
    ("run_voice", {"scenarios": [1, -5]}, InvalidRequestError, ["scenarios[1]", "got -5"]),
    ("run_voice", {"scenarios": [True]}, InvalidRequestError, ["scenarios[0]", "got True"]),
    ("run_voice", {"scenarios": ["1"]}, InvalidRequestError, ["scenarios[0]", "got str"]),
    ("run_voice", {"scenarios": [1.0]}, InvalidRequestError, ["scenarios[0]", "got 1.0"]),
    (
        "run_voice",
        {"scenarios": [7, 8, 7]},
        InvalidRequestError,
        ["contains 7 more than once", "`frequency`"],
    ),
    ("run_voice", {"scenarios": True}, InvalidRequestError, ["must be a list", "got bool"]),
    ("run_voice", {"scenarios": 1.5, "agent_id": 1}, InvalidRequestError, ["got float"]),
    ("run_voice", {"scenarios": {1: 2}}, InvalidRequestError, ["must be a list"]),
    (
        "run_voice",
        {"scenarios": 0, "agent_id": 1},
        InvalidRequestError,
        ["must be a list", "got int"],
    ),
    ("run_voice", {"scenarios": 101}, InvalidRequestError, ["scenarios=[101]", "first=101"]),
    ("run_voice", {"scenarios": 5, "agent_id": 1}, InvalidRequestError, ["scenarios=[5]"]),
    ("run_voice", {"first": 5}, InvalidRequestError, ["first=5", "agent_id or assistant_id"]),
    ("run_voice", {"first": 0, "agent_id": 1}, InvalidRequestError, ["first", "positive"]),
    ("run_voice", {"first": [1], "agent_id": 1}, InvalidRequestError, ["first", "positive"]),
    ("run_voice", {"first": 5, "scenarios": [1]}, InvalidRequestError, ["scenarios and first"]),
    ("run_voice", {"scenarios": "all"}, InvalidRequestError, ["agent_id", "'all'"]),
    # Tags and other lists.
    ("run_voice", {"tags": "smoke"}, InvalidRequestError, ["tags must be a list", "got str"]),
    ("run_voice", {"tags": []}, InvalidRequestError, ["tags must not be empty"]),
    ("run_voice", {"tags": [""]}, InvalidRequestError, ["tags[0]", "not be blank"]),
    ("run_voice", {"tags": [3]}, InvalidRequestError, ["tags[0]", "got int"]),
    *(
        ("run_voice", {"scenarios": [1], field: value}, InvalidRequestError, [field])
        for field in ("personality_ids", "test_profile_ids")
        for value in ([], "12", [0], [True], ["1"], 12, [3, 3], b"1")
    ),
    # Numbers.
    *(
        (
            "run_voice",
            {"scenarios": [1], field: value},
            InvalidRequestError,
            [field, "positive integer"],
        )
        for field in ("frequency", "concurrency_limit", "project_id", "agent_id")
        for value in (0, -1, True, "2", 2.0)
    ),
    *(
        (
            "run_vapi_webrtc",
            {**VAPI, field: value},
            InvalidRequestError,
            [field, "positive integer"],
        )
        for field in ("frequency", "concurrency_limit", "project_id", "agent_id")
        for value in (0, True, "2")
    ),
    # Texts.
    *(
        ("run_voice", {"scenarios": [1], field: value}, InvalidRequestError, [field])
        for field in ("name", "assistant_id", "outbound_phone_number", "agent_number")
        for value in ("", " ", 5, "\ud800")
    ),
    ("run_voice", {"scenarios": [1], "name": "n" * 256}, InvalidRequestError, ["256", "255"]),
    (
        "run_voice",
        {"scenarios": [1], "mode": "any"},
        InvalidRequestError,
        ["'same_number' or 'different_numbers'", "'any'"],
    ),
    ("run_voice", {"scenarios": [1], "mode": ["same_number"]}, InvalidRequestError, ["mode"]),
    # Websockets.
    (
        "run_websocket",
        {**SOCKET, "frequency": 0},
        InvalidRequestError,
        ["frequency", "positive integer"],
    ),
    (
        "run_websocket",
        {**SOCKET, "frequency": 101},
        InvalidRequestError,
        ["frequency is 101", "maximum is 100"],
    ),
    (
        "run_websocket",
        {**SOCKET, "frequency": None},
        InvalidRequestError,
        ["frequency is required"],
    ),
    (
        "run_websocket",
        {**SOCKET, "scenarios": None},
        InvalidRequestError,
        ["scenarios is required"],
    ),
    (
        "run_websocket",
        {**SOCKET, "scenarios": []},
        InvalidRequestError,
        ["scenarios must not be empty"],
    ),
    ("run_websocket", {**SOCKET, "scenarios": "12"}, InvalidRequestError, ["must be a list"]),
    (
        "run_websocket",
        {**SOCKET, "scenarios": [1]},
        InvalidRequestError,
        ["scenarios[0]", "got int"],
    ),
    ("run_websocket", {**SOCKET, "scenarios": ["ab"]}, InvalidRequestError, ["got str"]),
    (
        "run_websocket",
        {**SOCKET, "scenarios": [(1,)]},
        InvalidRequestError,
        ["a tuple such as (101, "],
    ),
    (
        "run_websocket",
        {**SOCKET, "scenarios": [("1", None)]},
        InvalidRequestError,
        ["[0].scenario"],
    ),
    (
        "run_websocket",
        {**SOCKET, "scenarios": [{"scenario": 1, "url": "wss://a"}]},
        InvalidRequestError,
        ["an unknown key; the known keys are scenario and websocket_url"],
    ),
    *(
        (
            "run_websocket",
            {**SOCKET, "scenarios": [(1, url)]},
            InvalidRequestError,
            ["scenarios[0].websocket_url", says],
        )
        for url, says in [
            ("https://a.example/c", "must start with ws:// or wss://"),
            ("a.example/c", "must start with ws:// or wss://"),
            ("", "must start with ws:// or wss://"),
            ("wss://", "must contain a host"),
            ("wss:///path", "must contain a host"),
            ("wss://a.example:port/", "a valid host and port"),
            ("wss://[::1/", "a valid host and port"),
            ("wss://a.example/a b", "must not contain spaces"),
            ("wss://a.example/\n", "control characters"),
            (7, "must be text"),
        ]
    ),
    (
        "run_websocket",
        {**SOCKET, "scenarios": [(1, "wss://a.example/c"), (1, "wss://a.example/c")]},
        InvalidRequestError,
        ["more than once", "`frequency`"],
    ),
    # VAPI.
    ("run_vapi_webrtc", {**VAPI, "vapi_assistant_id": " "}, InvalidRequestError, ["not be blank"]),
    ("run_vapi_webrtc", {**VAPI, "vapi_assistant_id": None}, InvalidRequestError, ["is required"]),
    ("run_vapi_webrtc", {**VAPI, "scenarios": None}, InvalidRequestError, ["is required"]),
    (
        "run_vapi_webrtc",
        {**VAPI, "scenarios": []},
        InvalidRequestError,
        ["scenarios must not be empty"],
    ),
    ("run_vapi_webrtc", {**VAPI, "scenarios": 5}, InvalidRequestError, ["must be a list"]),
    ("run_vapi_webrtc", {**VAPI, "scenarios": "all"}, InvalidRequestError, ["must be a list"]),
    # The number of runs.
    (
        "run_voice",
        {"scenarios": [1, 2], "personality_ids": [3, 4], "max_runs": 3},
        RunLimitError,
        ["max_runs=3", "2 scenarios", "2 personalities", "= 4 runs"],
    ),
    ("run_websocket", {**SOCKET, "frequency": 9, "max_runs": 8}, RunLimitError, ["= 9 runs"]),
    ("run_vapi_webrtc", {**VAPI, "frequency": 9, "max_runs": 8}, RunLimitError, ["= 9 runs"]),
    *(
        (
            "run_voice",
            {**selector, "max_runs": 100},
            RunLimitError,
            ["cannot be enforced", "server"],
        )
        for selector in (
            {"tags": ["a"]},
            {"folder_path": "A", "project_id": 1},
            {"scenarios": "all", "agent_id": 1},
        )
    ),
    (
        "run_voice",
        {"first": 3, "agent_id": 1, "frequency": 2, "max_runs": 5},
        RunLimitError,
        ["max_runs=5", "at most 3 scenarios × 2 repetitions = at most 6 runs"],
    ),
    (
        "run_voice",
        {"scenarios": [1], "max_runs": 0},
        InvalidRequestError,
        ["max_runs", "positive integer"],
    ),
    ("run_voice", {"scenarios": [1], "max_runs": True}, InvalidRequestError, ["max_runs"]),
]


@pytest.mark.parametrize(("operation", "fields", "error", "says"), REFUSED)
def test_refused_before_anything_is_sent(
    operation: str,
    fields: dict[str, Any],
    error: type[InvalidRequestError],
    says: list[str],
    mode: str,
    time: FakeTime,
    httpx_mock: HTTPXMock,
) -> None:
    """The error says what was wrong and what would be right, and no request was made."""
    client = EitherClient(mode, api_key="k", base_url="http://127.0.0.1:1", clock=time.clock)
    with pytest.raises(InvalidRequestError) as caught:
        getattr(client, operation)(**fields)
    client.end()
    assert type(caught.value) is error
    for text in says:
        assert text in str(caught.value)
    assert httpx_mock.get_requests() == []
    assert time.slept == []


def test_addresses_are_shown_without_what_is_secret_in_them() -> None:
    """User, password and query of a websocket address are in no error and no repr."""
    url = "wss://user:geheim@a.example/c?token=geheim"
    scenario = WebsocketScenario(1, url)
    assert repr(scenario) == (
        "WebsocketScenario(scenario=1, websocket_url='wss://***@a.example/c?***')"
    )
    assert scenario.websocket_url == url
    client = EitherClient("sync", api_key="k", base_url="http://127.0.0.1:1")
    for scenarios in ([scenario, scenario], [(1, url.replace("wss", "http"))], [(1, url + " ")]):
        with pytest.raises(InvalidRequestError) as caught:
            client.run_websocket(scenarios=scenarios, frequency=1)
        assert "geheim" not in str(caught.value)
        assert "a.example/c" in str(caught.value)
    client.end()


@pytest.mark.parametrize(
    "scenarios",
    [
        "wss://u:geheim@a.example/c",
        {"scenario": 1, "websocket_url": "wss://u:geheim@a.example/c"},
        [("wss://u:geheim@a.example/c", 1)],
        [{"scenario": "wss://u:geheim@a.example/c"}],
        [(1, "wss://u:geheim@ex\u2100mple.com/")],
        [(1, "wss://a.example:geheim/")],
        [(1, b"wss://u:geheim@a.example/c")],
    ],
)
def test_an_address_in_the_wrong_place_is_not_shown_either(scenarios: Any) -> None:
    """Neither by this library nor by the text of an error from below it."""
    client = EitherClient("sync", api_key="k", base_url="http://127.0.0.1:1")
    with pytest.raises(InvalidRequestError) as caught:
        client.run_websocket(scenarios=scenarios, frequency=1)
    client.end()
    assert "geheim" not in str(caught.value)
