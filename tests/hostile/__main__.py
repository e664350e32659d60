"""Prints what comes of each case: ``python -m tests.hostile`` (`make cases`)."""

import sys

from tests.hostile.cases import CASES
from tests.hostile.observe import observe


def main() -> int:
    print("| what happens | operation | launches sent | reads sent | seconds paused | outcome |")
    print("|---|---|---|---|---|---|")
    differ = 0
    for case in CASES:
        seen = observe(case, "sync")
        differ += seen != observe(case, "async")
        figures = f"{seen.posts} | {seen.gets} | {seen.seconds:g}"
        print(f"| {case.what} | {case.operation} | {figures} | {seen.outcome} |")
    print(f"\n{len(CASES)} cases, each in both modes; {differ} differ between the modes.")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
