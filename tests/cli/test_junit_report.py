"""The JUnit report: what it says of each run, and that whatever reads JUnit XML can read it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from xmlschema import XMLSchema
from xmlschema.validators import XMLSchemaValidationError

from cekura_client import Result, Verdict
from cekura_client.cli.reports.junit import junit
from cekura_client.cli.reports.report import Report
from cekura_client.core.gate import Gate
from cekura_client.core.texts import lines, printable
from tests.cli.support import judged

MADE = datetime(2026, 11, 20, 15, 30, 59, 123456, tzinfo=UTC)
SCHEMA = XMLSchema(str(Path(__file__).with_name("junit.xsd")))
HOSTILE = [
    "<script>alert(1)</script>",
    "]]><failure/><!-- --><![CDATA[ ]]>",
    "</testcase><testcase name='x'/>",
    "\"double\" 'single' &amp; &#0; &lt; &quot;",
    "one\ntwo\r\n\tthree\rfour\x0bfive\x85six\u2028seven",
    "nul\0 bell\a del\x7f c1\x9b",
    "noncharacters \ufffe \uffff \U0001fffe",
    "half \ud800 a \udfff pair",
    "\x1b[31mred\x1b[0m \x1b]8;;http://x\x07",
    "W" * 10_000,
    "\u05e9\u05dc\u05d5\u05dd \u202egnp.exe\u202c \u2067x\u2069",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301",
    "{http://x}name xmlns:x='y' %s {0}",
    " ",
]
# What the server says of a run with each verdict.
RUNS: dict[Verdict, dict[str, Any]] = {
    Verdict.PASSED: {"success": True},
    Verdict.FAILED: {"success": False, "expected_outcome": {"score": 40, "explanation": ["No."]}},
    Verdict.INFRASTRUCTURE: {"status": "failed", "error_message": "SIP 486\nbusy here"},
    Verdict.TIMEOUT: {"status": "timeout"},
    Verdict.CANCELLED: {"status": "canceled"},
    Verdict.UNSCORED: {"success": None},
    Verdict.UNKNOWN: {"status": "brand_new"},
}


def _run(number: int = 1, **fields: Any) -> dict[str, Any]:
    run = {"id": number, "scenario": 101, "scenario_name": "Books a table", "status": "completed"}
    return {**run, "duration": "00:41", **fields}


def _result(*runs: dict[str, Any], **fields: Any) -> Result:
    body = {"id": 7001, "status": "completed", "name": "nightly", "runs": runs, **fields}
    return Result.read(json.dumps(body).encode())


def _report(*results: Result, errors: tuple[str, ...] = (), project: int | None = None) -> Report:
    return judged(results, Gate(), MADE, project, errors)


def _hostile_run(text: str) -> dict[str, Any]:
    """A run that failed, with this text wherever one can be."""
    return _run(
        scenario_name=text,
        success=False,
        duration=text,
        expected_outcome={"score": 3, "explanation": [text]},
        evaluation={"metrics": [{"name": text, "type": "binary", "score": 0, "explanation": ""}]},
    )


def _every_verdict() -> Result:
    return _result(*(_run(number, **run) for number, run in enumerate(RUNS.values(), start=1)))


def _read(report: Report) -> Element:
    """The report as a file has it, valid and parsed."""
    document = junit(report).encode()
    SCHEMA.validate(document)
    return ElementTree.fromstring(document)


def _case(fields: dict[str, Any]) -> Element:
    [case] = _read(_report(_result(_run(**fields)))).findall("testsuite/testcase")
    return case


REPORTS: dict[str, Report] = {
    "every verdict": _report(_every_verdict()),
    "all passed": _report(_result(_run(1, success=True), _run(2, success=True))),
    "no runs": _report(_result()),
    "missing runs": _report(_result(_run(success=True), total_runs_count=5)),
    "nothing but missing runs": _report(_result(total_runs_count=5)),
    "several results": _report(_every_verdict(), _result(id=7002), _result(_run(), id=None)),
    "the same result twice": _report(_every_verdict(), _every_verdict()),
    "nothing at all": _report(),
    "errors only": _report(errors=("refused: scenarios[0]", "<gone>\nfor good")),
    "results and errors": _report(_every_verdict(), errors=("wait broke off",)),
    "a project": _report(_every_verdict(), project=5),
    "no name, no status": _report(_result(_run(scenario_name=None, scenario=None), name="")),
    "ids of 40 digits": _report(_result(_run(id=10**40, scenario=10**40), id=10**40)),
    "runs by their ids": _report(_result(runs={"1": _run()})),
    "2,000 runs": _report(_result(*map(_run, range(2_000)))),
}


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())
def test_a_report_follows_the_strictest_schema(report: Report) -> None:
    """Whatever is in it, also nothing."""
    _read(report)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_server_texts_stay_texts(text: str) -> None:
    """In names, reasons and errors, they never become markup or break the document."""
    root = _read(_report(_result(_hostile_run(text), name=text), errors=(text,)))
    assert {element.tag for element in root.iter()} == {
        *("testsuites", "testsuite", "properties", "property", "testcase"),
        *("failure", "error", "system-out", "system-err"),
    }
    assert [len(suite.findall("testcase")) for suite in root] == [1, 1]


def _in_xml(text: str) -> str:
    """The text with characters replaced that XML cannot contain."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_a_reason_is_whole_and_keeps_its_lines(text: str) -> None:
    """The element contains the server's text, only made harmless."""
    failure = _case(_hostile_run(text)).find("failure")
    assert failure is not None
    assert failure.text == _in_xml(
        f"{lines(f'expected outcome 3 of 100: {text}')}\n{lines(f'metric {text!r} failed')}"
    )


