"""What may become of a request on its way, and of its answer on the way back: tables of chances."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from scripts.simulate.choices import Choices
from scripts.simulate.server import Server, Stored

HTML = b"<!doctype html><h1>We will be back soon</h1>"
# What a server says in an error; a lone surrogate is legal in JSON, and no encoding has it.
MESSAGES = (b'{"detail": "no"}', b"{}", b'{"detail": "broken \\ud83d text"}', HTML)
SECONDS = ((50, 0.2), (6, 1.0), (3, 4.0), (2, 20.0), (1, 100.0), (1, 400.0))


@dataclass(frozen=True)
class Answer:
    """An answer as it leaves the server.

    Attributes:
        raw: The body as it is on the wire.
        broken: What the network does after the last of these bytes, if it breaks then.
        shows: The id of a launch that whoever reads this answer can read in it.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict[str, str])
    raw: bytes = b""
    broken: type[httpx.TransportError] | None = None
    shows: int | None = None

    def __str__(self) -> str:
        headers = {name: value for name, value in self.headers.items() if name != "Date"}
        return f"{self.status} {headers} {self.raw[:50]!r}" + "…, cut" * bool(self.broken)

    def response(self, connection: httpx.BaseTransport) -> httpx.Response:
        """As it comes in on a connection, which its reader may close."""
        return httpx.Response(
            self.status,
            headers=self.headers,
            stream=_Stream(self),
            extensions={"network_stream": connection},
        )


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield self._answer.raw
        if self._answer.broken is not None:
            raise self._answer.broken("peer closed connection")


# An answer, or how the connection broke or could not be made.
Outcome = Answer | type[httpx.TransportError]

NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
LOST = (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError)
# What becomes of a launch, and of anything else.
LAUNCHED = (
    *((60, "executed"), (8, "lost"), (6, "never left")),
    *((8, "dropped"), (12, "error"), (4, "no")),
)
READ = ((85, "well"), (4, "lost"), (2, "never left"), (5, "error"), (2, "cut"), (2, "html"))
# A launch that was executed may be answered with any of these. 429 says that it was not, unless the
# body of the answer is the launch.
STATUSES = (201, 200, 202, 503, 500, 502, 504, 520, 408, 300, 301, 302, 303, 304, 429)
ERRORS = (503, 500, 502, 504, 520, 408, 300, 301, 302, 303, 304, 429)
REFUSALS = (400, 401, 402, 403, 404, 405, 409, 422, 307, 308)


def _id_last(said: dict[str, Any]) -> object:
    run = {"id": 90001, "scenario": 101, "result": {"name": "x"}}
    return {"agent": {"id": 12}, "runs": [run], "name": said["name"], "id": said["id"]}


SHAPES: tuple[tuple[int, Callable[[dict[str, Any]], object]], ...] = (
    (24, lambda said: said),
    (2, _id_last),
    (1, lambda said: {"result": {"id": said["id"]}}),
    (1, lambda said: {"result_id": said["id"]}),
    (1, lambda said: {**said, "id": str(said["id"])}),
    (1, lambda said: {**said, "runs": None}),
    (1, lambda said: [said]),
    (1, lambda said: {"data": said}),
)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


ENCODINGS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    *((name, lambda data: gzip.compress(data, mtime=0)) for name in ("gzip", "x-gzip", "GZIP")),
    ("deflate", zlib.compress),
    ("deflate", _raw_deflate),
)
WHOLE, ENCODED, CUT, BAD_SUM, UTF_16, NOTHING, PLACE = range(7)
BODIES = ((30, WHOLE), (4, ENCODED), (4, CUT), (2, BAD_SUM), (1, UTF_16), (4, NOTHING), (2, PLACE))


def _a_launch(document: object) -> bool:
    """Whether it is more than an id."""
    found = document[0] if isinstance(document, list) else document
    found = found.get("data", found) if isinstance(found, dict) else {}
    return "name" in found


