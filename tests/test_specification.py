"""What is written by hand, against the specification it is written for.

These fail when the specification has moved on, and say what is to be written.
"""

import inspect
from typing import Any, get_args

import pytest

from cekura_client import Cekura
from cekura_client.client import Mode
from cekura_client.core import requests
from cekura_client.wire.gateway import KEY_HEADER
from cekura_client.wire.settings import DEFAULT_URL
from scripts.documents import OPENAPI, operations
from scripts.serialization import read

CEKURA, CLIENT = read(OPENAPI / "cekura.yaml"), read(OPENAPI / "client.yaml")

# What a method takes beyond the fields of its request.
OWN = {"max_runs"}

TABLES = {
    "run_voice": requests.VOICE,
    "run_websocket": requests.WEBSOCKET,
    "run_vapi_webrtc": requests.VAPI_WEBRTC,
}


def _request_schema(operation_id: str) -> dict[str, Any]:
    (operation,) = (v for v in operations(CLIENT).values() if v["operationId"] == operation_id)
    reference: str = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    found: dict[str, Any] = CLIENT["components"]["schemas"][reference.rpartition("/")[2]]
    return found


@pytest.mark.parametrize("operation", TABLES)
def test_every_field_of_the_specification_can_be_reached(operation: str) -> None:
    """The method's arguments are the request's fields, by their names, and no others."""
    parameters = inspect.signature(getattr(Cekura, operation)).parameters
    schema = _request_schema(operation)
    given, published = parameters.keys() - {"self"} - OWN, schema["properties"].keys()
    missing, spare = sorted(published - given), sorted(given - published)
    assert not missing, f"add to {operation} in client.py (both classes): {missing}"
    assert not spare, f"no longer published, see {operation} in client.py: {spare}"
    assert TABLES[operation].keys() == published, "see the tables in core/requests.py"
    required = {n for n, p in parameters.items() if p.default is p.empty and n != "self"}
    assert required == set(schema.get("required", ()))
    assert all(p.kind is p.KEYWORD_ONLY for n, p in parameters.items() if n != "self")


def test_every_start_has_its_method() -> None:
    """An operation with a body starts runs."""
    starts = {v["operationId"] for v in operations(CLIENT).values() if "requestBody" in v}
    assert starts == TABLES.keys()


def test_what_is_written_by_hand_agrees_with_the_document() -> None:
    """Header, address and the values of `mode` stand in the specification as well."""
    assert CLIENT["components"]["securitySchemes"]["api_key"]["name"] == KEY_HEADER
    assert [server["url"] for server in CLIENT["servers"]] == [DEFAULT_URL]
    mode = _request_schema("run_voice")["properties"]["mode"]["enum"]
    assert list(get_args(Mode)) == mode


def test_the_known_statuses_include_the_published_ones() -> None:
    """A new status is read as text; whether it ends a run is to be decided, in the supplement."""
    known = set(CEKURA["components"]["schemas"]["KnownStatus"]["enum"])
    published = [
        response["content"]["application/json"]["schema"]["properties"]["status"]["enum"]
        for operation in operations(CEKURA).values()
        if "requestBody" in operation
        for code, response in operation["responses"].items()
        if code in ("200", "201")
    ]
    assert len(published) == 3
    for statuses in published:
        assert set(statuses) <= known, "add it to KnownStatus in openapi/supplements/results.yaml"