@pytest.mark.parametrize("text", [text for text in HOSTILE if len(text) < 150 and text.strip()])
def test_a_name_says_the_scenario_and_the_ids(text: str) -> None:
    """On one line; the ids make it unique where a scenario runs several times."""
    case = _case({"scenario_name": text, "success": True, "id": 5})
    assert case.get("name") == _in_xml(f"{printable(text)} (scenario 101, run 5)")
    assert case.get("classname") == "result 7001 nightly"


def test_a_long_name_is_cut_in_its_middle() -> None:
    """Its ids stand at the end, and are kept."""
    names = {
        _case({"scenario_name": "W" * 10_000, "id": number}).get("name", "") for number in (5, 6)
    }
    assert len(names) == 2
    assert all(name.startswith("WWW") and len(name) <= 201 for name in names)
    assert all(name.endswith(("(scenario 101, run 5)", "(scenario 101, run 6)")) for name in names)


def test_each_run_is_one_case() -> None:
    """In the order of the answer, even with the same scenario. Without ids nobody can count them."""
    result = _result(_run(2), _run(1), _run(1), _run(1, id=None), _run(1, id=None))
    names = [case.get("name") for case in _read(_report(result)).iter("testcase")]
    numbers = (2, 1, None, None)
    runs = [f"Books a table (scenario 101, run {number})" for number in numbers]
    assert names == [*runs, "result"]


@pytest.mark.parametrize(
    ("verdict", "element", "message", "text"),
    [
        (Verdict.PASSED, None, None, None),
        (
            Verdict.FAILED,
            "failure",
            "failed: expected outcome 40 of 100: No.",
            "expected outcome 40 of 100: No.",
        ),
        (
            Verdict.INFRASTRUCTURE,
            "error",
            "infrastructure: SIP 486 busy here",
            "SIP 486\nbusy here",
        ),
        (Verdict.TIMEOUT, "error", "timeout: status timeout", "status timeout"),
        (Verdict.CANCELLED, "error", "cancelled: status cancelled", "status cancelled"),
        (Verdict.UNKNOWN, "error", "unknown: status brand_new", "status brand_new"),
        (Verdict.UNSCORED, "error", "unscored: status completed", "status completed"),
    ],
)
def test_each_verdict_has_its_element(
    verdict: Verdict, element: str | None, message: str | None, text: str | None
) -> None:
    """Judged and bad: a failure; not tested or not judged: an error; with the reasons."""
    case = _case(RUNS[verdict])
    if element is None:
        assert len(case) == 0
        return
    [found] = case
    assert (found.tag, found.get("type")) == (element, str(verdict))
    assert (found.get("message"), found.text) == (message, text)


