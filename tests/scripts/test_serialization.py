import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.documents import DocumentError, first_difference, leaves
from scripts.serialization import dump, load

_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), _values, min_size=1, max_size=4))
def test_what_is_written_reads_back_as_it_was(document: dict[str, object]) -> None:
    """Every leaf with its type, and the order of keys."""
    assert json.dumps(load(dump(document), "x")) == json.dumps(document)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2025-02-25", "2025-02-25"),
        ("12:30", "12:30"),
        ("0o17", 15),
        ("017", 17),
        ("0x1F", 31),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("~", None),
        ("", None),
        ("True", True),
        ("'1'", "1"),
        ("<<", "<<"),
        ("1_000", "1_000"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    """Words and dates stay text; only what YAML 1.2 calls a number is one."""
    found = load(f"a: {text}", "x")["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "page.yaml: line 4: the key /b/c stands there twice"),
        ("a/b: 1\na/b: 2\n", "the key /a~1b stands there twice"),
        ("200: 1\n", "page.yaml: line 1: the key '200' in the document is not a string; quote it"),
        ("a: {true: 1}\n", "the key 'true' in /a is not a string"),
        ("a: &x 1\nb: *x\n", "anchors and aliases are not accepted"),
        ("a: *x\n", "page.yaml"),
        ("a: !!python/object:os.system 1\n", "is not accepted"),
        ("a: !!binary aGk=\n", "/a: the tag 'tag:yaml.org,2002:binary' is not accepted"),
        ("- 1\n", "the document is not a mapping"),
        ("", "the document is not a mapping"),
        ("a: [1\n", "not readable as YAML"),
        ("a: 1\n---\nb: 2\n", "not readable as YAML"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(text: str, says: str) -> None:
    """With the name of the file, the line or the place, and the reason."""
    with pytest.raises(DocumentError) as caught:
        load(text, "page.yaml")
    assert says in str(caught.value)


def test_leaves_tell_apart_what_looks_alike() -> None:
    """1, 1.0, true and "1" are four things; an empty container is a leaf."""
    one = {"a": [1, 1.0, True, "1", {}, [], None]}
    values = [value for _, value in leaves(one)]
    assert values == ["1", "1.0", "true", '"1"', "{}", "[]", "null"]
    assert len(set(values)) == 7
    assert next(leaves({"a/b": {"c~d": 0}}))[0] == "/a~1b/c~0d"


@pytest.mark.parametrize(
    ("one", "other", "at"),
    [
        ({"a": 1}, {"a": 1}, None),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, None),
        ({"a": 1}, {"a": 1.0}, "/a"),
        ({"a": [1, 2]}, {"a": [1]}, "/a/1"),
        ({}, {"a": {}}, ""),
        (1, 2, ""),
    ],
)
def test_the_first_difference_is_found(one: object, other: object, at: str | None) -> None:
    """The order of keys is none."""
    assert first_difference(one, other) == at
