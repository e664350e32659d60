"""What a server or a network can do to a request, and what must come of it.

The same in both modes: how often the server was asked, what the caller gets, and how long it took on
a clock on which only pauses count.
"""

import gzip
from itertools import islice
from typing import Any

from attrs import field, frozen

from cekura_client import Polling
from cekura_client.core.send_policy import FIRST_PAUSE, LONGEST_PAUSE
from tests.hostile.server import (
    accept,
    byte_by_byte,
    close_silently,
    close_unread,
    gzipped,
    list_of,
    list_with_the_name,
    never_answer,
    packed_as,
    reply,
    reset_in_body,
    reset_read,
    reset_unread,
)
from tests.raw_server import Behaviour, answer, raw

# Operations. A websocket launch has no name and so is not looked up.
LAUNCH, NAMED, UNNAMED, READ, WAIT = "launch", "named launch", "unnamed launch", "read", "wait"


def backoff(pauses: int, least: float = 0) -> float:
    """Seconds of that many pauses between attempts, none of them shorter than `least`."""
    return sum(
        max(least, min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**number) / 2) for number in range(pauses)
    )


def looks(pauses: int) -> float:
    """Seconds of that many pauses between looks for a lost launch."""
    return sum(islice(Polling(first=1, longest=10).pauses(lambda: 0.5), pauses))


@frozen
class Case:
    """One thing that goes wrong.

    Attributes:
        what: In words.
        server: The behaviour for each connection; the last goes on.
        outcome: "7" or "7 recovered", or the name of an error.
        operation: What the caller does.
        posts: How many launches the server read.
        gets: How many reads it read.
        seconds: Paused in all.
        says: What the error must say.
    """

    what: str
    server: list[Behaviour]
    outcome: str
    operation: str = LAUNCH
    posts: int = 1
    gets: int = 0
    seconds: float = 0
    says: list[str] = field(factory=list)


OK = accept()
UNKNOWN = "LaunchOutcomeUnknownError"
RUNNING = reply("200 OK", b'{"id": 7, "status": "running"}')
ENDED = reply(
    "200 OK",
    b'{"id": 7, "status": "completed", "runs": [{"id": 1, "status": "completed", "success": true}]}',
)
LONG_JSON = b'{"id": 7, "status": "pending", "runs": [' + b'{"id": 1},' * 50 + b'{"id": 2}]}'
CHUNKED = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"


def _accepted(what: str, **fields: Any) -> Case:
    return Case(f"accepted, {what}", [accept(**fields)], "7")


