"""The page at `/` and the JSON beside it: as a program reads them, and as a browser shows them."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from cekura_client.sandbox import Outcome, Sandbox, Script
from tests.browser import Browser, chromium
from tests.browser import Tab as AnyTab
from tests.sandbox.support import RESULTS, VAPI, VOICE, Api, Clock

STATE, REQUESTS, FAULTS = "/_sandbox/state", "/_sandbox/requests", "/_sandbox/faults"
MIXED = {
    101: Outcome.PASSED,
    102: Outcome.FAILED,
    103: Outcome.INFRASTRUCTURE,
    104: Outcome.TIMEOUT,
    105: Outcome.STUCK,
}


# What a program reads


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox(pace=0, control=True, api_key="a-key-to-look-for") as sandbox:
        yield sandbox


@pytest.fixture
def controlled(shared: Sandbox) -> Iterator[Sandbox]:
    """One whose faults can be made over HTTP; there are none yet."""
    yield shared
    shared.faults.clear()


@pytest.fixture
def visitor(controlled: Sandbox) -> Iterator[httpx.Client]:
    """Somebody without the key."""
    with httpx.Client(base_url=controlled.url, trust_env=False) as http:
        yield http


def test_the_state_has_balance_launches_and_runs(play: Callable[..., Api], clock: Clock) -> None:
    """The newest result comes first, with its runs by status and how many passed and failed."""
    api = play(outcomes=MIXED)
    before = api.http.get(STATE).json()
    assert before.pop("credits") > 0
    assert before == {
        "launches": 0,
        "billed_runs": 0,
        "results_count": 0,
        "results": [],
        "requests": [],
    }
    first = api.start(scenarios=[101, 102, 103, 104, 105], name="nightly")["id"]
    clock.now += 100
    second = api.start(VAPI, scenarios=[101], vapi_assistant_id="asst", agent_id=12)["id"]
    state = api.http.get(STATE).json()
    assert [state[name] for name in ("launches", "billed_runs", "results_count")] == [2, 6, 2]
    for row in state["results"]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", row.pop("created_at"))
    assert state["results"] == [
        {
            "id": second,
            "name": f"Vapi webrtc run {second}",
            "kind": "Vapi webrtc",
            "agent": 12,
            "status": "pending",
            "runs": 1,
            "passed": 0,
            "failed": 0,
            "statuses": {"pending": 1},
        },
        {
            "id": first,
            "name": "nightly",
            "kind": "Voice",
            "agent": 12,
            "status": "running",
            "runs": 5,
            "passed": 1,
            "failed": 1,
            "statuses": {"completed": 2, "failed": 1, "timeout": 1, "running": 1},
        },
    ]
    fields = ("method", "path", "operation", "status", "runs", "fault")
    assert [tuple(request) for request in state["requests"]] == [fields, fields]
    assert [tuple(request.values()) for request in state["requests"]] == [
        ("POST", VAPI, "run_vapi_webrtc", 200, 1, None),
        ("POST", VOICE, "run_voice", 201, 5, None),
    ]


def test_each_launch_reduces_the_balance(sandbox: Sandbox, api: Api) -> None:
    """The state has the balance that the sandbox has, after each launch."""
    before = api.http.get(STATE).json()["credits"]
    api.start(scenarios=[101, 102, 103])
    assert api.http.get(STATE).json()["credits"] == sandbox.credits == before - 3


def test_reading_the_state_changes_nothing(play: Callable[..., Api]) -> None:
    """Where results move by being read, the page's reading does not count."""
    api = play(by_reads=True, pace=1)
    number = api.start()["id"]
    for _ in range(10):
        api.http.get(STATE)
    assert api.result(number)["status"] == "pending"


def test_the_requests_are_the_log(sandbox: Sandbox, api: Api) -> None:
    """All fields of all requests, oldest first."""
    api.start(scenarios=[101], name="logged")
    api.refusal(scenarios="x")
    assert api.http.get(REQUESTS).json() == [asdict(request) for request in sandbox.requests]


def test_a_fault_is_in_both(controlled: Sandbox, visitor: httpx.Client) -> None:
    """What was done to a request on purpose is told; an answer that was not sent has no status."""
    controlled.faults.add(operation="launch", drop=True, commit=True)
    with Api(controlled).http as http, pytest.raises(httpx.RemoteProtocolError):
        http.post(VOICE, json={"scenarios": [101]})
    for told in (visitor.get(STATE).json()["requests"][0], visitor.get(REQUESTS).json()[-1]):
        assert [told[n] for n in ("status", "runs", "fault")] == [None, 1, "drop after commit"]


