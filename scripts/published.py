"""A document that the vendor published: from a file or an address, in whatever form it comes."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from markdown_it import MarkdownIt

from scripts.documents import METHODS, Document, DocumentError, Parts, pointer
from scripts.serialization import MAX_BYTES, Problem, load_tolerantly

_SECONDS = 60.0
_MAX_LINES = 300_000
_FENCE = re.compile(r"^ {0,3}(?:`{3}|~{3})", re.MULTILINE)
_OPENAPI = re.compile(r"""["']?openapi["']?\s*:""")
_HTML = re.compile(r"\s*<(?:!doctype|html|\?xml)\b", re.IGNORECASE)
# The language of a fenced block, and what may stand behind it: `yaml post /path/`, `YAML{1,3}`.
_LANGUAGE = re.compile(r"(?:ya?ml|json)?(?![\w+-])", re.IGNORECASE)


# A place, what stands there, and what should: in words, and as types.
_Kind = tuple[str, tuple[type[Any], ...]]
_Expected = tuple[Parts, Any, _Kind]
_OBJECT: _Kind = ("an object", (dict,))
_SCHEMA: _Kind = ("an object", (dict, bool))
_LIST: _Kind = ("a list", (list,))
_TEXT: _Kind = ("a text", (str,))


@dataclass(frozen=True)
class Published:
    """What was read.

    Attributes:
        name: what messages and records call it: a file's name, or an address without secrets.
        document: the OpenAPI document.
        yaml: its YAML as published, to the letter; None if it was published as JSON.
        problems: places that are not what they should be; they must not be in use.
    """

    name: str
    document: Document
    yaml: str | None
    problems: tuple[Problem, ...] = ()


def obtain(origin: str) -> Published:
    """Read a file or an http(s) address; what it is, its content tells.

    Raises:
        DocumentError: cannot be read, is too large, or holds no OpenAPI document.
    """
    if "://" in origin:
        name = _without_secrets(origin)
        data = asyncio.run(_fetch(origin, name))
    else:
        name = Path(origin).name.encode("utf-8", "replace").decode()
        data = _read(origin, name)
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{name}: more than {MAX_BYTES:,} bytes, which no such document has")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{name}: not text in UTF-8: {error}") from error
    return recognise(text, name)


def recognise(text: str, name: str) -> Published:
    """A published page (Markdown with a fenced document), or a bare document in YAML or JSON.

    Raises:
        DocumentError: none of these.
    """
    if _HTML.match(text):
        raise DocumentError(f"{name}: this is HTML; give the Markdown of the page (.md)")
    if "\0" in text:
        raise DocumentError(f"{name}: a NUL character, which no text has")
    if _FENCE.search(text):
        text = _without_page(text, name)
    elif text.lstrip().startswith("<"):
        raise DocumentError(f"{name}: a page without a fenced document")
    document, problems = load_tolerantly(text, name)
    problems += _misshapen(document, name)
    yaml = None if text.lstrip().startswith("{") else text
    return Published(name, document, yaml, tuple(problems))


def _without_page(text: str, name: str) -> str:
    """The YAML of a page; a bare document, which may have fences in its texts, as it is."""
    lines = re.split(r"\r\n?|\n", text)  # as Markdown has them, and no others
    if text.count("\n") > _MAX_LINES:
        raise DocumentError(f"{name}: more than {_MAX_LINES:,} lines")
    # Blocks only: nothing within a line matters, and a hostile line costs nothing. Without the
    # rule for indented code, a fence within it would count as one.
    parser = MarkdownIt("zero").enable(["fence", "code"]).disable("inline")
    fences = [block for block in parser.parse(text) if block.type == "fence"]
    inside = {n for fence in fences for n in range(*(fence.map or (0, 0)))}
    if any(_OPENAPI.match(line) for n, line in enumerate(lines) if n not in inside):
        return text
    found = [
        fence
        for fence in fences
        if _LANGUAGE.match(fence.info.strip()) and any(map(_OPENAPI.match, _top(fence.content)))
    ]
    found = [fence for fence in found if fence.info.strip()] or found
    if len(found) != 1:
        raise DocumentError(
            f"{name}: expected one fenced block with an OpenAPI document in YAML or JSON, "
            f"found {len(found)}"
        )
    (fence,) = found
    last = lines[(fence.map or (0, 0))[1] - 1]
    mark = re.escape(fence.markup[0])
    if not re.fullmatch(rf" {{0,3}}{mark}{{{len(fence.markup)},}}[ \t]*", last):
        raise DocumentError(f"{name}: the fenced block has no end; was the page cut off?")
    return fence.content


