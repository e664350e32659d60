"""One attempt has one deadline, one limit of bytes, and, if it may change something, a connection of its
own."""

import contextlib
import gzip
import threading
import time

import pytest

from cekura_client import LaunchNotSentError, LaunchOutcomeUnknownError, NoAnswerError, Timeouts
from cekura_client.wire import answers
from tests.clients import KEY, EitherClient, FakeTime
from tests.hostile.server import byte_by_byte, reply
from tests.raw_server import Behaviour, Connection, RawServer, json_answer, raw

SHORT = Timeouts(connect=2, launch=0.5, read=0.5)
# Seconds in which an attempt of half a second has certainly ended, on a busy machine.
SOON = 20


def _forever(piece: bytes, pause: float = 0.0) -> Behaviour:
    """Sends the same again and again, until the other side closes."""

    def behave(connection: Connection) -> None:
        connection.read()
        connection.send(b"HTTP/1.1 ")
        while True:
            connection.send(piece)
            time.sleep(pause)

    return behave


@pytest.mark.parametrize(
    "server",
    [
        byte_by_byte(b"HTTP/1.1 201 C\r\n" + b"X-Slow: 1\r\n" * 1_000, 0.01),
        _forever(b"103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 "),
        byte_by_byte(b"HTTP/1.1 201 C\r\n\r\n" + b" " * 9_000, 0.01),
        _forever(b"201 C\r\n\r\n" + b" " * 10, 0.01),
    ],
    ids=["a head that trickles", "103 without end", "a body that trickles", "a body without end"],
)
def test_an_attempt_ends_in_time(server: Behaviour, mode: str, time: FakeTime) -> None:
    """Also one of which each byte comes soon enough."""
    done = threading.Event()

    def launch() -> None:
        with RawServer([server]) as slow:
            client = EitherClient(
                mode, api_key=KEY, base_url=slow.url, clock=time.clock, timeouts=SHORT
            )
            with pytest.raises(LaunchOutcomeUnknownError, match="no answer in time"):
                client.run_websocket(scenarios=[(1, None)], frequency=1)
            client.end()
        done.set()

    threading.Thread(target=launch, daemon=True).start()
    assert done.wait(SOON)


@pytest.mark.parametrize(
    "body",
    [b" " * 3_000_000, gzip.compress(b" " * 30_000_000)],
    ids=["as sent", "decompressed"],
)
def test_an_answer_has_a_limit_of_bytes(
    body: bytes, mode: str, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compressed and decompressed; more is never in memory."""
    monkeypatch.setattr(answers, "LARGEST", 2 * 2**20)
    coding = ["Content-Encoding: gzip"] if body[:1] == b"\x1f" else []
    with RawServer([reply("200 OK", body, *coding)]) as server:
        client = EitherClient(mode, api_key=KEY, base_url=server.url, clock=time.clock)
        with pytest.raises(NoAnswerError, match="larger than 2 MiB"):
            client.get_result(7)
        client.end()


def test_the_id_of_a_launch_is_read_from_an_answer_that_is_too_large(
    mode: str, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands at its beginning."""
    monkeypatch.setattr(answers, "LARGEST", 2 * 2**20)
    body = b'{"id": 7, "runs": [' + b'{"id": 1}, ' * 300_000
    with RawServer([reply("201 Created", body)]) as server:
        client = EitherClient(mode, api_key=KEY, base_url=server.url, clock=time.clock)
        assert client.run_voice(scenarios=[1]).result_id == 7
        client.end()


def _kept(*bodies: str) -> Behaviour:
    """Several answers on one connection: the first request gets two of them at once, each other one
    the answer that was meant for the request before it."""

    def behave(connection: Connection) -> None:
        answered = [_open(body) for body in bodies]
        connection.read()
        connection.send(answered.pop(0) + answered.pop(0))
        # In a thread, so that other connections are answered as well.
        kept = Connection(connection.socket.dup(), [], threading.Event())
        threading.Thread(target=go_on, args=(kept, answered), daemon=True).start()

    def go_on(kept: Connection, answered: list[bytes]) -> None:
        with kept.socket, contextlib.suppress(OSError):
            kept.read()
            while kept.read():
                kept.send(answered.pop(0))

    return behave


def _open(body: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def test_a_launch_travels_on_a_connection_of_its_own(mode: str, time: FakeTime) -> None:
    """On one that is kept, an answer that was doubled would be taken for its own."""
    kept = _kept('{"id": 6, "status": "running"}', '{"id": 66, "status": "pending", "runs": []}')
    with RawServer([kept, raw(json_answer("201 Created", '{"id": 7}'))]) as server:
        client = EitherClient(mode, api_key=KEY, base_url=server.url, clock=time.clock)
        assert client.get_result(6).id == 6
        assert client.run_voice(scenarios=[1]).result_id == 7
        client.end()


def test_end_calls_travels_on_a_connection_of_its_own(mode: str, time: FakeTime) -> None:
    """Or a doubled answer would say that the calls were ended."""
    kept = _kept('{"id": 6, "status": "running"}', '{"id": 6, "status": "running"}')
    with RawServer([kept, raw(json_answer("200 OK", ""))]) as server:
        client = EitherClient(mode, api_key=KEY, base_url=server.url, clock=time.clock)
        assert client.get_result(6).id == 6
        client.end_calls(6)
        client.end()
        assert server.requests[-1].startswith(b"POST /test_framework/v1/results/6/end_calls/")


def test_a_shifted_answer_is_noticed_and_its_connection_closed(mode: str, time: FakeTime) -> None:
    """The answer that was left over is that of another result; what follows would be shifted, too."""
    passed = '{"id": 8, "status": "completed", "runs": [{"id": 1, "status": "completed"}]}'
    kept = _kept('{"id": 6, "status": "running"}', passed, passed, passed)
    own = raw(json_answer("200 OK", '{"id": 7, "status": "failed"}'))
    with RawServer([kept, own]) as server:
        client = EitherClient(mode, api_key=KEY, base_url=server.url, clock=time.clock)
        assert client.get_result(6).id == 6
        found = client.get_result(7)
        client.end()
    assert (found.id, found.status) == (7, "failed")


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SSL_CERT_FILE", "/there/is/none.pem", "FileNotFoundError"),
        ("HTTPS_PROXY", "gopher://user:pass-word@proxy.example", "Unknown scheme for proxy"),
    ],
)
def test_where_no_transport_can_be_made_nothing_was_sent(
    variable: str,
    value: str,
    says: str,
    mode: str,
    time: FakeTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A missing file of certificates, or an unusable proxy: nothing is billed, and that is said."""
    monkeypatch.setattr("cekura_client.wire.tls._loaded", [])
    monkeypatch.setenv(variable, value)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    client = EitherClient(
        mode,
        api_key=KEY,
        base_url="https://api.test",
        clock=time.clock,
        proxy_from_environment=True,
    )
    with pytest.raises(LaunchNotSentError, match="nothing was sent, nothing is billed") as caught:
        client.run_voice(scenarios=[1])
    client.end()
    assert says in str(caught.value)
    assert "pass-word" not in str(caught.value)
