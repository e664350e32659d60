"""The command line of the chaos run; see the package."""

import argparse
import faulthandler
import sys
from collections.abc import Sequence

from scripts import chaos
from scripts.chaos.run import LONGEST, run


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.chaos", description=chaos.__doc__)
    parser.add_argument("--launches", type=int, default=1000, help="default 1000")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn; default 1")
    options = parser.parse_args(arguments)
    return run(options.launches, options.seed)


if __name__ == "__main__":
    # Should anything hang after all: say where, and end.
    faulthandler.dump_traceback_later(2 * LONGEST, exit=True)
    sys.exit(main())
