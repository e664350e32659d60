"""What the sandbox's tests share: raw HTTP, a clock moved by hand, the document's own opinion."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import yaml
from jsonschema import Draft202012Validator

from cekura_client.sandbox import Sandbox

VOICE = "/test_framework/v1/scenarios/run_scenarios/"
WEBSOCKET = "/test_framework/v1/scenarios/run_scenarios_with_websockets/"
VAPI = "/test_framework/v1/scenarios/run_scenarios_vapi_webrtc/"
RESULTS = "/test_framework/v2/results/"
V1_RESULTS = "/test_framework/v1/results/"
ENDED = {"completed", "failed", "timeout", "cancelled"}


class Clock:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Api:
    """A client of one sandbox: plain requests, decoded answers."""

    def __init__(self, sandbox: Sandbox) -> None:
        # No proxy of the environment may stand between a test and loopback.
        self.http = httpx.Client(
            base_url=sandbox.url,
            headers={"X-CEKURA-API-KEY": sandbox.api_key},
            trust_env=False,
        )

    def start(self, path: str = VOICE, /, **body: object) -> dict[str, Any]:
        """The answer to an accepted launch; without fields, one run of scenario 101."""
        answer = self.http.post(path, json=body or {"scenarios": [101]})
        assert answer.is_success, answer.text
        return cast("dict[str, Any]", answer.json())

    def refusal(self, path: str = VOICE, /, **body: object) -> Any:
        """The body of the 400 that answers a launch."""
        answer = self.http.post(path, json=body)
        assert answer.status_code == 400, answer.text
        return answer.json()

    def result(self, number: int) -> dict[str, Any]:
        """A result in full."""
        answer = self.http.get(f"{RESULTS}{number}/")
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.json())

    def listed(self, **query: str | int) -> dict[str, Any]:
        """A page of the list of results."""
        answer = self.http.get(RESULTS, params=query)
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.json())

    def end_calls(self, number: int) -> httpx.Response:
        """The answer to the end of a result's calls."""
        return self.http.post(f"{V1_RESULTS}{number}/end_calls/")


@cache
def document() -> dict[str, Any]:
    """The merged document, read from the repository rather than through the sandbox."""
    return _read("cekura.yaml")


@cache
def corrected() -> dict[str, Any]:
    """The document with the types that are sent."""
    return _read("client.yaml")


def _read(name: str) -> dict[str, Any]:
    path = Path(__file__).parents[2] / "openapi" / name
    return cast("dict[str, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))


def departures(
    method: str, path: str, status: int, body: object, of: Mapping[str, Any] | None = None
) -> list[str]:
    """What the document's schema for this answer finds wrong with it; v1 of a read has that of v2."""
    whole = corrected() if of is None else of
    if path not in whole["paths"]:
        path = path.replace(V1_RESULTS, RESULTS)
    responses = whole["paths"][path][method]["responses"]
    schema = responses[str(status)]["content"]["application/json"]["schema"]
    validator: Any = Draft202012Validator({**schema, "components": whole["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]


def check_counts(result: Mapping[str, Any], runs: list[dict[str, Any]]) -> None:
    """The counts of a result are those of its runs, in full as in the list."""
    statuses = Counter(run["status"] for run in runs)
    successes = Counter(run["success"] for run in runs)
    broken = statuses["failed"] + statuses["timeout"]
    assert result["total_runs_count"] == len(runs)
    assert result["completed_runs_count"] == statuses["completed"]
    assert result["success_runs_count"] == successes[True]
    assert result["failed_runs_count"] == successes[False] + broken
    assert result["met_expected_outcome_count"] == successes[True]
    assert result["total_expected_outcome_count"] == successes[True] + successes[False]
    assert result["success_rate"] == round(100 * successes[True] / len(runs), 2)
    assert (result["status"] in ENDED) == (set(statuses) <= ENDED)
    assert all(run["status"] == "completed" for run in runs if run["success"] is not None)


def check_lists(result: Mapping[str, Any]) -> None:
    """The lists of run ids in a result in full are what its runs say."""
    runs = result["runs"].values()

    def ids(chosen: Callable[[Any], bool]) -> list[int]:
        return [run["id"] for run in runs if chosen(run)]

    assert list(result["runs"]) == [str(run["id"]) for run in runs]
    assert result["successful_calls"] == ids(lambda run: run["status"] == "completed")
    assert result["failed_infrastructure_runs"] == ids(lambda run: run["status"] == "failed")
    assert result["failed_workflow_runs"] == ids(lambda run: run["success"] is False)
    assert not set(result["connected_runs"]) & set(result["not_connected_runs"])
    assert set(result["successful_calls"]) <= set(result["connected_runs"])
