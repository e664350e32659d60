"""Fixtures that all tests share."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.clients import KEY, EitherClient, FakeTime
from tests.measured import measure_no_more
from tests.raw_server import RawServer

# How long an example takes depends on the machine; what comes out does not.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


# Of a table that is marked `table_in`, so many rows are passed by until one is run in the other mode.
_EVERY = 8


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a table that is marked `table_in`, run a sample in the other mode."""
    rows: Counter[str] = Counter()
    left_out: list[pytest.Item] = []
    for item in items:
        marker = item.get_closest_marker("table_in")
        assert isinstance(item, pytest.Function)
        mode = item.callspec.params.get("mode") if hasattr(item, "callspec") else None
        if marker is None or mode in (None, *marker.args):
            continue
        table = item.nodeid.partition("[")[0]
        if rows[table] % _EVERY:
            left_out.append(item)
        rows[table] += 1
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(scope="session", autouse=True)
def _measured() -> None:
    """Not before the workers have started, which are measured."""
    measure_no_more()


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
