"""The body of a start request, in any of the three media types that are published.

A form has texts only: what they stand for, the schema tells. A list is a field that is repeated, or
`field[0]`; an object in a list is `field[0][key]` or `field[0]key`, or JSON.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from cekura_client.sandbox.api.contract import RefusedError, request_schema

JSON = "application/json"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

_DEEPEST = 200
_MOST_STEPS = 5
_TYPES: Mapping[str, tuple[type[Any], ...]] = {
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}
_STEPS = re.compile(r"\[(\d+)\]|\[([^\[\]]+)\]|\.?([^\[\].]+)")


async def decoded_body(request: Request, path: str) -> Any:
    """The body, as JSON would have it.

    Raises:
        RefusedError: it is not what its media type says.
        UnsupportedError: the media type is none of the three.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in FORMS:
        return from_form(await request.form(max_files=0), request_schema(path))
    raw = await request.body()
    if not raw and not media_type:
        return {}  # a body is not required everywhere
    if media_type != JSON:
        raise UnsupportedError(media_type)
    try:
        return from_json(raw)
    except ValueError as error:
        raise RefusedError({"detail": f"The body is not JSON: {error}"}) from error


class UnsupportedError(Exception):
    """The media type is none that is published."""


def from_json(raw: bytes) -> Any:
    """The JSON value in `raw`; ValueError if there is none, or none that can be shown again."""
    try:
        value = json.loads(raw, parse_constant=_refuse_constant, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    # Only what may be nested deeply is worth the look.
    if raw.count(b"[") + raw.count(b"{") > _DEEPEST and _depth(value) > _DEEPEST:
        raise ValueError("it is nested too deeply")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large")
    return number


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level := [v for v in level if isinstance(v, dict | list)]:
        depth += 1
        level = [x for v in level for x in (v.values() if isinstance(v, dict) else v)]
    return depth


def from_form(form: FormData, schema: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields of a form stand for."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    body: dict[str, Any] = {}
    for key, value in form.multi_items():
        name, *steps = _steps(key)
        part = properties.get(str(name), {})
        if steps:
            _put(body, [name, *steps], value)
        elif "array" in _types(part):
            before, whole = body.get(str(name)), _parsed(value)
            more = whole if isinstance(whole, list) else [value]
            body[str(name)] = [*before, *more] if isinstance(before, list) else more
        else:
            body[str(name)] = value
    return {k: _meant(v, properties.get(k, {})) for k, v in _with_lists(body).items()}


def _steps(key: str) -> list[str | int]:
    found = ["".join(groups) for groups in _STEPS.findall(key)]
    if not 0 < len(found) <= _MOST_STEPS:
        return [key]
    return [int(s) if s.isdecimal() and len(s) < 5 and i else s for i, s in enumerate(found)]


def _put(body: Any, steps: list[str | int], value: Any) -> None:
    for step in steps[:-1]:
        known = body.setdefault(step, {})
        if not isinstance(known, dict):  # a plain field of the same name came before
            known = body[step] = {}
        body = known
    body[steps[-1]] = value


def _with_lists(value: Any) -> Any:
    """Objects whose keys are all numbers are lists."""
    if not isinstance(value, dict):
        return value
    items = {key: _with_lists(item) for key, item in value.items()}
    if items and all(isinstance(key, int) for key in items):
        return [items[key] for key in sorted(items)]
    return {str(key): item for key, item in items.items()}


def _meant(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value that a text stands for; the text itself where it stands for none."""
    if isinstance(value, list):
        return [_meant(item, schema.get("items", {})) for item in value]
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {key: _meant(item, properties.get(key, {})) for key, item in value.items()}
    types = _types(schema)
    parsed = _parsed(value)
    if value == "" and "null" in types:
        return None
    if "string" in types or not types:
        return value
    return parsed if any(isinstance(parsed, _TYPES.get(name, ())) for name in types) else value


def _types(schema: Mapping[str, Any]) -> list[str]:
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else list(named)


def _parsed(text: Any) -> Any:
    try:
        return from_json((text.lower() if text in ("True", "False") else text).encode())
    except (ValueError, RecursionError, AttributeError, TypeError):
        return text


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
