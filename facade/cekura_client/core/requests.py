"""What may be asked of each launch: fields, how they go together, and how many runs they make.

Each function takes the fields that were given, by their names in the specification, and returns
the body to send and the plan. Nothing is added: what was not given is not sent.
"""

from collections.abc import Callable, Mapping
from reprlib import repr as shortened

from cekura_client.core.fields import (
    Check,
    at_most,
    name,
    one_of,
    positive,
    positives,
    text,
    texts,
)
from cekura_client.core.folder_path import folder_path
from cekura_client.core.plan import RunPlan
from cekura_client.core.websocket import websocket_scenarios
from cekura_client.errors import InvalidRequestError

Given = Mapping[str, object]
Checked = tuple[dict[str, object], RunPlan]


def _scenarios(field: str, value: object) -> object:
    """Ids, or the number N of evaluators to take, or "all" (the two other renderings of the page)."""
    if value == "all":
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return positive(field, value)
    if isinstance(value, int | float | bytes) or value is None:
        raise InvalidRequestError(
            f"{field} must be a list of ids, a number of evaluators from 1, or 'all'; "
            f"got {shortened(value)}; for example {field}=[101, 102]"
        )
    return positives(field, value)


VOICE: dict[str, Check] = {
    "agent_id": positive,
    "assistant_id": text,
    "scenarios": _scenarios,
    "tags": texts,
    "folder_path": folder_path,
    "project_id": positive,
    "frequency": positive,
    "name": name,
    "outbound_phone_number": text,
    "personality_ids": positives,
    "test_profile_ids": positives,
    "mode": one_of("same_number", "different_numbers"),
    "agent_number": text,
    "concurrency_limit": positive,
}

WEBSOCKET: dict[str, Check] = {
    "agent": positive,
    "scenarios": websocket_scenarios,
    "frequency": at_most(100),
}

VAPI_WEBRTC: dict[str, Check] = {
    "scenarios": positives,
    "vapi_assistant_id": text,
    "agent_id": positive,
    "project_id": positive,
    "frequency": positive,
    "name": name,
    "concurrency_limit": positive,
}

FIELDS = {"run_voice": VOICE, "run_websocket": WEBSOCKET, "run_vapi_webrtc": VAPI_WEBRTC}

SELECTORS = ("scenarios", "tags", "folder_path")


def voice(given: Given) -> Checked:
    """The body and plan of a voice launch. A folder path in `scenarios` becomes `folder_path`."""
    selectors = [field for field in SELECTORS if field in given]
    if len(selectors) != 1:
        got = " and ".join(selectors) or "none of them"
        raise InvalidRequestError(
            f"a voice launch needs exactly one of scenarios, tags and folder_path; got {got}"
        )
    scenarios = given.get("scenarios")
    if isinstance(scenarios, str) and scenarios != "all":
        given = {field: value for field, value in given.items() if field != "scenarios"}
        given = {**given, "folder_path": scenarios}
    body = _checked(VOICE, given)
    if "folder_path" in body and "project_id" not in body:
        raise InvalidRequestError(
            f"folder_path={body['folder_path']!r} needs project_id as well, also where agent_id is "
            "given; for example project_id=1376"
        )
    chosen = body.get("scenarios")
    if isinstance(chosen, int | str) and not {"agent_id", "assistant_id"} & body.keys():
        raise InvalidRequestError(
            f"scenarios={chosen!r} takes them from an agent: give agent_id (or assistant_id) too"
        )
    return body, RunPlan(
        scenarios=len(chosen) if isinstance(chosen, list) else None,
        frequency=_number(body, "frequency"),
        personalities=_length(body, "personality_ids"),
        test_profiles=_length(body, "test_profile_ids"),
    )


def websocket(given: Given) -> Checked:
    """The body and plan of a websocket launch; `scenarios` and `frequency` are required."""
    return _simple(WEBSOCKET, given, "scenarios", "frequency")


def vapi_webrtc(given: Given) -> Checked:
    """The body and plan of a VAPI launch; `scenarios` and `vapi_assistant_id` are required."""
    return _simple(VAPI_WEBRTC, given, "scenarios", "vapi_assistant_id")


CHECKS: dict[str, Callable[[Given], Checked]] = {
    "run_voice": voice,
    "run_websocket": websocket,
    "run_vapi_webrtc": vapi_webrtc,
}


def _simple(fields: Mapping[str, Check], given: Given, *required: str) -> Checked:
    for field in required:
        if field not in given:
            raise InvalidRequestError(f"{field} is required and has no default here")
    body = _checked(fields, given)
    return body, RunPlan(_length(body, "scenarios"), _number(body, "frequency"))


def _checked(fields: Mapping[str, Check], given: Given) -> dict[str, object]:
    return {field: fields[field](field, value) for field, value in given.items()}


def _number(body: Mapping[str, object], field: str) -> int:
    value = body.get(field, 1)
    return value if isinstance(value, int) else 1


def _length(body: Mapping[str, object], field: str) -> int:
    value = body.get(field)
    return len(value) if isinstance(value, list) else 1