ACCEPTED = [
    Case("accepted with 201", [OK], "7"),
    Case("accepted with 200", [accept("200 OK")], "7"),
    Case("accepted with 202", [accept("202 Accepted")], "7"),
    Case("accepted, the id in `result`", [reply("201 C", b'{"result": {"id": 7}}')], "7"),
    Case("accepted, the id in `result_id`", [reply("201 C", b'{"result_id": 7}')], "7"),
    Case("accepted, the id as text", [reply("201 C", b'{"id": "7"}')], "7"),
    _accepted("an unknown status", status="reticulating"),
    _accepted("a status that is a number", status=3),
    _accepted("runs null", runs=None),
    _accepted("runs an object", runs={"1": {"id": 1}}),
    _accepted("runs a list of nonsense", runs=[None, 1, "x"]),
    _accepted("runs a text", runs="none yet"),
    _accepted("an odd date", created_at="yesterday", agent="twelve"),
    _accepted("fields that nobody knows", brand={"new": [1, {"x": None}]}),
    Case("accepted, in latin-1", [reply("201 C", b'{"id": 7, "name": "Caf\xe9"}')], "7"),
    Case("accepted, with a byte order mark", [reply("201 C", b'\xef\xbb\xbf{"id": 7}')], "7"),
    Case("accepted, no content type", [raw(answer("201 Created", b'{"id": 7}'))], "7"),
    Case("accepted, labelled as HTML", [reply("201 C", b'{"id": 7}', "Content-Type: text/html")], "7"),
    Case("accepted, gzip", [gzipped(b'{"id": 7}')], "7"),
    Case("accepted, gzip cut short behind the id", [gzipped(LONG_JSON * 9, 100)], "7"),
    *(
        Case(f"accepted, coded as {coding}{what}", [packed_as(coding, LONG_JSON, *damage)], "7")
        for coding in ("gzip", "x-gzip", "GZIP", "deflate", "deflate, gzip")
        for what, damage in [("", ()), (" cut short", ("cut",)), (" with a wrong checksum", ("checksum",))]
    ),
    Case("accepted, gzip of two members", [reply("201 C", gzip.compress(b'{"id": 7, "status": "pen') + gzip.compress(b'ding"}'), "Content-Encoding: gzip")], "7"),
    Case("accepted, gzip that does not say so", [reply("201 C", gzip.compress(b'{"id": 7}', mtime=0))], "7"),
    Case("accepted, bare deflate", [packed_as("bare", LONG_JSON)], "7"),
    Case("accepted, bare deflate cut short", [packed_as("bare", LONG_JSON, "cut")], "7"),
    *(
        Case(f"accepted, in {encoding}", [reply("201 C", '{"status": "pending", "id": 7}'.encode(encoding))], "7")
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")
    ),
    *(
        Case(f"accepted, cut short, the id {where}", [raw(b"HTTP/1.1 201 C\r\nContent-Length: 999\r\n\r\n" + body)], "7")
        for where, body in [
            ("behind a status", b'{"status": "pending", "id": 7, "ru'),
            ("behind the runs", b'{"runs": [{"id": 1}, {"id": 2}], "id": 7, "x'),
            ("in `result`", b'{"result": {"status": "x", "id": 7, "runs": [{"id": 1}, {"id": 2'),
            ("before a text that does not end", b'{"name": "a\\\\", "id": 7, "x": "y\\"'),
        ]
    ),
    *(
        Case(f"accepted, {what}", [reply("201 C", body)], "7")
        for what, body in [
            ("beside an id that is 0", b'{"id": 0, "result_id": 7}'),
            ("before something else", b'{"id": 7} and more'),
            ("in a list of one", b'[{"id": 7}]'),
            ("in `data`", b'{"data": {"id": 7}}'),
            ("in a list in `data`", b'{"data": [{"result": {"id": 7}}]}'),
            ("twice in one body", b'{"id": 7}{"id": 7}'),
        ]
    ),
    *(
        Case(f"accepted with {status}, only `Location` has the id{where and ', elsewhere'}", [reply(f"{status} X", b"", f"Location: {where}/test_framework/v1/results/7/")], "7")
        for status in (201, 202, 204, 301, 302, 303)
        for where in ("", "https://api.example.com")
    ),
    *(
        Case(f"accepted behind status {status}", [reply(f"{status} X", b'{"id": 7, "status": "pending", "runs": []}', "Retry-After: 1")], "7")
        for status in (302, 400, 404, 409, 429, 500, 502, 503)
    ),
    Case("accepted behind status 404, cut short, with no length", [raw(b'HTTP/1.1 404 X\r\n\r\n{"id": 7, "status": "queued", "ru')], "7"),
    Case("accepted behind status 400, cut short", [raw(b'HTTP/1.1 400 X\r\nContent-Length: 99\r\n\r\n{"id": 7, "status": "queued", "ru')], "7"),
    *(
        Case(f"accepted behind status 409, as {body.decode()}", [reply("409 X", body)], "7")
        for body in (b'{"result_id": 7}', b'{"result": {"id": 7}}', b'{"id": 7, "status": "queued"}')
    ),
    Case("accepted, byte by byte", [byte_by_byte(answer("201 C", b'{"id": 7}'), 0.001)], "7"),
    Case("accepted after 100 Continue", [raw(b"HTTP/1.1 100 Continue\r\n\r\n" + answer("201 C", b'{"id": 7}'))], "7"),
    Case("accepted after 103 Early Hints", [raw(b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + answer("201 C", b'{"id": 7}'))], "7"),
    Case("accepted, Content-Length too long", [raw(b'HTTP/1.1 201 C\r\nContent-Length: 99\r\n\r\n{"id": 7}')], "7"),
    Case("accepted, cut short behind the id", [raw(b"HTTP/1.1 201 C\r\nContent-Length: 999\r\n\r\n" + LONG_JSON[:40])], "7"),
    Case("accepted, chunked and cut short behind the id", [raw(CHUNKED + b'10\r\n{"id": 7, "runs"\r\n')], "7"),
    Case("accepted, no length, ended by closing", [raw(b'HTTP/1.1 201 C\r\n\r\n{"id": 7}')], "7"),
]  # fmt: skip

