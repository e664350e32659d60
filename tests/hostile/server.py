"""A server that misbehaves at a chosen moment, on a bare socket.

A behaviour is a function of the open connection; it decides when to read the request, what to send,
and how the connection ends. The n-th connection gets the n-th behaviour.
"""

import contextlib
import gzip
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote_plus

from tests.raw_server import answer, read_request


class Connection:
    """One connection, and the request that came in on it."""

    def __init__(
        self, open_socket: socket.socket, requests: list[bytes], arrived: threading.Event
    ) -> None:
        self.socket = open_socket
        self._requests = requests
        self._arrived = arrived

    def read(self) -> bytes:
        """Read the request to its end and note it."""
        request = read_request(self.socket)
        if request:
            self._requests.append(request)
            self._arrived.set()
        return request

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


# Seconds in which the other side has certainly connected and sent, or received, what was meant.
SENT = 0.05

Behaviour = Callable[[Connection], None]


class HostileServer:
    """Listens on loopback; `requests` holds what was read, to the byte."""

    def __init__(self, behaviours: Sequence[Behaviour]) -> None:
        self.requests: list[bytes] = []
        self._arrived = threading.Event()
        self._behaviours = behaviours
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def wait_for_a_request(self) -> None:
        """Return as soon as one has been read."""
        assert self._arrived.wait(20)

    def _serve(self) -> None:
        number = 0
        while True:
            try:
                accepted, _ = self._socket.accept()
            except OSError:
                return
            behave = self._behaviours[min(number, len(self._behaviours) - 1)]
            number += 1
            with accepted, contextlib.suppress(OSError):
                behave(Connection(accepted, self.requests, self._arrived))


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


def raw(data: bytes) -> Behaviour:
    """These bytes, and the end."""

    def behave(connection: Connection) -> None:
        connection.read()
        connection.send(data)

    return behave


def gzipped(body: bytes, keep: int | None = None) -> Behaviour:
    """A compressed answer, of which only so many bytes are sent."""
    packed = gzip.compress(body, mtime=0)
    head = (
        f"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    )
    return raw(head.encode() + packed[:keep])


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
