import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.documents import OPENAPI, Document, DocumentError, Parts, leaf_parts
from scripts.published import Published, obtain, recognise
from scripts.serialization import dump, load, read
from scripts.tracked import MANIFEST, MEDIA_TYPES, as_tracked, cut, cuts, manifest, missing, take

TRACKED = {"a.yaml": "POST /a/"}
UPSTREAM = Path(__file__).resolve().parents[3] / "shared" / "upstream"
FULL = UPSTREAM / "openapi-2026-08-18.json"


def _json(reference: str) -> Any:
    return {"content": {"application/json": {"schema": {"$ref": reference}}}}


def _document(operation: Any = None, **fields: Any) -> Document:
    """A full document: the tracked operation, and another one."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://127.0.0.1"}],
        "paths": {"/b/": {"get": {}}, "/a/": {"post": {} if operation is None else operation}},
        **fields,
    }


def _using(reference: str, **components: Any) -> Document:
    return _document({"requestBody": _json(reference)}, components=components)


def _published(document: object, name: str = "full.json") -> Published:
    return recognise(json.dumps(document), name)


def _taken(document: object) -> Document:
    """What the source says that is taken from a document."""
    (text,) = take(_published(document), TRACKED).values()
    return load(text, "a.yaml")


def _refusal(document: object) -> str:
    with pytest.raises(DocumentError) as caught:
        take(_published(document), TRACKED)
    return str(caught.value)


def _names(document: Document) -> dict[str, list[str]]:
    return {section: list(named) for section, named in document.get("components", {}).items()}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "No such file"),
        ("", "not a mapping"),
        ("- POST /a/", "not a mapping"),
        ("a.yaml: POST /a/\na.yaml: POST /b/", "/a.yaml stands there twice"),
        ("a.yaml: POST /a/\nb.yaml: POST /a/", "an operation stands there twice"),
        ("a.yaml: POST", "a.yaml: 'POST' is not like 'POST /path/'"),
        ("a.yaml: POST a/", "a.yaml: 'POST a/' is not like"),
        ("a.yaml: POST  /a/", "is not like"),
        ("a.yaml: /a/", "is not like"),
        ("a.yaml: FETCH /a/", "is not like"),
        ("a.yaml: PARAMETERS /a/", "is not like"),
        ("a.yaml: post /a/", "is not like"),
        ("a.yaml: 1", "a.yaml: 1 is not like"),
        ("a.yaml:", "a.yaml: None is not like"),
        ("a.yaml: [POST /a/]", "is not like"),
        ("a.yaml: {POST: /a/}", "is not like"),
        ("a.json: POST /a/", "'a.json' is not the name of a YAML file"),
        ("../a.yaml: POST /a/", "'../a.yaml' is not the name"),
        ("/a.yaml: POST /a/", "'/a.yaml' is not the name"),
        ("b/a.yaml: POST /a/", "'b/a.yaml' is not the name"),
        ("'': POST /a/", "'' is not the name"),
    ],
)
def test_a_malformed_manifest_is_refused(tmp_path: Path, text: str | None, says: str) -> None:
    """With the line in question."""
    if text is not None:
        (tmp_path / MANIFEST).write_text(text, "utf-8")
    with pytest.raises(DocumentError) as caught:
        manifest(tmp_path)
    assert str(caught.value).startswith("tracked.yaml: ")
    assert says in str(caught.value)


def test_the_manifest_names_every_source() -> None:
    """No source is without its operation."""
    found = manifest(OPENAPI)
    sources = {path.name: read(path) for path in (OPENAPI / "sources").glob("*.yaml")}
    assert found.keys() == sources.keys()
    for file, source in sources.items():
        assert list(cuts(Published(file, source, None), found)) == [file]


def test_a_source_stands_under_what_the_manifest_names_now() -> None:
    """Who moves to a successor compares it with what it replaces; nothing else is changed."""
    source = cut(_document({"tags": ["a"]}), "POST /a/")
    assert as_tracked(source, "POST /a/") == source
    moved = as_tracked(source, "GET /v2/a/")
    assert moved == {**source, "paths": {"/v2/a/": {"get": {"tags": ["a"]}}}}


REF = {"$ref": "#/components/schemas/B"}
DATA = ("default", "example", "enum", "const", "examples", "value")


@pytest.mark.parametrize(
    ("schema", "reached"),
    [
        ({"type": "object"}, "A"),
        ({"properties": {"x": REF}}, "ABC"),
        ({"allOf": [{"items": {"additionalProperties": REF}}]}, "ABC"),
        ({"x-extension": [REF]}, "ABC"),
        ({"discriminator": {"mapping": {"b": REF["$ref"]}}}, "ABC"),
        ({"discriminator": {"mapping": {"b": "B"}}}, "ABC"),
        ({"$ref": "#/components/schemas/A"}, "A"),
        ({"$ref": "#/components/schemas/C/properties/a"}, "AC"),
        ({"properties": {"$ref": {"type": "string"}}}, "A"),
        *(
            ({names: {name: REF}}, "ABC")
            for names in ("properties", "patternProperties", "$defs")
            for name in DATA
        ),
        ({"properties": {"properties": {"default": REF}}}, "A"),
        *(({field: value}, "A") for field in DATA[:4] for value in (REF, [{"x": REF}])),
        ({"examples": [REF, [REF]]}, "A"),
    ],
)
def test_references_are_followed_to_their_end(schema: Any, reached: str) -> None:
    """All that is reached comes along, in the published order, and nothing else."""
    leaf = {"properties": {"a": {"$ref": "#/components/schemas/A"}}}
    schemas: Document = {
        "Z": REF,
        "A": schema,
        "B": {"not": {"$ref": "#/components/schemas/C"}},
        "C": leaf,
    }
    document = _using("#/components/schemas/A", schemas=schemas, responses={"R": {}})
    found = _taken(document)
    assert _names(found) == {"schemas": list(reached)}
    assert found["components"]["schemas"] == {name: schemas[name] for name in reached}


@pytest.mark.parametrize("name", DATA)
def test_a_reference_is_followed_whatever_it_is_called(name: str) -> None:
    """What bears the name of a field for data is none, where it is a name."""
    ref = "#/components/"
    schemas: Document = {name: REF, "B": {}}
    sections: Document = {
        "schemas": schemas,
        "responses": {name: {"headers": {name: {"$ref": f"{ref}headers/H"}}}},
        "headers": {"H": {"schema": {"$ref": f"{ref}schemas/{name}"}}},
        "examples": {"E": {"value": {"$ref": "x"}}, name: {"value": [{"$ref": "x"}]}},
    }
    examples = {name: {"$ref": f"{ref}examples/E"}, "x": {"$ref": f"{ref}examples/{name}"}}
    operation = {
        "parameters": [{"examples": {**examples, "y": {"value": {"$ref": "x"}}}}],
        "responses": {name: {"$ref": f"{ref}responses/{name}"}},
    }
    found = _taken(_document(operation, components=sections))
    assert found["components"] == sections


def test_every_kind_of_component_is_followed() -> None:
    """Parameters, bodies, responses, headers, examples, links, callbacks and path items."""
    ref = "#/components/"
    sections: Document = {
        "responses": {"R": {"headers": {"h": {"$ref": f"{ref}headers/H"}}}, "unused": {}},
        "unused": {"U": {}},
        "headers": {"H": {"schema": {"$ref": f"{ref}schemas/S"}}},
        "requestBodies": {"B": {"content": {}}},
        "parameters": {"P": {"examples": {"e": {"$ref": f"{ref}examples/E"}}}, "Q": {}},
        "examples": {"unused": {}, "E": {"value": 1}},
        "schemas": {"unused": {}, "S": {}},
        "pathItems": {"I": {}},
        "callbacks": {"C": {"{$url}": {"$ref": f"{ref}pathItems/I"}}},
        "links": {"L": {}},
    }
    operation = {
        "parameters": [{"$ref": f"{ref}parameters/P"}],
        "requestBody": {"$ref": f"{ref}requestBodies/B"},
        "responses": {"200": {"$ref": f"{ref}responses/R"}},
        "callbacks": {"c": {"$ref": f"{ref}callbacks/C"}},
        "x-links": {"l": {"$ref": f"{ref}links/L"}},
    }
    document = _document(operation, components=sections)
    document["paths"]["/a/"] |= {"parameters": [{"$ref": f"{ref}parameters/Q"}], "summary": "s"}
    found = _taken(document)
    assert _names(found) == {
        section: [name for name in named if name != "unused"]
        for section, named in sections.items()
        if section != "unused"
    }
    kept = {"parameters": [{"$ref": f"{ref}parameters/Q"}], "summary": "s", "post": operation}
    assert json.dumps(found["paths"]) == json.dumps({"/a/": kept})


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("a b", "#/components/schemas/a%20b"),
        ("a/b", "#/components/schemas/a~1b"),
        ("a~b", "#/components/schemas/a~0b"),
        ("a~1b", "#/components/schemas/a~01b"),
        ("a/b", "#/components/schemas/a%7E1b"),
        ("é{}", "#/components/schemas/%C3%A9%7b%7D"),
        ("a%20b", "#/components/schemas/a%2520b"),
        ("", "#/components/schemas/"),
        ("0", "#/components/schemas/0"),
        ("A", "#/components/schemas/A/oneOf"),
        ("A", "#/components/schemas/A/oneOf/0"),
    ],
)
def test_a_reference_may_be_escaped(name: str, reference: str) -> None:
    """As JSON Pointer and URI do it, in this order."""
    schemas: Document = {"other": {}, name: {"oneOf": [{}]}, "another": {}}
    assert _names(_taken(_using(reference, schemas=schemas))) == {"schemas": [name]}


def test_components_that_refer_to_each_other_end() -> None:
    """Also to themselves, or in a long chain."""
    schemas: Document = {f"S{n}": {"$ref": f"#/components/schemas/S{n + 1}"} for n in range(3000)}
    schemas["S3000"] = {"items": {"$ref": "#/components/schemas/S0"}}
    schemas["self"] = {"items": {"$ref": "#/components/schemas/self"}}
    assert (
        len(_names(_taken(_using("#/components/schemas/S7", schemas=schemas)))["schemas"]) == 3001
    )
    assert _names(_taken(_using("#/components/schemas/self", schemas=schemas)))["schemas"] == [
        "self"
    ]


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/schemas/B",
        "#/components/schemas/A/properties/x",
        "other.yaml#/components/schemas/A",
        "https://127.0.0.1/a.json",
        "//components/schemas/A",
        "#A",
        "A",
        "",
        "#",
        "#/",
        "#/components",
        "#/components/schemas",
        "#/paths/~1b~1/get",
        "#/info/title",
        "#/components/schemas/%FF",
    ],
)
@pytest.mark.parametrize(
    ("schema", "at"),
    [
        (None, "/paths/~1a~1/post/requestBody/content/application~1json/schema/$ref"),
        ("not", "/components/schemas/A/not/$ref"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_refused(
    reference: str, schema: str | None, at: str
) -> None:
    """With its document, operation and place; only this document's components can be."""
    first = "#/components/schemas/A" if schema else reference
    schemas = {"A": {"not": {"$ref": reference}} if schema else {}}
    message = f"{at} is {reference!r}, which the document does not have"
    assert _refusal(_using(first, schemas=schemas)) == f"full.json: POST /a/: {message}"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("#/components/schemas/X", "#/components/schemas/X"),
        ("other.yaml#/A", "other.yaml#/A"),
        ("X", "#/components/schemas/X"),
        ("", "#/components/schemas/"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(target: str, said: str) -> None:
    """A bare name stands for a schema of this name."""
    schema = {"allOf": [{"discriminator": {"mapping": {"x/y": target}}}]}
    message = _refusal(_using("#/components/schemas/A", schemas={"A": schema}))
    at = "/components/schemas/A/allOf/0/discriminator/mapping/x~1y"
    assert message.startswith(f"full.json: POST /a/: {at} is {said!r}, which")


SCHEMES = {"one": {"type": "http"}, "two": {"type": "apiKey"}, "three": {"type": "oauth2"}}


@pytest.mark.parametrize(
    ("document", "operation", "needed"),
    [
        (None, None, []),
        ([], None, []),
        ([{}], [], []),
        ([{"two": []}], None, ["two"]),
        (None, [{"two": []}], ["two"]),
        ([{"one": []}], [{"three": ["x"]}, {}], ["one", "three"]),
        ([{"three": [], "one": []}], None, ["one", "three"]),
    ],
)
def test_security_schemes_come_along(document: Any, operation: Any, needed: list[str]) -> None:
    """Those that the document's or the operation's security names, in the published order."""
    full = _document({} if operation is None else {"security": operation})
    full |= {"components": {"securitySchemes": SCHEMES}}
    full |= {} if document is None else {"security": document}
    found = _taken(full)
    assert _names(found).get("securitySchemes", []) == needed
    assert found["security"] == (document or [])


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("absent", False),
        ("a/b", True),
        ("a~b", True),
        ("a%20b", True),
    ],
)
def test_a_security_scheme_is_found_by_its_very_name(name: str, known: bool) -> None:
    """One that the document does not have is refused, wherever it is named."""
    schemes = {name: {"type": "http"}} if known else {}
    for full in (_document(security=[{name: []}]), _document({"security": [{name: []}]})):
        full["components"] = {"securitySchemes": schemes}
        if known:
            assert _names(_taken(full)) == {"securitySchemes": [name]}
        else:
            message = "POST /a/: /security names 'absent', which the document does not have"
            assert _refusal(full) == f"full.json: {message}"