@pytest.mark.parametrize("path", ["/", STATE, REQUESTS, FAULTS])
def test_no_key_is_required_and_none_is_shown(
    controlled: Sandbox, visitor: httpx.Client, path: str
) -> None:
    """Everything beside the API is answered without the key, and the key is in none of it."""
    with Api(controlled).http as http:
        http.post(VOICE, json={"scenarios": [101]})
        http.get("/", headers={"X-CEKURA-API-KEY": controlled.api_key})
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert controlled.api_key not in answer.text + str(answer.headers)


@pytest.mark.parametrize("path", ["/", STATE, REQUESTS, FAULTS])
@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.rebound.example", "0.0.0.0", ""])
def test_a_foreign_host_is_refused(visitor: httpx.Client, path: str, host: str) -> None:
    """A name that merely leads to loopback gets nothing, so that no foreign page reads along."""
    assert visitor.get(path, headers={"Host": host}).status_code == 400


def test_localhost_is_not_foreign(visitor: httpx.Client) -> None:
    """The page can be opened by that name as well, with any port."""
    for host in ("localhost", "localhost:8000", "127.0.0.1"):
        assert visitor.get(STATE, headers={"Host": host}).status_code == 200


def test_the_page_is_not_logged_and_has_no_faults(
    controlled: Sandbox, visitor: httpx.Client
) -> None:
    """Requests beside the API are not in the log, and no fault applies to them."""
    before = controlled.requests
    controlled.faults.add(status=500)
    for path in ("/", STATE, REQUESTS, FAULTS):
        assert visitor.get(path).status_code == 200
    assert visitor.get("/_sandbox/none").status_code == 404
    assert visitor.post("/").status_code == 405
    assert visitor.post(FAULTS, json={"operation": "nobody"}).status_code == 400
    assert visitor.delete(FAULTS).status_code == 200
    assert controlled.requests == before


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_faults_over_http_require_control(sandbox: Sandbox, api: Api, method: str) -> None:
    """Without `control`, nobody makes a fault over HTTP, not even with the key."""
    answer = api.http.request(method, FAULTS, json={"status": 500})
    assert answer.status_code == 404
    assert list(sandbox.faults) == []


def test_faults_over_http(controlled: Sandbox, visitor: httpx.Client) -> None:
    """They are made singly or as a list, listed with how often they applied, and cleared."""
    assert visitor.get(FAULTS).json() == []
    assert (
        visitor.post(FAULTS, json={"operation": "list_results", "status": 418}).status_code == 200
    )
    more: list[dict[str, object]] = [
        {"operation": "launch", "delay": 0.0, "drop": True},
        {"slow": 0.0},
    ]
    made = visitor.post(FAULTS, json=more).json()
    assert [rule["operation"] for rule in made] == ["list_results", "launch", "*"]
    with Api(controlled).http as http:
        assert http.get(RESULTS).status_code == 418
    assert visitor.get(FAULTS).json() == list(controlled.faults)
    assert [(rule["met"], rule["applied"]) for rule in controlled.faults] == [
        (1, 1),
        (0, 0),
        (1, 0),
    ]
    assert visitor.delete(FAULTS).json() == []
    assert list(controlled.faults) == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_faults_of_another_type_are_415(
    controlled: Sandbox, visitor: httpx.Client, content_type: str
) -> None:
    """What a page of another origin could send without asking is refused."""
    headers = {"Content-Type": content_type}
    answer = visitor.post(FAULTS, content=b'{"status": 500}', headers=headers)
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]
    assert list(controlled.faults) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"operation": "nobody", "status": 500}', "nobody"),
        ('{"status": 99}', "status"),
        ('{"status": 500, "drop": true}', "status and drop"),
        ('{"status": 500, "unknown": 1}', "unknown"),
        ('{"self": 1}', "self"),
        ("{}", "does nothing"),
        ('"drop"', "object"),
        ("null", "object"),
        ('[{"status": 500}, {"status": 500, "times": 0}]', "times"),
        ('[{"status": 500}, [{"status": 500}]]', "object"),
        ("{", "Expecting"),
        ("", "Expecting"),
        ('{"probability": NaN, "status": 500}', "NaN"),
        ("[" * 100_000, "nested"),
    ],
)
def test_an_invalid_fault_is_400_and_none_is_added(
    controlled: Sandbox, visitor: httpx.Client, content: str, message: str
) -> None:
    """The answer says what is wrong; of a list with one wrong rule, no rule applies."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = visitor.post(FAULTS, content=content, headers=headers)
    assert answer.status_code == 400
    assert message in answer.json()["detail"]
    assert list(controlled.faults) == []


def test_the_page_is_one_file_that_may_load_nothing(api: Api) -> None:
    """It names no other resource, and its policy would keep it from loading one."""
    answer = api.http.get("/")
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    assert not re.findall(r"\ssrc=|<link|@import|url\(|https?:", answer.text)
    assert not re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", answer.text
    )


# What a person sees


# Runs before the page's own script: its timers go twenty times as fast, its requests are counted.
INSTRUMENTS = """
window.lab = { delays: [], asked: 0, open: 0, most: 0, lag: 0,
  wait: window.setTimeout.bind(window), fetch: window.fetch.bind(window),
  pause: (ms) => new Promise((resolve) => lab.wait(resolve, ms)) };
