"""A launch that is added to the document is served without a change to the sandbox."""

from collections.abc import Iterator
from typing import Any

import pytest

from cekura_client.sandbox import Fault, Sandbox
from cekura_client.sandbox.api.contract import Contract, published
from tests.sandbox.more_launches import EMAIL, PIPECAT, RERUN, TEXT, more, serve_more
from tests.sandbox.support import (
    RESULTS,
    V1_RESULTS,
    VAPI,
    VOICE,
    WEBSOCKET,
    Api,
    departures,
    document,
)

PAIRS = [{"scenario": 101, "publish_data_message": {"a": 1}}, {"scenario": 102}]
BODIES: list[tuple[str, str, int, dict[str, Any], int]] = [
    (TEXT, "run_text", 201, {"agent_id": 12, "scenarios": [101, 102]}, 2),
    (PIPECAT, "run_pipecat_v2", 200, {"scenarios": PAIRS}, 2),
    (EMAIL, "run_email", 200, {"scenarios": [101], "frequency": 3}, 3),
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One whose document has more launches than the published one."""
    with pytest.MonkeyPatch.context() as patch:
        serve_more(patch)
        sandbox = Sandbox(pace=0)
    with sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def without_faults(sandbox: Sandbox) -> None:
    sandbox.faults.clear()


def test_every_published_operation_is_served() -> None:
    """None is answered with 501; the three launches have the names that users know."""
    names = {(o.method.lower(), o.path): o.name for o in published().operations}
    assert names == {
        ("get", RESULTS): "list_results",
        ("get", f"{RESULTS}{{id}}/"): "get_result",
        ("get", V1_RESULTS): "list_results",
        ("get", f"{V1_RESULTS}{{id}}/"): "get_result",
        ("post", f"{V1_RESULTS}{{id}}/end_calls/"): "end_calls",
        ("post", VOICE): "run_voice",
        ("post", WEBSOCKET): "run_websocket",
        ("post", VAPI): "run_vapi_webrtc",
    }
    assert set(published().launches) == {"run_voice", "run_websocket", "run_vapi_webrtc"}
    assert {m for path in document()["paths"].values() for m in path} == {"get", "post"}


LAUNCH: dict[str, Any] = {
    "operationId": "a-launch",
    "requestBody": {
        "content": {
            "application/json": {"schema": {"properties": {"scenarios": {"type": "array"}}}}
        },
    },
    "responses": {
        "202": {
            "content": {
                "application/json": {"schema": {"properties": {"id": {}, "status": {}, "runs": {}}}}
            }
        }
    },
}


# The vendor's document has a POST of a whole result, in which `scenarios` is an object.
RESULT = {
    "content": {"application/json": {"schema": {"properties": {"scenarios": {"type": "object"}}}}},
}


@pytest.mark.parametrize(
    ("method", "path", "changes", "launches"),
    [
        ("post", "/v1/run_scenarios_sms/", {}, ["run_sms"]),
        ("get", "/v1/run_scenarios_sms/", {}, []),
        ("post", "/v1/{id}/run_scenarios_sms/", {}, []),
        ("post", "/v1/run_scenarios_sms/", {"requestBody": {}}, []),
        ("post", "/v1/results/", {"requestBody": RESULT}, []),
        ("post", "/v1/run_scenarios_sms/", {"responses": {"202": {}}}, []),
    ],
)
def test_a_launch_is_recognised_by_its_operation(
    method: str, path: str, changes: dict[str, Any], launches: list[str]
) -> None:
    """A POST to a path without an id that takes scenarios and answers with a result's runs."""
    contract = Contract({"paths": {path: {method: {**LAUNCH, **changes}}}})
    assert contract.launches == launches
    assert [o.status for o in contract.operations] == [202]


def test_an_operation_that_is_not_served_says_so(api: Api, sandbox: Sandbox) -> None:
    """A launch is a POST of its own path that takes scenarios; a rerun is not one."""
    answer = api.http.post(RERUN.format(id=7001))
    assert answer.status_code == 501
    assert answer.json() == {"detail": "The sandbox does not play rerun."}
    assert sandbox.requests[-1].operation == "rerun"


@pytest.mark.parametrize(("path", "name", "status", "body", "runs"), BODIES)
def test_it_is_accepted_as_documented(
    api: Api, path: str, name: str, status: int, body: dict[str, Any], runs: int
) -> None:
    """With the status and the shape of the document, with and without the slash at the end."""
    for address in (path, path.rstrip("/")):
        answer = api.http.post(address, json=body)
        started = answer.json()
        assert answer.status_code == status
        assert len(started["runs"]) == runs
        listed = started["runs"].values() if path == EMAIL else started["runs"]
        for run in listed:
            assert run.pop("number") is None
        assert departures("post", path, status, started, more()) == []


@pytest.mark.parametrize(("path", "name", "status", "body", "runs"), BODIES)
def test_it_is_counted_and_logged(
    sandbox: Sandbox, api: Api, path: str, name: str, status: int, body: dict[str, Any], runs: int
) -> None:
    """In the books, the journal and the page."""
    before = sandbox.launches, sandbox.billed_runs, sandbox.credits
    started = api.http.post(path, json=body).json()
    launches, billed, credits = before
    assert (sandbox.launches, sandbox.billed_runs) == (launches + 1, billed + runs)
    assert sandbox.credits == credits - runs
    received = sandbox.requests[-1]
    assert (received.operation, received.status, received.runs) == (name, status, runs)
    assert received.result_id == started["id"]
    state = api.http.get("/_sandbox/state").json()
    kind = name.removeprefix("run_").replace("_", " ").capitalize()
    row = state["results"][0]
    assert (row["id"], row["kind"], row["runs"]) == (started["id"], kind, runs)
    assert row["name"] == f"{kind} run {started['id']}"
    assert state["requests"][0]["operation"] == name


@pytest.mark.parametrize(("path", "body"), [(TEXT, BODIES[0][3]), (PIPECAT, BODIES[1][3])])
def test_it_is_found_by_its_name(api: Api, path: str, body: dict[str, Any]) -> None:
    """Where the request has one."""
    name = f"nightly {path}"
    started = api.start(path, **body, name=name)
    (found,) = api.listed(search=name)["results"]
    assert (found["id"], found["name"]) == (started["id"], name)
    assert found["run_as_text"] is (path == TEXT)
    assert api.result(started["id"])["run_as_text"] is started["run_as_text"] is (path == TEXT)


@pytest.mark.parametrize(("path", "name", "status", "body", "runs"), BODIES)
def test_faults_apply_to_it(
    sandbox: Sandbox, api: Api, path: str, name: str, status: int, body: dict[str, Any], runs: int
) -> None:
    """By its name, and as one of the launches."""
    for operation in (name, "launch"):
        sandbox.faults.add(operation=operation, status=503, times=1)
        assert api.http.get(RESULTS).status_code == 200
        assert api.http.post(path, json=body).status_code == 503
        assert api.http.post(path, json=body).status_code == status


def test_faults_apply_to_no_other_operation() -> None:
    """A sandbox knows the operations of its own document only."""
    with pytest.raises(ValueError, match="unknown operation 'run_text'"):
        Sandbox().faults.take(Fault(operation="run_text", status=503))
    with pytest.raises(ValueError, match="unknown operation 'run_text'"):
        Sandbox().faults.add(operation="run_text", status=503)


@pytest.mark.parametrize(
    ("path", "body", "runs"),
    [
        (TEXT, {"tags": ["smoke"], "frequency": 2, "test_profile_ids": [1, 2]}, 8),
        (TEXT, {"folder_path": "Sales.Inbound", "project_id": 1376, "personality_ids": [1]}, 3),
        (TEXT, {"scenarios": "all", "agent_id": "12"}, 6),
        (TEXT, {"scenarios": ["101", 102], "frequency": "2"}, 4),
        (PIPECAT, {"scenarios": PAIRS, "personality_ids": [1, 2], "personality_id": 3}, 6),
        (PIPECAT, {"scenarios": PAIRS, "personality_ids": None, "personality_id": "3"}, 2),
        (PIPECAT, {"scenarios": [{"scenario": "101"}], "test_profile_ids": [1, 2]}, 2),
        (EMAIL, {"scenarios": [101], "frequency": 1, "agent_id": None}, 1),
    ],
)
def test_known_fields_have_the_same_meaning_in_every_launch(
    api: Api, path: str, body: dict[str, Any], runs: int
) -> None:
    """Selectors, pairs, frequency, personalities and test profiles."""
    assert len(api.start(path, **body)["runs"]) == runs


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        (TEXT, {}, {"scenarios", "tags", "folder_path"}),
        (TEXT, {"scenarios": [101], "tags": ["smoke"]}, {"scenarios", "tags"}),
        (TEXT, {"scenarios": [101], "websocket_url": "https://x"}, {"websocket_url"}),
        (TEXT, {"scenarios": [101], "websocket_headers": "x"}, {"websocket_headers"}),
        (TEXT, {"scenarios": [101], "name": "x" * 256}, {"name"}),
        (PIPECAT, {}, {"scenarios"}),
        (PIPECAT, {"scenarios": "all"}, {"scenarios"}),
        (PIPECAT, {"scenarios": [{}]}, {"scenarios[0].scenario"}),
        (PIPECAT, {"scenarios": PAIRS, "frequency": 101}, {"frequency"}),
        (
            PIPECAT,
            {"scenarios": PAIRS, "pipecat_data": {"pipecat_agent_name": 1}},
            {"pipecat_data.pipecat_agent_name"},
        ),
        (EMAIL, {"scenarios": [101]}, {"frequency"}),
    ],
)
def test_it_is_checked_against_its_schema(
    api: Api, path: str, body: dict[str, Any], fields: set[str]
) -> None:
    """And by the rules that hold for every launch."""
    refusal = api.refusal(path, **body)
    assert set(refusal.get("errors", refusal)) == fields


def test_the_shorthand_is_for_launches_with_folders(api: Api) -> None:
    """Elsewhere a text is of the wrong type."""
    refusal = api.refusal(PIPECAT, scenarios="all")
    assert refusal == {"scenarios": ["Expected array, not string."]}


def test_a_personality_that_is_not_enabled(api: Api) -> None:
    """Is refused whatever the launch."""
    body = {"scenarios": PAIRS, "personality_id": 99}
    assert api.refusal(PIPECAT, **body) == ["Invalid personalities provided."]


def test_a_wrong_method_is_405(api: Api) -> None:
    """As for every other operation."""
    assert api.http.get(TEXT).status_code == 405
