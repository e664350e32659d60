"""The page of a report: what it says, what it makes of odd answers, what a browser makes of it."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cekura_client import Cekura, Result
from cekura_client.cli.reports.calls import Call, Turn, calls_of, timeline
from cekura_client.cli.reports.html import html
from cekura_client.cli.reports.report import Report
from cekura_client.core.gate import Gate
from cekura_client.sandbox import Outcome, Sandbox, Script
from tests.browser import Browser, Tab, chromium
from tests.cli.support import judged

MADE = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
BEGAN = datetime(2026, 11, 20, 15, 4, 8, tzinfo=UTC)
FEE = {"name": "No invented fees", "type": "binary_qualitative", "score": 0, "explanation": "15 €"}
POLITE = {"name": "Politeness", "type": "continuous_qualitative", "score": 4.5, "explanation": ""}
HOSTILE = [
    "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>",
    "\"'`&amp;</span></td></tr></table></details><h1>",
    "{{ pwned }} {% raw %} javascript:window.pwned=1",
    "W" * 10_000,
    "\u202egnp.exe\u202d \u2067 \u200f",
    "nul\0 bell\a escape\x1b[31m",
    "half a pair \ud800",
    "one\ntwo\r\n\tthree\u2028four\u2029five",
    "a\u0300\u0301\u0302\u0303\u0304\u0305" * 300,
    "\u05e9\u05dc\u05d5\u05dd <b>" * 20,
]


# What is given


def _report(*results: Result, project: int | None = None, **gate: Any) -> Report:
    return judged(results, Gate(**gate), MADE, project)


def _result(*runs: object, **fields: Any) -> Result:
    body = {"id": 7001, "status": "completed", "name": "nightly", "runs": list(runs), **fields}
    return Result.read(json.dumps(body).encode())


def _run(number: int = 1, **fields: Any) -> dict[str, Any]:
    began = (BEGAN + timedelta(seconds=number)).isoformat()
    run = {"id": number, "scenario": 101, "scenario_name": "Books a table", "status": "completed"}
    return {**run, "success": True, "executed_at": began, "duration": "00:41", **fields}


def _hostile(text: str) -> dict[str, Any]:
    """A run that failed, with this text wherever one can be."""
    return _run(
        scenario_name=text,
        status="completed",
        success=False,
        error_message=text,
        duration=text,
        expected_outcome={"score": 3, "explanation": [text, text]},
        evaluation={
            "metrics": [
                {"name": text, "type": f"binary {text}", "score": 0, "explanation": text},
                {"name": text, "type": text, "score": 1e308, "explanation": [text]},
            ]
        },
        transcript_object=[{"role": text, "content": text, "start_time": 1e300}],
    )


def _all_hostile() -> Report:
    odd = [_run(8, duration="99999999:99999999:99999999"), _run(9, id=10**30), 7, None]
    return _report(
        _result(*map(_hostile, HOSTILE), *odd, name=HOSTILE[3], status="completed"),
        _result(_run(), id=10**40, name=HOSTILE[4], status=HOSTILE[0]),
        _result(id=None, status=HOSTILE[3], total_runs_count=10**400),
        project=5,
    )


@pytest.fixture(scope="module")
def played() -> Result:
    """Six runs as the sandbox plays them, one with each verdict that does not need patience."""
    endings = {
        102: Script(outcome=Outcome.FAILED, turns=6, metrics=[FEE, POLITE]),
        103: Script(outcome=Outcome.INFRASTRUCTURE),
        104: Script(outcome=Outcome.TIMEOUT),
        105: Script(outcome=Outcome.CANCELLED),
        106: Script(metrics=[{**POLITE, "score": 2}], seconds=75),
    }
    with (
        Sandbox(pace=0, outcomes=endings) as sandbox,
        Cekura(api_key=sandbox.api_key, base_url=sandbox.url) as cekura,
    ):
        launch = cekura.run_voice(agent_id=12, scenarios=[101, 102, 103, 104, 105, 106])
        return cekura.wait(launch)


class _Parsed(HTMLParser):
    """The parts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")


