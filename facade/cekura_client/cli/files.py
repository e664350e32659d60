"""The arguments of a launch in a file, in YAML or JSON, and on which line each stands."""

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml
from attrs import Factory, frozen
from yaml.reader import ReaderError

from cekura_client.core.description import unknown
from cekura_client.errors import InvalidRequestError

_TAG = "tag:yaml.org,2002:"
# No number here has more digits.
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DEEPEST = 20


@frozen
class Fields:
    """What a file says.

    Attributes:
        name: Of the file.
        values: By the names of the facade's arguments.
        lines: The line of each value, by its path as error messages write it: ``scenarios[0]``.
    """

    name: str = ""
    values: dict[str, Any] = Factory(dict)
    lines: dict[str, int] = Factory(dict)

    def place_of(self, message: str, besides: Collection[str]) -> str | None:
        """The file and the line that an error message is about, if it is about one.

        Args:
            message: Begins with the path of the value.
            besides: Names whose values came from elsewhere.
        """
        found = [
            path
            for path in self.lines
            if re.match(rf"{re.escape(path)}(?!\w)", message)
            and re.split(r"\W", path)[0] not in besides
        ]
        return f"{self.name}:{self.lines[max(found, key=len)]}" if found else None


def read_fields(path: Path, known: Collection[str]) -> Fields:
    """Read a file with arguments.

    Raises:
        InvalidRequestError: says on which line what is wrong.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InvalidRequestError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidRequestError(f"{path} is not text in UTF-8") from None
    file = _File(path.name)
    values = file.read(text)
    for name in values:
        if name not in known:
            raise file.wrong(unknown(name, known), file.lines.get(name))
    return Fields(path.name, values, file.lines)


class _File:
    """Reads strictly: what could be taken for something else than was meant is refused."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._is_json = False
        self.lines: dict[str, int] = {}

    def read(self, text: str) -> dict[str, Any]:
        # Broken JSON could mean something else as YAML, in which braces are allowed as well.
        self._is_json = text.lstrip()[:1] == "{"
        return self._json(text) if self._is_json else self._yaml(text)

    def wrong(self, what: str, line: int | None = None) -> InvalidRequestError:
        place = self._name if line is None else f"{self._name}:{line}"
        return InvalidRequestError(f"{place}: {what}")

    def _json(self, text: str) -> dict[str, Any]:
        try:
            values: dict[str, Any] = json.loads(text)
        except json.JSONDecodeError as error:
            what = f"not readable as JSON: {error.msg}; what begins with a brace is read as JSON"
            raise self.wrong(what, error.lineno) from None
        except RecursionError:
            raise self.wrong("is nested too deeply") from None
        except ValueError:
            raise self.wrong("has a number of thousands of digits") from None
        try:
            # For the lines, and names that stand there twice. Nearly all JSON is YAML, but for tabs,
            # which stand nowhere but between values.
            self._mapping(yaml.compose(text.replace("\t", " "), yaml.SafeLoader), "")
        except yaml.YAMLError:
            json.loads(text, object_pairs_hook=self._unique)
        return values

    def _unique(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise self.wrong(f"{name!r} stands there a second time")
            found[name] = value
        return found

    def _yaml(self, text: str) -> dict[str, Any]:
        try:
            depth = 0
            for event in yaml.parse(text, yaml.SafeLoader):
                depth += isinstance(event, yaml.CollectionStartEvent)
                depth -= isinstance(event, yaml.CollectionEndEvent)
                if depth > _DEEPEST:  # the deeper, the slower it is read
                    raise self.wrong("is nested too deeply")
                if isinstance(event, yaml.AliasEvent):
                    line = event.start_mark.line + 1 if event.start_mark else None
                    raise self.wrong("aliases are not accepted; write it out", line)
            return self._mapping(yaml.compose(text, yaml.SafeLoader), "")
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise self.wrong(f"not readable as YAML: {error.problem}", line) from None
        except ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise self.wrong(f"has a character that YAML does not: {error.reason}", line) from None

    def _mapping(self, node: yaml.Node | None, path: str) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong("must have a line for each argument, as in `agent_id: 12`", 1)
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self.wrong("a name is expected here", line)
            if key.value in found:
                raise self.wrong(f"{key.value!r} stands here a second time", line)
            self.lines[f"{path}{key.value}"] = line
            found[key.value] = self._value(value, f"{path}{key.value}")
        return found

    def _value(self, node: yaml.Node, path: str) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, f"{path}.")
        if isinstance(node, yaml.SequenceNode):
            return [self._value(each, f"{path}[{index}]") for index, each in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        """As YAML 1.2 has it: 1.1 takes 0101 for 65, and `no` for false."""
        if self._is_json:
            return None  # is known already
        text: str = node.value
        kind = node.tag.removeprefix(_TAG)
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kind == "int":
            if not _DECIMAL.fullmatch(text):
                raise self.wrong(
                    f"{text[:30]} could be taken for another number; write it as a plain decimal, or "
                    "in quotes if it is text",
                    node.start_mark.line + 1,
                )
            return int(text)
        if kind == "float":
            try:
                return float(text)
            except ValueError:  # 1:30.5
                return text
        return text
