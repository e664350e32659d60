"""Two states of the specification, compared."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from scripts.documents import Document, leaf_parts, operations
from scripts.drift.changes import Drift, united
from scripts.drift.normal import same
from scripts.drift.operations import walk
from scripts.published import Published
from scripts.serialization import read
from scripts.tracked import as_tracked, cuts, manifest

_VERSION = "version of OpenAPI"


def compare(old: Document, new: Document) -> Drift:
    """What changed from one document to the other."""
    return compare_states({"": old}, {"": new})


def compare_states(
    old: Mapping[str, Document], new: Mapping[str, Document], whole: Document | None = None
) -> Drift:
    """What changed from one set of documents to another, by file name.

    Args:
        whole: what the new ones were cut out of, to find what has moved elsewhere in it.
    """
    known = {
        n: o for document in (*new.values(), whole or {}) for n, o in operations(document).items()
    }
    total = Drift()
    for name in sorted(old.keys() | new.keys()):
        before = old.get(name) or _without_operations(new[name])
        after = new.get(name) or _without_operations(old[name])
        found = walk(before, after, known)
        if not found.changes and not +Counter({**found.noise, _VERSION: 0}):
            found.noise += _only_written_otherwise(before, after)
        total.changes += found.changes
        total.noise += found.noise
    return Drift(united(total.changes), +total.noise)


def since_last_import(published: list[Published], folder: Path) -> Drift:
    """Compare with ``sources/``, where each operation is as the vendor last published it.

    A page is compared with the operation that it is about; the vendor's full document with all
    tracked ones.

    Raises:
        DocumentError: a document that cannot be used.
    """
    tracked = manifest(folder)
    before = {
        file: as_tracked(read(folder / "sources" / file), operation)
        for file, operation in tracked.items()
        if (folder / "sources" / file).is_file()
    }
    after: dict[str, Document] = {}
    whole: Document | None = None
    for item in published:
        after |= cuts(item, tracked)
        if not operations(item.document).keys() <= set(tracked.values()):
            whole = item.document
    if whole is None:
        before = {file: document for file, document in before.items() if file in after}
    return compare_states(before, after, whole)


def _only_written_otherwise(old: Document, new: Document) -> Counter[str]:
    """How two documents differ that mean the same."""
    if not same({**old, "openapi": ""}, {**new, "openapi": ""}):
        return Counter({"other ways of writing the same": 1})
    return Counter({"order of keys": int(list(leaf_parts(old)) != list(leaf_parts(new)))})


def _without_operations(document: Document) -> Document:
    """What stands for a document that is missing: one like the other."""
    kept = ("openapi", "info", "servers", "security", "components")
    return {key: document[key] for key in kept if key in document} | {"paths": {}}