def test_all_reasons_are_there_the_first_as_the_message() -> None:
    """A message is one short line; the text has them all, a line or more each."""
    why = "x " * 500
    fields = {
        "success": False,
        "expected_outcome": {"score": 0, "explanation": [why]},
        "evaluation": {
            "metrics": [
                {"name": "Fees", "type": "binary_qualitative", "score": 0, "explanation": "15 €"},
                {"name": "Tone", "type": "binary_qualitative", "score": 0},
                {"name": "Goal", "type": "binary_qualitative", "score": 1},
            ]
        },
    }
    [failure] = _case(fields)
    message = failure.get("message", "")
    assert message.startswith("failed: expected outcome 0 of 100: x x x")
    assert message.endswith(" more characters)")
    assert len(message) < 300
    assert (failure.text or "").split("\n") == [
        f"expected outcome 0 of 100: {why}",
        "metric 'Fees' failed: 15 €",
        "metric 'Tone' failed",
    ]


def _numbers(suite: Element) -> list[str | None]:
    return [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())
def test_the_counts_are_those_of_the_elements(report: Report) -> None:
    """In each suite; readers show whichever they like."""
    for number, suite in enumerate(_read(report)):
        found = [len(suite.findall(f"testcase{path}")) for path in ("", "/failure", "/error")]
        found.append(len(suite.findall("testcase/skipped")))
        assert _numbers(suite) == list(map(str, found))
        assert suite.get("id") == str(number)
        times = [float(case.get("time", "")) for case in suite.findall("testcase")]
        assert float(suite.get("time", "")) == pytest.approx(sum(times))


def test_every_verdict_is_counted_once() -> None:
    """Seven runs: one failure, five errors."""
    [suite] = _read(_report(_every_verdict()))
    assert _numbers(suite) == ["7", "1", "5", "0"]


@pytest.mark.parametrize(
    ("duration", "time"),
    [
        ("00:41", "41.000"),
        ("01:02:03", "3723.000"),
        ("61:00", "3660.000"),
        ("99999999:99999999", "6099999939.000"),
        (f"{'9' * 5_000}:00", "0.000"),
        ("٤:٢", "0.000"),
        ("²:00", "0.000"),
        *((odd, "0.000") for odd in ("", None, "41", "1:2:3:4", "-1:00", "1e5:00", "NaN", 41)),
    ],
)
def test_a_case_takes_the_time_of_its_call(duration: object, time: str) -> None:
    """In seconds; 0 where the server does not say it in a way that can be read."""
    assert _case({"duration": duration, "success": True}).get("time") == time


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (
            _result(_run(success=True), total_runs_count=3),
            "unknown: the server counts 3 runs, but the answer has 1",
        ),
        (
            _result(total_runs_count=3),
            "unknown: the server counts 3 runs, but the answer has 0",
        ),
        (_result(), "unknown: the answer has no runs"),
        (_result(runs=None, status="timeout"), "timeout: the answer has no runs"),
        *(
            (
                _result(_run(success=True), status=status),
                f"{verdict}: all runs that count passed, but the result has status {status}",
            )
            for status, verdict in (
                ("timeout", "timeout"),
                ("cancelled", "cancelled"),
                ("failed", "infrastructure"),
                ("running", "unknown"),
                ("new\x00\x1b[31m\ud800", "unknown"),
            )
        ),
    ],
)
def test_a_failure_that_no_run_shows_has_its_own_case(result: Result, message: str) -> None:
    """Without this case, the report would be green."""
    case = list(_read(_report(result)).iter("testcase"))[-1]
    assert (case.get("name"), case.get("time")) == ("result", "0.000")
    [error] = case
    assert (error.tag, error.get("message")) == ("error", printable(message))


