"""Wait for the end of results: one, or thousands with few requests.

A page of the list of results tells about a hundred of them, so where many are waited for, the list
says which have ended, and only those are read. What it does not show is read one by one.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy

import httpx
from attrs import evolve

from cekura_client.core.coercion import integer
from cekura_client.core.decoding import Entry, Page, page_of_results
from cekura_client.core.fields import seconds
from cekura_client.core.launches import Launch
from cekura_client.core.polling import Polling
from cekura_client.core.results import Result
from cekura_client.core.send_policy import RIDE_OUT, Patience
from cekura_client.core.verdicts import has_ended, normal_status
from cekura_client.core.watching import Watch, may_pass
from cekura_client.effects import TOGETHER, Emit, Flow, Notify, Sleep, Together
from cekura_client.errors import AuthenticationError, CekuraError, RateLimitError, WaitsError
from cekura_client.operations.context import Context
from cekura_client.operations.results import result_id
from cekura_client.wire.sending import sending

OnUpdate = Callable[[Result], object] | None

# Up to so many are looked at one by one.
_FEW = 3
# Looks between two moments at which what came of them is handed on.
_BATCH = 64
# What fails is tried again in the next round, so that it does not hold up the others.
_ONCE = Patience(attempts=1, seconds=0)


def waiting(
    context: Context,
    launch: Launch | int,
    timeout: float,
    on_update: OnUpdate,
    polling: Polling,
    *,
    keep_body: bool,
) -> Flow[Result]:
    """Look at a result until it has ended and is scored."""
    [watch] = _watches(context, [launch], timeout, polling)
    yield from _Wait(context, [watch], on_update, polling, keep_body=keep_body).rounds()
    if watch.error is not None:
        raise watch.error
    assert watch.result is not None
    return watch.result


def waiting_all(
    context: Context,
    launches: Iterable[Launch | int],
    timeout: float,
    on_update: OnUpdate,
    polling: Polling,
    *,
    keep_body: bool,
) -> Flow[None]:
    """Emit each result when it has ended and is scored; raise at the end if there were errors."""
    watches = _watches(context, launches, timeout, polling)
    return _all(_Wait(context, watches, on_update, polling, keep_body=keep_body), watches)


def _all(wait: "_Wait", watches: Sequence[Watch]) -> Flow[None]:
    yield from wait.rounds()
    errors = {watch.result_id: watch.error for watch in watches if watch.error is not None}
    if errors:
        first = next(iter(errors.values()))
        raise WaitsError(
            f"{len(errors)} of {len(watches)} results were not waited for to their end; the first: "
            f"{first}",
            errors=errors,
            results=tuple(wait.done),
        ) from first


def _watches(
    context: Context, launches: Iterable[Launch | int], timeout: float, polling: Polling
) -> list[Watch]:
    until = context.clock.monotonic() + seconds("timeout", timeout)
    found: dict[int, Watch] = {}
    for launch in launches:
        agent = integer(launch.raw.get("agent")) if isinstance(launch, Launch) else None
        wanted = result_id(launch)
        found[wanted] = Watch(wanted, timeout, until, polling.grace, agent)
    return list(found.values())


class _Wait:
    """The rounds of looks.

    Attributes:
        done: The results that have ended, in the order in which that was seen.
    """

    def __init__(
        self,
        context: Context,
        watches: Sequence[Watch],
        on_update: OnUpdate,
        polling: Polling,
        *,
        keep_body: bool,
    ) -> None:
        self._context = context
        self._watches = watches
        self._on_update = on_update
        self._polling = polling
        self._keep_body = keep_body
        self._answered = 0.0  # when the server last said anything
        self._rest = 0.0  # seconds for which it asked to be left alone
        self._pages: dict[int | None, int] = {}  # of the list, by agent
        self.done: list[Result] = []

    def rounds(self) -> Flow[None]:
        """Look until nothing is left to wait for."""
        clock = self._context.clock
        pauses = self._polling.pauses(clock.random)
        pending, restless = list(self._watches), 0
        self._answered = clock.monotonic()
        while pending:
            began, self._rest = clock.monotonic(), 0.0
            yield from self._round(pending)
            now = clock.monotonic()
            for watch in pending:
                if not watch.over:
                    watch.expire(now)
                    yield from self._hand_on(watch)
            pending = [watch for watch in pending if not watch.over]
            # Scores come soon after the end, and trouble may be over soon.
            before, restless = restless, sum(w.ended or w.in_trouble for w in pending)
            if restless > before and len(pending) <= _FEW:
                pauses = self._polling.pauses(clock.random)
            if pending:
                pause = next(pauses)
                if len(pending) > _FEW:
                    # Such a round takes time, twice for what ends just after it was looked at; that
                    # should not be handed on later than a pause after its end. But a server that is
                    # slow has its rest.
                    pause = max(pause - 3 * (now - began), pause / 2)
                left = min(watch.until for watch in pending) - now
                yield Sleep(max(0.0, min(max(pause, self._rest), left)))

    def _round(self, pending: Sequence[Watch]) -> Flow[None]:
        """Look at each once: in the list, or at itself if that shows its end or does not show it."""
        groups: dict[int | None, dict[int, Watch]] = {}
        due: list[Watch] = []
        for watch in pending:
            if watch.listed:
                groups.setdefault(watch.agent, {})[watch.result_id] = watch
            else:
                due.append(watch)
        for agent, sought in groups.items():
            yield from self._seek(agent, sought, pending)
            due += sought.values()
        yield from self._look_at(due, pending)

    def _seek(
        self, agent: int | None, sought: dict[int, Watch], pending: Sequence[Watch]
    ) -> Flow[None]:
        """Look for those of an agent in the list; takes away what it shows."""
        # A page is worth its request while it is likely to show more than one of them.
        if len(sought) <= max(_FEW, self._pages.get(agent, 0)):
            return
        first = yield from self._page(agent, 1)
        if isinstance(first, CekuraError):
            if isinstance(first, RateLimitError):
                self._leave_alone(first)
                sought.clear()
            elif not may_pass(first):
                for watch in sought.values():
                    watch.missed()
            return
        count, entries = first
        pages = self._pages[agent] = -(-(integer(count) or 0) // (len(entries) or 1))
        yield from self._look_at((yield from self._shown(entries, sought)), pending)
        number = 1
        while number < pages and len(sought) > pages - number:
            numbers = range(number + 1, min(number + TOGETHER, pages) + 1)
            ended: list[Watch] = []
            for answer in (yield Together([self._page(agent, each) for each in numbers])):
                if not isinstance(answer, CekuraError):
                    ended += yield from self._shown(answer[1], sought)
            yield from self._look_at(ended, pending)
            number = numbers[-1]
        if number >= pages:
            for watch in sought.values():
                watch.missed()

    def _shown(self, entries: list[Entry], sought: dict[int, Watch]) -> Flow[list[Watch]]:
        """Take from those that are sought what a page shows; gives those that have ended."""
        self._answered = self._context.clock.monotonic()
        ended: list[Watch] = []
        for number, status, entry in entries:
            watch = sought.pop(integer(number) or 0, None)
            if watch is None:
                continue
            if has_ended(normal_status(status)):
                ended.append(watch)
            elif watch.glimpsed(entry) and self._on_update is not None:
                yield Notify(self._on_update, watch.last)
        return ended

    def _page(self, agent: int | None, number: int) -> Flow[Page | CekuraError]:
        request = self._context.gateway.list_results(agent_id=agent, page=number)
        try:
            return (
                yield from sending(
                    request,
                    lambda answer: page_of_results(answer.content),
                    patience=_ONCE,
                    clock=self._context.clock,
                )
            )
        except CekuraError as error:
            return error

    def _look_at(self, due: Sequence[Watch], pending: Sequence[Watch]) -> Flow[None]:
        for begin in range(0, len(due), _BATCH):
            batch = due[begin : begin + _BATCH]
            # Alone, it need not wait for the next round to be tried again.
            patience = RIDE_OUT if len(pending) == 1 else _ONCE
            flows = [self._look(watch, patience) for watch in batch]
            looks: list[Result | CekuraError] = yield Together(flows)
            now = self._context.clock.monotonic()
            for watch, look in zip(batch, looks, strict=True):
                if isinstance(look, CekuraError):
                    watch.failed(look, now, tried=patience.seconds)
                elif watch.seen(look, now) and self._on_update is not None:
                    yield Notify(self._on_update, watch.last)
                yield from self._hand_on(watch)
            failed = [look for look in looks if isinstance(look, CekuraError)]
            if any(isinstance(error, AuthenticationError) for error in failed):
                yield from self._give_up(pending, failed[0])
                return
            limited = [error for error in failed if isinstance(error, RateLimitError)]
            for error in limited:
                self._leave_alone(error)
            if len(failed) < len(looks) or not all(map(may_pass, failed)):
                self._answered = now
            elif now - self._answered >= RIDE_OUT.seconds:
                yield from self._give_up(pending, failed[-1])
            if limited or self._answered < now:
                return  # nothing gets through now

    def _leave_alone(self, error: RateLimitError) -> None:
        self._rest = max(self._rest, error.retry_after or 0.0)

    def _give_up(self, pending: Sequence[Watch], error: CekuraError) -> Flow[None]:
        """What is true of one is true of all."""
        for watch in pending:
            if not watch.over:
                own = copy(error)
                own.__notes__ = []
                watch.give_up(own)
                yield from self._hand_on(watch)

    def _look(self, watch: Watch, patience: Patience) -> Flow[Result | CekuraError]:
        request = self._context.gateway.get_result(watch.result_id)
        if watch.etag:
            request.headers["If-None-Match"] = watch.etag

        def read(answer: httpx.Response) -> Result:
            if answer.status_code == 304 and watch.whole is not None:
                return watch.whole
            result = Result.read(answer.content)
            watch.etag = answer.headers.get("etag", "")
            return result if self._keep_body else evolve(result, body=b"")

        try:
            return (
                yield from sending(
                    request,
                    read,
                    patience=patience,
                    clock=self._context.clock,
                    deadline=watch.until,
                )
            )
        except CekuraError as error:
            return error

    def _hand_on(self, watch: Watch) -> Flow[None]:
        if watch.result is not None:
            self.done.append(watch.result)
            yield Emit(watch.result)
