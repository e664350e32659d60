"""Turn the options of a launch into its arguments."""

import json
from dataclasses import asdict
from typing import Any, get_args

from cekura_client.cli import options
from cekura_client.cli.files import Fields, read_fields
from cekura_client.cli.options import Form, Options, form_of, option_name
from cekura_client.core.description import Argument, CheckedLaunch, Entries, LaunchKind
from cekura_client.errors import InvalidRequestError


def checked(kind: LaunchKind, given: Options) -> CheckedLaunch:
    """The launch that the options and `--from-file` describe.

    Raises:
        InvalidRequestError: names the option or the line of the file.
    """
    path = given[options.FromFile].from_file
    file = Fields() if path is None else read_fields(path, kind.arguments)
    typed = {
        name: _read(kind.arguments[name], value)
        for name, value in asdict(given[options.LAUNCHES[kind.operation]]).items()
        if value is not None and value != []
    }
    # Options that select evaluators replace every selector of the file.
    overridden = kind.selectors if kind.selectors & typed.keys() else frozenset[str]()
    kept = {name: value for name, value in file.values.items() if name not in overridden}
    try:
        return kind.check({**kept, **typed})
    except InvalidRequestError as error:
        if place := file.place_of(str(error), besides=typed.keys()):
            error.args = (f"{place}: {error}",)
        raise


def _read(argument: Argument, value: Any) -> object:
    """The value of an option as the Python argument."""
    option = option_name(argument)
    match form_of(argument):
        case Form.IDS if value == ["all"] and str in get_args(argument.hint):
            return "all"
        case Form.IDS:
            return [_id(option, text, argument) for text in value]
        case Form.TEXTS if value == ["[]"]:
            return []
        case Form.ENTRIES:
            assert isinstance(argument.field.check, Entries)
            return [_entry(option, text, argument.field.check) for text in value]
        case Form.OBJECT:
            return _object(option, value)
        case _:
            return value


def _id(option: str, text: str, argument: Argument) -> int:
    if not _is_id(text):
        remedy = "; to select a folder use --folder-path" if argument.field.selects else ""
        raise InvalidRequestError(f"{option} takes ids, e.g. 101,102; got {text!r}{remedy}")
    return int(text)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _entry(option: str, text: str, entries: Entries) -> dict[str, object]:
    key, name, *_ = entries.arguments
    number, equals, value = text.partition("=")
    if not _is_id(number) or (equals and not value):
        # The text is not shown: it may be an address with credentials.
        raise InvalidRequestError(
            f"{option} takes an id, e.g. 101, or an id and a {name}, e.g. 101={name.upper()}"
        )
    return {key: int(number), **({name: value} if value else {})}


def _object(option: str, text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidRequestError(f"{option} takes a JSON object, e.g. '{{\"key\": 1}}'") from None
