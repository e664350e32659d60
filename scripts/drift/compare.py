"""Two states of the specification, compared."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scripts.documents import Document, operations
from scripts.drift.changes import Change, united
from scripts.drift.leftovers import look
from scripts.drift.operations import walk


@dataclass(frozen=True)
class Drift:
    """All changes, worst first, and what is only counted."""

    changes: list[Change]
    noise: Counter[str]


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
    elsewhere = {
        value["operationId"]: name
        for name, value in operations(whole or {}).items()
        if isinstance(value, dict) and isinstance(value.get("operationId"), str)
    }
    changes: list[Change] = []
    noise: Counter[str] = Counter()
    for name in sorted(old.keys() | new.keys()):
        before, after = _pair(old.get(name), new.get(name))
        findings = walk(before, after, elsewhere)
        look(before, after, findings)
        changes += findings.changes
        noise += findings.noise
    return Drift(united(changes), noise)


def _pair(old: Document | None, new: Document | None) -> tuple[Document, Document]:
    """A document that is missing is one like the other, without operations."""

    def empty(document: Document) -> Any:
        kept = ("openapi", "info", "servers", "security", "components")
        return {key: document[key] for key in kept if key in document} | {"paths": {}}

    return old or empty(new or {}), new or empty(old or {})