def test_an_operation_is_ordered_as_the_specification_has_it() -> None:
    """What is not of the specification comes last, as published, but for two fields."""
    fields = ["tags", "summary", "description", "externalDocs", "operationId", "parameters"]
    fields += ["requestBody", "responses", "callbacks", "deprecated", "security", "servers"]
    values: Document = {field: {} for field in fields}
    values |= {"operationId": "x", "security": []}
    extra: Document = {"x-z": 1, "x-mint": {"a": 1}, "x-a": {"x-mint": 2}, "x-mcp-expose": True}
    operation = {**extra, **{field: values[field] for field in reversed(fields)}}
    (found,) = _taken(_document(operation))["paths"]["/a/"].values()
    assert list(found) == [*fields, "x-z", "x-a"]
    assert found["x-a"] == {"x-mint": 2}


def test_the_order_of_keys_is_the_published_one() -> None:
    """But for that of an operation's fields, and of what stands at the top."""
    schema = {"z": 1, "type": "object", "a": {"y": 1, "b": 2}, "0": []}
    components = {"schemas": {"Z": schema, "A": REF, "B": schema}, "parameters": {}}
    content: Document = {"multipart/form-data": {"schema": REF}}
    content["application/json"] = {"schema": {"$ref": "#/components/schemas/Z"}}
    operation = {"requestBody": {"required": True, "content": content, "description": "d"}}
    full = _document(operation, components=components, tags=[{"name": "t"}], **{"x-top": 1})
    full = {key: full[key] for key in reversed(full)}
    expected: Document = {key: full[key] for key in ("openapi", "info", "servers")}
    expected |= {"security": [], "paths": {"/a/": {"post": operation}}}
    expected |= {"components": {"schemas": {"Z": schema, "B": schema}}}
    found = _taken(full)
    assert list(found).index("paths") < list(found).index("components")
    assert json.dumps(found, sort_keys=True) == json.dumps(expected, sort_keys=True)
    for part in ("info", "paths", "components"):
        assert json.dumps(found[part]) == json.dumps(expected[part])


