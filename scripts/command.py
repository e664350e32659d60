"""How each program of this folder ends."""

import os
import sys
from collections.abc import Callable


def run(main: Callable[[list[str]], int]) -> None:
    """End with the status of `main`; quietly, if whoever reads its output has gone."""
    try:
        status = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)
