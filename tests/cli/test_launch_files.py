"""The arguments of a launch: from a file, from options, and where a mistake in them stands."""

import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cekura_client import FolderPathError, InvalidRequestError, RunLimitError
from cekura_client.cli import options
from cekura_client.cli.arguments import checked
from cekura_client.cli.files import Fields, read_fields
from cekura_client.cli.options import Options
from cekura_client.core.description import CheckedLaunch
from cekura_client.core.launch_kinds import KINDS
from tests.samples import arguments_for

KNOWN = ("agent_id", "scenarios", "tags", "name", "frequency")
SECRETS = ("hunter2", "tok3n")
SECRET = "wss://user:hunter2@agent.example.com/chat?key=tok3n"

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Makes a file with this text."""

    def make(text: str | bytes) -> Path:
        path = tmp_path / "launch.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return make


def _checked(operation: str, path: Path | None = None, **said: Any) -> CheckedLaunch:
    """With these options, as the command gives them."""
    given = Options(options.LAUNCHES[operation](**said), options.FromFile(from_file=path))
    return checked(KINDS[operation], given)


def _refusal(operation: str, path: Path | None = None, **said: Any) -> str:
    with pytest.raises(InvalidRequestError) as refused:
        _checked(operation, path, **said)
    return str(refused.value)


# What a file may say


@pytest.mark.parametrize("operation", KINDS)
@pytest.mark.parametrize("form", [yaml.safe_dump, json.dumps], ids=["YAML", "JSON"])
def test_every_argument_of_the_client_can_stand_in_a_file(
    operation: str, form: Callable[[object], str], write: Write
) -> None:
    """By its name there; the body is what the client would send."""
    values = {**arguments_for(KINDS[operation]), "max_runs": 1000, "extra_body": {"new": [1]}}
    found = _checked(operation, write(form(values)))
    assert found == KINDS[operation].check(values)
    assert found.body["new"] == [1]


SELECTIONS: dict[str, dict[str, object]] = {
    "tags": {"tags": ["smoke"]},
    "folder_path": {"folder_path": "Sales.Inbound"},
}


@pytest.mark.parametrize("name", SELECTIONS)
def test_the_other_ways_to_select_can_stand_in_a_file_too(name: str, write: Write) -> None:
    """One at a time, as the client has it."""
    values = {**SELECTIONS[name], "project_id": 5}
    assert _checked("run_voice", write(yaml.safe_dump(values))).body == values


YAML = """\
# Every night
agent_id: 12
scenarios:
  - 101   # refund
  - 102
frequency: 2

name: >-
  nightly
  smoke
