"""Wait for the end of results: one, or thousands with few requests.

A page of the list of results tells about a hundred of them, so where many are waited for, the list
says which have ended, and only those are read. What it does not show is read one by one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import Any

import httpx
from attrs import evolve

from cekura_client.core.checks import seconds
from cekura_client.core.coercion import integer
from cekura_client.core.decoding import Entry, Page, page_of_results
from cekura_client.core.launches import Launch
from cekura_client.core.polling import Polling
from cekura_client.core.results import Result
from cekura_client.core.send_policy import RIDE_OUT, Patience
from cekura_client.core.verdicts import has_ended, normal_status
from cekura_client.core.watching import Watch, may_pass
from cekura_client.effects import TOGETHER, Emit, Flow, Notify, Sleep, Together
from cekura_client.errors import (
    ApiError,
    AuthenticationError,
    CekuraError,
    InvalidRequestError,
    WaitsError,
)
from cekura_client.operations.context import Context
from cekura_client.operations.results import planned_runs, read_result, result_id
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


def _watches(context: Context, launches: object, timeout: float, polling: Polling) -> list[Watch]:
    deadline = context.clock.monotonic() + seconds("timeout", timeout)
    if isinstance(launches, str | bytes) or not isinstance(launches, Iterable):
        raise InvalidRequestError(
            f"launches must be a list of launches or of ids of results; got "
            f"{type(launches).__name__}; for example [7001, 7002]"
        )
    found: dict[int, Watch] = {}
    launch: Any
    for launch in launches:
        agent = integer(launch.raw.get("agent")) if isinstance(launch, Launch) else None
        watch = Watch(result_id(launch), timeout, deadline, polling, agent, planned_runs(launch))
        known = found.setdefault(watch.result_id, watch)
        known.planned = known.planned or watch.planned
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
        self._clock = context.clock
        self._watches = watches
        self._on_update = on_update
        self._polling = polling
        self._keep_body = keep_body
        self._down_since: float | None = None  # since when nothing gets through
        self._rest = 0.0  # seconds for which the server asked to be left alone
        self._found_on: dict[int | None, range] = {}  # pages of the list, by agent
        self.done: list[Result] = []

    def rounds(self) -> Flow[None]:
        """Look until nothing is left to wait for."""
        pauses = self._polling.pauses(self._clock.random)
        pending, restless = list(self._watches), 0
        while pending:
            began, self._rest = self._clock.monotonic(), 0.0
            yield from self._round(pending)
            took = self._clock.monotonic() - began
            for watch in pending:
                if not watch.over:
                    watch.expire(self._clock.monotonic())
                    yield from self._hand_on(watch)
            pending = [watch for watch in pending if not watch.over]
            if not pending:
                return
            # Scores come soon after the end, and trouble may be over soon.
            before, restless = restless, sum(w.ended or w.in_trouble for w in pending)
            if restless > before and len(pending) <= _FEW:
                pauses = self._polling.pauses(self._clock.random)
            pause = next(pauses)
            if len(pending) > _FEW:
                # Such a round takes time, twice for what ends just after it was looked at; that
                # should not be handed on later than a pause after its end. But a server that is
                # slow has its rest.
                pause = max(pause - 3 * took, pause / 2)
            left = min(watch.until for watch in pending) - self._clock.monotonic()
            yield Sleep(max(0.0, min(max(pause, self._rest), left)))

    def _round(self, pending: Sequence[Watch]) -> Flow[None]:
        """Look at each once: in the list, or at itself if that shows its end or does not show it."""
        now = self._clock.monotonic()
        groups: dict[int | None, dict[int, Watch]] = {}
        due: list[Watch] = []
        for watch in pending:
            if watch.listed(now):
                groups.setdefault(watch.agent, {})[watch.result_id] = watch
            else:
                due.append(watch)
        for agent in [agent for agent, group in groups.items() if len(group) <= _FEW]:
            # The list of all agents shows them as well.
            groups.setdefault(None, {}).update(groups.pop(agent) if agent is not None else {})
        for agent, sought in groups.items():
            if not self._rest:
                yield from self._seek(agent, sought, pending)
                due += sought.values()
        if not self._rest:
            yield from self._look_at(due, pending)

    def _seek(
        self, agent: int | None, sought: dict[int, Watch], pending: Sequence[Watch]
    ) -> Flow[None]:
        """Look for those of an agent in the list; takes away what it shows."""
        # Where they were found the last time, and one further, since new results push them on.
        known = self._found_on.pop(agent, None)
        page, end = (1, None) if known is None else (known.start, known.stop)
        # A page is worth its request while it is likely to show more than one of them.
        if len(sought) <= (_FEW if end is None else max(_FEW, end - page + 1)):
            if known is not None:
                self._found_on[agent] = known
            return
        found: list[int] = []
        fruitless, width = 0, 1
        while sought and fruitless <= len(sought) // 20 and (end is None or page <= end):
            if known is not None and found and len(sought) <= known.stop - page:
                return
            stop = page + width if end is None else min(page + width, end + 1)
            flows = [self._page(agent, number, sought) for number in range(page, stop)]
            answers: list[Page | CekuraError] = yield Together(flows)
            ended: list[Watch] = []
            for number, answer in enumerate(answers, start=page):
                if isinstance(answer, CekuraError):
                    self._leave_alone(answer)
                    if may_pass(answer):
                        yield from self._look_at(ended, pending)
                        return
                    end = number  # there are no more pages, or none for this key
                    continue
                count, entries = answer
                self._down_since = None
                if end is None and entries:
                    pages = -(-(integer(count) or 0) // len(entries))
                    end = pages if pages >= number else None
                before = len(sought)
                ended += yield from self._shown(entries, sought)
                if len(sought) < before:
                    found.append(number)
                    fruitless = 0
                else:
                    fruitless += 1
                if not entries:
                    end = number
            yield from self._look_at(ended, pending)
            page, width = stop, TOGETHER
        for watch in sought.values():
            watch.missed()
        if found and not sought:
            self._found_on[agent] = range(min(found), max(found) + 1)

    def _shown(self, entries: list[Entry], sought: dict[int, Watch]) -> Flow[list[Watch]]:
        """Take from those that are sought what a page shows; gives those that have ended."""
        ended: list[Watch] = []
        for number, given, entry in entries:
            status = normal_status(given)
            watch = sought.get(integer(number) or 0)
            if watch is None or watch.over or not status:
                continue
            del sought[watch.result_id]
            if has_ended(status):
                ended.append(watch)
            elif watch.glimpsed(entry, compare=self._on_update is not None) and self._on_update:
                yield Notify(self._on_update, watch.last)
        return ended

    def _page(
        self, agent: int | None, number: int, sought: Mapping[int, Watch]
    ) -> Flow[Page | CekuraError]:
        request = self._context.gateway.list_results(agent_id=agent, page=number)
        try:
            return (
                yield from sending(
                    request,
                    lambda answer: page_of_results(answer.content),
                    patience=_ONCE,
                    clock=self._clock,
                    deadline=min(watch.until for watch in sought.values()),
                )
            )
        except CekuraError as error:
            return error

    def _look_at(self, due: Sequence[Watch], pending: Sequence[Watch]) -> Flow[None]:
        """Look at each of them itself, those that failed the last time at the end."""
        due = sorted(due, key=lambda watch: watch.in_trouble)
        for begin in range(0, len(due), _BATCH):
            now = self._clock.monotonic()
            batch = [
                watch
                for watch in due[begin : begin + _BATCH]
                if not watch.over and (begin == 0 or now < watch.until)
            ]
            # Alone, it need not wait for the next round to be tried again.
            patience = RIDE_OUT if len(pending) == 1 else _ONCE
            flows = [self._look(watch, patience) for watch in batch]
            looks: list[Result | CekuraError] = yield Together(flows)
            now = self._clock.monotonic()
            failed: list[CekuraError] = []
            for watch, look in zip(batch, looks, strict=True):
                if isinstance(look, CekuraError):
                    watch.failed(look, now, tried=patience.seconds)
                    self._leave_alone(look)
                    failed.append(look)
                elif watch.seen(look, now) and self._on_update is not None:
                    yield Notify(self._on_update, watch.last)
                yield from self._hand_on(watch)
            if refused := [error for error in failed if isinstance(error, AuthenticationError)]:
                yield from self._give_up(pending, refused[0])
            if not failed or len(failed) < len(looks) or not all(map(may_pass, failed)):
                self._down_since = None
            elif self._down_since is None:
                self._down_since = now
            elif now - self._down_since >= RIDE_OUT.seconds:
                yield from self._give_up(pending, failed[-1])
            if self._rest or self._down_since is not None:
                return  # nothing gets through now

    def _leave_alone(self, error: CekuraError) -> None:
        """Keep to it if the server says when it wants to be asked again."""
        if isinstance(error, ApiError) and may_pass(error) and error.retry_after:
            self._rest = max(self._rest, error.retry_after)

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
            result = read_result(answer, watch.result_id, watch.planned)
            watch.etag = answer.headers.get("etag", "")
            return result if self._keep_body else evolve(result, body=b"")

        try:
            return (
                yield from sending(
                    request,
                    read,
                    patience=patience,
                    clock=self._clock,
                    deadline=watch.until,
                )
            )
        except CekuraError as error:
            return error

    def _hand_on(self, watch: Watch) -> Flow[None]:
        result = watch.result
        if result is None:
            return
        if len(self._watches) > 1:
            # Who takes them one by one does not want all of their answers in memory.
            self.done.append(watch.let_go())
        yield Emit(result)
