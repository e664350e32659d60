"""YAML that means what it looks like.

YAML 1.1, which PyYAML reads, takes `010` for 8, `1_000` for 1000, `1:30` for 90, `on` for true,
`1e3` for a text and `2026-01-01` for a date, keeps the last of two equal keys, and can repeat a part elsewhere. Here one rule
holds: whatever is not quoted and not a text must be written as JSON would write it, and everything
stands where it is meant. The rest is refused, with its line.
"""

import re
from collections.abc import Mapping
from typing import Any, cast

import yaml

_TAG = "tag:yaml.org,2002:"
_JSON_FORMS = {
    f"{_TAG}int": re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    f"{_TAG}float": re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?([eE][-+]?[0-9]{1,2})?"),
    f"{_TAG}bool": re.compile("true|false"),
    f"{_TAG}null": re.compile("null|~|"),
}
_LIKE_A_NUMBER = re.compile(r"[-+]?[0-9]+([eE][-+]?[0-9]+)?")
_DEEPEST = 100


class YamlError(ValueError):
    """What is wrong, and on which line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")


def read_yaml(text: str) -> tuple[Any, Mapping[str, int]]:
    """The value that `text` writes, and the line of each of its parts by path: `$.projects[0].id`.

    Raises:
        YamlError: it is not YAML, or could be taken for something else than was meant.
    """
    reader = _Reader()
    try:
        node = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(str(error.problem), mark.line + 1 if mark else 1) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise YamlError(f"the character {error.character!r} is not allowed", line) from None
    except RecursionError:
        raise YamlError("it is nested too deeply", 1) from None
    value = None if node is None else reader.value(node, "$", 0)
    return value, reader.lines


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            alias = cast("Any", self).peek_event()  # untyped
            line = alias.start_mark.line + 1
            raise YamlError(f"*{alias.anchor} repeats another part; write it out", line)
        return super().compose_node(parent, index)


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[str, int] = {}

    def value(self, node: yaml.Node, path: str, depth: int) -> Any:
        line = node.start_mark.line + 1
        self.lines[path] = line
        if depth > _DEEPEST:
            raise YamlError("it is nested too deeply", line)
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.value(v, f"{path}[{i}]", depth + 1) for i, v in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node, line)
        raise YamlError(f"the tag {node.tag} is not read here", line)

    def _mapping(self, node: yaml.MappingNode, path: str, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError("a key is a text or a number", line)
            key = _scalar(key_node, line)
            if key in found:
                raise YamlError(f"the key {key!r} is given a second time", line)
            found[key] = self.value(value_node, f"{path}.{key}", depth + 1)
        return found


def _scalar(node: yaml.ScalarNode, line: int) -> Any:
    text: str = node.value
    kind = node.tag
    # YAML 1.1 takes 1e3 and 08 for texts.
    if kind == f"{_TAG}str" and node.style is None and _LIKE_A_NUMBER.fullmatch(text):
        kind = f"{_TAG}float"
    if kind == f"{_TAG}str":
        return text
    form = _JSON_FORMS.get(kind)
    if form is None or form.fullmatch(text) is None:
        raise YamlError(
            f"{text!r} could mean something else ({kind.removeprefix(_TAG)}). Quote a text; write "
            "a number as in JSON, and true, false or null in full",
            line,
        )
    if kind == f"{_TAG}bool":
        return text == "true"
    if kind == f"{_TAG}null":
        return None
    return int(text) if kind == f"{_TAG}int" else float(text)