tags: ~
"""
SAME_IN_JSON = """\
{
\t"agent_id": 12, "scenarios": [101,
\t\t102],
\t"frequency":\t2, "name": "nightly \\u0073moke", "tags": null}
"""


def test_yaml_and_json_say_the_same(write: Write) -> None:
    """The values are the same, whatever the form; JSON may be indented by tabs."""
    fields = read_fields(write(YAML), KNOWN)
    assert fields.values == read_fields(write(SAME_IN_JSON), KNOWN).values
    assert fields.values == {
        "agent_id": 12,
        "scenarios": [101, 102],
        "frequency": 2,
        "name": "nightly smoke",
        "tags": None,
    }


def test_each_value_has_its_line(write: Write) -> None:
    """Also within lists, in both forms."""
    fields = read_fields(write(YAML), KNOWN)
    assert fields.name == "launch.yaml"
    assert fields.lines == {
        "agent_id": 2,
        "scenarios": 3,
        "scenarios[0]": 4,
        "scenarios[1]": 5,
        "frequency": 6,
        "name": 8,
        "tags": 11,
    }
    assert read_fields(write(SAME_IN_JSON), KNOWN).lines == {
        "agent_id": 2,
        "scenarios": 2,
        "scenarios[0]": 2,
        "scenarios[1]": 3,
        "frequency": 4,
        "name": 4,
        "tags": 4,
    }


def test_null_counts_as_left_out(write: Write) -> None:
    """As None is not in Python."""
    path = write("agent_id: 12\nscenarios: [101]\ntags: null\nfrequency:\nname: ~\nmax_runs: Null")
    assert _checked("run_voice", path).body == {"agent_id": 12, "scenarios": [101]}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("+12", 12),
        ("-3", -3),
        ("0", 0),
        ("'0101'", "0101"),
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("OFF", "OFF"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T15:30:00Z", "2026-11-20T15:30:00Z"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("=", "="),
        ("'a: b'", "a: b"),
        ("Größe 日本 \U0001f600", "Größe 日本 \U0001f600"),
        ('"\\x41\\u0042"', "AB"),
        ("|\n  one\n  two\n", "one\ntwo\n"),
        ("&x 12", 12),
    ],
)
def test_a_value_is_what_it_looks_like(written: str, value: object, write: Write) -> None:
    """As in YAML 1.2, in which neither `no` is false nor a date is more than text; nothing runs."""
    found = read_fields(write(f"name: {written}"), KNOWN).values["name"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "written",
    [
        *("0101", "00", "08", "1_000", "1:30", "190:20:30", "1:30.5", "0x1F", "0b11", "0o17"),
        *("-017", ".5", "1_0.5", ".inf", "1e999", "9" * 19),
    ],
)
def test_ambiguous_numbers_are_refused(written: str, write: Write) -> None:
    """YAML 1.1 takes 0101 for 65 and 1:30 for 90; nobody means that. Its line is said."""
    path = write(f"agent_id: 12\nscenarios:\n- 101\n- {written}\n")
    assert _refusal("run_voice", path) == (
        f"launch.yaml:4: {written} could be taken for another number; write it as a plain decimal, or "
        "in quotes if it is text"
    )


def test_a_byte_order_mark_is_ignored(write: Write) -> None:
    """Some editors on Windows write one."""
    for text in ("agent_id: 12", '{"agent_id": 12}'):
        path = write(b"\xef\xbb\xbf" + text.encode())
        assert read_fields(path, KNOWN).values == {"agent_id": 12}
    path = write(b'\xef\xbb\xbf{"agent_id": 012}')
    with pytest.raises(InvalidRequestError, match="not readable as JSON"):
        read_fields(path, KNOWN)


def test_line_ends_of_windows_count_once(write: Write) -> None:
    """In both forms."""
    assert read_fields(write("agent_id: 12\r\n\r\nname: x\r\n"), KNOWN).lines["name"] == 3
    assert read_fields(write('{"agent_id": 12,\r\n\r\n"name": "x"}'), KNOWN).lines["name"] == 3


# What is wrong with a file


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1: must have a line for each argument, as in `agent_id: 12`"),
        ("# nothing but a comment\n", "1: must have a line for each argument"),
        ("---\n", "1: must have a line for each argument"),
        ("- 101\n- 102", "1: must have a line for each argument"),
        ("[101, 102]", "1: must have a line for each argument"),
        ("just words", "1: must have a line for each argument"),
        ("null", "1: must have a line for each argument"),
        ("name: x\nagent_id: [12\n", "3: not readable as YAML: "),
        ("name: x\n\tagent_id: 12", "2: not readable as YAML: found character '\\t'"),
        ("name: x\n  agent_id: 12", "2: not readable as YAML: mapping values are not allowed"),
        ("name: 'x\n", "2: not readable as YAML: "),
        ("name: *nobody", "1: aliases are not accepted"),
        ("name: @x", "1: not readable as YAML: "),
        ("name: x\n---\nname: y", "2: not readable as YAML: but found another document"),
        ('{"name": "x",\n "agent_id": 12\n "tags"}', "3: not readable as JSON: "),
        ('{"name": "x"\n "agent_id": 12}', "2: not readable as JSON: "),
        ('{"name": "x\ty"}', "1: not readable as JSON: Invalid control character"),
        ('{"name": 0101}', "1: not readable as JSON: "),
        ('{"name": "x"} {}', "1: not readable as JSON: Extra data"),
        ('{"name": "x"', "1: not readable as JSON: "),
        ("name: x\nagent_id: a\0b", "2: has a character that YAML does not: "),
        ("scenarios: &a [*a]", "1: aliases are not accepted"),
        ("name: !!str 0101", "1: tags are not accepted; put text in quotes"),
        ("name: x\ntags: !!python/object/apply:os.getcwd []", "2: tags are not accepted"),
        ("name: &a x\nscenarios: *a", "2: aliases are not accepted"),
        ("scenarios: " + "[" * 20_000, "1: is nested too deeply"),
        ('{"scenarios": ' + "[" * 100_000, "1: is nested too deeply"),
        ('{"a":' * 50_000, "1: is nested too deeply"),
        ("name: x\n? [a]\n: y", "2: a name is expected here"),
        ("scenarios:\n- {? [a] : y}", "2: a name is expected here"),
        ("name: x\nagent_id: 1\nname: y", "3: 'name' stands here a second time"),
        ("name: x\n'name': x", "2: 'name' stands here a second time"),
        ('{"name": "x",\n"n\\u0061me": "y"}', "2: 'name' stands here a second time"),
        # YAML does not have this character.
        ('{"name": "x\x7f", "name": "y"}', "1: 'name' stands there a second time"),
        (
            "scenarios:\n- scenario: 1\n  websocket_url: a\n- scenario: 2\n  scenario: 2",
            "5: 'scenario' stands here a second time",
        ),
        ("name: x\nnmae: y", "2: unknown argument 'nmae'; did you mean 'name'?"),
        ("name: x\nscenario: 1", "2: unknown argument 'scenario'; did you mean 'scenarios'?"),
        ('{"name": "x",\n\n"agentid": 1}', "3: unknown argument 'agentid'; did you mean"),
        ("agent-id: 12", "1: unknown argument 'agent-id'; did you mean 'agent_id'?"),
        (
            "name: x\nwhatever: 1",
            "2: unknown argument 'whatever'; the known arguments are agent_id, scenarios",
        ),
        ("base: &x {a: 1}\nname: x", "1: unknown argument 'base'; "),
        ("<<: {name: x}", "1: unknown argument '<<'; "),
        ("name: x\nagent.id: 3", "2: unknown argument 'agent.id'; "),
        ("name: x\nscenarios[0]: 3", "2: unknown argument 'scenarios[0]'; "),
        ("{name: x}", "1: not readable as JSON: "),
        ("12: 13", "1: unknown argument '12'; "),
        ("~: 13", "1: unknown argument '~'; "),
        ("nmae: ~", "1: unknown argument 'nmae'; "),
    ],
)
def test_errors_in_a_file_name_the_line(text: str, says: str, write: Write) -> None:
    """In one sentence; where the line is not known, it is the first."""
    with pytest.raises(InvalidRequestError) as refused:
        read_fields(write(text), KNOWN)
    message = str(refused.value)
    assert message.startswith(f"launch.yaml:{says}")
    assert message.isprintable()
    assert len(message) < 300


@pytest.mark.parametrize(
    "text",
    [
        "name: Grüße".encode("utf-16"),
        "name: Grüße".encode("latin-1"),
        b"\xff\xfe",
        b'{"name": "\xff"}',
    ],
)
def test_only_utf_8_is_text(text: bytes, write: Write) -> None:
    """Nothing else is guessed."""
    path = write(text)
    with pytest.raises(InvalidRequestError, match=r"launch\.yaml is not text in UTF-8$"):
        read_fields(path, KNOWN)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """With its whole path, and why it cannot be read."""
    with pytest.raises(InvalidRequestError) as refused:
        read_fields(tmp_path / "gone.yaml", KNOWN)
    assert str(refused.value).startswith(f"{tmp_path / 'gone.yaml'} cannot be read: No such file")
    with pytest.raises(InvalidRequestError, match=re.escape(f"{tmp_path} cannot be read: ")):
        read_fields(tmp_path, KNOWN)


@given(st.text() | st.from_regex(r"([ \n\t\-:{}\[\],&*!|>'\"%@`#?]|a|1)*", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    """With the one error, and with the file's name; values have the types of JSON."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_text", lambda *_: text)
        try:
            fields = read_fields(Path("launch.yaml"), KNOWN)
        except InvalidRequestError as error:
            refusal, fields = str(error), Fields()
        else:
            refusal = ""
    assert not refusal or refusal.startswith("launch.yaml:")
    assert json.loads(json.dumps(fields.values)) == fields.values
    assert all(1 <= line <= len(text.splitlines()) for line in fields.lines.values())


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KNOWN, _json)))
def test_what_is_dumped_as_json_is_read_back(values: dict[str, Any]) -> None:
    """Whatever is in it, and however it is indented."""
    for indent in (None, 2, "\t"):
        text = json.dumps(values, indent=indent)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "read_text", lambda *_, text=text: text)
            fields = read_fields(Path("launch.json"), KNOWN)
        assert fields.values == values
        assert fields.lines.keys() >= values.keys()


