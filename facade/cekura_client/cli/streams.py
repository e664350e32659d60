"""Standard streams that never fail, so that a closed pipe or a full disk changes no outcome."""

import io
import os
import select
import sys
from typing import Any


class _Forgiving(io.FileIO):
    """Accepts all data, even if the reader is gone or the disk is full."""

    def write(self, data: Any) -> int:
        try:
            written: int | None = super().write(data)
        except OSError:
            return len(data)
        if written is None:  # a full pipe in non-blocking mode
            select.select([], [self], [])
            return self.write(data)
        return written


def prepare() -> None:
    """Make sure that all three streams exist and that writing never fails."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # closed by the parent process, e.g. `>&-`
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
        elif mode == "w":
            setattr(sys, name, _forgiving(stream))


def _forgiving(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    buffer: Any = stream.buffer
    if not isinstance(getattr(buffer, "raw", buffer), io.FileIO):
        return stream  # a Windows console
    return io.TextIOWrapper(
        io.BufferedWriter(_Forgiving(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        # Characters that the stream cannot encode are escaped.
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
    )