window.setTimeout = (f, ms) => { lab.delays.push(ms); return lab.wait(f, ms / 20); };
window.fetch = async (...given) => {
  lab.asked += 1;
  lab.most = Math.max(lab.most, ++lab.open);
  try { await lab.pause(lab.lag); return await lab.fetch(...given); } finally { lab.open -= 1; }
};
lab.until = async (holds) => {
  for (const end = Date.now() + 20_000; Date.now() < end; await lab.pause(10))
    if (holds()) return true;
  return false;
};
"""


class Tab(AnyTab):
    """The page of a sandbox."""

    def __init__(
        self, browser: Browser, url: str, size: tuple[int, int], media: dict[str, str]
    ) -> None:
        super().__init__(browser, url, size, media, INSTRUMENTS)
        self.until("document.querySelector('dd')?.textContent")

    def until(self, condition: str) -> None:
        assert self.get(f"lab.until(() => {condition})"), f"never: {condition}"

    def refresh(self) -> None:
        """Wait until the server was asked once more, and the answer is shown."""
        self.get("lab.before = lab.asked")
        self.until("lab.asked >= lab.before + 2")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from chromium(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Opens the page of a sandbox; at the end of the test, nothing may have gone wrong in it."""
    with ExitStack() as stack:

        def visit(where: Api | Sandbox, width: int = 1280, height: int = 800, **media: str) -> Tab:
            url = str(where.http.base_url) if isinstance(where, Api) else where.url
            media = {name.replace("_", "-"): value for name, value in media.items()}
            tab = Tab(browser, url, (width, height), media)
            stack.callback(tab.close)
            stack.callback(lambda: complaints.extend(tab.complaints()))
            return tab

        complaints: list[Any] = []
        yield visit
    assert complaints == []


def fits(tab: Tab) -> bool:
    """Whether nothing has to be scrolled sideways, neither the page nor a table."""
    wide = "[document.documentElement, ...document.querySelectorAll('.box')]"
    return bool(tab.get(f"{wide}.every((box) => box.scrollWidth <= box.clientWidth)"))


@pytest.mark.parametrize("width", [360, 1280])
def test_an_empty_page_explains_how_to_launch(visit: Callable[..., Tab], width: int) -> None:
    """Before any launch it shows its own origin for CEKURA_API_URL, and no table."""
    with Sandbox() as sandbox:
        tab = visit(sandbox, width)
        tab.until("!document.querySelector('#empty').hidden")
        assert f"CEKURA_API_URL={sandbox.url}\n" in tab.texts("#empty pre")[0]
        assert (
            tab.get("[...document.querySelectorAll('table')].filter((t) => t.offsetParent)") == []
        )
        assert tab.texts("#summary, dd") == [
            "Waiting for the first launch",
            "1,000,000",
            "0",
            "0",
            "0",
        ]
        assert tab.get("document.title") == "Cekura sandbox"
        assert fits(tab)
        assert sandbox.requests == []


def test_the_page_sends_requests_to_the_sandbox_only(visit: Callable[..., Tab]) -> None:
    """The browser loads the page and the state, and no icon from the API."""
    with Sandbox() as sandbox:
        tab = visit(sandbox)
        tab.refresh()
        asked = {event["request"]["url"] for event in tab.events("Network.requestWillBeSent")}
        assert asked == {f"{sandbox.url}/", f"{sandbox.url}{STATE}"}
        assert sandbox.requests == []


