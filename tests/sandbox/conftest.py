"""Sandboxes: one for all tests of a module, or new ones whose clock the test moves."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from cekura_client.sandbox import Sandbox
from tests.sandbox.support import Api, Clock


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Shared by a module's tests, as each stop takes a fifth of a second; runs end at once."""
    with Sandbox(pace=0) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def api(sandbox: Sandbox) -> Iterator[Api]:
    """A client of the module's sandbox."""
    api = Api(sandbox)
    with api.http:
        yield api


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def play(clock: Clock) -> Iterator[Callable[..., Api]]:
    """A client of a new sandbox with these arguments and the test's clock; a state lasts 10 s."""
    with ExitStack() as stack:

        def play(**arguments: Any) -> Api:
            arguments = {"pace": 10, "clock": clock, **arguments}
            sandbox = stack.enter_context(Sandbox(**arguments))
            api = Api(sandbox)
            stack.enter_context(api.http)
            return api

        yield play
