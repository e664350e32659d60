"""What leaves the machine, to the byte, over a real socket."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cekura_client import (
    AsyncCekura,
    Cekura,
    CekuraError,
    LaunchOutcomeUnknownError,
    WebsocketScenario,
)
from cekura_client.core.launch_kinds import KINDS
from cekura_client.record import LaunchRecord
from cekura_client.version import VERSION
from scripts.documents import OPENAPI, operations
from scripts.serialization import read
from tests.clients import KEY, EitherClient, FakeTime
from tests.raw_server import RawServer, answer, json_answer
from tests.samples import arguments_for

PUBLISHED = operations(read(OPENAPI / "client.yaml"))

Connect = Callable[[str], EitherClient]

VOICE = "/test_framework/v1/scenarios/run_scenarios/"
WEBSOCKET = "/test_framework/v1/scenarios/run_scenarios_with_websockets/"
VAPI = "/test_framework/v1/scenarios/run_scenarios_vapi_webrtc/"

# Of a launch that is given none, on the clock of the tests.
NAME = "cekura-client 2023-11-14 22:30:00Z token"

EVERY_VOICE_FIELD = {
    "agent_id": 12,
    "assistant_id": "asst_1",
    "tags": ["smoke", "nightly"],
    "project_id": 1376,
    "frequency": 3,
    "name": "Nightly 🌙",
    "outbound_phone_number": "+15550100",
    "personality_ids": [3, 7],
    "test_profile_ids": [20, 21],
    "mode": "different_numbers",
    "agent_number": "+15550101",
    "concurrency_limit": 5,
    "mock_tool_names": ["lookup"],
    "personality_id": 9,
    "test_profile_id": 22,
}

LAUNCHES: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("run_voice", {"scenarios": [101, 102]}, VOICE, {"scenarios": [101, 102]}),
    ("run_voice", {"scenarios": (101,)}, VOICE, {"scenarios": [101]}),
    ("run_voice", {"scenarios": range(1, 4)}, VOICE, {"scenarios": [1, 2, 3]}),
    ("run_voice", {"first": 3, "agent_id": 1}, VOICE, {"agent_id": 1, "scenarios": 3}),
    ("run_voice", {"scenarios": "all", "agent_id": 1}, VOICE, {"agent_id": 1, "scenarios": "all"}),
    (
        "run_voice",
        {"scenarios": "Sales.Inbound", "project_id": 1},
        VOICE,
        {"folder_path": "Sales.Inbound", "project_id": 1},
    ),
    (
        "run_voice",
        {"folder_path": "Booking.Happy path", "project_id": 1},
        VOICE,
        {"folder_path": "Booking.Happy path", "project_id": 1},
    ),
    ("run_voice", EVERY_VOICE_FIELD, VOICE, EVERY_VOICE_FIELD),
    (
        "run_websocket",
        {
            "scenarios": [
                WebsocketScenario(101, "wss://a.example/c?t=1"),
                (102, "ws://b.example"),
                {"scenario": 103},
                (101, "wss://c.example"),
            ],
            "frequency": 100,
            "agent": 12,
            "max_runs": 400,
        },
        WEBSOCKET,
        {
            "frequency": 100,
            "scenarios": [
                {"scenario": 101, "websocket_url": "wss://a.example/c?t=1"},
                {"scenario": 102, "websocket_url": "ws://b.example"},
                {"scenario": 103},
                {"scenario": 101, "websocket_url": "wss://c.example"},
            ],
            "agent": 12,
        },
    ),
    (
        "run_vapi_webrtc",
        {
            "scenarios": [101],
            "vapi_assistant_id": "asst_abc123",
            "agent_id": 12,
            "project_id": 3,
            "frequency": 2,
            "name": "n",
            "concurrency_limit": 4,
        },
        VAPI,
        {
            "scenarios": [101],
            "vapi_assistant_id": "asst_abc123",
            "agent_id": 12,
            "project_id": 3,
            "frequency": 2,
            "name": "n",
            "concurrency_limit": 4,
        },
    ),
    (
        "run_vapi_webrtc",
        {"scenarios": [101], "vapi_assistant_id": "a"},
        VAPI,
        {"scenarios": [101], "vapi_assistant_id": "a"},
    ),
]


def _parts(request: bytes) -> tuple[str, dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), body


@pytest.mark.parametrize(("operation", "fields", "path", "body"), LAUNCHES)
def test_a_launch_on_the_wire(
    operation: str,
    fields: dict[str, Any],
    path: str,
    body: dict[str, Any],
    server: RawServer,
    connect: Connect,
) -> None:
    """Method, path with its slash, key, JSON, and only the fields that were given, and a name."""
    server.answer_with(json_answer("201 Created", '{"id": 7}'))
    launch = getattr(connect(server.url), operation)(**fields)
    assert launch.result_id == 7
    first, headers, sent = _parts(server.requests[0])
    assert first == f"POST {path} HTTP/1.1"
    assert headers["X-CEKURA-API-KEY"] == KEY
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"] == f"cekura-client/{VERSION}"
    assert headers["Host"] == server.url.removeprefix("http://")
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert not {"Authorization", "Cookie"} & headers.keys()
    if operation != "run_websocket":
        # The one thing that is added: by it the launch can be found again.
        body = {"name": NAME, **body}
    assert json.loads(sent) == body
    assert len(server.requests) == 1


@pytest.mark.parametrize("operation", KINDS)
def test_every_field_of_every_launch_is_sent(
    operation: str, server: RawServer, connect: Connect
) -> None:
    """To the address of the document, with what the description does not know, and nothing else."""
    (line,) = (line for line, v in PUBLISHED.items() if v["operationId"] == operation)
    given = arguments_for(KINDS[operation])
    checked = KINDS[operation].check(given)
    server.answer_with(json_answer("201 Created", '{"id": 7}'))
    client = connect(server.url)
    getattr(client, operation)(**given, extra_body={"brand_new": {"a": [None, 1.5, "ü"]}})
    first, _, sent = _parts(server.requests[0])
    assert first == f"{line} HTTP/1.1"
    assert json.loads(sent) == {**checked.body, "brand_new": {"a": [None, 1.5, "ü"]}}


def test_a_launch_imports_its_own_models_only() -> None:
    """All of them would take longer than the launch."""
    code = (
        "import sys; from cekura_client.wire.gateway import Gateway, Timeouts; "
        "Gateway('http://a', 'b', Timeouts()).launch('run_vapi_webrtc', {'scenarios': [1], 'vapi_assistant_id': 'x'}); "
        "print(sorted(m for m in sys.modules if m.startswith('cekura_api.models.r')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['cekura_api.models.run_scenarios_vapi_web_rtc_request']\n"


@pytest.mark.parametrize("operation", KINDS)
def test_a_field_that_is_not_described_is_named_only(
    operation: str, server: RawServer, mode: str, time: FakeTime, tmp_path: Path
) -> None:
    """In the record and in the error, when the answer is lost."""
    server.answer_with(json_answer("500 Internal Server Error", "{}"))
    options = {"record": tmp_path / "record", "recover_for": 0, "clock": time.clock}
    client = EitherClient(mode, api_key=KEY, base_url=server.url, **options)
    with pytest.raises(LaunchOutcomeUnknownError) as unknown:
        getattr(client, operation)(
            **arguments_for(KINDS[operation]), extra_body={"brand_new": "hunter2"}
        )
    client.end()
    (launch,) = LaunchRecord(tmp_path / "record").launches()
    assert launch.sent["brand_new"] == "***"
    for text in ((tmp_path / "record").read_text("utf-8"), str(unknown.value), repr(launch)):
        assert "hunter2" not in text
    assert "brand_new" in str(unknown.value)


@pytest.mark.parametrize(("operation", "fields", "path", "body"), LAUNCHES)
def test_both_modes_send_the_same_bytes(
    operation: str, fields: dict[str, Any], path: str, body: dict[str, Any], server: RawServer
) -> None:
    """There is one way to build a request."""
    server.answer_with(json_answer("201 Created", '{"id": 7}'))

    async def launch() -> None:
        clock = FakeTime().clock
        async with AsyncCekura(api_key=KEY, base_url=server.url, clock=clock) as client:
            await getattr(client, operation)(**fields)

    with Cekura(api_key=KEY, base_url=server.url, clock=FakeTime().clock) as client:
        getattr(client, operation)(**fields)
    asyncio.run(launch())
    assert server.requests[0] == server.requests[1]


@pytest.mark.parametrize(
    ("method", "line"),
    [
        ("get_result", "GET /test_framework/v2/results/7/ HTTP/1.1"),
        ("end_calls", "POST /test_framework/v1/results/7/end_calls/ HTTP/1.1"),
    ],
)
def test_the_other_operations_on_the_wire(
    method: str, line: str, server: RawServer, connect: Connect
) -> None:
    """They take an id or the launch, and send no body."""
    server.answer_with(
        json_answer("201 Created", '{"id": 7}'),
        json_answer("200 OK", '{"id": 7, "status": "running"}'),
    )
    client = connect(server.url)
    launch = client.run_voice(scenarios=[1])
    for given in (launch, 7):
        getattr(client, method)(given)
    for request in server.requests[1:]:
        first, headers, body = _parts(request)
        assert (first, headers["X-CEKURA-API-KEY"], body) == (line, KEY, b"")
    assert len(server.requests) == 3


def test_an_address_with_a_path_is_kept(server: RawServer, connect: Connect) -> None:
    """For those who reach the API through a gateway of their own."""
    server.answer_with(json_answer("200 OK", '{"id": 7}'))
    connect(server.url + "/cekura/").run_vapi_webrtc(scenarios=[1], vapi_assistant_id="a")
    assert server.requests[0].startswith(b"POST /cekura" + VAPI.encode() + b" ")


def test_cookies_are_not_kept(server: RawServer, connect: Connect) -> None:
    """A session must not creep in beside the key, not even through the generated client."""
    from cekura_api.api.runs import list_results

    server.answer_with(answer("200 OK", b'{"id": 7, "results": []}', "Set-Cookie: s=1; Path=/"))
    client = connect(server.url)
    if client.mode == "sync":
        for _ in range(2):
            list_results.sync_detailed(client=client.client.api)
    else:
        for _ in range(2):
            client.get_result(7)
    assert len(server.requests) == 2
    assert all(b"cookie" not in request.lower() for request in server.requests)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY", "http_proxy"])
def test_proxies_from_the_environment_are_not_used(
    variable: str, server: RawServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key goes to its own address only, unless somebody says otherwise."""
    monkeypatch.setenv(variable, "http://127.0.0.1:1")
    server.answer_with(json_answer("201 Created", '{"id": 7}'))
    assert connect(server.url).run_voice(scenarios=[1]).result_id == 7


def test_the_key_goes_to_no_other_address(server: RawServer) -> None:
    """Not even if somebody uses the generated client's own httpx client for it."""
    with RawServer() as elsewhere, Cekura(api_key=KEY, base_url=server.url) as client:
        http = client.api.get_httpx_client()
        with pytest.raises(
            CekuraError, match=r"refusing to send to 127\.0\.0\.1: this client is configured for"
        ):
            http.get(f"{elsewhere.url}/x")
        with pytest.raises(
            CekuraError, match=r"refusing to send to 127\.0\.0\.1: this client is configured for"
        ):
            http.post(f"{elsewhere.url}/x")
        assert elsewhere.requests == server.requests == []
