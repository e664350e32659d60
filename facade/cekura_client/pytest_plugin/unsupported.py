"""The plugin for unsupported versions of pytest: its own tests fail with the reason, others still run."""

from __future__ import annotations

from typing import NoReturn

import pytest

from cekura_client.pytest_plugin import OLDEST
from cekura_client.pytest_plugin.names import markers


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, so that --strict-markers does not stop the run."""
    for marker in markers():
        config.addinivalue_line("markers", f"{marker}(): needs pytest {OLDEST} or newer")


@pytest.fixture
def cekura_run() -> NoReturn:
    """Fail with the reason."""
    _refuse()


@pytest.fixture
def cekura_result() -> NoReturn:
    """Fail with the reason."""
    _refuse()


def _refuse() -> NoReturn:
    pytest.fail(
        f"the pytest plugin of cekura-client needs pytest {OLDEST} or newer; this is pytest "
        f"{pytest.__version__}. Nothing was launched; pip install 'cekura-client[pytest]'",
        pytrace=False,
    )
