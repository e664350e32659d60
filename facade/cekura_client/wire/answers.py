"""Answers as they come in, whole or broken off, and what is said of those that never come."""

import contextlib
import math
import zlib

import httpx

from cekura_client.effects import Clock


class BrokenAnswerError(Exception):
    """An answer that began and then broke off, or that cannot be decompressed.

    Attributes:
        response: As much of it as there is.
    """

    def __init__(self, message: str, response: httpx.Response) -> None:
        super().__init__(message)
        self.response = response


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
    return _WORDS.get(type(error)) or f"{type(error).__name__}: {error}".removesuffix(": ")


class IncomingAnswer:
    """The bytes of an answer as they come in, and what can be made of them."""

    def __init__(self, response: httpx.Response, request: httpx.Request, clock: Clock) -> None:
        self._response = response
        self._clock = clock
        self._raw = bytearray()
        limit = request.extensions.get("timeout", {}).get("read")
        self._until = math.inf if limit is None else clock.monotonic() + limit

    def add(self, chunk: bytes) -> None:
        """Take the next piece.

        Raises:
            httpx.ReadTimeout: all of them together take too long.
        """
        self._raw += chunk
        # httpx limits the pause between two pieces only: byte by byte it could take for ever.
        if self._clock.monotonic() > self._until:
            raise httpx.ReadTimeout("")

    def whole(self) -> httpx.Response:
        """The answer, decompressed.

        Raises:
            BrokenAnswerError: it cannot be decompressed.
        """
        try:
            return self._with(bytes(self._raw), self._response.headers)
        except httpx.DecodingError as error:
            raise self.broken(error) from None

    def broken(self, error: Exception) -> BrokenAnswerError:
        """What came before this error."""
        headers = self._response.headers.copy()
        data = bytes(self._raw)
        if headers.pop("content-encoding", None) in ("gzip", "deflate"):
            # What stands before the place where it breaks off.
            with contextlib.suppress(zlib.error):
                data = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data)
        return BrokenAnswerError(named(error), self._with(data, headers))

    def _with(self, raw: bytes, headers: httpx.Headers) -> httpx.Response:
        return httpx.Response(
            self._response.status_code,
            headers=headers,
            content=raw,
            extensions=self._response.extensions,
        )
