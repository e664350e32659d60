import gc
import sys
from asyncio import CancelledError
from collections.abc import Callable
from functools import partial
from itertools import count, product
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cekura_client
from cekura_client.core.interruption import (
    OngoingLaunch,
    interrupted_launch,
    ongoing_launch,
)
from cekura_client.core.launch_kinds import KINDS
from cekura_client.core.launches import Launch
from cekura_client.effects import Effect, Flow, Send
from cekura_client.operations.launching import launching, recovering
from cekura_client.record import LaunchRecord, RecordedLaunch
from cekura_client.wire.drivers import drive, drive_async
from scripts.simulate.__main__ import main
from scripts.simulate.actors import BEFORE, INSIDE, TASKS, THREADS, Actor, Pool, Process, perform
from scripts.simulate.checker import ENDLESS, TWICE, check
from scripts.simulate.choices import Plot, Streams, parsed, written
from scripts.simulate.fates import Answer
from scripts.simulate.mutants import MUTANTS, mutated
from scripts.simulate.story import folder, play, reduce, reduced
from scripts.simulate.tally import quiet, tell, until_found
from scripts.simulate.world import Call, World

# For these it takes more launches than belong here; `make simulate MUTANTS=1` tries all.
SLOW = {
    "408 refuses a launch",
    "a bad line hides all others",
    "a killed launch has no end",
    "a window without an end",
    "calls count as ended whatever the answer",
    "claims forget what is unsettled",
    "claims forget which results are taken",
    "half a line spoils the next",
    "messages are taken for UTF-8",
    "numbers of runs are not compared",
    "planned runs are forgotten",
    "scenarios are not compared",
    "the record forgets what is unsettled",
    "the record forgets when a lost launch ended",
    "the record forgets which results are taken",
    "the record is not consulted",
}


def test_a_thousand_launches_keep_every_promise() -> None:
    """Whatever the server, the network, the disk and the signals do."""
    tally = tell(1_000_000_000, 300)
    assert tally.launches > 900
    assert not tally.broken, str(tally) + "".join(
        f"\n\n{check}:\n{reduced(seed, check)}" for check, (seed, _) in tally.first.items()
    )


@pytest.mark.parametrize("mutant", sorted(MUTANTS.keys() - SLOW))
def test_a_rule_that_is_missing_is_found_out(mutant: str) -> None:
    """Else a simulation that finds nothing would say nothing."""
    tally, _ = until_found(mutant, seed=1, most=1000)
    assert tally.broken


def test_a_story_can_be_told_again_from_its_plot() -> None:
    """To the letter, so that what was found can be looked at."""
    with quiet(), folder() as place:
        for seed in range(20):
            first = play(place, seed=seed)
            again = play(place, replay=parsed(written(first.plot)))
            assert again.world.told == first.world.told


def _decisions(plot: Plot) -> int:
    """Those that are not the plainest."""
    return sum(number != 0 for made in plot.values() for number in made)