class Fates:
    """Draws what becomes of the requests of one caller, and makes the answers.

    Where it is calm, only launches go wrong: then nothing is in the way of finding them again.
    """

    def __init__(self, choices: Choices, server: Server, *, calm: bool) -> None:
        self._choices = choices
        self._server = server
        self._calm = calm

    def seconds(self) -> float:
        """How long a request takes there and back."""
        return 0.2 if self._calm else self._choices.weighted(SECONDS)

    def _error(self, *statuses: int) -> Answer:
        headers = {"Date": self._server.date(self._server.now())}
        after = self._choices.weighted([(3, None), (1, "0"), (1, "2"), (1, "40")])
        if after is not None:
            headers["Retry-After"] = after
        return Answer(self._choices.pick(statuses), headers, self._choices.pick(MESSAGES))

    def launch(self, body: dict[str, Any], call: int) -> Outcome:
        """Execute a launch or do not, and answer it or do not."""
        choices = self._choices
        fate = choices.weighted(LAUNCHED)
        if fate == "never left":
            return choices.pick(NEVER_LEFT)
        if fate == "dropped":
            return choices.pick(LOST)
        if fate == "error":
            return self._error(*ERRORS, 200)
        if fate == "no":
            return self._error(*REFUSALS)
        stored = self._server.execute(body, call, choices)
        if fate == "lost":
            return choices.pick(LOST)
        return self._accepted(stored)

    def _accepted(self, stored: Stored) -> Answer:
        choices = self._choices
        status = choices.weighted([(60, 201), (40, 0)]) or choices.pick(STATUSES)
        said = {
            "id": stored.id,
            "name": stored.name,
            "status": "pending",
            "agent": stored.agent,
            "total_runs_count": len(stored.passing),
            "runs": [],
        }
        answer = Answer(status, {"Date": self._server.date(stored.created)}, shows=stored.id)
        if status >= 400 and choices.happens(50):
            answer.headers["Retry-After"] = "1"
        kind = choices.weighted(BODIES)
        if kind == NOTHING and status != 429:
            return replace(answer, raw=choices.pick((b"", HTML, b"{}")), shows=None)
        if kind == PLACE:
            answer.headers["Location"] = choices.pick(("", "http://127.0.0.1:9")) + (
                f"/test_framework/v2/results/{stored.id}/"
            )
            return replace(answer, raw=choices.pick((b"", HTML)))
        document = choices.weighted(SHAPES)(said)
        body = json.dumps(document).encode()
        if status >= 300 and (kind == CUT or not _a_launch(document)):
            answer = replace(answer, shows=None)  # an id in an error may be that of anything
        if kind == UTF_16:
            return replace(answer, raw=body.decode().encode("utf-16"))
        if kind in (ENCODED, BAD_SUM):
            name, encode = choices.pick(ENCODINGS)
            answer.headers["Content-Encoding"] = name
            raw = encode(body)
            if kind == ENCODED:
                return replace(answer, raw=raw)
            if encode is _raw_deflate or choices.happens(30):
                return replace(answer, raw=raw[: 1 + choices.below(len(raw) - 1)], shows=None)
            return replace(answer, raw=raw[:-4] + bytes(4))  # the text is whole, its sum is not
        if kind == CUT:
            raw = body[: choices.below(len(body))]
            first = b'{"id": %d,' % stored.id
            shows = answer.shows if raw.startswith(first) else None
            broken = choices.pick((httpx.RemoteProtocolError, httpx.ReadError))
            return replace(answer, raw=raw, broken=broken, shows=shows)
        return replace(answer, raw=body)

    def other(self, request: httpx.Request) -> Outcome:
        """Answer a read, or the end of calls."""
        choices = self._choices
        fate = "well" if self._calm else choices.weighted(READ)
        if fate == "never left":
            return choices.pick(NEVER_LEFT)
        if fate == "error":
            return self._error(500, 502, 503, 504, 429)
        answer = self._well(request)
        if fate == "lost":
            return choices.pick(LOST)
        if fate == "cut":
            raw = answer.raw[: choices.below(len(answer.raw) + 1)]
            return replace(answer, raw=raw, broken=httpx.RemoteProtocolError)
        return replace(answer, raw=HTML) if fate == "html" else answer

    def _well(self, request: httpx.Request) -> Answer:
        server, now = self._server, self._server.now()
        ends = request.method == "POST"
        number = request.url.path.rstrip("/").split("/")[-2 if ends else -1]
        headers = {"Date": server.date(now), "Content-Type": "application/json"}
        if not ends and number == "results":
            fresh = "no-cache" in request.headers.get("cache-control", "")
            made, body = server.page(str(request.url), dict(request.url.params), fresh)
            if made < now:
                headers |= {"Date": server.date(made), "Age": str(int(now - made))}
            return Answer(200, headers, body)
        stored = server.results.get(int(number))
        if stored is None:
            return Answer(404, headers, b'{"detail": "Not found."}')
        if ends:
            if now < stored.ends:
                stored.ends = now
                stored.calls_ended = True
            stored.end_requests += 1
            return Answer(200, headers, b'{"detail": "ended"}')
        return Answer(200, headers, json.dumps(server.shown(stored)).encode())
