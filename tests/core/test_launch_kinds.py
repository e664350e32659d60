"""What follows from the description of a launch, for each of them and for one made up here."""

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Required, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client import InvalidRequestError, RunLimitError, RunPlan
from cekura_client.core.checks import json_object, label, positive, positives, text, texts_or_none
from cekura_client.core.description import (
    HIDDEN,
    Argument,
    Entries,
    Entry,
    Field,
    LaunchKind,
    arguments_of,
    hidden,
)
from cekura_client.core.launch_kinds import KINDS
from tests.samples import arguments_for, value_for

CANARY = "hunter2"


@dataclasses.dataclass(frozen=True, repr=False)
class Room(Entry):
    scenario: Annotated[int, Field(positive)]
    token: Annotated[str | None, Field(text, secret=hidden)] = None
    data: Annotated[Mapping[str, Any] | None, Field(json_object, secret=hidden)] = None


def _one(_: object) -> int:
    return 1


class MadeUpArguments(TypedDict, total=False):
    scenarios: Required[
        Annotated[
            Iterable[Room | Mapping[str, object]],
            Field(Entries(Room, "(101, None, None)"), multiplies=("scenarios", len)),
        ]
    ]
    agent: Annotated[int | None, Field(positive, agent=True)]
    name: Annotated[str | None, Field(label)]
    headers: Annotated[Mapping[str, str] | None, Field(json_object, secret=hidden)]
    personality_id: Annotated[int | None, Field(positive, multiplies=("personalities", _one))]
    personality_ids: Annotated[
        Iterable[int] | None, Field(positives, multiplies=("personalities", len))
    ]
    mock_tool_names: Annotated[Iterable[str] | None, Field(texts_or_none, nullable=True)]
    max_runs: Annotated[int | None, Field(positive)]
    extra_body: Annotated[Mapping[str, Any] | None, Field(json_object, secret=hidden)]


MADE_UP = LaunchKind("run_made_up", MadeUpArguments, "Start it.", frozenset())
ALL = {**KINDS, "run_made_up": MADE_UP}

every_launch = pytest.mark.parametrize("kind", ALL.values(), ids=ALL)


def _refusal(kind: LaunchKind, **arguments: object) -> str:
    with pytest.raises(InvalidRequestError) as refused:
        kind.check(arguments)
    return str(refused.value)


# Secrets


def _secrets(arguments: Mapping[str, Argument]) -> Iterator[tuple[Argument, ...]]:
    """The way to each secret field."""
    for argument in arguments.values():
        if argument.field.secret is not None:
            yield (argument,)
        if isinstance(argument.field.check, Entries):
            for below in _secrets(argument.field.check.arguments):
                yield (argument, *below)


