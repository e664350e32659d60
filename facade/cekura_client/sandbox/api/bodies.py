"""The body of a start request, in JSON.

The document lists forms and multipart as well. Nothing known sends a launch that way: not this
client, not the vendor's SDK, not the vendor's GitHub Action. So the sandbox answers them with 415.
"""

import json
import math
from typing import Any

_DEEPEST = 200


def from_json(raw: bytes) -> Any:
    """The JSON value in `raw`.

    Raises:
        ValueError: it is not JSON, cannot be written as JSON again, or has a key twice.
    """
    try:
        value = json.loads(
            raw,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            object_pairs_hook=_unambiguous,
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    # Only what may be nested deeply is worth the look.
    if raw.count(b"[") + raw.count(b"{") > _DEEPEST and _depth(value) > _DEEPEST:
        raise ValueError("it is nested too deeply")
    return value


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {json.dumps(twice)} is given more than once")
    return found


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


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
