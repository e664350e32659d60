"""Launch and wait, until the end or until a signal.

If a signal arrives while a launch is being sent, the launch gets a few seconds for its answer, because
it may be billed either way. Then the calls are ended, if the user asked for that. Together this takes
less than ten seconds, after which GitHub kills a cancelled job.
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
from cekura_client.core import interruption
from cekura_client.core.description import CheckedLaunch
from cekura_client.core.interruption import interrupted_launch
from cekura_client.core.launches import Launch
from cekura_client.core.results import Result
from cekura_client.errors import CekuraError, LaunchOutcomeUnknownError, WaitsError
from cekura_client.wire.aborting import WITHIN

Work = Callable[[AsyncCekura], Awaitable[None]]

# Seconds for the answer to a launch that is being sent, and then for reporting what is known of it.
# Together with `WITHIN` for ending calls, they stay below GitHub's ten seconds.
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
    """Run some work with a client. Errors and signals end up in the outcome.

    Args:
        client: Arguments of the client, from `client_arguments`.
        work: Receives the client.
        outcome: Filled in by the work.
        console: For what must be shown at once.
        signals: Held from here on.
        end: Whether to end the calls that may still be running after the work.
    """
    signals.hold()
    interruption.log.disabled = True  # the command reports it itself
    try:
        with outcome.taking():
            asyncio.run(_run_session(client, work, outcome, console, signals, end))
    finally:
        interruption.log.disabled = False


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
        if end and not this.cancelling():  # a second Ctrl-C does
            await _end(cekura, outcome, console)


def run_once(
    connection: ConnectionOptions, work: Work, outcome: CommandOutcome, console: Console
) -> None:
    """Run work that neither launches nor waits."""
    with Signals(outcome.stop) as signals, outcome.taking():
        run_session(client_arguments(connection), work, outcome, console, signals)


async def send_launch(
    cekura: AsyncCekura,
    checked: CheckedLaunch,
    outcome: CommandOutcome,
    console: Console,
    accept: Callable[[Launch], None],
) -> bool:
    """Launch, report the result id as soon as it is known, and return whether it was accepted."""

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
                f"A launch is being sent: waiting up to {ANSWER_WITHIN:g} s for its answer. "
                "Press Ctrl-C again to exit at once."
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
    """Wait for all results of the outcome in parallel."""

    def update(result: Result) -> None:
        if result.id in outcome.ids:
            outcome.results[result.id] = result
            watching(result.id, result)

    # A launch knows its planned runs; an id does not.
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
    """End the calls of every result that may still be running."""
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
    """Tell the user which results may still be running, and the commands to wait for or end them."""
    listed = " ".join(map(str, ids))
    which = f"Result {listed}" if len(ids) == 1 else f"Results {listed}"
    ends = "\n".join(f"  cekura-run end {each}    # to end its calls" for each in ids[:5])
    return f"{which} may still be running:\n  cekura-run wait {listed}    # to wait again\n{ends}"
