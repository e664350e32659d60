"""Take what the vendor published into ``openapi/sources/``, after showing what it changes.

Usage: python -m scripts.import_spec FROM [FROM ...] [--yes] [--date YYYY-MM-DD]

FROM is a documentation page (Markdown with a fenced document), a document in YAML or JSON, or the
vendor's full document; a file or an http(s) address. Nothing is written before everything has been
read and checked; then sources, their record and the changelog's entry are written together. What
looks like an accident of the vendor is never taken by --yes.

Ends with 0 if the sources are now as published there, 1 if that was not accepted, 2 if it cannot
be used.
"""

import argparse
import datetime
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from openapi_spec_validator import validate

from scripts import command, overlay, spec
from scripts.changelog import with_entry
from scripts.documents import OPENAPI, Document, DocumentError, at_place, leaf_parts, pointer
from scripts.drift.compare import since_last_import
from scripts.drift.normal import components
from scripts.drift.report import Report, as_markdown, report
from scripts.files import finish, replace
from scripts.origins import record, recorded, sha256
from scripts.published import Published, obtain
from scripts.serialization import load, read
from scripts.tracked import manifest, take

DONE, NOT_ACCEPTED, UNUSABLE = 0, 1, 2


@dataclass(frozen=True)
class Plan:
    """What an import would do.

    Attributes:
        sources: the text of each source that would change, by file name.
        origins: what each tracked operation was found in, by file name.
        report: what changes in the specification since it was last built.
        misfit: why the overlay no longer fits, if so.
    """

    sources: dict[str, str]
    origins: dict[str, str]
    report: Report
    misfit: str


def plan(published: list[Published], folder: Path) -> Plan:
    """Check everything and say what it would change; write nothing.

    Raises:
        DocumentError: it cannot be used; the message says what, where and why.
    """
    tracked = manifest(folder)
    texts: dict[str, str] = {}
    origins: dict[str, str] = {}
    for item in published:
        for file, text in take(item, tracked).items():
            if texts.setdefault(file, text) != text:
                raise DocumentError(f"{item.name} and {origins[file]} differ on {tracked[file]}")
            origins[file] = item.name
    present = {path.name: path.read_text("utf-8") for path in (folder / "sources").glob("*.yaml")}
    digests = recorded((folder / "README.md").read_text("utf-8"))
    sources = {
        file: text
        for file, text in texts.items()
        if file not in present
        or digests.get(file) != sha256(present[file])
        or not _same(present[file], text)
    }
    merged = _merged(present | sources, folder)
    try:
        overlay.apply(spec.named(merged, folder), read(folder / "overlay.yaml"))
        misfit = ""
    except DocumentError as error:
        misfit = str(error)
    names = ", ".join(item.name for item in published)
    changes = report(since_last_import(published, folder), "what is checked in", names)
    return Plan(sources, origins, changes, misfit)


def _same(one: str, other: str) -> bool:
    """Whether two texts say the same in the same order; how YAML is folded does not matter."""
    return one == other or (
        list(leaf_parts(load(one, "source"))) == list(leaf_parts(load(other, "source")))
    )


def _merged(texts: Mapping[str, str], folder: Path) -> Document:
    """All sources together, as `make spec` will merge them, each as the validator wants it."""
    sources = {file: load(text, file) for file, text in texts.items()}
    for file, document in sources.items():
        try:
            validate(document)
        except Exception as error:  # the validator's own errors, and whatever it stumbles over
            what = str(getattr(error, "message", error))[:300]
            place = _place(document, error)
            raise DocumentError(f"{file}: not valid OpenAPI: {place}: {what}") from error
    supplements = {path.name: read(path) for path in (folder / "supplements").glob("*.yaml")}
    return spec.merged(sources, supplements)


def _place(document: Document, error: Exception) -> str:
    """Where the validator found something; of a schema, it names the way from there only."""
    at, instance = tuple(getattr(error, "absolute_path", ())), getattr(error, "instance", None)
    roots = [root for root in ((), *components(document)) if at]
    found = [(*root, *at) for root in roots if at_place(document, (*root, *at), error) == instance]
    return pointer(found[0] if found else at) or "/"


def accepted(planned: Plan, yes: bool) -> bool:
    """Ask whether to write what was planned; what is held for review takes more than a yes."""
    terminal = sys.stdin.isatty()
    if planned.report.held:
        if yes or not terminal:
            print("Not written: something is held for review. If the vendor means it,")
            print("import it in a terminal, without --yes.")
            return False
        return input('Something is held for review. To take it, type "accept": ') == "accept"
    if yes:
        return True
    if not terminal:
        print("Not written: there is no terminal to ask in; --yes answers the question.")
        return False
    return input("Write this? [y/N] ").strip().lower() in ("y", "yes")


def write(planned: Plan, folder: Path, date: datetime.date) -> None:
    """Write the sources, where they came from, and what changes by them, all together."""
    readme, changelog = folder / "README.md", folder.parent / "CHANGELOG.md"
    text = readme.read_text("utf-8")
    for file, source in planned.sources.items():
        text = record(text, file, planned.origins[file], str(date), source)
    files = {folder / "sources" / file: source for file, source in planned.sources.items()}
    if planned.report.drift.changes:
        entries = changelog.read_text("utf-8") if changelog.is_file() else "# Changelog\n"
        files[changelog] = with_entry(entries, planned.report, str(date))
    replace(files | {readme: text}, folder)


def take_in(origins: list[str], yes: bool, date: datetime.date) -> tuple[int, Plan]:
    """Read, show, ask and write; the exit status, and what was planned."""
    finish(OPENAPI)
    planned = plan([obtain(origin) for origin in origins], OPENAPI)
    print(as_markdown(planned.report))
    if planned.misfit:
        print(
            f"openapi/overlay.yaml will not fit any more; mend it afterwards:\n{planned.misfit}\n"
        )
    if not planned.sources:
        print("openapi/sources/ is as published there; nothing to write.")
        return DONE, planned
    for file in planned.sources:
        print(f"To write: openapi/sources/{file}, from {planned.origins[file]}")
    if not accepted(planned, yes):
        return NOT_ACCEPTED, planned
    write(planned, OPENAPI, date)
    print("Written. To go back: git restore openapi generated CHANGELOG.md")
    return DONE, planned


def arguments(description: str) -> argparse.ArgumentParser:
    """The options of this command and of `make upgrade`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("origins", nargs="+", metavar="FROM", help="a file or an http(s) address")
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=datetime.date.today())
    return parser


def main(argv: list[str]) -> int:
    options = arguments("Take what the vendor published into openapi/sources/.").parse_args(argv)
    try:
        status, planned = take_in(options.origins, options.yes, options.date)
    except (DocumentError, OSError) as problem:
        print(f"import: {problem}", file=sys.stderr)
        return UNUSABLE
    if planned.sources and status == DONE:
        print("Next: `make upgrade FROM=…` with the same, or `make spec generate test`.")
    return status


if __name__ == "__main__":
    command.run(main)
