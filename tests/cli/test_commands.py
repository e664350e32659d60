"""Each command against the sandbox, as a process of its own: what it does, shows, and ends with."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cekura_client.sandbox import Outcome, Sandbox
from tests.cli.support import COMMAND, KEY, Ran, end, environment, run, start, until
from tests.raw_server import nobody_listening

VOICE = ("voice", "--agent-id", "12", "--poll", "0.1")
ENDINGS = {
    102: Outcome.FAILED,
    103: Outcome.INFRASTRUCTURE,
    104: Outcome.UNSCORED,
    105: Outcome.TIMEOUT,
    106: Outcome.STUCK,
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox(pace=0, api_key=KEY, outcomes=ENDINGS) as running:
        yield running


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    """One without faults."""
    yield shared
    shared.faults.clear()


@pytest.fixture
def alone() -> Iterator[Sandbox]:
    """One for a test that leaves requests unanswered, which are carried out later."""
    with Sandbox(pace=0, api_key=KEY, outcomes=ENDINGS) as running:
        yield running


def met(sandbox: Sandbox) -> int:
    """How many requests the faults are about, answered or not."""
    return sum(fault["met"] for fault in sandbox.faults)


def launched(sandbox: Sandbox, *scenarios: int) -> int:
    """A result that was launched before."""
    ran = run(*VOICE, "--scenarios", ",".join(map(str, scenarios)), "--no-wait", sandbox=sandbox)
    assert ran.status == 0
    return int(ran.out)


# The exit statuses


STATUSES: list[Any] = [
    pytest.param(0, ("--scenarios", "101"), {}, id="passed"),
    pytest.param(1, ("--scenarios", "101,102"), {}, id="failed"),
    pytest.param(1, ("--scenarios", "103"), {}, id="infrastructure"),
    pytest.param(1, ("--scenarios", "104", "--grace", "0"), {}, id="unscored"),
    pytest.param(1, ("--scenarios", "105"), {}, id="timeout"),
    pytest.param(2, ("--scenarios", "101", "--frequency", "0"), {}, id="refused by a check"),
    pytest.param(2, ("--scenarios", "101", "--max-runs", "0"), {}, id="refused by the limit"),
    pytest.param(2, ("--scenarios", "101", "--nope"), {}, id="no such option"),
    pytest.param(2, ("--scenarios", "101", "--agent-id", "x"), {}, id="no number"),
    pytest.param(2, ("--scenarios", "101", "--fail-under", "95"), {}, id="no share"),
    pytest.param(2, ("--scenarios", "101", "--junit", "/nowhere/x.xml"), {}, id="no folder"),
    pytest.param(3, ("--scenarios", "101"), {"status": 402, "body": {"detail": "x"}}, id="402"),
    pytest.param(3, ("--scenarios", "101"), {"status": 400, "body": ["no"]}, id="400"),
    pytest.param(4, ("--scenarios", "101", "--recover-for", "0"), {"status": 500}, id="500"),
    pytest.param(
        4, ("--scenarios", "101", "--recover-for", "0"), {"drop": True, "commit": True}, id="lost"
    ),
    pytest.param(5, ("--scenarios", "106", "--timeout", "0.5"), {}, id="not in time"),
]


@pytest.mark.parametrize(("status", "options", "fault"), STATUSES)
def test_the_exit_status_follows_the_outcome(
    sandbox: Sandbox, status: int, options: tuple[str, ...], fault: dict[str, Any]
) -> None:
    """And with --json there is exactly one document on standard output, whatever happens."""
    if fault:
        sandbox.faults.add(operation="launch", **fault)
    before = sandbox.launches
    ran = run(*VOICE, *options, "--json", sandbox=sandbox)
    assert ran.status == status, ran.err
    assert ran.document["exit_status"] == status
    assert ("error" in ran.document) == (status > 1)
    assert sandbox.launches - before <= 1
    if status == 2:
        assert sandbox.launches == before
    assert KEY not in ran.out + ran.err


def _interrupted(sandbox: Sandbox, number: signal.Signals, *options: str, times: int = 1) -> Ran:
    before = len(sandbox.requests)
    process = start(*VOICE, *options, "--scenarios", "106", env=environment(sandbox))
    until(lambda: any(r.method == "GET" for r in sandbox.requests[before:]))
    for _ in range(times):
        process.send_signal(number)
    return end(process)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_an_interrupted_wait_prints_the_next_commands(
    sandbox: Sandbox, number: signal.Signals, status: int
) -> None:
    """Ctrl-C and SIGTERM: the id and the commands, and nothing is ended unasked."""
    ran = _interrupted(sandbox, number)
    result = sandbox.requests[-1].path.rstrip("/").split("/")[-1]
    assert ran.status == status
    assert f"cekura-run wait {result}" in ran.err
    assert f"cekura-run end {result}" in ran.err
    assert not any(request.path.endswith("end_calls/") for request in sandbox.requests[-3:])
    assert run("show", result, sandbox=sandbox).status == 4
    assert run("end", result, sandbox=sandbox).status == 0
    assert run("show", result, sandbox=sandbox).status == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_calls_are_ended_on_abort(sandbox: Sandbox, number: signal.Signals) -> None:
    """With --end-on-abort, and the command says so."""
    ran = _interrupted(sandbox, number, "--end-on-abort", "--json")
    assert sandbox.requests[-1].path.endswith("end_calls/")
    assert "were ended" in ran.err
    assert ran.document["going_on"] == []
    assert ran.document["error"]["type"] == "Stopped"


def test_calls_are_ended_at_the_time_limit(sandbox: Sandbox) -> None:
    """The deadline is a reason, too."""
    ran = run(*VOICE, "--scenarios", "106", "--timeout", "0.3", "--end-on-abort", sandbox=sandbox)
    assert ran.status == 5
    assert sandbox.requests[-1].path.endswith("end_calls/")


def test_a_second_signal_exits_at_once(alone: Sandbox) -> None:
    """Although the calls have not been ended, since the server does not answer."""
    alone.faults.add(operation="end_calls", delay=30)
    before = len(alone.requests)
    process = start(*VOICE, "--scenarios", "106", "--end-on-abort", env=environment(alone))
    until(lambda: any(r.method == "GET" for r in alone.requests[before:]))
    process.send_signal(signal.SIGINT)
    until(lambda: met(alone))
    process.send_signal(signal.SIGINT)
    ran = end(process)
    assert ran.status == 130
    assert "may still be running" in ran.err


def test_an_interrupted_launch_gets_time_for_its_answer(sandbox: Sandbox) -> None:
    """It may be billed, so the command waits for its answer and prints its id."""
    sandbox.faults.add(operation="launch", delay=1.0)
    process = start(*VOICE, "--scenarios", "106", "--end-on-abort", env=environment(sandbox))
    until(lambda: met(sandbox))
    process.send_signal(signal.SIGINT)
    ran = end(process)
    assert ran.status == 130
    assert "was started" in ran.err
    assert sandbox.requests[-1].path.endswith("end_calls/")


def test_an_aborted_launch_reports_its_name(alone: Sandbox) -> None:
    """Its name, since it may be billed."""
    alone.faults.add(operation="launch", delay=30.0)
    process = start(*VOICE, "--scenarios", "106", "--name", "mine", env=environment(alone))
    until(lambda: met(alone))
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert "each billed" in process.stderr.readline()
    assert "again to exit at once" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    ran = end(process)
    assert ran.status == 130
    assert "may be billed. Look for a result named 'mine'" in ran.err


def test_an_unreachable_server_means_nothing_was_sent() -> None:
    """Nothing was started, so the status is 2."""
    with nobody_listening() as port:
        ran = run(*VOICE, "--scenarios", "101", CEKURA_API_URL=f"http://127.0.0.1:{port}")
    assert ran.status == 2
    assert "nothing was sent, nothing is billed" in ran.err


# The commands


def test_each_transport_is_launched(sandbox: Sandbox) -> None:
    """And waited for, with the fields of its page."""
    websocket = run(
        *("websocket", "--scenario", "101=wss://agent.example.com/chat?token=s", "--scenario"),
        *("102", "--frequency", "2", "--poll", "0.1", "--json"),
        sandbox=sandbox,
    )
    assert websocket.status == 1
    assert [run["verdict"] for run in websocket.document["results"][0]["runs"]] == [
        *["passed"] * 2,
        *["failed"] * 2,
    ]
    vapi = run(
        *("vapi-webrtc", "--scenarios", "101", "--vapi-assistant-id", "asst", "--poll", "0.1"),
        sandbox=sandbox,
    )
    assert vapi.status == 0
    assert "passed (completed), 1 of 1 runs passed (100 %)" in vapi.out
    assert "token=s" not in websocket.err + websocket.out


def test_the_outcome_names_each_run_that_did_not_pass(sandbox: Sandbox) -> None:
    """With scenario, reasons and duration; the dashboard where the project is known."""
    ran = run(*VOICE, "--scenarios", "101,102,103", "--project-id", "77", sandbox=sandbox)
    result = ran.err.split("result ")[1].split()[0]
    assert f"https://dashboard.cekura.ai/77/results/{result}" in ran.out
    assert "failed, scenario 102 'Scenario 102', 00:42" in ran.out
    assert "expected outcome 50 of 100" in ran.out
    assert "infrastructure, scenario 103" in ran.out
    assert "never connected" in ran.out
    assert "passed, scenario" not in ran.out


def test_no_wait_prints_the_id_alone(sandbox: Sandbox) -> None:
    """Scripts can use standard output unchanged."""
    ran = run(*VOICE, "--scenarios", "102", "--no-wait", sandbox=sandbox)
    assert (ran.status, ran.out.strip().isdigit()) == (0, True)
    document = run(*VOICE, "--scenarios", "102", "--no-wait", "--json", sandbox=sandbox).document
    assert document["launch"]["planned_runs"] == 1


def test_several_results_are_waited_for_at_once(sandbox: Sandbox) -> None:
    """The highest status counts, and every result is shown."""
    good, bad, stuck = (launched(sandbox, each) for each in (101, 102, 106))
    both = run("wait", good, bad, "--json", sandbox=sandbox)
    assert both.status == 1
    assert [result["verdict"] for result in both.document["results"]] == ["passed", "failed"]
    three = run(
        "wait", good, stuck, 999_999, "--timeout", "0.5", "--poll", "0.1", "--json", sandbox=sandbox
    )
    assert three.status == 5
    assert {error["type"] for error in three.document["errors"]} == {
        "WaitTimeoutError",
        "NotFoundError",
    }
    assert three.document["results"][0]["passed"] is True
    assert three.document["going_on"] == [stuck]


def test_show_prints_the_current_state(sandbox: Sandbox) -> None:
    """Passed, not passed, not ended, or not there."""
    statuses = [
        run("show", each, sandbox=sandbox).status
        for each in (
            launched(sandbox, 101),
            launched(sandbox, 102),
            launched(sandbox, 106),
            999_999,
        )
    ]
    assert statuses == [0, 1, 4, 3]


def test_the_pass_criteria_count_runs(sandbox: Sandbox) -> None:
    """--fail-under sets a share; --ignore-infrastructure leaves out runs that never tested the agent."""
    result = launched(sandbox, 101, 102, 103)
    shares = {
        (): 1,
        ("--fail-under", "0.33"): 0,
        ("--fail-under", "0.34"): 1,
        ("--fail-under", "0.5", "--ignore-infrastructure"): 0,
        ("--ignore-infrastructure",): 1,
    }
    for options, status in shares.items():
        assert run("show", result, *options, sandbox=sandbox).status == status, options


def test_a_lost_launch_is_in_the_record_and_found_again(sandbox: Sandbox, tmp_path: Path) -> None:
    """The record lists it first, and --recover looks it up."""
    record = tmp_path / "launches.jsonl"
    kept = ("--record", record)
    assert run(*VOICE, "--scenarios", "101", *kept, "--no-wait", sandbox=sandbox).status == 0
    sandbox.faults.add(operation="launch", drop=True, commit=True)
    lost = run(*VOICE, "--scenarios", "101", "--recover-for", "0", *kept, sandbox=sandbox)
    assert lost.status == 4
    assert run(*VOICE, "--scenarios", "101", *kept, "--no-wait", sandbox=sandbox).status == 0
    listed = run("launches", *kept, "--json", sandbox=sandbox).document
    assert [each["outcome"] for each in listed["launches"]] == ["unknown", "accepted", "accepted"]
    assert listed["unsettled"] == 1
    shown = run("launches", *kept, sandbox=sandbox)
    assert shown.out.index("unknown") < shown.out.index("accepted")
    found = run("launches", *kept, "--recover", "--json", sandbox=sandbox)
    assert (found.status, found.document["unsettled"]) == (0, 0)


def test_a_launch_that_cannot_be_found_stays_unknown(sandbox: Sandbox, tmp_path: Path) -> None:
    """And so is the status."""
    record = tmp_path / "launches.jsonl"
    kept = ("--record", record, "--recover-for", "0.2")
    sandbox.faults.add(operation="launch", drop=True)
    assert run(*VOICE, "--scenarios", "101", *kept, sandbox=sandbox).status == 4
    assert run("launches", *kept, "--recover", sandbox=sandbox).status == 4
    assert run("launches", sandbox=sandbox).status == 2
    assert run("launches", "--record", tmp_path / "none", sandbox=sandbox).status == 2


@pytest.mark.parametrize(
    "launch",
    [
        ("voice", "--agent-id", "12", "--scenarios", "101,102", "--frequency", "3", "--yes"),
        ("voice", "--agent-id", "12", "--tags", "smoke", "--name", "mine", "--yes"),
        ("voice", "--agent-id", "12", "--first", "2", "--yes"),
        ("voice", "--folder-path", "Sales.Inbound", "--project-id", "1376", "--yes"),
        ("websocket", "--scenario", "101", "--scenario", "101=ws://h/x", "--frequency", "1"),
        ("vapi-webrtc", "--scenarios", "101", "--vapi-assistant-id", "asst"),
    ],
    ids=lambda launch: " ".join(launch[:5]),
)
def test_a_plan_is_what_the_launch_sends(sandbox: Sandbox, launch: tuple[str, ...]) -> None:
    """It sends nothing itself and needs no key; afterwards the same options send just that."""
    before = len(sandbox.requests)
    planned = run("plan", *launch, "--json", sandbox=sandbox, CEKURA_API_KEY="").document
    assert len(sandbox.requests) == before
    ran = run(*launch, "--no-wait", sandbox=sandbox)
    assert ran.status == 0, ran.err
    body = sandbox.requests[before].body
    assert isinstance(body, dict)
    if planned["name_is_added"]:
        assert body.pop("name").startswith("cekura-client ")
    assert planned["body"] == body
    shown = run("plan", *launch, sandbox=sandbox)
    assert planned["plan"] in shown.out


def test_without_a_terminal_yes_is_required(sandbox: Sandbox) -> None:
    """Without a terminal and without --yes, nothing above the limit is ever launched."""
    before = sandbox.launches
    for more in (
        ("--scenarios", "101", "--frequency", "11"),
        ("--scenarios", "101,102,103", "--frequency", "4"),
        ("--tags", "smoke"),
        ("--first", "11"),
        ("--scenarios", "all"),
        ("--scenarios", "101", "--ask-above", "0"),
        ("--tags", "smoke", "--max-runs", "1000", "--yes"),
        ("--scenarios", "101", "--frequency", "11", "--max-runs", "10", "--yes"),
    ):
        ran = run(*VOICE, *more, sandbox=sandbox)
        assert ran.status == 2, more
        assert "max_runs" in ran.err or "--yes" in ran.err
    assert sandbox.launches == before
    assert (
        run(
            *VOICE, "--scenarios", "101", "--frequency", "11", "--yes", "--no-wait", sandbox=sandbox
        ).status
        == 0
    )
    assert sandbox.launches == before + 1


# What is written


def test_the_reports_and_the_outputs_of_a_step_are_written(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """JUnit, Markdown and HTML; id, verdict and rate for GitHub, and its summary."""
    files = {kind: tmp_path / f"report.{kind}" for kind in ("junit", "markdown", "html")}
    output, summary = tmp_path / "output", tmp_path / "summary"
    output.write_text("before=1\n", "utf-8")
    options = [part for kind, path in files.items() for part in (f"--{kind}", path)]
    ran = run(
        *VOICE,
        *("--scenarios", "101,102", *options, "--json"),
        sandbox=sandbox,
        GITHUB_OUTPUT=str(output),
        GITHUB_STEP_SUMMARY=str(summary),
    )
    result = ran.document["launch"]["result_id"]
    assert output.read_text("utf-8").splitlines() == [
        "before=1",
        f"result_id={result}",
        "verdict=failed",
        "pass_rate=0.5000",
    ]
    assert summary.read_text("utf-8") == files["markdown"].read_text("utf-8")
    for path in files.values():
        assert "Scenario 102" in path.read_text("utf-8")
    assert "<testsuites>" in files["junit"].read_text("utf-8")
    assert "<!doctype html>" in files["html"].read_text("utf-8")


def test_a_launch_that_is_refused_is_in_the_reports(sandbox: Sandbox, tmp_path: Path) -> None:
    """A report of an earlier launch does not stand in for it."""
    junit = tmp_path / "junit.xml"
    junit.write_text("of yesterday", "utf-8")
    sandbox.faults.add(operation="launch", status=402, body={"detail": "Balance too low."})
    assert run(*VOICE, "--scenarios", "101", "--junit", junit, sandbox=sandbox).status == 3
    assert "Balance too low." in junit.read_text("utf-8")
    assert 'errors="1"' in junit.read_text("utf-8")


def test_a_report_that_cannot_be_written_changes_nothing_else(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """The outcome is shown, and its status kept."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    ran = run(*VOICE, "--scenarios", "101", "--junit", full, sandbox=sandbox)
    assert ran.status == 0
    assert "cannot be written" in ran.err
    assert "1 of 1 runs passed" in ran.out


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_closed_pipe_changes_nothing_else(sandbox: Sandbox, stream: str) -> None:
    """`cekura-run … | head -0`: the status is that of the runs."""
    process = start(*VOICE, "--scenarios", "102", env=environment(sandbox))
    getattr(process, stream).close()
    setattr(process, stream, None)
    ran = end(process)
    assert ran.status == 1
    assert "Traceback" not in (ran.err or "")


