"""Nothing is passed over, nothing is invented, and no document is too strange to be compared."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scripts.documents import OPENAPI, Document, Parts, pointer
from scripts.drift.compare import compare
from scripts.serialization import read

# In which every component is in use.
CLIENT = read(OPENAPI / "client.yaml")
EVERY = 6  # one place in so many is damaged
SLICES = 4


def _places(value: Any, at: Parts = ()) -> Iterator[Parts]:
    """All places of a document but itself."""
    listed = value if isinstance(value, list) else []
    for key, item in value.items() if isinstance(value, dict) else enumerate(listed):
        yield (*at, key)
        yield from _places(item, (*at, key))


PLACES = list(_places(CLIENT))


def _damaged(value: Any, at: Parts, *values: Any) -> Any:
    """The document with another value at this place, or with none; the rest is not copied."""
    if not at:
        return values[0]
    copied = copy.copy(value)
    if at[1:] or values:
        copied[at[0]] = _damaged(value[at[0]], at[1:], *values)
    else:
        del copied[at[0]]
    return copied


def _another(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, dict):
        return {} if value else {"x": {}}
    return [] if value else ["x"]


def _at(document: Document, at: Parts) -> Any:
    value: Any = document
    for key in at:
        value = value[key]
    return value


def _silent(one: Document, other: Document) -> bool:
    """Whether two documents that differ give neither a change nor a count, one way or the other."""
    drifts = (compare(one, other), compare(other, one))
    return any(not drift.changes and not drift.noise for drift in drifts)


def _told(damaged: Document) -> str:
    """ "change", or what is counted instead; empty if it is neither."""
    drift = compare(CLIENT, damaged)
    return "change" if drift.changes else ", ".join(sorted(drift.noise))


@pytest.mark.parametrize("start", range(SLICES))
def test_no_place_is_out_of_sight(start: int) -> None:
    """A value that is taken out or altered, wherever it stands, is told, and not only counted.

    Except for extensions, empty texts, what something else says as well (a type, an alternative), and
    that a property of an answer is read-only.
    """
    silent: list[str] = []
    for at in PLACES[::EVERY][start::SLICES]:
        counted = {"extensions (x-…)"} if any(str(key).startswith("x-") for key in at) else set()
        counted |= {"empty descriptions"} if not _at(CLIENT, at) else set()
        # Two alternatives of the security may be the same scheme under two names.
        twice = at[-1] in ("type", "readOnly") or "security" in at
        twice = twice or _at(CLIENT, at) == {"readOnly": True}
        counted |= {"other ways of writing the same"} if twice else set()
        counted |= {"order of keys, version of OpenAPI"} if at == ("openapi",) else set()
        for values in ([], [_another(_at(CLIENT, at))]):
            told = _told(_damaged(CLIENT, at, *values))
            if told not in {"change"} | counted:
                silent.append(f"{pointer(at)} {'altered' if values else 'gone'}: {told}")
    assert not silent


# --- Damage ---------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.floats(-9, 9), st.text(max_size=3)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
SMALL: Document = {
    "openapi": "3.1.0",
    "info": {"title": "T"},
    "servers": [{"url": "https://one.example"}],
    "security": [{"key": []}],
    "tags": [{"name": "Runs"}],
    "paths": {
        "/{id}/": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {}}],
            "post": {
                "operationId": "run",
                "tags": ["Runs"],
                "security": [{"key": []}],
                "parameters": [{"name": "a", "in": "query", "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": {}}}},
                "responses": {
                    "201": {
                        "description": "OK",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/A"}}
                        },
                    }
                },
            },
        }
    },
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-KEY"}},
        "schemas": {
            "A": {
                "type": "object",
                "required": ["b"],
                "properties": {
                    "b": {"type": ["string", "null"], "enum": ["x", None], "maxLength": 5},
                    "c": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
                    "d": {"allOf": [{"$ref": "#/components/schemas/B"}], "readOnly": True},
                    "e": {"type": "array", "items": {"type": "number", "default": 1}},
                    "f": {"type": "object", "additionalProperties": False, "nullable": True},
                },
            },
            "B": {"oneOf": [{"type": "string"}, {"type": "integer"}, {"const": 1}]},
        },
    },
}


TAGS: Parts = ("paths", "/test_framework/v1/scenarios/run_scenarios/", "post", "tags")


@example(at=TAGS, value=1)
@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(at=st.sampled_from(PLACES), value=VALUES)
def test_a_damaged_document_is_compared(at: Parts, value: Any) -> None:
    """Whatever stands in whatever place, comparing raises nothing and passes nothing over."""
    damaged = _damaged(CLIENT, at, value)
    assert repr(_at(CLIENT, at)) == repr(value) or not _silent(CLIENT, damaged)


@pytest.mark.parametrize("at", [pytest.param(at, id=pointer(at)) for at in _places(SMALL)])
def test_structure_of_a_wrong_type_is_compared(at: Parts) -> None:
    """Where the structure of a document is broken, the rest of it is compared all the same."""
    here = _at(SMALL, at)
    for value in (None, 7, "z", [None], {"z": None}, {}):
        damaged = _damaged(SMALL, at, value)
        assert not compare(damaged, damaged).changes, value
        assert repr(value) == repr(here) or not _silent(SMALL, damaged), value


# --- Small documents at random --------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "type", "properties", "description", "x-a"])
TYPES = st.sampled_from(["string", "integer", "number", "object", "array", "null"])
REFERENCES = st.sampled_from([f"#/components/schemas/{name}" for name in ("A", "B", "C")])


def _optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


LEAVES = _optional(
    type=TYPES | st.lists(TYPES, max_size=2, unique=True),
    enum=st.lists(st.sampled_from(["x", "y", 1, None]), max_size=2, unique=True),
    nullable=st.booleans(),
    readOnly=st.booleans(),
    writeOnly=st.booleans(),
    maxLength=st.integers(1, 3),
    minimum=st.integers(1, 3),
    exclusiveMinimum=st.booleans() | st.integers(1, 3),
    default=SCALARS,
    description=st.sampled_from(["", "A.", "B."]),
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    branches = st.lists(inner, max_size=3)
    return _optional(
        type=TYPES,
        properties=st.dictionaries(NAMES, inner, max_size=3),
        required=st.lists(NAMES, max_size=2, unique=True),
        items=inner,
        additionalProperties=inner | st.booleans(),
        allOf=branches,
        anyOf=branches,
        oneOf=branches,
        readOnly=st.booleans(),
    )


SCHEMAS = st.recursive(LEAVES | st.fixed_dictionaries({"$ref": REFERENCES}), _nested, max_leaves=6)
BODIES = st.fixed_dictionaries(
    {
        "content": st.dictionaries(
            st.sampled_from(["application/json", "text/csv"]), _optional(schema=SCHEMAS)
        )
    }
)
OPERATIONS = _optional(
    operationId=NAMES,
    tags=st.lists(NAMES, max_size=2),
    parameters=st.lists(
        st.fixed_dictionaries(
            {"name": NAMES, "in": st.sampled_from(["query", "path"])},
            optional={"required": st.booleans(), "schema": LEAVES, "description": NAMES},
        ),
        max_size=3,
        unique_by=lambda parameter: (parameter["name"], parameter["in"]),
    ),
    requestBody=BODIES,
    responses=st.dictionaries(st.sampled_from(["200", "201", "404"]), BODIES, max_size=2),
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "paths": st.dictionaries(
            st.sampled_from(["/a/", "/b/{a}/", "/c/{a}/{b}/", "/c/{b}/{a}/"]),
            _optional(get=OPERATIONS, post=OPERATIONS),
            max_size=2,
        ).filter(lambda paths: sum(path.startswith("/c/") for path in paths) < 2),
        "components": st.fixed_dictionaries(
            {"schemas": st.dictionaries(st.sampled_from(["A", "B", "C"]), SCHEMAS, max_size=3)}
        ),
    }
)
small = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def _shuffled(value: Any, source: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        source.shuffle(keys)
        return {key: _shuffled(value[key], source) for key in keys}
    return [_shuffled(item, source) for item in value] if isinstance(value, list) else value


@example(
    old={"paths": {}, "components": {"schemas": {}}},
    new={"paths": {}, "components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}},
)
@small
@given(old=DOCUMENTS, new=DOCUMENTS)
def test_any_two_documents_are_compared(old: Document, new: Document) -> None:
    """No document of the right kind is too odd, and no difference of two goes unmentioned."""
    assert repr(old) == repr(new) or not _silent(old, new)


@small
@given(document=DOCUMENTS, source=st.randoms(use_true_random=False))
def test_a_document_is_like_itself(document: Document, source: random.Random) -> None:
    """A copy gives no change and no noise; with its keys in another order, noise at most."""
    drift = compare(document, copy.deepcopy(document))
    assert (drift.changes, drift.noise) == ([], {})
    drift = compare(document, _shuffled(document, source))
    assert not drift.changes
    assert drift.noise.keys() <= {"order of keys"}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_keys_is_noise(seed: int) -> None:
    """The whole specification with its keys in another order has not changed."""
    drift = compare(CLIENT, _shuffled(CLIENT, random.Random(seed)))
    assert drift.changes == []
    assert drift.noise.keys() == {"order of keys"}
