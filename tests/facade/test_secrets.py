"""The key is looked for in everything that the library leaves behind."""

import contextlib
import logging
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from cekura_api.api.runs import list_results
from cekura_client import Cekura, CekuraError, WebsocketScenario
from cekura_client.core.secrets import Redactor
from tests.clients import EitherClient, FakeTime
from tests.hostile.cases import CASES, Case
from tests.hostile.observe import TIMEOUTS
from tests.hostile.server import reply
from tests.raw_server import RawServer, raw

# Said nowhere else in the project, so that every find is a leak.
SECRET = "sk-Gk7-w0nd3rful"
TOKEN = "t0k3n-0f-a-w3bs0ck3t"
HERE = Path(__file__).parent.parent

# One case in so many is enough; they differ in what the server does, not in what is kept. Silence
# takes real time.
SOME = [case for case in CASES[::4] if "silence" not in case.what]


def _operations(client: EitherClient) -> list[Callable[[], Any]]:
    url = f"wss://user:{TOKEN}@a.example/chat?token={TOKEN}"
    return [
        lambda: client.run_voice(scenarios=[1]),
        lambda: client.run_websocket(scenarios=[WebsocketScenario(1, url)], frequency=1),
        lambda: client.run_websocket(scenarios=[(1, url), (1, url)], frequency=1),
        lambda: client.run_websocket(scenarios=[(1, url.replace("wss", "http"))], frequency=1),
        lambda: client.get_result(7),
        lambda: client.wait(7, timeout=60),
        lambda: client.end_calls(7),
    ]


def _locals(error: BaseException) -> list[str]:
    """What a crash reporter would send: the locals of all frames but those of the tests."""
    shown: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        for frame, _ in traceback.walk_tb(seen.__traceback__):
            if HERE not in Path(frame.f_code.co_filename).parents:
                shown += [_safely(repr, value) for value in frame.f_locals.values()]
        seen = seen.__cause__ or seen.__context__
    return shown


def _safely(function: Callable[[Any], Any], value: Any) -> str:
    """Some objects have no repr or cannot be pickled, which leaks nothing either."""
    with contextlib.suppress(Exception):
        return str(function(value))
    return ""


