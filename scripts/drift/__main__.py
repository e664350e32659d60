"""Say what changed between two states of the specification.

Usage: python -m scripts.drift NEW [NEW ...] [--old OLD] [--format json] [--fail-on LEVEL]

Each state is a file or an http(s) address: a documentation page, a document in YAML or JSON, or the
vendor's full document. Without --old, NEW is compared with what is checked in, for the tracked
operations; with it, the two documents are compared as a whole.

Ends with 0; with 1 if a change is of LEVEL or worse, where what is handled here already counts as
additive; with 2 if a document cannot be used.
"""

import argparse
import sys

from scripts import command
from scripts.documents import OPENAPI, DocumentError
from scripts.drift.compare import compare, since_last_import
from scripts.drift.report import Report, as_json, as_markdown, report
from scripts.drift.rules import Level
from scripts.published import Published, obtain

FINE, FAILED, UNUSABLE = 0, 1, 2

_NOTED = 10

_LEVELS = {level.label.replace(" ", "-"): level for level in Level}


def find(new: list[str], old: str | None) -> Report:
    """Compare; see above.

    Raises:
        DocumentError: a document cannot be used.
    """
    published = [obtain(origin) for origin in new]
    _note(published)
    names = ", ".join(item.name for item in published)
    if old is None:
        return report(since_last_import(published, OPENAPI), "what is checked in", names)
    if len(published) > 1:
        raise DocumentError("with an old document there can be one new one only")
    before = obtain(old)
    _note([before])
    return report(compare(before.document, published[0].document), before.name, names)


def _note(published: list[Published]) -> None:
    """Say on stderr which places are not sound; a tracked operation that uses one is refused."""
    for item in published:
        for _, message in item.problems[:_NOTED]:
            print(f"drift: note: {message}", file=sys.stderr)
        if len(item.problems) > _NOTED:
            print(f"drift: note: and {len(item.problems) - _NOTED} more", file=sys.stderr)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="drift", description="Say what changed between two states of the specification."
    )
    parser.add_argument("new", nargs="+", metavar="NEW", help="a file or an http(s) address")
    parser.add_argument("--old", metavar="OLD", help="default: what is checked in")
    parser.add_argument("--format", choices=("markdown", "json"), default="markdown")
    parser.add_argument("--fail-on", choices=_LEVELS, metavar="LEVEL", help=", ".join(_LEVELS))
    options = parser.parse_args(arguments)
    try:
        found = find(options.new, options.old)
    except DocumentError as problem:
        print(f"drift: {problem}", file=sys.stderr)
        return UNUSABLE
    print(as_json(found) if options.format == "json" else as_markdown(found))
    limit = _LEVELS.get(options.fail_on)
    some = found.drift.changes or found.drift.noise
    return FAILED if limit is not None and some and found.worst >= limit else FINE


if __name__ == "__main__":
    command.run(main)