# What is wrong with a value


@pytest.mark.parametrize(
    ("operation", "text", "says"),
    [
        (
            "run_voice",
            "scenarios: [101]\nagent_id: twelve",
            "2: agent_id must be a positive integer, e.g. agent_id=12; got str",
        ),
        (
            "run_voice",
            "scenarios:\n- 101\n- 102\n- yes",
            "4: scenarios[2] must be a positive integer, e.g. scenarios[2]=12; got str",
        ),
        (
            "run_voice",
            f"scenarios: [{', '.join(map(str, range(1, 11)))},\n x]",
            "2: scenarios[10] must be a positive integer",
        ),
        ("run_voice", "scenarios:\n- 1\n- 1", "1: scenarios contains 1 more than once"),
        ("run_voice", "name: x\nscenarios: []", "2: scenarios must not be empty"),
        ("run_voice", "scenarios: [1]\npersonality_ids: 7", "2: personality_ids must be a list"),
        ("run_voice", "\ntags: [smoke, '']", "2: tags[1] must not be blank"),
        ("run_voice", "\ntags: smoke", "2: tags must be a list, e.g. tags=["),
        (
            "run_voice",
            "scenarios: [1]\n\nmode: other",
            "3: mode must be 'same_number' or 'different_numbers'; got 'other'",
        ),
        ("run_voice", "scenarios: [1]\nname: 2026", "2: name must be text"),
        ("run_voice", "scenarios: [1]\nfrequency: true", "2: frequency must be a positive integer"),
        (
            "run_voice",
            "name: x\nscenarios: all",
            "2: scenarios='all' needs an agent: give agent_id or assistant_id",
        ),
        ("run_voice", "folder_path: Sales\nname: x", "1: folder_path='Sales' needs project_id"),
        (
            "run_voice",
            "project_id: 5\nfolder_path: Sales..Inbound",
            "2: folder_path: level 2 of 'Sales..Inbound' is empty",
        ),
        (
            "run_voice",
            "scenarios: [1, 2]\nfrequency: 3\nmax_runs: 5",
            "3: max_runs=5, but this launch has 2 scenarios × 3 repetitions = 6 runs",
        ),
        ("run_voice", "tags: [a]\nmax_runs: 5", "2: max_runs=5 cannot be enforced"),
        ("run_voice", "scenarios: [1]\nmax_runs: 0", "2: max_runs must be a positive integer"),
        (
            "run_websocket",
            "frequency: 101\nscenarios: [{scenario: 1}]",
            "1: frequency is 101; the maximum is 100",
        ),
        (
            "run_websocket",
            "frequency: 1\nscenarios:\n- scenario: 1\n- websocket_url: wss://a.b\n  scenario: '2'",
            "5: scenarios[1].scenario must be a positive integer",
        ),
        (
            "run_websocket",
            "frequency: 1\nscenarios:\n- scenario: 1\n  websocket_url: http://a.example",
            "4: scenarios[0].websocket_url must start with ws:// or wss://",
        ),
        (
            "run_websocket",
            "frequency: 1\nscenarios:\n- [1, wss://a.example]\n- [2, 'wss://']",
            "4: scenarios[1].websocket_url must contain a host",
        ),
        (
            "run_websocket",
            "frequency: 1\nscenarios:\n- scenario: 1\n  url: wss://a.example",
            "3: scenarios[0] has an unknown key",
        ),
        (
            "run_websocket",
            "frequency: 1\nscenarios:\n- 101",
            "3: scenarios[0] must be a WebsocketScenario, a tuple such as (101, ",
        ),
        (
            "run_websocket",
            '{"frequency": 1,\n"scenarios":\n[{"scenario":\n1, "websocket_url": 7}]}',
            "4: scenarios[0].websocket_url must be text",
        ),
        (
            "run_vapi_webrtc",
            "vapi_assistant_id: 7\nscenarios: [1]",
            "1: vapi_assistant_id must be text; got int",
        ),
        ("run_voice", "project_id: 1\nscenarios: Sales..In", "2: scenarios: level 2"),
        ("run_vapi_webrtc", "scenarios: all\nvapi_assistant_id: x", "1: scenarios must be a list"),
    ],
)
def test_a_wrong_value_has_its_line(operation: str, text: str, says: str, write: Write) -> None:
    """In front of what the client says of it, down to the entry of a list."""
    assert _refusal(operation, write(text)).startswith(f"launch.yaml:{says}")


