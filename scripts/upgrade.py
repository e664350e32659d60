"""Import what the vendor published, and bring everything that follows from it up to date.

Usage: python -m scripts.upgrade FROM [FROM ...] [--yes] [--date YYYY-MM-DD]

Takes the same FROM as the import, builds the documents, generates the low-level client, and checks
that every operation became a module that can be imported. Hand-written code is not touched; `make
upgrade` then says what is to be written, and runs the tests. If it stops or is killed half-way,
mend what it names and run it again: what is done already is not done twice.

Ends as the import does: 0, 1 if the import was not accepted, 2 if something does not fit.
"""

import sys
from datetime import date

from scripts import check, command, generate, spec
from scripts.documents import OPENAPI, DocumentError
from scripts.files import replace
from scripts.generate import GenerationError
from scripts.import_spec import DONE, UNUSABLE, arguments, take_in


def upgrade(origins: list[str], yes: bool, today: date) -> int:
    """See above; the exit status.

    Raises:
        DocumentError, GenerationError: something does not fit; the message says what.
    """
    status, _ = take_in(origins, yes, today)
    if status != DONE:
        return status
    built = {OPENAPI / name: text for name, text in spec.build(OPENAPI).items()}
    changed = {
        path: text
        for path, text in built.items()
        if not path.is_file() or path.read_text("utf-8") != text
    }
    replace(changed, OPENAPI)
    for path in changed:
        print(f"wrote openapi/{path.name}")
    generate.main()
    for find in (check.endpoints, check.imports):
        if problems := list(find()):
            raise GenerationError("\n".join(problems))
    print("Every operation has its module, and every module can be imported.")
    return DONE


def main(argv: list[str]) -> int:
    options = arguments("Import, rebuild and regenerate.").parse_args(argv)
    try:
        return upgrade(options.origins, options.yes, options.date)
    except (DocumentError, GenerationError, OSError) as problem:
        print(
            f"upgrade: {problem}\nMend it and run the same again, or go back: "
            "git restore openapi generated CHANGELOG.md",
            file=sys.stderr,
        )
        return UNUSABLE


if __name__ == "__main__":
    command.run(main)
