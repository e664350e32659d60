"""A proxy that damages what passes through it, by a table of chances; for the chaos run."""

import asyncio
import contextlib
import gzip
import json
import socket
import struct
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Self
from urllib.parse import urlsplit

from scripts.chaos.calls import call_number

HOST = "127.0.0.1"
# No exchange and no stop takes longer, in seconds, whatever goes wrong.
LIMIT = 15.0
# After so many seconds the clients must have given up waiting for the answer to a launch.
GIVEN_UP = 2.2

_LINGER = struct.pack("ii", 1, 0)  # on, for no time: closing sends a reset


@dataclass(frozen=True)
class Reply:
    """What goes back to the client."""

    status: str = ""  # without one not a byte is sent
    body: bytes = b""
    headers: tuple[str, ...] = ("Content-Type: application/json",)
    length: int | None = None  # what Content-Length claims; None for the truth
    cut: int | None = None  # so many bytes of the body are sent; None for all
    end: str = "keep"  # or "close", or "reset"
    pieces: int = 1
    pause: float = 0.0  # between two pieces
    times: int = 1  # how often it is sent


Damage = Callable[[Reply, Random], Reply]


@dataclass(frozen=True)
class Fate:
    """What may happen to a request.

    Attributes:
        name: For the report.
        damage: Makes of the true answer (an empty one if it is not forwarded) what is sent back.
        launches: How likely it is for a launch, relative to the others.
        reads: The same for a GET.
        forwarded: Whether the sandbox sees the request, and so executes it.
        hold: Seconds before it is forwarded.
        again: Whether the client may send a launch again: it was told to.
    """

    name: str
    damage: Damage
    launches: int
    reads: int
    forwarded: bool = True
    hold: float = 0.0
    again: bool = False


def _silence(end: str) -> Damage:
    return lambda reply, chance: Reply(end=end)


def _cut(first: float, last: float, end: str) -> Damage:
    """Break off between two places, given as fractions of the body."""

    def damage(reply: Reply, chance: Random) -> Reply:
        return replace(reply, cut=int(len(reply.body) * chance.uniform(first, last)), end=end)

    return damage


def _cut_in_first_bytes(reply: Reply, chance: Random) -> Reply:
    # `{"id": 7001, ...`: also in the middle of the id, and directly behind it.
    return replace(reply, cut=chance.randint(1, 14), end="close")


def _too_long(reply: Reply, chance: Random) -> Reply:
    return replace(reply, length=len(reply.body) + chance.randint(1, 99), end="close")


