"""The command as a process of its own, as a person or a CI job starts it."""

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from cekura_client.sandbox import Sandbox
from tests.as_a_shell import as_a_shell

COMMAND = str(Path(sys.executable).parent / "cekura-run")
KEY = "key-Qm4-not-to-be-seen"
# A process that hangs is ended, and fails its test.
_LONGEST = 60


@frozen
class Ran:
    """What came of it."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output, and nothing else there."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value


def environment(sandbox: Sandbox | None = None, **variables: str) -> dict[str, str]:
    """Nothing of the machine's but what a process needs."""
    needed = ("PATH", "HOME", "TMPDIR", "COVERAGE_PROCESS_CONFIG")
    given = {name: os.environ[name] for name in needed if name in os.environ}
    given |= {"CEKURA_API_KEY": KEY, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    if sandbox is not None:
        given["CEKURA_API_URL"] = sandbox.url
    return {name: value for name, value in {**given, **variables}.items() if value}


def start(*arguments: object, env: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start it with pipes."""
    return subprocess.Popen(
        as_a_shell(COMMAND, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )


def end(process: subprocess.Popen[str]) -> Ran:
    """Wait until it has ended."""
    try:
        out, err = process.communicate(timeout=_LONGEST)
    finally:
        process.kill()
    return Ran(process.returncode, out, err)


def run(*arguments: object, sandbox: Sandbox | None = None, **variables: str) -> Ran:
    """Run it with pipes."""
    return end(start(*arguments, env=environment(sandbox, **variables)))


def until(happened: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    limit = time.monotonic() + _LONGEST
    while not happened():
        assert time.monotonic() < limit, "it never happened"
        select.select([], [], [], 0.02)


class Terminal:
    """The command in a pseudo-terminal of 120 columns.

    Args:
        arguments: Of the command.
        env: Its environment.
        pipe: Whether standard output goes elsewhere, as with ``cekura-run … | jq``.
    """

    def __init__(self, *arguments: object, env: Mapping[str, str], pipe: bool = False) -> None:
        self._main, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.process = subprocess.Popen(
            as_a_shell(COMMAND, *arguments),
            stdin=inner,
            stdout=subprocess.PIPE if pipe else inner,
            stderr=inner,
            env=dict(env),
            start_new_session=True,  # its keys go to it alone
        )
        os.close(inner)
        self.shown = ""

    def wait_for(self, text: str) -> None:
        """Wait until it has shown this."""
        limit = time.monotonic() + _LONGEST
        while text not in self.shown:
            assert time.monotonic() < limit, self.shown
            assert self._read(), self.shown

    def press(self, keys: str) -> None:
        """What a person types."""
        os.write(self._main, keys.encode())

    def end(self) -> int:
        """Read to the end; gives the exit status."""
        while self._read():
            pass
        status = self.process.wait(_LONGEST)
        os.close(self._main)
        return status

    def _read(self) -> bool:
        try:
            ready = select.select([self._main], [], [], _LONGEST)[0]
            data = os.read(self._main, 65_536) if ready else b""
        except OSError:  # its last process has closed it
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)
