"""Fixtures that all tests share."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.clients import KEY, EitherClient, FakeTime
from tests.raw_server import RawServer

# How long an example takes depends on the machine; what comes out does not.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture(params=["sync", "async"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def connect(mode: str, time: FakeTime) -> Iterator[Callable[[str], EitherClient]]:
    """Makes a client for an address, in the mode under test, on the fake clock."""
    clients: list[EitherClient] = []

    def make(base_url: str) -> EitherClient:
        client = EitherClient(mode, api_key=KEY, base_url=base_url, clock=time.clock)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.end()


@pytest.fixture
def server() -> Iterator[RawServer]:
    with RawServer() as raw:
        yield raw
