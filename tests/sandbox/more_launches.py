"""The published document with launches that it does not have yet, and sandboxes that serve it.

The shapes are the vendor's: ids or pairs, a status of 200 or 201, runs in a list or by their id.
"""

import copy
from functools import cache
from typing import Any

import pytest

from cekura_client.sandbox import server
from cekura_client.sandbox.api.contract import Contract
from tests.sandbox.support import VOICE, document

TEXT = "/test_framework/v1/scenarios/run_scenarios_text/"
PIPECAT = "/test_framework/v1/scenarios/run_scenarios_pipecat_v2/"
EMAIL = "/test_framework/v1/scenarios/run_scenarios_email/"
RERUN = "/test_framework/v1/results/{id}/rerun/"

_ID, _TEXT = {"type": "integer"}, {"type": "string"}
_IDS, _TEXTS = {"type": "array", "items": _ID}, {"type": "array", "items": _TEXT}
_SCHEMAS: dict[str, Any] = {
    "TextRequest": {
        "type": "object",
        "properties": {
            "agent_id": _ID,
            "assistant_id": _TEXT,
            "name": _TEXT,
            "scenarios": _IDS,
            "tags": _TEXTS,
            "folder_path": _TEXT,
            "project_id": _ID,
            "frequency": {"type": "integer", "minimum": 1, "default": 1},
            "websocket_url": _TEXT,
            "websocket_headers": {"type": "object", "additionalProperties": {}},
            "personality_ids": {**_IDS, "type": ["array", "null"]},
            "test_profile_ids": {**_IDS, "type": ["array", "null"]},
            "mock_tool_names": _TEXTS,
        },
    },
    "PipecatScenario": {
        "type": "object",
        "properties": {"scenario": _ID, "publish_data_message": {"anyOf": [{}, {"type": "null"}]}},
        "required": ["scenario"],
    },
    "PipecatData": {
        "type": "object",
        "properties": {"pipecat_agent_name": {"type": ["string", "null"]}, "config": {}},
    },
    "PipecatRequest": {
        "type": "object",
        "properties": {
            "name": {"type": ["string", "null"]},
            "scenarios": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/PipecatScenario"},
            },
            "frequency": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1},
            "personality_ids": {**_IDS, "type": ["array", "null"]},
            "personality_id": {"anyOf": [_ID, {"type": "null"}]},
            "test_profile_ids": {**_IDS, "type": ["array", "null"]},
            "pipecat_token": {"type": "string", "pattern": "^pk_", "minLength": 5},
            "pipecat_room_url": {"anyOf": [{"const": ""}, {"type": "null"}]},
            "pipecat_data": {"allOf": [{"$ref": "#/components/schemas/PipecatData"}]},
        },
        "required": ["scenarios"],
    },
    "EmailRequest": {
        "type": "object",
        "properties": {
            "agent_id": {"type": ["integer", "null"]},
            "scenarios": _IDS,
            "frequency": {"type": "integer", "minimum": 1, "maximum": 100},
            "agent_email": {"type": ["string", "null"]},
        },
        "required": ["frequency", "scenarios"],
    },
    "EmailResult": {
        "type": "object",
        "properties": {
            "id": _ID,
            "agent": _ID,
            "name": {**_TEXT, "maxLength": 255},
            "status": _TEXT,
            "runs": {"type": "object", "additionalProperties": {}},
            "created_at": _TEXT,
            "updated_at": _TEXT,
        },
        "required": ["name"],
    },
}


def _launch(body: str, status: str, answer: Any) -> dict[str, Any]:
    content = {"schema": {"$ref": f"#/components/schemas/{body}"}}
    return {
        "post": {
            "operationId": f"an-id-of-{body}_2",
            "requestBody": {"content": {"application/json": content}},
            "responses": {
                status: {"content": {"application/json": {"schema": answer}}},
                "400": document()["paths"][VOICE]["post"]["responses"]["400"],
            },
        }
    }


@cache
def more() -> dict[str, Any]:
    """The merged document with three launches, and a rerun, which the sandbox does not play."""
    found = copy.deepcopy(document())
    accepted = found["paths"][VOICE]["post"]["responses"]["201"]
    started = accepted["content"]["application/json"]["schema"]
    found["paths"] |= {
        TEXT: _launch("TextRequest", "201", started),
        PIPECAT: _launch("PipecatRequest", "200", started),
        EMAIL: _launch("EmailRequest", "200", {"$ref": "#/components/schemas/EmailResult"}),
        RERUN: {"post": {"operationId": "rerun", "responses": {"200": accepted}}},
    }
    found["components"]["schemas"] |= _SCHEMAS
    return found


def serve_more(patch: pytest.MonkeyPatch) -> None:
    """Let sandboxes that are made from now on serve it."""
    contract = Contract(more())
    patch.setattr(server, "published", lambda: contract)
