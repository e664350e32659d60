import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import cekura_client
from cekura_api.models import ResultDetail, ResultSummary
from scripts.documents import OPENAPI, ROOT
from scripts.drift.changes import Change, Drift
from scripts.drift.compare import compare, compare_states
from scripts.drift.impact import CALLERS, READ
from scripts.drift.markdown import code
from scripts.drift.report import Report, as_json, as_lines, as_markdown, report
from scripts.drift.rules import RULES, Level
from scripts.tracked import manifest, operation_id
from tests.scripts.states import (
    STARTS,
    VOICE,
    answers_grow,
    full,
    request_grows,
    started,
    success_moves,
)


def _found(change: Any) -> Report:
    return report(compare(full(), full(change)), "old", "new")


def test_what_is_worst_stands_first() -> None:
    """Held for review above all, then addresses and operations, then requests and answers."""

    def much(document: dict[str, Any]) -> None:
        request_grows(document)
        success_moves(document)
        document["servers"] = [{"url": "https://example.test"}]
        document["paths"][VOICE]["post"]["summary"] = "Another"

    text = as_markdown(_found(much))
    order = [
        *("# Drift from `old` to `new`", "**2 breaking, 1 additive, 1 docs**"),
        *("**Hold for review.**", "## Wire: addresses", "## Wire: requests", "## Wire: answers"),
        "## Docs",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_each_change_says_where_whom_it_affects_and_what_to_do() -> None:
    """Operation, pointer, before, after; the model, the argument; the file to change."""
    text = as_markdown(_found(request_grows))
    for part in (
        "- **additive**: `made_up_names` is new and optional.",
        f"in `POST {VOICE}`, at `/components/schemas/SchemaPostRunScenarios/properties/made",
        "before: –",
        'after: `{"type": "array", "items": {"type": "string"}}`',
        "affects `cekura_client.Cekura.run_voice(made_up_names=…)`",
        "`cekura_api.models.SchemaPostRunScenarios.made_up_names`",
        "to do: Add one line for it where the launch is described",
    ):
        assert part in text


def test_what_changed_alike_in_several_places_is_said_once() -> None:
    """With all of the places."""
    text = as_markdown(_found(answers_grow))
    assert text.count("`made_up_place` is new.") == 1
    assert all(f"in `POST {path}`" in text for path in STARTS)
    assert len(list(as_lines(_found(answers_grow)))) == 1


def test_nothing_and_noise_leave_nothing_to_do() -> None:
    """And noise is counted."""
    assert "There is nothing to do." in as_markdown(_found(lambda document: None))

    def noise(document: dict[str, Any]) -> None:
        document["components"]["schemas"]["ScenarioWithWebsocket"]["description"] = ""
        document["paths"][VOICE]["post"]["x-mint"] = {"a": 1}

    text = as_markdown(_found(noise))
    assert "**No change**" in text
    assert "There is nothing to do." in text
    assert "Counted only: 1 × empty descriptions, 1 × extensions" in text
    assert VOICE not in text


def test_names_alone_change_nothing_on_the_wire() -> None:
    """The report says so."""

    def renamed(document: dict[str, Any]) -> None:
        document["paths"][VOICE]["post"]["operationId"] = "another"

    text = as_markdown(_found(renamed))
    assert "Nothing changes on the wire." in text
    assert "handled: the file in sources/ names it `run_voice`" in text


def test_a_reversed_description_shows_the_lines_that_differ() -> None:
    """The meaning of a field has been reversed in the text alone."""

    def reversed_(document: dict[str, Any]) -> None:
        schema = document["components"]["schemas"]["SchemaPostRunScenarios"]
        scenarios = schema["properties"]["scenarios"]
        scenarios["description"] = scenarios["description"].replace("Either", "Neither")

    text = as_markdown(_found(reversed_))
    assert re.search(r"```diff\n(.*\n)*    -List of evaluator IDs to run\. Either", text)
    assert re.search(r"```diff\n(.*\n)*    \+List of evaluator IDs to run\. Neither", text)


def test_the_json_is_complete() -> None:
    """Class, axis, kind, operations, pointer, before, after, affected, todo; counts and noise."""
    document = json.loads(as_json(_found(success_moves)))
    assert document["worst"] == "breaking"
    assert document["hold"] is True
    assert document["counts"] == {
        "breaking": 1,
        "possibly breaking": 0,
        "additive": 0,
        "docs": 0,
    }
    (change,) = document["changes"]
    assert change == {
        "class": "breaking",
        "axis": "wire",
        "kind": "success-status-changed",
        "side": "response",
        "operations": [f"POST {VOICE}"],
        "pointer": "/paths/~1test_framework~1v1~1scenarios~1run_scenarios~1/post/responses",
        "before": ["201"],
        "after": ["200"],
        "says": "Success has another status.",
        "affected": ["cekura_client.Cekura.run_voice"],
        "todo": RULES["success-status-changed"].todo,
        "hold": True,
    }


def test_a_value_of_null_is_not_the_absence_of_one() -> None:
    """In JSON the key is there or is not."""

    def null(document: dict[str, Any]) -> None:
        _frequency(document)["default"] = None

    def absent(document: dict[str, Any]) -> None:
        del _frequency(document)["default"]

    for change, there in ((null, True), (absent, False)):
        (entry,) = json.loads(as_json(_found(change)))["changes"]
        assert ("after" in entry) is there


def _frequency(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["SchemaPostRunScenarios"]["properties"]["frequency"]


def test_the_task_of_a_new_status_is_never_dropped() -> None:
    """Any text is read there, but a wait for a status that nobody knows runs to its deadline."""

    def grown(document: dict[str, Any]) -> None:
        for path in STARTS:
            started(document, path)["properties"]["status"]["enum"].append("paused")

    found = _found(grown)
    assert {change.kind for change, _ in found.entries} == {"response-enum-grown"}
    for change, whom in found.entries:
        assert change.level is Level.POSSIBLY_BREAKING
        assert whom.names == ("cekura_client.Launch.status",)
        assert whom.handled == ""
    assert found.worst is Level.POSSIBLY_BREAKING
    assert f"to do: {RULES['response-enum-grown'].todo}" in as_markdown(found)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda d: d.update(servers=[{"url": "https://new.test"}]), "server-changed"),
        (
            lambda d: d["components"]["securitySchemes"]["api_key"].update(name="X-NEW"),
            "security-scheme-changed",
        ),
    ],
)
def test_what_every_request_needs_affects_everybody(change: Any, kind: str) -> None:
    """Another address or key header belongs to no operation, and there is always something to do."""

    def alone(document: dict[str, Any]) -> None:
        for item in document["paths"].values():
            for operation in item.values():
                operation["security"] = [{"api_key": []}]

    old, new = full(alone), full(alone)
    change(new)
    found = report(compare(old, new), "old", "new")
    ((entry, whom),) = found.entries
    assert (entry.kind, entry.operations) == (kind, ())
    assert "cekura_client.Cekura" in whom.names
    assert f"to do: {RULES[kind].todo}" in as_markdown(found)


