"""Launching and waiting, until the end or until a signal stops it.

A launch that is under way when a signal comes is given some seconds to be answered, since it may be
billed whether or not anybody reads the answer. Then calls are ended, if that is asked for. Both take
less than ten seconds together, after which GitHub kills a cancelled job.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from cekura_client.cli.connection import WaitLimits, client_arguments
from cekura_client.cli.console import Console
from cekura_client.cli.exits import InternalError
from cekura_client.cli.options import ConnectionOptions
from cekura_client.cli.outcome import CommandOutcome
from cekura_client.cli.progress import progress
from cekura_client.cli.signals import Signals
from cekura_client.client import AsyncCekura
from cekura_client.core.description import CheckedLaunch
from cekura_client.core.interruption import interrupted_launch
from cekura_client.core.launches import Launch
from cekura_client.core.results import Result
from cekura_client.errors import CekuraError, LaunchOutcomeUnknownError, WaitsError
from cekura_client.wire.aborting import WITHIN

Work = Callable[[AsyncCekura], Awaitable[None]]

# Seconds for the answer to a launch that is under way, and for it to say what is known when it is cut
# off. With `WITHIN` for ending calls they leave GitHub's ten seconds some rest.
ANSWER_WITHIN, WORD_WITHIN = 3.5, 0.5


def run_session(
    client: dict[str, Any],
    work: Work,
    outcome: CommandOutcome,
    console: Console,
    signals: Signals,
    *,
    end: bool = False,
) -> None:
    """Do some work with a client. Whatever ends it is in the outcome.

    Args:
        client: What the client is made with, from `client_arguments`.
        work: Gets the client.
        outcome: Is filled in.
        console: For what must be shown at once.
        signals: Are held from here on.
        end: Whether calls that may still be running are ended when the work is over.
    """
    signals.hold()
    with outcome.taking():
        asyncio.run(_run_session(client, work, outcome, console, signals, end))


async def _run_session(
    client: dict[str, Any],
    work: Work,
    outcome: CommandOutcome,
    console: Console,
    signals: Signals,
    end: bool,
) -> None:
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    assert this is not None
    async with AsyncCekura(**client) as cekura:
        task = asyncio.ensure_future(work(cekura))
        signals.begin(lambda: loop.call_soon_threadsafe(task.cancel))
        with outcome.taking(), suppress(asyncio.CancelledError):
            await task
        signals.over()
        if end and not this.cancelling():  # as it is by a second Ctrl-C
            await _end(cekura, outcome, console)


def run_once(
    connection: ConnectionOptions, work: Work, outcome: CommandOutcome, console: Console
) -> None:
    """Do some work that launches nothing and waits for nothing."""
    with Signals(outcome.stop) as signals, outcome.taking():
        run_session(client_arguments(connection), work, outcome, console, signals)


async def send_launch(
    cekura: AsyncCekura,
    checked: CheckedLaunch,
    outcome: CommandOutcome,
    console: Console,
    accept: Callable[[Launch], None],
) -> bool:
    """Launch, and report the result's id the moment it is known; gives whether it was accepted."""

    async def launch() -> None:
        try:
            accept(await cekura.launch(checked))
        except BaseException as error:
            known = interrupted_launch(error)
            if known is not None and known.result_id is not None:
                accept(Launch(known.result_id, "", (), checked.plan, {}, known.name))
            elif known is not None:
                outcome.error = LaunchOutcomeUnknownError(known.message, name=known.name)
            elif isinstance(error, CekuraError):
                outcome.error = error
            elif isinstance(error, Exception):
                outcome.error = InternalError(error)
            if not isinstance(error, Exception):
                raise

    task = asyncio.ensure_future(launch())
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            console.note(
                f"A launch is under way: waiting up to {ANSWER_WITHIN:g} s for its answer. "
                "Press Ctrl-C again to leave at once."
            )
            await asyncio.wait({task}, timeout=ANSWER_WITHIN)
        task.cancel()
        await asyncio.wait({task}, timeout=WORD_WITHIN)
        raise
    return outcome.launch is not None


async def wait_for_results(
    cekura: AsyncCekura,
    limits: WaitLimits,
    outcome: CommandOutcome,
    console: Console,
    *,
    quiet: bool,
) -> None:
    """Wait for all results of the outcome at once."""

    def update(result: Result) -> None:
        if result.id in outcome.ids:
            outcome.results[result.id] = result
            watching(result.id, result)

    # A launch knows how many runs were planned; an id alone does not.
    wanted = outcome.ids if outcome.launch is None else [outcome.launch]
    with progress(console, outcome.ids, quiet=quiet) as watching:
        try:
            async for result in cekura.wait_all(
                wanted, timeout=limits.timeout, on_update=update, polling=limits.polling
            ):
                update(result)
        except WaitsError as failed:
            outcome.errors |= failed.errors
            for error in failed.errors.values():
                console.error(error)


async def _end(cekura: AsyncCekura, outcome: CommandOutcome, console: Console) -> None:
    """End the calls of what may still be running."""
    tasks = {each: asyncio.ensure_future(cekura.end_calls(each)) for each in outcome.may_be_running}
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
            console.note(f"The calls of result {each} were ended.")
        else:
            console.note(f"The calls of result {each} could not be ended: {problem}")


def next_commands(ids: Sequence[int]) -> str:
    """What to say of results that may be running without anybody waiting for them."""
    listed = " ".join(map(str, ids))
    which = f"Result {listed}" if len(ids) == 1 else f"Results {listed}"
    ends = "\n".join(f"  cekura-run end {each}    # to end its calls" for each in ids[:5])
    return f"{which} may still be running:\n  cekura-run wait {listed}    # to wait again\n{ends}"