def _words(report: Report) -> str:
    """Its text, in one line."""
    texts = _Parsed(html(report).partition("</head>")[2]).texts
    return " ".join(" ".join(texts).split())


# What it says


def test_it_shows_the_outcome_of_a_result(played: Result) -> None:
    """The page shows the verdict, the share that passed, each outcome, metric and reason, and transcripts."""
    words = _words(_report(played, project=77))
    for said in [
        "Not passed 2 of 6 runs passed All runs must pass.",
        "33.3 % (2 of 6) Criteria not met",
        "passed 2 33.3 % failed 1 16.6 % infrastructure 1 16.6 % timeout 1 16.6 % cancelled 1",
        "Runs that did not pass (4)",
        "metric 'No invented fees' failed: 15 €",
        "No invented fees binary 1 1 failed",
        "Politeness continuous_qualitative 2 3.25 2 to 4.5",
        "Expected outcome: 50 of 100",
        "Failed metric: No invented fees 15 €",
        "Transcript (6 turns) Main Agent 0:00 Hello, how can I help?",
        "Longest 1:15",
    ]:
        assert said in words
    page = html(_report(played, project=77))
    link = f'href="https://dashboard.cekura.ai/77/results/{played.id}" rel="noreferrer noopener"'
    assert link in page
    assert "dashboard" not in html(_report(played))


def test_a_binary_metric_is_judged_without_a_score() -> None:
    """In the form of v2: whether it was met is what the table says, and a failure is explained."""
    metrics = [
        {"name": "Fees", "eval_type": "binary", "passed": True},
        {"name": "Goal", "eval_type": "binary", "passed": False, "explanation": "Not booked."},
        {"name": "Tone", "eval_type": "binary", "passed": None},
    ]
    words = _words(_report(_result(_run(success=False, evaluation={"metrics": metrics}))))
    for said in (
        "Fees binary 1 none failed",
        "Goal binary 1 1 failed",
        "Tone binary 1 no score",
        "metric 'Goal' failed: Not booked.",
    ):
        assert said in words


def test_it_follows_the_pass_criteria(played: Result) -> None:
    """The page passes exactly if the gate does, and states the criteria."""
    assert "At least 33 % of the runs must pass." in _words(_report(played, fail_under=0.33))
    assert "Criteria met" in _words(_report(played, fail_under=0.33))
    assert "Criteria not met" in _words(_report(played, fail_under=0.34))
    lenient = _words(_report(played, fail_under=0.4, ignore_infrastructure=True))
    assert lenient.startswith("Passed 2 of 6 runs passed At least 40 % of the runs that count")
    assert "40 % (2 of 5) Criteria met" in lenient


def test_nearly_all_is_never_shown_as_all() -> None:
    """A share is never rounded up to 100 %."""
    result = _result(*map(_run, range(2999)), _run(3000, success=False))
    assert "99.9 % (2,999 of 3,000) Criteria not met" in _words(_report(result))


def test_unfinished_results_and_missing_runs_are_marked() -> None:
    """Missing runs count as unknown, and the result shows their number."""
    running = _result(_run(), status="running", total_runs_count=3)
    words = _words(_report(running, _result(id=7002)))
    assert "Result 7001 · nightly unknown status running (not ended)" in words
    assert "missing from the answer: 2" in words
    assert "passed 1 33.3 % unknown 2 66.6 %" in words
    assert "Result 7002 has no runs." in words


def test_a_report_without_results_can_be_rendered() -> None:
    """No result, no runs, no numbers: a page all the same."""
    assert "No results." in _words(_report())
    assert "No runs count" in _words(_report(_result()))


def test_many_runs_are_folded_and_few_are_not() -> None:
    """A table of more than 50 runs starts folded."""
    folded = ["<details>" in html(_report(_result(*map(_run, range(count))))) for count in (50, 51)]
    assert folded == [False, True]