def _in(*media_types: str) -> Any:
    return {"content": {media_type: {} for media_type in media_types}}


@pytest.mark.parametrize(
    ("operation", "at", "media_type"),
    [
        ({"requestBody": _in("text/xml")}, "requestBody", "text/xml"),
        ({"responses": {"200": _in("application/json", "*/*")}}, "responses/200", "*/*"),
        ({"parameters": [_in("text/plain")]}, "parameters/0", "text/plain"),
        (
            {"responses": {"200": {"headers": {"h": _in("a/b")}}}},
            "responses/200/headers/h",
            "a/b",
        ),
        (
            {"callbacks": {"c": {"u": {"put": {"requestBody": _in("a/b")}}}}},
            "callbacks/c/u/put/requestBody",
            "a/b",
        ),
    ],
)
def test_an_unknown_media_type_is_refused(operation: Any, at: str, media_type: str) -> None:
    """With the place it stands at, and the ones that are known."""
    message = _refusal(_document(operation))
    at = f"/paths/~1a~1/post/{at}/content"
    assert message.startswith(f"full.json: POST /a/: {at}: the media type {media_type!r} is not")
    assert message.endswith(f" is not one of {', '.join(sorted(MEDIA_TYPES))}")


@pytest.mark.parametrize("name", ["R", "schema", "example", "examples", "content"])
def test_an_unknown_media_type_in_a_component_is_refused(name: str) -> None:
    """Whatever the component is called."""
    operation = {"responses": {"200": {"$ref": f"#/components/responses/{name}"}}}
    message = _refusal(_document(operation, components={"responses": {name: _in("a/b")}}))
    at = f"/components/responses/{name}/content"
    assert message.startswith(f"full.json: POST /a/: {at}: the media type 'a/b' is not")