def _gzip(reply: Reply, chance: Random) -> Reply:
    """Cut before the end, or no gzip at all."""
    packed = gzip.compress(reply.body)
    body = chance.choice([reply.body, packed[: len(packed) // 2], packed[:7], packed[:-6]])
    return replace(reply, body=body, headers=(*reply.headers, "Content-Encoding: gzip"))


def _come_back(reply: Reply, chance: Random) -> Reply:
    return Reply("429 Too Many Requests", b"{}", ("Retry-After: 0",))


UNHARMED = Fate("unharmed", lambda reply, chance: reply, 30, 80)
# What a server can say, and in which words, is left to `scripts.simulate`; here it is what real
# connections do.
FATES: tuple[Fate, ...] = (
    UNHARMED,
    Fate("unharmed, then closed unsaid", lambda reply, chance: replace(reply, end="close"), 4, 3),
    Fate("unharmed, but late", lambda reply, chance: reply, 2, 3, hold=0.1),
    Fate("answered twice", lambda reply, chance: replace(reply, times=2), 5, 4),
    # The sandbox never sees these, and the client cannot know that.
    Fate("closed, not executed", _silence("close"), 4, 2, forwarded=False),
    Fate("reset, not executed", _silence("reset"), 4, 2, forwarded=False),
    # The sandbox never sees this either, and the client is told so.
    Fate("429, come back now", _come_back, 6, 2, forwarded=False, again=True),
    # These are executed, and the answer is lost, wholly or in part.
    Fate("answer dropped", _silence("close"), 5, 2),
    Fate("reset", _silence("reset"), 5, 2),
    Fate("cut in the middle", _cut(0.1, 0.9, "close"), 3, 1),
    Fate("reset in the middle", _cut(0.1, 0.9, "reset"), 3, 1),
    Fate("cut in the first bytes", _cut_in_first_bytes, 5, 1),
    Fate("slow, byte by byte", lambda reply, chance: replace(reply, pieces=12, pause=0.02), 1, 0),
    Fate("Content-Length too long", _too_long, 3, 1),
    Fate("gzip broken", _gzip, 4, 1),
    # Executed after the client has given up.
    Fate("executed late", _silence("close"), 1, 0, hold=GIVEN_UP),
)


class Proxy:
    """Listens on 127.0.0.1, in a thread and an event loop of its own, within a `with` block.

    Args:
        target: The address of the sandbox.
        seed: For what is drawn. What happens to a launch depends on it, on the number of the call
            and on how often it was sent, never on how threads happen to take turns.

    Attributes:
        sent: The fates of each call's launches, by its number, in the order in which they came.
        drawn: How often each fate was drawn, by method and name.
        faults: What went wrong in the proxy itself; there should be nothing.
    """

    def __init__(self, target: str, seed: int) -> None:
        self.sent: dict[int, list[Fate]] = defaultdict(list)
        self.drawn: Counter[tuple[str, str]] = Counter()
        self.faults: list[str] = []
        self.url = ""
        self._target = urlsplit(target).port
        self._seed = seed
        self._reads = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(LIMIT):
            raise RuntimeError("the proxy does not start")
        return self

    def __exit__(self, *_: object) -> None:
        """Let what was begun come to its end, so that nothing is executed later, and stop."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(2 * LIMIT)
        if self._thread.is_alive():
            raise RuntimeError("the proxy does not stop")

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._accept, HOST, 0, limit=1 << 20)
        self.url = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._stop.wait()
        server.close()
        if self._under_way:
            _, unended = await asyncio.wait(self._under_way, timeout=LIMIT)
            for task in unended:
                task.cancel()
            self.faults += [f"{len(unended)} connections did not end"] * bool(unended)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client is gone
        except Exception as error:  # noqa: BLE001 - reported, whatever it is
            self.faults.append(f"{type(error).__name__}: {error}")
        finally:
            self._under_way.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its fate; whether the connection goes on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")[:-2]
        body = await reader.readexactly(int(_header(lines, "content-length") or 0))
        method = lines[0].split()[0]
        fate, chance = self.draw(method, body)
        await asyncio.sleep(fate.hold)
        reply = Reply()
        if fate.forwarded:
            reply = await asyncio.wait_for(self._forwarded(lines, body), LIMIT)
        damaged = fate.damage(reply, chance)
        await send(writer, damaged)
        return damaged.end == "keep"

    def draw(self, method: str, body: bytes) -> tuple[Fate, Random]:
        """What happens to the next request, and the chance for all that is random about it."""
        if method == "POST":
            number = call_number(json.loads(body))
            sent = self.sent[number]
            chance = Random(f"{self._seed} {number} {len(sent)}")
            (fate,) = chance.choices(FATES, [fate.launches for fate in FATES])
            sent.append(fate)
        else:
            self._reads += 1
            chance = Random(f"{self._seed} read {self._reads}")
            (fate,) = chance.choices(FATES, [fate.reads for fate in FATES])
        self.drawn[method, fate.name] += 1
        return fate, chance

    async def _forwarded(self, lines: list[str], body: bytes) -> Reply:
        """What the sandbox answers, over a connection of its own."""
        reader, writer = await asyncio.open_connection(HOST, self._target)
        try:
            kept = [line for line in lines if not line.lower().startswith("connection:")]
            head = "\r\n".join([*kept, "Connection: close"])
            writer.write(head.encode("latin-1") + b"\r\n\r\n" + body)
            answer, _, content = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
            await writer.wait_closed()
        status, *headers = answer.decode("latin-1").split("\r\n")
        own = ("connection:", "content-length:")
        kept = [header for header in headers if not header.lower().startswith(own)]
        return Reply(status.partition(" ")[2], content, tuple(kept))


async def send(writer: asyncio.StreamWriter, reply: Reply) -> None:
    """What is left of an answer, and then the end of the connection."""
    for _ in range(reply.times if reply.status else 0):
        length = len(reply.body) if reply.length is None else reply.length
        head = [f"HTTP/1.1 {reply.status}", *reply.headers, f"Content-Length: {length}"]
        writer.write("\r\n".join(head).encode("latin-1") + b"\r\n\r\n")
        sent = reply.body[: reply.cut]
        size = max(1, -(-len(sent) // reply.pieces))
        for start in range(0, len(sent), size):
            writer.write(sent[start : start + size])
            await writer.drain()
            await asyncio.sleep(reply.pause)
    if reply.end == "reset":
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        writer.transport.abort()


def _header(lines: list[str], name: str) -> str | None:
    for line in lines[1:]:
        found, _, value = line.partition(":")
        if found.lower() == name:
            return value.strip()
    return None
