"""Import what the vendor published, and bring everything that follows from it up to date.

Usage: python -m scripts.upgrade FROM [FROM ...] [--yes] [--date YYYY-MM-DD]

Takes the same FROM as the import, builds the documents, generates the low-level client, checks
that every operation became a module that can be imported, and writes the changelog's entry. Hand-
written code is not touched; `make upgrade` runs the tests afterwards. If it stops half-way, mend
what it names and run it again: what is done already is not done twice.

Ends as the import does: 0, 1 if the import was not accepted, 2 if something does not fit.
"""

import sys
from datetime import date

from scripts import check, generate, spec
from scripts.changelog import with_entry
from scripts.documents import OPENAPI, ROOT, DocumentError
from scripts.drift.report import Report
from scripts.generate import GenerationError
from scripts.import_spec import DONE, UNUSABLE, arguments, replace, take_in


def upgrade(origins: list[str], yes: bool, today: date) -> int:
    """See above; the exit status.

    Raises:
        DocumentError, GenerationError: something does not fit; the message says what.
    """
    status, planned = take_in(origins, yes, today)
    if status != DONE:
        return status
    _rebuild(planned.report, today)
    generate.main()
    for find in (check.endpoints, check.imports):
        if problems := list(find()):
            raise GenerationError("\n".join(problems))
    print("Every operation has its module, and every module can be imported.")
    return DONE


def _rebuild(found: Report, today: date) -> None:
    """Write the built documents, and with them the entry that tells what changed."""
    built = {OPENAPI / name: text for name, text in spec.build(OPENAPI).items()}
    changelog = ROOT / "CHANGELOG.md"
    changed = [path for path, text in built.items() if path.read_text("utf-8") != text]
    if found.drift.changes and OPENAPI / "cekura.yaml" in changed:
        built[changelog] = with_entry(changelog.read_text("utf-8"), found, str(today))
        changed.append(changelog)
    replace({path: built[path] for path in changed})
    for path in changed:
        print(f"wrote {path.relative_to(ROOT)}")


def main(argv: list[str]) -> int:
    options = arguments("Import, rebuild and regenerate.").parse_args(argv)
    try:
        return upgrade(options.origins, options.yes, options.date)
    except (DocumentError, GenerationError, OSError) as problem:
        print(f"upgrade: {problem}\nMend it and run the same again.", file=sys.stderr)
        return UNUSABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
