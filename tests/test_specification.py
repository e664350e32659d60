"""What is written by hand, against the specification it is written for.

These fail when the specification has moved on, and say what is to be written.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Literal, get_args, get_origin

import pytest

from cekura_client import InvalidRequestError
from cekura_client.core.description import Argument, Entries
from cekura_client.core.launch_kinds import EVERY_LAUNCH, KINDS
from cekura_client.core.verdicts import END_STATUSES
from cekura_client.wire.gateway import KEY_HEADER
from cekura_client.wire.settings import DEFAULT_URL
from scripts.documents import OPENAPI, operations
from scripts.serialization import read
from tests.samples import arguments_for

CEKURA, CLIENT = read(OPENAPI / "cekura.yaml"), read(OPENAPI / "client.yaml")

FILE = "facade/cekura_client/core/launch_kinds.py"

# What a method takes beyond the fields of its request. The first N are sent in the field `scenarios`.
OWN = {*EVERY_LAUNCH, "first"}

Schema = dict[str, Any]

_MAY_BE_SECRET = re.compile(r"url|header|token|secret|password|credential|_data$")


def _resolved(document: Schema, schema: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def _request_schema(document: Schema, operation_id: str) -> Schema:
    (found,) = (v for v in operations(document).values() if v["operationId"] == operation_id)
    return _resolved(document, found["requestBody"]["content"]["application/json"]["schema"])


def _behind(document: Schema, operation: str) -> list[str]:
    """In what the description of a launch departs from the document, and what to write."""
    kind = KINDS[operation]
    sent = {name: argument for name, argument in kind.arguments.items() if name not in OWN}
    return [
        f"{FILE}, {problem}"
        for problem in _departures(document, sent, _request_schema(document, operation), kind.shape)
    ]


def _departures(
    document: Schema, arguments: Mapping[str, Argument], schema: Schema, shape: type
) -> Iterator[str]:
    published, required = schema["properties"], set(schema.get("required", ()))
    for name in published.keys() - arguments.keys():
        new = _key(name, published[name], required, arguments)
        yield f"class {shape.__name__}: {name} is new; add\n{new}"
    for name in sorted(arguments.keys() - published.keys()):
        yield f"class {shape.__name__} or its base: {name} is no longer published; delete it"
    for name in sorted(arguments.keys() & published.keys()):
        argument, place = arguments[name], f"class {shape.__name__} or its base: {name}"
        if argument.required and name not in required:
            yield f"{place} is no longer required; write `| None` instead of Required[…]"
        if name in required and not argument.required:
            yield f"{place} is required now; write Required[Annotated[…]], without `| None`"
        wrong = list(_limits(argument, published[name]))
        yield from (f"{place} {problem}" for problem in wrong)
        if isinstance(argument.field.check, Entries) and not wrong:
            entries = argument.field.check
            below = _resolved(document, published[name]["items"])
            yield from _departures(document, entries.arguments, below, entries.shape)


def _limits(argument: Argument, schema: Schema) -> Iterator[str]:
    """What the check of an argument accepts and the document does not, or the other way round."""
    if "anyOf" in schema:
        # Of the voice launch: ids, a number, which has an argument of its own, and "all".
        forms = [form for form in schema["anyOf"] if form["type"] != "integer"]
        for form in forms:
            yield from _limits(argument, form)
        return
    kind = _type(schema)
    right, wrong = _SAMPLES[kind, _type(schema.get("items", {}))]
    if not any(_accepts(argument, value) for value in right) or _accepts(argument, wrong):
        yield f"is of type {kind} now; write\n{_key(argument.name, schema, set())}"
        return
    if "enum" in schema and kind == "string":
        taken = set(_literals(argument.hint)) or {
            v for v in schema["enum"] if _accepts(argument, v)
        }
        if taken != set(schema["enum"]) or not all(_accepts(argument, v) for v in taken):
            yield f"is one of {schema['enum']} now; write\n{_key(argument.name, schema, set())}"
    elif kind == "integer":
        largest, smallest = schema.get("maximum"), schema.get("minimum", 1)
        if largest is None:
            if not _accepts(argument, 10**9):
                yield "has no maximum any more; write Field(positive, …)"
        elif not _accepts(argument, largest) or _accepts(argument, largest + 1):
            yield f"has the maximum {largest} now; write Field(at_most({largest}), …)"
        if smallest != 1:
            yield f"has the minimum {smallest} now; write a check for that in core/checks.py"
    elif kind == "string" and "maxLength" in schema and _accepts(argument, "a" * 99999):
        yield f"has the maximum length {schema['maxLength']} now; see `label` in core/checks.py"


_SAMPLES: dict[tuple[str, str], tuple[list[object], object]] = {
    ("integer", ""): ([1], "a"),
    ("string", ""): (["a", "all", "same_number", "wss://a.example"], 1),
    ("boolean", ""): ([True], "a"),
    ("object", ""): ([{"a": "b"}], "a"),
    ("array", "integer"): ([[1]], 1),
    ("array", "string"): ([["a"]], 1),
    ("array", "$ref"): ([[{"scenario": 1}]], 1),
}


def _type(schema: Schema) -> str:
    """The type, where null is left aside: None is the same as nothing here."""
    if "$ref" in schema:
        return "$ref"
    found: str | list[str] = schema.get("type", "object" if schema else "")
    return found if isinstance(found, str) else next(one for one in found if one != "null")


def _accepts(argument: Argument, value: object) -> bool:
    try:
        argument.field.check(argument.name, value)
    except InvalidRequestError:
        return False
    return True


def _literals(hint: Any) -> tuple[Any, ...]:
    forms = (hint, *get_args(hint))
    return next((get_args(form) for form in forms if get_origin(form) is Literal), ())


def _key(
    name: str, schema: Schema, required: set[str], beside: Mapping[str, Argument] | None = None
) -> str:
    """What to write for a field that is published like this, beside those that are described."""
    kind, text = _type(schema), " ".join(schema.get("description", "").split())
    hint, check = {
        "integer": ("int", f"at_most({schema['maximum']})" if "maximum" in schema else "positive"),
        "string": ("str", "text"),
        "object": ("Mapping[str, Any]", "json_object"),
        "array": {
            "integer": ("Iterable[int]", "positives"),
            "string": (
                "Iterable[str]",
                "texts_or_none" if "empty list" in text else "texts",
            ),
        }.get(_type(schema.get("items", {})), ("Iterable[…]", "Entries(…)")),
    }.get(kind, ("…", "…"))
    if _MAY_BE_SECRET.search(name):
        check += ", secret=hidden"
    if "enum" in schema and kind == "string":
        hint = f"Literal[{', '.join(map(repr, schema['enum']))}]"
        check = f"one_of({hint})"
    if "null" in text:
        check += ", nullable=True"
    listed = (beside or {}).get(f"{name}s")
    if listed is not None and listed.field.multiplies:
        factor = listed.field.multiplies[0]
        check += f', multiplies=("{factor}", _one), rule=_joins("{name}", "{name}s")'
    described = text or "What it means."
    annotated = f"Annotated[{hint}{'' if name in required else ' | None'}, Field({check})]"
    whole = f"Required[{annotated}]" if name in required else annotated
    return (
        f'    {name}: {whole}\n    """{described}"""\n'
        "with `multiplies=…` if it makes more runs, and `secret=hidden` if it may be a credential"
    )


@pytest.mark.parametrize("operation", KINDS)
def test_the_description_of_a_launch_is_that_of_the_document(operation: str) -> None:
    """Names, types, limits, enums and required fields; the message has the line to write."""
    behind = _behind(CLIENT, operation)
    assert not behind, "\n" + "\n".join(behind)


VOICE, WEBSOCKET = "SchemaPostRunScenarios", "RunScenariosWithWebsockets"
NEW = {"type": "array", "items": {"type": "string"}, "description": "Something new."}


@pytest.mark.parametrize(
    ("schema", "change", "says"),
    [
        (
            VOICE,
            {"brand_new": NEW},
            'brand_new: Annotated[Iterable[str] | None, Field(texts)]\n    """Something new."""',
        ),
        (
            VOICE,
            {"brand_new": {**NEW, "description": "Send null for all, an empty list for none."}},
            "Iterable[str] | None, Field(texts_or_none, nullable=True)]",
        ),
        (VOICE, {"agent_number": None}, "class VoiceArguments or its base: agent_number is no lo"),
        (
            WEBSOCKET,
            {"frequency": {"maximum": 47}},
            "frequency has the maximum 47 now; write Field(a",
        ),
        (WEBSOCKET, {"frequency": {"maximum": 203}}, "frequency has the maximum 203 now"),
        (WEBSOCKET, {"frequency": {"maximum": ...}}, "frequency has no maximum any more"),
        (VOICE, {"frequency": {"maximum": 9}}, "frequency has the maximum 9 now; write Field(at_m"),
        (VOICE, {"frequency": {"minimum": 2}}, "frequency has the minimum 2 now"),
        (VOICE, {"frequency": {"type": "string"}}, "frequency is of type string now; write\n"),
        (VOICE, {"name": {"type": "integer"}}, "name is of type integer now"),
        (VOICE, {"tags": {"items": {"type": "integer"}}}, "tags is of type array now"),
        (VOICE, {"mode": {"enum": ["same_number"]}}, "mode is one of ['same_number'] now; write\n"),
        (
            VOICE,
            {"mode": {"enum": ["same_number", "different_numbers", "any"]}},
            "mode is one of [",
        ),
        (VOICE, {"agent_number": {"maxLength": 9}}, "agent_number has the maximum length 9 now"),
        (
            VOICE,
            ["agent_id"],
            "class VoiceArguments or its base: agent_id is required now; write Required[",
        ),
        (
            WEBSOCKET,
            ["scenarios"],
            "class WebsocketArguments or its base: frequency is no longer required",
        ),
        (
            "ScenarioWithWebsocket",
            {"token": {"type": "string"}},
            "class WebsocketScenario: token is",
        ),
        ("ScenarioWithWebsocket", ["scenario", "websocket_url"], "websocket_url is required now"),
    ],
)
def test_a_change_of_the_document_is_noticed(schema: str, change: Any, says: str) -> None:
    """A field that is added, removed, narrowed, widened or required; by one complaint."""
    document = deepcopy(CLIENT)
    changed: Schema = document["components"]["schemas"][schema]
    if isinstance(change, list):
        changed["required"] = change
    else:
        ((name, field),) = change.items()
        if field is None:
            del changed["properties"][name]
        else:
            merged = {**changed["properties"].get(name, {}), **field}
            changed["properties"][name] = {k: v for k, v in merged.items() if v is not ...}
    known = [problem for operation in KINDS for problem in _behind(CLIENT, operation)]
    found = [problem for operation in KINDS for problem in _behind(document, operation)]
    found = [problem for problem in found if problem not in known]
    assert len(found) == 1, found
    assert found[0].startswith(f"{FILE}, class ")
    assert says in found[0]


def _all_arguments(arguments: Mapping[str, Argument]) -> Iterator[Argument]:
    for argument in arguments.values():
        yield argument
        if isinstance(argument.field.check, Entries):
            yield from _all_arguments(argument.field.check.arguments)


@pytest.mark.parametrize("operation", KINDS)
def test_what_sounds_like_a_secret_is_one(operation: str) -> None:
    """It would be shown in plans and errors, and stand in the record."""
    for argument in _all_arguments(KINDS[operation].arguments):
        if _MAY_BE_SECRET.search(argument.name):
            where = f"{FILE}, class {argument.shape.__name__}: {argument.name}"
            assert argument.field.secret, f"{where}: write Field(…, secret=hidden)"


@pytest.mark.parametrize("operation", KINDS)
def test_null_and_an_empty_list_can_be_sent_where_they_mean_something(operation: str) -> None:
    """Where the text says what null or an empty list does, neither is refused or left out."""
    published = _request_schema(CLIENT, operation)["properties"]
    usual = arguments_for(KINDS[operation])
    meant: dict[str, Any] = {"null": None, "empty list": []}
    for name, schema in published.items():
        for word, value in meant.items():
            if word in schema.get("description", ""):
                body = KINDS[operation].check({**usual, name: value}).body
                assert body[name] == value, f"{FILE}: {name}: see texts_or_none and nullable"


@pytest.mark.parametrize("operation", KINDS)
def test_a_single_one_is_counted_with_its_list(operation: str) -> None:
    """`max_runs` would allow more runs than it says; one that is in the list as well is refused."""
    arguments = KINDS[operation].arguments
    usual = arguments_for(KINDS[operation])
    for name in arguments:
        if f"{name}s" in arguments and arguments[f"{name}s"].field.multiplies:
            without = {key: value for key, value in usual.items() if key != name}
            plans = [
                KINDS[operation].check({**without, f"{name}s": ids, **one}).plan.runs
                for ids, one in (([1], {}), (None, {name: 3}), ([1, 2], {name: 3}))
            ]
            once = plans[0] or 0
            assert plans == [once, once, 3 * once], f"{FILE}: {name}"
            with pytest.raises(InvalidRequestError, match=f"^{name}=2 is in {name}s as well"):
                KINDS[operation].check({**without, f"{name}s": [1, 2], name: 2})


def test_every_start_has_its_method() -> None:
    """An operation with a body starts runs."""
    starts = {v["operationId"] for v in operations(CLIENT).values() if "requestBody" in v}
    assert starts == KINDS.keys(), f"see {FILE}, class Launches"


def test_what_is_written_by_hand_agrees_with_the_document() -> None:
    """Header and address stand in the specification as well."""
    assert CLIENT["components"]["securitySchemes"]["api_key"]["name"] == KEY_HEADER
    assert [server["url"] for server in CLIENT["servers"]] == [DEFAULT_URL]


# Those that end a run or a result are END_STATUSES.
STILL_RUNNING = {"pending", "in_queue", "scaling_up", "running", "in_progress", "evaluating"}


def _statuses(node: Any) -> Iterator[str]:
    """Every status that a schema below lists."""
    if isinstance(node, dict):
        if isinstance(node.get("status"), dict):
            yield from node["status"].get("enum", ())
        for below in node.values():
            yield from _statuses(below)


def test_of_every_published_status_is_decided_whether_it_ends_a_run() -> None:
    """An unknown one counts as still running, so a wait for it would only end with its deadline."""
    published = set(_statuses(CEKURA))
    assert published >= {"pending", "completed"}
    new = published - STILL_RUNNING - END_STATUSES
    assert not new, (
        f"{new}: add to END_STATUSES in core/verdicts.py, with its verdict, or to STILL_RUNNING here"
    )
