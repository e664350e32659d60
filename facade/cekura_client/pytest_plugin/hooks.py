"""The hooks and fixtures of the plugin. They import everything but pytest on first use."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from cekura_client.pytest_plugin.names import FIXTURES, OPTIONS, markers
from cekura_client.pytest_plugin.session import VERDICT, hand_over, make_directory, records

if TYPE_CHECKING:
    from cekura_client.core.results import Result
    from cekura_client.core.runs import Run

_SUMMARY: pytest.StashKey[list[str]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    for marker, kind in markers().items():
        line = f"{marker}(**arguments, timeout=3600): one launch, by Cekura.{kind.operation}"
        config.addinivalue_line("markers", line)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each run."""
    marked = any(mark.name in markers() for mark in metafunc.definition.own_markers)
    if marked or FIXTURES & {*metafunc.fixturenames}:
        from cekura_client.pytest_plugin.fixtures import parametrize

        parametrize(metafunc)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Create the directory of the session before a plugin forks this process for a test."""
    if any(FIXTURES & {*getattr(item, "fixturenames", ())} for item in session.items):
        make_directory(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Pass the directory of the session to a worker of pytest-xdist."""
    hand_over(node.config, node.workerinput)


@pytest.fixture(scope="session")
def cekura_client_options() -> dict[str, Any]:
    """Arguments of `Cekura`. Override this fixture to set them."""
    return {}


@pytest.fixture
def cekura_run(request: pytest.FixtureRequest) -> Run:
    """The run of this test. If the run did not pass, the test fails before its body runs."""
    from cekura_client.pytest_plugin.fixtures import run_of

    return run_of(request)


@pytest.fixture
def cekura_result(request: pytest.FixtureRequest) -> Result:
    """The result of the launch, not judged: see `Result.raise_unless_passed`."""
    from cekura_client.pytest_plugin.fixtures import result_of

    return result_of(request)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Generator[None, object, object]:
    """Hide the key in the options before pytest can show them."""
    value = yield
    if fixturedef.argname != OPTIONS:
        return value
    from cekura_client.pytest_plugin.shared_launch import hidden

    value = hidden(value)
    fixturedef.cached_result = (value, *fixturedef.cached_result[1:])
    return value


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Judge the run. Not in the fixture, whose exceptions count as errors, not as failures."""
    if verdict := item.stash.get(VERDICT, ""):
        pytest.fail(verdict, pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> None:
    """Make the text of an error harmless before pytest shows it."""
    # Without the client, no text is from a server.
    if call.excinfo is not None and "cekura_client.client" in sys.modules:
        from cekura_client.pytest_plugin.texts import make_harmless

        make_harmless(call.excinfo.value)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Summarise the launches of all processes while their records still exist."""
    if records(session.config):
        from cekura_client.pytest_plugin.shared_launch import summaries

        session.config.stash[_SUMMARY] = [*summaries(session.config)]


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print one line per launch."""
    for line in config.stash.get(_SUMMARY, ()):
        terminalreporter.write_line(f"cekura: {line}")
