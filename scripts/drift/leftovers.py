"""What the walk has not judged: words, noise, and what there is no rule for.

Every leaf in which the two documents differ is judged by the walk, counted as noise, or named
here; nothing is passed over.
"""

from collections.abc import Callable
from typing import Any

from scripts.documents import Document, Parts, leaf_parts, pointer, references, target
from scripts.drift.changes import MISSING, Findings
from scripts.drift.views import ANNOTATIONS

_MAPS = ("properties", "schemas", "paths", "securitySchemes")  # whose keys are names
_KNOWN_VERSIONS = ("3.0", "3.1")


def look(old: Document, new: Document, findings: Findings) -> None:
    """Add to the findings what else differs."""
    _Leftovers(old, new, findings).look()


class _Leftovers:
    """The leaves that differ, each classified by the way that leads to it."""

    def __init__(self, old: Document, new: Document, findings: Findings) -> None:
        self._old, self._new, self._found = old, new, findings
        # What holds a place that was judged is not to be named as a whole.
        self._partly_old = {p[:end] for p in findings.judged_old for end in range(len(p) + 1)}
        self._partly_new = {p[:end] for p in findings.judged_new for end in range(len(p) + 1)}

    def look(self) -> None:
        before = {self._moved(parts): parts for parts, _ in leaf_parts(self._old)}
        after = dict.fromkeys(parts for parts, _ in leaf_parts(self._new))
        done = _parts_of_new_or_gone(self._old, self._new)
        judged: list[Parts] = []
        for parts in dict.fromkeys((*before, *after)):
            origin = before.get(parts)
            was = _at(self._old, origin) if origin is not None else MISSING
            now = _at(self._new, parts) if parts in after else MISSING
            if _same(was, now) or _covered(parts, done):
                continue
            if _is_filled(_at(self._old, origin or parts), _at(self._new, parts)):
                continue
            seen = (origin is None or _covered(origin, self._found.judged_old)) and (
                parts not in after or _covered(parts, self._found.judged_new)
            )
            if seen:
                judged.append(parts)
            else:
                done.add(self._classify(origin or parts, parts))
        noise = self._found.noise
        noise["other ways of writing the same"] += self._unsaid(judged)
        noise["order of keys"] += _reordered(self._old, self._new)
        self._found.noise = +noise

    def _moved(self, parts: Parts) -> Parts:
        """Where a place of the old document is in the new one."""
        for end in range(len(parts), 0, -1):
            if (home := self._found.aligned.get(parts[:end])) is not None:
                return (*home, *parts[end:])
        return parts

    def _unsaid(self, judged: list[Parts]) -> int:
        """How many judged differences no change tells of: they were found to mean the same."""
        said = {change.at for change in self._found.changes}
        above = {at[:end] for at in said for end in range(len(at)) if at[end] == "/"}
        return sum(
            place not in above and not any(place[:end] in said for end in _ends(place))
            for place in map(pointer, judged)
        )

    def _classify(self, origin: Parts, parts: Parts) -> Parts:
        """Name one difference, and return the place that has been dealt with."""
        noise = self._found.noise
        if (end := _keyword(parts, lambda key: key.startswith("x-"))) is not None:
            noise["extensions (x-…)"] += 1
            return parts[:end]
        if parts[:2] == ("components", "schemas") and parts[:3] not in self._found.users:
            noise["schemas that no operation used"] += 1
            return parts[:3]
        if parts == ("openapi",) and self._versions_are_known():
            noise["version of OpenAPI"] += 1
            return parts
        end = _keyword(parts, lambda key: key in ANNOTATIONS)
        if end is None and parts[:1] in (("info",), ("tags",), ("externalDocs",)):
            end = min(len(parts), 2)
        return self._unclassified(origin, parts) if end is None else self._words(origin, parts, end)

    def _versions_are_known(self) -> bool:
        versions = [str(document.get("openapi", "")) for document in (self._old, self._new)]
        return all(version.startswith(_KNOWN_VERSIONS) for version in versions)

    def _words(self, origin: Parts, parts: Parts, end: int) -> Parts:
        place = parts[:end]
        before = _at(self._old, origin[: len(origin) - len(parts) + end])
        after = _at(self._new, place)
        if _is_empty(before) and _is_empty(after):
            self._found.noise["empty descriptions"] += 1
            return place
        names_a_class = place[-1] == "title" and parts[0] in ("paths", "components")
        kind = "title-changed" if names_a_class else "docs-changed"
        self._found.add(kind, place, before=before, after=after, operations=self._of(place))
        return place

    def _unclassified(self, origin: Parts, parts: Parts) -> Parts:
        """The largest part that is on one side only and not judged in part, or the leaf."""
        offset = len(origin) - len(parts)
        for end in range(1, len(parts) + 1):
            mine, theirs = origin[: max(end + offset, 0)], parts[:end]
            before, after = _at(self._old, mine), _at(self._new, theirs)
            whole = mine not in self._partly_old and theirs not in self._partly_new
            if (whole and MISSING in (before, after)) or end == len(parts):
                values = {"before": before, "after": after, "path": (str(theirs[-1]),)}
                self._found.add("unclassified", theirs, operations=self._of(parts), **values)
                return theirs
        return parts

    def _of(self, parts: Parts) -> tuple[str, ...]:
        """The operations that a place belongs to."""
        if parts[:1] == ("paths",) and len(parts) > 2:
            return (f"{str(parts[2]).upper()} {parts[1]}",)
        return tuple(self._found.users.get(parts[:3], ()))