def test_a_running_result(
    play: Callable[..., Api], clock: Clock, visit: Callable[..., Tab]
) -> None:
    """Its runs by status are a bar in their proportions and in words, and it goes on by itself."""
    api = play(outcomes=MIXED)
    number = api.start(scenarios=[101, 102, 103, 104, 105] * 8, name="Forty")["id"]
    clock.now += 62
    tab = visit(api)
    (told,) = api.http.get(STATE).json()["results"]
    words = sorted(f"{count} {status}" for status, count in told["statuses"].items())
    assert len(words) > 3
    assert sorted(tab.texts(".parts span")) == words
    bars = tab.get("[...document.querySelectorAll('.bar i')].map((i) => i.offsetWidth)")
    assert sum(bars) == pytest.approx(tab.get("document.querySelector('.bar').offsetWidth"), abs=9)
    counts = [int(part.split()[0]) for part in tab.texts(".parts span")]
    assert [bar * 40 / sum(bars) for bar in bars] == pytest.approx(counts, abs=0.5)
    cells = tab.texts("#results tbody tr > *")
    assert cells[:5] == [str(number), "Forty", "Voice", "12", "in_progress"]
    assert cells[6:9] == [str(told["passed"]), str(told["failed"]), "40"]
    assert tab.texts("#summary, dd")[0] == "1 result is running"
    assert tab.get("document.title") == "1 running · Cekura sandbox"
    api.end_calls(number)
    tab.until("document.title === 'Cekura sandbox'")
    assert tab.texts("#summary") == ["No results are running"]


def test_requests_with_their_fault_and_bill(visit: Callable[..., Tab]) -> None:
    """The latest comes first; one that was not answered says so, as does one that was refused."""
    with Sandbox(pace=0) as sandbox, Api(sandbox).http as http:
        http.post(VOICE, json={"scenarios": [101, 102]})
        http.get("/none", headers={"X-CEKURA-API-KEY": "wrong"})
        sandbox.faults.add(operation="launch", drop=True, commit=True)
        with pytest.raises(httpx.RemoteProtocolError):
            http.post(VOICE, json={"scenarios": [101]})
        tab = visit(sandbox)
        tab.until("document.querySelectorAll('#requests tbody tr').length === 3")
        cells = [text.strip() for text in tab.texts("#requests tbody td")]
        assert [cells[at : at + 6] for at in (0, 6, 12)] == [
            ["POST", VOICE, "run_voice", "no answer", "1", "drop after commit"],
            ["GET", "/none", "–", "401", "0", "–"],
            ["POST", VOICE, "run_voice", "201", "2", "–"],
        ]
        assert tab.texts(".refused") == ["no answer", "401"]


HOSTILE = [
    "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>",
    "\"'`&amp;</span></td></tr></table><h1>",
    "{{pwned}} ${pwned} javascript:pwned",
    "W" * 255,
    "\u202egnp.exe\u202d \u2067 \u200f",
    "nul\0 bell\a escape\x1b[31m",
    "half a pair \ud800",
    "one\ntwo\r\n\tthree\u2028four\u2029five",
    "a\u0300\u0301\u0302\u0303\u0304\u0305" * 30,
    "   ",
    "\u05e9\u05dc\u05d5\u05dd <b>" * 20,
]
STRANGE = {101: Script(passes_through="<b>\u202e" + "status " * 1500), 102: "passed"}


@pytest.mark.parametrize("width", [360, 1280])
def test_hostile_texts_stay_texts(
    play: Callable[..., Api], clock: Clock, visit: Callable[..., Tab], width: int
) -> None:
    """Names, statuses and paths neither run nor break the layout; a title has them in full."""
    api = play(outcomes=STRANGE)
    for name in ["plain", *HOSTILE]:
        body = json.dumps({"scenarios": [101], "name": name})
        json_type = {"Content-Type": "application/json"}
        assert api.http.post(VOICE, content=body, headers=json_type).is_success
        clock.now += 70
        api.start(scenarios=[102], name="plain")
    clock.now -= 30
    paths = ["/" + "x" * 10_000, "/<script>pwned</script>\u202eabc\0\"'"]
    for path in paths:
        assert api.http.get(quote(path)).status_code == 404
    tab = visit(api, width)
    named = "[...document.querySelectorAll('#results [data-field=name]')].map((e) => {0})"
    names = [text for name in reversed(HOSTILE) for text in ("plain", name)] + ["plain"] * 2
    assert tab.get(named.format("e.textContent")) == names
    assert tab.get(named.format("e.title")) == names
    assert tab.texts("[data-field=path]")[:2] == list(reversed(paths))
    assert tab.get("window.pwned ?? null") is None
    assert tab.get("document.querySelectorAll('script, h1, img, b, tbody').length") == 4
    assert len(set(tab.get(named.format("e.closest('td').clientHeight")))) == 1
    assert fits(tab)


