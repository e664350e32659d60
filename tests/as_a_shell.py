"""Start a program as a shell in a terminal does, wherever the tests run."""

import sys

# Ctrl-C is not ignored, which it is where tests run in the background; and what it reads from is its
# terminal, if it is one.
_START = """
import fcntl, os, signal, sys, termios
signal.signal(signal.SIGINT, signal.SIG_DFL)
if os.isatty(0):
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


def as_a_shell(*command: object) -> list[str]:
    """The arguments for a process that becomes this program; given by its path."""
    return [sys.executable, "-c", _START, *map(str, command)]