UNREADABLE = [
    Case("201 with the id 0", [reply("201 C", b'{"id": 0}')], UNKNOWN),
    Case("201 with a negative id", [reply("201 C", b'{"id": "-7", "result_id": -7}')], UNKNOWN),
    Case("status 304, with no body", [raw(b"HTTP/1.1 304 X\r\n\r\n")], UNKNOWN),
    Case("400 that breaks off", [raw(b'HTTP/1.1 400 X\r\nContent-Length: 99\r\n\r\n{"detail": "No')], UNKNOWN),
    Case("400 that breaks off, with no length", [raw(b'HTTP/1.1 400 X\r\n\r\n{"detail": "No')], UNKNOWN),
    Case("201, compressed four times", [reply("201 C", b"x", "Content-Encoding: gzip, gzip, gzip, gzip")], UNKNOWN, says=["is compressed 4 times"]),
    Case("201, `Location` of something else", [reply("201 C", b"", "Location: /test_framework/v1/scenarios/7/")], UNKNOWN),
    Case("201 with a list of two", [reply("201 C", b'[{"id": 7}, {"id": 8}]')], UNKNOWN),
    Case("201 in a coding that nobody offered", [reply("201 C", b"\x0b\x02\x80{}\x03", "Content-Encoding: br")], UNKNOWN),
    Case("no answer: closed after reading", [close_silently], UNKNOWN, says=["may be billed"]),
    Case("no answer: closed without reading", [close_unread], UNKNOWN, posts=0),
    Case("no answer: reset without reading", [reset_unread], UNKNOWN, posts=0),
    Case("no answer: reset after reading", [reset_read], UNKNOWN),
    Case("no answer: reset in the middle of the body", [reset_in_body], UNKNOWN, says=["status 201"]),
    Case("no answer: silence", [never_answer], UNKNOWN, says=["no answer in time"]),
    Case("no answer: nonsense instead of HTTP", [raw(b"SSH-2.0-OpenSSH\r\n")], UNKNOWN),
    Case("no answer: half a head", [raw(b"HTTP/1.1 201 Created\r\nContent-")], UNKNOWN),
    Case("no answer: only 100 Continue", [raw(b"HTTP/1.1 100 Continue\r\n\r\n")], UNKNOWN),
    Case("no answer: 101 Switching Protocols", [raw(b"HTTP/1.1 101 Switching\r\n\r\n")], UNKNOWN),
    Case("201 without a body", [reply("201 Created")], UNKNOWN, says=["status 201"]),
    Case("204 No Content", [raw(b"HTTP/1.1 204 No Content\r\n\r\n")], UNKNOWN),
    Case("201 with HTML", [reply("201 C", b"<title>Maintenance</title>")], UNKNOWN, says=["Maintenance"]),
    Case("200 with HTML", [reply("200 OK", b"<html>")], UNKNOWN),
    Case("201 without an id", [reply("201 C", b'{"status": "pending"}')], UNKNOWN, says=["no id"]),
    Case("201 with an id that is none", [reply("201 C", b'{"id": {"x": 1}}')], UNKNOWN),
    Case("201 with a list", [reply("201 C", b"[7]")], UNKNOWN),
    Case("201 with half an id", [raw(b'HTTP/1.1 201 C\r\nContent-Length: 99\r\n\r\n{"id": 7')], UNKNOWN),
    Case("201 with the id of something else", [reply("201 C", b'{"runs": [{"id": 8}')], UNKNOWN),
    Case("201, Content-Length too short", [raw(b'HTTP/1.1 201 C\r\nContent-Length: 5\r\n\r\n{"id": 7}')], UNKNOWN),
    Case("201, broken gzip", [reply("201 C", b"no gzip", "Content-Encoding: gzip")], UNKNOWN, says=["cannot be decompressed"]),
    Case("201, chunked and cut short before the id", [raw(CHUNKED + b'8\r\n{"agent"\r\n')], UNKNOWN),
    *(
        Case(f"status {status}", [reply(f"{status} X", b"<title>Oops</title>")], UNKNOWN, says=["Oops", str(status)])
        for status in (300, 301, 302, 303, 305, 306, 408, 500, 501, 502, 503, 504, 520, 599)
    ),
]  # fmt: skip

