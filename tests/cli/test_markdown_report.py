"""The Markdown report, as a renderer understands it: its structure, and that texts stay texts."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cekura_client import Result
from cekura_client.cli.reports.markdown import markdown
from cekura_client.cli.reports.report import Report
from cekura_client.core.gate import Gate
from cekura_client.core.texts import printable, shortened
from tests.cli.support import judged

MADE = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
# With what GitHub adds to CommonMark, but for its own links.
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = [
    "<script>alert(1)</script> <img src=x onerror=alert(1)>",
    "<!-- a comment that never ends",
    "<details><summary>",
    "[click](https://evil.example)",
    "![pixel](https://evil.example/p.png)",
    "](javascript:alert(1)) [x](javascript:alert(1)",
    "[a]: https://evil.example 'a reference' [a]",
    "<https://evil.example> <me@evil.example>",
    "https://evil.example www.evil.example me@evil.example",
    "`code` ``more`` ```fenced ~~~",
    "a | b | c\n|---|---|\n| 1 | 2 |",
    "# heading",
    "## ## heading ##",
    "- item\n- item",
    "* item",
    "+ item",
    "1. item",
    "2) item",
    "> quoted",
    "---",
    "===",
    "***bold*** __bold__ ~~gone~~ _i_",
    "- [x] done",
    "@octocat @org/team #123 octocat/repo#1 :tada:",
    "&lt;b&gt; &amp; &#0; &#x41; &copy",
    "one\ntwo\n\nthree\r\n\tfour",
    "    indented code",
    "two blanks at the end  \nand a backslash\\\nthen more\\",
    "\\*escaped\\* \\\\",
    "nul\0 bell\a esc\x1b[31m del\x7f",
    "half \ud800 a \udfff pair \ufffe",
    "W" * 10_000,
    "*" * 10_000,
    "<b>" * 3_000,
    "\u05e9\u05dc\u05d5\u05dd \u202egnp.exe\u202c \u2067x\u2069",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 日本語",
    "[^1] [^1]: a footnote",
    "$x$ $$y$$ ```math",
    "{{ x }} ${{ secrets.KEY }} %0A::error::x",
    "::set-output name=a::b",
]
# What a report is made of; there is nothing else in it, whatever it tells.
BLOCKS = {
    *("heading", "paragraph", "bullet_list", "list_item"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
INLINE = {"text", "strong", "link"}


def _report(*results: Result, project: int | None = None, **more: Any) -> Report:
    gate = Gate(more.pop("fail_under", None), more.pop("ignore_infrastructure", False))
    return judged(results, gate, MADE, project, **more)


def _result(*runs: dict[str, Any], **fields: Any) -> Result:
    body = {"id": 7001, "status": "completed", "name": "nightly", "runs": runs, **fields}
    return Result.read(json.dumps(body).encode())


def _run(number: int = 1, **fields: Any) -> dict[str, Any]:
    run = {"id": number, "scenario": 101, "scenario_name": "Books a table", "status": "completed"}
    return {**run, "success": False, "duration": "00:41", "error_message": "", **fields}


def _good(number: int = 1) -> dict[str, Any]:
    return _run(number, success=True)


def _text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ()).replace("@\u200b", "@")


def _kind(token: Token) -> str:
    return token.type.removesuffix("_open").removesuffix("_close")


def _shown(text: str, most: int) -> str:
    """A text as it should come out; the mark in a mention is not seen."""
    return shortened(printable(text), most).replace("@\u200b", "@")


def _outline(report: Report) -> list[tuple[str, str]]:
    """The blocks of a report with their texts: headings and items by their depth, rows by cells."""
    return list(_blocks(PARSER.parse(markdown(report))))


def _blocks(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    depth = 0
    around: list[str] = []
    cells: list[str] = []
    for token in tokens:
        if token.type == "inline":
            assert {_kind(child) for child in token.children or ()} <= INLINE
            if around[-1] in ("th", "td"):
                cells.append(_text(token))
            elif depth:
                yield f"item {depth}", _text(token)
            else:
                yield around[-1], _text(token)
            continue
        assert _kind(token) in BLOCKS
        depth += token.nesting * (token.type.startswith("bullet_list"))
        if token.nesting > 0:
            around.append(token.tag if token.type == "heading_open" else _kind(token))
        else:
            around.pop()
        if token.type == "tr_close":
            yield "row", " | ".join(cells)
            cells = []
    assert not around


def _links(report: Report) -> list[str | int | float | None]:
    return [
        child.attrGet("href")
        for token in PARSER.parse(markdown(report))
        for child in token.children or ()
        if child.type == "link_open"
    ]


# Structure


def test_a_report_that_passed_is_short() -> None:
    """How it went, the result, a table of its verdicts."""
    assert _outline(_report(_result(_good(1), _good(2)))) == [
        ("h2", "Cekura: passed, 100 % of the runs"),
        ("h3", "Result 7001 nightly"),
        ("paragraph", "passed (completed), 2 of 2 runs passed."),
        ("row", "verdict | runs"),
        ("row", "passed | 2"),
    ]


def test_runs_that_did_not_pass_have_a_bullet_each_with_their_reasons_below() -> None:
    """In the order of the answer; verdicts the worst first; runs that passed only as a number."""
    metrics = [{"name": "Fees", "type": "binary_qualitative", "score": 0, "explanation": "15 €"}]
    runs = [
        _good(1),
        _run(2, evaluation={"metrics": metrics}, expected_outcome={"score": 40}),
        _run(3, status="failed", error_message="SIP 486\nbusy", duration=None),
        _run(4, status="timeout"),
        _run(5, status="canceled"),
        _run(6, success=None, scenario_name="Refund"),
        _run(7, status=None),
        _good(8),
    ]
    assert _outline(_report(_result(*runs, total_runs_count=10))) == [
        ("h2", "Cekura: not passed, 20 % of the runs"),
        ("h3", "Result 7001 nightly"),
        ("paragraph", "failed (completed), 2 of 10 runs passed."),
        ("paragraph", "the server counts 10 runs, but the answer has 8"),
        ("row", "verdict | runs"),
        ("row", "failed | 1"),
        ("row", "infrastructure | 1"),
        ("row", "timeout | 1"),
        ("row", "cancelled | 1"),
        ("row", "unscored | 1"),
        ("row", "unknown | 1"),
        ("row", "passed | 2"),
        ("row", "missing from the answer | 2"),
        ("item 1", "failed: run 2, scenario 101 Books a table, 00:41"),
        ("item 2", "expected outcome 40 of 100"),
        ("item 2", "metric 'Fees' failed: 15 €"),
        ("item 1", "infrastructure: run 3, scenario 101 Books a table"),
        ("item 2", "SIP 486 busy"),
        ("item 1", "timeout: run 4, scenario 101 Books a table, 00:41"),
        ("item 2", "status timeout"),
        ("item 1", "cancelled: run 5, scenario 101 Books a table, 00:41"),
        ("item 2", "status cancelled"),
        ("item 1", "unscored: run 6, scenario 101 Refund, 00:41"),
        ("item 2", "status completed"),
        ("item 1", "unknown: run 7, scenario 101 Books a table, 00:41"),
        ("item 2", "status unknown"),
    ]


def test_results_and_errors_follow_each_other() -> None:
    """Errors come first, because the results below them are incomplete."""
    report = _report(
        _result(_good()), _result(id=7002, name="", status=""), errors=("no route\nto host", "gone")
    )
    assert _outline(report) == [
        ("h2", "Cekura: not passed"),
        ("paragraph", "Error: no route to host"),
        ("paragraph", "Error: gone"),
        ("h3", "Result 7001 nightly"),
        ("paragraph", "passed (completed), 1 of 1 runs passed."),
        ("row", "verdict | runs"),
        ("row", "passed | 1"),
        ("h3", "Result 7002"),
        ("paragraph", "unknown (no status), 0 of 0 runs passed."),
        ("paragraph", "the answer has no runs"),
    ]


def test_a_report_without_launch_has_no_rate() -> None:
    """And it has not passed."""
    assert _outline(_report(errors=("refused",))) == [
        ("h2", "Cekura: not passed"),
        ("paragraph", "Error: refused"),
    ]
    assert _outline(_report()) == [("h2", "Cekura: not passed")]


def test_the_gate_decides_and_counts() -> None:
    """The heading says whether the criteria are met; each result has its own verdict."""
    runs = [*map(_good, range(19)), _run(20), _run(21, status="failed", error_message="SIP 486")]
    outline = _outline(_report(_result(*runs), fail_under=0.95, ignore_infrastructure=True))
    assert outline[0] == ("h2", "Cekura: passed, 95 % of the runs")
    assert outline[2] == ("paragraph", "failed (completed), 19 of 20 runs passed.")
    assert ("row", "infrastructure | 1") in outline


def test_an_item_is_marked_by_its_verdict() -> None:
    """The verdict is bold, so that readers find it in a long list; nothing else is bold."""
    source = markdown(_report(_result(_run(), _run(2, status="timeout"))))
    strong = re.findall(r"\*\*(.*?)\*\*", source)
    assert strong == ["failed", "failed", "timeout"]


@pytest.mark.parametrize(("bad", "shown"), [(99, 99), (100, 100), (101, 100), (2_000, 100)])
def test_a_long_list_is_cut_and_says_by_how_much(bad: int, shown: int) -> None:
    """The report lists a hundred runs; the table counts all."""
    outline = _outline(_report(_result(*map(_run, range(bad)))))
    assert sum(kind == "item 1" for kind, _ in outline) == shown
    assert ("row", f"failed | {bad:,}") in outline
    more = [text for kind, text in outline[3:] if kind == "paragraph"]
    assert more == ([f"and {bad - 100:,} more that did not pass"] if bad > 100 else [])


@pytest.mark.parametrize(
    ("project", "result_id", "links"),
    [
        (5, 7001, ["https://dashboard.cekura.ai/5/results/7001"]),
        (None, 7001, []),
        (5, None, []),
    ],
)
def test_the_dashboard_is_linked_where_its_address_is_known(
    project: int | None, result_id: int | None, links: list[str]
) -> None:
    """The project is part of it."""
    report = _report(_result(_run(), id=result_id), project=project)
    assert _links(report) == links
    assert (("paragraph", "Dashboard") in _outline(report)) is bool(links)


# Texts of the server


def _hostile(text: str, project: int | None = None) -> Report:
    """This text wherever one can be."""
    run = _run(
        scenario_name=text,
        duration=text,
        expected_outcome={"score": 3, "explanation": [text]},
        evaluation={"metrics": [{"name": text, "type": "binary", "score": 0, "explanation": ""}]},
    )
    result = _result(run, _run(2, status=text), name=text)
    return _report(result, project=project, errors=(text,))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_texts_come_out_as_their_own_text(text: str) -> None:
    """The rest of the report is the same as with a harmless text."""
    name = _shown(text, 80)
    outline = _outline(_hostile(text))
    assert outline[:4] == [
        ("h2", "Cekura: not passed"),
        ("paragraph", f"Error: {_shown(text, 2_000)}"),
        ("h3", f"Result 7001 {name}"),
        ("paragraph", "failed (completed), 0 of 2 runs passed."),
    ]
    assert outline[4:7] == [
        ("row", "verdict | runs"),
        ("row", "failed | 1"),
        ("row", "unknown | 1"),
    ]
    outcome, metric = f"expected outcome 3 of 100: {text}", f"metric {text!r} failed"
    status = f"status {text.strip().lower()}"
    assert outline[7:] == [
        ("item 1", f"failed: run 1, scenario 101 {name}, {name}"),
        ("item 2", _shown(outcome, 300)),
        ("item 2", _shown(metric, 300)),
        ("item 1", "unknown: run 2, scenario 101 Books a table, 00:41"),
        ("item 2", _shown(status, 300)),
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_texts_make_no_link(text: str) -> None:
    """The only address in a report is that of the dashboard."""
    assert _links(_hostile(text)) == []
    assert _links(_hostile(text, project=5)) == ["https://dashboard.cekura.ai/5/results/7001"]


@pytest.mark.parametrize("text", ["https://evil.example", "www.evil.example", "me@evil.example"])
def test_what_renderers_make_links_of_by_themselves_is_broken_up(text: str) -> None:
    """GitHub searches the text for addresses; a backslash inside one ends the search."""
    source = markdown(_hostile(text))
    assert text not in source
    assert not re.search(r"(?<!\\)[:@]//|www\.|\w@\w", source)


def test_a_hostile_status_of_the_result_stays_text() -> None:
    """The report shows the status as the server sent it, in lower case."""
    outline = _outline(_report(_result(status="<B>|[x](y)\n# done")))
    assert outline[2] == ("paragraph", "unknown (<b>|[x](y) # done), 0 of 0 runs passed.")


_texts = st.text(
    st.one_of(
        st.sampled_from("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \n\r\t\0"),
        st.characters(),
        st.characters(categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf"]),
    )
)
_named = _texts.filter(lambda text: bool(text.strip()))


@settings(max_examples=200)
@given(name=_named, reason=_named, error=_named)
@example(name="\u200b", reason="\\", error="\ufeff")
def test_no_text_changes_the_structure(name: str, reason: str, error: str) -> None:
    """Whatever the characters, they are text at their own place, and can be written as UTF-8."""
    report = _report(
        _result(_run(scenario_name=name, error_message=reason), name=name), errors=(error,)
    )
    shown = _shown(name, 80)
    assert _outline(report) == [
        ("h2", "Cekura: not passed"),
        ("paragraph", f"Error: {_shown(error, 2_000)}"),
        ("h3", f"Result 7001 {shown}"),
        ("paragraph", "infrastructure (completed), 0 of 1 runs passed."),
        ("row", "verdict | runs"),
        ("row", "infrastructure | 1"),
        ("item 1", f"infrastructure: run 1, scenario 101 {shown}, 00:41"),
        ("item 2", _shown(reason.strip(), 300)),
    ]
    assert markdown(report).encode()


def test_nobody_is_mentioned() -> None:
    """Where GitHub would, for which it looks when the Markdown is gone, a mark stands between."""
    report = _report(_result(_run(error_message="ask @octocat or @org/team, not a@b")))
    assert "@\u200boctocat or @\u200borg/team, not a@\u200bb" in markdown(report).replace("\\", "")


def test_a_share_is_never_rounded_up() -> None:
    """Only all is 100 %."""
    runs = [*map(_good, range(2_999)), _run(3_000)]
    assert _outline(_report(_result(*runs)))[0] == (
        "h2",
        "Cekura: not passed, 99.9 % of the runs",
    )


def test_many_reasons_results_and_errors_fit_into_a_megabyte() -> None:
    """Whatever there is many of."""
    metric = {"name": "*" * 10_000, "type": "binary", "score": 0}
    failed = {"metrics": [{**metric, "explanation": "😀" * 999 + str(n)} for n in range(9)]}
    runs = [_run(number, evaluation=failed) for number in range(50)]
    report = _report(*[_result(*runs)] * 9, errors=("<" * 10_000,) * 99)
    source = markdown(report)
    assert len(source.encode()) < 1_000_000
    assert "and 4 more" in source
    assert source.count("and 50 more that did not pass") == 7


@pytest.mark.parametrize("long", ["x" * 10_000, "words and more " * 1_000, "é" * 10_000])
def test_two_thousand_long_failures_fit_into_a_megabyte(long: str) -> None:
    """More GitHub does not take for the summary of a step."""
    why = {
        "error_message": long,
        "expected_outcome": {"score": 0, "explanation": [f"{long}."]},
        "evaluation": {"metrics": [{"name": "Fees", "type": "binary", "score": 0}]},
    }
    runs = [_run(number, scenario_name=long, **why) for number in range(2_000)]
    report = _report(_result(*runs, name=long), errors=(long,))
    assert len(markdown(report).encode()) < 1_000_000
