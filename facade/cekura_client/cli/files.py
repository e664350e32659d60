"""The arguments of a launch in a file, in YAML or JSON, and on which line each stands."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from attrs import Factory, frozen

from cekura_client.core.description import unknown
from cekura_client.errors import InvalidRequestError
from cekura_client.strict_yaml import YamlError, read_json, read_yaml


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
    try:
        # Broken JSON could mean something else as YAML, in which braces are allowed as well.
        values, lines = (read_json if text.lstrip()[:1] == "{" else read_yaml)(text)
        if not isinstance(values, dict):
            raise YamlError("must have a line for each argument, as in `agent_id: 12`", 1)
        for name in values:
            if name not in known:
                raise YamlError(unknown(name, known), lines.get(name, 1))
    except YamlError as error:
        raise InvalidRequestError(f"{path.name}:{error.line}: {error.message}") from None
    lines.pop("", None)
    return Fields(path.name, values, lines)