REFUSED = [
    Case("400 that redirects to a page about a result", [reply("400 X", b'{"detail": "No."}', "Location: /login?next=/results/9999/")], "BadRequestError"),
    Case("404 with the id of what is not there", [reply("404 X", b'{"id": 12, "detail": "No agent 12."}')], "NotFoundError", says=["No agent 12."]),
    Case("400 with an id and a status of its own", [reply("400 X", b'{"id": 12, "status": "error"}')], "BadRequestError"),
    *(
        Case(f"status {status}", [reply(f"{status} X", b'{"detail": "No."}')], error, says=["No.", "nothing was started"])
        for status, error in [
            (400, "BadRequestError"),
            (401, "AuthenticationError"),
            (402, "InsufficientBalanceError"),
            (403, "PermissionDeniedError"),
            (404, "NotFoundError"),
            (405, "ApiError"),
            (409, "ApiError"),
            (413, "ApiError"),
            (415, "ApiError"),
            (422, "ApiError"),
            (451, "ApiError"),
        ]
    ),
    *(
        Case(f"status {status} to another port", [reply(f"{status} X", b"", "Location: http://127.0.0.1:9/x")], "RedirectError", says=["nothing was started"])
        for status in (307, 308)
    ),
    Case("402 without a word", [reply("402 X")], "InsufficientBalanceError", says=["the balance is too low, nothing was started"]),
    Case("400 with a list", [reply("400 X", b'["Invalid personalities provided."]')], "BadRequestError", says=["Invalid personalities"]),
    Case("400 by field", [reply("400 X", b'{"errors": {"a[0].b": ["Bad."]}}')], "BadRequestError", says=["a[0].b: Bad."]),
]  # fmt: skip