def test_the_worst_runs_come_first_and_all_are_listed() -> None:
    """The first 200 runs that did not pass are explained; the others are in the table only."""
    runs = [_run(number, status="timeout") for number in range(250)]
    page = html(_report(_result(*runs, _run(999, success=False))))
    assert page.count("<article") == 1 + 200
    assert page.index("run <bdi>999</bdi>") < page.index("run <bdi>0</bdi>")
    assert "This section explains the first 200" in page
    assert page.count('<th scope="row">') == 251
    targets = re.findall(r'href="#(run-\d+)"', page)
    assert len(targets) == 200
    assert all(page.count(f'id="{target}"') == 1 for target in targets)


def test_a_page_of_2000_runs_opens() -> None:
    """With long transcripts, the page is still only a few megabytes."""
    turns = [{"role": "Main Agent", "content": "so " * 40, "start_time": at} for at in range(100)]
    bad: dict[str, Any] = {"success": False, "transcript_object": turns}
    result = _result(*(_run(number, **(bad if number % 4 else {})) for number in range(2000)))
    assert len(result.body) > 20_000_000
    assert len(html(_report(result)).encode()) < 8_000_000


# Odd answers


def test_server_texts_never_become_markup() -> None:
    """No markup of theirs, no control characters or overrides; each in its own direction."""
    page = html(_all_hostile())
    page.encode()  # no half pairs
    plain, odd = (_Parsed(html(report)) for report in (_report(_result(_run())), _all_hostile()))
    more = {"a", "details", "summary", "ol", "time", "dd", "dl", "dt", "u"}
    assert odd.tags - plain.tags <= more
    assert set(odd.attributes) - set(plain.attributes) <= {"dir", "href", "rel"}
    links = re.compile(r"#run-\d+|https://dashboard\.cekura\.ai/5/results/\d+")
    assert all(map(links.fullmatch, odd.attributes["href"]))
    assert not re.search("[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", page)
    assert r"<bdi>\u202egnp.exe\u202d \u2067" in page


def test_a_long_name_is_clipped_in_rows_and_whole_in_the_details() -> None:
    """The 10,000 letters are there once for each place that folds them."""
    page = html(_report(_result(_run(scenario_name="W" * 10_000, success=False))))
    assert page.count("W" * 10_000) == 1
    assert "W" * 120 + "… (9,880 more characters)</bdi></h3>" in page


@pytest.mark.parametrize(
    ("given", "turns"),
    [
        (None, ()),
        (7, ()),
        ({"role": "x"}, ()),
        ("", ()),
        ("All of it", (Turn("", "All of it"),)),
        ([], ()),
        ([None, 7, [], {}, {"content": 7}, {"content": " "}], ()),
        (["one"], (Turn("", "one"),)),
        ([{"role": 1, "content": "x", "start_time": "soon"}], (Turn("", "x"),)),
        ([{"role": "A", "content": "x", "start_time": 2}], (Turn("A", "x", 2.0),)),
        ([{"content": "x", "start_time": float("nan")}], (Turn("", "x"),)),
    ],
)
def test_transcripts_of_any_type_are_accepted(given: Any, turns: tuple[Turn, ...]) -> None:
    """Invalid turns are left out."""
    (call,) = calls_of(_result(_run(transcript_object=given)))
    assert call.turns == turns


@pytest.mark.parametrize(
    ("executed", "stamp", "began"),
    [
        ("2026-11-20T15:04:08Z", None, BEGAN),
        (None, "2026-11-20T16:04:08+01:00", BEGAN),
        ("nonsense", "2026-11-20T15:04:08.000Z", BEGAN),
        ("2026-11-20T15:04:08", None, None),
        ("2026-11-20T15:04:08 FOO", None, None),
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", None),
        (1_795_000_000, [], None),
        (None, None, None),
    ],
)
def test_the_start_of_a_call_is_read_from_the_answer(
    executed: Any, stamp: Any, began: datetime | None
) -> None:
    """The time of execution, otherwise the timestamp; implausible times are ignored."""
    (call,) = calls_of(_result(_run(executed_at=executed, timestamp=stamp)))
    assert call.began == began


