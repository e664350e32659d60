"""What changed between two documents: servers, keys, operations, parameters, bodies, answers."""

import re
from collections.abc import Mapping
from typing import Any

from scripts.documents import METHODS, Document, Parts, reachable
from scripts.drift.changes import MISSING, Findings
from scripts.drift.markdown import code
from scripts.drift.normal import Place, Schema, components, is_untouched, same, touched
from scripts.drift.schemas import Comparison

_SCHEME = ("type", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl")
_KNOWN_VERSIONS = ("3.0", "3.1")
_JUDGED_OF_DOCUMENT = {"openapi", "info", "tags", "servers", "security", "paths", "components"}
_JUDGED_OF_OPERATION = {
    *("operationId", "tags", "security", "servers", "deprecated"),
    *("parameters", "requestBody", "responses"),
}


def walk(old: Document, new: Document, whole: Mapping[str, Any]) -> Findings:
    """Everything that changed.

    Args:
        whole: the operations of the document that `new` was cut out of, as ``POST /path/``.
    """
    findings = Findings()
    changed = touched(old, new)
    mine, theirs = Place(old, (), old), Place(new, (), new)
    _document(mine, theirs, Comparison(findings, "", changed))
    before, after = _operations(mine), _operations(theirs)
    for key, place in before.items():
        if key in after:
            _Operation(findings, changed, place, after[key], whole).compare()
        else:
            _gone(place, whole, findings)
    for key, place in after.items():
        if key not in before:
            findings.add("operation-added", place.at, operations=(_shown(place),))
    _count_components(old, new, changed, findings)
    return findings


def _document(mine: Place, theirs: Place, comparison: Comparison) -> None:
    """What belongs to no operation."""
    _servers(mine, theirs, comparison)
    for key in ("info", "tags", "externalDocs"):
        before, after = (_told(p.value.get(key)) for p in (mine, theirs))
        if key != "info" or not (isinstance(before, dict) and isinstance(after, dict)):
            if not same(before, after):
                comparison.add("docs-changed", (key,), before=before, after=after)
            continue
        for name in dict.fromkeys((*before, *after)):
            values = [info.get(name, MISSING) for info in (before, after)]
            if not same(*values):
                at = ("info", name)
                comparison.add("docs-changed", at, before=values[0], after=values[1])
    versions = [str(place.value.get("openapi", "")) for place in (mine, theirs)]
    judged = set(_JUDGED_OF_DOCUMENT)
    if versions[0] != versions[1]:
        if all(version.startswith(_KNOWN_VERSIONS) for version in versions):
            comparison.findings.noise["version of OpenAPI"] += 1
        else:
            judged.remove("openapi")
    comparison.rest(_stated(mine), _stated(theirs), judged | {"externalDocs"})
    extensions = [
        {k: [v] for k, v in p.below("paths").items() if k.startswith("x-")} for p in (mine, theirs)
    ]
    comparison.rest(*extensions, set())
    schemes = [p.below("components").get("securitySchemes") for p in (mine, theirs)]
    old, new = (place.fields if place is not None else {} for place in schemes)
    for name in old.keys() & new.keys():
        comparison.rest(_stated(old[name]), _stated(new[name]), set(_SCHEME))


def _told(value: Any) -> Any:
    """Words without extensions and without what is empty."""
    if isinstance(value, dict):
        kept = {k: _told(v) for k, v in value.items() if not str(k).startswith("x-")}
        return {key: item for key, item in kept.items() if item not in (None, "", {}, [])}
    return [_told(item) for item in value] if isinstance(value, list) else value


def _count_components(
    old: Document, new: Document, changed: set[Parts], findings: Findings
) -> None:
    """Components that differ, and that no operation uses in either document."""
    mine, theirs = components(old), components(new)
    used = reachable(old, old.get("paths")) | reachable(new, new.get("paths"))
    unused = [at for at in changed - used if not same(mine.get(at), theirs.get(at))]
    findings.noise["components that no operation used"] += len(unused)
    findings.noise = +findings.noise


def _operations(document: Place) -> dict[tuple[str, str], Place]:
    """By method and path; what a path parameter is called does not tell two paths apart."""
    return {
        (method, re.sub(r"\{[^}]*\}", "{}", path)): item.fields[method]
        for path, item in document.below("paths").items()
        for method in METHODS
        if isinstance(item.fields.get(method, document).value, dict) and method in item.fields
    }


def _shown(place: Place) -> str:
    return f"{str(place.at[2]).upper()} {place.at[1]}"


def _id(place: Place) -> str:
    value = place.value.get("operationId")
    return value if isinstance(value, str) else ""


def _stated(place: Place) -> dict[str, list[Place]]:
    return {key: [value] for key, value in place.fields.items()}


def _servers(mine: Place, theirs: Place, comparison: Comparison) -> None:
    """Base URLs are alternatives, of which the first one is used."""
    old, new = ([_address(place.value) for place in p.items("servers")] for p in (mine, theirs))
    if (gone := [a for a in old if a not in new]) or any(a not in old for a in new):
        lost = old[0] in gone if old else True
        kind = "changed" if lost else "removed" if gone else "added"
        at = (*(theirs if "servers" in theirs.fields else mine).at, "servers")
        comparison.add(f"server-{kind}", at, before=old, after=new)


def _address(server: Any) -> Any:
    """The address of a server, and what its variables may be; not how they are described."""
    place = Place({}, (), server)
    variables = place.below("variables").items()
    plain = {n: {**v.value, "description": ""} for n, v in variables if isinstance(v.value, dict)}
    url = server.get("url") if isinstance(server, dict) else server
    return {"url": url, "variables": plain} if plain else url


def _gone(mine: Place, whole: Mapping[str, Any], findings: Findings) -> None:
    home = _home(_id(mine), whole)
    if home:
        _moved(mine, home, findings)
    last = [part for part in str(mine.at[1]).split("/") if part and "{" not in part][-1:]
    alike = [
        operation
        for operation in sorted(whole)
        if operation.startswith(f"{str(mine.at[2]).upper()} ")
        and [p for p in operation.split("/") if p and "{" not in p][-1:] == last
    ]
    likely = [home] if home else alike[:3]
    note = f"Perhaps it is now {' or '.join(map(code, likely))}." if likely else ""
    findings.add("operation-gone", mine.at, operations=(_shown(mine),), note=note)


def _home(name: str, whole: Mapping[str, Any]) -> str:
    """The operation that has this operationId."""
    ids = {o: v.get("operationId") for o, v in whole.items() if isinstance(v, dict)}
    return next((operation for operation, known in ids.items() if known == name != ""), "")


def _moved(mine: Place, home: str, findings: Findings) -> None:
    findings.add(
        "operation-id-moved",
        (*mine.at, "operationId"),
        operations=(_shown(mine), home),
        before=_shown(mine),
        after=home,
        note=f"It is {code(_id(mine))}.",
    )


def _unversioned(operation: str) -> str:
    return re.sub(r"/v\d+/", "/v/", operation)


class _Operation:
    """One operation that is in both documents."""

    def __init__(
        self,
        findings: Findings,
        changed: set[Parts],
        mine: Place,
        theirs: Place,
        whole: Mapping[str, Any],
    ) -> None:
        self._findings = findings
        self._mine, self._theirs = mine, theirs
        self._old = Place(mine.document, (), mine.document)
        self._new = Place(theirs.document, (), theirs.document)
        self._items = self._old.child(*mine.at[:2]), self._new.child(*theirs.at[:2])
        self._whole = whole
        self._changed = changed
        self._comparison = Comparison(findings, _shown(theirs), changed)

    def compare(self) -> None:
        self._security()
        around = [
            {k: v for k, v in item.fields.items() if k not in METHODS} for item in self._items
        ]
        places = [
            Place(p.document, p.at, {k: v.value for k, v in a.items()})
            for p, a in zip(self._items, around, strict=True)
        ]
        alike = is_untouched(*places, self._changed) and places[0].at == places[1].at
        if alike and is_untouched(self._mine, self._theirs, self._changed):
            return
        self._names()
        _servers(self._mine, self._theirs, self._comparison)
        if self._is_first:
            _servers(*self._items, self._comparison)
            stated = [{key: [place] for key, place in fields.items()} for fields in around]
            self._comparison.rest(*stated, {"servers", "parameters"})
        self._rest(self._mine, self._theirs, _JUDGED_OF_OPERATION)
        self._parameters()
        self._request_body()
        self._comparison.side = "response"
        self._responses()

    def _add(self, kind: str, at: Parts, **details: Any) -> None:
        self._comparison.add(kind, at, **details)

    def _rest(self, old: Place, new: Place, judged: set[str]) -> None:
        self._comparison.rest(_stated(old), _stated(new), judged)

    @property
    def _is_first(self) -> bool:
        """Whether it is the first operation of its path."""
        return next(k for k in METHODS if k in self._items[1].fields) == self._theirs.at[2]

    def _at(self, key: str) -> Parts:
        """Where a key stands in the new operation; in the old one, if it is gone."""
        gone = key in self._mine.fields and key not in self._theirs.fields
        return (*(self._mine if gone else self._theirs).at, key)

    def _names(self) -> None:
        """The operationId, the tags, and deprecation."""
        old, new = _id(self._mine), _id(self._theirs)
        if old != new:
            if home := _home(old, self._whole):
                _moved(self._mine, home, self._findings)
            self._add("operation-id-renamed", self._at("operationId"), before=old, after=new)
        before, after = (place.value.get("tags") or [] for place in (self._mine, self._theirs))
        if sorted(map(str, _list(before))) != sorted(map(str, _list(after))):
            self._add("tag-renamed", self._at("tags"), before=before, after=after)
        was, now = (bool(p.value.get("deprecated")) for p in (self._mine, self._theirs))
        if was != now:
            name = _shown(self._theirs)
            successors = [
                other
                for other, value in self._whole.items()
                if _unversioned(other) == _unversioned(name) and other != name
                if isinstance(value, dict) and not value.get("deprecated")
            ]
            note = f"Its successor: {', '.join(map(code, successors))}." if successors else ""
            kind = "deprecated" if now else "deprecation-lifted"
            self._add(kind, self._at("deprecated"), note=note if now else "")

    def _security(self) -> None:
        """What authorises the request is a list of alternatives; each is a set of schemes."""
        old, new = _alternatives(self._mine, self._old), _alternatives(self._theirs, self._new)
        enough = [one for one in old if any(other <= one for other in new)]
        added = [one for one in new if not any(one <= other for other in old)]
        gains = [one for one in new if one not in old]
        values = {"before": _requirements(self._mine), "after": _requirements(self._theirs)}
        inside = "security" in self._mine.fields or "security" in self._theirs.fields
        at = self._at("security") if inside else ("security",)
        if not enough:
            before, after = _schemes(self._old), _schemes(self._new)
            names = [n for n in before if n in after and not same(before[n], after[n])]
            if values["before"] == values["after"] and names:
                at = ("components", "securitySchemes", names[0])
                values = {"before": before[names[0]], "after": after[names[0]]}
                self._findings.add("security-scheme-changed", at, **values)
            else:
                self._add("security-changed", at, **values)
            return
        if len(enough) < len(old):
            self._add("security-alternative-removed", at, **values)
        if added or (gains and len(enough) == len(old)):
            self._add("security-alternative-added", at, **values)

    # Parameters

    def _parameters(self) -> None:
        old, new = _parameters(self._mine), _parameters(self._theirs)
        gone = {key: old[key] for key in old if key not in new}
        added = {key: new[key] for key in new if key not in old}
        if len(gone) == len(added) == 1:
            (before,), (after,) = gone, added
            if before[0] == after[0] and _type(gone[before]) == _type(added[after]):
                self._renamed(gone.pop(before), added.pop(after))
        for place in gone.values():
            self._parameter("removed", place, before=_parameter(place))
        for place in added.values():
            kind = "required-added" if place.resolved().value.get("required") else "added"
            self._parameter(kind, place, after=_parameter(place))
        for key in old:
            if key in new:
                self._same(old[key], new[key])

    def _parameter(self, kind: str, place: Place, **details: Any) -> None:
        path = (str(place.resolved().value.get("name")),)
        self._add(f"parameter-{kind}", place.at, side="request", path=path, **details)

    def _renamed(self, mine: Place, theirs: Place) -> None:
        before, after = (place.resolved().value.get("name") for place in (mine, theirs))
        self._parameter("renamed", theirs, before=before, after=after)
        self._described(mine.resolved(), theirs.resolved(), str(after))

    def _same(self, mine: Place, theirs: Place) -> None:
        old, new = mine.resolved(), theirs.resolved()
        name = str(new.value.get("name"))
        if old.value.get("name") != name:
            values = {"before": old.value.get("name"), "after": name, "path": (name,)}
            self._add("path-parameter-renamed", (*new.at, "name"), **values)
        was, now = bool(old.value.get("required")), bool(new.value.get("required"))
        if was != now:
            kind = "now-required" if now else "now-optional"
            self._parameter(kind, theirs, before=was, after=now)
        before, after = (bool(place.value.get("deprecated")) for place in (old, new))
        self._comparison.deprecation(before, after, new, (name,))
        self._described(old, new, name)

    def _described(self, old: Place, new: Place, name: str) -> None:
        """What else is said of a parameter or a header: its schema, its words."""
        if "schema" in old.fields and "schema" in new.fields:
            self._comparison.compare(old.child("schema"), new.child("schema"), (name,))
        present = {"schema"} if "schema" in old.fields and "schema" in new.fields else set[str]()
        self._rest(old, new, {"name", "in", "required", "deprecated", "$ref"} | present)

    # Bodies

    def _request_body(self) -> None:
        old, new = _body(self._mine), _body(self._theirs)
        if old is None or new is None:
            if (present := old or new) is not None:
                needed = bool(present.value.get("required"))
                kind = "removed" if new is None else "required-added" if needed else "added"
                self._add(f"request-body-{kind}", present.at, side="request")
            return
        was, now = bool(old.value.get("required")), bool(new.value.get("required"))
        if was != now:
            kind = "now-required" if now else "now-optional"
            self._add(f"request-body-{kind}", new.at, side="request", before=was, after=now)
        self._contents(old, new, {"required"})

    def _contents(self, old: Place, new: Place, judged: set[str]) -> None:
        """The media types of a body; one that says the same as another is not compared again."""
        self._rest(old, new, judged | {"content", "$ref"})
        side = self._comparison.side
        mine, theirs = (
            {n: p for n, p in body.below("content").items() if isinstance(p.value, dict)}
            for body in (old, new)
        )
        if bool(mine) != bool(theirs):
            self._add(f"{side}-body-{'added' if theirs else 'removed'}", new.at, side=side)
        if not mine or not theirs:
            return
        for kind, places, others in (("removed", mine, theirs), ("added", theirs, mine)):
            for name in [n for n in places if n not in others]:
                value = {"before" if kind == "removed" else "after": name}
                at = places[name].at
                self._add(f"{side}-media-type-{kind}", at, path=(name,), side=side, **value)
        pairs = [(mine[name], theirs[name]) for name in mine if name in theirs]
        if not pairs:  # nothing is lost from sight because the media type is another
            pairs = [(next(iter(mine.values())), next(iter(theirs.values())))]
        for before, after in pairs:
            self._rest(before, after, {"schema"})
        said: set[tuple[Parts, Parts]] = set()
        for before, after in pairs:
            present = ["schema" in place.fields for place in (before, after)]
            if any(present) and not all(present):
                kind = "removed" if present[0] else "added"
                self._add(f"{side}-body-{kind}", after.at, side=side)
            elif all(present):
                schemas = before.child("schema"), after.child("schema")
                meant = (schemas[0].resolved().at, schemas[1].resolved().at)
                if meant not in said:
                    said.add(meant)
                    self._comparison.bodies(*schemas)

    # Answers

    def _responses(self) -> None:
        old, new = _responses(self._mine), _responses(self._theirs)
        gone = [status for status in old if status not in new]
        added = [status for status in new if status not in old]
        lost = [status for status in gone if _is_success(status)]
        came = [status for status in added if _is_success(status)]
        if lost:
            values = {"before": sorted(filter(_is_success, old)), "side": "response"}
            values |= {"after": sorted(filter(_is_success, new))}
            self._add("success-status-changed", self._at("responses"), **values)
        for status in gone:
            if status not in lost:
                self._add("error-status-removed", old[status].at, before=status, side="response")
        for status in added:
            if not _is_success(status):
                self._add("error-status-added", new[status].at, after=status, side="response")
            elif not lost:
                self._add("success-status-added", new[status].at, after=status, side="response")
        pairs = [(status, status) for status in old if status in new]
        for before, after in [*pairs, *zip(lost, came, strict=False)]:
            self._headers(old[before], new[after])
            self._contents(old[before], new[after], {"headers"})
        extensions = [
            {k: [v] for k, v in p.below("responses").items() if k.startswith("x-")}
            for p in (self._mine, self._theirs)
        ]
        self._comparison.rest(*extensions, set())

    def _headers(self, old: Place, new: Place) -> None:
        mine, theirs = (
            {n: p.resolved() for n, p in place.below("headers").items()} for place in (old, new)
        )
        for kind, places, others in (("removed", mine, theirs), ("added", theirs, mine)):
            for name in [n for n in places if n not in others]:
                at = places[name].at
                self._add(f"response-header-{kind}", at, path=(name,), side="response")
        for name in [n for n in mine if n in theirs]:
            self._described(mine[name], theirs[name], name)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _schemes(document: Place) -> dict[str, Any]:
    """What each security scheme is, by its name."""
    found = document.below("components").get("securitySchemes")
    return {
        name: {k: v.value for k, v in scheme.fields.items() if k in _SCHEME}
        for name, scheme in (found.fields if found else {}).items()
    }


def _requirements(operation: Place) -> Any:
    return operation.value.get("security", operation.document.get("security", []))


def _alternatives(operation: Place, document: Place) -> list[frozenset[str]]:
    """Each alternative as the set of what it takes; nothing is one that takes nothing."""
    schemes = _schemes(document)
    listed = [r for r in _list(_requirements(operation)) if isinstance(r, dict)]
    found = [
        frozenset(
            repr((sorted(schemes.get(name, {"": name}).items(), key=repr), scope))
            for name, scopes in requirement.items()
            for scope in ["", *(scopes if isinstance(scopes, list) else [])]
        )
        for requirement in listed
    ]
    return found or [frozenset()]


def _parameters(operation: Place) -> dict[tuple[str, Any], Place]:
    """By place and name; those in the path by the order in which the path has them."""
    order = re.findall(r"\{([^}]*)\}", str(operation.at[1]))
    item = Place(operation.document, (), operation.document).child(*operation.at[:2])
    found: dict[tuple[str, Any], Place] = {}
    for place in [*item.items("parameters"), *operation.items("parameters")]:
        value = place.resolved().value
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            name, where = value["name"], str(value.get("in"))
            found[where, order.index(name) if where == "path" and name in order else name] = place
    return found


def _parameter(place: Place) -> Any:
    value = place.resolved().value
    return {key: value[key] for key in ("name", "in", "required", "schema") if key in value}


def _type(parameter: Place) -> Any:
    parameter = parameter.resolved()
    return Schema(parameter.child("schema")).types if "schema" in parameter.fields else None


def _body(operation: Place) -> Place | None:
    body = operation.child("requestBody").resolved() if "requestBody" in operation.fields else None
    return body if body is not None and isinstance(body.value, dict) else None


def _responses(operation: Place) -> dict[str, Place]:
    found = {status: p.resolved() for status, p in operation.below("responses").items()}
    return {
        status: place
        for status, place in found.items()
        if isinstance(place.value, dict) and not status.startswith("x-")
    }


def _is_success(status: str) -> bool:
    return status.startswith("2")