def test_a_strange_status_is_shown(
    play: Callable[..., Api], clock: Clock, visit: Callable[..., Tab]
) -> None:
    """A status that nobody knows counts as running, in stripes instead of a colour."""
    api = play(outcomes={101: Script(passes_through="__proto__")})
    api.start(scenarios=[101])
    clock.now += 45
    tab = visit(api, 360)
    assert tab.texts(".parts span") == ["1 __proto__"]
    assert "gradient" in tab.get("getComputedStyle(document.querySelector('.bar i')).background")
    assert tab.get("document.title") == "1 running · Cekura sandbox"


def test_a_refresh_changes_only_what_is_new(
    play: Callable[..., Api], clock: Clock, visit: Callable[..., Tab]
) -> None:
    """Rows stay the same elements in the same places, and what is as before is not touched."""
    api = play(outcomes=MIXED)
    api.start(scenarios=[101, 102, 103, 104] * 10, name="first")
    tab = visit(api)
    places = """[...document.querySelectorAll('tr, .bar')].map((e) => {
      const box = e.getBoundingClientRect(); return [box.x, box.y, box.width, box.height] })"""
    rows = (
        "['#results', '#requests'].map((id) => document.querySelector(`${id} tbody tr:last-child`))"
    )
    tab.get(f"(lab.rows = {rows}, 0)")
    before = tab.get(places)
    clock.now += 62
    tab.until("document.querySelectorAll('.parts span').length > 3")
    assert tab.get(places) == before
    api.start(scenarios=[101], name="second")
    tab.until("document.querySelectorAll('#results tbody tr').length === 2")
    assert tab.texts("[data-field=name]") == ["second", "first"]
    assert tab.get(f"{rows}.every((row, at) => row === lab.rows[at])")
    tab.get("""(lab.touched = 0, new MutationObserver((all) => lab.touched += all.length).observe(
      document.querySelector('#results'),
      { subtree: true, childList: true, characterData: true, attributes: true }), 0)""")
    api.listed()
    tab.until("document.querySelectorAll('#requests tbody tr').length === 3")
    assert tab.get("lab.touched") == 0


def test_it_shows_the_latest_two_hundred(
    play: Callable[..., Api], visit: Callable[..., Tab]
) -> None:
    """Of more results and requests it shows so many, says so, and takes in new ones at the top."""
    api = play()
    for number in range(210):
        api.start(scenarios=[101], name=f"n {number}")
    tab = visit(api)
    sizes = (
        "['#results', '#requests'].map((id) => document.querySelectorAll(`${id} tbody tr`).length)"
    )
    assert tab.get(sizes) == [200, 200]
    assert "the latest 200 of 210" in tab.texts("#results caption")[0]
    tab.get("(lab.row = document.querySelector('#results tbody tr'), 0)")
    api.start(scenarios=[101], name="<newest>")
    tab.until("document.querySelector('[data-field=name]')?.textContent === '<newest>'")
    assert tab.get("document.querySelectorAll('#results tbody tr')[1] === lab.row")
    assert tab.get(sizes) == [200, 200]


def test_it_asks_once_a_second_and_never_twice_at_once(
    play: Callable[..., Api], visit: Callable[..., Tab]
) -> None:
    """However slow the answers are and however often the tab comes and goes."""
    tab = visit(play())
    tab.get("lab.lag = 200")
    for _ in range(3):
        tab.get("document.dispatchEvent(new Event('visibilitychange'))")
        tab.refresh()
    assert tab.get("lab.most") == 1
    assert set(tab.get("lab.delays")) == {1000}


def test_it_pauses_while_hidden(play: Callable[..., Api], visit: Callable[..., Tab]) -> None:
    """A hidden tab asks nothing; when it is seen again, it asks at once."""
    tab = visit(play())
    turn = """(Object.defineProperty(document, 'hidden', {{ value: {0}, configurable: true }}),
      document.dispatchEvent(new Event('visibilitychange')))"""
    tab.get(turn.format("true"))
    before, after = tab.get("lab.asked"), tab.get("lab.pause(500).then(() => lab.asked)")
    assert before == after
    tab.get(turn.format("false"))
    assert tab.get("lab.asked") == before + 1


