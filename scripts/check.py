"""Prove that what is built follows from what is written: sources, documents, generated code.

Usage: python -m scripts.check

Compares byte for byte, in both directions: a file too many is as wrong as one too few. Ends with
status 1 and the command that mends it where anything differs.
"""

import difflib
import hashlib
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts import command, spec
from scripts.documents import OPENAPI, ROOT, DocumentError, leaves, operations
from scripts.files import is_unfinished
from scripts.generate import GENERATED, GenerationError, generate
from scripts.origins import recorded
from scripts.serialization import load, read
from scripts.tracked import manifest

_IMPORT_ALL = """
import importlib, pkgutil, cekura_api
names = [m.name for m in pkgutil.walk_packages(cekura_api.__path__, "cekura_api.")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def sources(folder: Path = OPENAPI) -> Iterator[str]:
    """Sources that are not what was published, by the sha256 in the README's table."""
    if is_unfinished(folder):
        yield "an import or a build was stopped half-way; run the same command again"
    digests = recorded((folder / "README.md").read_text("utf-8"))
    tracked = manifest(folder)
    present = {path.name: path for path in (folder / "sources").iterdir()}
    for name in sorted(digests.keys() | present.keys() | tracked.keys()):
        if name not in present:
            yield f"openapi/sources/{name} is recorded or tracked but missing"
        elif name not in digests:
            yield f"openapi/sources/{name} is not recorded in openapi/README.md"
        elif hashlib.sha256(present[name].read_bytes()).hexdigest() != digests[name]:
            yield f"openapi/sources/{name} is not as published: its sha256 differs from the record"
        elif list(operations(read(present[name]))) != [tracked.get(name)]:
            yield f"openapi/sources/{name} does not hold what openapi/tracked.yaml says"


def documents(folder: Path = OPENAPI) -> Iterator[str]:
    """Built documents that are not what their sources give, or that are not valid OpenAPI."""
    for name, text in spec.build(folder).items():
        yield from _difference(folder / name, text, f"openapi/{name}")
        if name.endswith(".yaml"):
            for error in OpenAPIV31SpecValidator(load(text, name)).iter_errors():
                yield f"openapi/{name} is not valid OpenAPI 3.1: {error.message}"
    for path in (folder / "supplements").glob("*.yaml"):
        for at, value in leaves(read(path)):
            if value == "null":
                # An unquoted comma in {description: one, two} makes a key of what follows it.
                yield f"openapi/supplements/{path.name}: {at} has no value; quote text with commas"


def generated(tree: Path = GENERATED) -> Iterator[str]:
    """Generated files that are not what the generator writes, and files that it does not write."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / GENERATED.name
        generate(fresh)
        expected, present = _files(fresh), _files(tree)
        for name in sorted(expected | present):
            shown = f"generated/cekura_api/{name}"
            if name not in expected:
                yield f"{shown} is not written by the generator"
            else:
                yield from _difference(tree / name, (fresh / name).read_text("utf-8"), shown)


def imports() -> Iterator[str]:
    """Generated modules that cannot be imported: the generator can write such and exit 0."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _IMPORT_ALL],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        yield f"a generated module cannot be imported:\n{done.stderr}"


def endpoints(folder: Path = OPENAPI, tree: Path = GENERATED) -> Iterator[str]:
    """Operations without a generated module, and modules without an operation."""
    expected = {str(v["operationId"]) for v in operations(read(folder / "client.yaml")).values()}
    written = {path.stem for path in tree.glob("api/*/*.py")} - {"__init__"}
    for name in sorted(expected ^ written):
        what = "written, but no operation" if name in written else "an operation, but not written"
        yield f"generated/cekura_api/api: {name} is {what}"


def _files(tree: Path) -> set[str]:
    return {
        str(path.relative_to(tree))
        for path in tree.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _difference(path: Path, expected: str, shown: str) -> Iterator[str]:
    if not path.is_file():
        yield f"{shown} is missing"
    elif path.read_bytes() != expected.encode():
        lines = path.read_text("utf-8", errors="replace").splitlines()
        diff = difflib.unified_diff(lines, expected.splitlines(), shown, "as built", lineterm="")
        yield f"{shown} differs:\n" + "\n".join(itertools.islice(diff, 40))


_STEPS = (
    ("sources are as published", sources, "make import FROM=…"),
    ("documents follow from the sources", documents, "make spec"),
    ("generated code follows from client.yaml", generated, "make generate"),
    ("every operation has its generated module", endpoints, "see openapi/overlay.yaml"),
    ("every generated module can be imported", imports, "see openapi/overlay.yaml"),
)


def main(_: list[str]) -> int:
    for claim, find, mend in _STEPS:
        try:
            problems = list(find())
        except (DocumentError, GenerationError) as problem:
            problems = [str(problem)]
        print(f"{'ok  ' if not problems else 'FAIL'} {claim}")
        if problems:
            print(*problems, sep="\n")
            print(f"\nTo mend it: {mend}")
            return 1
    print(f"checked {ROOT.name}: nothing to do")
    return 0


if __name__ == "__main__":
    command.run(main)
