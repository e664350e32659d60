from typing import Any

import pytest

from scripts.documents import DocumentError
from scripts.overlay import apply


def _apply(document: dict[str, Any], *actions: dict[str, Any]) -> dict[str, Any]:
    complete = [{"description": "why", "x-expect": 1, **action} for action in actions]
    return apply(document, {"overlay": "1.1.0", "actions": complete})


def test_the_original_stays_as_it_was() -> None:
    """A changed copy is returned."""
    document = {"a": {"b": 1}}
    assert _apply(document, {"target": "$.a.b", "update": 2}) == {"a": {"b": 2}}
    assert document == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("document", "action", "result"),
    [
        # Objects are merged, recursively; arrays within them are joined.
        (
            {"a": {"x": 1, "o": {"p": 1}, "l": [1]}},
            {"target": "$.a", "update": {"x": 2, "y": 3, "o": {"q": 2}, "l": [2, 3]}},
            {"a": {"x": 2, "o": {"p": 1, "q": 2}, "l": [1, 2, 3], "y": 3}},
        ),
        ({"a": 1}, {"target": "$", "update": {"b": 2}}, {"a": 1, "b": 2}),
        # An array takes another array, or one more item.
        ({"a": [1]}, {"target": "$.a", "update": [2, 3]}, {"a": [1, 2, 3]}),
        ({"a": [1]}, {"target": "$.a", "update": {"b": 2}}, {"a": [1, {"b": 2}]}),
        ({"a": [1]}, {"target": "$.a", "update": 2}, {"a": [1, 2]}),
        # A primitive is replaced.
        ({"a": 1}, {"target": "$.a", "update": "x"}, {"a": "x"}),
        (
            {"a": {"b": 1}, "c": {"b": 2}},
            {"target": "$.*.b", "update": 0, "x-expect": 2},
            {"a": {"b": 0}, "c": {"b": 0}},
        ),
        # Copies are taken from the document.
        (
            {"a": {"x": 1}, "b": {}},
            {"target": "$.b", "copy": "$.a"},
            {"a": {"x": 1}, "b": {"x": 1}},
        ),
        ({"a": [1], "b": []}, {"target": "$.b", "copy": "$.a"}, {"a": [1], "b": [1]}),
        # Removal, of several items of a list too.
        ({"a": 1, "b": 2}, {"target": "$.a", "remove": True}, {"b": 2}),
        ({"a": [1, 2, 3, 4]}, {"target": "$.a[?@ > 1]", "remove": True, "x-expect": 3}, {"a": [1]}),
        (
            {"a": [[1, 2], [1]]},
            {"target": "$.a[*][0]", "remove": True, "x-expect": 2},
            {"a": [[2], []]},
        ),
        # Nothing is to be found, and nothing is.
        ({"a": 1}, {"target": "$.b", "remove": True, "x-expect": 0}, {"a": 1}),
    ],
)
def test_each_action(document: Any, action: dict[str, Any], result: Any) -> None:
    """As the Overlay Specification 1.1 describes update, copy and remove."""
    assert _apply(document, action) == result


def test_actions_follow_one_another() -> None:
    """Each works on what the one before has left: this is how a node is moved."""
    moved = _apply(
        {"old": {"x": 1}},
        {"target": "$", "update": {"new": {}}},
        {"target": "$.new", "copy": "$.old"},
        {"target": "$.old", "remove": True},
    )
    assert moved == {"new": {"x": 1}}


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ({"target": "$.z", "update": 1}, "expected 1 places, found 0"),
        ({"target": "$.*", "update": 1}, "expected 1 places, found 2\n  matched: $['a']"),
        ({"target": "$.a", "update": 1, "x-expect": 2}, "expected 2 places, found 1"),
        ({"target": "$.a"}, "exactly one of update, copy and remove"),
        ({"target": "$.a", "update": 1, "remove": True}, "exactly one of"),
        ({"target": "$.a", "update": {}}, "cannot merge an object into a primitive"),
        ({"target": "$", "update": {"c": 1}, "typo": 1}, "unknown fields: typo"),
        ({"target": "$", "update": {"a": {}}}, "cannot merge an object into a primitive"),
        ({"target": "$.a", "copy": "$.*"}, "selects 2 places, not one"),
        ({"target": "$.a", "copy": "$.b.c"}, "['c'] is not in $['b'], which is now:\n    []"),
        ({"target": "$.b.c.d", "update": 1}, "['c'] is not in $['b'], which is now:\n    []"),
        (
            {"target": "$.b[?@.x == '[z]'].d", "update": 1},
            "[?@['x'] == '[z]'] is not in $['b'], which is now:\n    []",
        ),
        ({"target": "$", "remove": True}, "the document itself cannot be removed"),
        ({"target": "not a path", "update": 1}, "action 1, not a path"),
        (
            {"target": "$.*", "remove": True, "x-expect": 2, "x-identical": True},
            "$['a'] and $['b'] differ at ",
        ),
        ({"target": "$['a', 'b']", "update": 1, "x-expect": 2}, "mixed"),
    ],
)
def test_an_action_that_does_not_fit_stops_the_build(action: dict[str, Any], says: str) -> None:
    """The error names the action, what was found, and why the action is there."""
    with pytest.raises(DocumentError) as caught:
        _apply({"a": 1, "b": []}, action)
    assert says in str(caught.value)
    assert "why the action is there: why" in str(caught.value)


@pytest.mark.parametrize("missing", ["target", "description", "x-expect"])
def test_no_action_goes_without_reason_or_count(missing: str) -> None:
    """Every correction says why it is there, and how many places it must match."""
    action = {"target": "$.a", "description": "why", "x-expect": 1, "update": 2}
    del action[missing]
    with pytest.raises(DocumentError, match=f"missing fields: {missing}"):
        apply({"a": 1}, {"overlay": "1.1.0", "actions": [action]})


def test_another_version_is_refused() -> None:
    """1.0 knows no copy."""
    with pytest.raises(DocumentError, match=r"must be 1\.1\.x"):
        apply({}, {"overlay": "1.0.0", "actions": []})


def test_a_number_of_places_can_be_a_query() -> None:
    """As many as another query matches, so that a new operation needs no other number."""
    action = {"target": "$.*.b", "remove": True, "x-expect": "$.*"}
    assert _apply({"a": {"b": 1}, "c": {"b": 2}}, action) == {"a": {}, "c": {}}
    with pytest.raises(DocumentError, match=r"expected 2 places, as many as \$\.\*, found 1"):
        _apply({"a": {"b": 1}, "c": {}}, action)


def test_all_misfits_are_reported_at_once() -> None:
    """One that does not fit is left out, and the others are tried."""
    with pytest.raises(DocumentError) as caught:
        _apply(
            {"a": 1},
            {"target": "$.y", "update": 1},
            {"target": "$.a", "update": 2},
            {"target": "$.z", "update": 1},
        )
    lines = str(caught.value).splitlines()
    assert lines[0] == "overlay: 2 actions do not fit; later ones may follow from the first"
    assert [line.partition(":")[2][:12] for line in lines if "expected" in line] == [
        " action 1, $",
        " action 3, $",
    ]
