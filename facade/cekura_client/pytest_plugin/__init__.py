"""Evaluators as tests: a pytest plugin, loaded by itself where the package is installed.

::

    import pytest

    @pytest.mark.cekura_voice(agent_id=12, scenarios=[101, 102], frequency=2, max_runs=10)
    def test_booking(cekura_run):
        assert cekura_run.duration < "05:00"

This is one launch of four runs, and four tests: ``test_booking[101-1]``, ``[101-2]``, ``[102-1]``,
``[102-2]``. Each fails with the server's reasons if its run did not pass; the body of the test is
entered only with a run that passed. The second run of a scenario is that with the second lowest id.

There is a marker for each `run_…` method of `Cekura`, with its arguments: `cekura_voice` for `run_voice`,
and so on. Another argument is ``timeout``: the seconds to wait, 3600 by default. On a class, or as ``pytestmark`` of a module, a marker is one launch for all tests below
it. If there is one on the function and one on its class, that of the function counts.

Fixtures, to be named as arguments or by ``usefixtures``:

- `cekura_run`: the `Run` of the test. The scenarios must be given as a list of ids, since the tests
  are made before anything is sent.
- `cekura_result`: the whole `Result`, with tags, a folder, `first` and "all" as well. Nothing is judged: the
  test says ``cekura_result.raise_unless_passed()``, or what else it wants.
- `cekura_client_options`: override it to give arguments to `Cekura`. The key and the address come
  from CEKURA_API_KEY and CEKURA_API_URL.

What is sent when: nothing while tests are collected. A launch is sent when the first of its tests
begins, and never again in that session, whatever comes of it. Of the scenarios it names only those
that a selected test of `cekura_run` needs, so that ``-k 101``, ``--lf`` or the id of a test cost no
more than they must; all of them if a selected test uses `cekura_result`. Since a scenario always runs
as often as the launch says, a test may pass beside a run that failed but was not selected.

With pytest-xdist all workers of this machine share one launch (this needs filelock, which the extra
``cekura-client[pytest]`` brings). Each launch is recorded in the base temporary directory of the
session, as by ``Cekura(record=…)``; if a worker dies, another finds the launch there or looks it up,
and does not send it again.

The id of a result is printed when the launch is accepted, and again at the end. A junit.xml has it, and
the id of the run, among the properties of a test.
"""

import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from cekura_client.pytest_plugin.names import FIXTURES, OUTCOME, VERDICT, markers

if TYPE_CHECKING:
    from cekura_client.core.results import Result
    from cekura_client.core.runs import Run

# Whatever needs more than pytest is imported where it is used: this module is loaded by every pytest
# run on the machine, and most have nothing to do with it.


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    for marker, kind in markers().items():
        line = f"{marker}(**arguments, timeout=3600): one launch, by Cekura.{kind.operation}"
        config.addinivalue_line("markers", line)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each run."""
    marked = any(mark.name in markers() for mark in metafunc.definition.own_markers)
    if marked or FIXTURES & {*metafunc.fixturenames}:
        from cekura_client.pytest_plugin.fixtures import parametrize

        parametrize(metafunc)


@pytest.fixture(scope="session")
def cekura_client_options() -> dict[str, Any]:
    """The arguments of `Cekura`; define a fixture of this name to give some."""
    return {}


@pytest.fixture
def cekura_run(request: pytest.FixtureRequest) -> "Run":
    """The run of this test. The test fails, before its body is entered, if it did not pass."""
    from cekura_client.pytest_plugin.fixtures import run_of

    return run_of(request)


@pytest.fixture
def cekura_result(request: pytest.FixtureRequest) -> "Result":
    """The result of the launch. Nothing is judged: see `Result.raise_unless_passed`."""
    from cekura_client.pytest_plugin.fixtures import result_of

    return result_of(request)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Judge the run. Here, since what is raised by a fixture is an error and no failure."""
    verdict = item.stash.get(VERDICT, None)
    if verdict:
        pytest.fail(verdict, pytrace=False)
    try:
        return (yield)
    except Exception as error:
        if verdict is not None:
            from cekura_client.pytest_plugin.texts import make_harmless

            make_harmless(error)
        raise


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """One line for each launch. The tests say it, also those of other processes."""
    said = {
        value: None
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == OUTCOME
    }
    # Nothing was launched by this process where this was not even imported.
    if attempts := sys.modules.get(f"{__name__}.attempts"):
        said |= dict.fromkeys(attempts.summaries(config))
    for line in said:
        terminalreporter.write_line(f"cekura: {line}")
