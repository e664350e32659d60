"""The changelog's entry about a new state of the specification, from the drift report."""

import re
from collections.abc import Iterator

from scripts.drift.report import Report, as_lines

_UNRELEASED = "## Unreleased"


def with_entry(changelog: str, found: Report, date: str) -> str:
    """The changelog with an entry under "Unreleased", which is added where it is missing."""
    entry = "\n".join(_entry(found, date)) + "\n"
    if f"{_UNRELEASED}\n" not in changelog:
        first = re.search(r"^## ", changelog, re.MULTILINE)
        at = first.start() if first else len(changelog)
        changelog = f"{changelog[:at]}{_UNRELEASED}\n\n{changelog[at:]}"
    head, _, rest = changelog.partition(f"{_UNRELEASED}\n")
    return f"{head}{_UNRELEASED}\n\n{entry}\n{rest.lstrip()}"


def _entry(found: Report, date: str) -> Iterator[str]:
    yield f"The specification as published in {found.after}, taken in on {date}:"
    yield ""
    yield from as_lines(found)
