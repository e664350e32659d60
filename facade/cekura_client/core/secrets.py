"""Secrets, and their removal from everything that a server sends back."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SHORTEST = 8
"""Characters. What is shorter would be found in harmless text as well, in names of fields for example."""

_HIDDEN = "***"
# Larger bodies are results: in them only the secret as it is is looked for, which takes milliseconds.
_SMALL = 2**20

# What `html.escape` does; its module brings all names of characters along, and is slow to import.
_IN_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
# Without one of these, a text has no other spelling; the pattern for all of them is slow to make.
_ESCAPES = ("\\", "%", "&")


class Redactor:
    """Replaces secrets by ``***``, in whatever spelling a server repeats them.

    As they are, or with characters escaped as in JSON, in an address, or in HTML. What is shorter than
    `SHORTEST` stays.
    """

    def __init__(self, *secrets: str) -> None:
        # The longest first: one may be a part of another.
        self._secrets = sorted(
            {secret for secret in secrets if len(secret) >= SHORTEST}, key=len, reverse=True
        )

    def __repr__(self) -> str:
        return "Redactor(***)"

    def text(self, text: str) -> str:
        """A text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        escaped = self._secrets and any(escape in text for escape in _ESCAPES)
        return self._pattern.sub(_HIDDEN, text) if escaped else text

    def body(self, body: bytes) -> bytes:
        """The bytes of an answer without the secrets, whatever their encoding."""
        encoding = json.detect_encoding(body)
        if not encoding.startswith("utf-8"):
            return self.text(body.decode(encoding, "ignore")).encode(encoding, "ignore")
        if len(body) <= _SMALL:
            # Byte by byte the same, also where it is not UTF-8.
            return self.text(body.decode("latin-1")).encode("latin-1")
        for secret in self._secrets:
            body = body.replace(secret.encode(), _HIDDEN.encode())
        return body

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(map(_any_spelling, self._secrets)), re.IGNORECASE)


def _any_spelling(secret: str) -> str:
    return "".join(
        "(?:"
        + "|".join(
            [
                re.escape(character),
                re.escape(character.encode().decode("latin-1")),
                *(f"%{byte:02x}" for byte in character.encode()[:1] if ord(character) < 128),
                rf"\\u{ord(character):04x}",
                rf"\\?{re.escape(character)}",
                f"&#0*{ord(character)};",
                f"&#x0*{ord(character):x};",
                re.escape(_IN_HTML.get(character, character)),
            ]
        )
        + ")"
        for character in secret
    )


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