@pytest.mark.parametrize("kind", RULES)
def test_what_is_to_be_done_names_what_there_is(kind: str) -> None:
    """Every file that a rule speaks of, and every constant in it."""
    todo = RULES[kind].todo
    facade = ROOT / "facade" / "cekura_client"
    for name in re.findall(r"\b(?:[a-z]+/)+[a-z_]*(?:\.[a-z]+)?|\b[a-z]+\.py\b", todo):
        assert (facade / name).exists() or (ROOT / name).exists(), name
    for constant, name in re.findall(r"([A-Z_]{5,}) in ([a-z/]+\.py)", todo):
        assert f"\n{constant} = " in (facade / name).read_text("utf-8"), constant


def test_an_operation_of_another_client_concerns_nobody_here() -> None:
    """And is not called handled, since it was not asked about."""

    def other(document: dict[str, Any]) -> None:
        document["paths"]["/other/"] = {"get": {"responses": {"200": {"description": ""}}}}

    found = report(compare(full(other), full()), "a", "b")
    ((change, whom),) = found.entries
    assert (change.kind, whom.names, whom.handled) == ("operation-gone", (), "")
    assert "affects no operation of this client" in as_markdown(found)


def test_an_id_found_elsewhere_in_the_whole_document_is_an_alarm() -> None:
    """The tracked part alone does not show where it has gone."""
    whole = full()
    post = whole["paths"][VOICE]["post"]
    whole["paths"]["/elsewhere/"] = {"post": {**post}}
    post["operationId"] = "another"
    drift = compare_states({"": full()}, {"": {**whole, "paths": _tracked(whole)}}, whole)
    moved, *_ = drift.changes
    assert (moved.kind, moved.hold) == ("operation-id-moved", True)
    assert moved.after == "POST /elsewhere/"


def _tracked(document: dict[str, Any]) -> dict[str, Any]:
    return {path: item for path, item in document["paths"].items() if path != "/elsewhere/"}


@pytest.mark.parametrize("operation", READ)
def test_what_is_said_to_be_read_exists(operation: str) -> None:
    """Each reader in the table is an attribute or a method of what users import."""
    for reader in [*READ[operation].values(), *CALLERS.get(operation, ())]:
        kind, _, name = reader.partition(".")
        found = getattr(cekura_client, kind)
        assert name in {*dir(found), *getattr(found, "__annotations__", {})}, reader


def test_every_operation_that_is_read_is_in_the_table() -> None:
    """The launches share a line."""
    names = {operation_id(file) for file in manifest(OPENAPI)}
    assert {name for name in names if not name.startswith("run_")} == READ.keys() - {""}


def test_a_model_is_called_what_it_is_called_in_code() -> None:
    """The generator may give a schema another name."""

    def gone(document: dict[str, Any]) -> None:
        for name in ("Result", "ResultDetailV2"):
            del document["components"]["schemas"][name]["properties"]["status"]

    found = report(compare(full(), full(gone)), "a", "b")
    models = {name for _, whom in found.entries for name in whom.names if ".models." in name}
    assert models == {
        f"cekura_api.models.{model.__name__}.status" for model in (ResultDetail, ResultSummary)
    }