@pytest.mark.parametrize(
    ("operation", "text", "says"),
    [
        (
            "run_voice",
            "agent_id: 12",
            "exactly one of scenarios, first, tags and folder_path is required",
        ),
        (
            "run_voice",
            "scenarios: [1]\ntags: [a]",
            "exactly one of scenarios, first, tags and folder_path is required",
        ),
        ("run_websocket", "frequency: 1", "scenarios is required"),
        ("run_vapi_webrtc", "scenarios: [1]", "vapi_assistant_id is required"),
    ],
)
def test_what_is_missing_has_no_line(operation: str, text: str, says: str, write: Write) -> None:
    """The message is the client's."""
    assert _refusal(operation, write(text)).startswith(says)


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("run_voice", "vapi_assistant_id"),
        ("run_voice", "ask_above"),
        ("run_websocket", "agent_id"),
        ("run_websocket", "name"),
        ("run_websocket", "scenario"),
        ("run_vapi_webrtc", "tags"),
        ("run_vapi_webrtc", "api_key"),
    ],
)
def test_only_arguments_of_this_launch_can_stand_in_a_file(
    operation: str, name: str, write: Write
) -> None:
    """Neither those of another launch nor options of the command."""
    path = write(f"{name}: x")
    assert _refusal(operation, path).startswith(f"launch.yaml:1: unknown argument {name!r}; ")


