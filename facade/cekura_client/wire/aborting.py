"""End the calls of a result if a block of code is left before its time."""

import signal
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType

from cekura_client.wire.answers import named

# Seconds within which the calls are ended, or that is given up.
WITHIN = 5.0


class AbortGuard:
    """What became of the calls when the block was left.

    Attributes:
        ended: True if they were ended, False if that failed, None if there was no need.
        said: The same in a sentence; it is also added as a note to the exception that left the block.
    """

    def __init__(self, result_id: int) -> None:
        self.result_id = result_id
        self.ended: bool | None = None
        self.said = ""

    def settle(self, left_by: BaseException, problem: str | None) -> None:
        """Set both, and tell whoever sees the exception."""
        self.ended = problem is None
        self.said = f"The calls of result {self.result_id} were ended."
        if problem is not None:
            self.said = (
                f"The calls of result {self.result_id} could not be ended within {WITHIN:g} s "
                f"({problem}). They go on and are billed: call end_calls({self.result_id})"
            )
        left_by.add_note(self.said)


class TerminatedError(SystemExit):
    """SIGTERM came while the block ran; ends the process with the status 143 that is usual then."""


@contextmanager
def guarded(result_id: int, end: Callable[[], None]) -> Generator[AbortGuard, None, None]:
    """Call `end` in a thread if the block is left by an exception, Ctrl-C or SIGTERM."""
    guard = AbortGuard(result_id)

    def terminate() -> None:
        raise TerminatedError(128 + signal.SIGTERM)

    with _on_sigterm(terminate):
        try:
            yield guard
        except BaseException as left_by:
            problems = ["no answer"]

            def attempt() -> None:
                try:
                    end()
                    problems.clear()
                except Exception as error:
                    problems[0] = named(error)

            # A thread can be left behind; a call that hangs cannot.
            thread = threading.Thread(target=attempt, daemon=True)
            thread.start()
            thread.join(WITHIN)
            guard.settle(left_by, problems[0] if problems else None)
            raise


@asynccontextmanager
async def guarded_async(
    result_id: int, end: Callable[[], Awaitable[None]]
) -> AsyncGenerator[AbortGuard, None]:
    """Await `end` if the block is left by an exception, cancellation, Ctrl-C or SIGTERM."""
    import asyncio  # not needed by whoever blocks, and slow to import

    guard = AbortGuard(result_id)
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    terminated = False

    def terminate() -> None:
        nonlocal terminated
        terminated = True
        if task is not None:
            loop.call_soon_threadsafe(task.cancel)

    with _on_sigterm(terminate):
        try:
            yield guard
        except BaseException as left_by:
            problem: str | None = None
            try:
                async with asyncio.timeout(WITHIN):
                    await end()
            except Exception as error:
                problem = named(error)
            guard.settle(left_by, problem)
            if terminated:
                raise TerminatedError(128 + signal.SIGTERM) from left_by
            raise


@contextmanager
def _on_sigterm(act: Callable[[], None]) -> Generator[None, None, None]:
    """Act on SIGTERM within the block. Only the main thread can; and who ignores it, goes on so."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is signal.SIG_IGN:
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        act()

    before = signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)
