"""Which of the processes that tests start count in coverage: those that are given `MEASURED`.

Measuring doubles what a process costs. It is worth that only where nothing else runs the same lines.
"""

import os

_NAME = "COVERAGE_PROCESS_CONFIG"
MEASURED = {_NAME: os.environ[_NAME]} if _NAME in os.environ else {}


def measure_no_more() -> None:
    """From now on, a process is measured only if it is given `MEASURED`."""
    os.environ.pop(_NAME, None)
