"""When calls begin: by rate, by the launch's own limit, and by the account's."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client.sandbox import Outcome, Script
from cekura_client.sandbox.world.schedule import Queue, Schedule
from tests.sandbox.support import Api, Clock

Play = Callable[..., Api]


def _began(api: Api, number: int) -> int:
    """How many runs are beyond the queue."""
    runs = api.result(number)["runs"].values()
    return sum(run["status"] not in ("pending", "in_queue") for run in runs)


def _counted(api: Api, clock: Clock, number: int, seconds: list[float]) -> list[int]:
    counts: list[int] = []
    for step in seconds:
        clock.now += step
        counts.append(_began(api, number))
    return counts


def test_five_calls_a_second_begin_at_pace_one(play: Play, clock: Clock) -> None:
    """After the two seconds that each run is pending and queued."""
    api = play(pace=1)
    number = api.start(scenarios=[101], frequency=12)["id"]
    # Calls last a second, so that the account's limit of ten is not met.
    assert _counted(api, clock, number, [1.9, 0.15, 0.2, 0.8, 1.0]) == [0, 1, 2, 6, 11]


def test_concurrent_calls_stay_below_the_limit_of_the_launch(play: Play, clock: Clock) -> None:
    """`concurrency_limit` holds whatever the account has."""
    api = play(pace=10)
    number = api.start(scenarios=[101], frequency=5, concurrency_limit=2)["id"]
    assert _counted(api, clock, number, [20, 9, 1, 9, 3]) == [1, 2, 3, 4, 5]


def test_concurrent_calls_stay_below_the_limit_of_the_account(play: Play, clock: Clock) -> None:
    """Ten; who comes later waits, and calls that were ended make room."""
    api = play(pace=10, outcomes={7: Outcome.STUCK})
    stuck = api.start(scenarios=[7], frequency=10)["id"]
    clock.now += 100
    other = api.start(scenarios=[101])["id"]
    clock.now += 100
    assert (_began(api, stuck), _began(api, other)) == (10, 0)
    assert api.result(other)["status"] == "in_progress"
    api.end_calls(stuck)
    assert _began(api, other) == 1
    assert api.result(stuck)["status"] == "cancelled"


def test_a_waiting_call_is_cancelled_unconnected(play: Play, clock: Clock) -> None:
    """Ended calls were connected if they had begun; the others never begin."""
    api = play(pace=10)
    number = api.start(scenarios=[101], frequency=3, concurrency_limit=1)["id"]
    clock.now += 25
    api.end_calls(number)
    clock.now += 500
    result = api.result(number)
    assert [run["status"] for run in result["runs"].values()] == ["cancelled"] * 3
    assert len(result["connected_runs"]) == 1
    assert len(result["not_connected_runs"]) == 2


def test_a_result_moves_by_reads(play: Play, clock: Clock) -> None:
    """Each time it is read, in the list too, and not with time."""
    api = play(by_reads=True, pace=1)
    number = api.start()["id"]
    clock.now += 1000
    statuses = [api.result(number)["status"] for _ in range(3)]
    statuses += [api.listed()["results"][0]["status"], api.result(number)["status"]]
    assert statuses == ["pending", "in_progress", "running", "evaluating", "completed"]


def test_calls_are_ended_between_two_reads(play: Play) -> None:
    """What had not ended at the last read is cancelled at the next."""
    api = play(by_reads=True, pace=2)
    number = api.start()["id"]
    assert [api.result(number)["status"] for _ in range(5)][-1] == "running"
    api.end_calls(number)
    assert [api.result(number)["status"] for _ in range(9)] == ["cancelled"] * 9


def test_an_unknown_status_is_passed_through(play: Play, clock: Clock) -> None:
    """Between evaluation and the end."""
    api = play(outcomes={101: {"passes_through": "under_review"}})
    number = api.start()["id"]
    clock.now += 45
    result = api.result(number)
    assert result["status"] == "under_review"
    assert [run["status"] for run in result["runs"].values()] == ["under_review"]
    clock.now += 10
    assert api.result(number)["status"] == "completed"


_launches = st.lists(
    st.tuples(
        st.integers(0, 20),  # when it comes
        st.integers(1, 8),  # calls
        st.none() | st.integers(1, 3),  # its own limit
    ),
    min_size=1,
    max_size=5,
)


@given(_launches, st.none() | st.integers(1, 5), st.integers(0, 3), st.integers(1, 9), st.data())
def test_limits_hold_and_no_call_waits_needlessly(
    launches: list[tuple[int, int, int | None]],
    places: int | None,
    interval: int,
    length: int,
    data: st.DataObject,
) -> None:
    """At every moment; and it does not matter how often somebody looks."""
    coming = sorted(launches, key=lambda launch: launch[0])
    looks = data.draw(st.lists(st.integers(0, 200), max_size=5))
    schedule, queues = Schedule(places), list[Queue]()
    moments = sorted([(at, 1) for at in looks] + [(launch[0], 0) for launch in coming])
    waiting = iter(coming)
    for now, look in moments:
        schedule.advance(now)
        if not look:
            _, calls, limit = next(waiting)
            queues.append(Queue(float(now), [float(length)] * calls, interval, limit))
            schedule.add(queues[-1])
    schedule.advance(10_000)
    began = [[float(t) for t in queue.began if t is not None] for queue in queues]
    assert [len(times) for times in began] == [calls for _, calls, _ in coming]
    every = sorted(t for times in began for t in times)
    for (at, _, limit), times in zip(coming, began, strict=True):
        assert times == sorted(times)
        assert times[0] >= at
        assert all(b - a >= interval for a, b in itertools.pairwise(times))
        for moment in times:
            own = sum(t <= moment < t + length for t in times)
            assert own <= (limit or own)
    for moment in every:
        going_on = sum(t <= moment < t + length for t in every)
        assert going_on <= (places or going_on)
    for (at, _, limit), times in zip(coming, began, strict=True):
        for index, moment in enumerate(times):
            earliest = float(at) if index == 0 else max(at, times[index - 1] + interval)
            if moment > earliest:  # it waited: until this moment one of the limits was met
                before = moment - 0.5
                own = sum(t <= before < t + length for t in times)
                all_ = sum(t <= before < t + length for t in every)
                assert own == limit or all_ == places


@pytest.mark.parametrize("ending", [Script(turns=3000), {"turns": 3000}])
def test_a_transcript_may_be_long(play: Play, ending: Any) -> None:
    """As long as the script says."""
    api = play(pace=0, outcomes={101: ending})
    (run,) = api.result(api.start()["id"])["runs"].values()
    assert len(run["transcript_object"]) == 3000
