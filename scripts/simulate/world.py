"""Time, actors, and the one function that performs an effect."""

import asyncio
import contextlib
import heapq
import itertools
import json
import types
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import httpx

from cekura_client.core.launches import Launch
from cekura_client.core.timeouts import Timeouts
from cekura_client.effects import (
    Block,
    Clock,
    Effect,
    Flow,
    Notify,
    Sleep,
    Together,
    Transmit,
)
from cekura_client.operations.claims import Claims
from cekura_client.operations.context import Context
from cekura_client.record import LaunchRecord
from cekura_client.wire.drivers import SyncSender, drive_async
from cekura_client.wire.gateway import KEY_HEADER, Gateway
from cekura_client.wire.sending import is_launch
from cekura_client.wire.settings import ApiKey, Settings
from scripts.simulate.choices import Streams
from scripts.simulate.fates import Answer, Fates, Outcome
from scripts.simulate.server import Habits, Server, Stored

BASE_URL = "http://127.0.0.1:9"
BEGIN = 1_800_000_000.0
_SETTINGS = Settings.load(ApiKey("simulated"), BASE_URL)
# A story that takes more steps than this does not come to an end.
MOST_STEPS = 100_000

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


@dataclass
class Call:
    """A call that launches, and all that is true of it.

    Attributes:
        number: Its own.
        given: The arguments.
        began: When it was made.
        owner: Those of one owner share a record, or are of one process: each knows of the others.
        attempts: Begin and end of each request that launches; the end is None while it is open.
        executed: The results that it started.
        shown: Whether the id of its result reached the client in an answer that can be read.
        killed: Whether its process ended before it did.
        outcome: What it returned or raised; None if it was killed.
    """

    number: int
    operation: str
    given: dict[str, Any]
    owner: str
    process: "Process"
    began: float
    token: str = ""
    attempts: list[list[float]] = field(default_factory=list[list[float]])
    executed: list[Stored] = field(default_factory=list[Stored])
    shown: bool = False
    killed: bool = False
    interrupted: bool = False
    outcome: "Launch | BaseException | None" = None

    @property
    def said(self) -> str:
        """What it came to, in a word or two."""
        if isinstance(self.outcome, Launch):
            return "accepted, found again" if self.outcome.recovered else "accepted"
        return type(self.outcome).__name__ if self.outcome is not None else "killed"


@dataclass(frozen=True)
class Seen:
    """What the library said of something else than a launch, for the checker.

    Attributes:
        what: "recover", "result", "wait_all" or "end".
        asked: The token in the record, or the id of the result.
        informed: Whether the library was told all that there is to know: the number of runs that were
            planned, or when a lost launch had ended.
    """

    what: str
    asked: Any
    outcome: Any
    at: float
    informed: bool = False


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

    def __init__(self, world: "World", name: str, shape: str, record: Path | None) -> None:
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
        actor = Actor(self, f"{self.name}.{name}", coroutine)
        self.actors.append(actor)
        return actor

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
        self.process = process
        process.world.actors.append(self)
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
        world = self.process.world
        world.current = self
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
            self.steps += 1
            world.begin(self, effect)

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

        self.process.world.at(self.process.world.time + seconds, act)

    def fail(self, seconds: float, failure: BaseException) -> None:
        """Resume it with an exception."""

        def outcome() -> None:
            raise failure

        self.later(seconds, outcome)


