"""A pytest fixture: in a conftest.py, ``pytest_plugins = ["cekura_client.sandbox.fixtures"]``."""

from collections.abc import Iterator
from typing import Any

import pytest

from cekura_client.sandbox import Sandbox


@pytest.fixture
def cekura_sandbox_options() -> dict[str, Any]:
    """Arguments of `cekura_sandbox`. Override this fixture to change them."""
    return {"pace": 0}


@pytest.fixture
def cekura_sandbox(cekura_sandbox_options: dict[str, Any]) -> Iterator[Sandbox]:
    """A running sandbox of the test's own; by default, its runs end at once."""
    with Sandbox(**cekura_sandbox_options) as sandbox:
        yield sandbox
