"""A server that gives the same answer to everything; what is left is what the client needs.

Usage: answering STATUS BODY-FILE [CERTIFICATE KEY]

Prints its address first. Connections are kept open.
"""

import socket
import ssl
import sys
import threading
from contextlib import suppress
from pathlib import Path


def main() -> None:
    status, file, *certificate = sys.argv[1:]
    body = Path(file).read_bytes()
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    answer = head.encode() + b"\r\n\r\n" + body
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    listening = socket.create_server(("127.0.0.1", 0))
    scheme = "http" if context is None else "https"
    print(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    while True:
        connection, _ = listening.accept()
        threading.Thread(target=_serve, args=(connection, context, answer), daemon=True).start()


def _serve(connection: socket.socket, context: ssl.SSLContext | None, answer: bytes) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(OSError):
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        with connection:
            while _request(connection):
                connection.sendall(answer)


def _request(connection: socket.socket) -> bool:
    """Read a request to its end; False if there is none any more."""
    came = b""
    while b"\r\n\r\n" not in came:
        if not (more := connection.recv(65536)):
            return False
        came += more
    head, _, body = came.partition(b"\r\n\r\n")
    lengths = (
        line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
    )
    missing = int(next(lengths, b"0")) - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return True


if __name__ == "__main__":
    main()
