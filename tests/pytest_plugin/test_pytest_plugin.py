"""Evaluators as tests: pytest runs small suites against the sandbox."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from cekura_client import Cekura
from cekura_client.core.launch_kinds import KINDS
from cekura_client.pytest_plugin.launch_specs import LaunchSpec
from cekura_client.pytest_plugin.names import markers
from cekura_client.record import LaunchRecord
from cekura_client.sandbox import Sandbox
from tests.as_a_shell import as_a_shell

pytest_plugins = ["pytester"]

# Said nowhere else, so that every find is a leak.
KEY = "sk-Pl9-t3stk3y"
STRICT = ("--strict-markers", "-W", "error", "--import-mode=importlib", "-p", "no:cacheprovider")
# Two scenarios of two runs; those of 102 fail.
FOUR = """
    import pytest

    @pytest.mark.cekura_voice(agent_id=12, scenarios=[101, 102], frequency=2, max_runs=4)
    def test_call(cekura_run):
        print(f"body of {cekura_run.scenario}")
"""
# Loaded by a suite, so that minutes pass at once.
HURRIED = """
    import pytest
    from tests.clients import FakeTime

    @pytest.fixture(scope="session")
    def cekura_client_options():
        return {"clock": FakeTime().clock, "recover_for": 0}
"""

# Removes the directories of the session before its first test.
REMOVED = """
    import pytest
    import shutil

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(session):
        shutil.rmtree(session.config._tmp_path_factory.getbasetemp())
"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox at the address, and with the key, that the environment names."""
    with Sandbox(pace=0, outcomes={102: "failed"}, api_key=KEY) as sandbox:
        monkeypatch.setenv("CEKURA_API_URL", sandbox.url)
        monkeypatch.setenv("CEKURA_API_KEY", KEY)
        yield sandbox


@pytest.fixture
def run(pytester: pytest.Pytester, sandbox: Sandbox) -> Run:
    """Runs pytest on a suite: its one file, then arguments; `conftest` is another file."""

    def run(suite: str, *arguments: str, conftest: str = "") -> pytest.RunResult:
        if conftest:
            pytester.makeconftest(conftest)
        pytester.makepyfile(test_it=suite)
        # What workers say goes past the process whose output pytester sees, and it has threads.
        several = "-n2" in arguments or "os.fork" in conftest
        start = pytester.runpytest_subprocess if several else pytester.runpytest
        return start(*STRICT, *arguments)

    return run


def said(result: pytest.RunResult) -> str:
    """All that was printed."""
    return result.stdout.str() + result.stderr.str()


def sent(sandbox: Sandbox) -> list[Any]:
    """The scenarios of each launch."""
    launches = [request for request in sandbox.requests if request.method == "POST"]
    return [request.body["scenarios"] for request in launches]


def answer(sandbox: Sandbox, *runs: dict[str, Any], status: str = "completed") -> None:
    """Makes the sandbox say this of every result."""
    body = {"id": 7001, "status": status, "runs": list(runs), "total_runs_count": len(runs)}
    sandbox.faults.add(operation="get_result", status=200, body=body)


def one(number: int, scenario: int = 101, **fields: Any) -> dict[str, Any]:
    """A run as the API shows it; passed by default."""
    return {"id": number, "scenario": scenario, "status": "completed", "success": True, **fields}


# One test for each run


def test_each_run_is_a_test(run: Run, sandbox: Sandbox) -> None:
    """Of one launch. A run that did not pass fails its test with the reasons, not with a traceback."""
    result = run(FOUR, "-v", "-rA")
    result.assert_outcomes(passed=2, failed=2)
    for name, outcome in [("101-1", "PASSED"), ("101-2", "PASSED"), ("102-1", "FAILED")]:
        assert f"test_it.py::test_call[{name}] {outcome}" in said(result)
    assert "run 310003 of scenario 102 (Scenario 102): failed [completed]" in said(result)
    assert "  - expected outcome 50 of 100: The caller was greeted." in said(result)
    assert "Traceback" not in said(result)
    assert "def test_call" not in said(result)
    assert (sandbox.launches, sandbox.billed_runs) == (1, 4)


def test_the_body_runs_only_with_a_passed_run(run: Run) -> None:
    """The body can assert more; with another run it does not start."""
    result = run(FOUR, "-rA")
    assert (said(result).count("body of 101"), said(result).count("body of 102")) == (2, 0)
    run(FOUR.replace("print", "assert not ")).assert_outcomes(failed=4)


def test_a_single_run_is_named_after_its_scenario(run: Run) -> None:
    """Numbers stand there only where a scenario runs several times."""
    result = run(FOUR.replace("frequency=2, ", ""), "-v")
    assert "test_call[101] PASSED" in said(result)
    assert "test_call[102] FAILED" in said(result)


