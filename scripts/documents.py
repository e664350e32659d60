"""OpenAPI documents as plain data: read strictly, written stably, taken apart leaf by leaf.

Reading refuses what would silently lose or change something: duplicate keys, anchors and
aliases, tags, keys that are not strings. Scalars follow the YAML 1.2 core schema, so that
``no`` stays a word and ``2025-02-25`` stays a string, as in JSON.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
OPENAPI = ROOT / "openapi"

_TAG = "tag:yaml.org,2002:"
_CORE = {
    "null": re.compile(r"^(?:~|null|Null|NULL|)$"),
    "bool": re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"),
    "int": re.compile(r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$"),
    "float": re.compile(
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
}


class DocumentError(Exception):
    """A document that cannot be used; the message says which one, where in it, and why."""


class _Loader(yaml.CSafeLoader):
    """Knows the core schema only; what PyYAML knows beyond it is taken away below."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Loader.yaml_implicit_resolvers = {}
for _name, _pattern in _CORE.items():
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(_TAG + _name, _pattern, None)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # Line breaks that only YAML 1.1 knows survive in no other style than this.
    rare = any(c in value for c in "\x85\u2028\u2029")
    style = '"' if rare else "|" if "\n" in value else None
    return dumper.represent_scalar(_TAG + "str", value, style=style)


_Dumper.add_representer(str, _text)


def pointer(parts: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a place in a document; "" is the document itself."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def load(text: str, name: str) -> dict[str, Any]:
    """Read one YAML document; `name` is what error messages call it.

    Raises:
        DocumentError: not YAML, or YAML that could be read in more than one way.
    """
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if getattr(event, "anchor", None) is not None:
                raise DocumentError(
                    f"{name}: anchors and aliases are not accepted{event.start_mark}"
                )
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise DocumentError(f"{name}: not readable as YAML: {error}") from error
    value = _value(node, name, ())
    if not isinstance(value, dict):
        raise DocumentError(f"{name}: the document is not a mapping")
    return value


def read(path: Path) -> dict[str, Any]:
    """Read one YAML file; see `load`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path.name}: {error}") from error
    return load(text, path.name)


def _value(node: yaml.Node | None, name: str, at: tuple[str | int, ...]) -> Any:
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            where = f"{name}: line {key_node.start_mark.line + 1}"
            if key_node.tag != _TAG + "str":
                raise DocumentError(
                    f"{where}: the key {key_node.value!r} in {pointer(at) or 'the document'} "
                    "is not a string; quote it"
                )
            key = key_node.value
            if key in mapping:
                raise DocumentError(f"{where}: the key {pointer((*at, key))} stands there twice")
            mapping[key] = _value(value_node, name, (*at, key))
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, name, (*at, index)) for index, item in enumerate(node.value)]
    if node is None:
        return None
    kind = node.tag.removeprefix(_TAG)
    text = node.value
    if kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    if kind == "float":
        return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    raise DocumentError(f"{name}: {pointer(at)}: the tag {node.tag!r} is not accepted")


def dump(document: Any) -> str:
    """Write a document; what `load` reads back is equal, key order included."""
    return yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=96, indent=2
    )


def leaves(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every scalar and every empty container, as (JSON pointer, value in JSON).

    Values are compared as JSON text, so that 1, 1.0, true and "1" are four different leaves.
    """
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*at, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*at, index))
    else:
        yield pointer(at), json.dumps(value, ensure_ascii=False)


def first_difference(one: Any, other: Any) -> str | None:
    """The pointer of the first leaf that is not in both, or None where both are equal."""
    mine, theirs = dict(leaves(one)), dict(leaves(other))
    return next((at for at in mine | theirs if mine.get(at) != theirs.get(at)), None)
