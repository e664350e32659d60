"""Build ``cekura.yaml``, ``client.yaml`` and ``differences.txt`` in ``openapi/``.

Usage: python -m scripts.spec
"""

import sys
from pathlib import Path
from typing import Any

from scripts import overlay
from scripts.documents import OPENAPI, DocumentError, leaves
from scripts.merge import merge, prove
from scripts.serialization import dump, load, read


def build(folder: Path = OPENAPI) -> dict[str, str]:
    """The text of every built document, by file name.

    Raises:
        DocumentError: a source, a supplement or the overlay does not fit; nothing is written.
    """
    sources = {path.name: read(path) for path in (folder / "sources").glob("*.yaml")}
    supplements = {path.name: read(path) for path in (folder / "supplements").glob("*.yaml")}
    cekura = merge(sources, supplements)
    prove(cekura, sources | supplements)
    client = overlay.apply(cekura, read(folder / "overlay.yaml"))
    return {
        "cekura.yaml": _written(cekura, "Sources and supplements, merged. See README.md."),
        "client.yaml": _written(client, "cekura.yaml with overlay.yaml applied. See README.md."),
        "differences.txt": differences(cekura, client),
    }


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


if __name__ == "__main__":
    try:
        for name, text in build().items():
            (OPENAPI / name).write_text(text, "utf-8")
            print(f"wrote openapi/{name}: {len(text.splitlines())} lines")
    except DocumentError as problem:
        sys.exit(f"spec: {problem}")
