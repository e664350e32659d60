"""Processes, and the threads or tasks in them; an actor performs the effects that its flow yields."""

import asyncio
import json
import types
from collections.abc import Callable, Coroutine, Generator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import httpx

from cekura_client.core.timeouts import Timeouts
from cekura_client.effects import Block, Effect, Flow, Parallel, Send, Sleep
from cekura_client.operations.claims import Claims
from cekura_client.operations.context import Context
from cekura_client.record import LaunchRecord
from cekura_client.wire.drivers import SyncSender, drive_async
from cekura_client.wire.gateway import KEY_HEADER, Gateway
from cekura_client.wire.sending import is_launch
from cekura_client.wire.settings import ApiKey, Settings
from scripts.simulate.fates import Answer, Fates, Outcome
from scripts.simulate.world import Call, World

BASE_URL = "http://127.0.0.1:9"
_SETTINGS = Settings.load(ApiKey("simulated"), BASE_URL)

THREADS, TASKS = "threads", "tasks"
BEFORE, INSIDE = "before", "inside"

# How long an effect takes, and its outcome then; None where its parts end it.
Performed = tuple[float, Callable[[], Any] | None]


class _Gateway(Gateway):
    """Builds a read once only: nothing here changes it, and building takes long."""

    get_result = lru_cache(1000)(Gateway.get_result)
    list_results = lru_cache(1000)(Gateway.list_results)


_GATEWAY = _Gateway(BASE_URL, "simulate", Timeouts())


@types.coroutine
def perform(effect: Effect) -> Generator[Effect, Any, Any]:
    """Hand an effect to the world; for the library's own `drive_async`."""
    return (yield effect)


class Pool(httpx.BaseTransport):
    """The kept connections of one transport. After a doubled answer each next one is shifted by one."""

    def __init__(self, process: "Process") -> None:
        self._process = process
        self.stale: list[Answer] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        outcome, doubled = self._process.arriving
        if not isinstance(outcome, Answer):
            self.stale.clear()
            raise outcome("it broke")
        if self.stale:
            self.stale.append(outcome)
            outcome = self.stale.pop(0)
        elif doubled:
            self.stale.append(outcome)
        if outcome.broken is not None:
            self.stale.clear()
        return outcome.response(self)

    def close(self) -> None:
        self.stale.clear()


class _Context(Context):
    """Each simulated process has its own claims."""

    process_claims: Claims

    @property
    def claims(self) -> Claims:
        return self.process_claims


class Process:
    """A process with a client, which may be killed."""

    def __init__(self, world: World, name: str, shape: str, record: Path | None) -> None:
        self.world = world
        self.name = name
        self.choices = world.streams[name]
        self.shape = shape
        self.record_path = record
        self.dead = False
        self.steps = 0
        self.dies_at = 0
        self.on_death: Callable[[], None] = lambda: None
        self.actors: list[Actor] = []
        self.owner = name if record is None else record.name
        self.arriving: tuple[Outcome, bool] = (httpx.ConnectError, False)
        self.sender = SyncSender(_SETTINGS, KEY_HEADER, world.clock, lambda: Pool(self))
        self.context = _Context(
            gateway=_GATEWAY,
            base_url=BASE_URL,
            clock=world.clock,
            record=None if record is None else LaunchRecord(record),
            recover_for=self.choices.weighted([(8, 120.0), (1, 20.0), (1, 0.0)]),
        )
        object.__setattr__(self.context, "process_claims", Claims())

    async def run(self, flow: Flow[Any]) -> Any:
        """Run a flow of the library in this process."""
        return await drive_async(flow, perform)

    def calling(self, operation: str, given: dict[str, Any]) -> Call:
        """A call that is about to launch this."""
        world, context = self.world, self.context
        call = Call(
            number=len(world.calls) + 1,
            operation=operation,
            given=given,
            owner=self.owner,
            record=self.record_path,
            patience=context.recover_for,
            began=world.time,
        )
        world.calls.append(call)
        world.calling = call
        return call

    def kill(self) -> None:
        """End it on the spot: nothing in it runs any more."""
        self.dead = True
        self.world.tell(self.name, "is killed")
        for actor in self.actors:
            if actor.call is not None and not actor.over:
                actor.call.killed = True
        self.on_death()