def test_runs_are_numbered_by_their_ids(run: Run, sandbox: Sandbox) -> None:
    """In whatever order the server lists them."""
    answer(sandbox, one(9, success=False), one(8), one(7, 102), one(6, 102, success=False))
    result = run(FOUR, "-v")
    outcomes = [("101-1", "PASSED"), ("101-2", "FAILED"), ("102-1", "FAILED"), ("102-2", "PASSED")]
    for name, outcome in outcomes:
        assert f"test_call[{name}] {outcome}" in said(result)


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"status": "failed", "error_message": "no answer"}, "infrastructure"),
        ({"status": "timeout"}, "timeout"),
        ({"status": "cancelled"}, "cancelled"),
        ({"success": None}, "unscored"),
        ({"status": "on_hold"}, "unknown"),
    ],
)
def test_a_run_that_did_not_pass_fails_its_test(
    run: Run, sandbox: Sandbox, fields: dict[str, Any], verdict: str
) -> None:
    """Passed means completed and succeeded."""
    answer(sandbox, one(1, **fields))
    suite = FOUR.replace("101, 102", "101").replace("frequency=2, ", "")
    result = run(suite, conftest=HURRIED)
    result.assert_outcomes(failed=1)
    assert f"run 1 of scenario 101: {verdict} [" in said(result)


def test_a_missing_run_fails_its_test(run: Run, sandbox: Sandbox) -> None:
    """It was paid for, and its outcome is unknown."""
    answer(sandbox, one(1), one(2), one(3, 102))
    result = run(FOUR)
    result.assert_outcomes(passed=3, failed=1)
    assert "result 7001 should have at least 2 runs of scenario 102, but has 1" in said(result)
    assert "3 of 4 runs passed" in said(result)


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ([one(5, success=False)], "completed", "run 5 (scenario 101)"),
        ([], "cancelled", "cancelled"),
    ],
)
def test_a_test_fails_if_its_result_did_not_pass(
    run: Run, sandbox: Sandbox, more: list[dict[str, Any]], status: str, words: str
) -> None:
    """Even if every run that has a test passed: there is another run, or the result was ended."""
    answer(sandbox, one(1), one(2), one(3, 102), one(4, 102), *more, status=status)
    result = run(FOUR)
    result.assert_outcomes(failed=4)
    assert "this run passed, but its result did not\nresult 7001" in said(result)
    assert words in said(result)


def test_a_test_fails_if_its_result_contradicts_itself(run: Run, sandbox: Sandbox) -> None:
    """Where the server counts more failures than it lists, any run may be one of them, even if another
    test fails as well."""
    runs = [one(1), one(2, success=False), one(3, 102), one(4, 102)]
    body = {"id": 7001, "status": "completed", "runs": runs, "failed_runs_count": 3}
    sandbox.faults.add(operation="get_result", status=200, body=body)
    result = run(FOUR, conftest=HURRIED)
    result.assert_outcomes(failed=4)
    assert said(result).count("the server's failed_runs_count is 3, but 1 runs that did not") >= 3


def test_a_websocket_scenario_may_appear_twice(run: Run, sandbox: Sandbox) -> None:
    """With two addresses. Each run has its own test name, and both entries are sent."""
    suite = """
        import pytest

        @pytest.mark.cekura_websocket(
            scenarios=[(101, "wss://a.example"), (102, None), (101, "wss://b.example")],
            frequency=1, agent=12,
        )
        def test_chat(cekura_run):
            pass
    """
    result = run(suite, "-v", "-k", "101")
    result.assert_outcomes(passed=2, deselected=1)
    assert "test_chat[101-2] PASSED" in said(result)
    assert [entry["websocket_url"] for entry in sent(sandbox)[0]] == [
        "wss://a.example",
        "wss://b.example",
    ]


# What is sent, and when


