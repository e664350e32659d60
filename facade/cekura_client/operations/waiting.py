"""Wait for the end of results: one, or thousands with few requests.

A page of the list of results tells about a hundred of them, so where many are waited for, the list
says which have ended, and only those are read. What it does not show is read one by one.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any

import httpx
from attrs import evolve

from cekura_client.core.checks import seconds
from cekura_client.core.decoding import Page, page_of_results
from cekura_client.core.launches import Launch
from cekura_client.core.lenient import integer
from cekura_client.core.list_scan import FEW, ListScan, by_agent
from cekura_client.core.polling import Polling
from cekura_client.core.results import Result
from cekura_client.core.send_policy import POLL_PATIENCE, Patience
from cekura_client.core.watching import Outage, Watch, may_pass
from cekura_client.effects import Emit, Flow, Notify, Parallel, Sleep, T
from cekura_client.errors import CekuraError, InvalidRequestError, WaitsError
from cekura_client.operations.context import Context
from cekura_client.operations.results import read_result, result_id
from cekura_client.wire.sending import sending

OnUpdate = Callable[[Result], object] | None

# So many results are looked at before what came of that is handed on: eight for each request that may
# be under way, so that few wait for the slowest, and few answers of megabytes are in memory at once.
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
        wanted = launch if isinstance(launch, Launch) else None
        watch = Watch(result_id(launch), timeout, deadline, polling, agent, wanted)
        known = found.setdefault(watch.result_id, watch)
        known.launch = known.launch or watch.launch
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
        self._outage = Outage()
        self._known: dict[int | None, range | None] = {}  # pages of the list, by agent
        self.done: list[Result] = []

    def rounds(self) -> Flow[None]:
        """Look until nothing is left to wait for."""
        pauses = self._polling.pauses(self._clock.random)
        pending, restless = list(self._watches), 0
        while pending:
            began, self._outage.rest = self._clock.monotonic(), 0.0
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
            if restless > before and len(pending) <= FEW:
                pauses = self._polling.pauses(self._clock.random)
            pause = next(pauses)
            if len(pending) > FEW:
                # What ends just after it was looked at waits for the rest of this round, the pause and
                # most of the next round: so that it is handed on a pause after its end, with a round
                # to spare, three are taken off. But a server that is slow has its rest.
                pause = max(pause - 3 * took, pause / 2)
            left = min(watch.until for watch in pending) - self._clock.monotonic()
            yield Sleep(max(0.0, min(max(pause, self._outage.rest), left)))

    def _round(self, pending: Sequence[Watch]) -> Flow[None]:
        """Look at each once: in the list, or at itself if that shows its end or does not show it."""
        now = self._clock.monotonic()
        due = [watch for watch in pending if not watch.listed(now)]
        listed = [watch for watch in pending if watch.listed(now)]
        for scan in by_agent(listed, self._known):
            if not self._outage.rest:
                yield from self._scan(scan, pending)
                due += scan.sought.values()
        if not self._outage.rest:
            yield from self._look_at(due, pending)

    def _scan(self, scan: ListScan, pending: Sequence[Watch]) -> Flow[None]:
        """Look for results in the list, and at those that it shows to have ended."""
        while pages := scan.next_pages():
            answers: list[Page | CekuraError]
            answers = yield Parallel([self._page(scan, number) for number in pages])
            ended: list[Watch] = []
            for number, answer in zip(pages, answers, strict=True):
                if isinstance(answer, CekuraError):
                    self._outage.leave_alone(answer)
                    if may_pass(answer):
                        scan.cut_short()
                        break
                    scan.ends_before(number)
                    continue
                self._outage.since = None
                shown = scan.read(number, answer, compare=self._on_update is not None)
                ended += shown.ended
                for watch in shown.changed:
                    yield from self._notify(watch)
            yield from self._look_at(ended, pending)
        self._known[scan.agent] = scan.finish()

    def _page(self, scan: ListScan, number: int) -> Flow[Page | CekuraError]:
        request = self._context.gateway.list_results(agent_id=scan.agent, page=number)
        deadline = min(watch.until for watch in scan.sought.values())
        return self._tried(request, lambda answer: page_of_results(answer.content), _ONCE, deadline)

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
            patience = POLL_PATIENCE if len(pending) == 1 else _ONCE
            looks: list[Result | CekuraError]
            looks = yield Parallel([self._look(watch, patience) for watch in batch])
            now = self._clock.monotonic()
            for watch, look in zip(batch, looks, strict=True):
                if isinstance(look, CekuraError):
                    watch.failed(look, now, tried=patience.seconds)
                elif watch.update_from_result(look, now):
                    yield from self._notify(watch)
                yield from self._hand_on(watch)
            hopeless = self._outage.update(looks, now)
            if hopeless is not None:
                yield from self._give_up(pending, hopeless)
            if self._outage.blocking:
                return  # nothing gets through now

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
            result = read_result(answer, watch.launch or watch.result_id)
            watch.etag = answer.headers.get("etag", "")
            return result if self._keep_body else evolve(result, body=b"")

        return self._tried(request, read, patience, watch.until)

    def _tried(
        self,
        request: httpx.Request,
        read: Callable[[httpx.Response], T],
        patience: Patience,
        deadline: float,
    ) -> Flow[T | CekuraError]:
        """What came of a request; one that failed does not keep the others from their end."""
        try:
            return (
                yield from sending(
                    request, read, patience=patience, clock=self._clock, deadline=deadline
                )
            )
        except CekuraError as error:
            return error

    def _notify(self, watch: Watch) -> Flow[None]:
        if self._on_update is not None:
            yield Notify(self._on_update, watch.last)

    def _hand_on(self, watch: Watch) -> Flow[None]:
        result = watch.result
        if result is None:
            return
        if len(self._watches) > 1:
            # Who takes them one by one does not want all of their answers in memory.
            self.done.append(watch.drop_bodies())
        yield Emit(result)
