"""YAML and JSON that mean what they look like, and the line on which each value stands.

YAML 1.1, which PyYAML reads, takes ``010`` for 8, ``1_000`` for 1000, ``1:30`` for 90, ``no`` for
false and ``2026-01-01`` for a date, keeps the last of two equal keys, and can repeat a part
elsewhere. Here, words and dates are text, as in YAML 1.2, keys are always text, and a number must
be a plain decimal. Everything else that could be misread is refused, with its line.
"""

import json
import re
from collections.abc import Callable
from typing import Any, cast

import yaml
from yaml.reader import ReaderError

_TAG = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?")
# Numbers in YAML 1.2 that YAML 1.1 takes for text.
_NUMBER_IN_1_2 = re.compile(r"[-+]?[0-9]+([eE][-+]?[0-9]+)?|0o[0-7]+")
_DEEPEST = 20  # the deeper, the slower it is read

#: The line of each value by its path, as in ``projects[0].id``; the path of the whole is empty.
Lines = dict[str, int]


class YamlError(ValueError):
    """What is wrong, and on which line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.message, self.line = message, line


def read_yaml(text: str) -> tuple[Any, Lines]:
    """The value that `text` writes in YAML, and its lines.

    Raises:
        YamlError: it is not YAML, or could be misread.
    """
    return _read(_compose(text), _scalar)


def read_json(text: str) -> tuple[Any, Lines]:
    """The value that `text` writes in JSON, and its lines.

    Raises:
        YamlError: it is not JSON, or has a key twice.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise YamlError(f"not readable as JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise YamlError("is nested too deeply", 1) from None
    except ValueError:
        raise YamlError("has a number of thousands of digits", 1) from None
    try:
        # Nearly all JSON is YAML, apart from tabs, which stand only between values.
        node = _compose(text.replace("\t", " "))
    except YamlError:
        json.loads(text, object_pairs_hook=_unique)
        return value, {}
    return value, _read(node, lambda node: None)[1]


def _unique(pairs: list[tuple[str, Any]]) -> None:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise YamlError(f"{name!r} stands there a second time", 1)


class _Loader(yaml.SafeLoader):
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = cast("Any", self).peek_event()  # untyped
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise YamlError("aliases are not accepted; write it out", line)
        if event.tag is not None:
            raise YamlError("tags are not accepted; put text in quotes", line)
        if self.depth > _DEEPEST:
            raise YamlError("is nested too deeply", line)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _compose(text: str) -> yaml.Node | None:
    try:
        return _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlError(f"not readable as YAML: {error.problem}", line) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError(f"has a character that YAML does not: {error.reason}", line) from None


def _read(node: yaml.Node | None, scalar: Callable[[yaml.Node], Any]) -> tuple[Any, Lines]:
    lines: Lines = {}

    def value(node: yaml.Node, path: str) -> Any:
        lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [value(item, f"{path}[{index}]") for index, item in enumerate(node.value)]
        return scalar(node)

    def mapping(node: yaml.MappingNode, path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError("a name is expected here", line)
            if key.value in found:
                raise YamlError(f"{key.value!r} stands here a second time", line)
            inside = f"{path}.{key.value}" if path else str(key.value)
            lines[inside] = line
            found[key.value] = value(item, inside)
        return found

    return (None if node is None else value(node, "")), lines


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    kind = node.tag.removeprefix(_TAG)
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    plain = cast("yaml.ScalarNode", node).style is None
    if kind in ("int", "float") or (plain and _NUMBER_IN_1_2.fullmatch(text)):
        if not (number := _DECIMAL.fullmatch(text)):
            raise YamlError(
                f"{text[:30]} could be taken for another number; write it as a plain decimal, or in "
                "quotes if it is text",
                node.start_mark.line + 1,
            )
        return float(text) if number[2] or number[3] else int(text)
    return text