def test_collecting_sends_nothing(
    run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And needs no key."""
    monkeypatch.delenv("CEKURA_API_KEY")
    result = run(FOUR, "--collect-only")
    assert "4 tests collected" in said(result)
    assert sandbox.requests == []


@pytest.mark.parametrize("argument", ["--setup-only", "--setup-plan"])
def test_without_tests_nothing_is_launched(run: Run, sandbox: Sandbox, argument: str) -> None:
    """With --setup-only, no test would use the runs."""
    run(FOUR, argument)
    assert sandbox.requests == []


SHARED = """
    import pytest

    pytestmark = pytest.mark.cekura_voice(agent_id=12, scenarios=[101, 102])

    def test_run(cekura_run):
        pass

    def test_result(cekura_result):
        assert len(cekura_result.runs) == 2

    def test_other():
        pass

    @pytest.mark.cekura_vapi_webrtc(scenarios=[103], vapi_assistant_id="asst")
    class TestClass:
        def test_run(self, cekura_run):
            pass

        def test_result(self, cekura_result):
            cekura_result.raise_unless_passed()

        @pytest.mark.cekura_voice(agent_id=12, scenarios=[104])
        def test_own(self, cekura_run):
            pass
"""


def test_a_marker_is_one_launch(run: Run, sandbox: Sandbox) -> None:
    """A marker of a module, class or function is one launch for all tests without a nearer marker."""
    result = run(SHARED)
    result.assert_outcomes(passed=6, failed=1)
    assert sent(sandbox) == [[101, 102], [103], [104]]


@pytest.mark.parametrize(
    ("arguments", "launches"),
    [
        (["-k", "102"], [[102]]),
        (["-k", "test_run and not TestClass and 101"], [[101]]),
        (["-k", "test_result or (test_run and 101)"], [[101, 102], [103]]),
        (["test_it.py::test_run[101]"], [[101]]),
        (["-k", "test_other"], []),
    ],
)
def test_only_selected_scenarios_are_sent(
    run: Run, sandbox: Sandbox, arguments: list[str], launches: list[list[int]]
) -> None:
    """All scenarios if the whole result is wanted, and otherwise those of the selected tests."""
    run(SHARED, *arguments)
    assert sent(sandbox) == launches


def test_last_failed_launches_only_failed_scenarios(
    pytester: pytest.Pytester, sandbox: Sandbox
) -> None:
    """With --lf only the scenario that failed is launched and paid for."""
    pytester.makepyfile(FOUR)
    pytester.runpytest()
    pytester.runpytest("--lf").assert_outcomes(failed=2)
    assert sent(sandbox) == [[101, 102], [102]]


def test_cekura_result_works_with_every_selector(run: Run) -> None:
    """Also where only the server knows how many runs there will be."""
    suite = """
        import pytest

        @pytest.mark.cekura_voice(agent_id=12, scenarios="all", timeout=30)
        def test_all(cekura_result):
            assert len(cekura_result.runs) > 1

        @pytest.mark.parametrize("who", [
            pytest.param(1, marks=pytest.mark.cekura_voice(agent_id=12, scenarios={101})),
            pytest.param(2, marks=pytest.mark.cekura_voice(agent_id=12, scenarios=iter([101, 102]))),
        ])
        def test_each(who, cekura_result):
            assert len(cekura_result.runs) == who
    """
    run(suite).assert_outcomes(passed=3)


# What is refused


@pytest.mark.parametrize("chosen", ["tags=['smoke']", "first=3, agent_id=12"])
def test_an_unknown_number_of_runs_is_refused_for_cekura_run(
    run: Run, sandbox: Sandbox, chosen: str
) -> None:
    """The error says why, and which fixture to use."""
    suite = f"""
        import pytest

        @pytest.mark.cekura_voice({chosen})
        def test_call(cekura_run):
            pass
    """
    result = run(suite)
    result.assert_outcomes(errors=1)
    assert "only the server knows the runs of this launch: " in said(result)
    assert "use the fixture cekura_result" in said(result)
    assert sandbox.requests == []


VOICE = "@pytest.mark.cekura_voice"


@pytest.mark.parametrize(
    ("markers", "fixture", "words"),
    [
        (
            f"{VOICE}(agent_id=0, scenarios=[1])",
            "cekura_run",
            "agent_id must be a positive integer",
        ),
        (
            f"{VOICE}(agent_id=0, scenarios=[1])",
            "cekura_result",
            "agent_id must be a positive integer",
        ),
        (
            f"{VOICE}(scenarios=[1, 2], max_runs=1)",
            "cekura_run",
            "max_runs=1, but this launch has 2",
        ),
        (
            f"{VOICE}(scenarios=[1], timeout=-1)",
            "cekura_run",
            "timeout must be a positive number of seconds",
        ),
        (
            f"{VOICE}(scenarios=[1], agent=12)",
            "cekura_run",
            "unknown argument 'agent'; did you mean 'agent_id'?",
        ),
        (f"{VOICE}([101])", "cekura_run", "by name"),
        (VOICE, "cekura_run", "exactly one of scenarios, first, tags and folder_path"),
        (
            f"{VOICE}(scenarios=[1])\n{VOICE}(scenarios=[2])",
            "cekura_run",
            "use one marker per launch",
        ),
        (f"{VOICE}(scenarios=[1])", "tmp_path", "so nothing would be launched"),
        ("", "cekura_run", "uses cekura_run but has no marker; add one of cekura_voice, "),
    ],
)
def test_a_wrong_marker_is_a_collection_error(
    run: Run, sandbox: Sandbox, markers: str, fixture: str, words: str
) -> None:
    """When tests are collected, in words and without a traceback."""
    result = run(f"import pytest\n{markers}\ndef test_call({fixture}):\n    pass\n")
    result.assert_outcomes(errors=1)
    assert "ERROR collecting test_it.py" in said(result)
    assert words in said(result)
    assert "Traceback" not in said(result)
    assert "pytest_plugin" not in said(result)
    assert sandbox.requests == []


def test_a_fixture_without_marker_is_explained(run: Run) -> None:
    """Where it shows only when the test begins: a marker may be that of a parameter."""
    suite = """
        import pytest

        def test_bare(cekura_result):
            pass

        @pytest.mark.cekura_voice(scenarios=[101])
        @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.cekura_websocket())])
        def test_two(x, cekura_result):
            pass

        class TestLate:
            pytestmark = pytest.mark.cekura_voice(scenarios=[101])

            def test_late(self, request):
                request.getfixturevalue("cekura_run")

            def test_good(self, cekura_result):
                pass
    """
    result = run(suite)
    result.assert_outcomes(passed=1, failed=1, errors=2)
    assert "cekura_result needs a marker; add one of" in said(result)
    assert "several markers at one place: cekura_voice and cekura_websocket" in said(result)
    assert "cekura_run must be an argument of the test function" in said(result)


def test_unittest_is_left_alone(run: Run, sandbox: Sandbox) -> None:
    """Its tests take no fixtures as arguments; under a marker they run as ever."""
    suite = """
        import pytest
        import unittest

        pytestmark = pytest.mark.cekura_voice(scenarios=[101])

        class TestOld(unittest.TestCase):
            def test_plain(self):
                pass

            @pytest.mark.usefixtures("cekura_result")
            def test_used(self):
                pass

            @pytest.mark.usefixtures("cekura_run")
            def test_impossible(self):
                pass
    """
    result = run(suite)
    result.assert_outcomes(passed=2, errors=1)
    assert "cekura_run must be an argument of the test function" in said(result)
    assert sandbox.launches == 1


def test_every_launch_has_its_marker() -> None:
    """Named as its method, and with its arguments."""
    assert {marker: kind.operation for marker, kind in markers().items()} == {
        f"cekura_{operation.removeprefix('run_')}": operation for operation in KINDS
    }


# What goes wrong


def test_a_refused_launch_is_sent_once(run: Run, sandbox: Sandbox) -> None:
    """Each of its tests fails with the reason."""
    sandbox.faults.add(operation="launch", status=402, body={"detail": "Balance too low \x1b[31m"})
    result = run(FOUR)
    result.assert_outcomes(errors=4)
    assert said(result).count("Balance too low") >= 4
    assert len(sandbox.requests) == 1


def test_a_missing_key_is_an_error_of_each_test(
    run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which names the variable; nothing is sent."""
    monkeypatch.delenv("CEKURA_API_KEY")
    result = run(FOUR)
    result.assert_outcomes(errors=4)
    assert "set CEKURA_API_KEY" in said(result)
    assert sandbox.requests == []


