"""Let Schemathesis look for requests that the sandbox answers otherwise than the document says.

Usage: python -m scripts.against_schemathesis [--seed N] [--examples N]

Needs the package index, to install Schemathesis into a virtual environment that is gone afterwards.
It makes valid and invalid requests for every operation of openapi/client.yaml, and follows a start
to its result. Its checks are all on, with what it expects by default: no error of the server; status,
media type, headers and body of each answer as documented; what is valid accepted, what is invalid
refused; no answer without the key; 405 and `Allow` where there is no such method.

It is run three times. As published, and once more with an empty balance: what it finds then must be
exactly DEPARTURES, each of them at least once. And with the document amended by these: then nothing
may be found, other than valid requests that a rule in RULES refuses. A departure hides whatever else
is wrong with the same answer; that is what the amended document is for.

Ends with 0 if all is as it should be, with 1 if not, with 2 if it could not be found out.
"""

import argparse
import base64
import copy
import json
import logging
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import field, frozen

from cekura_client.sandbox import Agent, Project, Sandbox, Scenario, State
from scripts.documents import OPENAPI, Document
from scripts.processes import ToolError, finished, running
from scripts.serialization import read

VERSION = "4.32.5"
_DOCUMENT = OPENAPI / "client.yaml"
_JSON = "application/json"
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")

_SCENARIOS = "/test_framework/v1/scenarios/"
_VOICE, _VAPI = f"{_SCENARIOS}run_scenarios/", f"{_SCENARIOS}run_scenarios_vapi_webrtc/"
_WEBSOCKET = f"{_SCENARIOS}run_scenarios_with_websockets/"
_STARTS = (_VOICE, _WEBSOCKET, _VAPI)
_LIST, _RESULT = "/test_framework/v2/results/", "/test_framework/v2/results/{id}/"
_END = "/test_framework/v1/results/{id}/end_calls/"

_STATUS, _BODY = "UndefinedStatusCode", "JsonSchemaError"
_REFUSED, _ACCEPTED = "RejectedPositiveData", "AcceptedNegativeData"


@frozen
class Finding:
    """A check that failed: for which operation, what of, and on which answer to what."""

    path: str
    kind: str
    message: str
    status: int | None
    answer: Any
    sent: Any = field(repr=False)

    def __str__(self) -> str:
        wanted = ("method", "path", "path_parameters", "query", "media_type", "body")
        sent = {name: self.sent[name] for name in wanted if self.sent.get(name) is not None}
        return (
            f"{self.kind}: {' '.join(self.message.split())[:200]}\n"
            f"      sent    {json.dumps(sent)[:1000]}\n"
            f"      answer  {self.status} {json.dumps(self.answer)[:300]}"
        )


@frozen
class Departure:
    """Where an answer is not what the document says, and why it is right all the same."""

    paths: Sequence[str]
    what: str
    why: str
    explains: Callable[[Finding], bool]
    amend: Callable[[Any], None]  # the operation in the document


def _undocumented(paths: Sequence[str], status: int, why: str, body: Any) -> Departure:
    def explains(finding: Finding) -> bool:
        # To Schemathesis a balance is part of no request: 402 is a valid request refused.
        kinds = (_STATUS, _REFUSED) if status == 402 else (_STATUS,)
        return finding.status == status and finding.kind in kinds

    def amend(operation: Any) -> None:
        content = {"application/json": {"schema": body}}
        operation["responses"][str(status)] = {"description": why, "content": content}

    return Departure(paths, f"answers {status}, which is not listed", why, explains, amend)


_MESSAGES = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_FIELDS = {"type": "object", "additionalProperties": _MESSAGES, "minProperties": 1}
_DETAIL = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}

DEPARTURES = (
    _undocumented(
        [*_STARTS, _LIST, _RESULT, _END], 401, "the document wants a key for all of them", _DETAIL
    ),
    _undocumented(
        _STARTS, 402, "a balance too low is refused with 402 before any run starts", _DETAIL
    ),
    _undocumented(
        [_LIST], 400, "the API names the fields at fault with 400, as the starts document", _FIELDS
    ),
    _undocumented(
        [_LIST], 404, "there is no such page; the API says so of everything that is not", _DETAIL
    ),
)


