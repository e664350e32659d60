"""YAML that a person writes for the sandbox means what it looks like, or is refused.

Which numbers, words and forms are refused, `tests/cli/test_launch_files.py` tells of the same reader.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cekura_client.sandbox import State
from cekura_client.sandbox.__main__ import main
from cekura_client.strict_yaml import YamlError, read_yaml

STATE = """\
# A state.
projects:
  - id: 1
    agents:
      - id: 12
        name: {name}
        scenarios:
          - id: {id}
            ends: {ends}
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a: 10", {"a": 10}),
        (
            "a: [-1, 0, 2.5, 1e3, true, false, null, ~]",
            {"a": [-1, 0, 2.5, 1e3, True, False, None, None]},
        ),
        ("a: '010'", {"a": "010"}),
        ('a: "on"', {"a": "on"}),
        ("a: Books a table", {"a": "Books a table"}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("1: x", {"1": "x"}),
        (
            "a: [on, No, TRUE, Null, +1, 2026-01-01]",
            {"a": ["on", "No", True, None, 1, "2026-01-01"]},
        ),
        ("{drop: true, nth: 2}", {"drop": True, "nth": 2}),
        ("&a [1]", [1]),
    ],
)
def test_plain_yaml_is_read(text: str, value: Any) -> None:
    """As JSON would write it; texts as everywhere in YAML."""
    assert read_yaml(text)[0] == value


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a:\n  id: 010", 2, "010 could be taken for another number"),
        ("a: 1\nb: 2\na: 3", 3, "'a' stands here a second time"),
        ("x:\n  - {id: 1,\n     id: 1}", 3, "'id' stands here a second time"),
        ("a: &x [1]\nb: *x", 2, "aliases are not accepted"),
        ("a: !!set {x: null}", 1, "tags are not accepted"),
        ("? [1]\n: x", 1, "a name is expected here"),
        ("a: [\n", 2, "not readable as YAML: expected the node content"),
        ("a: 1\nb: '", 2, "unexpected end"),
        ("a: 1\n--- \nb: 2", 2, "but found another document"),
        ("a: 1\nb: \x00", 2, "has a character that YAML does not"),
        ("a:\n " + "[" * 200 + "]" * 200, 2, "is nested too deeply"),
        ("[" * 5_000, 1, "is nested too deeply"),
    ],
)
def test_ambiguous_yaml_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    """Whatever YAML would take for something else than it looks like."""
    with pytest.raises(YamlError) as caught:
        read_yaml(text)
    assert str(caught.value).startswith(f"line {line}: ")
    assert says in str(caught.value)


TOKENS = (
    *("true", "false", "null", "~", "0", "-1", "2.5", "010", "0x1", "1_0", "1:30"),
    *(
        "a",
        " ",
        "\n",
        "- ",
        ": ",
        ",",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "#",
        "&x ",
        "*x",
        "!!str ",
        "<<",
    ),
)


class _Loader(yaml.SafeLoader):
    """Keys are text, `<<` among them, as in JSON."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


yaml.add_constructor("tag:yaml.org,2002:merge", lambda _, node: node.value, Loader=_Loader)


@given(st.lists(st.sampled_from(TOKENS), max_size=12).map("".join))
def test_every_yaml_version_reads_the_same_values(text: str) -> None:
    """Whatever is accepted, another reader of YAML 1.1 reads alike, apart from words and dates."""
    try:
        value, _ = read_yaml(text)
    except YamlError:
        return
    assert value == yaml.load(text, _Loader)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"id": "010"}, "line 8: 010 could be taken for another number"),
        ({"id": "7, id: 8"}, "line 8: "),
        ({"id": "'7'"}, "line 8: not a valid state: Expected `int`, got `str`"),
        ({"ends": "pased"}, "line 8: not a valid state: 'pased' is not a valid ending"),
        ({"name": "5"}, "line 6: not a valid state: Expected `str`, got `int`"),
        (
            {"name": "x\n        nmae: y"},
            "line 5: not a valid state: Object contains unknown field",
        ),
        ({"name": "x\n        name: y"}, "line 7: 'name' stands here a second time"),
    ],
)
def test_a_state_says_on_which_line_it_is_wrong(
    tmp_path: Path, fields: dict[str, str], says: str
) -> None:
    """Whether it is the YAML or what it means."""
    path = tmp_path / "state.yaml"
    path.write_text(
        STATE.format(**{"name": "Desk", "id": "7", "ends": "passed", **fields}), "utf-8"
    )
    with pytest.raises(ValueError, match=r"state\.yaml: ") as caught:
        State.read(path)
    assert says in str(caught.value)


def test_a_valid_state_is_read(tmp_path: Path) -> None:
    """The one that the other tests make mistakes in."""
    path = tmp_path / "state.yaml"
    path.write_text(STATE.format(name="Desk", id="7", ends="passed"), "utf-8")
    assert State.read(path).projects[0].agents[0].scenarios[0].id == 7


def test_a_state_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """By its name."""
    path = tmp_path / "state.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"state\.yaml: .*utf-8"):
        State.read(path)


@pytest.mark.parametrize("rule", ["nth: 010, drop: true", "drop: true, drop: true"])
def test_a_fault_on_the_command_line_is_read_strictly_too(
    rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the same reader."""
    with pytest.raises(SystemExit):
        main(["--fault", rule])
    assert f"--fault {rule!r}: line 1: " in capsys.readouterr().err
