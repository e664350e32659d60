"""A pytest fixture: in a conftest.py, ``pytest_plugins = ["cekura_client.sandbox.fixtures"]``."""

from collections.abc import Iterator
from typing import Any

import pytest

from cekura_client.sandbox import Sandbox


@pytest.fixture
def cekura_sandbox_options() -> dict[str, Any]:
    """The arguments of `cekura_sandbox`; define a fixture of this name to give others."""
    return {"pace": 0}


@pytest.fixture
def cekura_sandbox(cekura_sandbox_options: dict[str, Any]) -> Iterator[Sandbox]:
    """A running sandbox of the test's own; unless told otherwise, its runs end at once."""
    with Sandbox(**cekura_sandbox_options) as sandbox:
        yield sandbox