def _secret_values(kind: LaunchKind) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each secret field with something secret in it, right or wrong."""
    usual = arguments_for(kind)
    hiding: list[Any] = [
        CANARY,
        f"{CANARY} ",
        f" \n{CANARY}",
        f"\ud800{CANARY}",
        f"wss://user:{CANARY}@a.example/c",
        f"wss://a.example/c?key={CANARY}",
        f"http://user:{CANARY}@a.example/",
        f"https://a.example:{CANARY}/",
        CANARY.encode(),
        [CANARY],
        {"key": CANARY},
        {CANARY: "key"},
        {1: CANARY},
        {"key": CANARY.encode()},
        {"key": {CANARY}},
        ({"key": CANARY}, CANARY),
    ]
    for way in _secrets(kind.arguments):
        for value in hiding:
            place: Any = value
            if len(way) == 2:
                outer, inner = way
                entry = value_for(outer)[0]
                first = next(iter(entry))
                yield outer.name, {**usual, outer.name: [{**entry, first: value}]}
                yield outer.name, {**usual, outer.name: [[value, entry[first]]]}
                yield outer.name, {**usual, outer.name: [{value: 1} if value == CANARY else value]}
                place = [{**entry, inner.name: value}]
            yield way[0].name, {**usual, way[0].name: place}


@every_launch
def test_a_secret_is_shown_nowhere(kind: LaunchKind) -> None:
    """Neither in what is sent, shown or logged, nor in the refusal of a wrong value."""
    tried = list(_secret_values(kind))
    assert tried, "extra_body is secret everywhere"
    for name, arguments in tried:
        said = ""
        try:
            checked = kind.check(arguments)
        except InvalidRequestError as error:
            said = str(error)
        else:
            assert CANARY in str(checked.body)
            said = f"{checked} {checked.shown}"
            if name == "extra_body":  # whose names are shown
                said = str([*checked.shown.values()])
        assert CANARY not in said, name


def test_what_is_shown_of_a_secret() -> None:
    """Its name; of an address also where it leads; and of an entry in a list the same."""
    room = Room(101, CANARY, {"key": CANARY})
    assert repr(room) == f"Room(scenario=101, token='{HIDDEN}', data='{HIDDEN}')"
    checked = MADE_UP.check({"scenarios": [room], "headers": {"Cookie": CANARY}, "name": "x"})
    entry = {"scenario": 101, "token": HIDDEN, "data": HIDDEN}
    assert checked.shown == {"scenarios": [entry], "headers": HIDDEN, "name": "x"}
    assert checked.body["scenarios"] == [
        {"scenario": 101, "token": CANARY, "data": {"key": CANARY}}
    ]


# Fields that are not described


@every_launch
def test_a_field_that_is_not_described_can_be_sent(kind: LaunchKind) -> None:
    """As it is, shown by its name only; it changes neither the plan nor anything else."""
    usual = arguments_for(kind)
    extra: dict[str, list[Any]] = {"brand_new": [CANARY, None, {"deep": 1.5}]}
    checked, without = kind.check({**usual, "extra_body": extra}), kind.check(usual)
    assert checked.body == {**without.body, **extra}
    assert checked.plan == without.plan
    assert checked.shown == {**without.shown, "brand_new": HIDDEN}
    assert CANARY not in repr(checked)
    extra["brand_new"].append(1)
    assert checked.body["brand_new"] == [CANARY, None, {"deep": 1.5}]


@every_launch
def test_a_described_field_cannot_be_sent_past_its_check(kind: LaunchKind) -> None:
    """Whatever it is worth; the error says where it belongs."""
    for name in kind.arguments:
        says = f"extra_body must not contain {name}; pass it as an argument of {kind.operation}"
        assert _refusal(kind, **arguments_for(kind), extra_body={name: 1}) == says


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ([("a", 1)], "extra_body must be an object, e.g. {"),
        ("{}", "got str"),
        ({1: 2}, "must have text keys only"),
        ({"a": {1, 2}}, "only values that JSON allows"),
        ({"a": float("nan")}, "only values that JSON allows"),
        ({"a": "\ud800"}, "only values that JSON allows"),
    ],
)
def test_only_json_can_be_sent(extra: object, says: str) -> None:
    """What cannot be is refused before anything is sent, and not shown."""
    assert says in _refusal(KINDS["run_voice"], scenarios=[1], extra_body=extra)


def test_a_limit_holds_with_extra_fields() -> None:
    """They are not counted."""
    with pytest.raises(RunLimitError):
        KINDS["run_voice"].check({"scenarios": [1, 2], "max_runs": 1, "extra_body": {"a": 1}})


# What follows from a description


@pytest.mark.parametrize(
    ("kind", "described", "agent"),
    [
        (KINDS["run_voice"], (True, "voice", "cekura_voice"), 2),
        (KINDS["run_websocket"], (False, "websocket", "cekura_websocket"), 1),
        (KINDS["run_vapi_webrtc"], (True, "vapi-webrtc", "cekura_vapi_webrtc"), 2),
        (MADE_UP, (True, "made-up", "cekura_made_up"), 1),
    ],
)
def test_what_identifies_a_launch(
    kind: LaunchKind, described: tuple[object, ...], agent: int
) -> None:
    """Its name where it has one, its agent where it is given by its number."""
    assert (kind.has_name, kind.command, kind.marker) == described
    assert kind.agent({"agent": 1, "agent_id": 2}) == agent
    assert kind.agent({"assistant_id": "asst_1"}) is None


def test_lists_and_single_ids_of_one_factor_are_added() -> None:
    """A single personality joins the list."""
    given = {"scenarios": [{"scenario": 1}, {"scenario": 2}], "personality_id": 3}
    assert MADE_UP.check(given).plan == RunPlan(2, personalities=1)
    assert MADE_UP.check({**given, "personality_ids": [4, 5]}).plan == RunPlan(2, personalities=3)


def test_none_is_nothing_unless_it_means_something() -> None:
    """And an empty list is refused unless its check lets it through."""
    given: dict[str, object] = {"scenarios": [Room(1)], "agent": None}
    assert MADE_UP.check(given).body == {"scenarios": [{"scenario": 1}]}
    nothing_mocked = MADE_UP.check({**given, "mock_tool_names": None}).body
    assert nothing_mocked == {"scenarios": [{"scenario": 1}], "mock_tool_names": None}
    assert MADE_UP.check({**given, "mock_tool_names": []}).body["mock_tool_names"] == []


@every_launch
def test_values_are_read_once(kind: LaunchKind) -> None:
    """An iterator has nothing the second time."""
    usual = arguments_for(kind)
    once = {n: iter(value) if isinstance(value, list) else value for n, value in usual.items()}
    assert kind.check(once).body == kind.check(usual).body


@every_launch
def test_a_part_of_a_launch_is_counted_anew(kind: LaunchKind) -> None:
    """The plugin launches the scenarios of selected tests only."""
    usual = arguments_for(kind)
    if isinstance(kind.arguments["scenarios"].field.check, Entries):
        usual["scenarios"] = [{"scenario": number} for number in (101, 102)]
    checked = kind.check(usual)
    listed = checked.body["scenarios"]
    assert isinstance(listed, list)
    few = checked.only(lambda one: one == listed[0])
    assert few.body == {**checked.body, "scenarios": listed[:1]}
    assert checked.plan.runs == (few.plan.runs or 0) * 2
    assert KINDS["run_voice"].check({"tags": ["a"]}).only(lambda _: False).body == {"tags": ["a"]}


@every_launch
def test_a_missing_argument_is_named(kind: LaunchKind) -> None:
    """Each that is required, and none that is not."""
    usual = arguments_for(kind)
    for name, argument in kind.arguments.items():
        few = {key: value for key, value in usual.items() if key != name}
        if argument.required:
            assert _refusal(kind, **few) == f"{name} is required"
        elif not argument.field.selects and name in usual:
            kind.check(few)


@given(st.dictionaries(st.text(), st.none() | st.integers() | st.text()))
def test_any_entry_is_accepted_or_refused(entry: dict[str, object]) -> None:
    """With the one error."""
    check = KINDS["run_websocket"].arguments["scenarios"].field.check
    with contextlib.suppress(InvalidRequestError):
        assert check("scenarios", [entry]) == [{k: v for k, v in entry.items() if v is not None}]


def test_help_comes_from_below_each_key() -> None:
    """From the class itself or its base, also over several lines; without any it is empty."""
    voice = arguments_of(KINDS["run_voice"].shape)
    assert voice["mode"].help == "Whether all runs use the same phone number or different ones."
    assert voice["agent_id"].help == "Id of the agent to test."
    assert voice["extra_body"].help.endswith("do not count for the number of runs.")
    assert MADE_UP.arguments["name"].help == ""
    assert all(a.help for a in arguments_of(value_for_entry()).values())


def value_for_entry() -> type[Any]:
    check = KINDS["run_websocket"].arguments["scenarios"].field.check
    assert isinstance(check, Entries)
    return check.shape