@pytest.mark.parametrize("redirected", ["1>/dev/full", "2>/dev/full"])
def test_a_full_disk_changes_nothing_else(sandbox: Sandbox, redirected: str) -> None:
    """Only the exit status can report the outcome."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {redirected}', COMMAND, *VOICE, "--scenarios", "102"],
        env=environment(sandbox),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1


def test_no_wait_writes_no_reports(sandbox: Sandbox, tmp_path: Path) -> None:
    """An empty report would be green, and a summary would say that it did not pass."""
    summary = tmp_path / "summary"
    before = sandbox.launches
    asked = (*VOICE, "--scenarios", "101", "--no-wait")
    assert run(*asked, "--junit", tmp_path / "x.xml", sandbox=sandbox).status == 2
    assert sandbox.launches == before
    assert run(*asked, sandbox=sandbox, GITHUB_STEP_SUMMARY=str(summary)).status == 0
    assert not summary.exists()


# The key and the options


def test_the_key_comes_from_a_file_or_a_variable_only(sandbox: Sandbox, tmp_path: Path) -> None:
    """The file overrides the variable. The key has no option. Errors say what is wrong."""
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n", "utf-8")
    from_file = ("--scenarios", "101", "--api-key-file", file)
    assert run(*VOICE, *from_file, sandbox=sandbox, CEKURA_API_KEY="wrong").status == 0
    assert run(*VOICE, "--scenarios", "101", "--api-key", KEY, sandbox=sandbox).status == 2
    refused = run(*VOICE, "--scenarios", "101", sandbox=sandbox, CEKURA_API_KEY="wrong-key")
    assert refused.status == 3
    assert "wrong-key" not in refused.err
    for content in (b"", b"two lines\nof it", b"\xff\xfek\x00e\x00"):
        file.write_bytes(content)
        ran = run(*VOICE, *from_file, sandbox=sandbox)
        assert ran.status == 2
        assert "two lines" not in ran.err
        assert "Traceback" not in ran.err
    assert run(*VOICE, "--scenarios", "101", sandbox=sandbox, CEKURA_API_KEY="").status == 2


def test_options_come_from_variables_too(sandbox: Sandbox) -> None:
    """A tag may have blanks in it there."""
    planned = run(
        *("plan", "voice", "--json"),
        CEKURA_AGENT_ID="12",
        CEKURA_TAGS="smoke,happy path",
        CEKURA_FREQUENCY="3",
        CEKURA_PERSONALITY_IDS="1, 2",
    ).document
    assert planned["body"] == {
        "agent_id": 12,
        "tags": ["smoke", "happy path"],
        "frequency": 3,
        "personality_ids": [1, 2],
    }
    nothing_mocked = run(
        *("plan", "voice", "--json", "--scenarios", "101"), CEKURA_MOCK_TOOL_NAMES="[]"
    ).document
    assert nothing_mocked["body"] == {"scenarios": [101], "mock_tool_names": []}
    beaten = run("plan", "voice", "--json", "--scenarios", "101", CEKURA_SCENARIOS="5 6").document
    assert beaten["body"] == {"scenarios": [101]}
    assert run("plan", "voice", "--nope", CEKURA_JSON="1").document["exit_status"] == 2


@pytest.mark.parametrize(
    ("typed", "sent"), [("[]", []), ("lookup,book a table", ["lookup", "book a table"])]
)
def test_an_empty_list_has_a_form_of_its_own(typed: str, sent: list[str]) -> None:
    """It means something else than an option that is left out; an empty text is still refused."""
    plan = ("plan", "voice", "--json", "--scenarios", "101", "--mock-tool-names")
    assert run(*plan, typed).document["body"]["mock_tool_names"] == sent
    assert run(*plan, "").status == 2
    assert run("plan", "voice", "--agent-id", "1", "--tags", "[]").status == 2


def test_help_is_there_for_every_command() -> None:
    """And a mistyped command gets a suggestion."""
    helped = run("--help")
    assert helped.status == 0
    assert "Exit status: 0 passed" in helped.out
    for command in (
        *("voice", "websocket", "vapi-webrtc", "wait", "show", "end", "launches", "sandbox"),
        "plan",
    ):
        assert command in helped.out
        assert run(command, "--help").status == 0
    mistyped = run("voic")
    assert mistyped.status == 2
    assert "Did you mean 'voice'?" in mistyped.err
    assert run().status == 2
    assert run("--version").out.startswith("cekura-run 0.")


def test_the_shell_completes_commands_and_options() -> None:
    """With the variables that the shell sets after --install-completion."""
    completed = run(
        _CEKURA_RUN_COMPLETE="complete_bash", COMP_WORDS="cekura-run vo", COMP_CWORD="1"
    )
    assert completed.out.split() == ["voice"]
    options = run(
        _CEKURA_RUN_COMPLETE="complete_bash", COMP_WORDS="cekura-run voice --max", COMP_CWORD="2"
    )
    assert "--max-runs" in options.out


def test_json_is_ascii(sandbox: Sandbox) -> None:
    """So no terminal takes it for anything else, and every encoding can carry it."""
    document = run(*VOICE, "--scenarios", "101", "--name", "Größe\u202e", "--json", sandbox=sandbox)
    assert document.out.isascii()
    assert json.loads(document.out)["results"][0]["name"] == "Größe\u202e"
