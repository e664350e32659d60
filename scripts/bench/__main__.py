"""Print the figures of the benchmark as a table.

Usage: python -m scripts.bench
"""

import os
import platform
import sys

from scripts.bench import sandbox, startup
from scripts.bench.table import table


def main() -> int:
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(table([*startup.figures(), *sandbox.figures()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
