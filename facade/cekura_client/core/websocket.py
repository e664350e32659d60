"""The scenarios of a websocket launch: each may carry an address of its own."""

from collections import Counter
from collections.abc import Iterable, Mapping
from reprlib import repr as shortened
from urllib.parse import SplitResult, urlsplit

from attrs import asdict, field, frozen

from cekura_client.core.fields import items, positive
from cekura_client.errors import InvalidRequestError


def redacted(url: str | None) -> str | None:
    """An address without what may be secret in it: user, password, and the values of its query."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # what is no port may be anything
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "(not an address)"
    if parts.scheme not in ("ws", "wss", "http", "https") or not parts.hostname:
        return "(not an address)"
    user = "***@" if "@" in parts.netloc else ""
    # With a slash in a password, its rest looks like a path.
    path = "/***" if "@" in parts.path else parts.path
    query = "?***" if parts.query else ""
    return f"{parts.scheme}://{user}{host}{path}{query}"


def redacted_body(body: Mapping[str, object]) -> dict[str, object]:
    """The body of a launch with its websocket addresses redacted."""
    scenarios = body.get("scenarios")
    if not isinstance(scenarios, list):
        return dict(body)
    shown = [
        {**entry, "websocket_url": redacted(entry.get("websocket_url"))}
        if isinstance(entry, dict) and "websocket_url" in entry
        else entry
        for entry in scenarios
    ]
    return {**body, "scenarios": shown}


@frozen
class WebsocketScenario:
    """One scenario of `run_websocket`.

    Attributes:
        scenario: Id of the evaluator.
        websocket_url: ws:// or wss:// address for this scenario, instead of the agent's own. Shown
            without its credentials and the values of its query.
    """

    scenario: int
    websocket_url: str | None = field(default=None, repr=lambda url: repr(redacted(url)))


def websocket_scenarios(name: str, value: object) -> list[dict[str, object]]:
    """A non-empty list of `WebsocketScenario`, (id, url) pairs or mappings, as it is sent.

    The same scenario may stand there several times with different addresses.

    Raises:
        InvalidRequestError: names the entry; addresses are shown redacted.
    """
    example = '[(101, "wss://agent.example.com/chat")]'
    if isinstance(value, str | bytes | Mapping):
        # Before anything shows it: there may be an address in it.
        raise InvalidRequestError(
            f"{name} must be a list; got {type(value).__name__}; for example {name}={example}"
        )
    entries = [_entry(f"{name}[{index}]", item) for index, item in items(name, value, example)]
    for entry, times in Counter(entries).items():
        if times > 1:
            raise InvalidRequestError(
                f"{name} has {entry!r} more than once; to run scenarios several times use "
                "`frequency`"
            )
    return [asdict(entry, filter=lambda _, value: value is not None) for entry in entries]


def _entry(name: str, item: object) -> WebsocketScenario:
    scenario: object
    url: object
    if isinstance(item, WebsocketScenario):
        scenario, url = item.scenario, item.websocket_url
    elif isinstance(item, Mapping):
        fields = dict[object, object](item)
        if unknown := fields.keys() - {"scenario", "websocket_url"}:
            raise InvalidRequestError(
                f"{name} has the unknown keys {shortened(sorted(map(str, unknown)))}; known are "
                "'scenario' and 'websocket_url'"
            )
        scenario, url = fields.get("scenario"), fields.get("websocket_url")
    else:
        parts: list[object] = (
            list(item) if isinstance(item, Iterable) and not isinstance(item, str | bytes) else []
        )
        if len(parts) != 2:
            raise InvalidRequestError(
                f"{name} must be a WebsocketScenario, a pair (id, url) or a mapping with 'scenario' "
                f"and 'websocket_url'; got {type(item).__name__}"
            )
        scenario, url = parts
    if isinstance(scenario, str | bytes):
        raise InvalidRequestError(
            f"{name}.scenario must be a whole number from 1; got {type(scenario).__name__}; a pair "
            "is (id, url), in this order"
        )
    return WebsocketScenario(positive(f"{name}.scenario", scenario), _url(name, url))


def _url(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidRequestError(
            f"{name}.websocket_url must be text such as 'wss://agent.example.com/chat'; "
            f"got {type(value).__name__}"
        )
    if problem := _problem(value):
        raise InvalidRequestError(
            f"{name}.websocket_url {problem}; got {redacted(value)!r}; right would be "
            "'wss://agent.example.com/chat'"
        )
    return value


def _problem(url: str) -> str | None:
    if not url.isprintable() or " " in url:
        return "has a blank or a control character in it"
    try:
        parts: SplitResult = urlsplit(url)
        _ = parts.port
    except ValueError:  # whose text shows parts of the address
        return "is not an address: its host or its port cannot be read"
    if parts.scheme not in ("ws", "wss"):
        return "must begin with ws:// or wss://"
    return None if parts.hostname else "has no host"