@pytest.mark.parametrize(
    "shape", [list, lambda runs: {str(9 - at): r for at, r in enumerate(runs)}]
)
def test_each_run_has_its_own_call(shape: Callable[[list[Any]], Any]) -> None:
    """Whether runs are a list or an object, and where an id is missing or stands there twice."""
    lost = [_run(id=None, transcript_object=said) for said in "cd"]
    runs = [_run(5, transcript_object="a"), 7, _run(5, transcript_object="b"), *lost, _run(6)]
    calls = calls_of(_result(runs=shape(runs)))
    assert [call.run.id for call in calls] == [5, None, None, None, 6]
    assert [[t.content for t in call.turns] for call in calls] == [["a"], [], ["c"], ["d"], []]


def test_a_partly_unreadable_answer_is_shown() -> None:
    """If the whole answer cannot be decoded, the page shows what the library could read."""
    body = json.dumps({"id": 1, "status": "completed", "runs": [_run(transcript_object=7)]})
    result = Result.read(body.replace('"transcript_object": 7', f'"x": {"9" * 5000}').encode())
    assert "1 of 1 run passed" in _words(_report(result))


# Time


def _calls(*spans: tuple[float, int]) -> list[Call]:
    runs = [
        _run(
            number,
            executed_at=(BEGAN + timedelta(seconds=begin)).isoformat(),
            duration=f"00:{length:02}",
        )
        for number, (begin, length) in enumerate(spans)
    ]
    return list(calls_of(_result(*runs)))


def test_calls_that_overlap_are_in_different_lanes() -> None:
    """And those that follow each other share one; the axis ends with the last."""
    line = timeline(_calls((0, 40), (10, 20), (30, 30), (40, 60)))
    assert line is not None
    assert (line.began, line.seconds, line.lanes) == (BEGAN, 100, 2)
    assert [(bar.left, bar.width, bar.lane) for bar in line.bars] == [
        (0, 0.4, 0),
        (0.1, 0.2, 1),
        (0.3, 0.3, 1),
        (0.4, 0.6, 0),
    ]
    assert line.marks == [(0.0, "0:00"), (0.3, "0:30"), (0.6, "1:00"), (0.9, "1:30")]


def test_calls_without_a_duration_are_still_visible() -> None:
    """All at one moment, without a duration: next to each other, each with some width."""
    line = timeline(_calls((0, 0), (0, 0)))
    assert line is not None
    assert line.lanes == 2
    assert all(bar.width > 0 for bar in line.bars)


def test_calls_without_a_time_are_counted() -> None:
    """They are not drawn; where no call has one, there is no timeline."""
    lost = [_run(number, executed_at=None) for number in (2, 3)]
    assert "Not shown: 2 runs with an unknown start time." in _words(
        _report(_result(_run(), *lost))
    )
    assert timeline(calls_of(_result(*lost))) is None
    assert "the start times of 2 runs are unknown" in _words(_report(_result(*lost)))


# Anything at all

_TEXT = st.text(max_size=8) | st.sampled_from(["00:41", BEGAN.isoformat(), "binary", *HOSTILE[:3]])
_LEAF = st.none() | st.booleans() | st.integers() | st.floats() | _TEXT
_KEYS = st.sampled_from(
    [
        *("id", "scenario", "scenario_name", "status", "success", "error_message", "duration"),
        *("executed_at", "timestamp", "transcript_object", "expected_outcome", "score"),
        *("evaluation", "explanation", "metrics", "name", "type", "role", "content", "start_time"),
    ]
)
_ANY = st.recursive(
    _LEAF, lambda v: st.lists(v, max_size=3) | st.dictionaries(_KEYS, v), max_leaves=9
)
_RUN = _ANY | st.fixed_dictionaries(
    {"status": st.sampled_from(["completed", "failed", "x"])},
    optional={
        "success": _LEAF,
        "error_message": _ANY,
        "duration": _LEAF,
        "timestamp": _LEAF,
        "transcript_object": _ANY | st.lists(st.dictionaries(_KEYS, _LEAF), max_size=2),
        "evaluation": st.fixed_dictionaries({"metrics": st.lists(st.dictionaries(_KEYS, _LEAF))}),
        "expected_outcome": st.dictionaries(_KEYS, _ANY, max_size=3),
    },
)