def _red(report: Report) -> list[str | None]:
    """The cases that a CI system shows in red, by their names."""
    cases = _read(report).iter("testcase")
    return [
        c.get("name") for c in cases if c.find("failure") is not None or c.find("error") is not None
    ]


@pytest.mark.parametrize(
    "gate", [Gate(fail_under=0.1), Gate(fail_under=0.1, ignore_infrastructure=True)]
)
def test_nothing_is_red_where_the_criteria_are_met(gate: Gate) -> None:
    """Runs and results that did not pass are skipped, with their reasons."""
    result = _result(
        *(_run(n, **run) for n, run in enumerate(RUNS.values(), 1)), total_runs_count=8
    )
    report = judged((result,), gate, MADE)
    assert report.passes
    assert _red(report) == []
    messages = [each.get("message") for each in _read(report).iter("skipped")]
    assert "failed: expected outcome 40 of 100: No." in messages
    assert "failed: the server counts 8 runs, but the answer has 7" in messages
    assert len(messages) == 7


def test_runs_that_do_not_count_are_skipped() -> None:
    """A report that did not pass never has only skipped cases."""
    gate = Gate(ignore_infrastructure=True)
    some = _result(
        _run(1, success=False), _run(2, **RUNS[Verdict.INFRASTRUCTURE]), _run(3, success=None)
    )
    assert _red(judged((some,), gate, MADE)) == ["Books a table (scenario 101, run 1)"]
    none = _result(_run(2, **RUNS[Verdict.INFRASTRUCTURE]), _run(3, success=None))
    assert _red(judged((none,), gate, MADE)) == ["result"]


def test_a_report_that_does_not_pass_is_red_whatever_the_reason() -> None:
    """If no run and no error shows it, an extra case does."""
    good = _result(_run(success=True))
    assert _red(Report((good,), Gate(), MADE, passes=False)) == ["error 1"]
    assert _red(Report((good,), Gate(), MADE, passes=True)) == []


def test_errors_are_a_suite_of_their_own_behind_the_results() -> None:
    """So that a report with errors is never green; each error is a case, and is whole."""
    results, errors = _read(
        _report(_result(_run(success=True)), errors=("no route\nto host", "y" * 1_000))
    )
    assert _numbers(results) == ["1", "0", "0", "0"]
    assert _numbers(errors) == ["2", "0", "2", "0"]
    assert errors.get("name") == "cekura-run"
    assert [case.get("name") for case in errors.iter("testcase")] == ["error 1", "error 2"]
    first, second = errors.iter("error")
    assert (first.get("message"), first.text) == ("no route to host", "no route\nto host")
    assert second.text == "y" * 1_000


def _properties(suite: Element) -> dict[str | None, str | None]:
    return {each.get("name"): each.get("value") for each in suite.iter("property")}


def test_a_suite_has_the_properties_of_its_result() -> None:
    """Id, status and verdict; the dashboard only where the project is known."""
    [suite] = _read(_report(_every_verdict(), project=5))
    known = {"result_id": "7001", "status": "completed", "verdict": "failed"}
    dashboard = {"dashboard": "https://dashboard.cekura.ai/5/results/7001"}
    assert suite.get("name") == "result 7001 nightly"
    assert _properties(suite) == {**known, **dashboard}
    [suite] = _read(_report(_every_verdict()))
    assert _properties(suite) == known


