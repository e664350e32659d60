"""What the sandbox's tests share: raw HTTP, a clock moved by hand, the document's own opinion."""

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
RESULTS = "/test_framework/v1/results/"


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
        return self.http.post(f"{RESULTS}{number}/end_calls/")


@cache
def document() -> dict[str, Any]:
    """The merged document, read from the repository rather than through the sandbox."""
    path = Path(__file__).parents[2] / "openapi" / "cekura.yaml"
    return cast("dict[str, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))


def departures(method: str, path: str, status: int, body: object) -> list[str]:
    """What the document's schema for this answer finds wrong with it."""
    responses = document()["paths"][path][method]["responses"]
    schema = responses[str(status)]["content"]["application/json"]["schema"]
    validator: Any = Draft202012Validator({**schema, "components": document()["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]