def test_what_nobody_here_reads_affects_nobody() -> None:
    """A property with a common name, of an answer that only its status is read of."""

    def grown(document: dict[str, Any]) -> None:
        answer = document["paths"][VOICE]["post"]["responses"]["400"]["content"]
        answer["application/json"]["schema"]["properties"]["name"] = {"type": "string"}

    ((change, whom),) = _found(grown).entries
    assert (change.kind, change.name) == ("response-property-added", "name")
    assert whom.names == ()


def test_another_way_to_authorise_is_handled_as_long_as_the_key_is_enough() -> None:
    """The key alone must be one of the alternatives."""

    def secured(*names: str, header: str = "X-KEY") -> dict[str, Any]:
        def change(document: dict[str, Any]) -> None:
            document["components"]["securitySchemes"] = {
                "api_key": {"type": "apiKey", "in": "header", "name": header},
                "made_up": {"type": "http", "scheme": "basic"},
            }
            for item in document["paths"].values():
                for operation in item.values():
                    operation["security"] = [{"api_key": []}]
            document["paths"][VOICE]["post"]["security"] = [{name: []} for name in names]

        return full(change)

    def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, Level]]:
        entries = report(compare(old, new), "a", "b").entries
        voice = [entry for entry in entries if entry[0].operations == (f"POST {VOICE}",)]
        return [(c.kind.rpartition("-")[2], w.handled, w.level(c)) for c, w in voice]

    key, both = secured("api_key"), secured("made_up", "api_key")
    added = ("added", "the API key is what this client sends", Level.ADDITIVE)
    assert told(key, both) == [added]
    kept = ("removed", "the API key alone is still enough", Level.ADDITIVE)
    assert told(both, key) == [kept]
    lost = ("removed", "", Level.BREAKING)
    assert told(both, secured("made_up")) == [lost]
    assert told(both, secured("made_up", "api_key", header="X-OTHER")) == [lost, added]


def test_an_id_that_moved_is_handled_where_the_file_names_the_operation() -> None:
    """Reported, but not held; in an operation that is not ours it would be."""

    def moved(document: dict[str, Any]) -> None:
        mine, other = document["paths"][VOICE]["post"], document["paths"]["/untracked/"]["get"]
        other["operationId"], mine["operationId"] = mine["operationId"], "another"

    found = report(compare(full(), full(moved)), "a", "b")
    (entry,) = [e for e in found.entries if e[0].kind == "operation-id-moved"]
    assert entry[0].hold
    assert entry[1].handled == "the file in sources/ names it `run_voice`"
    assert found.held == []
    assert entry[1].level(entry[0]) is Level.ADDITIVE


def test_a_deprecated_operation_names_its_successor() -> None:
    """The same name in another version, unless that is deprecated too."""
    later = VOICE.replace("/v1/", "/v2/")

    def deprecated(document: dict[str, Any]) -> None:
        document["paths"][later] = {"post": {"responses": {"200": {"description": "OK"}}}}
        document["paths"][VOICE]["post"]["deprecated"] = True

    notes = [c.note for c in compare(full(), full(deprecated)).changes if c.kind == "deprecated"]
    assert notes == [f"Its successor: `POST {later}`."]

    def both(document: dict[str, Any]) -> None:
        deprecated(document)
        document["paths"][later]["post"]["deprecated"] = True

    assert {c.note for c in compare(full(), full(both)).changes if c.kind == "deprecated"} == {""}


def _noise() -> Any:
    return compare({}, {}).noise


_HOSTILE = (
    "@somebody #1 <script>alert(1)</script> ![x](http://x) [x](javascript:x) ``` ~~~ | **b** "
    "\x1b[31m\x07\x00\u202e\u200b \n\n# Heading\n- item\n"
)


@given(st.text() | st.just(_HOSTILE))
def test_what_a_document_says_cannot_format_the_page(text: str) -> None:
    """Names and values stand in code spans and blocks, with nothing that a terminal obeys."""
    changes = [
        Change("request-property-added", Level.ADDITIVE, f"/{text}", path=(text,), side="request"),
        Change("docs-changed", Level.DOCS, "/x", text * 9 + "a" * 90, "b" * 90 + text * 9),
        Change(
            "operation-gone", Level.BREAKING, "/x", operations=(text,), note=f"It is {code(text)}."
        ),
        Change("component-renamed", Level.POSSIBLY_BREAKING, "/x", text, {text: [text]}),
    ]
    page = as_markdown(report(Drift(changes, _noise()), text, text))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u200b-\u200f]", page)
    tokens = MarkdownIt("commonmark", {"html": True}).parse(page)
    kinds = {t.type for t in tokens} | {c.type for t in tokens for c in t.children or ()}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "em_open", "hr"}
    headings = [t for t in tokens if t.type == "heading_open"]
    assert len(headings) == 5
    said = [c.content for t in tokens for c in t.children or () if c.type == "text"]
    assert not any("@somebody" in words or "alert(1)" in words for words in said)