@pytest.mark.parametrize("case", SOME, ids=[case.what for case in SOME])
def test_no_trace_of_the_key(
    case: Case, mode: str, tmp_path: Path, time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    """In logs at DEBUG of all libraries, values, errors, frames, pickles and the record."""
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    kept: list[str] = []
    pickled: list[str] = []
    record = tmp_path / "launches.jsonl"
    with RawServer(case.server) as server:
        client = EitherClient(
            mode,
            api_key=SECRET,
            base_url=server.url,
            clock=time.clock,
            timeouts=TIMEOUTS,
            record=record,
            recover_for=5,
        )
        for operation in _operations(client):
            try:
                value = operation()
            except CekuraError as error:
                value = error
                kept += _locals(error)
                shown += getattr(error, "__notes__", [])
            shown += [repr(value), str(value)]
            pickled.append(_safely(pickle.dumps, value))
        kept += [repr(client.client), repr(vars(client.client)), repr(client.client.api)]
        client.end()
        # The key did go where it belongs.
        assert any(SECRET.encode() in request for request in server.requests) == bool(
            server.requests
        )
    shown += [entry.getMessage() for entry in caplog.records]
    shown.append(record.read_text("utf-8"))
    assert len("".join(shown)) > 1_000
    assert [text for text in shown + kept + pickled if SECRET in text] == []
    assert [text for text in shown + pickled if TOKEN in text] == []


_SPELLED = [
    f"{SECRET} and {TOKEN}",
    f'{{"detail": "{SECRET}: {TOKEN} is no token"}}',
    f"<title>{quote(SECRET, safe='')} {TOKEN}</title>",
    f'{{"id": 7, "name": "{SECRET}", "status": "pending", "agent": "{TOKEN}"}}',
    f'["{SECRET}"',
    '{"detail": "' + "".join(f"\\u{ord(c):04X}" for c in SECRET) + '"}',
    "<p>" + "".join(f"&#{ord(c)};" for c in SECRET) + "</p>",
    "".join(f"%{ord(c):02x}" for c in SECRET),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("status", ["201 Created", "400 Bad", "500 Oops"])
@pytest.mark.parametrize("body", _SPELLED)
def test_what_a_server_repeats_is_replaced_before_anything_is_made_of_it(
    body: str, status: str, encoding: str, mode: str, tmp_path: Path, time: FakeTime
) -> None:
    """The key, and what was secret in the launch: in bodies, errors, pickles, raw answers, the record."""
    record = tmp_path / "launches.jsonl"
    echo = reply(
        status, body.encode(encoding), f"Location: /{SECRET}/results/7/", f"X-Key: {SECRET}"
    )
    with RawServer([echo]) as server:
        client = EitherClient(
            mode, api_key=SECRET, base_url=server.url, clock=time.clock, record=record
        )
        url = f"wss://user:{TOKEN}@a.example/chat"
        try:
            value: Any = client.run_websocket(scenarios=[(1, url)], frequency=1)
            kept = [value.raw]
        except CekuraError as error:
            value = error
            kept = [vars(error), str(error), error.args]
        client.end()
        assert TOKEN.encode() in server.requests[0]
    kept += [repr(value), pickle.dumps(value), record.read_text("utf-8")]
    shown = "".join(map(str, kept)).replace("\\x00", "")
    assert SECRET not in shown
    assert TOKEN not in shown


@pytest.mark.parametrize(
    "answered",
    [
        f"HTTP/1.1 201 C\r\n{SECRET} is no header\r\n\r\n",
        f"HTTP/1.1 {SECRET}\r\n\r\n",
        f"HTTP/1.1 201 C\r\nContent-Length: {SECRET}\r\n\r\n",
    ],
)
def test_a_protocol_error_that_quotes_the_key_is_cleaned(
    answered: str, mode: str, time: FakeTime
) -> None:
    """What could not be read as HTTP is quoted by those who tried."""
    with RawServer([raw(answered.encode())]) as server:
        client = EitherClient(mode, api_key=SECRET, base_url=server.url, clock=time.clock)
        with pytest.raises(CekuraError) as caught:
            client.run_websocket(scenarios=[(1, None)], frequency=1)
        client.end()
    assert SECRET not in str(caught.value) + str(pickle.dumps(caught.value))


def test_headers_that_repeat_the_key_are_cleaned_as_well(time: FakeTime) -> None:
    """The low-level client hands them on."""
    echo = reply("200 OK", b'{"results": []}', f"X-Key: Bearer {SECRET}")
    with (
        RawServer([echo]) as server,
        Cekura(api_key=SECRET, base_url=server.url, clock=time.clock) as client,
    ):
        found = list_results.sync_detailed(client=client.api)
    assert found.headers["X-Key"] == "Bearer ***"


def test_a_key_that_is_short_is_not_looked_for(mode: str, time: FakeTime) -> None:
    """It would be found in names of fields, and the id of a launch be lost."""
    with RawServer([reply("201 Created", b'{"id": 7, "status": "x"}')]) as server:
        client = EitherClient(mode, api_key="id", base_url=server.url, clock=time.clock)
        assert client.run_voice(scenarios=[1]).result_id == 7
        client.end()


def test_a_spelling_that_is_a_part_of_another_leaves_no_rest() -> None:
    """The longest is replaced first."""
    redactor = Redactor("secret/one", "secret/one/two")
    assert redactor.text("secret/one/two secret%2Fone%2Ftwo") == "*** ***"
    assert redactor.body(rb'"secret\/one\/two"') == b'"***"'
    assert redactor.body("secret/one".encode("utf-16-be")) == "***".encode("utf-16-be")
    assert repr(redactor) == "Redactor(***)"


def test_the_search_would_find_it() -> None:
    """A search that finds nothing proves nothing: here is something to be found."""

    def leak(api_key: str) -> None:
        raise CekuraError("no")

    with pytest.raises(CekuraError) as caught:
        leak(SECRET)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert SECRET in frames[-1].f_locals.values()