AGAIN = [
    Case("429, then accepted", [reply("429 X"), OK], "7", posts=2, seconds=backoff(1)),
    Case("429 for 7 s", [reply("429 X", b"", "Retry-After: 7"), OK], "7", posts=2, seconds=7),
    Case("429 until a date", [reply("429 X", b"", "Retry-After: Tue, 14 Nov 2023 22:30:09 GMT"), OK], "7", posts=2, seconds=9),
    Case("429 until a date that is over", [reply("429 X", b"", "Retry-After: Tue, 14 Nov 2023 22:00:00 GMT"), OK], "7", posts=2, seconds=backoff(1)),
    Case("429 for nonsense", [reply("429 X", b"", "Retry-After: soon"), OK], "7", posts=2, seconds=backoff(1)),
    Case("429 for an hour", [reply("429 X", b"", "Retry-After: 3600")], "RateLimitError", says=["nothing was started"]),
    Case("429 again and again", [reply("429 X", b"", "Retry-After: 1")], "RateLimitError", posts=5, seconds=backoff(4, least=1)),
    Case("503 for 3 s: a gateway says so after the launch was executed", [reply("503 X", b"", "Retry-After: 3"), OK], UNKNOWN),
    *(
        Case(f"429 with {what}", [reply("429 X", body, *headers), OK], UNKNOWN)
        for what, body, headers in [
            ("an id in its body", b'{"id": 7}', []),
            ("two results in its body", b'{"data": [{"id": 7}, {"id": 8}]}', []),
            ("a result somewhere in its body", b'{"launch": {"result_id": 7}}', []),
            ("an id that is text", b'{"status": "ok", "id": "7 "}', []),
            ("a prefix before its JSON", b')]}\n{"id": 7}', []),
            ("JSON that is cut short", b'{"status": "pend', []),
            ("a page that names a result", b"<p>Result 7 was started</p>", []),
            ("the address of a result in its text", b"see /test_framework/v1/results/7/", []),
            ("the address of its content", b"", ["Content-Location: /x/7"]),
            ("a body in a coding nobody offered", b"\x0b\x02\x80{}\x03", ["Content-Encoding: br"]),
            ("a compressed body cut after one byte", b"\x1f", ["Content-Encoding: gzip"]),
        ]
    ),
    *(
        Case(f"429 with {what}, then accepted", [reply("429 X", body), OK], "7", posts=2, seconds=backoff(1))
        for what, body in [
            ("a page of a gateway", b"<html><title>429 Too Many Requests</title><hr>nginx/1.25.3</html>"),
            ("a sentence", b"Request was throttled. Expected available in 5 seconds."),
            ("JSON that names nothing", b'{"detail": "Throttled.", "id": null, "code": 12}'),
        ]
    ),
    Case("429 that breaks off: its body may be the launch", [raw(b'HTTP/1.1 429 X\r\nContent-Length: 99\r\n\r\n{"i'), OK], UNKNOWN),
    Case("503 for nonsense", [reply("503 X", b"", "Retry-After: soon"), OK], UNKNOWN),
    Case("429 twice, then 500", [reply("429 X"), reply("429 X"), reply("500 X")], UNKNOWN, posts=3, seconds=backoff(2)),
    Case("429, then closed", [reply("429 X"), close_silently, OK], UNKNOWN, posts=2, seconds=backoff(1)),
]  # fmt: skip

# Recovery. The clock of the tests says 22:30:00 when the launch is sent.
_AT = "2023-11-14T22:30:01Z"
_BEFORE = "2023-11-14T22:00:00Z"
_NIGHTLY = {"id": 7, "name": "Nightly", "agent": 12, "created_at": _AT}