@frozen
class Rule:
    """A refusal of what the schemas allow: its message, and who says that it is right."""

    paths: Sequence[str]
    message: str
    why: str

    def covers(self, path: str, message: str) -> bool:
        return path in self.paths and re.fullmatch(self.message, message, re.DOTALL) is not None


RULES = (
    Rule(
        [_VOICE],
        r"(scenarios|tags|folder_path): Give exactly one of scenarios, tags and folder_path\.",
        "the description says to pick one",
    ),
    Rule([_LIST], r"page(_size)?: Must be at least 1\.", "there is no such page"),
    Rule([_VOICE], r"project_id: Needed to find a folder\.", "the schema's descriptions say so"),
    Rule([_VOICE], r"(scenarios|folder_path): There is no folder .*\.", "there is nothing to run"),
    Rule(
        [_VOICE],
        r"agent_id: Needed to choose scenarios by number or all\.",
        "the renderings of the page that allow these say so",
    ),
    Rule([_VOICE], r"Invalid personalities provided\.", "the description says so"),
    Rule(_STARTS, r"(scenarios|tags): This selects no scenario\.", "there is nothing to run"),
    Rule(
        _STARTS,
        r"frequency: This would be .* runs; the sandbox plays at most 20000\.",
        "the sandbox's own limit, so that a mistake does not exhaust the machine",
    ),
    Rule([_VAPI], r"frequency: Must be at least 1\.", "scenarios × frequency is no run then"),
    Rule(
        [_WEBSOCKET],
        r"scenarios\[\d+\]\.websocket_url: Must start with ws:// or wss://\.",
        "the description of the field says so",
    ),
    Rule([_VOICE, _VAPI], r"name: Must have at most 255 characters\.", "the API keeps no more"),
)


def _messages(answer: Any) -> Iterator[str]:
    """Each message of a refusal, with its field where it has one."""
    if isinstance(answer, list):
        yield from map(str, answer)
    elif isinstance(answer, dict):
        fields = answer.get("errors", answer)
        for name, messages in fields.items():
            listed = messages if isinstance(messages, list) else [messages]
            yield from (f"{name}: {message}" for message in listed)


def _rules(finding: Finding) -> list[str]:
    """What explains the refusal of a valid request; nothing if a part of it is not explained."""
    if (finding.kind, finding.status) != (_REFUSED, 400):
        return []
    found: list[str] = []
    for message in _messages(finding.answer):
        rules = [rule.message for rule in RULES if rule.covers(finding.path, message)]
        if not rules:
            return []
        found.append(rules[0])
    return found


# What Schemathesis did


@frozen
class Report:
    """One run of it: how many requests of which kind, and what failed."""

    cases: Counter[str]  # by phase, by mode, and by operation
    findings: list[Finding]
    problems: list[str]  # what kept it from looking


def _decoded(content: Any) -> Any:
    raw = base64.b64decode(content["$base64"]) if content else b""
    text = raw.decode("utf-8", errors="replace")
    with suppress(ValueError):
        return json.loads(text)
    return text


def _report(folder: Path) -> Report:
    report = Report(Counter(), [], [])
    with (folder / "events.ndjson").open(encoding="utf-8") as lines:
        events = [event for line in lines for event in json.loads(line).items()]
    for name, event in events:
        if name == "ScenarioFinished":
            _read_scenario(event, report)
        elif "Error" in name or name == "Interrupted":
            report.problems.append(json.dumps(event)[:1000])
    if "EngineFinished" not in dict(events):
        report.problems.append("it did not come to its end")
    return report


