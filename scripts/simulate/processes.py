"""What happens in a story: processes that launch, wait, recover and end calls, and rivals of theirs."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from cekura_client.core.interruption import OngoingLaunch, ongoing_launch
from cekura_client.core.launch_kinds import KINDS
from cekura_client.core.launches import Launch
from cekura_client.core.polling import Polling
from cekura_client.effects import Flow
from cekura_client.errors import LaunchOutcomeUnknownError
from cekura_client.operations.launching import launching, recovering
from cekura_client.operations.results import ending_calls, reading
from cekura_client.operations.waiting import waiting, waiting_all
from cekura_client.record import LaunchRecord
from cekura_client.wire.drivers import iterate_async
from scripts.simulate.actors import BEFORE, INSIDE, TASKS, THREADS, Actor, Process, perform
from scripts.simulate.choices import Choices
from scripts.simulate.world import BEGIN, Seen, World

NAME = "nightly"
_VOICE = {"agent_id": 12, "scenarios": [101]}
# Of one name, these differ in one thing each; those of a tag could be any.
LAUNCHES: tuple[tuple[int, tuple[str, dict[str, Any]] | None], ...] = (
    (1, None),
    (10, ("run_voice", _VOICE)),
    (10, ("run_voice", {**_VOICE, "name": NAME})),
    (2, ("run_voice", {**_VOICE, "name": NAME, "agent_id": 13})),
    (2, ("run_voice", {**_VOICE, "name": NAME, "scenarios": [102]})),
    (2, ("run_voice", {**_VOICE, "name": NAME, "frequency": 4})),
    (1, ("run_voice", {"agent_id": 12, "tags": ["a"], "name": NAME})),
    (1, ("run_voice", {"scenarios": [101], "name": NAME})),
    (3, ("run_voice", {**_VOICE, "frequency": 4})),
    (3, ("run_vapi_webrtc", {**_VOICE, "vapi_assistant_id": "a"})),
    (
        2,
        ("run_websocket", {"agent": 12, "scenarios": [(101, "wss://a.example/x")], "frequency": 2}),
    ),
)
_NAMED = tuple(launch[1] for _, launch in LAUNCHES if launch and launch[1].get("name"))[:4]
RIVALS = tuple(zip((5, 1, 1, 1), _NAMED, strict=True))
# Seconds from the beginning of a story at which a rival launches.
MOMENTS = (-3600, -40, -12, -8, 3, 15, 60, 420, 420)
PAUSES = (0, 0, 0.1, 2, 8, 30, 130, 300)


def build(world: World) -> None:
    """Draw a story: who does what, and when what goes wrong."""
    world.time = BEGIN + min(MOMENTS)
    for number in range(1, 3):
        choices = world.streams[f"R{number}"]
        if choices.happens(40):
            moment, given = BEGIN + choices.pick(MOMENTS), choices.weighted(RIVALS)
            world.at(moment, partial(_rival, world, given, choices))
    shared = world.folder / "shared"
    for number, percent in enumerate((95, 40, 15), start=1):
        choices = world.streams[f"P{number}"]
        if choices.happens(percent):
            own = world.folder / f"own{number}"
            record = choices.weighted([(4, None), (5, shared), (1, own)])
            begins = BEGIN + choices.pick(PAUSES)
            world.at(begins, partial(_process, world, f"P{number}", record))


def _rival(world: World, given: dict[str, Any], choices: Choices) -> None:
    stored = world.server.execute(given, None, choices)
    world.tell("a rival", f"launches {given}: {stored.id}")


def _process(world: World, name: str, record: Path | None) -> None:
    choices = world.streams[name]
    process = Process(world, name, choices.pick((THREADS, TASKS)), record)
    if choices.happens(18):
        process.dies_at = 1 + choices.below(25)
        process.on_death = lambda: _restart(process)
    for number, percent in enumerate((100, 40, 15), start=1):
        if choices.happens(percent):
            Customer(process, f"{number}", _launch_and_wait)


def _restart(process: Process) -> None:
    """After a kill: the record says what to look for, and then work goes on."""
    world = process.world
    if process.record_path is None:
        return
    again = Process(world, f"{process.name}'", process.shape, process.record_path)
    pause = again.choices.pick((1, 40, 400, 400))
    world.at(world.time + pause, lambda: Customer(again, "1", _recover_and_launch))


class Customer(Actor):
    """Somebody in a process who uses the library, and keeps what it says."""

    def __init__(self, process: Process, name: str, work: "Work") -> None:
        super().__init__(process, f"{process.name}.{name}", work(self))
        choices = self.choices
        if choices.happens(25):
            first = asyncio.CancelledError if process.shape == TASKS else KeyboardInterrupt
            step = 1 + choices.below(12)
            for _ in range(choices.weighted([(4, 1), (1, 2)])):
                when = choices.pick((INSIDE, BEFORE))
                self.interruptions[step] = when, choices.weighted([(5, first), (1, GeneratorExit)])
                step += 1 + choices.below(2)
        self.world.at(self.world.time, self.resume)

    async def attempt(self, flow: Flow[Any] | Callable[[OngoingLaunch], Flow[Launch]]) -> Any:
        """What a call returns or raises; of one that may launch, as the clients call it."""
        try:
            if not callable(flow):
                return await self.process.run(flow)
            with ongoing_launch() as ongoing:
                return await self.process.run(flow(ongoing))
        except BaseException as error:  # noqa: BLE001
            return error

    def keep(self, what: str, asked: Any, outcome: Any, informed: bool = False) -> None:
        """For the checker."""
        self.world.tell(self.name, f"{what} {asked}: {shown(outcome)}")
        self.world.seen.append(Seen(what, asked, outcome, self.world.time, informed))

    async def launch(self) -> Launch | None:
        """Launch something, or nothing."""
        chosen = self.choices.weighted(LAUNCHES)
        if chosen is None:
            return None
        operation, given = chosen
        call = self.call = self.process.calling(operation, given)
        context = self.process.context
        self.world.tell(self.name, f"call {call.number}: {operation} {given}")
        call.outcome = await self.attempt(
            lambda ongoing: launching(context, ongoing, KINDS[operation].check(given))
        )
        self.call = None
        self.world.tell(self.name, f"call {call.number}: {shown(call.outcome)}")
        return call.outcome if isinstance(call.outcome, Launch) else None

    async def recover(self) -> None:
        """The loop of the README over all launches whose outcome is not known."""
        context = self.process.context
        if self.process.record_path is None:
            return
        for entry in LaunchRecord(self.process.record_path).unsettled():
            found = await self.attempt(partial(recovering, context, entry=entry))
            self.keep("recover", entry.token, found, entry.outcome is not None)

    async def look(self, launch: Launch | int) -> None:
        """Wait for a result, or read it."""
        context, choices = self.process.context, self.choices
        number = launch.result_id if isinstance(launch, Launch) else launch
        plan_known = isinstance(launch, Launch) and launch.planned_runs is not None
        if choices.happens(30):
            outcome = await self.attempt(reading(context, launch))
        else:
            timeout = choices.pick((600.0, 100.0))
            flow = waiting(context, launch, timeout, None, Polling(), keep_body=False)
            outcome = await self.attempt(flow)
        self.keep("result", number, outcome, plan_known)

    async def look_at_all(self, launches: list[Launch]) -> None:
        """Wait for several results, among them some of others."""
        ids = [number for number in self.world.server.results if number % 3]
        asked: list[Launch | int] = [*launches, *ids]
        known = {launch.result_id for launch in launches if launch.planned_runs is not None}
        flow = waiting_all(self.process.context, asked, 600.0, None, Polling(), keep_body=False)
        try:
            async for result in iterate_async(flow, perform):
                self.keep("result", result.id, result, result.id in known)
        except BaseException as error:  # noqa: BLE001
            self.keep("wait_all", ids, error)

    async def end(self, number: int) -> None:
        """End the calls of a result."""
        before = self.world.server.results[number].end_requests
        outcome = await self.attempt(ending_calls(self.process.context, number))
        ended = self.world.server.results[number].end_requests > before
        self.keep("end", number, (outcome, ended))


Work = Callable[[Customer], Coroutine[Any, Any, None]]


async def _launch_and_wait(customer: Customer) -> None:
    choices = customer.choices
    launches: list[Launch] = []
    for percent in (100, 40, 15):
        if not choices.happens(percent):
            continue
        launch = await customer.launch()
        if launch is not None:
            launches.append(launch)
        elif choices.happens(20):
            await customer.recover()
        if launch is not None and launch.result_id in customer.world.server.results:
            after = choices.weighted([(6, "nothing"), (4, "look"), (1, "end"), (1, "bare id")])
            if after == "end":
                await customer.end(launch.result_id)
            elif after != "nothing":
                await customer.look(launch if after == "look" else launch.result_id)
    if choices.happens(10):
        await customer.look_at_all(launches)


async def _recover_and_launch(customer: Customer) -> None:
    await customer.recover()
    if customer.choices.happens(40):
        await _launch_and_wait(customer)


def shown(outcome: Any) -> str:
    """An outcome in one line."""
    if isinstance(outcome, BaseException):
        notes = " | ".join(getattr(outcome, "__notes__", ()))
        more = outcome.candidates if isinstance(outcome, LaunchOutcomeUnknownError) else ""
        return f"{type(outcome).__name__}: {str(outcome)[:200]!r} {notes} {more}"
    return repr(outcome)[:300]
