"""Every rule, in both directions, with documents as small as the rule allows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from scripts.documents import ROOT, Document, pointer
from scripts.drift.changes import MISSING, Change
from scripts.drift.compare import compare
from scripts.drift.rules import RULES

Schema = dict[str, Any]

JSON = "application/json"
STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
NULL: Schema = {"type": "null"}

# What rows of schemas may refer to.
SHARED: Schema = {
    "Kind": {"type": "string", "enum": ["x", "y"]},
    "Null": {"enum": [None]},
    "Thing": {"type": "object", "properties": {"b": STRING}},
    "Text": STRING,
    "Described": {**STRING, "description": "Which one."},
}


def ref(name: str, kind: str = "schemas") -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def document(paths: Any, schemas: Schema | None = None, **more: Any) -> Document:
    """A document; `more` replaces its top-level keys, and adds to its components."""
    kinds = ("parameters", "securitySchemes", "responses", "requestBodies", "headers")
    components = {"schemas": schemas or {}} | {k: more.pop(k) for k in kinds if k in more}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://one.example"}],
        "paths": paths,
        "components": components,
        **more,
    }


def operation(method: str = "get", path: str = "/things/", **fields: Any) -> Schema:
    known = {"operationId": f"{method} {path}", "responses": {"200": {"description": "OK"}}}
    return {path: {method: known | fields}}


def content(schema: Schema, *media: str) -> Schema:
    return {"content": {name: {"schema": schema} for name in media or (JSON,)}}


def request(schema: Schema, schemas: Schema | None = None, **more: Any) -> Document:
    return document(operation("post", requestBody=content(schema)), schemas, **more)


def answer(schema: Schema, schemas: Schema | None = None, **more: Any) -> Document:
    responses = {"200": {"description": "OK", **content(schema)}}
    return document(operation(responses=responses), schemas, **more)


def both(sent: Schema, received: Schema, schemas: Schema) -> Document:
    responses = {"200": {"description": "OK", **content(received)}}
    return body(schemas, requestBody=content(sent), responses=responses)


def parameters(*given: Schema, **more: Any) -> Document:
    return document(operation(parameters=list(given)), **more)


def query(name: str, schema: Schema = STRING, **more: Any) -> Schema:
    return {"name": name, "in": "query", "schema": schema, **more}


def in_path(name: str, *given: Schema) -> Schema:
    required = {"name": name, "in": "path", "required": True, "schema": STRING}
    return operation(
        path=f"/things/{{{name}}}/", operationId="thing", parameters=[required, *given]
    )


def body(schemas: Schema | None = None, /, **fields: Any) -> Document:
    return document(operation("post", **fields), schemas)


def statuses(**responses: Any) -> Document:
    return document(operation(responses={name[1:]: value for name, value in responses.items()}))


def fields(required: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    schema: Schema = {"type": "object", "properties": properties}
    return schema | ({"required": list(required)} if required else {})


def union(*branches: Schema, of: str = "anyOf") -> Schema:
    return {of: list(branches)}


class Row(NamedTuple):
    """Two documents and all that is to be found, from `old` to `new` and back.

    A finding is written as level, side and name; "hold" is breaking and on hold, and "surface"
    stands before what is not on the wire.
    """

    name: str
    old: Document
    new: Document
    forward: tuple[str, ...]
    backward: tuple[str, ...]


def said(change: Change) -> str:
    level = "hold" if change.hold else change.level.label
    kind = change.kind.removeprefix(f"{change.side}-")
    axis = "surface" if change.rule.axis == "surface" else ""
    return " ".join(filter(None, (axis, level, change.side, kind, change.name)))


# --- Schemas: each pair as a property `a` of a request, and of an answer -------------------------

# What is to be said: request forward, request backward, answer forward, answer backward.
Outcome = tuple[str, str, str, str]
TIGHTER: Outcome = (
    *("breaking tightened", "additive loosened"),
    *("additive tightened", "possibly breaking loosened"),
)
OTHER_LIMIT: Outcome = (
    *("breaking limit-changed", "breaking limit-changed"),
    *("possibly breaking limit-changed", "possibly breaking limit-changed"),
)
NARROWER: Outcome = (
    *("breaking type-narrowed", "additive type-widened"),
    *("additive type-narrowed", "breaking type-widened"),
)
RETYPED: Outcome = (
    *("breaking type-changed", "breaking type-changed"),
    *("breaking type-changed", "breaking type-changed"),
)
NULLABLE: Outcome = (
    *("additive now-nullable", "breaking not-nullable"),
    *("breaking now-nullable", "additive not-nullable"),
)
FEWER: Outcome = (
    *("breaking enum-shrunk", "additive enum-grown"),
    *("additive enum-shrunk", "possibly breaking enum-grown"),
)
SAME: Outcome = ("", "", "", "")

SCHEMAS: list[tuple[Outcome, dict[str, tuple[Schema, Schema]]]] = [
    (
        TIGHTER,
        {
            "maxLength lowered": ({"maxLength": 9}, {"maxLength": 5}),
            "maxLength added": (STRING, {**STRING, "maxLength": 5}),
            "minimum raised": ({"minimum": 0}, {"minimum": 1}),
            "minimum added": (INTEGER, {**INTEGER, "minimum": 1}),
            "minLength raised": ({"minLength": 0}, {"minLength": 1}),
            "format: int32": (INTEGER, {**INTEGER, "format": "int32"}),
            "maximum lowered": ({"maximum": 9.5}, {"maximum": 9}),
            "maxItems lowered": ({"maxItems": 9}, {"maxItems": 5}),
            "minItems raised": ({"minItems": 0}, {"minItems": 1}),
            "minProperties added": ({"type": "object"}, {"type": "object", "minProperties": 1}),
            "uniqueItems added": ({"type": "array"}, {"type": "array", "uniqueItems": True}),
            "multipleOf added": (INTEGER, {**INTEGER, "multipleOf": 5}),
            "pattern added": (STRING, {**STRING, "pattern": "^a"}),
            "format added": (STRING, {**STRING, "format": "uuid"}),
            "enum added where none was": (STRING, {**STRING, "enum": ["x"]}),
            "const added": (STRING, {**STRING, "const": "x"}),
            "closed": ({"type": "object"}, {"type": "object", "additionalProperties": False}),
            "closed that was open to one type": (
                {"type": "object", "additionalProperties": STRING},
                {"type": "object", "additionalProperties": False},
            ),
            "exclusiveMinimum in 3.0": (
                {"minimum": 1},
                {"minimum": 1, "exclusiveMinimum": True},
            ),
            "exclusiveMinimum in 3.1": ({"minimum": 1}, {"exclusiveMinimum": 1}),
            "exclusiveMinimum in 3.1, raised": ({"exclusiveMinimum": 1}, {"exclusiveMinimum": 2}),
            "exclusiveMinimum in 3.0, raised": (
                {"minimum": 1, "exclusiveMinimum": True},
                {"minimum": 2, "exclusiveMinimum": True},
            ),
            "exclusiveMaximum in 3.0": (
                {"maximum": 9},
                {"maximum": 9, "exclusiveMaximum": True},
            ),
            "exclusiveMaximum added": (INTEGER, {**INTEGER, "exclusiveMaximum": 9}),
        },
    ),
    (
        OTHER_LIMIT,
        {
            "another pattern": ({"pattern": "^a"}, {"pattern": "^b"}),
            "another multipleOf": ({"multipleOf": 2}, {"multipleOf": 3}),
        },
    ),
    (
        NARROWER,
        {
            "a type less": ({"type": ["integer", "string"]}, INTEGER),
            "a branch less": (union(INTEGER, STRING), INTEGER),
            "a branch less of three": (
                union(INTEGER, STRING, BOOLEAN),
                union(INTEGER, BOOLEAN),
            ),
            "number to integer": ({"type": "number"}, INTEGER),
            "any to string": ({}, STRING),
        },
    ),
    (
        RETYPED,
        {
            "string to integer": (STRING, INTEGER),
            "string to array": (STRING, {"type": "array", "items": STRING}),
            "string to object": (STRING, fields(b=STRING)),
            "limited string to integer": ({**STRING, "maxLength": 5}, INTEGER),
            "string to object with a keyword without a rule": (
                STRING,
                {**fields(b=STRING), "minContains": 1},
            ),
            "another format": ({**STRING, "format": "date"}, {**STRING, "format": "date-time"}),
            "texts to numbers in an enum": ({"enum": ["1"]}, {"enum": [1]}),
            "a branch for another": (union(INTEGER, STRING), union(INTEGER, BOOLEAN)),
        },
    ),
    (
        FEWER,
        {
            "a value less": ({**STRING, "enum": ["x", "y"]}, {**STRING, "enum": ["x"]}),
            "a value less without type": ({"enum": ["x", "y"]}, {"enum": ["x"]}),
            "a value less in a union of enums": (
                union(ref("Kind"), {"enum": ["", "z"]}, of="oneOf"),
                union(ref("Kind"), {"enum": [""]}, of="oneOf"),
            ),
            "one value of two stays as const": ({"enum": ["x", "y"]}, {"const": "x"}),
        },
    ),
    (
        NULLABLE,
        {
            "nullable: true": (STRING, {**STRING, "nullable": True}),
            "null among the types": (STRING, {"type": ["string", "null"]}),
            "anyOf with null": (STRING, union(STRING, NULL)),
            "anyOf of a component with null": (ref("Thing"), union(ref("Thing"), NULL)),
            "oneOf with a component that is null": (
                ref("Kind"),
                union(ref("Kind"), ref("Null"), of="oneOf"),
            ),
            "allOf of a component, nullable": (
                union(ref("Thing"), of="allOf"),
                {**union(ref("Thing"), of="allOf"), "nullable": True},
            ),
            "null among the branches": (union(STRING, INTEGER), union(STRING, INTEGER, NULL)),
            "nullable: true beside branches": (
                union(STRING, INTEGER),
                {**union(STRING, INTEGER), "nullable": True},
            ),
            "null among the values": ({"enum": ["x"]}, {"enum": ["x", None]}),
            "null among types and values": (
                {**STRING, "enum": ["x"]},
                {"type": ["string", "null"], "enum": ["x", None]},
            ),
        },
    ),
    (
        SAME,
        {
            "a component in allOf": (union(ref("Thing"), of="allOf"), ref("Thing")),
            "a component in oneOf": (union(ref("Thing"), of="oneOf"), ref("Thing")),
            "a text behind a reference": (STRING, ref("Text")),
            "a described text behind a reference": (
                {**STRING, "description": "Which one."},
                ref("Described"),
            ),
            "format: int64": (INTEGER, {**INTEGER, "format": "int64"}),
            "format: double": ({"type": "number"}, {"type": "number", "format": "double"}),
            "minLength: 0": (STRING, {**STRING, "minLength": 0}),
            "minItems: 0": ({"type": "array"}, {"type": "array", "minItems": 0}),
            "a list of one type": ({"type": ["string"]}, STRING),
            "types in another order": (
                {"type": ["string", "integer"]},
                {"type": ["integer", "string"]},
            ),
            "branches in another order": (
                union({**STRING, "maxLength": 5}, INTEGER),
                union(INTEGER, {**STRING, "maxLength": 5}),
            ),
            "values in another order": ({"enum": ["x", "y"]}, {"enum": ["y", "x"]}),
            "values in two branches": (
                {**STRING, "enum": ["x", "y", "z"]},
                union(ref("Kind"), {"enum": ["z"]}, of="oneOf"),
            ),
            "required in another order": (
                fields(("a", "b"), a=STRING, b=STRING),
                fields(("b", "a"), a=STRING, b=STRING),
            ),
            "nothing required": ({**fields(b=STRING), "required": []}, fields(b=STRING)),
            "properties in two parts": (
                fields(("b",), b=STRING, c=INTEGER),
                union(fields(("b",), b=STRING), fields(c=INTEGER), of="allOf"),
            ),
            "const for an enum of one": ({**STRING, "enum": ["x"]}, {**STRING, "const": "x"}),
            "additionalProperties: true": (
                {"type": "object", "additionalProperties": True},
                {"type": "object"},
            ),
            "additionalProperties: {}": (
                {"type": "object", "additionalProperties": {}},
                {"type": "object"},
            ),
            "uniqueItems: false": ({"type": "array", "uniqueItems": False}, {"type": "array"}),
            "readOnly: false": ({**STRING, "readOnly": False}, STRING),
        },
    ),
]


# What 3.0.3 writes in one way and 3.1.0 in another, to the same effect.
OF_3_0_AND_3_1: dict[str, tuple[Schema, Schema]] = {
    "nullable: true, as a type": (
        {**STRING, "nullable": True},
        {"type": ["string", "null"]},
    ),
    "nullable: true, as a branch": ({**STRING, "nullable": True}, union(STRING, NULL)),
    "nullable component, as a branch": (
        {**union(ref("Thing"), of="allOf"), "nullable": True},
        union(ref("Thing"), NULL),
    ),
    "nullable component, as a branch that is a component": (
        {**union(ref("Kind"), of="allOf"), "nullable": True},
        union(ref("Kind"), ref("Null"), of="oneOf"),
    ),
    "nullable array": (
        {"type": "array", "items": STRING, "nullable": True},
        {"type": ["array", "null"], "items": STRING},
    ),
    "nullable: false": ({**STRING, "nullable": False}, STRING),
    "exclusiveMinimum as a number": (
        {"minimum": 1, "exclusiveMinimum": True},
        {"exclusiveMinimum": 1},
    ),
}


def _schema_rows() -> Iterator[Row]:
    groups = [(outcome, pairs, "3.1.0") for outcome, pairs in SCHEMAS]
    for outcome, pairs, version in (*groups, (SAME, OF_3_0_AND_3_1, "3.0.3")):
        for name, schemas in pairs.items():
            for side, make, levels in (
                ("request", request, outcome[:2]),
                ("response", answer, outcome[2:]),
            ):
                old, new = (
                    make(fields(a=schema), SHARED, openapi=openapi)
                    for schema, openapi in zip(schemas, (version, "3.1.0"), strict=True)
                )
                found = [
                    (f"{level} {side} {kind} a",) if kind else ()
                    for level, _, kind in (text.rpartition(" ") for text in levels)
                ]
                yield Row(f"{name}, {side}", old, new, *found)


# --- Everything else ------------------------------------------------------------------------------


def _server(host: str) -> Schema:
    return {"url": "https://{host}", "variables": {"host": {"default": host}}}


TWO = operation(path="/a/", operationId="one") | operation(path="/b/", operationId="two")
KEY = {"type": "apiKey", "in": "header", "name": "X-KEY"}
OTHER_KEY = {"type": "http", "scheme": "bearer"}


def secured(alternatives: list[Schema], **schemes: Schema) -> Document:
    return document(operation(security=alternatives), securitySchemes=schemes)


TREE = fields(children={"type": "array", "items": ref("Tree")})
ANIMALS: Schema = {
    "Animal": {**union(ref("Cat"), ref("Dog"), of="oneOf"), **fields(a=STRING)},
    "Cat": union(ref("Animal"), fields(purrs=BOOLEAN), of="allOf"),
    "Dog": union(ref("Animal"), fields(barks=BOOLEAN), of="allOf"),
}
B, B_REQUIRED = fields(b=STRING), fields(("b",), b=STRING)
DESCRIBED: Schema = {"description": "Which one."}
UNKNOWN = "possibly breaking unclassified"

DOCUMENT_ROWS = [
    Row(
        "server, without paths",
        document({}),
        document({}, servers=[{"url": "https://two.example"}]),
        ("breaking server-changed",),
        ("breaking server-changed",),
    ),
    Row(
        "second server",
        document({}),
        document({}, servers=[{"url": "https://one.example"}, {"url": "https://two.example"}]),
        ("additive server-added",),
        ("possibly breaking server-removed",),
    ),
    Row(
        "servers in another order",
        document({}, servers=[{"url": "https://one.example"}, {"url": "https://two.example"}]),
        document({}, servers=[{"url": "https://two.example"}, {"url": "https://one.example"}]),
        (),
        (),
    ),
    Row(
        "server of an operation",
        document(operation()),
        document(operation(servers=[{"url": "https://two.example"}])),
        ("breaking server-changed",),
        ("breaking server-changed",),
    ),
    Row(
        "variable of the server",
        document({}, servers=[_server("one")]),
        document({}, servers=[_server("two")]),
        ("breaking server-changed",),
        ("breaking server-changed",),
    ),
    Row(
        "server gone",
        document(TWO),
        document(TWO, servers=[]),
        ("breaking server-changed",),
        ("breaking server-changed",),
    ),
    Row(
        "name of the header of the key",
        secured([{"key": []}], key=KEY),
        secured([{"key": []}], key={**KEY, "name": "X-OTHER"}),
        ("breaking security-scheme-changed",),
        ("breaking security-scheme-changed",),
    ),
    Row(
        "place of the key",
        secured([{"key": []}], key=KEY),
        secured([{"key": []}], key={**KEY, "in": "query"}),
        ("breaking security-scheme-changed",),
        ("breaking security-scheme-changed",),
    ),
    Row(
        "name of the scheme",
        secured([{"key": []}], key=KEY),
        secured([{"token": []}], token=KEY),
        (),
        (),
    ),
    Row(
        "scheme that no operation uses",
        secured([{"key": []}], key=KEY),
        secured([{"key": []}], key=KEY, other=OTHER_KEY),
        (),
        (),
    ),
    Row(
        "scheme of one alternative of two",
        secured([{"key": []}, {"other": []}], key=KEY, other=OTHER_KEY),
        secured([{"key": []}, {"other": []}], key=KEY, other={**OTHER_KEY, "name": "X-NEW"}),
        ("possibly breaking security-alternative-removed", "additive security-alternative-added"),
        ("possibly breaking security-alternative-removed", "additive security-alternative-added"),
    ),
    Row(
        "alternative to the key",
        secured([{"key": []}], key=KEY, other=OTHER_KEY),
        secured([{"other": []}, {"key": []}], key=KEY, other=OTHER_KEY),
        ("additive security-alternative-added",),
        ("possibly breaking security-alternative-removed",),
    ),
    Row(
        "alternatives in another order",
        secured([{"key": []}, {"other": []}], key=KEY, other=OTHER_KEY),
        secured([{"other": []}, {"key": []}], key=KEY, other=OTHER_KEY),
        (),
        (),
    ),
    Row(
        "a second scheme beside the key",
        secured([{"key": []}], key=KEY, other=OTHER_KEY),
        secured([{"key": [], "other": []}], key=KEY, other=OTHER_KEY),
        ("breaking security-changed",),
        ("additive security-alternative-added",),
    ),
    Row(
        "another scope",
        secured([{"key": []}], key=KEY),
        secured([{"key": ["write"]}], key=KEY),
        ("breaking security-changed",),
        ("additive security-alternative-added",),
    ),
    Row(
        "security of the document",
        document(operation(), security=[{"key": []}]),
        document(operation(), security=[{"token": []}]),
        ("breaking security-changed",),
        ("breaking security-changed",),
    ),
    Row(
        "security of the document, without paths",
        document({}, security=[{"key": []}]),
        document({}),
        (),
        (),
    ),
    Row(
        "operation is public",
        document(operation(), security=[{"key": []}]),
        document(operation(security=[]), security=[{"key": []}]),
        ("additive security-alternative-added",),
        ("breaking security-changed",),
    ),
    Row(
        "security moves into the operation",
        document(operation(), security=[{"key": []}]),
        document(operation(security=[{"key": []}])),
        (),
        (),
    ),
    Row(
        "path gone",
        document(TWO),
        document(operation(path="/a/", operationId="one")),
        ("breaking operation-gone",),
        ("additive operation-added",),
    ),
    Row(
        "method gone",
        document({"/a/": {**operation()["/things/"], **operation("post")["/things/"]}}),
        document({"/a/": operation()["/things/"]}),
        ("breaking operation-gone",),
        ("additive operation-added",),
    ),
    Row(
        "operationId moves to another path",
        document(TWO),
        document(
            operation(path="/a/", operationId="three") | operation(path="/b/", operationId="one")
        ),
        (
            "surface hold operation-id-moved",
            *["surface possibly breaking operation-id-renamed"] * 2,
        ),
        (
            "surface hold operation-id-moved",
            *["surface possibly breaking operation-id-renamed"] * 2,
        ),
    ),
    Row(
        "operationId goes with its operation",
        document(operation(path="/a/", operationId="one")),
        document(operation(path="/b/", operationId="one")),
        ("surface hold operation-id-moved", "breaking operation-gone", "additive operation-added"),
        ("surface hold operation-id-moved", "breaking operation-gone", "additive operation-added"),
    ),
    Row(
        "operation deprecated",
        document(operation()),
        document(operation(deprecated=True)),
        ("additive deprecated",),
        ("additive deprecation-lifted",),
    ),
    Row(
        "parameter deprecated",
        parameters(query("a")),
        parameters(query("a", deprecated=True)),
        ("additive request deprecated a",),
        ("additive request deprecation-lifted a",),
    ),
    Row(
        "property of a request deprecated",
        request(fields(a=STRING)),
        request(fields(a={**STRING, "deprecated": True})),
        ("additive request deprecated a",),
        ("additive request deprecation-lifted a",),
    ),
    Row(
        "property of an answer deprecated",
        answer(fields(a=STRING)),
        answer(fields(a={**STRING, "deprecated": True})),
        ("additive response deprecated a",),
        ("additive response deprecation-lifted a",),
    ),
    Row(
        "operationId renamed",
        document(operation(operationId="one")),
        document(operation(operationId="two")),
        ("surface possibly breaking operation-id-renamed",),
        ("surface possibly breaking operation-id-renamed",),
    ),
    Row(
        "tag renamed",
        document(operation(tags=["Runs"])),
        document(operation(tags=["Test runs"])),
        ("surface possibly breaking tag-renamed",),
        ("surface possibly breaking tag-renamed",),
    ),
    Row(
        "tags in another order",
        document(operation(tags=["Runs", "Tests"])),
        document(operation(tags=["Tests", "Runs"])),
        (),
        (),
    ),
    Row(
        "component renamed",
        request(ref("Old"), {"Old": B}),
        request(ref("New"), {"New": B}),
        ("surface possibly breaking request component-renamed",),
        ("surface possibly breaking request component-renamed",),
    ),
    Row(
        "title of a schema",
        request(ref("A"), {"A": {**B, "title": "One"}}),
        request(ref("A"), {"A": {**B, "title": "Two"}}),
        ("surface possibly breaking title-changed",),
        ("surface possibly breaking title-changed",),
    ),
]

PARAMETER_ROWS = [
    Row(
        "parameter added",
        parameters(query("a")),
        parameters(query("a"), query("new")),
        ("additive request parameter-added new",),
        ("breaking request parameter-removed new",),
    ),
    Row(
        "required parameter added",
        parameters(query("a")),
        parameters(query("new", required=True), query("a")),
        ("breaking request parameter-required-added new",),
        ("breaking request parameter-removed new",),
    ),
    Row(
        "parameter newly required",
        parameters(query("a", required=False)),
        parameters(query("a", required=True)),
        ("breaking request parameter-now-required a",),
        ("additive request parameter-now-optional a",),
    ),
    Row(
        "parameter renamed",
        parameters(query("one"), query("freq")),
        parameters(query("one"), query("frequency")),
        ("breaking request parameter-renamed frequency",),
        ("breaking request parameter-renamed freq",),
    ),
    Row(
        "required parameter renamed",
        parameters(query("freq", required=True)),
        parameters(query("frequency", required=True)),
        ("breaking request parameter-renamed frequency",),
        ("breaking request parameter-renamed freq",),
    ),
    Row(
        "parameter renamed and limited",
        parameters(query("freq")),
        parameters(query("frequency", {**STRING, "maxLength": 5})),
        (
            "breaking request tightened frequency",
            "breaking request parameter-renamed frequency",
        ),
        ("breaking request parameter-renamed freq", "additive request loosened freq"),
    ),
    Row(
        "parameter of another type is no rename",
        parameters(query("freq")),
        parameters(query("frequency", INTEGER)),
        ("breaking request parameter-removed freq", "additive request parameter-added frequency"),
        ("breaking request parameter-removed frequency", "additive request parameter-added freq"),
    ),
    Row(
        "parameter moves into a header",
        parameters(query("a")),
        parameters({**query("a"), "in": "header"}),
        ("breaking request parameter-removed a", "additive request parameter-added a"),
        ("breaking request parameter-removed a", "additive request parameter-added a"),
    ),
    Row(
        "schema of a parameter",
        parameters(query("a", {**STRING, "enum": ["x", "y"]})),
        parameters(query("a", {**STRING, "enum": ["x"]})),
        ("breaking request enum-shrunk a",),
        ("additive request enum-grown a",),
    ),
    Row(
        "name in the path",
        document(in_path("id", query("a"))),
        document(in_path("pk", query("a"))),
        ("surface possibly breaking path-parameter-renamed pk",),
        ("surface possibly breaking path-parameter-renamed id",),
    ),
    Row(
        "parameters in another order",
        parameters(query("a", **DESCRIBED), query("b", INTEGER), query("c", required=True)),
        parameters(query("c", required=True), query("a", **DESCRIBED), query("b", INTEGER)),
        (),
        (),
    ),
    Row(
        "one parameter gone, one come, one moved",
        parameters(query("a", description="A."), query("gone", description="G.")),
        parameters(query("come", INTEGER, description="C."), query("a", description="A.")),
        ("breaking request parameter-removed gone", "additive request parameter-added come"),
        ("breaking request parameter-removed come", "additive request parameter-added gone"),
    ),
    Row(
        "parameter by reference",
        parameters(query("a", INTEGER)),
        parameters(ref("A", "parameters"), parameters={"A": query("a", INTEGER)}),
        (),
        (),
    ),
    Row(
        "described parameter by reference",
        parameters(query("a", **DESCRIBED)),
        parameters(ref("A", "parameters"), parameters={"A": query("a", **DESCRIBED)}),
        (),
        (),
    ),
    Row(
        "parameter of the path moves into its operations",
        document(
            {
                "/a/": {
                    "parameters": [query("a", **DESCRIBED)],
                    "get": {"responses": {}},
                    "post": {"responses": {}},
                }
            }
        ),
        document(
            {
                "/a/": {
                    "get": {"parameters": [query("a", **DESCRIBED)], "responses": {}},
                    "post": {"parameters": [query("a", **DESCRIBED)], "responses": {}},
                }
            }
        ),
        (),
        (),
    ),
    Row(
        "parameter of the path moves into its one operation",
        document({"/a/": {"parameters": [query("a")], "get": {"responses": {}}}}),
        document({"/a/": {"get": {"parameters": [query("a")], "responses": {}}}}),
        (),
        (),
    ),
]

BODY_ROWS = [
    Row(
        "optional body added",
        body(),
        body(requestBody=content(B)),
        ("additive request body-added",),
        ("hold request body-removed",),
    ),
    Row(
        "required body added",
        body(),
        body(requestBody={**content(B), "required": True}),
        ("breaking request body-required-added",),
        ("hold request body-removed",),
    ),
    Row(
        "body newly required",
        body(requestBody=content(B)),
        body(requestBody={**content(B), "required": True}),
        ("breaking request body-now-required",),
        ("additive request body-now-optional",),
    ),
    Row(
        "component of the body replaced",
        request(ref("Old"), {"Old": fields(a=STRING, b=INTEGER, c=STRING)}),
        request(ref("New"), {"New": fields(c=STRING, d=BOOLEAN, e=BOOLEAN)}),
        ("hold request body-replaced",),
        ("hold request body-replaced",),
    ),
    Row(
        "component of the answer replaced",
        answer(ref("Old"), {"Old": fields(a=STRING, b=STRING, c=STRING)}),
        answer(ref("New"), {"New": fields(c=STRING, d=BOOLEAN, e=BOOLEAN)}),
        ("hold response body-replaced",),
        ("hold response body-replaced",),
    ),
    Row(
        "component of the body renamed, with one more field",
        request(ref("Old"), {"Old": fields(a=STRING, b=INTEGER)}),
        request(ref("New"), {"New": fields(a=STRING, b=INTEGER, c=STRING)}),
        (
            "surface possibly breaking request component-renamed",
            "additive request property-added c",
        ),
        (
            "surface possibly breaking request component-renamed",
            "breaking request property-removed c",
        ),
    ),
    Row(
        "items of the answer replaced",
        answer({"type": "array", "items": fields(a=STRING, b=STRING, c=STRING)}),
        answer({"type": "array", "items": fields(d=STRING, e=STRING, f=STRING)}),
        ("hold response body-replaced",),
        ("hold response body-replaced",),
    ),
    Row(
        "list of the answer put into an envelope",
        answer({"type": "array", "items": fields(a=STRING)}),
        answer(fields(results={"type": "array", "items": fields(a=STRING)})),
        ("hold response body-replaced",),
        ("hold response body-replaced",),
    ),
    Row(
        "body with little in common",
        request(fields(a=STRING, b=STRING, c=STRING, d=STRING)),
        request(fields(a=STRING)),
        ("hold request body-replaced",),
        tuple(f"additive request property-added {name}" for name in "bcd"),
    ),
    Row(
        "header of an answer",
        statuses(_200={"description": "OK"}),
        statuses(_200={"description": "OK", "headers": {"X-A": {"schema": STRING}}}),
        ("additive response header-added X-A",),
        ("possibly breaking response header-removed X-A",),
    ),
    Row(
        "schema of a header of an answer",
        statuses(_200={"description": "OK", "headers": {"X-A": {"schema": STRING}}}),
        statuses(_200={"description": "OK", "headers": {"X-A": {"schema": INTEGER}}}),
        ("breaking response type-changed X-A",),
        ("breaking response type-changed X-A",),
    ),
    Row(
        "form instead of JSON",
        body(requestBody=content(fields(b=STRING, c=STRING))),
        body(requestBody=content(fields(b=INTEGER, c=STRING), "multipart/form-data")),
        (
            "breaking request media-type-removed application/json",
            "breaking request type-changed b",
            "additive request media-type-added multipart/form-data",
        ),
        (
            "breaking request media-type-removed multipart/form-data",
            "breaking request type-changed b",
            "additive request media-type-added application/json",
        ),
    ),
    Row(
        "answer gets a body",
        statuses(_200={"description": "OK"}),
        statuses(_200={"description": "OK", **content(B)}),
        ("additive response body-added",),
        ("hold response body-removed",),
    ),
    Row(
        "form beside JSON in a request",
        body(requestBody=content(B)),
        body(requestBody=content(B, JSON, "multipart/form-data")),
        ("additive request media-type-added multipart/form-data",),
        ("breaking request media-type-removed multipart/form-data",),
    ),
    Row(
        "text beside JSON in an answer",
        statuses(_200={"description": "OK", **content(B)}),
        statuses(_200={"description": "OK", **content(B, JSON, "text/csv")}),
        ("possibly breaking response media-type-added text/csv",),
        ("breaking response media-type-removed text/csv",),
    ),
    Row(
        "another status of success",
        statuses(_201={"description": "OK", **content(B)}),
        statuses(_200={"description": "OK", **content(B)}),
        ("hold response success-status-changed",),
        ("hold response success-status-changed",),
    ),
    Row(
        "body changed with the status of success",
        statuses(_201={"description": "OK", **content(fields(b=STRING))}),
        statuses(_200={"description": "OK", **content(fields(b=INTEGER))}),
        ("hold response success-status-changed", "breaking response type-changed b"),
        ("hold response success-status-changed", "breaking response type-changed b"),
    ),
    Row(
        "second status of success",
        statuses(_200={"description": "OK"}),
        statuses(_200={"description": "OK"}, _202={"description": "Later"}),
        ("possibly breaking response success-status-added",),
        ("hold response success-status-changed",),
    ),
    Row(
        "status of failure",
        statuses(_200={"description": "OK"}),
        statuses(_200={"description": "OK"}, _404={"description": "Gone", **content(B)}),
        ("additive response error-status-added",),
        ("possibly breaking response error-status-removed",),
    ),
    Row(
        "body by reference",
        body(requestBody={**content(B), "required": True}),
        document(
            operation("post", requestBody=ref("Body", "requestBodies")),
            requestBodies={"Body": {**content(B), "required": True}},
        ),
        (),
        (),
    ),
    Row(
        "answer by reference",
        statuses(_200={"description": "OK", **content(B)}),
        document(
            operation(responses={"200": ref("Found", "responses")}),
            responses={"Found": {"description": "OK", **content(B)}},
        ),
        (),
        (),
    ),
]

PROPERTY_ROWS = [
    Row(
        "optional property added to a request",
        request(B),
        request(fields(b=STRING, new=INTEGER)),
        ("additive request property-added new",),
        ("breaking request property-removed new",),
    ),
    Row(
        "required property added to a request",
        request(B),
        request(fields(("new",), b=STRING, new=INTEGER)),
        ("breaking request property-required-added new",),
        ("breaking request property-removed new",),
    ),
    Row(
        "property of a request newly required",
        request(B),
        request(B_REQUIRED),
        ("breaking request now-required b",),
        ("additive request now-optional b",),
    ),
    Row(
        "property that is not described newly required",
        request({"type": "object"}),
        request({"type": "object", "required": ["b"]}),
        ("breaking request now-required b",),
        ("additive request now-optional b",),
    ),
    Row(
        "property added to an answer",
        answer(B),
        answer(fields(("new",), b=STRING, new=INTEGER)),
        ("additive response property-added new",),
        ("breaking response property-removed new",),
    ),
    Row(
        "property of an answer newly required",
        answer(B),
        answer(B_REQUIRED),
        ("additive response now-required b",),
        ("breaking response now-optional b",),
    ),
    Row(
        "integer said beside number, and another value",
        answer(fields(a={"type": "number", "enum": [1]})),
        answer(fields(a={"type": ["number", "integer"], "enum": [2]})),
        ("possibly breaking response enum-grown a", "additive response enum-shrunk a"),
        ("possibly breaking response enum-grown a", "additive response enum-shrunk a"),
    ),
    Row(
        "default of a request",
        request(fields(a={**INTEGER, "default": 1})),
        request(fields(a={**INTEGER, "default": 2})),
        ("possibly breaking request default-changed a",),
        ("possibly breaking request default-changed a",),
    ),
    Row(
        "default of a request becomes null",
        request(fields(a={**INTEGER, "nullable": True})),
        request(fields(a={**INTEGER, "nullable": True, "default": None})),
        ("possibly breaking request default-changed a",),
        ("possibly breaking request default-changed a",),
    ),
    Row(
        "default of an answer",
        answer(fields(a={**INTEGER, "default": 1})),
        answer(fields(a={**INTEGER, "default": 2})),
        ("docs docs-changed",),
        ("docs docs-changed",),
    ),
    Row(
        "property deep in lists and maps",
        answer({"type": "array", "items": {"type": "object", "additionalProperties": B}}),
        answer(
            {
                "type": "array",
                "items": {"type": "object", "additionalProperties": fields(b=BOOLEAN)},
            }
        ),
        ("breaking response type-changed []{}.b",),
        ("breaking response type-changed []{}.b",),
    ),
    Row(
        "optional property renamed",
        request(fields(one=INTEGER, freq=STRING)),
        request(fields(one=INTEGER, frequency=STRING)),
        ("breaking request property-renamed frequency",),
        ("breaking request property-renamed freq",),
    ),
    Row(
        "required property renamed",
        request(fields(("freq",), one=INTEGER, freq=STRING)),
        request(fields(("frequency",), one=INTEGER, frequency=STRING)),
        ("breaking request property-renamed frequency",),
        ("breaking request property-renamed freq",),
    ),
    Row(
        "property renamed to something unlike it",
        request(fields(one=INTEGER, freq=STRING)),
        request(fields(one=INTEGER, much=STRING)),
        ("breaking request property-removed freq", "additive request property-added much"),
        ("breaking request property-removed much", "additive request property-added freq"),
    ),
    Row(
        "property renamed to something unlike it, with the same words",
        request(fields(one=INTEGER, freq={**STRING, **DESCRIBED})),
        request(fields(one=INTEGER, much={**STRING, **DESCRIBED})),
        ("breaking request property-renamed much",),
        ("breaking request property-renamed freq",),
    ),
    Row(
        "property of an answer renamed",
        answer(fields(one=INTEGER, freq=STRING)),
        answer(fields(one=INTEGER, frequency=STRING)),
        ("breaking response property-renamed frequency",),
        ("breaking response property-renamed freq",),
    ),
    Row(
        "property of another type is no rename",
        request(fields(one=INTEGER, freq=STRING)),
        request(fields(one=INTEGER, frequency=BOOLEAN)),
        ("breaking request property-removed freq", "additive request property-added frequency"),
        ("breaking request property-removed frequency", "additive request property-added freq"),
    ),
    Row(
        "two candidates are no rename",
        request(fields(one=INTEGER, two=INTEGER, freq=STRING)),
        request(fields(one=INTEGER, two=INTEGER, frequency=STRING, rate=STRING)),
        (
            "breaking request property-removed freq",
            "additive request property-added frequency",
            "additive request property-added rate",
        ),
        (
            "breaking request property-removed frequency",
            "breaking request property-removed rate",
            "additive request property-added freq",
        ),
    ),
    Row(
        "property renamed and limited",
        request(fields(one=INTEGER, freq=STRING)),
        request(fields(one=INTEGER, frequency={**STRING, "maxLength": 5})),
        (
            "breaking request tightened frequency",
            "breaking request property-renamed frequency",
        ),
        ("breaking request property-renamed freq", "additive request loosened freq"),
    ),
]

HIDDEN = "docs request out-of-sight"
INNER, INNER_REQUIRED = {"Inner": B}, {"Inner": B_REQUIRED}


def _hidden(mark: str, schema: Schema) -> dict[str, Schema]:
    """The ways for a schema to stand below a parent with this mark."""
    return {
        "directly": fields(a={**schema, mark: True}),
        "two levels up": fields(a={**fields(c=schema), mark: True}),
    }


def _hidden_by_reference(mark: str) -> dict[str, Schema]:
    return {
        "beside $ref": fields(a={**ref("Inner"), mark: True}),
        "beside allOf": fields(a={**union(ref("Inner"), of="allOf"), mark: True}),
        "above a list": fields(a={"type": "array", "items": ref("Inner"), mark: True}),
        "two levels up, by $ref": fields(a={**fields(c=ref("Inner")), mark: True}),
    }


def _hidden_rows() -> Iterator[Row]:
    names = {"above a list": "a[].b", "two levels up": "a.c.b", "two levels up, by $ref": "a.c.b"}
    for side, mark, make in (("request", "readOnly", request), ("response", "writeOnly", answer)):
        news = _hidden(mark, B_REQUIRED)
        pairs = {how: (make(old), make(news[how])) for how, old in _hidden(mark, B).items()} | {
            how: (make(schema, INNER), make(schema, INNER_REQUIRED))
            for how, schema in _hidden_by_reference(mark).items()
        }
        pairs["on the component"] = (
            make(fields(a=ref("Inner")), {"Inner": {**B, mark: True}}),
            make(fields(a=ref("Inner")), {"Inner": {**B_REQUIRED, mark: True}}),
        )
        for how, (old, new) in pairs.items():
            found = (f"docs {side} out-of-sight {names.get(how, 'a.b')}",)
            yield Row(f"required below {mark}, {how}", old, new, found, found)


HIDDEN_ROWS = [
    *_hidden_rows(),
    Row(
        "read-only in the request, seen in the answer",
        both(fields(a={**ref("Inner"), "readOnly": True}), ref("Inner"), INNER),
        both(fields(a={**ref("Inner"), "readOnly": True}), ref("Inner"), INNER_REQUIRED),
        ("additive response now-required b",),
        ("breaking response now-optional b",),
    ),
    Row(
        "write-only in the answer, seen in the request",
        both(ref("Inner"), fields(a={**ref("Inner"), "writeOnly": True}), INNER),
        both(ref("Inner"), fields(a={**ref("Inner"), "writeOnly": True}), INNER_REQUIRED),
        ("breaking request now-required b",),
        ("additive request now-optional b",),
    ),
    Row(
        "read-only in one property, sent in another",
        request(fields(a={**ref("Inner"), "readOnly": True}, c=ref("Inner")), INNER),
        request(fields(a={**ref("Inner"), "readOnly": True}, c=ref("Inner")), INNER_REQUIRED),
        ("breaking request now-required c.b",),
        ("additive request now-optional c.b",),
    ),
    Row(
        "request: becomes read-only",
        request(fields(("a",), a=STRING)),
        request(fields(("a",), a={**STRING, "readOnly": True})),
        ("breaking request property-removed a",),
        ("breaking request property-required-added a",),
    ),
    Row(
        "answer: becomes read-only",
        answer(fields(a=STRING)),
        answer(fields(a={**STRING, "readOnly": True})),
        (),
        (),
    ),
    Row(
        "answer: becomes write-only",
        answer(fields(a=STRING)),
        answer(fields(a={**STRING, "writeOnly": True})),
        ("breaking response property-removed a",),
        ("additive response property-added a",),
    ),
    Row(
        "request: read-only property added",
        request(B),
        request(fields(("a",), b=STRING, a={**STRING, "readOnly": True})),
        (f"{HIDDEN} a",),
        (f"{HIDDEN} a",),
    ),
    Row(
        "answer: write-only property added",
        answer(B),
        answer(fields(b=STRING, a={**STRING, "writeOnly": True})),
        ("docs response out-of-sight a",),
        ("docs response out-of-sight a",),
    ),
]


def _docs_rows() -> Iterator[Row]:
    docs = ("docs docs-changed",)

    def described(text: str | None) -> Iterator[tuple[str, Document]]:
        words: Schema = {} if text is None else {"description": text}
        yield "operation", document(operation(**words))
        yield "parameter", parameters(query("a", **words))
        yield "property", request(fields(a={**STRING, **words}))
        yield "component", answer(ref("A"), {"A": {**B, **words}})
        yield "answer", statuses(_200={**content(B), **words})
        yield "tag", document({}, tags=[{"name": "Runs", **words}])
        yield "document", document({}, info={"title": "T", **words})

    for (name, old), (_, new), (_, empty), (_, none) in zip(
        described("Old."), described("New."), described(""), described(None), strict=True
    ):
        yield Row(f"description of {name}", old, new, docs, docs)
        yield Row(f"description of {name} added", none, new, docs, docs)
        yield Row(f"empty description of {name} added", none, empty, (), ())
    changes: dict[str, Schema] = {
        "summary of an operation": {"summary": "New."},
    }
    for name, change in changes.items():
        yield Row(name, document(operation()), document(operation(**change)), docs, docs)
    extended: Schema = {"x-all": []}
    yield Row(
        "extensions",
        answer(fields(a=STRING)),
        answer(fields(a={**STRING, "x-order": 1}) | {"x-order": {"a": [1]}}, **extended),
        (),
        (),
    )
    # Keywords are nothing special where they are names.
    for name in (
        *("description", "title", "example", "examples", "x-thing", "required", "default"),
        *("properties", "type", "items", "$ref", "readOnly", "enum", "nullable", "summary"),
    ):
        for how, make in (
            ("directly", answer),
            ("in a component", lambda schema, name=name: answer(ref(name), {name: schema})),
        ):
            full = make(fields(**{name: STRING, "other": BOOLEAN}))
            yield Row(
                f"property called {name}, {how}",
                full,
                make(fields(other=BOOLEAN)),
                (f"breaking response property-removed {name}",),
                (f"additive response property-added {name}",),
            )
            yield Row(
                f"type of a property called {name}, {how}",
                full,
                make(fields(**{name: INTEGER, "other": BOOLEAN})),
                (f"breaking response type-changed {name}",),
                (f"breaking response type-changed {name}",),
            )
            yield Row(
                f"description of a property called {name}, {how}",
                full,
                make(fields(**{name: {**STRING, **DESCRIBED}, "other": BOOLEAN})),
                docs,
                docs,
            )


RECURSIVE_ROWS = [
    Row(
        "component that contains itself",
        answer(ref("Tree"), {"Tree": TREE}),
        answer(ref("Tree"), {"Tree": fields(a=STRING, **TREE["properties"])}),
        ("additive response property-added a",),
        ("breaking response property-removed a",),
    ),
    Row(
        "component that contains itself, limited",
        request(ref("Tree"), {"Tree": TREE}),
        request(ref("Tree"), {"Tree": {**TREE, "maxProperties": 1}}),
        ("breaking request tightened",),
        ("additive request loosened",),
    ),
    Row(
        "two components that contain each other",
        answer(ref("A"), {"A": fields(b=ref("B")), "B": fields(a=ref("A"), c=STRING)}),
        answer(ref("A"), {"A": fields(b=ref("B")), "B": fields(a=ref("A"))}),
        ("breaking response property-removed b.c",),
        ("additive response property-added b.c",),
    ),
    Row(
        "component that is itself",
        answer(fields(a=ref("A"), b=STRING), {"A": ref("A")}),
        answer(fields(a=ref("A"), b=INTEGER), {"A": ref("A")}),
        ("breaking response type-changed b",),
        ("breaking response type-changed b",),
    ),
    Row(
        "component that is one of its own branches",
        answer(ref("A"), {"A": union(ref("A"), fields(b=STRING), of="oneOf")}),
        answer(ref("A"), {"A": union(ref("A"), fields(b=INTEGER), of="oneOf")}),
        ("breaking response type-changed b",),
        ("breaking response type-changed b",),
    ),
    Row(
        "component whose branches inherit from it",
        answer(ref("Animal"), ANIMALS),
        answer(
            ref("Animal"),
            {**ANIMALS, "Dog": union(ref("Animal"), fields(barks=STRING), of="allOf")},
        ),
        ("breaking response type-changed barks",),
        ("breaking response type-changed barks",),
    ),
]


def _in_schema(**keywords: Any) -> Document:
    return answer({"type": "object", **keywords})


def _in_response(**more: Any) -> Document:
    return document(operation(responses={"200": {"description": "OK", **more}}))


def _unknown_rows() -> Iterator[Row]:
    """Keywords that no rule is about: added, and changed deep inside."""
    lost = {"type": "object", "not": ref("A")}
    yield Row("component of `not` gone", answer(lost, {"A": B}), answer(lost), (ANY,), (ANY,))
    hook = {"post": {"responses": {"200": {"description": "OK"}}}}
    link = {"operationId": "get /things/", "parameters": {"a": "$response.body#/a"}}
    for make, keyword, one, other in (
        (_in_schema, "patternProperties", {"^a": STRING}, {"^a": INTEGER}),
        (_in_schema, "patternProperties", {"x-a": STRING}, {"x-a": INTEGER}),
        (_in_schema, "not", {"required": ["a"]}, {"required": ["b"]}),
        (_in_schema, "if", {"required": ["a"]}, {"required": ["b"]}),
        (_in_schema, "dependentRequired", {"default": ["a"]}, {"default": ["b"]}),
        (_in_schema, "discriminator", {"propertyName": "a"}, {"propertyName": "b"}),
        (_in_schema, "unevaluatedProperties", True, False),
        (_in_response, "links", {"next": link}, {"next": {**link, "operationId": "other"}}),
        (body, "callbacks", {"on": {"{$url}": hook}}, {"on": {"{$method}": hook}}),
        (_parameter, "style", "form", "deepObject"),
        (_parameter, "explode", True, False),
    ):
        name = f"{keyword} {'/'.join(one)}" if isinstance(one, dict) else keyword
        yield Row(f"{name} added", make(), make(**{keyword: one}), (ANY,), (ANY,))
        old, new = make(**{keyword: one}), make(**{keyword: other})
        yield Row(f"{name} changed", old, new, (ANY,), (ANY,))


def _parameter(**more: Any) -> Document:
    return parameters(query("a", **more))


ANY = UNKNOWN  # once or more, whatever it is about

SHARED_ENUM = {"Kind": {**STRING, "enum": ["x", "y"]}}
SHARED_ENUM_LESS = {"Kind": {**STRING, "enum": ["x"]}}


def _twice(sent: Schema, schemas: Schema) -> Document:
    """Two operations that send the same."""
    paths = {
        path: item
        for path in ("/a/", "/b/")
        for path, item in operation("post", path, requestBody=content(sent)).items()
    }
    return document(paths, schemas)


# One change of a component is one change, however many use it.
SHARED_ROWS = [
    Row(
        "property of a component of two operations",
        _twice(ref("A"), {"A": B}),
        _twice(ref("A"), {"A": B_REQUIRED}),
        ("breaking request now-required b",),
        ("additive request now-optional b",),
    ),
    Row(
        "component of two operations that is an enum",
        _twice(fields(a=ref("Kind")), SHARED_ENUM),
        _twice(fields(a=ref("Kind")), SHARED_ENUM_LESS),
        ("breaking request enum-shrunk a",),
        ("additive request enum-grown a",),
    ),
    Row(
        "component of two operations that gets a limit",
        _twice(fields(a=ref("A")), {"A": STRING}),
        _twice(fields(a=ref("A")), {"A": {**STRING, "maxLength": 5}}),
        ("breaking request tightened a",),
        ("additive request loosened a",),
    ),
    Row(
        "component of two operations that has another type",
        _twice(fields(a=ref("A")), {"A": STRING}),
        _twice(fields(a=ref("A")), {"A": INTEGER}),
        ("breaking request type-changed a",),
        ("breaking request type-changed a",),
    ),
    Row(
        "component of two operations that may be null",
        _twice(fields(a=ref("A")), {"A": STRING}),
        _twice(fields(a=ref("A")), {"A": {**STRING, "nullable": True}}),
        ("additive request now-nullable a",),
        ("breaking request not-nullable a",),
    ),
    Row(
        "component of two operations that has a default",
        _twice(fields(a=ref("A")), {"A": STRING}),
        _twice(fields(a=ref("A")), {"A": {**STRING, "default": "x"}}),
        ("possibly breaking request default-changed a",),
        ("possibly breaking request default-changed a",),
    ),
    Row(
        "component of two operations that is described",
        _twice(ref("A"), {"A": B}),
        _twice(ref("A"), {"A": {**B, **DESCRIBED}}),
        ("docs docs-changed",),
        ("docs docs-changed",),
    ),
]

UNUSED_ROWS = [
    Row(
        "unused component changed",
        document(operation(), {"A": fields(a=STRING)}),
        document(operation(), {"A": {"type": "array"}}),
        (),
        (),
    ),
    Row("unused component added", document({}), document({}, {"A": fields(a=STRING)}), (), ()),
    Row(
        "unused component that contains itself added",
        document({}),
        document({}, {"Tree": TREE}),
        (),
        (),
    ),
    Row(
        "unused parameter changed",
        document(operation(), parameters={"A": query("a")}),
        document(operation(), parameters={"A": query("a", INTEGER)}),
        (),
        (),
    ),
    Row(
        "component used by an unused one only",
        document({}, {"A": fields(b=ref("B")), "B": fields(c=STRING)}),
        document({}, {"A": fields(b=ref("B")), "B": fields(c=INTEGER)}),
        (),
        (),
    ),
]

ROWS = [
    *_schema_rows(),
    *DOCUMENT_ROWS,
    *PARAMETER_ROWS,
    *BODY_ROWS,
    *PROPERTY_ROWS,
    *HIDDEN_ROWS,
    *_docs_rows(),
    *RECURSIVE_ROWS,
    *_unknown_rows(),
    *SHARED_ROWS,
    *UNUSED_ROWS,
]


def _places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[str]:
    """The pointers of all values of a document."""
    yield pointer(at)
    listed = value if isinstance(value, list) else []
    for key, item in value.items() if isinstance(value, dict) else enumerate(listed):
        yield from _places(item, (*at, key))


def _cases() -> Iterator[Any]:
    for row in ROWS:
        for way, old, new, expected in (
            ("forward", row.old, row.new, row.forward),
            ("backward", row.new, row.old, row.backward),
        ):
            yield pytest.param(old, new, expected, id=f"{row.name}, {way}")


@pytest.mark.parametrize(("old", "new", "expected"), list(_cases()))
def test_all_that_is_said(old: Document, new: Document, expected: tuple[str, ...]) -> None:
    """A pair of documents gives the changes of its row, each once, and no others."""
    found = sorted(map(said, compare(old, new).changes))
    if expected == (ANY,):
        assert found
        assert all(text.startswith(ANY) for text in found)
    else:
        assert found == sorted(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [pytest.param(row.old, row.new, id=row.name) for row in ROWS],
)
def test_every_change_has_a_place(one: Document, other: Document) -> None:
    """The pointer of a change leads somewhere in the new document, or else in the old one."""
    places = {*_places(one), *_places(other)}
    for old, new in ((one, other), (other, one)):
        assert {change.at for change in compare(old, new).changes} <= places


@pytest.mark.parametrize(
    ("one", "other"),
    [pytest.param(row.old, row.new, id=row.name) for row in ROWS],
)
def test_no_difference_is_passed_over(one: Document, other: Document) -> None:
    """Two documents that differ give a change or are counted, besides the version of OpenAPI."""
    for old, new in ((one, other), (other, one)):
        drift = compare(old, new)
        assert drift.changes or drift.noise.total() > (old["openapi"] != new["openapi"])


def test_every_rule_has_a_row() -> None:
    """No kind of change is without documents that give it."""
    pairs = [pair for row in ROWS for pair in ((row.old, row.new), (row.new, row.old))]
    assert {change.kind for pair in pairs for change in compare(*pair).changes} == RULES.keys()


def _row(name: str) -> Row:
    (found,) = [row for row in ROWS if row.name == name]
    return found


@pytest.mark.parametrize(
    ("name", "kind", "before", "after"),
    [
        ("parameter newly required", "parameter-now-required", False, True),
        ("parameter renamed", "parameter-renamed", "freq", "frequency"),
        ("optional property renamed", "request-property-renamed", "freq", "frequency"),
        ("property added to an answer", "response-property-added", MISSING, INTEGER),
        ("path gone", "operation-gone", MISSING, MISSING),
        ("a value less, request", "request-enum-shrunk", ["x", "y"], ["x"]),
        ("maxLength lowered, request", "request-tightened", 9, 5),
        ("maxLength added, request", "request-tightened", MISSING, 5),
        ("default of a request", "request-default-changed", 1, 2),
        ("default of a request becomes null", "request-default-changed", MISSING, None),
        ("string to integer, response", "response-type-changed", "string", "integer"),
        ("nullable: true, response", "response-now-nullable", False, True),
        ("another status of success", "success-status-changed", ["201"], ["200"]),
        (
            "server, without paths",
            "server-changed",
            *[[f"https://{n}.example"] for n in ("one", "two")],
        ),
        ("description of property", "docs-changed", "Old.", "New."),
        ("operationId renamed", "operation-id-renamed", "one", "two"),
        ("name in the path", "path-parameter-renamed", "id", "pk"),
    ],
)
def test_what_it_was_and_is(name: str, kind: str, before: Any, after: Any) -> None:
    """A change has the value before and the value after, of which null is one."""
    row = _row(name)
    (change,) = compare(row.old, row.new).changes
    assert (change.kind, change.before, change.after) == (kind, before, after)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in SHARED_ROWS])
def test_a_change_of_a_component_has_all_its_operations(row: Row) -> None:
    """What two operations use changes once, for both."""
    (change,) = compare(row.old, row.new).changes
    assert change.operations == ("POST /a/", "POST /b/")


@pytest.mark.parametrize(
    ("name", "noise"),
    [
        ("extensions", {"extensions (x-…)": 3}),
        ("empty description of property added", {"empty descriptions": 1}),
        ("unused component changed", {"components that no operation used": 1}),
    ],
)
def test_noise_has_a_name(name: str, noise: dict[str, int]) -> None:
    """What is counted only is counted by its reason."""
    row = _row(name)
    assert compare(row.old, row.new).noise == noise


def test_the_order_of_the_changes_is_always_the_same() -> None:
    """Two runs of Python, which order their sets differently, say the same in the same order."""
    code = (
        "from scripts.drift.compare import compare\n"
        "def document(kind):\n"
        "    schema = {'properties': {name: {'type': kind} for name in 'abcdefgh'}}\n"
        "    body = {'content': {'application/json': {'schema': schema}}}\n"
        "    return {'paths': {'/a/': {'get': {'responses': {'200': body}}}}}\n"
        "for change in compare(document('string'), document('integer')).changes:\n"
        "    print(change.name)\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0].split() == sorted("abcdefgh")
    assert runs[0] == runs[1]
