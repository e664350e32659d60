"""Other programs, run so that nothing of them is left behind."""

import os
import signal
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path


class ToolError(Exception):
    """A program that is needed here is missing or did not do its work."""


@contextmanager
def running(
    command: Sequence[str], folder: Path, env: Mapping[str, str] = os.environ
) -> Generator[tuple[subprocess.Popen[bytes], Path], None, None]:
    """A process, and the file of what it prints. At the end all of it is gone, come what may."""
    log = folder / "output.txt"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=folder,
            # What is killed cannot tidy up: its temporary files go where all is removed.
            env={**env, "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a group of its own, so that its children end with it
        ) as process,
    ):
        try:
            yield process, log
        finally:
            with suppress(ProcessLookupError, PermissionError):  # there is nobody left to kill
                os.killpg(process.pid, signal.SIGKILL)


def finished(command: Sequence[str], folder: Path, env: Mapping[str, str] = os.environ) -> str:
    """What a program prints until its end. ToolError if it fails or has no end in ten minutes."""
    with running(command, folder, env) as (process, log):
        with suppress(subprocess.TimeoutExpired):
            process.wait(600)
        status, printed = process.returncode, log.read_text("utf-8", errors="replace")
    if status != 0:
        raise ToolError(f"{' '.join(command[:3])} ... ended with status {status}:\n{printed}")
    return printed
