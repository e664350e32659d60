"""The command: called in this process, or started as one of its own for signals and for typing."""

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from unittest.mock import patch

import pytest
from attrs import frozen

from cekura_client import Result, cli
from cekura_client.cli.reports.report import Report
from cekura_client.core.gate import Gate
from cekura_client.sandbox import Sandbox
from tests.as_a_shell import as_a_shell
from tests.measured import MEASURED

COMMAND = str(Path(sys.executable).parent / "cekura-run")
KEY = "key-Qm4-not-to-be-seen"
# A process that hangs is ended, and fails its test.
_LONGEST = 60


@frozen
class Ran:
    """The outcome of a command."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output, and nothing else there."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value


def judged(
    results: tuple[Result, ...],
    gate: Gate,
    made: datetime,
    project: int | None = None,
    errors: tuple[str, ...] = (),
) -> Report:
    """A report that passes if its results do and nothing else went wrong."""
    passes = bool(results) and not errors and all(map(gate.passes, results))
    return Report(results, gate, made, project, errors, passes=passes)


def environment(sandbox: Sandbox | None = None, **variables: str) -> dict[str, str]:
    """Only the variables that a process needs."""
    given = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    given |= MEASURED | {"CEKURA_API_KEY": KEY, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
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
    """Run it to its end in this process, with nothing to read and files to write to."""
    with open(os.devnull) as stdin, TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        with _standard_streams(stdin.fileno(), out.fileno(), err.fileno()):
            status = _call(arguments, environment(sandbox, **variables))
        out.seek(0)
        err.seek(0)
        return Ran(status, out.read(), err.read())


def run_in_terminal(*arguments: object, sandbox: Sandbox, **variables: str) -> Ran:
    """Run the command in this process, in a terminal without input; `out` is what the terminal shows."""
    main, inner = _terminal()
    shown: list[bytes] = []

    def read() -> None:
        while data := _read(main):
            shown.append(data)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with _standard_streams(inner, inner, inner):
            status = _call(arguments, environment(sandbox, **variables))
    finally:
        os.close(inner)
        reader.join(_LONGEST)
        os.close(main)
    return Ran(status, b"".join(shown).decode(errors="replace"), "")


def _call(arguments: tuple[object, ...], env: Mapping[str, str]) -> int:
    """The exit status of the command in this process."""
    with (
        patch.dict(os.environ, env, clear=True),
        patch.object(sys, "argv", [COMMAND, *map(str, arguments)]),
        pytest.raises(SystemExit) as ended,
    ):
        cli.run()
    status = ended.value.code or 0
    assert isinstance(status, int), status
    return status


@contextmanager
def _standard_streams(*descriptors: int) -> Generator[None]:
    """Let the standard streams be these, by number and by name."""
    streams = sys.stdin, sys.stdout, sys.stderr
    for stream in streams[1:]:
        stream.flush()
    kept = [os.dup(number) for number in range(3)]
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8", errors=errors, closefd=False)
        for number, (mode, errors) in enumerate(
            [("r", "strict"), ("w", "strict"), ("w", "backslashreplace")]
        )
    )
    try:
        yield
    finally:
        sys.stdout.close()
        sys.stderr.close()
        sys.stdin.close()
        sys.stdin, sys.stdout, sys.stderr = streams
        for number, descriptor in enumerate(kept):
            os.dup2(descriptor, number)
            os.close(descriptor)


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
        self._main, inner = _terminal()
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
        """Type this text."""
        os.write(self._main, keys.encode())

    def end(self) -> int:
        """Read to the end; gives the exit status."""
        while self._read():
            pass
        status = self.process.wait(_LONGEST)
        os.close(self._main)
        return status

    def hang_up(self) -> int:
        """Close the terminal; gives the exit status."""
        os.close(self._main)
        return self.process.wait(_LONGEST)

    def _read(self) -> bool:
        data = _read(self._main)
        self.shown += data.decode(errors="replace")
        return bool(data)


def _terminal() -> tuple[int, int]:
    """Both ends of a new pseudo-terminal."""
    main, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    return main, inner


def _read(main: int) -> bytes:
    """The output since the last call; empty at the end, or after a long silence."""
    try:
        ready = select.select([main], [], [], _LONGEST)[0]
        return os.read(main, 65_536) if ready else b""
    except OSError:  # its last process has closed it
        return b""