@pytest.mark.parametrize("media_type", sorted(MEDIA_TYPES))
def test_known_media_types_are_taken(media_type: str) -> None:
    """In bodies and in answers."""
    operation = {"requestBody": _in(media_type), "responses": {"200": _in(media_type)}}
    assert _taken(_document(operation))["paths"]["/a/"]["post"] == operation


CONTENT = {"content": {"type": "string"}}


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("A", {"properties": CONTENT}),
        ("A", {"properties": {"x": {"properties": CONTENT}}}),
        ("A", {"example": CONTENT, "examples": [CONTENT]}),
        ("A", {"default": CONTENT}),
        ("A", {"enum": [CONTENT]}),
        ("A", {"const": CONTENT}),
        ("A", {"patternProperties": CONTENT}),
        ("A", {"$defs": CONTENT}),
        ("A", {"x-extension": CONTENT}),
        ("content", {"type": "string"}),
    ],
)
def test_what_is_only_called_content_has_no_media_types(name: str, schema: Any) -> None:
    """Schemas may describe or show whatever they like."""
    document = _using(f"#/components/schemas/{name}", schemas={name: schema})
    assert _taken(document)["components"]["schemas"] == {name: schema}


@pytest.mark.parametrize("version", ["2.0", "3.2.0", "4.0.0", "3", "3.1", "3.10.0", "", "x3.1.0"])
def test_another_version_of_openapi_is_refused(version: str) -> None:
    """With the version that the document says."""
    assert f"/openapi is {version!r}" in _refusal(_document(openapi=version))


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.0", "3.1.1"])
def test_openapi_3_0_and_3_1_are_taken(version: str) -> None:
    """Whatever comes behind the second point."""
    assert _taken(_document(openapi=version))["openapi"] == version