RECOVERY = [
    Case("502, found by its own name", [reply("502 X"), list_with_the_name()], "7 recovered", UNNAMED, gets=1),
    Case("closed, found by its own name", [close_silently, list_with_the_name(agent=12)], "7 recovered", UNNAMED, gets=1),
    Case("201 without an id, found", [reply("201 X"), list_with_the_name()], "7 recovered", UNNAMED, gets=1),
    Case("found at the third look", [reply("500 X"), list_of(), list_of(), list_with_the_name()], "7 recovered", UNNAMED, gets=3, seconds=looks(2)),
    Case("found although the list fails at first", [reply("500 X"), reply("502 X"), close_silently, list_with_the_name()], "7 recovered", UNNAMED, gets=3, seconds=backoff(2)),
    Case("not found", [reply("500 X"), list_of()], UNKNOWN, UNNAMED, gets=16, seconds=120, says=["of that name there are: none", "/results/?", "may be billed"]),
    Case("looking is refused", [reply("500 X"), reply("403 X")], UNKNOWN, UNNAMED, gets=1, says=["the last look failed", "403"]),
    Case("a given name, found", [reply("500 X"), list_of(_NIGHTLY)], "7 recovered", NAMED, gets=5, seconds=looks(4)),
    Case("a given name, beside an older result", [reply("500 X"), list_of(_NIGHTLY, {**_NIGHTLY, "id": 6, "created_at": _BEFORE})], "7 recovered", NAMED, gets=5, seconds=looks(4)),
    Case("a given name, beside another agent's result", [reply("500 X"), list_of(_NIGHTLY, {**_NIGHTLY, "id": 6, "agent": 13})], "7 recovered", NAMED, gets=5, seconds=looks(4)),
    Case("a given name, beside a longer name", [reply("500 X"), list_of(_NIGHTLY, {**_NIGHTLY, "id": 6, "name": "Nightly 2"})], "7 recovered", NAMED, gets=5, seconds=looks(4)),
    Case("a given name, only an older result", [reply("500 X"), list_of({**_NIGHTLY, "created_at": _BEFORE})], UNKNOWN, NAMED, gets=16, seconds=120, says=["7 of 2023-11-14T22:00:00Z"]),
    Case("a given name, a result without a date", [reply("500 X"), list_of({**_NIGHTLY, "created_at": None})], UNKNOWN, NAMED, gets=16, seconds=120),
    Case("a given name, a result of other scenarios", [reply("500 X"), list_of({**_NIGHTLY, "scenarios": [{"id": 2, "name": "B"}]})], UNKNOWN, NAMED, gets=16, seconds=120),
    Case("a given name, a result of more runs", [reply("500 X"), list_of({**_NIGHTLY, "total_runs_count": 2})], UNKNOWN, NAMED, gets=16, seconds=120),
    Case("a given name, a result of the same scenarios and runs", [reply("500 X"), list_of({**_NIGHTLY, "total_runs_count": 1, "scenarios": [{"id": 1}]})], "7 recovered", NAMED, gets=5, seconds=looks(4)),
    Case("a given name, a second result shows up", [reply("500 X"), list_of(_NIGHTLY), list_of(_NIGHTLY), list_of({**_NIGHTLY, "id": 8}, _NIGHTLY)], UNKNOWN, NAMED, gets=3, seconds=looks(2)),
    Case("a given name, another result in its place", [reply("500 X"), list_of(_NIGHTLY), list_of(), list_of({**_NIGHTLY, "id": 7})], "7 recovered", NAMED, gets=5, seconds=looks(4)),
    Case("a given name, two results fit", [reply("500 X"), list_of(_NIGHTLY, {**_NIGHTLY, "id": 8})], UNKNOWN, NAMED, gets=1, says=["there are: 7 of", ", 8 of", "'Nightly'"]),
    Case("a given name, the server's clock is an hour ahead", [reply("500 X"), reply("200 OK", b'{"results": [{"id": 7, "name": "Nightly", "created_at": "2023-11-14T22:45:00Z"}]}', "Date: Tue, 14 Nov 2023 23:30:00 GMT")], UNKNOWN, NAMED, gets=16, seconds=120),
    *(
        Case(f"a given name, the server's clock is an hour {what}, but the launch is new", [reply("500 X"), *(reply("200 OK", f'{{"results": [{{"id": 7, "name": "Nightly", "created_at": "2023-11-14T{hour}:30:00Z"}}]}}'.encode(), f"Date: Tue, 14 Nov 2023 {hour}:30:0{second} GMT") for second in (0, 1, 2, 4, 8))], "7 recovered", NAMED, gets=5, seconds=looks(4))
        for what, hour in [("ahead", 23), ("behind", 21)]
    ),
    Case("a given name, a cached list: its date stands still", [reply("500 X"), reply("200 OK", b'{"results": [{"id": 7, "name": "Nightly", "created_at": "2023-11-14T21:30:00Z"}]}', "Date: Tue, 14 Nov 2023 21:30:00 GMT")], UNKNOWN, NAMED, gets=16, seconds=120),
    Case("a given name, a cached list: it has an age", [reply("500 X"), reply("200 OK", b'{"results": [{"id": 7, "name": "Nightly", "created_at": "2023-11-14T21:30:00Z"}]}', "Date: Tue, 14 Nov 2023 21:30:00 GMT", "Age: 3600")], UNKNOWN, NAMED, gets=16, seconds=120),
    Case("a given name, a result from long after", [reply("500 X"), list_of({**_NIGHTLY, "created_at": "2023-11-14T22:30:30Z"})], UNKNOWN, NAMED, gets=16, seconds=120),
    Case("refused: not looked up", [reply("402 X")], "InsufficientBalanceError", UNNAMED),
]  # fmt: skip

