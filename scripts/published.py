"""A document that the vendor published: from a file or an address, in whatever form it comes."""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from markdown_it import MarkdownIt

from scripts.documents import Document, DocumentError
from scripts.serialization import MAX_BYTES, load

_SECONDS = 60.0
_FENCE = re.compile(r"^ {0,3}(?:`{3}|~{3})", re.MULTILINE)
_OPENAPI = re.compile(r"""^[ \t]*["']?openapi["']?\s*:""", re.MULTILINE)


@dataclass(frozen=True)
class Published:
    """What was read.

    Attributes:
        name: what messages and records call it: a file's name, or an address without secrets.
        document: the OpenAPI document.
        yaml: its YAML as published, to the letter; None if it was published as JSON.
    """

    name: str
    document: Document
    yaml: str | None


def obtain(origin: str) -> Published:
    """Read a file or an http(s) address; what it is, its content tells.

    Raises:
        DocumentError: cannot be read, is too large, or holds no OpenAPI document.
    """
    is_address = "://" in origin
    name = _without_secrets(origin) if is_address else Path(origin).name
    data = _fetch(origin, name) if is_address else _read(Path(origin), name)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{name}: not text in UTF-8: {error}") from error
    return recognise(text, name)


def recognise(text: str, name: str) -> Published:
    """A published page (Markdown with fenced YAML), or a bare document in YAML or JSON.

    Raises:
        DocumentError: none of these.
    """
    if text.lstrip().startswith("<"):
        raise DocumentError(f"{name}: this is HTML; give the Markdown of the page (.md)")
    if _FENCE.search(text):
        text = _fenced(text, name)
    document = load(text, name)
    for key, kind in (("openapi", str), ("paths", dict)):
        if not isinstance(document.get(key), kind):
            raise DocumentError(f"{name}: there is no {key!r}: not an OpenAPI 3 document")
    return Published(name, document, None if text.lstrip().startswith("{") else text)


def _fenced(page: str, name: str) -> str:
    # Blocks only: nothing within a line matters, and a hostile line costs nothing.
    blocks = MarkdownIt("zero").enable("fence").disable("inline").parse(page)
    found = [
        block.content
        for block in blocks
        if block.type == "fence"
        and block.info.split()[:1] in (["yaml"], ["yml"])
        and _OPENAPI.search(block.content)
    ]
    if len(found) != 1:
        raise DocumentError(
            f"{name}: expected one fenced block of YAML with an OpenAPI document, "
            f"found {len(found)}"
        )
    return found[0]


def _read(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DocumentError(f"{name}: {error.strerror or error}") from error
    return _limited(data, name)


def _fetch(address: str, name: str) -> bytes:
    """Read an address to its end, or to the limit of size or time."""
    deadline = time.monotonic() + _SECONDS
    data = bytearray()
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=_SECONDS / 3) as client,
            client.stream("GET", address) as answer,
        ):
            if not answer.is_success:
                raise DocumentError(f"{name}: the answer has status {answer.status_code}")
            for part in answer.iter_bytes():
                data += part
                if len(data) > MAX_BYTES:
                    break
                if time.monotonic() > deadline:
                    raise DocumentError(f"{name}: not read within {_SECONDS:.0f} s")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        what = type(error).__name__  # its text may have the address, with a password in it
        raise DocumentError(f"{name}: cannot be read: {what}") from error
    return _limited(bytes(data), name)


def _limited(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{name}: more than {MAX_BYTES:,} bytes, which no such document has")
    return data


def _without_secrets(address: str) -> str:
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"
    except ValueError:
        return "the address"