def test_what_breaks_a_promise_is_reduced_to_a_short_story(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And the command that is printed with it tells the same story."""
    mutant = "a launch is sent again after 503"
    tally, _ = until_found(mutant, seed=1, most=1000)
    seed, _ = tally.first[TWICE]
    with quiet(), folder() as place:
        whole = play(place, seed=seed)
    with quiet(), mutated(mutant):
        told = str(reduced(seed, TWICE))
    assert f"→ {TWICE}" in told
    plot = told.splitlines()[-1].partition("'")[2].rstrip("'")
    assert _decisions(parsed(plot)) < _decisions(whole.plot) / 2
    with mutated(mutant):
        assert main(["--replay", plot]) == 1
    assert capsys.readouterr().out == told + "\n"
    assert main(["--replay", plot]) == 0


@given(st.integers(), st.integers(1, 5), st.integers(0, 19), st.integers(1, 3))
def test_the_reducer_keeps_what_breaks_and_little_else(
    seed: int, streams: int, place: int, least: int
) -> None:
    """Here: one number of one stream that must not be too small."""
    chance = Random(seed)
    plot = {f"s{n}": tuple(chance.randrange(9) for _ in range(20)) for n in range(streams)}
    plot["s0"] = (*plot["s0"][:place], 8, *plot["s0"][place + 1 :])

    def breaks(attempt: Plot) -> bool:
        made = attempt.get("s0", ())
        return len(made) > place and made[place] >= least

    shortest = reduce(plot, breaks)
    assert breaks(shortest)
    assert shortest.keys() == {"s0"}
    assert sum(shortest["s0"]) < 2 * least


@given(
    st.dictionaries(
        st.sampled_from(["world", "P1", "P1'.1", "R2"]), st.lists(st.integers(0, 99), min_size=1)
    )
)
def test_a_plot_can_be_written_and_read(plot: dict[str, list[int]]) -> None:
    """For the command line."""
    assert parsed(written(plot)) == {name: tuple(made) for name, made in plot.items()}


def test_zeros_make_the_plainest_story() -> None:
    """So that a reduced story has only what it needs: nobody does anything."""
    with folder() as place:
        story = play(place)
    assert story.world.told == []
    assert story.findings == ()


class _Blocking(Actor):
    """Somebody who calls the library with the driver that blocks."""

    def __init__(self, process: Process, name: str) -> None:
        super().__init__(process, name)
        self._came: tuple[Any, BaseException | None] = None, None

    def resume(self, outcome: Any = None, failure: BaseException | None = None) -> None:
        self._came = outcome, failure

    def wait_for(self, effect: Effect) -> Any:
        """An effect, and all that happens until it is over."""
        self.begin(effect)
        self.world.run()
        outcome, failure = self._came
        if failure is not None:
            raise failure
        return outcome


LIBRARY = str(Path(cekura_client.__file__).parent)
HOW = INSIDE, KeyboardInterrupt
Launching = Callable[[OngoingLaunch], Flow[Launch]]


def _interrupted(
    process: Process, call: Call, flow: Launching, step: int, how: tuple[str, type[BaseException]]
) -> Any:
    """What leaves a flow, with the driver of this process, if it is interrupted at this step."""

    async def awaited() -> Any:
        try:
            with ongoing_launch() as ongoing:
                return await drive_async(flow(ongoing), perform)
        except BaseException as error:  # noqa: BLE001
            return error

    if process.shape == TASKS:
        actor = Actor(process, f"{process.name}.1", awaited())
        actor.call, actor.interruptions[step] = call, how
        actor.resume()
        process.world.run()
        return actor.outcome
    blocking = _Blocking(process, f"{process.name}.1")
    blocking.call, blocking.interruptions[step] = call, how
    try:
        with ongoing_launch() as ongoing:
            return drive(flow(ongoing), blocking.wait_for)
    except BaseException as error:  # noqa: BLE001
        return error


@pytest.mark.parametrize("recorded", [False, True], ids=["no record", "record"])
@pytest.mark.parametrize("lost", [False, True], ids=["answered", "lost"])
@pytest.mark.parametrize("shape", [THREADS, TASKS])
@pytest.mark.parametrize(
    "given",
    [
        {"agent_id": 12, "scenarios": [101]},
        {"agent_id": 12, "scenarios": [101], "name": "nightly"},
        {"agent": 12, "scenarios": [(101, "wss://a.example/x")], "frequency": 1},
    ],
    ids=["own name", "given name", "websocket"],
)
def test_an_interruption_at_any_effect_names_the_launch(
    tmp_path: Path, given: dict[str, Any], shape: str, lost: bool, recorded: bool
) -> None:
    """Before it, in the middle of it, while sending, looking up, and writing the record."""
    kinds = (CancelledError, GeneratorExit) if shape == TASKS else (KeyboardInterrupt,)
    operation = "run_websocket" if "agent" in given else "run_voice"
    steps = 0
    for number, (step, how) in enumerate(product(range(1, 40), product((BEFORE, INSIDE), kinds))):
        place = tmp_path / str(number)
        place.mkdir()
        world = World(Streams(replay={"P1.1": (0, 1)} if lost else {}), place)
        process = Process(world, "P1", shape, place / "record" if recorded else None)
        call = process.calling(operation, given)
        flow = partial(_launching, process, call)
        call.outcome = _interrupted(process, call, flow, step, how)
        assert check(world) == []
        if not call.interrupted:
            break
        assert isinstance(call.outcome, how[1])
        word = interrupted_launch(call.outcome)
        assert word is not None or not call.executed
        assert word is None or word.message in call.outcome.__notes__
        if recorded and call.executed:
            _recover_interrupted(world, place / "record", call, shape)
        steps = step
    assert steps >= 1 + recorded


class _SignalAt:
    """Ctrl-C at the line of the library that is executed as the n-th."""

    def __init__(self, line: int) -> None:
        self._left = line
        self.came = False

    def __enter__(self) -> Self:
        self._before = sys.gettrace()
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(LIBRARY) else None

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        self._left -= event == "line"
        if self._left == 0 and not self.came:
            self.came = True
            raise KeyboardInterrupt
        return self._line


# A file that is just opened when the signal comes is closed by nobody.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("lost", [False, True], ids=["answered", "lost"])
def test_a_signal_at_any_line_of_the_library_names_the_launch(tmp_path: Path, lost: bool) -> None:
    """Signals come between two effects as well: here at each line, one after the other."""
    lines = 0
    for line in count(1):
        place = tmp_path / str(line)
        place.mkdir()
        world = World(Streams(replay={"P1.1": (0, 1)} if lost else {}), place)
        process = Process(world, "P1", THREADS, place / "record")
        given = {"agent_id": 12, "scenarios": [101]}
        call = process.calling("run_voice", given)
        with _SignalAt(line) as signal:
            call.outcome = _interrupted(process, call, partial(_launching, process, call), 99, HOW)
        if not signal.came:
            break
        call.interrupted = True
        call.shown = False  # the signal may come before the answer is read
        assert check(world) == [], line
        lines += bool(call.executed)
    gc.collect()  # so that the warning comes here, and not in another test
    assert lines > 20


def _launching(process: Process, call: Call, ongoing: OngoingLaunch) -> Flow[Launch]:
    return launching(process.context, ongoing, KINDS[call.operation].check(call.given))


def _recover_interrupted(world: World, record: Path, call: Call, shape: str) -> None:
    """A process that looks for the launch is interrupted, too, at each effect."""
    (entry,) = LaunchRecord(record).launches()
    for step in range(1, 10):
        process = Process(world, f"P{step + 1}", shape, record)

        def flow(ongoing: OngoingLaunch, process: Process = process) -> Flow[Launch]:
            return recovering(process.context, ongoing, entry)

        again = process.calling(call.operation, call.given)
        outcome = _interrupted(process, again, flow, step, (INSIDE, KeyboardInterrupt))
        if not again.interrupted:
            break
        word = interrupted_launch(outcome)
        assert word is not None
        assert word.name == entry.name
        assert word.result_id in (None, call.executed[0].id)


def test_a_lookup_has_a_connection_of_its_own(tmp_path: Path) -> None:
    """On a shared one it may be given an earlier answer, whose date misleads it about the clock."""
    process = Process(World(Streams(), tmp_path), "P1", THREADS, None)
    entry = RecordedLaunch("t", "run_voice", process.context.base_url, began=0.0, name="nightly")
    pools: list[Pool] = []

    def connect() -> Pool:
        pools.append(Pool(process))
        return pools[-1]

    vars(process.sender)["_connect"] = connect
    process.arriving = Answer(200, raw=b'{"results": []}'), True
    with ongoing_launch() as ongoing:
        effect = next(recovering(process.context, ongoing, entry))
    assert isinstance(effect, Send)
    for _ in range(2):
        process.sender.perform(effect)
    assert len(pools) == 2


def test_a_story_without_an_end_is_a_finding(tmp_path: Path) -> None:
    """A wait that never ends would hang the simulation otherwise."""
    world = World(Streams(), tmp_path)

    def again() -> None:
        world.at(world.time + 1, again)

    again()
    world.run()
    assert [found.check for found in check(world)] == [ENDLESS]
