"""Documents as text: read strictly, by content and not by name, and written stably.

Reading refuses what would silently lose or change something: duplicate keys, anchors and
aliases, tags, keys that are not strings, numbers that JSON does not have. What spoils only the
place where it stands can be tolerated instead, with a list of such places. Scalars follow the YAML
1.2 core schema, so that ``no`` stays a word and ``2025-02-25`` stays a string, as in JSON.
"""

import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from scripts.documents import Document, DocumentError, Parts, pointer

# The vendor's full document has 3.3 MB and 49,000 values, and is nested 19 deep.
MAX_BYTES = 16 * 1024 * 1024
MAX_VALUES = 1_000_000
MAX_DEPTH = 100
_MAX_BITS = 1024  # of a whole number; no float has more

#: A place that could be read in more than one way, or not at all, and what is wrong there.
Problem = tuple[Parts, str]

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


# At the beginning of what YAML takes for a line.
_DIRECTIVE = re.compile("(?:\\A|[\n\r\x85\u2028\u2029])\ufeff?%")
_REFUSED = {"anchor": "anchors and aliases are", "tag": "tags are"}


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


def load(text: str, name: str) -> Document:
    """Read one document in YAML or JSON; `name` is what error messages call it.

    Raises:
        DocumentError: neither, or text that could be read in more than one way, or more of it
            than any such document has.
    """
    document, problems = load_tolerantly(text, name)
    for _, message in problems:
        raise DocumentError(message)
    return document


def load_tolerantly(text: str, name: str) -> tuple[Document, list[Problem]]:
    """Read one document, and list the places that could be read in more than one way.

    Raises:
        DocumentError: neither YAML nor JSON, or more of it than any such document has.
    """
    problems: list[Problem] = []
    if len(text) > MAX_BYTES:
        raise DocumentError(f"{name}: {len(text):,} characters; at most {MAX_BYTES:,} are read")
    # Not YAML's flow style: as YAML, broken JSON could mean something else than was meant.
    is_json = text.lstrip()[:1] == "{"
    value = _load_json(text, name) if is_json else _load_yaml(text, name, problems)
    _check(value, name, problems)
    if not isinstance(value, dict):
        raise DocumentError(f"{name}: the document is not a mapping")
    return value, problems


def read(path: Path) -> Document:
    """Read one file; see `load`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path.name}: {error}") from error
    return load(text, path.name)


class _Ambiguous(dict[str, Any]):
    """An object with duplicate keys, until it is known where that is; the last value counts."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]


def _load_json(text: str, name: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> Any:
        found = dict(pairs)
        return found if len(found) == len(pairs) else _Ambiguous(pairs)

    # Each value but one has a comma or a bracket before it.
    if sum(map(text.count, ",[{")) > MAX_VALUES:
        raise DocumentError(f"{name}: more than {MAX_VALUES:,} values")
    try:
        return json.loads(text, object_pairs_hook=unique)
    except RecursionError as error:
        raise DocumentError(f"{name}: nested more than {MAX_DEPTH} deep") from error
    except ValueError as error:  # also numbers of thousands of digits
        raise DocumentError(f"{name}: not readable as JSON: {error}") from error


def _load_yaml(text: str, name: str, problems: list[Problem]) -> Any:
    if _DIRECTIVE.search(text):
        raise DocumentError(f"{name}: directives (lines that begin with %) are not accepted")
    try:
        depth = 0
        for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
            for what in ("anchor", "tag"):
                if getattr(event, what, None) is not None:
                    raise DocumentError(f"{name}: {_REFUSED[what]} not accepted{event.start_mark}")
            if count > MAX_VALUES:
                raise DocumentError(f"{name}: more than {MAX_VALUES:,} values")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:  # before it is composed, which is recursive
                raise DocumentError(f"{name}: nested more than {MAX_DEPTH} deep{event.start_mark}")
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, UnicodeError) as error:
        raise DocumentError(f"{name}: not readable as YAML: {error}") from error
    return _value(node, name, (), problems)


def _value(node: yaml.Node | None, name: str, at: Parts, problems: list[Problem]) -> Any:
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            where = f"{name}: line {key_node.start_mark.line + 1}"
            if key_node.tag != _TAG + "str":
                inside = pointer(at) or "the document"
                what = f"the key {key_node.value!r} in {inside} is not a string; quote it"
                problems.append((at, f"{where}: {what}"))
            key = str(key_node.value)
            if key in mapping:
                what = f"the key {pointer((*at, key))} stands there twice"
                problems.append(((*at, key), f"{where}: {what}"))
            mapping[key] = _value(value_node, name, (*at, key), problems)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, name, (*at, n), problems) for n, item in enumerate(node.value)]
    if node is None:
        return None
    try:
        return _scalar(node.tag, node.value)
    except ValueError as error:  # a number of thousands of digits
        problems.append((at, f"{name}: {pointer(at)}: {error}"))
        return node.value


def _scalar(tag: str, text: str) -> Any:
    kind = tag.removeprefix(_TAG)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    if kind == "float":
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def _check(document: Any, name: str, problems: list[Problem]) -> None:
    """Find what the YAML and the JSON reader let through."""
    stack: list[tuple[Parts, Any]] = [((), document)]
    while stack:
        at, value = stack.pop()
        wrong: list[str] = []
        if isinstance(value, _Ambiguous):
            wrong += (f"the key {pointer((*at, key))} stands there twice" for key in value.twice)
        if len(at) + isinstance(value, dict | list) > MAX_DEPTH:
            raise DocumentError(f"{name}: nested more than {MAX_DEPTH} deep")
        if isinstance(value, int) and value.bit_length() > _MAX_BITS:
            wrong.append(f"{pointer(at)}: a number of {value.bit_length()} bits")
        if isinstance(value, float) and not math.isfinite(value):
            wrong.append(f"{pointer(at)}: {value} is not a number that JSON has")
        if isinstance(value, str) and not _is_text(value):
            wrong.append(f"{pointer(at)}: half of a surrogate pair")
        if isinstance(value, dict):
            if odd := next((key for key in value if not _is_text(key)), None):
                wrong.append(f"{pointer(at)}: the key {odd!r} is not text")
            stack += [((*at, key), item) for key, item in value.items()]
        elif isinstance(value, list):
            stack += [((*at, index), item) for index, item in enumerate(value)]
        problems += ((at, f"{name}: {what}") for what in wrong)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def dump(document: Any) -> str:
    """Write a document; what `load` reads back is equal, key order included."""
    return yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=96, indent=2
    )
