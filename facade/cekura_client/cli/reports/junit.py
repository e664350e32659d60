"""JUnit XML, which CI systems show as tests: one test case per run.

JUnit has no standard. The report follows the strictest schema in use (Windy Road's, for Ant), in which a
suite has a host, a time and output, and a test case has one verdict.

The report is red exactly if the exit status is not 0. If the pass criteria are met, runs that did not pass
are skipped, with the reason. If they are not met and no run shows that, an extra case does.
"""

import re
from datetime import UTC
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from cekura_client.cli.reports.report import Report, duration_seconds, is_red, scenario
from cekura_client.core.results import Result
from cekura_client.core.runs import Run
from cekura_client.core.texts import lines, printable, shortened
from cekura_client.core.verdicts import Verdict
from cekura_client.version import VERSION

# Not allowed in XML 1.0, even as references. (Controls and surrogates are already escaped.)
_NOT_XML = re.compile("[\ufffe\uffff]")
# Characters of a name, which is only a label in lists and trees.
_NAME = 200


def junit(report: Report) -> str:
    """The report as JUnit XML. Errors besides the runs are a separate suite."""
    root = Element("testsuites")
    made = report.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for result in report.results:
        suite = _suite(root, _title(result), made)
        for name, value in (
            ("result_id", str(result.id)),
            ("status", result.status),
            ("verdict", result.verdict),
            ("dashboard", report.dashboard(result)),
        ):
            if value:
                _property(suite, name, value)
        for run in result.runs:
            _run(suite, _title(result), run, red=is_red(run, result, report.gate))
        if why := report.explained(result):
            element = "skipped" if report.gate.passes(result) else "error"
            _case(suite, "result", _title(result), 0, element, str(result.verdict), *why)
    errors = list(report.errors)
    if not report.passes and not errors and not _has_red(root):
        errors.append("not passed")
    if errors:
        suite = _suite(root, "cekura-run", made)
        _property(suite, "version", VERSION)
        for number, error in enumerate(errors, start=1):
            _case(suite, f"error {number}", "cekura-run", 0, "error", "error", error)
    for number, suite in enumerate(root):
        _finish(suite, number)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _title(result: Result) -> str:
    return f"result {result.id}" + (f" {result.name}" if result.name else "")


def _suite(root: Element, name: str, made: str) -> Element:
    suite = SubElement(
        root,
        "testsuite",
        name=_label(name),
        package="cekura",
        timestamp=made,
        hostname="localhost",
    )
    SubElement(suite, "properties")
    return suite


def _finish(suite: Element, number: int) -> None:
    """Add the counts, and the elements that must come last."""
    cases = suite.findall("testcase")
    suite.set("id", str(number))
    suite.set("tests", str(len(cases)))
    for attribute, element in (
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        suite.set(attribute, str(len(suite.findall(f"testcase/{element}"))))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
    SubElement(suite, "system-out")
    SubElement(suite, "system-err")


def _property(suite: Element, name: str, value: str) -> None:
    SubElement(suite[0], "property", name=name, value=_text(printable(value)))


def _has_red(root: Element) -> bool:
    return any(root.find(f".//{element}") is not None for element in ("failure", "error"))


def _run(suite: Element, title: str, run: Run, *, red: bool) -> None:
    which = f"scenario {run.scenario}, run {run.id}" if run.scenario_name else f"run {run.id}"
    name = f"{scenario(run)} ({which})"
    reasons = run.reasons or (f"status {run.status or 'unknown'}",)
    element = None
    if run.verdict is not Verdict.PASSED:
        element = "skipped" if not red else "failure" if run.verdict is Verdict.FAILED else "error"
    took = duration_seconds(run.duration) or 0
    _case(suite, name, title, took, element, str(run.verdict), *reasons)


def _case(
    suite: Element, name: str, title: str, took: int, element: str | None, kind: str, *why: str
) -> None:
    case = SubElement(
        suite, "testcase", name=_label(name), classname=_label(title), time=f"{took:.3f}"
    )
    if element is not None:
        first = _text(shortened(printable(why[0]), _NAME))
        message = first if kind == "error" else f"{kind}: {first}"
        verdict = SubElement(case, element, type=kind, message=message)
        verdict.text = "\n".join(_text(lines(reason)) for reason in why)


def _label(text: str) -> str:
    # Keeps the end, which has the ids that make it unique.
    clean = _text(printable(text))
    return clean if len(clean) <= _NAME else f"{clean[: _NAME // 2]}…{clean[-_NAME // 2 :]}"


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
