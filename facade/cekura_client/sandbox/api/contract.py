"""The published document: its operations, and how a request that does not fit one is refused.

Everything here is read from `openapi/cekura.yaml`. A launch that is added there is served, checked,
answered, counted and named without a change to the sandbox.

An integer may also be sent as text, as the vendor's own GitHub Action sends `"agent_id": "12"`: in
a field, and in a list of integers. The text must be what JSON would write. Spaces, a plus sign,
leading zeros, fractions, exponents, other digits than 0 to 9, and a text in place of a list are
refused, although the real API may accept some of them.
"""

import importlib.resources
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol, cast

import yaml
from jsonschema import Draft202012Validator, ValidationError

JSON = "application/json"

_REQUIRED = "This field is required."
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,999})")
_PARTS = ("allOf", "anyOf", "oneOf")
_JSON_TYPES: Mapping[type[object], str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    type(None): "null",
}
# The paths of two launches do not say what everybody calls them.
_NAMES = {"run": "run_voice", "run_with_websockets": "run_websocket"}
_OTHERS = {
    ("GET", "results/"): "list_results",
    ("GET", "results/{id}/"): "get_result",
    ("POST", "results/{id}/end_calls/"): "end_calls",
}
_VERSION = re.compile(r"/test_framework/v[0-9]+/")


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


class Shape:
    """The schema of an object, and the schemas that it refers to.

    Attributes:
        fields: the names of its properties.
    """

    def __init__(self, schema: Mapping[str, Any], components: Mapping[str, Any]) -> None:
        self._schema = {**schema, "components": components}
        self._properties: Mapping[str, Any] = self._resolved(schema).get("properties", {})
        self._validator: _Checker = Draft202012Validator(self._schema)
        self.fields: Collection[str] = self._properties.keys()

    def read(self, given: object) -> dict[str, Any]:
        """The fields of `given` that the schema has, integers sent as text as integers.

        Other fields are ignored, as the API ignores them.

        Raises:
            RefusedError: the schema does not allow it; every finding is named.
        """
        if not isinstance(given, dict):
            kind = _json_type(given)
            raise RefusedError({"detail": f"The body must be a JSON object, not {kind}."})
        read = self._read(given, self._schema)
        findings: dict[str, list[str]] = {}
        for error in self._validator.iter_errors(read):
            for field, message in _findings(error):
                messages = findings.setdefault(field, [])
                if message not in messages:
                    messages.append(message)
        if findings:
            raise RefusedError.because(findings)
        return {name: value for name, value in read.items() if name in self.fields}

    def is_list(self, field: str) -> bool:
        """Whether the values of a field are lists."""
        return "array" in self._types(self._properties.get(field, {}))

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            found: Any = self._schema
            for part in str(schema["$ref"]).removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def _types(self, schema: Mapping[str, Any]) -> set[str]:
        """The types that a value may have; a schema that says nothing allows a string too."""
        found = self._resolved(schema)
        named = found.get("type", [])
        types = {named} if isinstance(named, str) else set(named)
        for part in (part for name in _PARTS for part in found.get(name, [])):
            types |= self._types(part)
        return types or {"string"}

    def _read(self, value: Any, schema: Mapping[str, Any]) -> Any:
        found = self._resolved(schema)
        for part in found.get("allOf", []):
            value = self._read(value, part)
        if isinstance(value, dict):
            properties = found.get("properties", {})
            return {key: self._read(item, properties.get(key, {})) for key, item in value.items()}
        if isinstance(value, list):
            return [self._read(item, found.get("items", {})) for item in value]
        types = self._types(found)
        if "integer" not in types or "string" in types:
            return value
        is_text = isinstance(value, str) and _INTEGER.fullmatch(value) is not None
        # To JSON Schema 2.0 is an integer.
        is_whole = isinstance(value, float) and value.is_integer()
        return int(value) if is_text or is_whole else value