@settings(max_examples=100)
@given(
    runs=st.lists(_RUN, max_size=4) | st.dictionaries(st.text(max_size=3), _RUN, max_size=4) | _ANY,
    total=_LEAF,
    status=st.sampled_from(["completed", "running"]),
    fail_under=st.none() | st.floats(0, 1),
    lenient=st.booleans(),
)
def test_any_answer_can_be_rendered(
    runs: Any, total: Any, status: str, fail_under: float | None, lenient: bool
) -> None:
    """Whatever JSON a result consists of, it becomes a page that can be written to a file."""
    result = _result(runs=runs, total_runs_count=total, status=status)
    page = html(_report(result, fail_under=fail_under, ignore_infrastructure=lenient))
    assert page.rstrip().endswith("</html>")
    page.encode()


# What a person sees


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    yield from chromium(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Tab]]:
    """Opens the page of a report; it may load nothing else, and nothing may go wrong in it."""
    with ExitStack() as stack:

        def visit(report: Report, width: int = 1280, scheme: str = "light") -> Tab:
            file = tmp_path / "report.html"
            file.write_text(html(report), "utf-8")
            tab = Tab(browser, file.as_uri(), (width, 740), {"color-scheme": scheme})
            stack.callback(tab.close)
            stack.callback(lambda: complaints.extend(tab.complaints()))
            stack.callback(lambda: asked.extend(tab.events("Network.requestWillBeSent")))
            return tab

        complaints: list[Any] = []
        asked: list[dict[str, Any]] = []
        yield visit
    assert complaints == []
    assert {request["request"]["url"] for request in asked} == {(tmp_path / "report.html").as_uri()}


OPEN = "(document.querySelectorAll('details').forEach((one) => one.open = true), 0)"
# What reaches beyond the window, or beyond the box that would cut it off.
OUTSIDE = """(() => {
  const right = document.documentElement.clientWidth;
  return [document.documentElement.scrollWidth - right,
    ...[...document.querySelectorAll('body :not(svg *)')]
      .filter((e) => e.getBoundingClientRect().right > right + 0.5
        || (e.closest('.box') ?? e).getBoundingClientRect().right < e.getBoundingClientRect().right)
      .map((e) => e.outerHTML.slice(0, 200))];
})()"""


@pytest.mark.parametrize("width", [320, 1280])
def test_hostile_texts_neither_run_nor_break_the_layout(
    visit: Callable[..., Tab], width: int
) -> None:
    """With everything unfolded, nothing has to be scrolled sideways and nothing is cut off."""
    tab = visit(_all_hostile(), width)
    for unfold in ("0", OPEN):
        tab.get(unfold)
        assert tab.get(OUTSIDE) == [0]
    assert tab.get("window.pwned ?? null") is None
    assert tab.get("document.querySelectorAll('script, img, b b, h1').length") == 1
    assert "pwned" in tab.texts("article h3")[3]


@pytest.mark.parametrize("width", [320, 1280])
def test_a_typical_report_fits_the_width(
    visit: Callable[..., Tab], played: Result, width: int
) -> None:
    """At the width of a small phone and of a screen."""
    tab = visit(_report(played, _result(_run(310_001)), project=77), width)
    tab.get(OPEN)
    assert tab.get(OUTSIDE) == [0]


def test_charts_match_their_numbers(visit: Callable[..., Tab], played: Result) -> None:
    """The bar of outcomes and the timeline have the proportions that the words tell."""
    tab = visit(_report(played))
    widths = tab.get("[...document.querySelectorAll('.bar i')].map((i) => i.offsetWidth)")
    assert [width * 6 / sum(widths) for width in widths] == pytest.approx([2, 1, 1, 1, 1], abs=0.1)
    assert len(tab.texts("svg rect")) == 6
    assert tab.texts("svg rect title")[1].startswith("Scenario 102: failed, ")


