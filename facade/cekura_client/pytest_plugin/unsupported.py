"""What the plugin is with a pytest that is too old: its tests fail and say why, others do not notice."""

from __future__ import annotations

from typing import NoReturn

import pytest

from cekura_client.pytest_plugin import OLDEST
from cekura_client.pytest_plugin.names import markers


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, so that --strict-markers does not stop the whole run."""
    for marker in markers():
        config.addinivalue_line("markers", f"{marker}(): needs pytest {OLDEST} or newer")


@pytest.fixture
def cekura_run() -> NoReturn:
    """Fails."""
    _refuse()


@pytest.fixture
def cekura_result() -> NoReturn:
    """Fails."""
    _refuse()


def _refuse() -> NoReturn:
    pytest.fail(
        f"the pytest plugin of cekura-client needs pytest {OLDEST} or newer; this is pytest "
        f"{pytest.__version__}. Nothing was launched; pip install 'cekura-client[pytest]'",
        pytrace=False,
    )