READS = [
    *(
        Case(f"a read: the id {body}, then an answer", [reply("200 OK", f'{{"id": {body}, "status": "completed"}}'.encode()), RUNNING], "7", READ, posts=0, gets=2, seconds=backoff(1))
        for body in ('"9999x"', "[7]", '{"pk": 7}', "7.5")
    ),
    Case("a read: gzip with a wrong checksum, then an answer", [packed_as("gzip", b'{"id": 7, "status": "failed"}', "checksum"), RUNNING], "7", READ, posts=0, gets=2, seconds=backoff(1)),
    Case("a read: the answer of another result", [reply("200 OK", b'{"id": 9999, "status": "completed"}')], "NoAnswerError", READ, posts=0, gets=5, seconds=backoff(4), says=["it is result 9999, not 7"]),
    Case("a wait: the answer of another result, then its own", [reply("200 OK", b'{"id": 9999, "status": "completed"}'), ENDED], "7", WAIT, posts=0, gets=2, seconds=backoff(1)),
    *(
        Case(f"a read: {what}, then an answer", [behaviour, RUNNING], "7", READ, posts=0, gets=gets, seconds=backoff(1))
        for what, behaviour, gets in [
            ("500", reply("500 X"), 2),
            ("HTML with 200", reply("200 OK", b"<html>"), 2),
            ("closed", close_silently, 2),
            ("closed unread", close_unread, 1),
            ("reset", reset_read, 2),
            ("silence", never_answer, 2),
            ("half an answer", raw(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id": 7, "status": "x"'), 2),
            ("broken gzip", reply("200 OK", b"no", "Content-Encoding: gzip"), 2),
            ("429", reply("429 X"), 2),
        ]
    ),
    Case("a read: 503 for 3 s", [reply("503 X", b"", "Retry-After: 3"), RUNNING], "7", READ, posts=0, gets=2, seconds=3),
    Case("a read: 500 again and again", [reply("500 X")], "ServerError", READ, posts=0, gets=5, seconds=backoff(4)),
    Case("a read: closed again and again", [close_silently], "NoAnswerError", READ, posts=0, gets=5, seconds=backoff(4)),
    Case("a read: 303", [reply("303 X", b"", "Location: /x")], "RedirectError", READ, posts=0, gets=1),
    Case("a read: 404", [reply("404 X", b'{"detail": "Not found."}')], "NotFoundError", READ, posts=0, gets=1),
    Case("a wait through trouble of all kinds", [RUNNING, reply("502 X", b"<html>"), close_silently, reset_read, reply("200 OK", b"<html>"), ENDED], "7", WAIT, posts=0, gets=6, seconds=Polling().first + backoff(4)),
    Case("a wait through trouble without end", [RUNNING, reply("500 X")], "ServerError", WAIT, posts=0, gets=21, seconds=Polling().first + backoff(19), says=["while waiting for result 7"]),
]  # fmt: skip

CASES = [*ACCEPTED, *UNREADABLE, *REFUSED, *AGAIN, *RECOVERY, *READS]
