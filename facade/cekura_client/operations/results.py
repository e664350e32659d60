"""Read a result, end its calls."""

import httpx
from attrs import evolve

from cekura_client.core.checks import positive
from cekura_client.core.decoding import UnreadableError
from cekura_client.core.launches import Launch
from cekura_client.core.results import Result
from cekura_client.core.send_policy import DEFAULT_PATIENCE, Patience
from cekura_client.effects import Flow
from cekura_client.operations.context import Context
from cekura_client.wire.sending import sending


def result_id(launch: Launch | int) -> int:
    """The id of a result, given as such or by its launch."""
    return launch.result_id if isinstance(launch, Launch) else positive("result id", launch)


def read_result(answer: httpx.Response, launch: Launch | int) -> Result:
    """A result, if it is the one that was asked for.

    Raises:
        UnreadableError: it is another, or none.
    """
    result, wanted = Result.read(answer.content), result_id(launch)
    if result.id not in (wanted, None):
        raise UnreadableError(f"it is result {result.id}, not {wanted}")
    return evolve(result, id=wanted).expecting(launch if isinstance(launch, Launch) else None)


def reading(context: Context, launch: Launch | int) -> Flow[Result]:
    """Read a result once."""
    request = context.gateway.get_result(result_id(launch))
    return (
        yield from sending(
            request,
            lambda answer: read_result(answer, launch),
            patience=DEFAULT_PATIENCE,
            clock=context.clock,
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
    patience = DEFAULT_PATIENCE if within is None else Patience(None, within)
    deadline = None if within is None else context.clock.monotonic() + within
    yield from sending(
        request, lambda _: None, patience=patience, clock=context.clock, deadline=deadline
    )