def test_a_launch_of_unknown_outcome_is_sent_once(run: Run, sandbox: Sandbox) -> None:
    """The answer is lost, and it cannot be found again: its tests say where to look."""
    sandbox.faults.add(operation="launch", drop=True, commit=True)
    result = run(FOUR, conftest=HURRIED)
    result.assert_outcomes(errors=4)
    assert said(result).count("before you launch again") >= 4
    assert (sandbox.launches, len(sandbox.requests)) == (1, 1)


def test_an_unfinished_result_is_waited_for_once(run: Run, sandbox: Sandbox) -> None:
    """The error, and the last line, have its id."""
    answer(sandbox, status="running")
    result = run(FOUR.replace("max_runs=4", "timeout=0.3"))
    result.assert_outcomes(errors=4)
    assert "result 7001 did not end within 0.3 s" in said(result)
    assert "cekura: result 7001 (voice): stopped waiting before it finished" in said(result)
    assert len(sent(sandbox)) == 1
    assert len(sandbox.requests) < 5


@pytest.mark.parametrize("broken", [(Cekura, "wait"), (LaunchRecord, "append")])
def test_the_next_test_continues_an_interrupted_launch(
    run: Run, sandbox: Sandbox, broken: tuple[type, str]
) -> None:
    """As by a plugin that limits the time of a test. Nothing is launched twice: the result is known."""
    whole = getattr(*broken)

    def too_slow(*arguments: Any, **named: Any) -> Any:
        if isinstance(arguments[-1], dict) and "outcome" not in arguments[-1]:
            return whole(*arguments)  # the line that is written before the launch is sent
        patch.undo()
        pytest.fail("too slow")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*broken, too_slow)
        result = run(FOUR.replace("101, 102", "101, 103"))
    result.assert_outcomes(passed=3, errors=1)
    assert "cekura: voice launch accepted: result 7001" in said(result)
    assert sandbox.launches == 1


def test_server_texts_are_harmless(run: Run, sandbox: Sandbox) -> None:
    """No escape sequence, no NUL, no change of direction reaches the terminal."""
    evil = "\x1b[2Jgone\x00 \u202eback \x9b31m"
    answer(sandbox, one(1, error_message=evil, scenario_name=evil), status="completed")
    suite = """
        import pytest

        @pytest.mark.cekura_voice(scenarios=[101])
        class TestIt:
            def test_run(self, cekura_run):
                pass

            def test_result(self, cekura_result):
                cekura_result.raise_unless_passed()
    """
    result = run(suite, "--junitxml=junit.xml", "--color=no", "-vv", "--showlocals")
    result.assert_outcomes(failed=2)
    assert r"\x1b[2Jgone\x00 \u202eback \x9b31m" in said(result)
    assert not {*"\x1b\x00\x9b\u202e"} & {*said(result)}