def test_a_full_document_must_have_all_that_is_tracked() -> None:
    """Each one that it lacks is named; nothing is taken."""
    tracked = {**TRACKED, "b.yaml": "GET /a/", "c.yaml": "POST /c/"}
    published = _published(_document())
    assert missing(published, tracked) == ["GET /a/", "POST /c/"]
    with pytest.raises(
        DocumentError, match=r"^full\.json: tracked, .* GET /a/; POST /c/\n.*it has 2 op"
    ):
        take(published, tracked)


def test_a_page_with_one_operation_is_taken_to_the_letter() -> None:
    """Also what `cut` would leave out or put in another order; comments and quotes as they are."""
    text = (
        "# a comment\nopenapi: '3.1.0'\n\npaths:\n  /a/:\n    post: {x-mint: 1,   tags: []}\n"
        "x: 1\ncomponents: {schemas: {unused: {}}}\n\n"
    )
    assert take(recognise(text, "bare"), TRACKED) == {"a.yaml": text}
    page = f"# T\n\n````yaml post /a/\n{text}````\n"
    several = TRACKED | {"b.yaml": "POST /b/"}
    assert take(recognise(page, "page"), several) == {"a.yaml": text}


def test_several_tracked_operations_are_cut_apart() -> None:
    """Each with what it needs; no other has to be there."""
    document = _using("#/components/schemas/A", schemas={"A": {}, "B": {}})
    document["paths"]["/b/"] = {"get": {"responses": {"200": _json("#/components/schemas/B")}}}
    tracked = {"b.yaml": "GET /b/", "c.yaml": "GET /c/", **TRACKED}
    for published in (_published(document), recognise(dump(document), "full.yaml")):
        taken = {file: load(text, file) for file, text in take(published, tracked).items()}
        assert list(taken) == ["b.yaml", "a.yaml"]
        assert [list(_names(source)["schemas"]) for source in taken.values()] == [["B"], ["A"]]
        assert [list(source["paths"]) for source in taken.values()] == [["/b/"], ["/a/"]]


