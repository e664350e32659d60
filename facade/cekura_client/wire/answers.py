"""Answers as they come in: limited in size, decompressed, without secrets, whole or broken off."""

import zlib

import httpx

from cekura_client.core.secrets import Redactor

LARGEST = 256 * 2**20
"""Bytes of an answer, as sent or decompressed. A result of 2,000 runs has about 30 MB."""
# Of an answer that breaks off, so many bytes of its beginning are kept; of a compressed one fewer,
# since they are decompressed one by one.
_KEPT, _KEPT_COMPRESSED = 2**20, 2**17
# Layers of compression. Nobody needs two, and a head has room for thousands.
_LAYERS = 3


class BrokenAnswerError(Exception):
    """An answer that began and then broke off, or that cannot be decompressed.

    Attributes:
        response: As much of it as there is.
    """

    def __init__(self, message: str, response: httpx.Response) -> None:
        super().__init__(message)
        self.response = response


class NotConnectedError(Exception):
    """No transport could be made: no certificates, or an unusable proxy. Nothing was sent."""


class _UnreadableAnswerError(Exception):
    """Too large, or not compressed as it says; the message says which."""


# What httpx says of these depends on the mode and on the operating system.
_WORDS: dict[type[Exception], str] = {
    httpx.ConnectTimeout: "no connection in time",
    httpx.PoolTimeout: "no free connection in time",
    httpx.WriteTimeout: "the request could not be sent in time",
    httpx.ReadTimeout: "no answer in time",
    httpx.WriteError: "the connection broke",
    httpx.ReadError: "the connection broke",
    httpx.CloseError: "the connection broke",
}


def named(error: Exception) -> str:
    """An exception in one line. Of exceptions only this is kept: their frames hold the key."""
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" in str(error):
        error = httpx.ReadError("")
    if isinstance(error, _UnreadableAnswerError | NotConnectedError):
        return str(error)
    return _WORDS.get(type(error)) or f"{type(error).__name__}: {error}".removesuffix(": ")


class IncomingAnswer:
    """The bytes of an answer as they come in, and what can be made of them.

    They are decompressed here and not by httpx, which gives up all of an answer whose last bytes are
    wrong, knows fewer spellings, and makes a gigabyte of a megabyte if told to.
    """

    def __init__(self, response: httpx.Response, redactor: Redactor) -> None:
        self._response = response
        self._redactor = redactor
        self._codings = _codings(response.headers)
        self._received = 0
        self._size = 0
        self._parts: list[bytes] = []
        self._beginning = b""

    def add(self, chunk: bytes) -> None:
        """Take the next piece.

        Raises:
            Exception: the answer is too large, or not compressed as it says; see `broken`.
        """
        if not self._received and not self._codings and chunk[:2] == b"\x1f\x8b":
            self._codings = [_Coding("gzip")]  # though it does not say so
        if len(self._beginning) < _KEPT:
            self._beginning += chunk[: _KEPT - len(self._beginning)]
        self._received += len(chunk)
        for coding in self._codings:
            chunk = coding.feed(chunk, LARGEST)
        self._size += len(chunk)
        if max(self._received, self._size) > LARGEST:
            raise _UnreadableAnswerError(f"the answer is larger than {LARGEST // 2**20} MiB")
        self._parts.append(chunk)

    def whole(self) -> httpx.Response:
        """The answer, decompressed.

        Raises:
            BrokenAnswerError: its compressed form is cut short.
        """
        if self._received and not all(coding.complete for coding in self._codings):
            raise self.broken(_UnreadableAnswerError("its compressed body is cut short"))
        return self._with(b"".join(self._parts))

    def broken(self, error: Exception) -> BrokenAnswerError:
        """What came before this error."""
        data = self._beginning
        self._parts.clear()  # an exception may be kept for long
        if self._codings:
            # Byte by byte, since what is fed together with a wrong byte is lost.
            data, found = data[:_KEPT_COMPRESSED], bytearray()
            codings = [_Coding(coding.name) for coding in self._codings]
            try:
                for place in range(len(data)):
                    piece = data[place : place + 1]
                    for coding in codings:
                        piece = coding.feed(piece, _KEPT)
                    found += piece
                    if len(found) > _KEPT:
                        break
            except _UnreadableAnswerError:
                pass
            data = bytes(found[:_KEPT])
        return BrokenAnswerError(named(error), self._with(data))

    def _with(self, body: bytes) -> httpx.Response:
        headers = httpx.Headers(
            [
                (name, self._redactor.text(value))
                for name, value in self._response.headers.multi_items()
                if name.lower() not in ("content-encoding", "content-length")
            ]
        )
        return httpx.Response(
            self._response.status_code,
            headers=headers,
            content=self._redactor.body(body),
            extensions={
                name: self._redactor.body(value) if isinstance(value, bytes) else value
                for name, value in self._response.extensions.items()
            },
        )


class _Coding:
    """One layer of compression: gzip, zlib or bare deflate, told apart by the first two bytes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._may_be_bare = name == "deflate"
        self._first = b""
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib

    def feed(self, data: bytes, most: int) -> bytes:
        """The next piece, decompressed.

        Raises:
            _UnreadableAnswerError: it is not compressed like this, or makes more than `most` bytes.
        """
        if self._may_be_bare:
            data = self._first + data
            if len(data) < 2:
                self._first = data
                return b""
            self._may_be_bare = False
            # RFC 1950, 2.2: a multiple of 31, and 8 for deflate.
            if data[0] & 15 != 8 or int.from_bytes(data[:2], "big") % 31:
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        found = b""
        while data:
            try:
                found += self._stream.decompress(data, most)
            except zlib.error:
                raise _UnreadableAnswerError("its body cannot be decompressed") from None
            if self._stream.unconsumed_tail or len(found) > most:
                raise _UnreadableAnswerError(f"the answer is larger than {LARGEST // 2**20} MiB")
            data = self._stream.unused_data
            if data[:1] != b"\x1f":
                break  # nothing follows, or nothing that is compressed
            # RFC 1952, 2.2: gzip may have several members.
            self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        return found

    @property
    def complete(self) -> bool:
        """Whether its end was seen."""
        return self._stream.eof


def _codings(headers: httpx.Headers) -> list[_Coding]:
    """The layers to take off, the last one put on first; a name that is not known changes nothing."""
    names = [name.strip().lower() for name in headers.get("content-encoding", "").split(",")]
    known = [name for name in names if name in ("gzip", "x-gzip", "deflate")]
    if len(known) > _LAYERS:
        raise _UnreadableAnswerError(f"its body is compressed {len(known)} times")
    return [_Coding(name) for name in reversed(known)]
