"""The published document, and how a request that departs from it is refused."""

import importlib.resources
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Protocol, cast

import yaml
from jsonschema import Draft202012Validator, ValidationError

_REQUIRED = "This field is required."
_JSON_TYPES: Mapping[type[object], str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    type(None): "null",
}


class _Checker(Protocol):
    """The part of a jsonschema validator that is used; its stubs leave the argument untyped."""

    def iter_errors(self, instance: Any, /) -> Iterable[ValidationError]: ...


class RefusedError(Exception):
    """The request is answered with 400 and `body`, any JSON value."""

    def __init__(self, body: object) -> None:
        super().__init__(body)
        self.body = body

    @classmethod
    def because(cls, findings: Mapping[str, list[str]]) -> "RefusedError":
        """Refuse with messages by field; a path into a field, `a[0].b`, makes the body nested."""
        nested = any("[" in field or "." in field for field in findings)
        return cls({"errors": dict(findings)} if nested else dict(findings))


@cache
def document() -> dict[str, Any]:
    """The merged OpenAPI document of this distribution, read once a process. Do not change it."""
    source = importlib.resources.files("cekura_client.openapi") / "cekura.yaml"
    return cast("dict[str, Any]", yaml.safe_load(source.read_text(encoding="utf-8")))


def accepted_status(path: str) -> int:
    """The status with which the document answers a POST to `path` that was accepted."""
    responses: Mapping[str, object] = document()["paths"][path]["post"]["responses"]
    return next(int(code) for code in responses if code.startswith("2"))


@cache
def request_schema(path: str) -> dict[str, Any]:
    """The schema of the JSON body of a POST to `path`, with its references followed."""
    content = document()["paths"][path]["post"]["requestBody"]["content"]
    return cast("dict[str, Any]", _followed(content["application/json"]["schema"]))


def _followed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_followed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    named = schema
    if "$ref" in named:
        found: Any = document()
        for part in str(named["$ref"]).removeprefix("#/").split("/"):
            found = found[part]
        return _followed(found)
    return {key: _followed(value) for key, value in named.items()}


def checked(path: str, body: object) -> dict[str, Any]:
    """`body`, if the document allows it as the JSON body of a POST to `path`.

    Raises:
        RefusedError: it does not; every finding is named.
    """
    if not isinstance(body, dict):
        raise RefusedError({"detail": f"The body must be a JSON object, not {_json_type(body)}."})
    request = cast("dict[str, Any]", body)
    findings: dict[str, list[str]] = {}
    for error in _validator(path).iter_errors(request):
        for field, message in _findings(error):
            messages = findings.setdefault(field, [])
            if message not in messages:
                messages.append(message)
    if findings:
        raise RefusedError.because(findings)
    return request


@cache
def _validator(path: str) -> _Checker:
    return Draft202012Validator(request_schema(path))


def _findings(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Field and message of each thing that `error` says."""
    where = list(error.absolute_path)
    rule: Any = error.validator_value
    match error.validator:
        case "required":
            instance = cast("dict[str, Any]", error.instance)
            yield from ((_text([*where, name]), _REQUIRED) for name in rule if name not in instance)
        case "type":
            expected = rule if isinstance(rule, str) else " or ".join(rule)
            yield _text(where), f"Expected {expected}, not {_json_type(error.instance)}."
        case "enum":
            yield _text(where), f"Must be one of: {', '.join(rule)}."
        case "minimum":
            yield _text(where), f"Must be at least {rule}."
        case "maximum":
            yield _text(where), f"Must be at most {rule}."
        case _:
            yield _text(where), error.message


def _text(path: list[str | int]) -> str:
    """A path as the API writes it: `scenarios[0].websocket_url`."""
    return "".join(f"[{x}]" if isinstance(x, int) else f".{x}" for x in path).removeprefix(".")


def _json_type(value: object) -> str:
    return _JSON_TYPES.get(type(value), "number")
