"""A server on a bare socket: keeps each request to the byte, and answers with given bytes."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """A whole HTTP answer, after which the connection closes."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def json_answer(status: str, text: str) -> bytes:
    return answer(status, text.encode(), "Content-Type: application/json")


class RawServer:
    """Answers the n-th request with the n-th of `answers`, and the last of them from then on.

    An empty answer closes the connection without a word.
    """

    def __init__(self) -> None:
        self.answers: list[bytes] = [json_answer("200 OK", "{}")]
        self.requests: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # A closed socket alone does not wake a thread that waits in accept.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                request = read_request(connection)
                if request:
                    place = min(len(self.requests), len(self.answers) - 1)
                    self.requests.append(request)
                    connection.sendall(self.answers[place])


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
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