@dataclass(frozen=True)
class Operation:
    """An operation of the document.

    Attributes:
        name: what faults, the journal and the page call it. The published ids have changed five
            times, the paths only in their version, so an operation is named by its path.
        status: of the answer to a request that is accepted.
        starts_runs: whether it is a launch.
        body: of the request; an empty object where there is none.
        query: the parameters, by name.
        answer: to a request that is accepted; an empty object where there is none.
    """

    name: str
    method: str
    path: str
    status: int
    starts_runs: bool
    body: Shape
    query: Shape
    answer: Shape

    def parameters(self, given: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """The parameters in a query that the operation has; an empty one counts as left out.

        Raises:
            RefusedError: one is given twice, where a Django server takes the last, or the schema
                does not allow it.
        """
        known = [(name, value) for name, value in given if name in self.query.fields]
        names = [name for name, _ in known]
        if twice := {n for n in names if names.count(n) > 1 and not self.query.is_list(n)}:
            message = "This parameter is given more than once."
            raise RefusedError.because({name: [message] for name in sorted(twice)})
        return self.query.read({name: value for name, value in known if value})


class Contract:
    """A document's operations."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._components: Mapping[str, Any] = document.get("components", {})
        operations = [
            self._operation(method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ]
        # The older version of what is read takes and gives the same, but for the form of metrics.
        older = [
            replace(operation, path=operation.path.replace("/v2/results/", "/v1/results/"))
            for operation in operations
            if "/v2/results/" in operation.path
        ]
        self.operations = (*operations, *older)
        self._patterns = [
            (operation, re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(operation.path))))
            for operation in self.operations
        ]

    @property
    def launches(self) -> Sequence[str]:
        """The names of the operations that start runs."""
        return [operation.name for operation in self.operations if operation.starts_runs]

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a request is for, if there is one."""
        wanted = "GET" if method == "HEAD" else method
        fitting = (o for o, pattern in self._patterns if pattern.fullmatch(path))
        return next((o for o in fitting if o.method == wanted), None)

    def _operation(self, method: str, path: str, given: Mapping[str, Any]) -> Operation:
        responses: Mapping[str, Any] = given["responses"]
        status = next(code for code in responses if code.startswith("2"))
        parameters = [p for p in given.get("parameters", []) if p["in"] == "query"]
        body, answer = self._body(given.get("requestBody")), self._body(responses[status])
        starts_runs = (
            method == "post"
            and "{" not in path
            and body.is_list("scenarios")
            and {"id", "status", "runs"} <= set(answer.fields)
        )
        return Operation(
            name=_launch_name(path) if starts_runs else _other_name(method, path, given),
            method=method.upper(),
            path=path,
            status=int(status),
            starts_runs=starts_runs,
            body=body,
            query=self._shape({"properties": {p["name"]: p["schema"] for p in parameters}}),
            answer=answer,
        )

    def _body(self, given: Mapping[str, Any] | None) -> Shape:
        return self._shape((given or {}).get("content", {}).get(JSON, {}).get("schema", {}))

    def _shape(self, schema: Mapping[str, Any]) -> Shape:
        return Shape(schema, self._components)


def _launch_name(path: str) -> str:
    """run_text for …/run_scenarios_text/."""
    name = path.strip("/").rpartition("/")[2].replace("run_scenarios", "run", 1)
    return _NAMES.get(name, name)


def _other_name(method: str, path: str, given: Mapping[str, Any]) -> str:
    """list_results for …/results/, in whatever version; else the published id."""
    found = _OTHERS.get((method.upper(), _VERSION.sub("", path)))
    return found or str(given["operationId"])


@cache
def published() -> Contract:
    """The merged document of this distribution, read once a process."""
    source = importlib.resources.files("cekura_client.openapi") / "cekura.yaml"
    return Contract(cast("dict[str, Any]", yaml.safe_load(source.read_text(encoding="utf-8"))))


def _findings(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Field and message of each thing that `error` says.

    No message repeats the value: it could be a credential.
    """
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
            yield _text(where), f"Must be one of: {', '.join(map(str, rule))}."
        case "minimum":
            yield _text(where), f"Must be at least {rule}."
        case "maximum":
            yield _text(where), f"Must be at most {rule}."
        case "maxLength":
            yield _text(where), f"Must have at most {rule} characters."
        case _:
            yield _text(where), f"Does not fit the published schema ({error.validator})."


def _text(path: list[str | int]) -> str:
    """A path as the API writes it: `scenarios[0].websocket_url`."""
    return "".join(f"[{x}]" if isinstance(x, int) else f".{x}" for x in path).removeprefix(".")


def _json_type(value: object) -> str:
    return _JSON_TYPES.get(type(value), "number")
