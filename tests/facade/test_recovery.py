"""A launch whose answer was lost is never taken for another; single cases are in ../hostile."""

from collections.abc import Iterator

import pytest

from cekura_client import LaunchOutcomeUnknownError
from cekura_client.operations.claims import claims_for
from tests.clients import KEY, EitherClient, FakeTime
from tests.hostile.server import accept, close_silently, list_of, reply
from tests.raw_server import RawServer

_NIGHTLY = {"id": 7, "name": "Nightly", "agent": 12, "created_at": "2023-11-14T22:30:01Z"}


@pytest.fixture
def lossy() -> Iterator[RawServer]:
    """The first launch is accepted as result 7, the second is lost; the list knows result 7 only."""
    with RawServer([accept(), close_silently, list_of(_NIGHTLY)]) as server:
        yield server


def test_a_result_that_was_reported_once_is_nobody_elses(
    lossy: RawServer, mode: str, time: FakeTime
) -> None:
    """Two launches of one name in a row; the second never ran, and is not called result 7."""
    client = EitherClient(mode, api_key=KEY, base_url=lossy.url, clock=time.clock)
    first = client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
    with pytest.raises(LaunchOutcomeUnknownError) as caught:
        client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
    client.end()
    assert first.result_id == 7
    assert [candidate.result_id for candidate in caught.value.candidates] == [7]
    assert caught.value.name == "Nightly"


@pytest.mark.parametrize("other", [12, None])
def test_while_another_launch_of_the_name_is_open_nobody_can_tell(
    other: int | None, mode: str, time: FakeTime
) -> None:
    """The one result could be either's, so both are unknown rather than one of them wrong."""
    with RawServer([reply("500 X"), list_of(_NIGHTLY)]) as server:
        client = EitherClient(mode, api_key=KEY, base_url=server.url, clock=time.clock)
        claims_for(server.url).begin("other", "Nightly", other)
        with pytest.raises(LaunchOutcomeUnknownError):
            client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
        client.end()


def test_a_launch_of_the_name_for_another_agent_is_no_obstacle(mode: str, time: FakeTime) -> None:
    """Its result would have the other agent."""
    with RawServer([reply("500 X"), list_of(_NIGHTLY)]) as server:
        client = EitherClient(mode, api_key=KEY, base_url=server.url, clock=time.clock)
        claims_for(server.url).begin("other", "Nightly", 13)
        launch = client.run_voice(scenarios=[1], agent_id=12, name="Nightly")
        client.end()
    assert (launch.result_id, launch.recovered) == (7, True)


def test_recovery_can_be_switched_off(mode: str, time: FakeTime) -> None:
    """Then the error says what to look for."""
    with RawServer([reply("500 X")]) as server:
        client = EitherClient(
            mode, api_key=KEY, base_url=server.url, clock=time.clock, recover_for=0
        )
        with pytest.raises(LaunchOutcomeUnknownError, match="Look for a result named 'Nightly'"):
            client.run_voice(scenarios=[1], name="Nightly")
        client.end()
        assert len(server.requests) == 1


def test_the_time_for_recovery_can_be_set(mode: str, time: FakeTime) -> None:
    """Ten seconds of looking, and no more."""
    with RawServer([reply("500 X"), list_of()]) as server:
        client = EitherClient(
            mode, api_key=KEY, base_url=server.url, clock=time.clock, recover_for=10
        )
        with pytest.raises(LaunchOutcomeUnknownError, match="Looked for 10 s"):
            client.run_voice(scenarios=[1])
        client.end()
    assert sum(time.slept) == pytest.approx(10)
