"""Real signals at random moments of launches; a process of its own, since a signal may strike anywhere.

Also in what measures or shows tests, and leave a lock of theirs held for ever.
"""

import gc
import json
import signal
import sys
import time as real_time
from pathlib import Path
from random import Random
from types import FrameType

import httpcore
import httpx
from _pytest._io.saferepr import saferepr

from cekura_client import Cekura
from cekura_client.core.interruption import interrupted_launch
from tests.clients import KEY
from tests.raw_server import Connection, RawServer, answer


class _Counting:
    """Accepts launches, or loses them after reading; the list shows all of them."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.random = Random(5)

    def __call__(self, connection: Connection) -> None:
        connection.socket.settimeout(0.2)  # whoever was cut off in the middle sends no more
        request = connection.read()
        head, _, body = request.partition(b"\r\n\r\n")
        if head.startswith(b"POST"):
            self.names.append(json.loads(body)["name"])
            lost = self.random.random() < 0.5
            connection.send(b"" if lost else answer("201 Created", b'{"id": %d}' % len(self.names)))
        else:
            results = [{"id": n, "name": name} for n, name in enumerate(self.names, 1)]
            connection.send(answer("200 OK", json.dumps({"results": results}).encode()))


def main(record: Path) -> None:
    """Until 500 launches were cut off; prints what was found."""
    serving, random = _Counting(), Random(7)
    told: set[str | None] = set()
    shown = ""
    interrupted = beyond = 0
    armed = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        if armed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with (
            RawServer([serving]) as server,
            Cekura(api_key=KEY, base_url=server.url, record=record) as cekura,
        ):
            began = real_time.monotonic()
            while interrupted < 500 and real_time.monotonic() < began + 100:
                launch, error = None, None
                try:
                    armed = True
                    signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0005, 0.012), 1)
                    launch = cekura.run_voice(scenarios=[1])
                    armed = False
                except KeyboardInterrupt as left_by:
                    armed = False
                    error = left_by
                if launch is not None:
                    told.add(launch.name)
                if error is None:
                    continue
                shown += _locals(error)
                if (found := interrupted_launch(error)) is not None:
                    interrupted += 1
                    told.add(found.name)
                # Before the call or after its end, where nothing but this file could say it.
                beyond += found is None and _depth(error) <= 4  # the way back
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        gc.collect()
    outcome = {
        "interrupted": interrupted,
        "silent": max(0, len({*serving.names} - told) - beyond),
        "key_shown": KEY in shown,
    }
    print(json.dumps(outcome))


def _depth(error: BaseException) -> int:
    """Frames of the traceback, without that of the signal's handler."""
    depth, trace = 0, error.__traceback__
    while trace is not None:
        depth += trace.tb_frame.f_code.co_name != "interrupt"
        trace = trace.tb_next
    return depth


def _locals(error: BaseException) -> str:
    """What a traceback with the values of its variables would show."""
    shown: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        for value in trace.tb_frame.f_locals.values():
            shown.append(saferepr(value, 10_000))
            if isinstance(value, httpx.Request | httpcore.Request):
                shown.append(repr(getattr(value, "headers", "")))
        trace = trace.tb_next
    return "\n".join(shown)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
