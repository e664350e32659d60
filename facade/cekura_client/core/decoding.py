"""From the bytes of an answer to the few fields that matter; the only module that knows msgspec.

A result of 2,000 runs is about 30 MB, nearly all of it transcripts. The fast path skips what is not
needed without building it. Where the answer does not fit (odd types, another character set), the
slow path takes the same fields from whatever is there; only what is no JSON object at all is
refused.
"""

import json
import re
from typing import Any, Generic, TypeVar

import msgspec


class UnreadableError(Exception):
    """These bytes are not the JSON object that was asked for. Does not leave this library."""


class RunFields(msgspec.Struct):
    """What is taken of a run while it goes on; each as it came, or None."""

    id: Any = None
    scenario: Any = None
    scenario_name: Any = None
    status: Any = None
    success: Any = None
    error_message: Any = None
    duration: Any = None
    outbound_dial_window_opens_at: Any = None
    outbound_dial_window_seconds: Any = None
    outbound_dial_window_closes_at: Any = None


class EndedRunFields(RunFields):
    """What is taken of a run in addition once its result has ended."""

    expected_outcome: Any = None
    evaluation: Any = None


R = TypeVar("R", bound=RunFields)


class ResultFields(msgspec.Struct, Generic[R]):
    """What is taken of a result; each as it came, or None."""

    id: Any = None
    name: Any = None
    status: Any = None
    total_runs_count: Any = None
    completed_runs_count: Any = None
    success_runs_count: Any = None
    failed_runs_count: Any = None
    not_connected_runs: Any = None
    failed_infrastructure_runs: Any = None
    runs: dict[str, R] | list[R] | None = None


_progress = msgspec.json.Decoder(ResultFields[RunFields])
_ended = msgspec.json.Decoder(ResultFields[EndedRunFields])


def result_fields(body: bytes, *, ended: bool) -> ResultFields[Any]:
    """The fields of a result; with the reasons of its runs if it has ended.

    Raises:
        UnreadableError: not a JSON object.
    """
    try:
        return (_ended if ended else _progress).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return from_document(document(body), ended=ended)


# Of a result in the list: its id and status, as they came, and all that the list shows of it.
Entry = tuple[Any, Any, bytes]
# Of a page of the list: how many results there are in all, as it came, and those on it.
Page = tuple[Any, list[Entry]]


class _Page(msgspec.Struct):
    count: Any = None
    results: list[msgspec.Raw] = []


class _Entry(msgspec.Struct):
    id: Any = None
    status: Any = None


_lenient = json.JSONDecoder(strict=False)
_page = msgspec.json.Decoder(_Page)
_entry = msgspec.json.Decoder(_Entry)


def page_of_results(body: bytes) -> Page:
    """A page of the list of results, of which nothing is decoded that is not needed.

    Raises:
        UnreadableError: not a JSON object.
    """
    try:
        page = _page.decode(body)
        # Copies: a piece of the page would keep the whole of it in memory.
        entries = [bytes(raw) for raw in page.results]
        fields = [_entry.decode(entry) for entry in entries]
        return page.count, [
            (field.id, field.status, entry) for field, entry in zip(fields, entries, strict=True)
        ]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        whole = document(body)
    results = whole.get("results")
    return whole.get("count"), [
        (entry.get("id"), entry.get("status"), json.dumps(entry).encode())
        for entry in (results if isinstance(results, list) else ())
        if isinstance(entry, dict)
    ]


def from_document(document: dict[str, Any], *, ended: bool) -> ResultFields[Any]:
    """The same fields from a decoded document, whatever the types in it."""
    runs = document.get("runs")
    entries = runs.values() if isinstance(runs, dict) else runs if isinstance(runs, list) else ()
    kind = EndedRunFields if ended else RunFields
    fields = _known(ResultFields, document)
    # What is no object is a run of which nothing is known; left out, it would not be missed.
    fields["runs"] = [kind(**_known(kind, run)) for run in entries]
    return ResultFields(**fields)


def document(body: bytes) -> dict[str, Any]:
    """The whole JSON object; see `value`.

    Raises:
        UnreadableError: not a JSON object.
    """
    found = value(body)
    if not isinstance(found, dict):
        raise UnreadableError(f"JSON, but a {type(found).__name__} instead of an object")
    return found


def value(body: bytes) -> Any:
    """What JSON says, also where it is not UTF-8 or has control characters in its texts.

    Raises:
        UnreadableError: not JSON.
    """
    text = _text(body)
    try:
        try:
            return _lenient.decode(text)
        except json.JSONDecodeError:
            raise
        except ValueError:  # a number of thousands of digits
            return json.loads(text, strict=False, parse_int=float)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not JSON: {error}") from None


# Also a text that breaks off; possessive, since it may be long and full of quotation marks.
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[][{},]', re.DOTALL)
_CLOSING = {"{": "}", "[": "]"}
_DEEPEST = 100


def beginning(body: bytes) -> Any:
    """What JSON says up to the last comma, where it breaks off: what stands there is whole.

    Where something else follows it, all of it.

    Raises:
        UnreadableError: nothing is whole, or it is not the beginning of JSON.
    """
    text = _text(body)
    closing = ""
    whole, end = 0, ""
    for token in _TOKENS.finditer(text):
        match token[0]:
            case "{" | "[" as opened:
                closing = _CLOSING[opened] + closing
                if len(closing) > _DEEPEST:
                    break
            case "}" | "]":
                closing = closing[1:]
                if not closing:  # all that follows is something else
                    whole, end = token.end(), ""
                    break
            case ",":
                whole, end = token.start(), closing
            case _:  # a text
                pass
    return value((text[:whole] + end).encode(errors="surrogatepass"))


def _text(body: bytes) -> str:
    encoding = json.detect_encoding(body)  # UTF-8, UTF-16 or UTF-32, with or without a mark
    try:
        return body.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        # What breaks off in the middle of a character, or is in none of them.
        return body.decode("latin-1" if encoding.startswith("utf-8") else encoding, "ignore")


def _known(kind: type[msgspec.Struct], document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        return {}
    return {key: document[key] for key in kind.__struct_fields__ if key in document}