def test_a_null_where_a_value_is_required_has_its_line(write: Write) -> None:
    """It is the place to mend."""
    path = write("vapi_assistant_id: x\nscenarios:\n")
    says = "launch.yaml:2: scenarios is required"
    assert _refusal("run_vapi_webrtc", path) == says


def test_the_error_is_still_the_one_it_was(write: Write) -> None:
    """With its class and what it carries; only its message has the line."""
    with pytest.raises(RunLimitError) as refused:
        _checked("run_voice", write("scenarios: [1, 2]\nmax_runs: 1"))
    assert refused.value.plan is not None
    assert refused.value.plan.runs == 2
    with pytest.raises(FolderPathError, match=r"^launch\.yaml:1: folder_path: level 1 "):
        _checked("run_voice", write("folder_path: .Sales\nproject_id: 5"))


def test_a_message_about_something_else_has_no_line() -> None:
    """A name must stand there whole, and its value must come from the file."""
    fields = Fields("f.yaml", {}, {"name": 1, "scenarios": 2, "scenarios[1]": 3})
    assert fields.place_of("name is wrong", besides=()) == "f.yaml:1"
    assert fields.place_of("name_of is wrong", besides=()) is None
    assert fields.place_of("the name is wrong", besides=()) is None
    assert fields.place_of("scenarios[1].scenario is wrong", besides=()) == "f.yaml:3"
    assert fields.place_of("scenarios[10] is wrong", besides=()) == "f.yaml:2"
    assert fields.place_of("scenarios[1] is wrong", besides={"scenarios"}) is None


# Credentials in addresses


