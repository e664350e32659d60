"""What a publication changes in the specification that is checked in."""

from pathlib import Path

from scripts.documents import Document, operations
from scripts.drift.compare import Drift, compare_states
from scripts.published import Published
from scripts.serialization import read
from scripts.tracked import cut, cuts, manifest


def since_last_build(published: list[Published], folder: Path) -> Drift:
    """Compare with ``cekura.yaml``, which stays as it was until everything fits again.

    A page is compared with the operation that it is about; the vendor's full document with all
    tracked ones, and it must still have the operations that the supplements describe.

    Raises:
        DocumentError: a document that cannot be used.
    """
    tracked = manifest(folder)
    last = read(folder / "cekura.yaml")
    before = cuts(Published("cekura.yaml", last, None), tracked)
    after: dict[str, Document] = {}
    whole: Document | None = None
    for item in published:
        after |= cuts(item, tracked)
        if not operations(item.document).keys() <= set(tracked.values()):
            whole = item.document
    if whole is None:
        before = {file: document for file, document in before.items() if file in after}
    else:
        absent = operations(last).keys() - operations(whole).keys() - set(tracked.values())
        before |= {operation: cut(last, operation) for operation in absent}
    return compare_states(before, after, whole)