class Actor:
    """A thread or a task: a coroutine that is resumed with what came of its last effect.

    Attributes:
        call: The launch that it is at, if it is at one.
        steps: Effects so far.
        interruptions: Those at which it is interrupted, with when and by what.
    """

    def __init__(
        self, process: Process, name: str, coroutine: Coroutine[Any, Any, Any] | None = None
    ) -> None:
        self.process, self.world = process, process.world
        process.actors.append(self)
        if coroutine is not None:
            process.world.coroutines.append(coroutine)
        self.name = name
        self.call: Call | None = None
        self.steps = 0
        self.interruptions: dict[int, tuple[str, type[BaseException]]] = {}
        self.over = False
        self.outcome: Any = None
        self.then: Callable[[], None] = lambda: None
        self.coroutine = coroutine
        self.choices = process.world.streams[name]
        self.fates = Fates(self.choices, process.world.server, calm=process.world.calm)
        self._turn = 0

    def resume(self, outcome: Any = None, failure: BaseException | None = None) -> None:
        """Go on to the next effect, and have that performed."""
        if self.over or self.process.dead or self.coroutine is None:
            return
        self.world.calling = self.call
        self._turn += 1
        try:
            resumed = (
                self.coroutine.send(outcome) if failure is None else self.coroutine.throw(failure)
            )
        except BaseException as error:  # noqa: BLE001
            self.over = True
            self.outcome = error.value if isinstance(error, StopIteration) else error
            self.then()
        else:
            self.begin(resumed)

    def later(self, seconds: float, outcome: Callable[[], Any]) -> None:
        """Resume it with what this returns or raises then, unless it was interrupted meanwhile."""
        turn = self._turn

        def act() -> None:
            if self._turn != turn or self.process.dead or self.over:
                return
            try:
                value = outcome()
            except BaseException as error:  # noqa: BLE001
                self.resume(failure=error)
            else:
                self.resume(value)

        self.world.at(self.world.time + seconds, act)

    def begin(self, effect: Effect) -> None:
        """Perform an effect; or cut it off, if the process is killed or the actor interrupted at it."""
        process, world = self.process, self.world
        self.steps += 1
        process.steps += 1
        world.steps += 1
        when, cut = "", process.kill
        if process.steps == process.dies_at:
            when = process.choices.pick((INSIDE, BEFORE))
        elif self.steps in self.interruptions:
            when, kind = self.interruptions[self.steps]
            cut = partial(self.resume, failure=kind())
            if self.call is not None:
                self.call.interrupted = True
            world.drawn.append(f"{kind.__name__} {when} {type(effect).__name__}")
            world.tell(self.name, world.drawn[-1])
        if when == BEFORE:
            world.at(world.time, cut)
            return
        part = self.choices.pick((0.6, 0.3, 1.0)) if when else None
        seconds, outcome = self._perform(effect, part, killed=cut == process.kill and bool(when))
        if part is not None:
            world.at(world.time + seconds * part, cut)
        elif outcome is not None:
            self.later(seconds, outcome)

    def _perform(self, effect: Effect, part: float | None, *, killed: bool) -> Performed:
        """Begin an effect: how long it takes, and its outcome, if that is known by then."""
        if isinstance(effect, Send):
            return self._send(effect, part)
        if isinstance(effect, Sleep):
            return effect.seconds, lambda: None
        if isinstance(effect, Block):
            return 0.0, self._block(effect, killed=killed)
        if isinstance(effect, Parallel):
            return self._parallel(effect, cut=part is not None)
        return 0.0, partial(self.process.sender.perform, effect)

    def _send(self, effect: Send, part: float | None) -> Performed:
        request, process, world = effect.request, self.process, self.world
        seconds = self.fates.seconds()
        limits = [request.extensions["timeout"]["read"], effect.longest]
        waits = min(seconds, *(limit for limit in limits if limit is not None))
        call = self.call if is_launch(request) else None
        if call is not None:
            call.attempts.append((world.time, world.time + waits * (1.0 if part is None else part)))
        outcome: list[Outcome] = []

        def arrive() -> None:
            if call is None:
                outcome.append(self.fates.other(request))
            else:
                known = set(world.server.results)
                outcome.append(self.fates.launch(json.loads(request.content), call.number))
                call.executed += [s for id, s in world.server.results.items() if id not in known]
            answer = outcome[0]
            known_as = answer.status if isinstance(answer, Answer) else answer.__name__
            world.drawn.append(f"{request.method} {known_as}")
            place = request.url.path.removeprefix("/test_framework/v1")
            world.tell(self.name, f"{request.method} {place} → {answer}")

        def end() -> Any:
            answer = outcome[0] if seconds <= waits else httpx.ReadTimeout
            doubled = isinstance(answer, Answer) and not world.calm and self.choices.happens(2)
            if call is not None and isinstance(answer, Answer) and answer.shows is not None:
                call.shown = True
            process.arriving = answer, doubled
            return process.sender.perform(effect)

        world.at(world.time + seconds / 2, arrive)
        return waits, end

    def _block(self, effect: Block, *, killed: bool) -> Callable[[], Any]:
        """Call a function that may write to the record; the disk may be full."""
        path = self.process.record_path

        def size() -> int:
            return path.stat().st_size if path is not None and path.exists() else 0

        no_space = partial(_raise, OSError(28, "No space left on device"))
        before, failure = size(), "none"
        if self.world.full:
            failure = self.choices.weighted(
                [(85, "none"), (5, "at once"), (5, "half-way"), (5, "at the end")]
            )
        if failure == "at once":
            return no_space
        try:
            outcome = effect.function()
        except BaseException as error:  # noqa: BLE001
            return partial(_raise, error)
        grown = size() - before
        if grown and path is not None and (failure == "half-way" or killed):
            with path.open("rb+") as file:
                file.truncate(before + self.choices.below(grown + 1))
        return no_space if failure != "none" else lambda: outcome

    def _parallel(self, effect: Parallel, *, cut: bool) -> Performed:
        children = [
            Actor(self.process, f"{self.name}.{number}", self.process.run(flow))
            for number, flow in enumerate(effect.flows)
        ]
        over: list[Actor] = []

        def then(child: Actor) -> None:
            over.append(child)
            if len(over) == len(children) and not cut:
                self.later(0.0, gathered)

        def gathered() -> list[Any]:
            for child in over:
                if isinstance(child.outcome, BaseException):
                    raise child.outcome
            return [child.outcome for child in children]

        for child in children:
            child.then = partial(then, child)
            self.world.at(self.world.time, child.resume)
            if cut and self.process.shape == TASKS:
                cancel = partial(child.resume, failure=asyncio.CancelledError())
                self.world.at(self.world.time + 0.1, cancel)
        return 0.2, None if children else list


def _raise(error: BaseException) -> None:
    raise error