def _read_scenario(event: Any, report: Report) -> None:
    recorder = event["recorder"]
    for number, case in recorder.get("cases", {}).items():
        sent = case["value"]
        mode = sent["meta"]["generation"]["mode"] if sent.get("meta") else "other"
        report.cases.update([event["phase"], mode, f"{sent['method']} {sent['path']}", "all"])
        interaction = recorder.get("interactions", {}).get(number) or {}
        answer = interaction.get("response") or {}
        for check in recorder.get("checks", {}).get(number, []):
            if check["status"] != "success":
                failure = check["failure_info"]["failure"]
                report.findings.append(
                    Finding(
                        sent["path"],
                        failure["type"],
                        f"{failure['title']}: {failure['message']}",
                        answer.get("status_code"),
                        _decoded(answer.get("content")),
                        sent,
                    )
                )


@frozen
class Schemathesis:
    """One that is installed in a folder."""

    folder: Path
    seed: int

    def look(self, document: Path, credits: float, examples: int, phases: str) -> Report:
        """What it finds in a new sandbox with this balance."""
        agent = Agent(12, scenarios=(Scenario(101, "", "Sales.Inbound", ("smoke",)), Scenario(102)))
        # Open, as a valid id is any number here.
        state = State(projects=(Project(1376, agents=(agent,)),), credits=credits, open=True)
        with Sandbox(pace=0, state=state) as sandbox:
            command = [str(self.folder / "venv/bin/python"), "-I", "-m", "schemathesis.cli", "run"]
            command += [str(document), "--url", sandbox.url, "--phases", phases]
            command += ["--header", f"X-CEKURA-API-KEY: {sandbox.api_key}"]
            command += ["--seed", str(self.seed), "--max-examples", str(examples), "--no-shrink"]
            command += ["--generation-database", "none", "--continue-on-failure", "--no-color"]
            command += ["--report-ndjson-path", str(self.folder / "events.ndjson")]
            self._run(command)
        return _report(self.folder)

    def _run(self, command: list[str]) -> None:
        with running(command, self.folder, env={}) as (process, log):
            with suppress(subprocess.TimeoutExpired):
                process.wait(600)
            if process.returncode not in (0, 1):  # 1: it found something
                printed = log.read_text("utf-8", errors="replace")
                raise ToolError(f"schemathesis ended with {process.returncode}:\n{printed}")


def _installed(folder: Path, seed: int) -> Schemathesis:
    finished([sys.executable, "-m", "venv", "venv"], folder)
    pip = [str(folder / "venv/bin/python"), "-I", "-m", "pip", "install", "--no-cache-dir"]
    finished([*pip, "--disable-pip-version-check", f"schemathesis=={VERSION}"], folder)
    return Schemathesis(folder, seed)


# What is to be thought of it


def _published(folder: Path) -> Path:
    """The document with the one way to authorise a request that the sandbox knows."""
    return _written(folder / "published.json", _with_the_key())


def _with_the_key() -> Document:
    document: Document = read(_DOCUMENT)
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["security"] = [{"api_key": []}]
    return document


def _written(file: Path, document: Document) -> Path:
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def _amended(folder: Path) -> Path:
    document = _with_the_key()
    for departure in DEPARTURES:
        for path in departure.paths:
            for operation in document["paths"][path].values():
                departure.amend(operation)
    # The sandbox takes what the other renderings of the page allow: no invalid requests.
    voice = document["paths"][_VOICE]["post"]["requestBody"]["content"][_JSON]
    name = voice["schema"]["$ref"].rpartition("/")[2]
    voice["schema"] = copy.deepcopy(document["components"]["schemas"][name])
    fields = voice["schema"]["properties"]
    fields["scenarios"] = {"anyOf": [fields["scenarios"], {"type": ["integer", "string"]}]}
    return _written(folder / "amended.json", document)


def _taken_from_other_renderings(finding: Finding) -> bool:
    body = finding.sent.get("body")
    given = body.get("scenarios") if isinstance(body, dict) else None
    is_shorthand = type(given) in (int, str)
    return finding.path == _VOICE and finding.kind == _ACCEPTED and is_shorthand