def test_details_are_folded_on_screen_and_expanded_in_print(
    visit: Callable[..., Tab], played: Result
) -> None:
    """Reasons and transcripts can be seen in print without being opened first."""
    tab = visit(_report(played))
    folded = "[...document.querySelectorAll('details > .inside > *')].map((e) => {0})"
    seen = folded.replace("{0}", "e.checkVisibility() && e.offsetHeight > 0")
    assert set(tab.get(seen)) == {False}
    tab.call("Emulation.setEmulatedMedia", media="print")
    assert set(tab.get(seen)) == {True}
    sheets = _sheets(tab)
    tab.get(OPEN)
    assert sheets == _sheets(tab) > 5


def _sheets(tab: Tab) -> int:
    """On how many small sheets of paper the page is printed."""
    pdf = base64.b64decode(tab.call("Page.printToPDF", paperHeight=3, paperWidth=6)["data"])
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


CONTRASTS = """(() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => { const c = rgb(getComputedStyle(e).backgroundColor);
    return c[3] === 0 ? behind(e.parentElement) : c };
  const texts = [...document.querySelectorAll('body :not(i, u, svg, svg *)')]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
  return texts.map((e) => {
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => b - a);
    return (a + 0.05) / (b + 0.05);
  });
})()"""


def test_contrast_suffices_in_light_and_dark_mode(
    visit: Callable[..., Tab], played: Result
) -> None:
    """In both schemes, each text has a contrast of at least 4.5 to 1."""
    unscored = _result(_run(success=None), _run(status="x", executed_at=None))
    grounds: set[str] = set()
    for scheme in ("light", "dark"):
        tab = visit(_report(played, unscored, project=7), scheme=scheme)
        tab.get(OPEN)
        assert min(tab.get(CONTRASTS)) >= 4.5
        grounds.add(tab.get("getComputedStyle(document.documentElement).backgroundColor"))
    assert len(grounds) == 2


@pytest.mark.parametrize("width", [320, 1280])
def test_screen_readers_can_read_it(visit: Callable[..., Tab], played: Result, width: int) -> None:
    """Landmarks, headings without gaps, tables with headers at any width, a named picture."""
    tab = visit(_report(played, project=7), width)
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert [roles.count(role) for role in ("banner", "main", "contentinfo")] == [1, 1, 1]
    assert roles.count("region") == 6
    assert (roles.count("table"), roles.count("image")) == (2, 1)
    assert roles.count("rowheader") == 6 + len({m.name for r in played.runs for m in r.metrics})
    assert roles.count("columnheader") == (9 if width > 1000 else 7)
    levels = tab.get("[...document.querySelectorAll('h1, h2, h3')].map((h) => +h.tagName[1])")
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert tab.get("[...document.querySelectorAll('th')].every((th) => th.scope)")
    assert tab.get("document.documentElement.lang") == "en"


def test_colour_is_never_the_only_sign(visit: Callable[..., Tab], played: Result) -> None:
    """Each coloured mark is next to the word, and no two verdicts have the same shape."""
    tab = visit(_report(played, _result(_run(success=None), _run(status="x"))))
    marks = tab.get("""[...document.querySelectorAll('.legend .mark')].map((mark) => {
      const style = getComputedStyle(mark);
      return [mark.parentElement.textContent,
        style.clipPath + style.borderRadius + style.borderWidth] })""")
    assert len(marks) == len({shape for _, shape in marks}) == 7
    assert all(word.isalpha() for word, _ in marks)


def test_the_policy_allows_styles_only() -> None:
    """The policy of the page forbids all scripts and resources, and the page needs none."""
    page = html(_all_hostile())
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert [unescape(text) for text in policy] == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not re.findall(r"<script|<link|<img|<iframe|@import|url\(|\son\w+=\"", page)