@pytest.mark.parametrize(
    "text",
    [
        "frequency: 1\nscenarios: [{scenario: 1, websocket_url: 'URL'}, {scenario: x}]",
        "frequency: 1\nscenarios: [{scenario: 1, websocket_url: 'URL '}]",
        "frequency: 1\nscenarios: [{scenario: 1, websocket_url: 'httpsURL'}]",
        "frequency: 1\nscenarios: [{scenario: 1, websocket_url: ['URL']}]",
        "frequency: 1\nscenarios: [{scenario: 'URL', websocket_url: 1}]",
        "frequency: 1\nscenarios: [[1, 'URL', 2]]",
        "frequency: 1\nscenarios: [{scenario: 1, url: 'URL'}]",
        "frequency: 1\nscenarios: [['URL', 1]]",
        "frequency: 1\nscenarios: ['URL']",
        "frequency: 1\nscenarios: ['101=URL']",
        "frequency: 1\nscenarios: 'URL'",
        "frequency: 1\nscenarios: {scenario: 1, websocket_url: 'URL'}",
        "frequency: 1\nscenarios: {'101': 'URL'}",
        "frequency: 1\nscenarios: [{'101': 'URL'}]",
        "frequency: 0\nscenarios: [[1, 'URL']]",
        "frequency: 9\nmax_runs: 1\nscenarios: [[1, 'URL']]",
        "scenarios: [[1, 'URL']]",
        "frequency: 1\nscenarios: [[1, 'URL'], [1, 'URL']]",
        "frequency: 1\nscenarios: [[1, 'URL'], [2, 'URL']",
        "frequency: 1\nscenarios: [[1, 'URL]]",
        "frequency: 1\nscenarios: [[1, 'URL'], [02, 'URL']]",
        "frequency: 1\nnmae: 'URL'\nscenarios: [[1, 'URL']]",
        '{"frequency": 1, "scenarios": [[1, "URL"]',
        '{"frequency": 1, "scenarios": [[1, "URL\\q"]]}',
        "frequency: 1\nscenarios: [[1, URL: x]]",
        "frequency: 1\nscenarios:\n- scenario: 1\n  websocket_url: URL\n  x: y: z",
        "frequency: 1\nscenarios:\n- scenario: 1\n  websocket_url: @URL",
        "frequency: 1\nscenarios:\n- scenario: 1\n  websocket_url: *URL",
        'frequency: 1\nscenarios:\n- scenario: 1\n  websocket_url: "\\d URL"',
    ],
)
def test_no_message_shows_the_credentials_of_an_address(text: str, write: Write) -> None:
    """Whatever is wrong with it or beside it: neither user nor password nor the query."""
    message = _refusal("run_websocket", write(text.replace("URL", SECRET)))
    assert not [secret for secret in SECRETS if secret in message]


@pytest.mark.parametrize(
    "scenario",
    [
        SECRET,
        f"={SECRET}",
        f"x={SECRET}",
        f"101={SECRET} ",
        f"101=https{SECRET}",
        f"101,{SECRET}",
        f"101=101={SECRET}",
        f"101=x {SECRET}",
        f"101='{SECRET}'",
        f"101=https://{SECRET}",
        f"101={SECRET.replace('//', '/')}",
        f"101={SECRET.replace('://', ':')}",
        f"101={SECRET.partition('://')[2]}",
        f"0={SECRET}",
        f"-1={SECRET}",
    ],
)
def test_no_option_shows_the_credentials_of_an_address(scenario: str) -> None:
    """Logs of CI jobs are read by many."""
    message = _refusal("run_websocket", scenarios=[scenario], frequency=1)
    assert not [secret for secret in SECRETS if secret in message]


def test_an_address_with_credentials_is_sent_as_it_is(write: Write) -> None:
    """Hidden in messages only."""
    body = {"scenarios": [{"scenario": 101, "websocket_url": SECRET}], "frequency": 1}
    assert _checked("run_websocket", write(json.dumps(body))).body == body
    assert _checked("run_websocket", scenarios=[f"101={SECRET}"], frequency=1).body == body


# Options


def _as_options(value: Any) -> Any:
    """What is typed for an argument."""
    match value:
        case [{"scenario": number, "websocket_url": url}]:
            return [f"{number}={url}"]
        case list():
            return [str(each) for each in value]
        case dict():
            return json.dumps(value)
        case _:
            return value


@pytest.mark.parametrize("operation", KINDS)
def test_there_is_an_option_for_every_argument(operation: str) -> None:
    """What is typed is what the method is given in Python."""
    kind = KINDS[operation]
    values = {**arguments_for(kind), "max_runs": 1000, "extra_body": {"new": [1]}}
    typed = {name: _as_options(value) for name, value in values.items()}
    assert _checked(operation, **typed) == kind.check(values)
    named = set(inspect.signature(options.LAUNCHES[operation]).parameters)
    assert named == kind.arguments.keys()


