"""What the clients of a run say, in this process and in processes of their own.

Run as a program it makes its share of the calls of rival processes, each of which a signal may cut off,
and prints what the client said of each, one line of JSON a call.
"""

import asyncio
import json
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import cekura_client
from cekura_client import (
    Cekura,
    CekuraError,
    Launch,
    LaunchOutcomeUnknownError,
    Result,
    Timeouts,
)
from cekura_client.core.interruption import interrupted_launch
from cekura_client.effects import Clock
from cekura_client.record import ACCEPTED, REFUSED, UNKNOWN
from scripts.chaos.account import API_KEY, BUG, INTERRUPTED, Said
from scripts.chaos.calls import LATE, rivals

# The clients' clock runs so much faster: four minutes of looking up are over in 2.4 seconds. What
# waits on a socket goes by real time.
SPEED = 100.0
TIMEOUTS = Timeouts(connect=2, launch=LATE - 0.2, read=2)
LONGEST = 120.0  # seconds that a process may take
_LIBRARY = str(Path(cekura_client.__file__).parent)


def _hasty(seed: int) -> Clock:
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)

    return Clock(
        # `now` stays as it is: it is compared with the server's dates.
        monotonic=lambda: time.monotonic() * SPEED,
        random=Random(seed).random,
        sleep=lambda seconds: time.sleep(seconds / SPEED),
        sleep_async=sleep,
    )


def client_options(url: str, record: Path, seed: int) -> dict[str, Any]:
    """The arguments of each client of a run."""
    return {
        "api_key": API_KEY,
        "base_url": url,
        "record": record,
        "recover_for": 240.0,
        "timeouts": TIMEOUTS,
        "clock": _hasty(seed),
    }


def accepted(launch: Launch, read: Result | None = None) -> Said:
    """A call that returned."""
    read_id = None if read is None else read.id
    return Said(ACCEPTED, launch.result_id, read=read_id)


def failed(error: BaseException) -> Said:
    """A call that raised."""
    if isinstance(error, LaunchOutcomeUnknownError):
        return Said(UNKNOWN, detail=str(error))
    if isinstance(error, CekuraError):
        return Said(REFUSED, detail=str(error))
    if isinstance(error, (KeyboardInterrupt, asyncio.CancelledError)):
        word = interrupted_launch(error)
        result_id = None if word is None else word.result_id
        return Said(INTERRUPTED, result_id, word=word is not None)
    return Said(BUG, detail="".join(traceback.format_exception(error, limit=-4, chain=False)))


@contextmanager
def processes(
    number: int, url: str, record: Path, seed: int, launches: int
) -> Generator[dict[int, Said], None, None]:
    """Rival processes, beside what the block does; what they said is there when it has ended."""
    arguments = [url, str(record), str(seed), str(launches), str(number)]
    program = [sys.executable, "-m", "scripts.chaos.clients", *arguments]
    running = [
        subprocess.Popen([*program, str(which)], stdout=subprocess.PIPE, text=True)
        for which in range(number)
    ]
    said: dict[int, Said] = {}
    try:
        yield said
        for process in running:
            for line in process.communicate(timeout=LONGEST)[0].splitlines():
                call, told = json.loads(line)
                said[call] = Said(**told)
    finally:
        for process in running:
            process.kill()
            process.wait()


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Ctrl-C, but only while the library is at work: afterwards there is nothing to cut off."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(_LIBRARY):
            raise KeyboardInterrupt
        frame = frame.f_back


def _main(url: str, record: str, *numbers: str) -> None:
    seed, launches, processes, which = map(int, numbers)
    signal.signal(signal.SIGALRM, _interrupt)
    with Cekura(**client_options(url, Path(record), seed)) as cekura:
        for call in rivals(launches, seed)[which::processes]:
            try:
                signal.setitimer(signal.ITIMER_REAL, call.interrupted_after or 0)
                said = accepted(cekura.run_voice(**call.arguments))
            except BaseException as error:  # noqa: BLE001 - a finding
                said = failed(error)
            signal.setitimer(signal.ITIMER_REAL, 0)
            print(json.dumps([call.number, asdict(said)]), flush=True)


if __name__ == "__main__":
    _main(*sys.argv[1:])