@pytest.mark.parametrize("paths", [{}, {"/a/": {}}, {"/a/": {"summary": "s"}}])
def test_a_document_without_operations_is_refused(paths: Any) -> None:
    """It says where those are named that are looked for."""
    message = _refusal(_document(paths=paths))
    assert "none of its operations is tracked; openapi/tracked.yaml says which" in message


@pytest.mark.parametrize(
    "paths", [{"/b/": {"post": {}}}, {"/a/": {"get": {}}}, {"/a": {"post": {}}}]
)
def test_a_page_of_another_operation_is_refused(paths: Any) -> None:
    """Method and path must both be the tracked ones, to the letter."""
    text = dump(_document(paths=paths))
    with pytest.raises(DocumentError, match=r"^page\.md: .*tracked"):
        take(recognise(f"```yaml\n{text}```\n", "page.md"), TRACKED)


def test_cutting_again_changes_nothing() -> None:
    """What was cut out is a document from which the same is cut."""
    full = _using("#/components/schemas/A", schemas={"B": {}, "A": REF})
    before = copy.deepcopy(full)
    once = cut(full, "POST /a/")
    assert json.dumps(cut(once, "POST /a/")) == json.dumps(once)
    assert full == before


@cache
def _full() -> Published:
    return obtain(str(FULL))


@pytest.mark.skipif(not FULL.is_file(), reason="the full document is not on this machine")
def test_the_full_document_gives_the_sources() -> None:
    """Byte for byte, and each time the same."""
    tracked = manifest(OPENAPI)
    taken = take(_full(), tracked)
    assert taken == take(obtain(str(FULL)), tracked)
    assert taken == {f: (OPENAPI / "sources" / f).read_text("utf-8") for f in tracked}
    found = {file: list(leaf_parts(load(text, file))) for file, text in taken.items()}
    assert found == {f: list(leaf_parts(part)) for f, part in cuts(_full(), tracked).items()}


@pytest.mark.skipif(not FULL.is_file(), reason="the full document is not on this machine")
def test_a_full_document_without_a_tracked_operation_is_refused() -> None:
    """The vendor's own, with one path taken out."""
    tracked = manifest(OPENAPI)
    (file, operation), *_ = tracked.items()
    path = operation.partition(" ")[2]
    paths = {key: value for key, value in _full().document["paths"].items() if key != path}
    published = Published("full", {**_full().document, "paths": paths}, None)
    assert missing(published, tracked) == [operation]
    with pytest.raises(DocumentError, match=operation):
        take(published, tracked)
    with pytest.raises(DocumentError, match="unlike"):
        take(Published("full", cut(_full().document, operation), None), {file: "GET /unlike/"})