def test_the_key_is_shown_nowhere(run: Run, pytester: pytest.Pytester, sandbox: Sandbox) -> None:
    """Not even where the options are wrong and pytest shows all it knows."""
    conftest = f"""
        import pytest

        @pytest.fixture(scope="session")
        def cekura_client_options():
            return {{"api_key": "{KEY}", "wrong": 1}}
    """
    for options, words in [(conftest, "'wrong'"), (conftest.replace("wrong", "record"), "record")]:
        result = run(FOUR, "--showlocals", "-vv", "--setup-show", "--full-trace", conftest=options)
        result.assert_outcomes(errors=4)
        assert "cekura_client_options" in said(result)
        assert words in said(result)
        assert KEY not in said(result)
    right = conftest.replace(', "wrong": 1', "")
    result = run(
        FOUR, "--showlocals", "-vv", "--setup-show", "--junitxml=junit.xml", conftest=right
    )
    result.assert_outcomes(passed=2, failed=2)
    assert KEY not in said(result)
    for path in pytester.path.rglob("*"):
        if path.is_file() and path.name != "conftest.py" and path.suffix != ".pyc":
            assert KEY not in path.read_text("utf-8"), path


OPTIONS = f"""
    import pytest

    @pytest.fixture(scope="session")
    def cekura_client_options():
        {{}} {{{{"api_key": "{KEY}", "recover_for": 0}}}}
"""
SHOWING = """
    import pytest

    @pytest.fixture(scope="session")
    def cekura_client_options(cekura_client_options):
        return {**cekura_client_options, "recover_for": 1}

    def test_shown(cekura_client_options):
        assert cekura_client_options == {"api_key": "other"}

    def test_key(cekura_client_options):
        assert cekura_client_options["api_key"] == "other"

    @pytest.mark.cekura_voice(scenarios=[101])
    def test_call(cekura_run, cekura_client_options):
        assert not cekura_run
"""


