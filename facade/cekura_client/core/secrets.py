"""Secrets, and their removal from everything that a server sends back."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

SHORTEST = 8
"""Characters. What is shorter would be found in harmless text as well, in names of fields for example."""

_HIDDEN = "***"

# What `html.escape` does; its module brings all names of characters along, and is slow to import.
_IN_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


class Redactor:
    """Replaces secrets by ``***``, in each spelling in which a server may repeat them."""

    def __init__(self, *secrets: str) -> None:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        # The longest first: one may be a part of another.
        self._spellings = sorted(spellings, key=len, reverse=True)

    def __repr__(self) -> str:
        return "Redactor(***)"

    def text(self, text: str) -> str:
        """A text without the secrets."""
        for spelling in self._spellings:
            text = text.replace(spelling, _HIDDEN)
        return text

    def body(self, body: bytes) -> bytes:
        """The bytes of an answer without the secrets, in UTF-8 or UTF-16."""
        encodings = ("utf-8", "utf-16-le", "utf-16-be") if b"\0" in body[:4] else ("utf-8",)
        for encoding in encodings:
            for spelling in self._spellings:
                body = body.replace(spelling.encode(encoding), _HIDDEN.encode(encoding))
        return body


def hidden_by(redacted: object, sent: object) -> Iterator[str]:
    """The texts of a body that its redacted form does not show, with the parts of addresses."""
    if sent == redacted:
        return
    if isinstance(sent, Mapping):
        shown: Mapping[Any, Any] = redacted if isinstance(redacted, Mapping) else {}
        for name, value in sent.items():
            yield from hidden_by(shown.get(name), value)
    elif isinstance(sent, list):
        entries = redacted if isinstance(redacted, list) and len(redacted) == len(sent) else sent
        for entry, value in zip(entries, sent, strict=True):
            yield from hidden_by(None if entries is sent else entry, value)
    elif isinstance(sent, str):
        yield sent
        if "://" in sent:
            yield from _parts(sent)


def _parts(address: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    yield from filter(None, (parts.password, parts.query))
    yield from (value for _, value in parse_qsl(parts.query))


def _spellings(secret: str) -> set[str]:
    """As it is, in an address, in JSON, and in HTML; none of what is too short."""
    if len(secret) < SHORTEST:
        return set()
    in_json = json.dumps(secret)[1:-1]
    return {
        secret,
        quote(secret, safe=""),
        in_json,
        in_json.replace("/", r"\/"),
        secret.translate(_IN_HTML),
    }
