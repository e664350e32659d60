"""Standard streams that cannot fail: what nobody can read changes nothing else."""

import io
import os
import select
import sys
from typing import Any


class _Forgiving(io.FileIO):
    """Takes everything, also where the reader is gone or the disk is full."""

    def write(self, data: Any) -> int:
        try:
            written: int | None = super().write(data)
        except OSError:
            return len(data)
        if written is None:  # a pipe that does not block, and is full
            select.select([], [self], [])
            return self.write(data)
        return written


def prepare() -> None:
    """Let all three streams exist, and those that are written to never fail."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started this, as by `>&-`
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
        elif mode == "w":
            setattr(sys, name, _forgiving(stream))


def _forgiving(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    buffer: Any = stream.buffer
    if not isinstance(getattr(buffer, "raw", buffer), io.FileIO):
        return stream  # a console of Windows
    return io.TextIOWrapper(
        io.BufferedWriter(_Forgiving(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        # What a terminal's character set lacks is shown as an escape.
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
    )