def _parts_of_new_or_gone(old: Document, new: Document) -> set[Parts]:
    """Schemas on one side only that something there refers to: what refers to them has changed."""

    def schemas(document: Document) -> set[Parts]:
        found = _at(document, ("components", "schemas"))
        names = found if isinstance(found, dict) else ()
        return {("components", "schemas", name) for name in names}

    def used(document: Document) -> set[Parts]:
        return {(target(reference) or ())[:3] for _, reference in references(document)}

    mine, theirs = schemas(old), schemas(new)
    return ((mine - theirs) & used(old)) | ((theirs - mine) & used(new))


def _keyword(parts: Parts, fits: Callable[[str], bool]) -> int | None:
    """Where in the way to a leaf the first keyword of this kind ends; a name is no keyword."""
    for index, part in enumerate(parts):
        above = parts[index - 1] if index else ""
        if isinstance(part, str) and above not in _MAPS and fits(part):
            return index + 1
    return None


def _ends(place: str) -> list[int]:
    return [end for end in range(len(place)) if place[end] == "/"] + [len(place)]


def _is_empty(value: Any) -> bool:
    return value is MISSING or value is None or (isinstance(value, str) and not value.strip())


def _covered(parts: Parts, places: set[Parts]) -> bool:
    return any(parts[:end] in places for end in range(len(parts) + 1))


def _at(document: Any, parts: Parts) -> Any:
    for part in parts:
        if isinstance(document, list):
            document = dict(enumerate(document))
        if not isinstance(document, dict) or part not in document:
            return MISSING
        document = document[part]
    return document


def _is_filled(one: Any, other: Any) -> bool:
    """An empty object or list against a full one: what is in the full one speaks for itself."""
    return type(one) is type(other) and isinstance(one, dict | list) and bool(one) != bool(other)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def _reordered(old: Any, new: Any) -> int:
    """In how many objects the keys that both have come in another order."""
    if isinstance(old, dict) and isinstance(new, dict):
        mine, theirs = [k for k in old if k in new], [k for k in new if k in old]
        return (mine != theirs) + sum(_reordered(old[key], new[key]) for key in mine)
    if isinstance(old, list) and isinstance(new, list):
        return sum(_reordered(*pair) for pair in zip(old, new, strict=False))
    return 0
