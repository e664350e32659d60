"""Launching and waiting, until the end or until somebody wants to leave.

A launch that is under way when somebody wants to leave is given five seconds to be answered, since it
may be billed whether or not anybody reads the answer. A second Ctrl-C or SIGTERM leaves at once.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from cekura_client.cli.arguments import Planned
from cekura_client.cli.connection import client_arguments
from cekura_client.cli.exits import Exit
from cekura_client.cli.options import Connection, Waiting
from cekura_client.cli.outcome import Outcome
from cekura_client.cli.progress import progress
from cekura_client.cli.screen import Screen
from cekura_client.client import AsyncCekura
from cekura_client.core.launches import Launch
from cekura_client.core.polling import Polling
from cekura_client.core.results import Result
from cekura_client.errors import CekuraError, LaunchOutcomeUnknownError, WaitsError
from cekura_client.wire.aborting import WITHIN

Work = Callable[[AsyncCekura], Awaitable[None]]


def conduct(
    connection: Connection, work: Work, outcome: Outcome, screen: Screen, *, end: bool = False
) -> None:
    """Do some work with a client; what comes of it is in the outcome.

    Args:
        connection: Where to.
        work: Gets the client.
        outcome: Is filled in.
        screen: For what must be said at once.
        end: Whether calls that still go on are ended when it is broken off.

    Raises:
        CekuraError: of the client, or of the work.
        KeyboardInterrupt: somebody wants to leave at once.
    """
    asyncio.run(_conduct(client_arguments(connection), work, outcome, screen, end))


async def _conduct(
    arguments: dict[str, Any], work: Work, outcome: Outcome, screen: Screen, end: bool
) -> None:
    task = asyncio.current_task()
    assert task is not None

    def terminate() -> None:
        if outcome.stopped is not None:
            raise KeyboardInterrupt  # which the loop lets through
        outcome.stopped = Exit.TERMINATED
        task.cancel()

    with suppress(NotImplementedError):  # Windows has no such signals
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate)
    async with AsyncCekura(**arguments) as cekura:
        try:
            await work(cekura)
        except asyncio.CancelledError:
            outcome.stopped = outcome.stopped or Exit.INTERRUPTED
        if end:
            await _end(cekura, outcome, screen)


async def launched(
    cekura: AsyncCekura,
    planned: Planned,
    outcome: Outcome,
    screen: Screen,
    told: Callable[[Launch], None],
) -> bool:
    """Launch, and tell the result's id the moment it is known; gives whether it was accepted."""

    async def launch() -> None:
        try:
            accepted: Launch = await getattr(cekura, planned.operation)(**planned.arguments)
        except CekuraError as error:
            outcome.error = error
        except asyncio.CancelledError as left:
            said = ["interrupted before it was answered.", *getattr(left, "__notes__", [])]
            outcome.error = LaunchOutcomeUnknownError(" ".join(said))
            raise
        else:
            outcome.accepted(accepted)
            told(accepted)

    task = asyncio.ensure_future(launch())
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        screen.note(
            f"A launch is under way: waiting {WITHIN:g} s for its answer; again to leave at once"
        )
        await asyncio.wait({task}, timeout=WITHIN)
        task.cancel()
        await asyncio.wait({task})
        raise
    return outcome.launch is not None


async def waited(
    cekura: AsyncCekura, waiting: Waiting, outcome: Outcome, screen: Screen, *, quiet: bool
) -> None:
    """Wait for all results of the outcome at once."""
    polling = (
        Polling(grace=waiting.grace)
        if waiting.poll is None
        else Polling(first=waiting.poll, longest=waiting.poll, grace=waiting.grace)
    )

    def update(result: Result) -> None:
        if result.id in outcome.ids:
            outcome.results[result.id] = result
            watching(result.id, result)

    with progress(screen, outcome.ids, quiet=quiet) as watching:
        try:
            async for result in cekura.wait_all(
                outcome.ids, timeout=waiting.timeout, on_update=update, polling=polling
            ):
                update(result)
        except WaitsError as failed:
            outcome.errors |= failed.errors
            for error in failed.errors.values():
                screen.error(error)


async def _end(cekura: AsyncCekura, outcome: Outcome, screen: Screen) -> None:
    """End the calls of what still goes on."""
    tasks = {each: asyncio.ensure_future(cekura.end_calls(each)) for each in outcome.going_on}
    if not tasks:
        return
    await asyncio.wait(tasks.values(), timeout=WITHIN)
    for each, task in tasks.items():
        problem: object = f"no answer within {WITHIN:g} s"
        if task.done():
            problem = task.exception()
        task.cancel()
        if problem is None:
            outcome.ended.append(each)
            screen.note(f"The calls of result {each} were ended")
        else:
            screen.note(f"The calls of result {each} could not be ended: {problem}")


def how_to_go_on(ids: Sequence[int]) -> str:
    """What to say of results that go on without anybody waiting for them."""
    listed = " ".join(map(str, ids))
    which = f"Result {listed}" if len(ids) == 1 else f"Results {listed}"
    ends = "\n".join(f"  cekura-run end {each}    # to end its calls" for each in ids[:5])
    return f"{which} may still go on:\n  cekura-run wait {listed}    # to wait again\n{ends}"
