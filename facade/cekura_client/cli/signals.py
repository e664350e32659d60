"""Ctrl-C, SIGTERM and SIGHUP while runs may be billed.

The first signal stops the work. Cleanup, such as ending calls, then takes a few seconds. Another signal does
not interrupt it, because GitHub sends SIGINT to a cancelled job and SIGTERM 7.5 s later. Only a second
Ctrl-C exits at once.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

from cekura_client.cli.exits import Exit

# Windows has no SIGHUP.
_STOPPING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class Signals:
    """Handles signals from `hold` to `release`, or to the end of the `with` block.

    Args:
        stopped: Called with the exit status for the first signal.
    """

    def __init__(self, stopped: Callable[[Exit], None]) -> None:
        self._stopped = stopped
        self._stop: Callable[[], object] | None = None
        self._came = False
        self._over = False
        self._interrupts = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def hold(self) -> None:
        """Handle signals from now on, except those that the process ignores, as with nohup."""
        if threading.current_thread() is not threading.main_thread():
            return  # only the main thread receives signals
        for number in _STOPPING:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN:
                self._before[number] = signal.SIG_DFL if before is None else before
                signal.signal(number, self._handle)

    def release(self) -> None:
        """Restore the previous handlers."""
        while self._before:
            signal.signal(*self._before.popitem())

    def begin(self, stop: Callable[[], object]) -> None:
        """The work begins. Call `stop` on a signal, or now if one has already arrived."""
        self._stop = stop
        if self._came:
            stop()

    def over(self) -> None:
        """The work is over: a first signal has nothing left to stop."""
        self._over = True

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._interrupts += number == signal.SIGINT
        if self._interrupts > 1:
            raise KeyboardInterrupt
        if self._came or self._over:
            return
        self._came = True
        self._stopped(Exit(128 + number))
        if self._stop is not None:
            self._stop()