SMALL: Document = _document(
    {
        "operationId": "a",
        "parameters": [{"$ref": "#/components/parameters/P"}],
        "requestBody": _json("#/components/schemas/A"),
        "responses": {"200": {"$ref": "#/components/responses/R"}},
        "security": [{"key": []}],
    },
    security=[{"key": []}],
    components={
        "schemas": {
            "A": {"discriminator": {"propertyName": "k", "mapping": {"b": REF["$ref"]}}},
            "B": {"type": "object"},
        },
        "parameters": {"P": {"name": "p", "in": "query"}},
        "responses": {"R": {"description": "", **_json("#/components/schemas/B")}},
        "securitySchemes": {"key": {"type": "http"}},
    },
)


def _places(value: Any, at: Parts = ()) -> Iterator[Parts]:
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items if isinstance(value, dict | list) else ():
        yield from _places(item, (*at, key))


def _damaged(at: Parts, value: Any) -> Any:
    if not at:
        return value
    document = copy.deepcopy(SMALL)
    place: Any = document
    for part in at[:-1]:
        place = place[part]
    place[at[-1]] = value
    return document


def _takes_or_refuses(document: Any) -> None:
    try:
        taken = take(_published(document), TRACKED)
    except DocumentError:
        return
    assert taken.keys() == TRACKED.keys()
    assert list(load(taken["a.yaml"], "a")["paths"]) == ["/a/"]


ODD: list[Any] = [None, True, 1, 1.5, "x", [], [1], [None], [[]], [[1]], {}, {"x": 1}, {"": None}]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_part_of_another_type_is_taken_or_refused(odd: Any) -> None:
    """Wherever it stands, be it used or not."""
    for at in _places(SMALL):
        _takes_or_refuses(_damaged(at, odd))
    _takes_or_refuses(_document(components=odd))
    _takes_or_refuses(_document(paths={"/b/": {"get": odd}}))


_LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
)
_KEYS = st.sampled_from(["$ref", "content", "mapping", "security", "post", "A"]) | st.text(
    max_size=3
)
_TARGETS = st.sampled_from(["#", "#/", "#/components/schemas", REF["$ref"], "#/paths/~1a~1", "x/y"])
_VALUES_OF_JSON = st.recursive(
    _LEAVES | _TARGETS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(list(_places(SMALL))), _VALUES_OF_JSON)
def test_a_damaged_document_is_taken_or_refused(at: Parts, value: Any) -> None:
    """Nothing but sources or a refusal comes out, whatever stands wherever."""
    _takes_or_refuses(_damaged(at, value))


TWICE = '{"type": "object", "type": "array"}'


def _with_twice(used: str) -> Published:
    """A document with two components that are both ambiguous, of which one operation uses one."""
    text = json.dumps(_using(f"#/components/schemas/{used}", schemas={"A": {}, "B": "%", "C": "%"}))
    return recognise(text.replace('"%"', TWICE), "full.json")


def test_what_is_wrong_outside_the_operations_in_use_stops_nothing() -> None:
    """A duplicate key in a component that no tracked operation reaches."""
    assert take(_with_twice("A"), TRACKED).keys() == TRACKED.keys()


def test_what_is_wrong_inside_is_refused_with_component_and_file() -> None:
    """And with the operation that uses it."""
    with pytest.raises(DocumentError) as caught:
        take(_with_twice("B"), TRACKED)
    assert str(caught.value) == (
        "full.json: the key /components/schemas/B/type stands there twice\n  (in use by POST /a/)"
    )


def test_what_is_wrong_in_another_method_of_the_same_path_stops_nothing() -> None:
    """Only the tracked one is in use."""
    document = _document()
    document["paths"]["/a/"]["get"] = 7
    assert take(_published(document), TRACKED).keys() == TRACKED.keys()