@pytest.mark.parametrize("how", ["return", "yield"])
def test_the_key_in_the_options_is_shown_nowhere(
    run: Run,
    sandbox: Sandbox,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """Neither as a local, nor in a comparison, nor in the log of --debug, whoever gave it. It works."""
    monkeypatch.delenv("CEKURA_API_KEY")
    show = ["-vv", "--showlocals", "--setup-show", "--debug=debug.log", "--junitxml=junit.xml"]
    result = run(SHOWING, *show, "-rA", "--full-trace", conftest=OPTIONS.format(how))
    result.assert_outcomes(failed=3)
    assert sandbox.launches == 1
    assert said(result).count("'api_key': ApiKey(***)") >= 3
    assert KEY not in said(result)
    for name in ("debug.log", "junit.xml"):
        assert KEY not in (pytester.path / name).read_text("utf-8")


# Does something in the main thread once the server has accepted a launch, but has not answered.
IN_THE_MIDDLE = """
    import os
    import pytest
    import signal
    import threading
    import time
    import urllib.request

    def too_slow(*_):
        pytest.fail("too slow")

    def wait():
        url = os.environ["CEKURA_API_URL"] + "/_sandbox/state"
        while b'"launches": 1' not in urllib.request.urlopen(url).read():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.%s)

    def pytest_runtestloop():
        signal.signal(signal.SIGUSR1, too_slow)
        threading.Thread(target=wait, daemon=True).start()
"""


def test_a_test_timeout_during_a_launch_keeps_the_launch(
    run: Run, sandbox: Sandbox, pytester: pytest.Pytester
) -> None:
    """As by pytest-timeout. The next test finds the launch."""
    sandbox.faults.add(operation="launch", slow=3)
    pytester.makeconftest(IN_THE_MIDDLE % "SIGUSR1")
    pytester.makepyfile(test_it=FOUR)
    result = pytester.runpytest_subprocess(*STRICT)
    result.assert_outcomes(passed=1, failed=2, errors=1)
    assert "too slow" in said(result)
    assert len(sent(sandbox)) == 1


def test_locals_of_an_interrupted_launch_are_not_shown(
    run: Run, sandbox: Sandbox, pytester: pytest.Pytester
) -> None:
    """The frames it was in hold the key, whatever is hidden elsewhere."""
    broken = """
    from httpcore._backends.sync import SyncStream

    @pytest.fixture(autouse=True)
    def broken(monkeypatch):
        def write(self, buffer, timeout=None):
            pytest.fail("too slow")

        monkeypatch.setattr(SyncStream, "write", write)
    """
    show = ["-vv", "--showlocals", "--full-trace", "--junitxml=junit.xml"]
    result = run(FOUR + broken, *show, "-k", "101-1", conftest=HURRIED)
    result.assert_outcomes(errors=1)
    assert "too slow" in said(result)
    assert KEY not in said(result) + (pytester.path / "junit.xml").read_text("utf-8")


def test_ctrl_c_while_it_launches_is_not_lost(sandbox: Sandbox, pytester: pytest.Pytester) -> None:
    """The last line has the id, or the name by which to look, and the record."""
    sandbox.faults.add(operation="launch", slow=3)
    pytester.makeconftest(IN_THE_MIDDLE % "SIGINT")
    pytester.makepyfile(test_it=FOUR)
    result = pytester.runpytest_subprocess(*STRICT, "--showlocals", "--full-trace")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert KEY not in said(result)
    recording, last = (line for line in result.outlines if line.startswith("cekura: "))
    if "result 7001" not in last:
        assert "a voice launch may be running and may be billed; look for a result named" in last
        assert recording.rpartition(" ")[2] in last
        [record] = LaunchRecord(recording.rpartition(" ")[2]).launches()
        assert f"{record.name!r}" in last


def test_an_id_that_an_interruption_carries_is_not_lost(run: Run, sandbox: Sandbox) -> None:
    """The record was cut off, and a websocket launch cannot be looked up; but its id is known."""
    whole = LaunchRecord.append

    def cut_off(record: LaunchRecord, line: dict[str, Any]) -> None:
        if "outcome" not in line:
            return whole(record, line)
        patch.undo()
        pytest.fail("too slow")

    suite = """
        import pytest

        @pytest.mark.cekura_websocket(agent=12, scenarios=[(101, None)], frequency=2)
        def test_chat(cekura_run):
            pass
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LaunchRecord, "append", cut_off)
        result = run(suite)
    result.assert_outcomes(passed=1, errors=1)
    assert "cekura: result 7001 (websocket): completed, 2 of 2 runs passed" in said(result)
    assert len(sent(sandbox)) == 1


def test_server_texts_never_become_ci_commands(run: Run, sandbox: Sandbox) -> None:
    """In reasons, names, refusals, and errors that a test or a fixture raises."""
    evil = "fine\n::add-mask::a\n  ::error::b\n##[error]c"
    fields: dict[str, Any] = {"error_message": evil, "scenario_name": evil, "status": evil}
    answer(sandbox, one(1, **fields), one(2, 102, **fields), status="completed")
    sandbox.faults.add(operation="launch", nth=2, status=402, body={"detail": evil})
    suite = """
        import pytest
        from cekura_client import CekuraError

        @pytest.fixture
        def broken(cekura_result):
            error = CekuraError(cekura_result.runs[0].error_message)
            error.add_note(cekura_result.runs[0].error_message)
            raise error

        @pytest.mark.cekura_voice(scenarios=[101])
        class TestIt:
            def test_run(self, cekura_run):
                pass

            def test_result(self, cekura_result):
                cekura_result.raise_unless_passed()

            def test_broken(self, broken):
                pass

        @pytest.mark.cekura_voice(scenarios=[103])
        def test_refused(cekura_run):
            pass
    """
    result = run(suite, "-vv", "--showlocals", "-rA", conftest=HURRIED)
    result.assert_outcomes(failed=2, errors=2)
    for line in said(result).splitlines():
        assert not line.lstrip().startswith("::")
        assert not line.removeprefix("E").lstrip().startswith("::")
        assert "##[" not in line


# What is told


@pytest.mark.parametrize("quiet", [False, True])
def test_the_id_is_printed_at_once_and_at_the_end(run: Run, quiet: bool) -> None:
    """Past the capturing of output and on lines of their own; with how many runs passed."""
    lines = said(run(SHARED, *["-q"][:quiet])).splitlines()
    first = lines.index("cekura: voice launch accepted: result 7001")
    assert "cekura: vapi_webrtc launch accepted: result 7002" in lines
    failures = next(place for place, line in enumerate(lines) if "FAILURES" in line)
    last = lines.index("cekura: result 7001 (voice): completed, 1 of 2 runs passed")
    assert first < failures < last


def test_a_report_has_the_ids(run: Run, pytester: pytest.Pytester) -> None:
    """As properties of each test in a junit.xml."""
    run(FOUR, "--junitxml=junit.xml")
    tests = ElementTree.parse(pytester.path / "junit.xml").findall(".//testcase")
    properties = [{p.get("name"): p.get("value") for p in test.iter("property")} for test in tests]
    assert [found["cekura_result_id"] for found in properties] == ["7001"] * 4
    assert sorted({str(found["cekura_run_id"]) for found in properties}) == [
        "310001",
        "310002",
        "310003",
        "310004",
    ]


def test_an_interrupted_launch_is_not_lost(pytester: pytest.Pytester) -> None:
    """After Ctrl-C during a wait, the id was printed, even into a pipe, and is printed again."""
    pytester.makepyfile(FOUR)
    with Sandbox(pace=60) as sandbox:
        # A signal while a connection is being made may leave its socket to the garbage collector.
        unclosed = ["-W", "ignore::pytest.PytestUnraisableExceptionWarning"]
        process = subprocess.Popen(
            as_a_shell(sys.executable, "-m", "pytest", *STRICT, *unclosed),
            env={**os.environ, "CEKURA_API_URL": sandbox.url, "CEKURA_API_KEY": "sandbox-key"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        for line in process.stdout:
            if line == "cekura: voice launch accepted: result 7001\n":
                process.send_signal(signal.SIGINT)
                break
        rest = process.communicate(timeout=30)[0]
        assert sandbox.launches == 1
    assert (
        "cekura: result 7001 (voice): stopped waiting before it finished; its runs may still be running"
        in rest
    )
    assert process.returncode == pytest.ExitCode.INTERRUPTED


# Several processes


def test_workers_share_a_launch(run: Run, sandbox: Sandbox) -> None:
    """With pytest-xdist the tests come out as without, and their launches are paid for once."""
    result = run(SHARED, "-n2")
    result.assert_outcomes(passed=6, failed=1)
    assert sorted(map(str, sent(sandbox))) == ["[101, 102]", "[103]", "[104]"]
    assert "cekura: result 7001 (v" in said(result)
    assert "accepted: result 7003" in result.stderr.str()


def test_workers_share_a_refusal(run: Run, sandbox: Sandbox) -> None:
    """If the API refuses one worker, no other worker asks again."""
    sandbox.faults.add(operation="launch", status=402, body={"detail": "Balance too low"})
    result = run(FOUR, "-n2")
    result.assert_outcomes(errors=4)
    assert said(result).count("Balance too low") >= 4
    assert len(sandbox.requests) == 1


# Ends the worker that launches, once the server has accepted.
KILLED = """
    import os
    import threading
    import time
    import urllib.request
    from cekura_client import Cekura

    def end():
        while b'"launches": 1' not in urllib.request.urlopen(STATE).read():
            time.sleep(0.02)
        os._exit(1)

    def killed(launch):
        def launching(self, checked):
            threading.Thread(target=end, daemon=True).start()
            return launch(self, checked)
        return launching

    STATE = os.environ["CEKURA_API_URL"] + "/_sandbox/state"

    def pytest_configure(config):
        if hasattr(config, "workerinput"):
            Cekura.launch = killed(Cekura.launch)
"""


# Forks for each test, as pytest-forked does.
FORKED = """
    import json
    import os
    from _pytest.runner import runtestprotocol

    def pytest_runtest_protocol(item, nextitem):
        hook = item.ihook
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        reading, writing = os.pipe()
        if os.fork() == 0:
            reports = runtestprotocol(item, log=False, nextitem=nextitem)
            data = [
                {"nodeid": one.nodeid, "when": one.when, "outcome": one.outcome,
                 "longrepr": None if one.longrepr is None else str(one.longrepr)}
                for one in reports
            ]
            os.write(writing, json.dumps(data).encode())
            os._exit(0)
        os.close(writing)
        with open(reading, "rb") as pipe:
            data = json.loads(pipe.read() or "[]")
        os.wait()
        for one in data:
            from pytest import TestReport
            hook.pytest_runtest_logreport(report=TestReport(
                one["nodeid"], item.location, {}, one["outcome"], one["longrepr"], one["when"]
            ))
        return True
"""


@pytest.mark.parametrize("arguments", [[], ["-n2"], ["--basetemp=given"]])
def test_forked_children_share_a_launch(run: Run, sandbox: Sandbox, arguments: list[str]) -> None:
    """The directory is made before the first fork, so that each child finds the others' record."""
    result = run(FOUR, *arguments, "-v", "-rA", conftest=FORKED)
    result.assert_outcomes(passed=2, failed=2)
    assert len(sent(sandbox)) == 1
    assert said(result).count("cekura: result 7001 (voice): completed, 2 of 4 runs passed") == 1


def test_after_a_failed_wait_no_other_child_waits(run: Run, sandbox: Sandbox) -> None:
    """Otherwise each test would wait as long again."""
    answer(sandbox, status="running")
    result = run(FOUR.replace("max_runs=4", "timeout=0.3"), conftest=FORKED)
    result.assert_outcomes(errors=4)
    assert said(result).count("result 7001 did not end within 0.3 s") >= 4
    assert "cekura: result 7001 (voice): stopped waiting before it finished" in said(result)
    assert len(sent(sandbox)) == 1
    assert len(sandbox.requests) < 5


AGAIN = """
    from _pytest.runner import runtestprotocol

    def pytest_runtest_protocol(item, nextitem):
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        runtestprotocol(item, log=False, nextitem=nextitem)
        item._initrequest()
        runtestprotocol(item, nextitem=nextitem)
        return True
"""


def test_a_test_that_is_run_again_does_not_launch_again(
    run: Run, sandbox: Sandbox, pytester: pytest.Pytester
) -> None:
    """As with pytest-rerunfailures. The same run judges it, and it has each property once."""
    result = run(FOUR, "--junitxml=junit.xml", conftest=AGAIN)
    result.assert_outcomes(passed=2, failed=2)
    assert len(sent(sandbox)) == 1
    for test in ElementTree.parse(pytester.path / "junit.xml").findall(".//testcase"):
        names = [one.get("name") for one in test.iter("property")]
        assert sorted(map(str, names)) == ["cekura_result", "cekura_result_id", "cekura_run_id"]


def test_a_killed_worker_leaves_its_launch_to_the_others(run: Run, sandbox: Sandbox) -> None:
    """They find the launch by its name, and only the test that was killed has no outcome."""
    sandbox.faults.add(operation="launch", slow=3)
    result = run(FOUR, "-n2", conftest=KILLED)
    assert sandbox.launches == 1
    assert "voice launch found again: result 7001" in said(result)
    outcomes = result.parseoutcomes()
    assert outcomes["passed"] + outcomes["failed"] == 4
    assert said(result).count("run 3100") >= 1


def test_a_killed_launch_without_a_name_is_not_repeated(run: Run, sandbox: Sandbox) -> None:
    """The result of a websocket launch cannot be looked up: every test says so."""
    sandbox.faults.add(operation="launch", slow=3)
    suite = """
        import pytest

        @pytest.mark.cekura_websocket(agent=12, scenarios=[(101, None), (103, None)], frequency=2)
        def test_chat(cekura_run):
            pass
    """
    result = run(suite, "-n2", conftest=KILLED)
    assert sandbox.launches == 1
    result.assert_outcomes(failed=1, errors=3)
    assert "look on the dashboard for a result of agent 12" in said(result)


def test_sharing_needs_filelock(
    run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent, and the error says what to install."""
    monkeypatch.setitem(sys.modules, "filelock", None)
    result = run(FOUR)
    result.assert_outcomes(errors=4)
    assert "nothing was launched" in said(result)
    assert "pip install 'cekura-client[pytest]'" in said(result)
    assert sandbox.requests == []


# A worker of a controller that runs elsewhere, or that has no plugin.
WORKER = """
    def pytest_configure(config):
        config.workerinput = {"workerid": "gw0", **%s}
"""


@pytest.mark.parametrize(
    ("conftest", "arguments", "words"),
    [
        (WORKER % {"cekura_directory": ("/tmp/cekura-elsewhere", "")}, [], "on another machine"),
        (WORKER % {}, [], "this worker did not receive its path"),
        ("", ["-p", "no:tmpdir"], "-p no:tmpdir disables temporary directories"),
        ("", ["--basetemp=file/in/a/file"], "it cannot be created: "),
        (REMOVED, [], "was removed"),
    ],
)
def test_a_process_that_cannot_share_a_launch_sends_none(
    run: Run,
    sandbox: Sandbox,
    pytester: pytest.Pytester,
    conftest: str,
    arguments: list[str],
    words: str,
) -> None:
    """It could not know whether another process has sent it. The error says why."""
    (pytester.path / "file").touch()
    result = run(FOUR, *arguments, "-p", "no:xdist", conftest=conftest)
    result.assert_outcomes(errors=4)
    assert "nothing was launched, because the processes of this session cannot share" in said(
        result
    )
    assert words in said(result)
    assert sandbox.requests == []


def test_processes_agree_on_the_key_of_a_launch() -> None:
    """Even if a set of texts has a different order in each."""
    ab, ba, other = (
        LaunchSpec("node", KINDS["run_voice"].check({"tags": tags}), 60)
        for tags in (["a", "b"], ["b", "a"], ["a"])
    )
    assert ab.key == ba.key
    assert ab.key != other.key


# Whoever does not use it


def test_the_plugin_does_nothing_without_markers() -> None:
    """Loading it imports only pytest and its own modules."""
    heavy = "httpx, attrs, attr, msgspec, typer, rich, starlette, filelock, cekura_api"
    script = f"""
import sys
import cekura_client.pytest_plugin.hooks
ours = sorted(name for name in sys.modules if name.startswith("cekura_client"))
heavy = sorted(set("{heavy}".split(", ")) & set(sys.modules))
print(ours, heavy)
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    plugin = ["", ".hooks", ".names", ".session"]
    names = ["", *(f".pytest_plugin{name}" for name in plugin), ".version"]
    assert done.stdout == f"{[f'cekura_client{name}' for name in names]} []\n"


@pytest.mark.parametrize(
    ("modules", "kept"),
    [(["", ".unsupported"], "()"), ([".hooks", ".fixtures"], '("StashKey",)')],
)
def test_it_needs_no_class_of_pytest(modules: list[str], kept: str) -> None:
    """Each version exports others, and an annotation that is evaluated would need them: loading the
    plugin would break every run of a pytest that lacks one."""
    script = f"""
import pytest
for name in pytest.__all__:
    if name[0].isupper() and name not in {kept}:
        delattr(pytest, name)
for module in {modules}:
    __import__("cekura_client.pytest_plugin" + module)
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_pytest_that_is_too_old_is_named(
    run: Run, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the tests that would launch. The others run as ever."""
    monkeypatch.setattr("cekura_client.pytest_plugin.OLDEST", 1000)
    result = run(SHARED)
    result.assert_outcomes(passed=1, errors=5)
    assert said(result).count("cekura-client needs pytest 1000 or newer; this is pytest ") >= 5
    assert sandbox.requests == []


def test_other_tests_are_not_affected(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suite that does not use it has the same report with it and without it."""
    monkeypatch.delenv("CEKURA_API_KEY", raising=False)
    pytester.makepyfile(
        test_it="""
            import sys
            import pytest

            @pytest.mark.parametrize("x", [1, 2])
            def test_it(x):
                assert x == 1

            def test_nothing_was_loaded():
                assert not {"httpx", "attrs", "msgspec", "cekura_client.client"} & {*sys.modules}
        """
    )
    # Not the plugins for this project's own tests, some of which import httpx.
    bare = ["-p", "no:httpx", "-p", "no:anyio", "-p", "no:hypothesispytest", "--no-header", "-vv"]
    reports: list[list[str]] = []
    for arguments in ([], ["-p", "no:cekura"]):
        done = pytester.run(sys.executable, "-m", "pytest", *STRICT, *bare, *arguments)
        done.assert_outcomes(passed=2, failed=1)
        reports.append(done.outlines[:-1])  # the last says how long it took
    assert reports[0] == reports[1]
