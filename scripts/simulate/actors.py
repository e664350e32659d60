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
from scripts.simulate.calls import Call
from scripts.simulate.fates import Answer, Fates, Outcome
from scripts.simulate.world import World

BASE_URL = "http://127.0.0.1:9"
_SETTINGS = Settings.load(ApiKey("simulated"), BASE_URL)

THREADS, TASKS = "threads", "tasks"
BEFORE, INSIDE = "before", "inside"


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
        if isinstance(outcome, Exception):
            self.stale.clear()
            raise outcome
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
        self.choices = world.streams.of(name)
        self.shape = shape
        self.record_path = record
        self.dead = False
        self.steps = 0
        self.dies_at = 0
        self.on_death: Callable[[], None] = lambda: None
        self.actors: list[Actor] = []
        self.owner = name if record is None else record.name
        self.arriving: tuple[Outcome, bool] = (httpx.ConnectError(""), False)
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

    def start(self, name: str, coroutine: Coroutine[Any, Any, Any]) -> "Actor":
        """A thread or task that runs this."""
        return Actor(self, f"{self.name}.{name}", coroutine)

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
        self.choices = process.world.streams.of(name)
        self.fates = Fates(self.choices, process.world.server, calm=process.world.calm)
        self._turn = 0

    def resume(self, outcome: Any = None, failure: BaseException | None = None) -> None:
        """Go on to the next effect, and have that performed."""
        if self.over or self.process.dead or self.coroutine is None:
            return
        self.world.calling = self.call
        self._turn += 1
        try:
            if failure is None:
                effect = self.coroutine.send(outcome)
            else:
                effect = self.coroutine.throw(failure)
        except StopIteration as end:
            self.over, self.outcome = True, end.value
            self.then()
        except BaseException as error:  # noqa: BLE001
            self.over, self.outcome = True, error
            self.then()
        else:
            self.begin(effect)

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

    def fail(self, seconds: float, failure: BaseException) -> None:
        """Resume it with an exception."""

        def outcome() -> None:
            raise failure

        self.later(seconds, outcome)

    def begin(self, effect: Effect) -> None:
        """Perform an effect, unless the process is killed or the actor interrupted at it."""
        process = self.process
        self.steps += 1
        process.steps += 1
        self.world.steps += 1
        if process.steps == process.dies_at:
            if process.choices.pick((INSIDE, BEFORE)) == INSIDE:
                self.perform(effect, cut=process.kill)
            else:
                process.kill()
            return
        if self.steps not in self.interruptions:
            self.perform(effect)
            return
        when, kind = self.interruptions[self.steps]
        if self.call is not None:
            self.call.interrupted = True
        self.world.tell(self.name, f"{kind.__name__} {when} {type(effect).__name__}")
        self.world.drawn.append(f"{kind.__name__} {when} {type(effect).__name__}")
        if when == BEFORE:
            self.fail(0.0, kind())
        else:
            self.perform(effect, cut=lambda: self.resume(failure=kind()))

    def perform(self, effect: Effect, cut: Callable[[], None] | None = None) -> None:
        """Perform an effect. With `cut`, that happens in the middle of it in place of its outcome."""
        if isinstance(effect, Send):
            self._send(effect, cut)
        elif isinstance(effect, Sleep):
            if cut is None:
                self.later(effect.seconds, lambda: None)
            else:
                self.world.at(self.world.time + effect.seconds / 2, cut)
        elif isinstance(effect, Block):
            try:
                outcome = self._block(effect, killed=cut == self.process.kill)
            except BaseException as error:  # noqa: BLE001
                failure = error
                self.world.at(self.world.time, cut) if cut else self.fail(0.0, failure)
            else:
                self.world.at(self.world.time, cut) if cut else self.later(0.0, lambda: outcome)
        elif isinstance(effect, Parallel):
            self._parallel(effect, cut)
        else:
            self.later(0.0, partial(self.process.sender.perform, effect))

    def _send(self, effect: Send, cut: Callable[[], None] | None) -> None:
        request, process, choices = effect.request, self.process, self.choices
        launch = is_launch(request)
        seconds = self.fates.seconds()
        limits = [request.extensions["timeout"]["read"], effect.longest]
        limit = min(limit for limit in limits if limit is not None)
        call = self.call if launch else None
        window = [self.world.time, self.world.time + min(seconds, limit)]
        if call is not None:
            call.attempts.append(window)
        outcome: list[Outcome] = []

        def arrive() -> None:
            if call is not None:
                before = len(self.world.server.results)
                outcome.append(self.fates.launch(json.loads(request.content), call.number))
                if len(self.world.server.results) > before:
                    call.executed.append(
                        self.world.server.results[70 + len(self.world.server.results)]
                    )
            else:
                outcome.append(self.fates.other(request))
            self._tell_answer(request, outcome[0])

        def end() -> Any:
            answer = outcome[0] if seconds <= limit else httpx.ReadTimeout("")
            doubled = isinstance(answer, Answer) and not self.world.calm and choices.happens(2)
            if call is not None and isinstance(answer, Answer) and answer.shows is not None:
                call.shown = True
            process.arriving = answer, doubled
            return process.sender.perform(effect)

        self.world.at(self.world.time + seconds / 2, arrive)
        if cut is not None:
            part = choices.pick((0.6, 0.3, 1.0))
            window[1] = self.world.time + min(seconds, limit) * part
            self.world.at(window[1], cut)
        else:
            self.later(min(seconds, limit), end)

    def _tell_answer(self, request: httpx.Request, outcome: Outcome) -> None:
        said = type(outcome).__name__
        if isinstance(outcome, Answer):
            said = str(outcome.status)
        self.world.drawn.append(f"{request.method} {said}")
        place = request.url.path.removeprefix("/test_framework/v1")
        if isinstance(outcome, Answer) and request.method == "POST":
            headers = {name: v for name, v in outcome.headers.items() if name != "Date"}
            said += f" {headers or ''} {outcome.raw[:50]!r}" + ("…, cut" * bool(outcome.broken))
        self.world.tell(self.name, f"{request.method} {place} → {said}")

    def _block(self, effect: Block, *, killed: bool) -> Any:
        """Call a function that may write to the record; the disk may be full."""
        path = self.process.record_path
        before = path.stat().st_size if path is not None and path.exists() else 0
        failure = "none"
        if self.world.full:
            failure = self.choices.weighted(
                [(85, "none"), (5, "at once"), (5, "half-way"), (5, "at the end")]
            )
        if failure == "at once":
            raise OSError(28, "No space left on device")
        outcome = effect.function()
        grown = 0 if path is None or not path.exists() else path.stat().st_size - before
        if grown and path is not None and (failure == "half-way" or killed):
            with path.open("rb+") as file:
                file.truncate(before + self.choices.below(grown + 1))
        if failure != "none":
            raise OSError(28, "No space left on device")
        return outcome

    def _parallel(self, effect: Parallel, cut: Callable[[], None] | None) -> None:
        outcomes: dict[int, Any] = {}
        children: list[Actor] = []

        def over(number: int, child: Actor) -> Callable[[], None]:
            def then() -> None:
                outcomes[number] = child.outcome
                if len(outcomes) == len(effect.flows) and cut is None:
                    self.later(0.0, gathered)

            return then

        def gathered() -> list[Any]:
            for outcome in outcomes.values():
                if isinstance(outcome, BaseException):
                    raise outcome
            return [outcomes[number] for number in range(len(effect.flows))]

        for number, flow in enumerate(effect.flows):
            child = Actor(self.process, f"{self.name}.{number}", self.process.run(flow))
            child.then = over(number, child)
            children.append(child)
            self.world.at(self.world.time, child.resume)
        if not children:
            self.later(0.0, list)
        if cut is not None:
            if self.process.shape == TASKS:
                for child in children:
                    cancel = partial(child.resume, failure=asyncio.CancelledError())
                    self.world.at(self.world.time + 0.1, cancel)
            self.world.at(self.world.time + 0.1, cut)
