"""The arguments of a launch in a file, in YAML or JSON, and on which line each stands."""

import json
import re
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from attrs import Factory, frozen

from cekura_client.errors import InvalidRequestError

_TAG = "tag:yaml.org,2002:"
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)")


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
    for name, line in file.lines.items():
        if "." not in name and "[" not in name and name not in known:
            close = get_close_matches(name, known, 1)
            right = (
                f"did you mean {close[0]!r}?" if close else f"known are {', '.join(sorted(known))}"
            )
            raise InvalidRequestError(f"{path.name}:{line}: {name!r} is no argument here; {right}")
    return Fields(path.name, values, file.lines)


class _File:
    """Reads strictly: what could be taken for something else than was meant is refused."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.lines: dict[str, int] = {}

    def read(self, text: str) -> dict[str, Any]:
        is_json = text.lstrip()[:1] == "{"
        try:
            values = json.loads(text) if is_json else None
            # JSON has no tabs but between values, where YAML would not have them.
            root = yaml.compose(text.replace("\t", " ") if is_json else text, yaml.SafeLoader)
            if not isinstance(root, yaml.MappingNode):
                raise self._wrong(1, "must have a line for each argument, as in `agent_id: 12`")
            read = self._mapping(root, "")
        except InvalidRequestError:
            raise
        except json.JSONDecodeError as error:
            raise self._wrong(error.lineno, f"not readable as JSON: {error.msg}") from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise self._wrong(
                mark.line + 1 if mark else 1, f"not readable as YAML: {error.problem}"
            ) from None
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise self._wrong(1, f"not readable: {type(error).__name__}") from None
        return read if values is None else values

    def _value(self, node: yaml.Node, path: str) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, f"{path}.")
        if isinstance(node, yaml.SequenceNode):
            return [self._value(each, f"{path}[{index}]") for index, each in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self._wrong(line, "a name is expected here")
            if key.value in found:
                raise self._wrong(line, f"{key.value!r} stands here a second time")
            self.lines[f"{path}{key.value}"] = line
            found[key.value] = self._value(value, f"{path}{key.value}")
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        """As YAML 1.2 has it: 1.1 takes 0101 for 65, and `no` for false."""
        text: str = node.value
        kind = node.tag.removeprefix(_TAG)
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kind == "int":
            if not _DECIMAL.fullmatch(text):
                raise self._wrong(
                    node.start_mark.line + 1,
                    f"{text} could be taken for another number; write it as a plain decimal, or in "
                    "quotes if it is text",
                )
            return int(text)
        if kind == "float":
            try:
                return float(text)
            except ValueError:
                return text
        return text

    def _wrong(self, line: int, what: str) -> InvalidRequestError:
        return InvalidRequestError(f"{self._name}:{line}: {what}")
