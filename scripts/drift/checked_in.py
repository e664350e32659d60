"""What a publication changes in the specification that is checked in."""

from pathlib import Path

from scripts.documents import Document, operations
from scripts.drift.compare import Drift, compare_states
from scripts.published import Published
from scripts.serialization import read
from scripts.tracked import cuts, manifest


def since_last_import(published: list[Published], folder: Path) -> Drift:
    """Compare with ``sources/``, where each operation is as the vendor last published it.

    A page is compared with the operation that it is about; the vendor's full document with all
    tracked ones.

    Raises:
        DocumentError: a document that cannot be used.
    """
    tracked = manifest(folder)
    before = {
        file: read(folder / "sources" / file)
        for file in tracked
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