class World:
    """All that happens in a story, in the order of its own time."""

    def __init__(self, streams: Streams, folder: Path) -> None:
        self.streams = streams
        choices = streams.of("world")
        self.folder = folder
        self.time = BEGIN
        self.current: Actor | None = None
        self.calls: list[Call] = []
        self.actors: list[Actor] = []
        self.seen: list[Seen] = []
        self.told: list[tuple[float, str]] = []
        self.drawn: list[str] = []
        self.endless = False
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._tokens = itertools.count(1)
        self._chance = itertools.cycle((0.5, 0.1, 0.9, 0.3, 0.7))
        self.clock = Clock(
            monotonic=lambda: self.time,
            now=lambda: self.time,
            random=lambda: next(self._chance),
            token=self._token,
        )
        self.server = Server(Habits.draw(choices), lambda: self.time)
        self.calm = choices.happens(25)  # whether only launches go wrong
        self.full = choices.happens(10)  # whether disks are full now and then

    def _token(self) -> str:
        token = f"{next(self._tokens):032x}"
        if self.current is not None and self.current.call is not None:
            self.current.call.token = self.current.call.token or token
        return token

    def tell(self, who: str, what: str) -> None:
        """For the story as it is shown."""
        self.told.append((self.time - BEGIN, f"{who}: {what}"))

    def at(self, when: float, act: Callable[[], None]) -> None:
        """Do something at this time."""
        heapq.heappush(self._agenda, (when, next(self._order), act))

    def run(self) -> None:
        """Let everything happen."""
        for _ in range(MOST_STEPS):
            if not self._agenda:
                return
            when, _, act = heapq.heappop(self._agenda)
            self.time = max(self.time, when)
            act()
        self.endless = True

    def close(self) -> None:
        """Throw away what was killed; nothing that it still does counts."""
        for actor in self.actors:
            if actor.coroutine is not None:
                with contextlib.suppress(BaseException):
                    actor.coroutine.close()

    def begin(self, actor: Actor, effect: Effect) -> None:
        """Perform an effect, unless the process is killed or the actor interrupted at it."""
        process = actor.process
        process.steps += 1
        if process.steps == process.dies_at:
            if process.choices.pick((INSIDE, BEFORE)) == INSIDE:
                self.perform(actor, effect, cut=process.kill)
            else:
                process.kill()
            return
        if actor.steps not in actor.interruptions:
            self.perform(actor, effect)
            return
        when, kind = actor.interruptions[actor.steps]
        if actor.call is not None:
            actor.call.interrupted = True
        self.tell(actor.name, f"{kind.__name__} {when} {type(effect).__name__}")
        self.drawn.append(f"{kind.__name__} {when} {type(effect).__name__}")
        if when == BEFORE:
            actor.fail(0.0, kind())
        else:
            self.perform(actor, effect, cut=lambda: actor.resume(failure=kind()))

    def perform(self, actor: Actor, effect: Effect, cut: Callable[[], None] | None = None) -> None:
        """Perform an effect. With `cut`, that happens in the middle of it in place of its outcome."""
        if isinstance(effect, Transmit):
            self._transmit(actor, effect, cut)
        elif isinstance(effect, Sleep):
            if cut is None:
                actor.later(effect.seconds, lambda: None)
            else:
                self.at(self.time + effect.seconds / 2, cut)
        elif isinstance(effect, Block):
            try:
                outcome = self._block(actor, effect, killed=cut == actor.process.kill)
            except BaseException as error:  # noqa: BLE001
                failure = error
                self.at(self.time, cut) if cut else actor.fail(0.0, failure)
            else:
                self.at(self.time, cut) if cut else actor.later(0.0, lambda: outcome)
        elif isinstance(effect, Together):
            self._together(actor, effect, cut)
        elif isinstance(effect, Notify):
            actor.later(0.0, lambda: effect.callback(effect.value))
        else:
            actor.later(0.0, lambda: None)

    def _transmit(self, actor: Actor, effect: Transmit, cut: Callable[[], None] | None) -> None:
        request, process, choices = effect.request, actor.process, actor.choices
        launch = is_launch(request)
        seconds = actor.fates.seconds()
        limits = [request.extensions["timeout"]["read"], effect.longest]
        limit = min(limit for limit in limits if limit is not None)
        call = actor.call if launch else None
        window = [self.time, self.time + min(seconds, limit)]
        if call is not None:
            call.attempts.append(window)
        outcome: list[Outcome] = []

        def arrive() -> None:
            if call is not None:
                before = len(self.server.results)
                outcome.append(actor.fates.launch(json.loads(request.content), call.number))
                if len(self.server.results) > before:
                    call.executed.append(self.server.results[70 + len(self.server.results)])
            else:
                outcome.append(actor.fates.other(request))
            self._tell_answer(actor, request, outcome[0])

        def end() -> Any:
            answer = outcome[0] if seconds <= limit else httpx.ReadTimeout("")
            doubled = isinstance(answer, Answer) and not self.calm and choices.happens(2)
            if call is not None and isinstance(answer, Answer) and answer.shows is not None:
                call.shown = True
            process.arriving = answer, doubled
            return process.sender.perform(effect)

        self.at(self.time + seconds / 2, arrive)
        if cut is not None:
            part = choices.pick((0.6, 0.3, 1.0))
            window[1] = self.time + min(seconds, limit) * part
            self.at(window[1], cut)
        else:
            actor.later(min(seconds, limit), end)

    def _tell_answer(self, actor: Actor, request: httpx.Request, outcome: Outcome) -> None:
        said = type(outcome).__name__
        if isinstance(outcome, Answer):
            said = str(outcome.status)
        self.drawn.append(f"{request.method} {said}")
        place = request.url.path.removeprefix("/test_framework/v1")
        if isinstance(outcome, Answer) and request.method == "POST":
            headers = {name: v for name, v in outcome.headers.items() if name != "Date"}
            said += f" {headers or ''} {outcome.raw[:50]!r}" + ("…, cut" * bool(outcome.broken))
        self.tell(actor.name, f"{request.method} {place} → {said}")

    def _block(self, actor: Actor, effect: Block, *, killed: bool) -> Any:
        """Call a function that may write to the record; the disk may be full."""
        path = actor.process.record_path
        before = path.stat().st_size if path is not None and path.exists() else 0
        failure = "none"
        if self.full:
            failure = actor.choices.weighted(
                [(85, "none"), (5, "at once"), (5, "half-way"), (5, "at the end")]
            )
        if failure == "at once":
            raise OSError(28, "No space left on device")
        outcome = effect.function()
        grown = 0 if path is None or not path.exists() else path.stat().st_size - before
        if grown and path is not None and (failure == "half-way" or killed):
            with path.open("rb+") as file:
                file.truncate(before + actor.choices.below(grown + 1))
        if failure != "none":
            raise OSError(28, "No space left on device")
        return outcome

    def _together(self, actor: Actor, effect: Together, cut: Callable[[], None] | None) -> None:
        outcomes: dict[int, Any] = {}
        children: list[Actor] = []

        def over(number: int, child: Actor) -> Callable[[], None]:
            def then() -> None:
                outcomes[number] = child.outcome
                if len(outcomes) == len(effect.flows) and cut is None:
                    actor.later(0.0, gathered)

            return then

        def gathered() -> list[Any]:
            for outcome in outcomes.values():
                if isinstance(outcome, BaseException):
                    raise outcome
            return [outcomes[number] for number in range(len(effect.flows))]

        for number, flow in enumerate(effect.flows):
            child = Actor(actor.process, f"{actor.name}.{number}", actor.process.run(flow))
            actor.process.actors.append(child)
            child.then = over(number, child)
            children.append(child)
            self.at(self.time, child.resume)
        if not children:
            actor.later(0.0, list)
        if cut is not None:
            if actor.process.shape == TASKS:
                for child in children:
                    cancel = partial(child.resume, failure=asyncio.CancelledError())
                    self.at(self.time + 0.1, cancel)
            self.at(self.time + 0.1, cut)
