"""What changed between two documents: servers, keys, operations, parameters, bodies, answers."""

import re
from collections.abc import Mapping
from typing import Any

from scripts.documents import METHODS, Document, Parts, at_place, reachable
from scripts.drift.changes import MISSING, Findings
from scripts.drift.markdown import code
from scripts.drift.rules import Level
from scripts.drift.schemas import Comparison
from scripts.drift.views import Place, View

_SCHEME = ("type", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl")


def walk(old: Document, new: Document, elsewhere: Mapping[str, str]) -> Findings:
    """Everything that the rules are about.

    Args:
        elsewhere: the operations of the whole document that `new` was cut out of, if it was:
            operationId to ``POST /path/``.
    """
    findings = Findings()
    _servers(old, new, findings)
    _schemes(old, new, findings)
    before, after = _operations(old), _operations(new)
    homes = {_id(place): _shown(place) for place in after.values() if _id(place)}
    homes = dict(elsewhere) | homes
    for key, mine in before.items():
        theirs = after.get(key)
        if theirs is None:
            _gone(mine, homes, {_shown(p) for p in after.values()} | set(homes.values()), findings)
        elif not _is_as_it_was(mine, theirs):
            _names(mine, theirs, homes, findings)
            _Operation(findings, mine, theirs).compare()
    for key, theirs in after.items():
        if key not in before:
            findings.judge(new=theirs.at)
            findings.add("operation-added", theirs.at, operations=(_shown(theirs),))
    return findings


def _is_as_it_was(mine: Place, theirs: Place) -> bool:
    """Whether an operation, with all that it refers to, is the same; most are, most of the time."""

    def whole(place: Place) -> list[Any]:
        item = place.document["paths"][place.at[1]]
        parts = [place.at, item.get("parameters"), place.value, place.document.get("security")]
        reached = sorted(reachable(place.document, parts))
        return [*parts, *((at, at_place(place.document, at)) for at in reached)]

    return whole(mine) == whole(theirs)


def _operations(document: Document) -> dict[tuple[str, str], Place]:
    """By method and path; what a path parameter is called does not tell two paths apart."""
    found: dict[tuple[str, str], Place] = {}
    for item in Place(document, (), document).children("paths"):
        for method in METHODS:
            if isinstance(item.value, dict) and isinstance(item.value.get(method), dict):
                found[method, re.sub(r"\{[^}]*\}", "{}", str(item.at[-1]))] = item.child(method)
    return found


def _shown(place: Place) -> str:
    return f"{str(place.at[2]).upper()} {place.at[1]}"


def _id(place: Place) -> str:
    value = place.value.get("operationId")
    return value if isinstance(value, str) else ""


def _servers(old: Document, new: Document, findings: Findings) -> None:
    def addresses(document: Document) -> list[Any]:
        servers = Place(document, (), document).children("servers")
        return [_address(place.value) for place in servers if isinstance(place.value, dict)]

    if addresses(old) != addresses(new):
        findings.judge("servers", old=(), new=())
        findings.add("server-changed", ("servers",), before=addresses(old), after=addresses(new))


def _address(server: Document) -> Any:
    """The address of a server, and what its variables may be; not how they are described."""
    variables = server.get("variables")
    if not isinstance(variables, dict):
        return server.get("url")
    plain = {n: {**v, "description": ""} for n, v in variables.items() if isinstance(v, dict)}
    return {"url": server.get("url"), "variables": plain}


def _schemes(old: Document, new: Document, findings: Findings) -> None:
    def schemes(document: Document) -> dict[str, Any]:
        components = document.get("components")
        found = components.get("securitySchemes") if isinstance(components, dict) else None
        return found if isinstance(found, dict) else {}

    def essence(scheme: Any) -> Any:
        if not isinstance(scheme, dict):
            return MISSING
        return {key: scheme[key] for key in _SCHEME if key in scheme}

    mine, theirs = schemes(old), schemes(new)
    for name in dict.fromkeys((*mine, *theirs)):
        at = ("components", "securitySchemes", name)
        keys = _SCHEME if name in mine and name in theirs else ()
        findings.judge(*keys, old=at, new=at)
        before, after = essence(mine.get(name)), essence(theirs.get(name))
        if before != after:
            findings.add("security-scheme-changed", at, before=before, after=after)


def _gone(mine: Place, homes: dict[str, str], known: set[str], findings: Findings) -> None:
    findings.judge(old=mine.at)
    home = homes.get(_id(mine))
    if home is not None:
        _moved(mine, home, findings)
    last = [part for part in str(mine.at[1]).split("/") if part and "{" not in part][-1:]
    alike = [
        operation
        for operation in sorted(known)
        if operation.startswith(f"{str(mine.at[2]).upper()} ")
        and [p for p in operation.split("/") if p and "{" not in p][-1:] == last
    ]
    likely = [home] if home else alike[:3]
    note = f"Perhaps it is now {' or '.join(map(code, likely))}." if likely else ""
    findings.add("operation-gone", mine.at, operations=(_shown(mine),), note=note)


def _moved(mine: Place, home: str, findings: Findings) -> None:
    findings.add(
        "operation-id-moved",
        (*mine.at, "operationId"),
        operations=(_shown(mine), home),
        before=_shown(mine),
        after=home,
        note=f"It is {code(_id(mine))}.",
    )


def _names(mine: Place, theirs: Place, homes: dict[str, str], findings: Findings) -> None:
    """The operationId and the tags."""
    findings.judge("operationId", "tags", old=mine.at, new=theirs.at)
    operations = (_shown(theirs),)
    old, new = _id(mine), _id(theirs)
    if old != new:
        at = _place(mine, theirs, "operationId")
        if old in homes:
            _moved(mine, homes[old], findings)
        findings.add("operation-id-renamed", at, operations=operations, before=old, after=new)
    before, after = (place.value.get("tags") or [] for place in (mine, theirs))
    if sorted(map(str, _list(before))) != sorted(map(str, _list(after))):
        at = _place(mine, theirs, "tags")
        findings.add("tag-renamed", at, operations=operations, before=before, after=after)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _place(mine: Place, theirs: Place, key: str) -> Parts:
    """Where a key stands in the new operation; in the old one, if it is gone."""
    return (*(mine if key in mine.value and key not in theirs.value else theirs).at, key)


class _Operation:
    """One operation that is in both documents."""

    def __init__(self, findings: Findings, mine: Place, theirs: Place) -> None:
        self._findings = findings
        self._mine, self._theirs = mine, theirs
        self._name = _shown(theirs)
        self._request = Comparison(findings, self._name, "request")
        self._response = Comparison(findings, self._name, "response")
        if mine.at != theirs.at:  # another name of a path parameter
            findings.align(mine.at[:2], theirs.at[:2], theirs.document)

    def compare(self) -> None:
        self._security()
        self._parameters()
        self._request_body()
        self._responses()

    def _add(self, kind: str, at: Parts, **details: Any) -> None:
        self._findings.add(kind, at, operations=(self._name,), **details)

    def _security(self) -> None:
        def effective(place: Place) -> Any:
            return place.value.get("security", place.document.get("security", []))

        self._findings.judge("security", old=self._mine.at, new=self._theirs.at)
        self._findings.judge("security", old=(), new=())
        before, after = effective(self._mine), effective(self._theirs)
        if before != after:
            inside = "security" in self._mine.value or "security" in self._theirs.value
            at = _place(self._mine, self._theirs, "security") if inside else ("security",)
            self._add("security-changed", at, before=before, after=after)

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
            self._findings.judge(old=place.at)
            self._parameter("removed", place, before=_parameter(place))
        for place in added.values():
            self._findings.judge(new=place.at)
            kind = "required-added" if place.resolved().value.get("required") else "added"
            self._parameter(kind, place, after=_parameter(place))
        for key in old:
            if key in new:
                self._same(old[key], new[key])

    def _parameter(self, kind: str, place: Place, **details: Any) -> None:
        path = (str(place.resolved().value.get("name")),)
        self._add(f"parameter-{kind}", place.at, side="request", path=path, **details)

    def _renamed(self, mine: Place, theirs: Place) -> None:
        self._findings.judge(old=mine.at)
        self._findings.judge(new=theirs.at)
        before, after = (place.resolved().value.get("name") for place in (mine, theirs))
        required = bool(theirs.resolved().value.get("required"))
        level = {"level": Level.BREAKING} if required else {}
        self._parameter("renamed", theirs, before=before, after=after, **level)
        self._schema_of(mine.resolved(), theirs.resolved())

    def _same(self, mine: Place, theirs: Place) -> None:
        old, new = mine.resolved(), theirs.resolved()
        self._findings.align(mine.at, theirs.at, theirs.document)
        self._findings.align(old.at, new.at, theirs.document)
        keys = ("$ref", "name", "in", "required")
        for before, after in ((mine.at, theirs.at), (old.at, new.at)):
            self._findings.judge(*keys, old=before, new=after)
        name = str(new.value.get("name"))
        if old.value.get("name") != name:
            values = {"before": old.value.get("name"), "after": name, "path": (name,)}
            self._add("path-parameter-renamed", (*new.at, "name"), **values)
        was, now = bool(old.value.get("required")), bool(new.value.get("required"))
        if was != now:
            kind = "now-required" if now else "now-optional"
            self._parameter(kind, theirs, before=was, after=now)
        self._schema_of(old, new)

    def _schema_of(self, old: Place, new: Place) -> None:
        if "schema" in old.value and "schema" in new.value:
            name = str(new.value["name"])
            self._request.compare(old.child("schema"), new.child("schema"), (name,))

    # Bodies

    def _request_body(self) -> None:
        old, new = _body(self._mine), _body(self._theirs)
        if old is None or new is None:
            if (present := old or new) is not None:
                self._one_sided(present, gone=new is None)
            return
        self._findings.judge("$ref", old=(*self._mine.at, "requestBody"))
        self._findings.judge("$ref", new=(*self._theirs.at, "requestBody"))
        self._findings.judge("required", old=old.at, new=new.at)
        was, now = bool(old.value.get("required")), bool(new.value.get("required"))
        if was != now:
            kind = "now-required" if now else "now-optional"
            self._add(f"request-body-{kind}", new.at, side="request", before=was, after=now)
        self._findings.align(old.at, new.at, new.document)
        self._contents(self._request, old, new)

    def _one_sided(self, body: Place, gone: bool) -> None:
        if gone:
            self._findings.judge("requestBody", old=self._mine.at)
            self._add("request-body-removed", body.at, side="request")
        else:
            self._findings.judge("requestBody", new=self._theirs.at)
            kind = "required-added" if body.value.get("required") else "added"
            self._add(f"request-body-{kind}", body.at, side="request")

    def _contents(self, side: Comparison, old: Place, new: Place) -> None:
        """The media types of a body; one that says the same as another is not compared again."""
        mine, theirs = (
            {
                str(place.at[-1]): place
                for place in body.children("content")
                if isinstance(place.value, dict)
            }
            for body in (old, new)
        )
        for name, place in mine.items():
            if name not in theirs:
                self._findings.judge(old=place.at)
        for name, place in theirs.items():
            if name not in mine:
                self._findings.judge(new=place.at)
        details = {"side": side.side}
        if bool(mine) != bool(theirs):
            kind = "added" if theirs else "removed"
            self._add(f"{side.side}-body-{kind}", new.at, **details)
        if not mine or not theirs:
            return
        for name in [n for n in mine if n not in theirs]:
            at = mine[name].at
            self._add(f"{side.side}-media-type-removed", at, path=(name,), before=name, **details)
        for name in [n for n in theirs if n not in mine]:
            at = theirs[name].at
            self._add(f"{side.side}-media-type-added", at, path=(name,), after=name, **details)
        pairs = [(mine[name], theirs[name]) for name in mine if name in theirs]
        if not pairs:  # nothing is lost from sight because the media type is another
            pairs = [(next(iter(mine.values())), next(iter(theirs.values())))]
        said: set[tuple[Any, Any]] = set()
        for before, after in pairs:
            present = ["schema" in place.value for place in (before, after)]
            if not all(present):
                if any(present):
                    self._findings.judge("schema", old=before.at, new=after.at)
                    kind = "removed" if present[0] else "added"
                    self._add(f"{side.side}-body-{kind}", after.at, **details)
                continue
            schemas = (before.child("schema"), after.child("schema"))
            meant = (schemas[0].resolved().at, schemas[1].resolved().at)
            if meant in said:
                self._findings.judge("$ref", old=schemas[0].at, new=schemas[1].at)
                continue
            said.add(meant)
            side.bodies(*schemas)

    # Answers

    def _responses(self) -> None:
        old, new = _responses(self._mine), _responses(self._theirs)
        gone = [status for status in old if status not in new]
        added = [status for status in new if status not in old]
        lost = [status for status in gone if _is_success(status)]
        came = [status for status in added if _is_success(status)]
        at = _place(self._mine, self._theirs, "responses")
        if lost:
            values = {"before": sorted(filter(_is_success, old)), "side": "response"}
            values |= {"after": sorted(filter(_is_success, new))}
            self._add("success-status-changed", at, **values)
        for status in gone:
            self._findings.judge(old=(*self._mine.at, "responses", status))
            if status not in lost:
                self._add("error-status-removed", old[status].at, before=status, side="response")
        for status in added:
            self._findings.judge(new=(*self._theirs.at, "responses", status))
            if not _is_success(status):
                self._add("error-status-added", new[status].at, after=status, side="response")
            elif not lost:
                self._add("success-status-added", new[status].at, after=status, side="response")
        pairs = [(status, status) for status in old if status in new]
        for before, after in [*pairs, *zip(lost, came, strict=False)]:
            self._findings.judge("$ref", old=(*self._mine.at, "responses", before))
            self._findings.judge("$ref", new=(*self._theirs.at, "responses", after))
            self._findings.align(old[before].at, new[after].at, new[after].document)
            self._contents(self._response, old[before], new[after])


def _parameters(operation: Place) -> dict[tuple[str, Any], Place]:
    """By place and name; those in the path by the order in which the path has them."""
    order = re.findall(r"\{([^}]*)\}", str(operation.at[1]))
    item = Place(operation.document, (), operation.document).child(*operation.at[:2])
    found: dict[tuple[str, Any], Place] = {}
    for place in [*item.children("parameters"), *operation.children("parameters")]:
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
    return View(parameter.child("schema")).types if "schema" in parameter.value else None


def _body(operation: Place) -> Place | None:
    body = operation.child("requestBody").resolved() if "requestBody" in operation.value else None
    return body if body is not None and isinstance(body.value, dict) else None


def _responses(operation: Place) -> dict[str, Place]:
    found = {str(p.at[-1]): p.resolved() for p in operation.children("responses")}
    return {status: place for status, place in found.items() if isinstance(place.value, dict)}


def _is_success(status: str) -> bool:
    return status.startswith("2")
