from time import monotonic

import pytest
from attrs import evolve

from cekura_client import LaunchNotSentError, LaunchOutcomeUnknownError
from tests.clients import KEY, EitherClient, FakeTime
from tests.hostile.cases import CASES, LAUNCH, Case
from tests.hostile.observe import TIMEOUTS, observe
from tests.hostile.server import byte_by_byte, reply
from tests.raw_server import RawServer, nobody_listening


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_each_case_has_the_same_outcome_in_both_modes(case: Case) -> None:
    """What the caller gets, how often the server was asked, and how long it took."""
    blocking, awaited = observe(case, "sync"), observe(case, "async")
    assert blocking == awaited
    assert blocking.outcome == case.outcome, blocking.message
    assert (blocking.posts, blocking.gets) == (case.posts, case.gets)
    assert blocking.seconds == pytest.approx(case.seconds)
    for text in case.says:
        assert text in blocking.message


def test_there_are_enough_cases_and_each_is_told_apart() -> None:
    """At least sixty, and no two of one name."""
    names = [f"{case.operation}: {case.what}" for case in CASES]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("status", [*range(300, 600)])
def test_no_status_makes_a_launch_leave_twice_unless_it_was_turned_away(status: int) -> None:
    """All of them, in the blocking mode; the policy is the same for both."""
    case = Case("", [reply(f"{status} X")], "", LAUNCH)
    seen = observe(case, "sync")
    assert seen.outcome.endswith("Error")
    assert seen.posts == (5 if status == 429 else 1)


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_port_where_nobody_listens(mode: str, time: FakeTime) -> None:
    """Tried five times; nothing was launched."""
    with nobody_listening() as port:
        url = f"http://127.0.0.1:{port}"
        client = EitherClient(mode, api_key=KEY, base_url=url, clock=time.clock)
        with pytest.raises(LaunchNotSentError, match="nothing was sent, nothing is billed"):
            client.run_voice(scenarios=[1])
        client.end()
    assert len(time.slept) == 4


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_an_answer_that_trickles_in_is_given_up_in_time(mode: str, time: FakeTime) -> None:
    """Each byte comes soon enough, but the whole would take for ever."""
    slow = byte_by_byte(b"HTTP/1.1 201 C\r\n\r\n" + b" " * 2_000, 0.01)
    clock = evolve(time.clock, monotonic=monotonic)
    with RawServer([slow]) as server:
        client = EitherClient(
            mode, api_key=KEY, base_url=server.url, clock=clock, timeouts=TIMEOUTS
        )
        began = monotonic()
        with pytest.raises(LaunchOutcomeUnknownError, match="no answer in time"):
            client.run_websocket(scenarios=[(1, None)], frequency=1)
        client.end()
        assert monotonic() - began < 15
        assert len(server.requests) == 1
