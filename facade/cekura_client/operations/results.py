"""Read a result, wait for its end, end its calls."""

from collections.abc import Callable

import httpx

from cekura_client.core.fields import positive, seconds
from cekura_client.core.launches import Launch
from cekura_client.core.polling import Polling
from cekura_client.core.results import Result
from cekura_client.core.send_policy import ONCE_OR_SO, RIDE_OUT, Patience
from cekura_client.effects import Flow, Notify, Sleep
from cekura_client.errors import CekuraError, WaitTimeoutError
from cekura_client.operations.context import Context
from cekura_client.wire.sending import sending


def result_id(launch: Launch | int) -> int:
    """The id of a result, given as such or by its launch."""
    return launch.result_id if isinstance(launch, Launch) else positive("result id", launch)


def _read(answer: httpx.Response) -> Result:
    return Result.read(answer.content)


def reading(
    context: Context,
    launch: Launch | int,
    patience: Patience = ONCE_OR_SO,
    deadline: float | None = None,
) -> Flow[Result]:
    """Read a result once."""
    request = context.gateway.get_result(result_id(launch))
    return (
        yield from sending(
            request, _read, patience=patience, clock=context.clock, deadline=deadline
        )
    )


def ending_calls(context: Context, launch: Launch | int, within: float | None = None) -> Flow[None]:
    """End the active calls of a result. It does no harm twice, so it is repeated like a read.

    Args:
        context: What every operation needs.
        launch: The launch, or the id of its result.
        within: Seconds after which it is given up; None for the usual patience.
    """
    request = context.gateway.end_calls(result_id(launch))
    patience = ONCE_OR_SO if within is None else Patience(None, within)
    deadline = None if within is None else context.clock.monotonic() + within
    yield from sending(
        request, lambda _: None, patience=patience, clock=context.clock, deadline=deadline
    )


def waiting(
    context: Context,
    launch: Launch | int,
    timeout: float,
    on_update: Callable[[Result], object] | None,
    polling: Polling,
) -> Flow[Result]:
    """Look at a result until it has ended and is scored.

    The deadline is read off the clock, never added up from pauses: a look may take long, too.
    """
    wanted = result_id(launch)
    clock = context.clock
    until = clock.monotonic() + seconds("timeout", timeout)
    last: Result | None = None
    pauses = polling.pauses(clock.random)
    while True:
        try:
            result = yield from reading(context, wanted, RIDE_OUT, until)
        except CekuraError as error:
            if last is not None and last.finished:
                return last
            if clock.monotonic() >= until:
                raise _timed_out(wanted, timeout, last) from error
            error.add_note(f"while waiting for result {wanted}, which may go on without you")
            raise
        if on_update is not None and result != last:
            yield Notify(on_update, result)
        now = clock.monotonic()
        if result.finished and (last is None or not last.finished):
            # From here on only scores are missing.
            until = min(until, now + polling.grace)
            pauses = polling.pauses(clock.random)
        last = result
        if result.finished and (result.status != "completed" or result.scored or now >= until):
            return result
        if now >= until:
            raise _timed_out(wanted, timeout, last)
        yield Sleep(min(next(pauses), until - now))


def _timed_out(wanted: int, timeout: float, last: Result | None) -> WaitTimeoutError:
    seen = (
        "nothing was seen of it" if last is None else f"last seen {last.status or 'without status'}"
    )
    return WaitTimeoutError(
        f"result {wanted} did not end within {timeout:g} s ({seen}). Its runs go on: wait again "
        "with the same id, or end its calls",
        result=last,
    )