@pytest.mark.parametrize("hours", [-11, 0, 2, 13])
def test_the_time_is_in_utc(hours: int) -> None:
    """The format has no zone, so all must be in the same."""
    zone = timezone(timedelta(hours=hours))
    report = judged((_every_verdict(),), Gate(), MADE.astimezone(zone))
    [suite] = _read(report)
    assert suite.get("timestamp") == "2026-11-20T15:30:59"


def test_the_report_declares_its_encoding() -> None:
    """The one in which files are written."""
    document = junit(_report())
    assert document.startswith("<?xml version='1.0' encoding='utf-8'?>\n")
    assert document.endswith("\n")


_texts = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cs", "Zl", "Zp", "Cn"]),
        st.sampled_from("<>&'\"]\ufffe\uffff\r\n\t\0"),
    )
)


@settings(max_examples=100)
@given(name=_texts, reason=_texts, error=_texts, duration=_texts)
@example(name="\ufffe", reason="\uffff", error="\0", duration="\ud800:00")
def test_no_text_breaks_the_document(name: str, reason: str, error: str, duration: str) -> None:
    """With any characters, the document is well-formed and valid, and has one case per run."""
    runs = [
        _run(1, scenario_name=name, error_message=reason, duration=duration),
        _run(2, scenario_name=name, status=reason),
        _run(3, success=False, expected_outcome={"score": 1, "explanation": reason}),
    ]
    root = _read(_report(_result(*runs, name=name), errors=(error,)))
    assert [_numbers(suite)[0] for suite in root] == ["3", "1"]


# The rules themselves


def _without_package(root: Element) -> None:
    del root[0].attrib["package"]


def _with_attribute(root: Element) -> None:
    root.set("tests", "7")


def _with_zone(root: Element) -> None:
    root[0].set("timestamp", "2026-11-20T15:30:59Z")


def _with_fraction(root: Element) -> None:
    root[0].set("timestamp", "2026-11-20T15:30:59.123")


def _with_two_verdicts(root: Element) -> None:
    SubElement(root.findall("testsuite/testcase")[1], "error", type="x")


def _with_untyped_failure(root: Element) -> None:
    del root.findall("testsuite/testcase/failure")[0].attrib["type"]


def _with_output_first(root: Element) -> None:
    root[0].insert(0, root[0][-2])
    del root[0][-2]


def _without_properties(root: Element) -> None:
    del root[0][0]


def _with_two_outputs(root: Element) -> None:
    SubElement(root[0], "system-out")


def _with_an_empty_name(root: Element) -> None:
    root[0].set("name", " ")


def _with_grouped_time(root: Element) -> None:
    root[0].set("time", "1,234.5")


def _with_scientific_time(root: Element) -> None:
    root[0][1].set("time", "1e3")


def _without_classname(root: Element) -> None:
    del root[0][1].attrib["classname"]


def _with_a_doubled_id(root: Element) -> None:
    root[1].set("id", root[0].get("id", ""))


def _with_properties_of_a_case(root: Element) -> None:
    SubElement(root[0][1], "properties")


def _with_another_root(root: Element) -> None:
    root.tag = "testsuite"


@pytest.mark.parametrize(
    "damage",
    [
        _without_package,
        _with_attribute,
        _with_zone,
        _with_fraction,
        _with_two_verdicts,
        _with_untyped_failure,
        _with_output_first,
        _without_properties,
        _with_two_outputs,
        _with_an_empty_name,
        _with_grouped_time,
        _with_scientific_time,
        _without_classname,
        _with_a_doubled_id,
        _with_properties_of_a_case,
        _with_another_root,
    ],
)
def test_the_rules_can_be_broken(damage: Callable[[Element], None]) -> None:
    """One thing wrong in a valid report, and the schema refuses it."""
    root = ElementTree.fromstring(junit(_report(_every_verdict(), _every_verdict())))
    SCHEMA.validate(ElementTree.tostring(root))
    damage(root)
    with pytest.raises(XMLSchemaValidationError):
        SCHEMA.validate(ElementTree.tostring(root))