def _top(text: str) -> list[str]:
    """Where the keys at the top of a document may stand: lines, in JSON also within them."""
    return re.split(r"[\s{,]+" if text.lstrip().startswith("{") else "\n", text)


def _misshapen(document: Document, name: str) -> Iterator[Problem]:
    """The parts that everything else relies on, and that are not what they should be.

    Raises:
        DocumentError: not an OpenAPI 3 document.
    """
    version = document.get("openapi")
    if not isinstance(version, str):
        what = f"/openapi is {version!r}, not a text" if version else "there is no 'openapi'"
        raise DocumentError(f"{name}: {what}: not an OpenAPI 3 document")
    if "paths" not in document:
        raise DocumentError(f"{name}: there is no 'paths': not an OpenAPI 3 document")
    if not isinstance(document["paths"], dict):
        raise DocumentError(f"{name}: /paths is {document['paths']!r}, not an object")
    expected: list[_Expected] = [
        (("paths", path), item, _OBJECT)
        for path, item in _items(document, "paths")
        if not path.startswith("x-")
    ]
    for path, item in _items(document, "paths"):
        for method in METHODS:
            if isinstance(item, dict) and method in item:
                expected += _operation(("paths", path, method), item[method])
    expected.append((("components",), document.get("components", {}), _OBJECT))
    for section, values in _items(document, "components"):
        if section.startswith("x-"):
            continue
        expected.append((("components", section), values, _OBJECT))
        if isinstance(values, dict):
            of = (("components", section, entry) for entry in values)
            expected += [(at, v, _SCHEMA) for at, v in zip(of, values.values(), strict=True)]
    expected += _security((), document)
    for at, value, (kind, types) in expected:
        if not isinstance(value, types):
            yield at, f"{name}: {pointer(at)} is {value!r}, not {kind}"


def _items(document: Document, key: str) -> Iterable[tuple[str, Any]]:
    value = document.get(key)
    return value.items() if isinstance(value, dict) else ()


def _operation(at: Parts, value: Any) -> Iterator[_Expected]:
    yield at, value, _OBJECT
    if isinstance(value, dict):
        if "operationId" in value:
            yield (*at, "operationId"), value["operationId"], _TEXT
        yield from _security(at, value)


def _security(at: Parts, value: Document) -> Iterator[_Expected]:
    if "security" in value:
        yield (*at, "security"), value["security"], _LIST
        if isinstance(value["security"], list):
            yield from (((*at, "security", n), r, _OBJECT) for n, r in enumerate(value["security"]))


def _read(path: str, name: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise DocumentError(f"{name}: {getattr(error, 'strerror', None) or error}") from error


async def _fetch(address: str, name: str) -> bytes:
    """Read an address to its end, or to the limit of size; all of it within the limit of time."""
    data = bytearray()
    try:
        async with (
            asyncio.timeout(_SECONDS),
            httpx.AsyncClient(follow_redirects=True, timeout=None) as client,
            # What is packed may be small on the way and have no bound here.
            client.stream("GET", address, headers={"Accept-Encoding": "identity"}) as answer,
        ):
            if not answer.is_success:
                raise DocumentError(f"{name}: the answer has status {answer.status_code}")
            if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise DocumentError(f"{name}: the answer is packed, though this was not asked for")
            async for part in answer.aiter_raw():
                data += part
                if len(data) > MAX_BYTES:
                    break
    except TimeoutError as error:
        raise DocumentError(f"{name}: not read within {_SECONDS:.0f} s") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, ImportError, OSError) as error:
        what = type(error).__name__  # its text may have the address, with a password in it
        raise DocumentError(f"{name}: cannot be read: {what}") from error
    return bytes(data)


def _without_secrets(address: str) -> str:
    """What an address is called: without user, password, query and fragment."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, parts, port = None, urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host:
        raise DocumentError("the address: only http and https addresses with a host are read")
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"
