"""What changed between two documents: servers, keys, operations, parameters, bodies, answers."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from scripts.documents import METHODS, Document, Parts, reachable
from scripts.drift.changes import Drift
from scripts.drift.markdown import code
from scripts.drift.normal import Place, Schema, as_list, components, is_untouched, same, touched
from scripts.drift.schemas import Comparison

_SCHEME = {"type", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl"}
_KNOWN_VERSIONS = ("3.0", "3.1")
_OF_DOCUMENT = {
    "openapi",
    "info",
    "tags",
    "externalDocs",
    "servers",
    "security",
    "paths",
    "components",
}
_OF_OPERATION = {
    *("operationId", "tags", "security", "servers", "deprecated", "parameters"),
    *("requestBody", "responses"),
}
_OF_PARAMETER = {"name", "in", "required", "deprecated", "$ref"}

K = TypeVar("K")
V = TypeVar("V")


def walk(old: Document, new: Document, whole: Mapping[str, Any]) -> Drift:
    """Everything that changed.

    Args:
        whole: the operations of the document that `new` was cut out of, as ``POST /path/``.
    """
    found, changed = Drift(), touched(old, new)
    mine, theirs = Place(old, (), old), Place(new, (), new)
    _document(mine, theirs, Comparison(found, "", changed))
    gone, added, both = _matched(_operations(mine), _operations(theirs))
    for before, after in both:
        _Operation(Comparison(found, _shown(after), changed), before, after, whole).compare()
    for place in gone:
        _gone(place, Comparison(found, _shown(place), changed), whole)
    for place in added:
        found.add("operation-added", place.at, operations=(_shown(place),))
    used = reachable(old, old.get("paths")) | reachable(new, new.get("paths"))
    known = components(old), components(new)
    unused = [at for at in changed - used if not same(known[0].get(at), known[1].get(at))]
    found.noise["components that no operation used"] += len(unused)
    return found


def _matched(old: Mapping[K, V], new: Mapping[K, V]) -> tuple[list[V], list[V], list[tuple[V, V]]]:
    """What is gone, what is new, and what is in both."""
    gone = [value for key, value in old.items() if key not in new]
    added = [value for key, value in new.items() if key not in old]
    return gone, added, [(value, new[key]) for key, value in old.items() if key in new]


def _document(mine: Place, theirs: Place, comparison: Comparison) -> None:
    """What belongs to no operation."""
    _servers(mine, theirs, comparison)
    for key in ("info", "tags", "externalDocs"):
        before, after = (_told(place.value.get(key)) for place in (mine, theirs))
        if not same(before, after):
            comparison.add("docs-changed", (key,), before=before, after=after)
    versions = {str(place.value.get("openapi", "")) for place in (mine, theirs)}
    known = all(version.startswith(_KNOWN_VERSIONS) for version in versions)
    comparison.found.noise["version of OpenAPI"] += known and len(versions) > 1
    comparison.rest(
        mine.stated, theirs.stated, _OF_DOCUMENT - ({"openapi"} if not known else set())
    )
    _extensions(mine.below("paths"), theirs.below("paths"), comparison)
    for before, after in _matched(
        *(p.below("components", "securitySchemes") for p in (mine, theirs))
    )[2]:
        comparison.rest(before.stated, after.stated, _SCHEME)


def _told(value: Any) -> Any:
    """Words without extensions and without what is empty."""
    if isinstance(value, dict):
        kept = {k: _told(v) for k, v in value.items() if not str(k).startswith("x-")}
        return {key: item for key, item in kept.items() if item not in ("", {}, [])} or None
    return [_told(item) for item in value] or None if isinstance(value, list) else value


def _extensions(old: dict[str, Place], new: dict[str, Place], comparison: Comparison) -> None:
    """Where other keys are names."""
    kept = [{k: [p] for k, p in some.items() if k.startswith("x-")} for some in (old, new)]
    comparison.rest(kept[0], kept[1], set())


def _operations(document: Place) -> dict[tuple[str, str], Place]:
    """By method and path; what a path parameter is called does not tell two paths apart."""
    return {
        (method, re.sub(r"\{[^}]*\}", "{}", path)): item.fields[method]
        for path, item in document.below("paths").items()
        for method in METHODS
        if method in item.fields and isinstance(item.fields[method].value, dict)
    }


def _shown(place: Place) -> str:
    return f"{str(place.at[2]).upper()} {place.at[1]}"


def _id(place: Place) -> str:
    value = place.value.get("operationId")
    return value if isinstance(value, str) else ""


def _servers(mine: Place, theirs: Place, comparison: Comparison) -> None:
    """Base URLs are alternatives, of which the first one is used."""
    old, new = ([_address(place.value) for place in p.items("servers")] for p in (mine, theirs))
    gone = [address for address in old if address not in new]
    if gone or any(address not in old for address in new):
        kind = "changed" if old[:1] == gone[:1] else "removed" if gone else "added"
        at = (*(theirs if "servers" in theirs.fields else mine).at, "servers")
        comparison.add(f"server-{kind}", at, before=old, after=new)


def _address(server: Any) -> Any:
    """The address of a server, and what its variables may be; not how they are described."""
    place = Place({}, (), server)
    variables = place.below("variables").items()
    plain = {n: {**v.value, "description": ""} for n, v in variables if isinstance(v.value, dict)}
    url = server.get("url") if isinstance(server, dict) else server
    return {"url": url, "variables": plain} if plain else url


def _gone(mine: Place, comparison: Comparison, whole: Mapping[str, Any]) -> None:
    def last(operation: str) -> list[str]:
        return [part for part in operation.split("/") if part and "{" not in part][-1:]

    home = _moved(mine, comparison, whole)
    method, name = f"{str(mine.at[2]).upper()} ", last(_shown(mine))
    alike = [known for known in sorted(whole) if known.startswith(method) and last(known) == name]
    likely = [home] if home else alike[:3]
    note = f"Perhaps it is now {' or '.join(map(code, likely))}." if likely else ""
    comparison.add("operation-gone", mine.at, note=note)


def _moved(mine: Place, comparison: Comparison, whole: Mapping[str, Any]) -> str:
    """The operation that has this operationId now, which is a change; or none."""
    name = _id(mine)
    ids = {o: v.get("operationId") for o, v in whole.items() if isinstance(v, dict)}
    home = next((operation for operation, known in ids.items() if known == name != ""), "")
    if home:
        values = {"before": _shown(mine), "after": home, "note": f"It is {code(name)}."}
        at = (*mine.at, "operationId")
        comparison.add("operation-id-moved", at, operations=(_shown(mine), home), **values)
    return home


def _successors(operation: str, whole: Mapping[str, Any]) -> list[str]:
    """What is not deprecated, and has the same name in another version."""

    def unversioned(name: str) -> str:
        return re.sub(r"/v\d+/", "/v/", name)

    return [
        other
        for other, value in whole.items()
        if unversioned(other) == unversioned(operation) and other != operation
        if isinstance(value, dict) and not value.get("deprecated")
    ]


class _Operation:
    """One operation that is in both documents."""

    def __init__(
        self, comparison: Comparison, mine: Place, theirs: Place, whole: Mapping[str, Any]
    ) -> None:
        self._comparison, self._add = comparison, comparison.add
        self._mine, self._theirs, self._whole = mine, theirs, whole
        self._places = (mine, theirs)

    def compare(self) -> None:
        self._security()
        old, new = (place.root.child(*place.at[:2]) for place in self._places)
        mine, theirs = (
            replace(item, value={k: v for k, v in item.value.items() if k not in METHODS})
            for item in (old, new)
        )
        changed = self._comparison.touched
        if is_untouched(mine, theirs, changed) and is_untouched(*self._places, changed):
            return
        self._names()
        _servers(self._mine, self._theirs, self._comparison)
        if next(method for method in METHODS if method in new.fields) == self._theirs.at[2]:
            # What all operations of a path share is told with the first of them.
            _servers(old, new, self._comparison)
            self._rest(mine, theirs, {"servers", "parameters"})
        self._rest(*self._places, _OF_OPERATION)
        self._parameters()
        self._request_body()
        self._comparison.side = "response"
        self._responses()

    def _rest(self, old: Place, new: Place, judged: set[str]) -> None:
        self._comparison.rest(old.stated, new.stated, judged)

    def _required(self, kind: str, old: Place, new: Place, **details: Any) -> None:
        was, now = (bool(place.value.get("required")) for place in (old, new))
        if was != now:
            kind = f"{kind}-now-{'required' if now else 'optional'}"
            self._add(kind, new.at, side="request", before=was, after=now, **details)

    def _at(self, key: str) -> Parts:
        """Where a key stands in the new operation; in the old one, if it is gone."""
        gone = key in self._mine.fields and key not in self._theirs.fields
        return (*(self._mine if gone else self._theirs).at, key)

    def _names(self) -> None:
        """The operationId, the tags, and deprecation."""
        old, new = map(_id, self._places)
        if old != new:
            _moved(self._mine, self._comparison, self._whole)
            self._add("operation-id-renamed", self._at("operationId"), before=old, after=new)
        before, after = (place.value.get("tags") or [] for place in self._places)
        if sorted(map(str, as_list(before))) != sorted(map(str, as_list(after))):
            self._add("tag-renamed", self._at("tags"), before=before, after=after)
        was, now = (place.value.get("deprecated") for place in self._places)
        successors = ", ".join(map(code, _successors(_shown(self._theirs), self._whole)))
        note = f"Its successor: {successors}." if now and successors else ""
        self._comparison.deprecation(was, now, self._at("deprecated"), note=note)

    def _security(self) -> None:
        """What authorises the request is a list of alternatives; each is a set of schemes."""
        old, new = map(_alternatives, self._places)
        before, after = map(_requirements, self._places)
        inside = any("security" in place.fields for place in self._places)
        at = self._at("security") if inside else ("security",)
        if kept := [one for one in old if any(other <= one for other in new)]:
            listed = [r for r in as_list(before) if isinstance(r, dict)]
            lost = [named for named, one in zip(listed, old, strict=False) if one not in kept]
            if lost:
                before = lost
                self._add("security-alternative-removed", at, before=lost, after=after)
            if any(one not in old for one in new):
                self._add("security-alternative-added", at, before=before, after=after)
            return
        mine, theirs = map(_schemes, self._places)
        others = [n for n in mine if n in theirs and not same(mine[n], theirs[n])]
        if before == after and others:
            at = ("components", "securitySchemes", others[0])
            values = {"before": mine[others[0]], "after": theirs[others[0]]}
            self._comparison.found.add("security-scheme-changed", at, **values)
        else:
            self._add("security-changed", at, before=before, after=after)

    # Parameters

    def _parameters(self) -> None:
        gone, added, both = _matched(*map(_parameters, self._places))
        if len(gone) == len(added) == 1:
            before, after = gone[0].resolved(), added[0].resolved()
            if before.value.get("in") == after.value.get("in") and _type(before) == _type(after):
                names = {"before": before.value["name"], "after": after.value["name"]}
                self._parameter("renamed", added.pop(), **names)
                self._described(gone.pop().resolved(), after)
        for place in gone:
            self._parameter("removed", place, before=_parameter(place))
        for place in added:
            kind = "required-added" if place.resolved().value.get("required") else "added"
            self._parameter(kind, place, after=_parameter(place))
        for mine, theirs in both:
            old, new = mine.resolved(), theirs.resolved()
            before, name = old.value["name"], new.value["name"]
            if before != name:
                values = {"before": before, "after": name, "path": (name,)}
                self._add("path-parameter-renamed", (*new.at, "name"), **values)
            self._required("parameter", old, replace(new, at=theirs.at), path=(name,))
            was, now = (place.value.get("deprecated") for place in (old, new))
            self._comparison.deprecation(was, now, new.at, path=(name,), side="request")
            self._described(old, new)

    def _parameter(self, kind: str, place: Place, **details: Any) -> None:
        path = (place.resolved().value["name"],)
        self._add(f"parameter-{kind}", place.at, side="request", path=path, **details)

    def _described(self, old: Place, new: Place) -> None:
        """What else is said of a parameter or a header: its schema, its words."""
        judged = set(_OF_PARAMETER)
        if "schema" in old.fields and "schema" in new.fields:
            judged.add("schema")
            path = (str(new.value.get("name", new.at[-1])),)
            self._comparison.compare(old.child("schema"), new.child("schema"), path)
        self._rest(old, new, judged)

    # Bodies

    def _request_body(self) -> None:
        old, new = map(_body, self._places)
        if old is None or new is None:
            if (present := old or new) is not None:
                needed = bool(present.value.get("required"))
                kind = "removed" if new is None else "required-added" if needed else "added"
                self._add(f"request-body-{kind}", present.at, side="request")
            return
        self._required("request-body", old, new)
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
        gone, added, pairs = _matched(mine, theirs)
        for place in gone:
            name = str(place.at[-1])
            self._add(f"{side}-media-type-removed", place.at, path=(name,), side=side, before=name)
        for place in added:
            name = str(place.at[-1])
            self._add(f"{side}-media-type-added", place.at, path=(name,), side=side, after=name)
        said: set[tuple[Parts, Parts]] = set()
        # Nothing is lost from sight because the media type is another.
        for before, after in pairs or [(gone[0], added[0])]:
            self._rest(before, after, {"schema"})
            if ("schema" in before.fields) != ("schema" in after.fields):
                kind = "removed" if "schema" in before.fields else "added"
                self._add(f"{side}-body-{kind}", after.at, side=side)
            elif "schema" in before.fields:
                schemas = before.child("schema"), after.child("schema")
                meant = (schemas[0].resolved().at, schemas[1].resolved().at)
                if meant not in said:
                    said.add(meant)
                    self._comparison.bodies(*schemas)

    # Answers

    def _responses(self) -> None:
        old, new = map(_responses, self._places)
        gone, came = [s for s in old if s not in new], [s for s in new if s not in old]
        if lost := [status for status in gone if _is_success(status)]:
            values = {"before": sorted(filter(_is_success, old)), "side": "response"}
            values |= {"after": sorted(filter(_is_success, new))}
            self._add("success-status-changed", self._at("responses"), **values)
        for status in gone:
            if status not in lost:
                self._add("error-status-removed", old[status].at, before=status, side="response")
        for status in came:
            if not (lost and _is_success(status)):
                kind = f"{'success' if _is_success(status) else 'error'}-status-added"
                self._add(kind, new[status].at, after=status, side="response")
        came = list(filter(_is_success, came))
        same_status = [(status, status) for status in old if status in new]
        for before, after in [*same_status, *zip(lost, came, strict=False)]:
            self._headers(old[before], new[after])
            self._contents(old[before], new[after], {"headers"})
        answers = [place.below("responses") for place in self._places]
        _extensions(answers[0], answers[1], self._comparison)

    def _headers(self, old: Place, new: Place) -> None:
        gone, added, both = _matched(old.below("headers"), new.below("headers"))
        for place in (*gone, *added):
            kind = f"response-header-{'removed' if place in gone else 'added'}"
            self._add(kind, place.at, path=(str(place.at[-1]),), side="response")
        for before, after in both:
            self._described(before.resolved(), after.resolved())


def _schemes(operation: Place) -> dict[str, Any]:
    """What each security scheme is, by its name."""
    return {
        name: {k: v.value for k, v in scheme.fields.items() if k in _SCHEME}
        for name, scheme in operation.root.below("components", "securitySchemes").items()
    }


def _requirements(operation: Place) -> Any:
    return operation.value.get("security", operation.document.get("security", []))


def _alternatives(operation: Place) -> list[frozenset[str]]:
    """Each alternative as the set of what it takes; nothing is one that takes nothing."""
    schemes = _schemes(operation)
    found = [
        frozenset(
            repr((sorted(schemes.get(name, {"": name}).items(), key=repr), scope))
            for name, scopes in requirement.items()
            for scope in ["", *(scopes if isinstance(scopes, list) else [])]
        )
        for requirement in as_list(_requirements(operation))
        if isinstance(requirement, dict)
    ]
    return found or [frozenset()]


def _parameters(operation: Place) -> dict[tuple[str, Any], Place]:
    """By place and name; those in the path by the order in which the path has them."""
    order = re.findall(r"\{([^}]*)\}", str(operation.at[1]))
    item = operation.root.child(*operation.at[:2])
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