def test_invalid_json_is_not_shown() -> None:
    """It may well be a secret that somebody forgot to quote."""
    says = "--extra-body takes a JSON object, e.g. '{\"key\": 1}'"
    assert _refusal("run_voice", scenarios=["1"], extra_body=f"{{key: {SECRET}}}") == says
    message = _refusal("run_voice", scenarios=["1"], extra_body=f'"{SECRET}"')
    assert message.startswith("extra_body must be an object")
    assert not [secret for secret in SECRETS if secret in message]


def test_options_override_the_file(write: Write) -> None:
    """Each for itself; what they do not say is from the file."""
    path = write("agent_id: 1\nscenarios: [1, 2, 3]\nfrequency: 9\nname: x\nmax_runs: 2")
    found = _checked("run_voice", path, max_runs=8, scenarios=["7", "8"], frequency=2)
    from_file = {"agent_id": 1, "name": "x"}
    assert found.body == from_file | {"scenarios": [7, 8], "frequency": 2}
    assert found.plan.runs == 4


@pytest.mark.parametrize("selector", ["scenarios: all", "tags: [x]", "folder_path: Sales"])
def test_a_selector_option_replaces_every_selector_of_the_file(selector: str, write: Write) -> None:
    """By tags or a folder as well, although only one of the three can be."""
    path = write(f"{selector}\nproject_id: 5")
    selectors: list[dict[str, Any]]
    selectors = [{"scenarios": ["7"]}, {"tags": ["a"]}, {"folder_path": "Support"}]
    for option in selectors:
        body = _checked("run_voice", path, **option).body
        assert len(body) == 2, body
        assert body["project_id"] == 5


def test_options_override_invalid_values_in_the_file(write: Write) -> None:
    """It is not looked at; and a mistake in an option has no line of the file."""
    path = write("agent_id: twelve\nscenarios: 0\nfrequency: 1")
    found = _checked("run_voice", path, agent_id=1, scenarios=["7"])
    assert found.body == {"agent_id": 1, "scenarios": [7], "frequency": 1}
    assert _refusal("run_voice", path, agent_id=-1, scenarios=["7"]).startswith("agent_id must be")


def test_an_option_that_was_not_given_leaves_the_file_alone(write: Write) -> None:
    """An option for a list comes as an empty one then."""
    path = write("scenarios: [1]\nfrequency: 3")
    found = _checked("run_voice", path, scenarios=[], tags=[], personality_ids=[])
    assert found.body == {"scenarios": [1], "frequency": 3}


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ({"scenarios": ["101", "0102"]}, {"scenarios": [101, 102]}),
        ({"scenarios": ["all"], "agent_id": 1}, {"scenarios": "all", "agent_id": 1}),
        ({"first": 5, "agent_id": 1}, {"scenarios": 5, "agent_id": 1}),
        ({"tags": ["a b", "c"]}, {"tags": ["a b", "c"]}),
        (
            {"folder_path": "Sales.In", "project_id": 5},
            {"folder_path": "Sales.In", "project_id": 5},
        ),
        (
            {"scenarios": ["1"], "personality_ids": ["2", "3"], "test_profile_ids": ["4"]},
            {"scenarios": [1], "personality_ids": [2, 3], "test_profile_ids": [4]},
        ),
    ],
)
def test_voice_options_become_this_body(said: dict[str, Any], body: object) -> None:
    """Ids are numbers there; `--first` is the number of evaluators that the page calls N."""
    assert _checked("run_voice", **said).body == body


def test_first_overrides_scenarios_in_the_file(write: Write) -> None:
    """As any option does."""
    path = write("agent_id: 12\nscenarios: [1, 2]")
    assert _checked("run_voice", path, first=3).body == {"agent_id": 12, "scenarios": 3}