def _has_an_integer_as_text(finding: Finding) -> bool:
    """The sandbox takes it, as the API takes it from the vendor's own Action."""
    return finding.kind == _ACCEPTED and any(
        map(_INTEGER.fullmatch, _texts(finding.sent.get("body")))
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


@frozen
class Verdict:
    """The findings that nothing explains, and how often what explains the others was met."""

    unexplained: list[Finding]
    departures: Counter[tuple[str, str]]
    rules: Counter[str]


def _judged(report: Report) -> Verdict:
    verdict = Verdict([], Counter(), Counter())
    for finding in report.findings:
        departures = [
            (departure.what, finding.path)
            for departure in DEPARTURES
            if finding.path in departure.paths and departure.explains(finding)
        ]
        rules = _rules(finding)
        verdict.departures.update(departures)
        verdict.rules.update(set(rules))
        other = _taken_from_other_renderings(finding) or _has_an_integer_as_text(finding)
        if not departures and not rules and not other:
            verdict.unexplained.append(finding)
    return verdict


def _show(title: str, report: Report, verdict: Verdict, seconds: float) -> bool:
    cases = report.cases
    kinds = ", ".join(f"{number} {name}" for name, number in cases.items() if " " not in name)
    print(f"\n{title}: {cases['all']} cases in {seconds:.0f} s ({kinds})")
    for operation in _operations():
        print(f"  {cases[operation]:6} {operation}")
    shown: set[object] = set()
    for finding in verdict.unexplained:
        # One for each thing that was said about an operation.
        same = (finding.path, finding.kind, finding.status, *_messages(finding.answer))
        if same not in shown:
            print(f"FAIL  {finding}")
        shown.add(same)
    for problem in report.problems:
        print(f"FAIL  {problem}")
    tried = "coverage" not in cases or all(cases[operation] for operation in _operations())
    if not tried:
        print("FAIL  not every operation was tried")
    return tried and not verdict.unexplained and not report.problems


def _operations() -> list[str]:
    paths = read(_DOCUMENT)["paths"].items()
    return [f"{method.upper()} {path}" for path, item in paths for method in item]


def _check(folder: Path, seed: int, examples: int) -> bool:
    schemathesis = _installed(folder, seed)
    print(f"schemathesis {VERSION}, seed {seed}, at most {examples} examples of each operation")
    published = _published(folder)
    runs = (
        ("As published", published, 1e15, "examples,coverage,fuzzing"),
        ("As published, without a balance", published, 0.0, "examples"),
        ("Amended", _amended(folder), 1e15, "examples,coverage,fuzzing,stateful"),
    )
    good = True
    met, rules = Counter[tuple[str, str]](), Counter[str]()
    for title, document, credits, phases in runs:
        began = time.monotonic()
        report = schemathesis.look(document, credits, examples, phases)
        verdict = _judged(report)
        good &= _show(title, report, verdict, time.monotonic() - began)
        rules += verdict.rules
        if document == published:
            met += verdict.departures
        elif verdict.departures:
            good = False
            print(f"FAIL  not what was amended: {dict(verdict.departures)}")
    print("\nValid requests that were refused, by the rule:")
    for message, times in rules.items():
        why = next(rule.why for rule in RULES if rule.message == message)
        print(f"{times:6} × {message}\n{'':9}{why}")
    print("\nDepartures of the answers from the document, and why they are accepted:")
    for departure in DEPARTURES:
        for path in departure.paths:
            times = met[departure.what, path]
            good &= times > 0
            print(f"{'ok  ' if times else 'FAIL'} {times:4} × {path} {departure.what}")
        print(f"{'':12}{departure.why}")
    return good


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Let Schemathesis look for departures.")
    parser.add_argument("--seed", type=int, default=1, help="default 1")
    parser.add_argument("--examples", type=int, default=100, help="of an operation; default 100")
    options = parser.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):  # to end as with Ctrl-C: tidied up
        signal.signal(number, signal.default_int_handler)
    # Some requests are not HTTP, on purpose; the server says so of each.
    logging.getLogger("uvicorn.error").addHandler(logging.NullHandler())
    try:
        with tempfile.TemporaryDirectory(prefix="against-schemathesis-") as folder:
            return 0 if _check(Path(folder), options.seed, options.examples) else 1
    except (ToolError, OSError, ValueError, KeyError, KeyboardInterrupt) as problem:
        print(f"against_schemathesis: {str(problem) or 'interrupted'}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