def test_the_page_recovers_when_the_server_returns(visit: Callable[..., Tab]) -> None:
    """It says since when nobody answers, asks less and less often, and goes on by itself."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sandbox = Sandbox(port=port, pace=0)
    with sandbox:
        with Api(sandbox).http as http:
            http.post(VOICE, json={"scenarios": [101]})
        tab = visit(sandbox)
        tab.until("document.querySelector('#results tbody tr')")
    tab.until("lab.delays.at(-1) === 10000")
    assert re.fullmatch(
        r"No answer since \d\d:\d\d:\d\d\. Trying again\.", tab.texts("#summary")[0]
    )
    assert tab.get("document.title") == "No answer · Cekura sandbox"
    assert list(dict.fromkeys(tab.get("lab.delays"))) == [1000, 2000, 4000, 8000, 10000]
    assert tab.texts("#results [data-field=name]") == ["Voice run 7001"]
    with sandbox:  # the same as before
        tab.until("document.title === 'Cekura sandbox'")
        assert tab.texts("#summary") == ["No results are running"]
        assert tab.get("lab.delays.at(-1)") == 1000
    with Sandbox(port=port, pace=0) as another, Api(another).http as http:
        http.post(VOICE, json={"scenarios": [101], "name": "another"})
        tab.until("document.querySelector('[data-field=name]')?.textContent === 'another'")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("'', { status: 500 }", "Status 500 since"),
        ("'{}'", "No sandbox since"),
        ("'<html>'", "No sandbox since"),
    ],
)
def test_an_invalid_state_is_reported(
    play: Callable[..., Api], visit: Callable[..., Tab], answer: str, said: str
) -> None:
    """An error, or another server at this port, is told as plainly, and is no script error."""
    tab = visit(play())
    tab.get(f"(lab.fetch = async () => new Response({answer}), 0)")
    tab.until(f"document.querySelector('#summary').textContent.startsWith({said!r})")


CONTRASTS = """(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => { const c = rgb(getComputedStyle(e).backgroundColor);
    return c[3] === 0 ? behind(e.parentElement) : c };
  const texts = document.querySelectorAll('h1, h2, #summary, dt, dd, .aside, th, td, .parts, tbody :not(i)');
  return [...texts].map((e) => {
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => b - a);
    return (a + 0.05) / (b + 0.05);
  });
})()"""


def test_contrast_suffices_in_light_and_dark_mode(
    play: Callable[..., Api], visit: Callable[..., Tab]
) -> None:
    """In both schemes every text stands out from what is behind it, 4.5 to 1 at least."""
    api = play()
    api.start()
    api.refusal(scenarios="x")
    grounds: set[str] = set()
    for scheme in ("light", "dark"):
        tab = visit(api, color_scheme=scheme)
        assert min(tab.get(CONTRASTS)) >= 4.5
        grounds.add(tab.get("getComputedStyle(document.documentElement).backgroundColor"))
    assert len(grounds) == 2


def test_motion_can_be_turned_off(play: Callable[..., Api], visit: Callable[..., Tab]) -> None:
    """The bars move smoothly only for who has not asked for less motion."""
    api = play()
    api.start()
    for wish, seconds in (("no-preference", "0.3s"), ("reduce", "0s")):
        tab = visit(api, reduced_motion=wish)
        style = "getComputedStyle(document.querySelector('.bar i')).transitionDuration"
        assert tab.get(style) == seconds


@pytest.mark.parametrize("width", [360, 1280])
def test_screen_readers_can_read_it(
    play: Callable[..., Api], visit: Callable[..., Tab], width: int
) -> None:
    """Tables are tables with headers at any width, and only the summary speaks up by itself."""
    api = play()
    api.start(scenarios=[101], name="nightly")
    tab = visit(api, width)
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    found = [
        (n["role"]["value"], n.get("name", {}).get("value")) for n in nodes if not n["ignored"]
    ]
    roles = [role for role, _ in found]
    assert [roles.count(role) for role in ("table", "rowheader", "columnheader")] == [2, 1, 16]
    assert {("rowheader", "7001"), ("cell", "nightly"), ("heading", "Results")} <= set(found)
    assert tab.get("document.querySelectorAll('[aria-live], [role=alert], [role=log]').length") == 1
    assert tab.get("document.querySelector('#summary').ariaLive") == "polite"
    assert tab.get("document.documentElement.lang") == "en"
    assert tab.get("[...document.querySelectorAll('th')].every((th) => th.scope)")
    assert tab.get("document.querySelectorAll(':is(table, tr, th, td):not([role])').length") == 0
