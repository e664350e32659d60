"""Build ``cekura.yaml``, ``client.yaml`` and ``differences.txt`` in ``openapi/``.

Usage: python -m scripts.spec
"""

import copy
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts import command, overlay
from scripts.documents import OPENAPI, Document, DocumentError, leaves, operations
from scripts.files import finish, replace
from scripts.merge import additions, merge, prove
from scripts.serialization import dump, load, read
from scripts.tracked import manifest, operation_id


def build(folder: Path = OPENAPI) -> dict[str, str]:
    """The text of every built document, by file name.

    Raises:
        DocumentError: a source, a supplement or the overlay does not fit; nothing is written.
    """
    sources = {path.name: read(path) for path in (folder / "sources").glob("*.yaml")}
    supplements = {path.name: read(path) for path in (folder / "supplements").glob("*.yaml")}
    cekura = merged(sources, supplements)
    client = overlay.apply(named(cekura, folder), read(folder / "overlay.yaml"))
    return {
        "cekura.yaml": _written(cekura, "Sources and supplements, merged. See README.md."),
        "client.yaml": _written(client, "cekura.yaml with overlay.yaml applied. See README.md."),
        "differences.txt": differences(cekura, client),
    }


def merged(sources: Mapping[str, Document], supplements: Mapping[str, Document]) -> dict[str, Any]:
    """``cekura.yaml``, proved leaf by leaf.

    Raises:
        DocumentError: they do not go together.
    """
    added = additions(sources, supplements)
    result = merge(sources, added)
    prove(result, {**sources, **added})
    return result


def named(document: Document, folder: Path) -> Document:
    """A copy in which each tracked operation is called after its file in ``sources/``."""
    result = copy.deepcopy(document)
    found = operations(result)
    for file, operation in manifest(folder).items():
        if isinstance(found.get(operation), dict):
            found[operation]["operationId"] = operation_id(file)
    return result


def _written(document: dict[str, Any], what: str) -> str:
    text = dump(document)
    if list(leaves(load(text, what))) != list(leaves(document)):
        raise DocumentError(f"{what}: does not read back as it was written")
    return f"# Built by `make spec`; do not edit. {what}\n{text}"


def differences(before: dict[str, Any], after: dict[str, Any]) -> str:
    """One line for each leaf that is not the same in both: removed (-), added (+), changed (~)."""
    old, new = dict(leaves(before)), dict(leaves(after))
    lines = [f"- {at}: {value}" for at, value in old.items() if at not in new]
    lines += [f"+ {at}: {value}" for at, value in new.items() if at not in old]
    lines += [
        f"~ {at}: {value} -> {new[at]}" for at, value in old.items() if new.get(at, value) != value
    ]
    return "".join(line + "\n" for line in sorted(lines, key=lambda line: (line[2:], line[0])))


def main(_: list[str]) -> int:
    finish(OPENAPI)
    try:
        built = build()
    except DocumentError as problem:
        print(f"spec: {problem}", file=sys.stderr)
        return 1
    replace({OPENAPI / name: text for name, text in built.items()}, OPENAPI)
    for name, text in built.items():
        print(f"wrote openapi/{name}: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    command.run(main)
