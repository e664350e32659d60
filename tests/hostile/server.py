"""What a server can do to a request: behaviours for `tests.raw_server.RawServer`."""

import gzip
import json
import re
import time
import zlib
from typing import Any
from urllib.parse import unquote_plus

from tests.raw_server import Behaviour, Connection, answer, raw

# Seconds in which the other side has certainly connected and sent, or received, what was meant.
SENT = 0.05


def reply(status: str, body: bytes = b"", *headers: str) -> Behaviour:
    """A proper answer."""

    def behave(connection: Connection) -> None:
        connection.read()
        connection.send(answer(status, body, *headers))

    return behave


def accept(line: str = "201 Created", /, **fields: Any) -> Behaviour:
    """A launch that was accepted as result 7, with other fields as given."""
    body = json.dumps({"id": 7, **fields}).encode()
    return reply(line, body, "Content-Type: application/json")


def gzipped(body: bytes, keep: int | None = None) -> Behaviour:
    """A compressed answer, of which only so many bytes are sent."""
    packed = gzip.compress(body, mtime=0)
    head = (
        f"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    )
    return raw(head.encode() + packed[:keep])


def packed_as(coding: str, body: bytes, damage: str = "") -> Behaviour:
    """An accepted launch, compressed; "bare" is deflate without the header and checksum of zlib.

    Args:
        coding: As it stands in the head, or "bare".
        body: What is compressed.
        damage: "cut" takes away the end, "checksum" the right last bytes.
    """
    if coding == "bare":
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = packer.compress(body) + packer.flush()
    else:
        packed = body
        for name in coding.lower().split(", "):
            packed = zlib.compress(packed) if name == "deflate" else gzip.compress(packed, mtime=0)
    sent = {"cut": packed[:-9], "checksum": packed[:-8] + b"12345678"}.get(damage, packed)
    label = "deflate" if coding == "bare" else coding
    return reply("201 Created", sent, f"Content-Encoding: {label}")


def close_silently(connection: Connection) -> None:
    """Read the request, say nothing, close."""
    connection.read()


def close_unread(connection: Connection) -> None:
    """Close without reading what was sent."""
    time.sleep(SENT)
    connection.socket.close()


def reset_unread(connection: Connection) -> None:
    """Reset without reading what was sent."""
    time.sleep(SENT)
    connection.reset()


def reset_read(connection: Connection) -> None:
    """Read the request, then reset."""
    connection.read()
    connection.reset()


def reset_in_body(connection: Connection) -> None:
    """Half of an answer, then reset."""
    connection.read()
    connection.send(b'HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"agent": 1, "id"')
    # Without this the reset could overtake what was sent.
    time.sleep(SENT)
    connection.reset()


def never_answer(connection: Connection) -> None:
    """Read the request and wait until the other side gives up."""
    connection.read()
    connection.socket.recv(1)


def byte_by_byte(data: bytes, pause: float) -> Behaviour:
    """An answer in single bytes."""

    def behave(connection: Connection) -> None:
        connection.read()
        for byte in data:
            connection.send(bytes([byte]))
            time.sleep(pause)

    return behave


def list_with_the_name(**fields: Any) -> Behaviour:
    """Answers a look-up with one result that has the very name that is searched for."""

    def behave(connection: Connection) -> None:
        request = connection.read()
        found = re.search(rb"[?&]search=([^& ]*)", request)
        name = unquote_plus(found[1].decode()) if found else ""
        results = [{"id": 7, "name": name, **fields}]
        connection.send(answer("200 OK", json.dumps({"count": 1, "results": results}).encode()))

    return behave


def list_of(*results: dict[str, Any]) -> Behaviour:
    """Answers a look-up with these results."""
    return reply("200 OK", json.dumps({"count": len(results), "results": results}).encode())
