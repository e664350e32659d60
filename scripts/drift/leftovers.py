"""What the walk has not judged: words, noise, and what there is no rule for.

Every leaf in which the two documents differ is judged by the walk, counted as noise, or named
here; nothing is passed over.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from scripts.documents import (
    Document,
    Parts,
    at_place,
    leaf_parts,
    names,
    pointer,
    reachable,
)
from scripts.drift.changes import MISSING, Findings
from scripts.drift.views import ANNOTATIONS

_KNOWN_VERSIONS = ("3.0", "3.1")


def look(old: Document, new: Document, findings: Findings) -> None:
    """Add to the findings what else differs."""
    _Leftovers(old, new, findings).look()


class _Leftovers:
    """The leaves that differ, each classified by the way that leads to it."""

    def __init__(self, old: Document, new: Document, findings: Findings) -> None:
        self._old, self._new, self._found = old, new, findings
        self._used_before, self._used_now = (
            reachable(document, document.get("paths", {})) for document in (old, new)
        )

    def look(self) -> None:
        old, new = self._found.judged_old, self._found.judged_new
        seen, unseen = _Pairs(), _Pairs()
        others = dict(leaf_parts(self._new))
        for parts, leaf in leaf_parts(self._old):
            homes = self._homes(parts)
            if homes == [parts] and others.get(parts) == leaf:
                del others[parts]  # as it was, and where it was
                continue
            for home in homes:
                (seen if _covered(parts, old) else unseen).old.setdefault(home, parts)
        for parts in others:
            (seen if _covered(parts, new) else unseen).add(parts)
        done = self._parts_of_new_or_gone()
        for home, origin in unseen.places():
            if not _covered(home, done) and self._differs(home, origin, unseen):
                done.add(self._classify(origin or home, home))
        judged = [home for home, origin in seen.places() if self._differs(home, origin, seen)]
        noise = self._found.noise
        noise["other ways of writing the same"] += self._unsaid(judged)
        noise["order of keys"] += _reordered(self._old, self._new)
        self._found.noise = noise = +noise
        if not noise and not self._found.changes and self._old != self._new:
            noise["other ways of writing the same"] += 1

    @cached_property
    def _partly(self) -> tuple[set[Parts], set[Parts]]:
        """What holds a place that was judged, and so is not to be named as a whole."""
        sides = (self._found.judged_old, self._found.judged_new)
        old, new = ({p[:end] for p in side for end in range(len(p) + 1)} for side in sides)
        return old, new

    def _homes(self, parts: Parts) -> list[Parts]:
        """Where a place of the old document is in the new one."""
        for end in range(len(parts), 0, -1):
            if homes := self._found.aligned.get(parts[:end]):
                return [(*home, *parts[end:]) for home in homes]
        return [parts]

    def _differs(self, home: Parts, origin: Parts | None, pairs: "_Pairs") -> bool:
        was = _at(self._old, origin) if origin is not None else MISSING
        now = _at(self._new, home) if home in pairs.new else MISSING
        full = _is_filled(_at(self._old, origin or home), _at(self._new, home))
        return not full and not _same(was, now)

    def _parts_of_new_or_gone(self) -> set[Parts]:
        """Components on one side only that are in use there: what refers to them has changed.

        Unless the other side refers to them as well, though it does not have them.
        """
        one_sided = _components(self._old) ^ _components(self._new)
        return {p for p in one_sided if (p in self._used_before) != (p in self._used_now)}

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
        if self._is_out_of_use(parts):
            noise["components that no operation used"] += 1
            return parts[:3]
        if parts == ("openapi",) and self._versions_are_known():
            noise["version of OpenAPI"] += 1
            return parts
        end = _keyword(parts, lambda key: key in ANNOTATIONS)
        if end is None and parts[:1] in (("info",), ("tags",), ("externalDocs",)):
            end = min(len(parts), 2)
        alone = self._alone(origin, parts)
        if end is not None and (parts[0] in ("info", "tags") or alone is None or alone >= end):
            return self._words(origin, parts, end)
        return self._unclassified(origin, parts, alone or len(parts))

    def _is_out_of_use(self, parts: Parts) -> bool:
        """Whether a place is in a component that had no use before, or has none any more."""
        if parts[:1] != ("components",) or len(parts) < 3 or parts[1] == "securitySchemes":
            return False
        return not (parts[:3] in self._used_before and parts[:3] in self._used_now)

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

    def _alone(self, origin: Parts, parts: Parts) -> int | None:
        """Where the largest part ends that is on one side only and not judged in part."""
        offset = len(origin) - len(parts)
        for end in range(1, len(parts) + 1):
            mine, theirs = origin[: max(end + offset, 0)], parts[:end]
            whole = mine not in self._partly[0] and theirs not in self._partly[1]
            if whole and MISSING in (_at(self._old, mine), _at(self._new, theirs)):
                return end
        return None

    def _unclassified(self, origin: Parts, parts: Parts, end: int) -> Parts:
        place = parts[:end]
        before = _at(self._old, origin[: max(len(origin) - len(parts) + end, 0)])
        after = _at(self._new, place)
        if all(value is MISSING or value in ({}, []) for value in (before, after)):
            self._found.noise["empty objects and lists"] += 1
            return place
        values = {"before": before, "after": after, "path": (str(place[-1]),)}
        self._found.add("unclassified", place, operations=self._of(parts), **values)
        return place

    def _of(self, parts: Parts) -> tuple[str, ...]:
        """The operations that a place belongs to."""
        if parts[:1] == ("paths",) and len(parts) > 2:
            return (f"{str(parts[2]).upper()} {parts[1]}",)
        return tuple(self._found.users.get(parts[:3], ()))


class _Pairs:
    """Leaves of the old document by where they are in the new one, and leaves of the new one."""

    def __init__(self) -> None:
        self.old: dict[Parts, Parts] = {}
        self.new: dict[Parts, None] = {}

    def add(self, parts: Parts) -> None:
        self.new[parts] = None

    def places(self) -> Iterator[tuple[Parts, Parts | None]]:
        for home in dict.fromkeys((*self.old, *self.new)):
            yield home, self.old.get(home)


def _components(document: Document) -> set[Parts]:
    found = _at(document, ("components",))
    sections = found.items() if isinstance(found, dict) else ()
    return {
        ("components", section, name)
        for section, values in sections
        if section != "securitySchemes" and isinstance(values, dict)
        for name in values
    }


def _keyword(parts: Parts, fits: Callable[[str], bool]) -> int | None:
    """Where in the way to a leaf the first keyword of this kind ends; a name is no keyword."""
    for index, (part, is_name) in enumerate(zip(parts, names(parts), strict=True)):
        extends = is_name and index and parts[index - 1] in ("paths", "responses")
        is_keyword = not is_name or (extends and str(part).startswith("x-"))
        if is_keyword and isinstance(part, str) and fits(part):
            return index + 1
    return None


def _ends(place: str) -> list[int]:
    return [end for end in range(len(place)) if place[end] == "/"] + [len(place)]


def _is_empty(value: Any) -> bool:
    return value is MISSING or value is None or (isinstance(value, str) and not value.strip())


def _covered(parts: Parts, places: set[Parts]) -> bool:
    return any(parts[:end] in places for end in range(len(parts) + 1))


def _at(document: Any, parts: Parts) -> Any:
    return at_place(document, parts, MISSING)


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
