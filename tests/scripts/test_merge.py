import itertools
from typing import Any

import pytest

from scripts.documents import OPENAPI, DocumentError
from scripts.merge import additions, merge, prove
from scripts.serialization import dump, read

HEAD = {"openapi": "3.1.0", "info": {"title": "T"}, "servers": [{"url": "u"}], "security": []}
REF = {"$ref": "#/components/schemas/A"}


def _document(path: str, item: Any = None, **components: Any) -> dict[str, Any]:
    return {**HEAD, "paths": {path: item or {"get": {}}}, "components": {"schemas": components}}


SOURCES = {path.name: read(path) for path in (OPENAPI / "sources").glob("*.yaml")}
SUPPLEMENTS = {path.name: read(path) for path in (OPENAPI / "supplements").glob("*.yaml")}
ADDED = additions(SOURCES, SUPPLEMENTS)


def test_the_order_of_the_sources_does_not_matter() -> None:
    """All orders of what was published give the same bytes."""
    sources = list(SOURCES.items())[:4]
    texts = {dump(merge(dict(order), ADDED)) for order in itertools.permutations(sources)}
    assert len(texts) == 1


def test_the_merged_document_is_proved() -> None:
    """Every leaf of what was published and of the supplements is in it, and nothing else is."""
    prove(merge(SOURCES, ADDED), SOURCES | ADDED)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda merged: merged["info"].pop("title"), '/info/title = "Cekura API" is not in'),
        (lambda merged: merged.update(x=1), "has /x = 1, which is in no source"),
        (lambda merged: merged["info"].update(title=1), "/info/title"),
        (lambda merged: merged["paths"].popitem(), "is not in the merged document"),
    ],
)
def test_the_proof_fails_where_it_should(change: Any, says: str) -> None:
    """A leaf lost, added or changed is found and named."""
    merged = merge(SOURCES, ADDED)
    change(merged)
    with pytest.raises(DocumentError) as caught:
        prove(merged, SOURCES | ADDED)
    assert says in str(caught.value)


def test_equal_paths_and_components_are_merged() -> None:
    """Two pages may describe the same thing, if they agree."""
    one, two = _document("/a", A={"type": "object"}), _document("/a", A={"type": "object"})
    assert merge({"1": one, "2": two}, {}) == one


@pytest.mark.parametrize(
    ("one", "two", "says"),
    [
        (
            _document("/a", {"get": {"x": 1}}),
            _document("/a", {"get": {"x": 2}}),
            "1.yaml and 2.yaml disagree at /paths/~1a/get/x",
        ),
        (
            _document("/a", A={"type": "object"}),
            _document("/b", A={"type": "object", "required": ["x"]}),
            "1.yaml and 2.yaml disagree at /components/schemas/A/required/0",
        ),
        (
            _document("/a"),
            {**_document("/b"), "servers": [{"url": "other"}]},
            "1.yaml and 2.yaml disagree at /servers/0/url",
        ),
        (
            _document("/a"),
            {key: value for key, value in _document("/b").items() if key != "security"},
            "1.yaml and 2.yaml disagree at /security",
        ),
        (_document("/a"), {**_document("/b"), "x-new": 1}, "disagree at /x-new"),
        (
            _document("/a"),
            _document("/b", {"get": {"schema": REF}}),
            "2.yaml: /paths/~1b/get/schema/$ref is '#/components/schemas/A', which no document has",
        ),
        (
            _document("/a"),
            _document("/b", {"get": {"schema": {"$ref": "other.yaml#/A"}}}),
            "2.yaml: /paths/~1b/get/schema/$ref is 'other.yaml#/A', which no document has",
        ),
        (_document("/a"), {**HEAD, "paths": []}, "2.yaml: /paths is not a mapping"),
        (
            _document("/a"),
            {**_document("/b"), "components": {"schemas": 1}},
            "2.yaml: /components/schemas is not a mapping",
        ),
    ],
)
def test_disagreement_is_refused(one: dict[str, Any], two: dict[str, Any], says: str) -> None:
    """The error names the files and the place."""
    with pytest.raises(DocumentError) as caught:
        merge({"1.yaml": one, "2.yaml": two}, {})
    assert says in str(caught.value)


def test_a_supplement_adds_components_only() -> None:
    """They may use those of the sources. What the vendor says of an operation, nothing replaces."""
    source = {"1.yaml": _document("/a", A={})}
    merged = merge(source, {"s.yaml": {"components": {"schemas": {"B": {"items": REF}}}}})
    assert merged["components"]["schemas"] == {"A": {}, "B": {"items": REF}}
    for key in ("info", "paths"):
        with pytest.raises(
            DocumentError, match=rf"s\.yaml: /{key} does not belong in a supplement"
        ):
            merge(source, {"s.yaml": {key: {}}})


def test_two_methods_on_one_path_are_merged() -> None:
    """Each from its own document; what both say of the path must agree."""
    one = _document("/a", {"get": {"x": 1}, "summary": "s"})
    two = _document("/a", {"post": {"x": 2}, "summary": "s"})
    merged = merge({"1": one, "2": two}, {})
    assert merged["paths"] == {"/a": {"get": {"x": 1}, "post": {"x": 2}, "summary": "s"}}
    two["paths"]["/a"]["summary"] = "t"
    with pytest.raises(DocumentError, match="1 and 2 disagree at /paths/~1a/summary"):
        merge({"1": one, "2": two}, {})


def test_a_name_that_the_vendor_takes_gives_way_in_the_supplement() -> None:
    """Its component gets a name of its own, with all that refers to it; the proof holds."""
    sources = {"1": _document("/a", {"get": {"schema": REF}}, A={"type": "object"})}
    supplement = {"components": {"schemas": {"A": {"type": "string"}, "B": {"items": REF}}}}
    added = additions(sources, {"s": supplement})
    merged = merge(sources, added)
    prove(merged, sources | added)
    other = {"$ref": "#/components/schemas/SupplementA"}
    assert merged["paths"] == {"/a": {"get": {"schema": REF}}}
    assert merged["components"]["schemas"] == {
        "A": {"type": "object"},
        "B": {"items": other},
        "SupplementA": {"type": "string"},
    }


def test_an_equal_component_is_shared() -> None:
    """What a supplement says as the vendor does keeps its name."""
    sources = {"1": _document("/a", A={"type": "object"})}
    supplement = {"components": {"schemas": {"A": {"type": "object"}}}}
    assert additions(sources, {"s": supplement}) == {"s": supplement}