@pytest.mark.parametrize(
    ("operation", "said", "says"),
    [
        (
            "run_voice",
            {},
            "exactly one of scenarios, first, tags and folder_path is required; got none",
        ),
        (
            "run_voice",
            {"first": 5, "scenarios": ["1"]},
            "exactly one of scenarios, first, tags and folder_path is required; got scenarios and first",
        ),
        ("run_voice", {"first": 5}, "first=5 needs an agent: give agent_id or assistant_id"),
        (
            "run_voice",
            {"scenarios": ["all"]},
            "scenarios='all' needs an agent: give agent_id or assistant_id",
        ),
        (
            "run_voice",
            {"scenarios": ["Sales.Inbound"]},
            "--scenarios takes ids, e.g. 101,102; got 'Sales.Inbound'; to select a folder use --fo",
        ),
        ("run_voice", {"scenarios": ["1", "all"]}, "--scenarios takes ids, e.g. 101,102; got 'al"),
        ("run_voice", {"scenarios": ["-1"]}, "--scenarios takes ids, e.g. 101,102; got '-1'"),
        ("run_voice", {"scenarios": ["1.0"]}, "--scenarios takes ids"),
        ("run_voice", {"scenarios": ["1_0"]}, "--scenarios takes ids"),
        ("run_voice", {"scenarios": ["٣"]}, "--scenarios takes ids"),
        ("run_voice", {"scenarios": ["²"]}, "--scenarios takes ids"),
        ("run_voice", {"scenarios": ["9" * 5_000]}, "--scenarios takes ids"),
        (
            "run_voice",
            {"scenarios": ["0"]},
            "scenarios[0] must be a positive integer, e.g. scenarios[0]=12; got 0",
        ),
        ("run_voice", {"scenarios": ["7", "7"]}, "scenarios contains 7 more than once"),
        (
            "run_voice",
            {"scenarios": ["1"], "personality_ids": ["kind"]},
            "--personality-ids takes ids, e.g. 101,102; got 'kind'",
        ),
        (
            "run_voice",
            {"scenarios": ["1"], "test_profile_ids": ["x"]},
            "--test-profile-ids takes ids",
        ),
        ("run_voice", {"scenarios": ["1"], "frequency": 0}, "frequency must be a positive integer"),
        (
            "run_voice",
            {"scenarios": ["1", "2"], "max_runs": 1},
            "max_runs=1, but this launch has 2",
        ),
        ("run_voice", {"tags": ["a"], "max_runs": 1}, "max_runs=1 cannot be enforced"),
        ("run_voice", {"scenarios": ["1"], "max_runs": 0}, "max_runs must be a positive integer"),
        ("run_websocket", {}, "scenarios is required"),
        ("run_websocket", {"scenarios": ["1"]}, "frequency is required"),
        *(
            (
                "run_websocket",
                {"scenarios": [odd], "frequency": 1},
                "--scenario takes an id, e.g. 101, or an id and a websocket_url",
            )
            for odd in ("", "x", "=", "1=", "=wss://a.example", "1 =wss://a.example", "٣", "-1")
        ),
        (
            "run_websocket",
            {"scenarios": ["1=http://a.example"], "frequency": 1},
            "scenarios[0].websocket_url must start with ws:// or wss://",
        ),
        ("run_vapi_webrtc", {"scenarios": ["1"]}, "vapi_assistant_id is required"),
        (
            "run_vapi_webrtc",
            {"scenarios": ["all"], "vapi_assistant_id": "x"},
            "--scenarios takes ids, e.g. 101,102; got 'all'",
        ),
    ],
)
def test_errors_in_options_name_the_option(operation: str, said: dict[str, Any], says: str) -> None:
    """By the option where only it can be wrong so, else by the argument."""
    assert _refusal(operation, **said).startswith(says)


def test_websocket_scenarios_on_the_command_line() -> None:
    """An id, or an id and an address in which there may be more equals signs."""
    url = "wss://agent.example.com/chat?a=1&b=2"
    found = _checked("run_websocket", scenarios=["101", f"102={url}"], frequency=2, agent=7)
    assert found.body == {
        "scenarios": [{"scenario": 101}, {"scenario": 102, "websocket_url": url}],
        "frequency": 2,
        "agent": 7,
    }
    assert found.plan.runs == 4


def test_errors_in_options_have_no_line_of_the_file(write: Write) -> None:
    """Though the file has an argument of that name."""
    path = write("scenarios: [[1, wss://a.example]]\nfrequency: 1")
    message = _refusal("run_websocket", path, scenarios=["2=http://b.example"])
    assert message.startswith("scenarios[0].websocket_url must start with")
