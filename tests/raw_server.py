"""A server on a bare socket: keeps each request to the byte, and does what it is told.

A behaviour is a function of the open connection; it decides when to read the request, what to send,
and how the connection ends.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Generator, Sequence
from types import TracebackType
from typing import Self


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """A whole HTTP answer, after which the connection closes."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def json_answer(status: str, text: str) -> bytes:
    return answer(status, text.encode(), "Content-Type: application/json")


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


Behaviour = Callable[[Connection], None]


class RawServer:
    """Listens on loopback; `requests` holds what was read, to the byte.

    The n-th connection gets the n-th behaviour, and the last of them goes on.
    """

    def __init__(self, behaviours: Sequence[Behaviour] = ()) -> None:
        self.requests: list[bytes] = []
        self._arrived = threading.Event()
        self._behaviours = list(behaviours)
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

    def answer_with(self, *answers: bytes) -> None:
        """Say these bytes from now on, one for each connection; b"" closes it without a word."""
        self._behaviours = [raw(data) for data in answers]

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


@contextlib.contextmanager
def nobody_listening() -> Generator[int]:
    """A port that refuses connections, and that nobody else can take meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def raw(data: bytes) -> Behaviour:
    """These bytes, and the end."""

    def behave(connection: Connection) -> None:
        connection.read()
        connection.send(data)

    return behave


def read_request(connection: socket.socket) -> bytes:
    """One request, head and body; empty if the other side closes first."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body
