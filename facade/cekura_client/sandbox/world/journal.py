"""What came in: every request, how it was judged, what it launched and billed."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cekura_client.sandbox.world.shown import HIDDEN, shown

MOST = 10_000  # requests that are kept; older ones are forgotten, so that memory has a bound


@dataclass(frozen=True, repr=False)
class Received:
    """A request, without its headers, and what became of it. Its repr hides credentials.

    Attributes:
        query: of a parameter that is given more than once, the last.
        body: the decoded JSON; None where there was none.
        operation: the name of the operation; None if the published document has none.
        status: of the answer; None where a fault kept it from being sent.
        refusal: the body of an answer of 400: what was wrong with the request.
        result_id: the result that it launched, even if a fault kept the answer from being sent.
        runs: how many runs it launched, each of which is billed.
        fault: what was done to it on purpose.
    """

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    operation: str | None = None
    status: int | None = None
    refusal: Any = None
    result_id: int | None = None
    runs: int = 0
    fault: str | None = None

    def shown(self) -> dict[str, Any]:
        """Its fields as they may be shown to anybody; see `shown`."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        hidden = None if self.body is None else HIDDEN
        body = shown(self.body) if isinstance(self.body, dict) else hidden
        return {**known, "query": shown(self.query), "body": body}

    def __repr__(self) -> str:
        return f"Received({', '.join(f'{k}={v!r}' for k, v in self.shown().items())})"


class Journal:
    """The latest requests, and how many there were of each kind."""

    def __init__(self) -> None:
        self.requests: deque[Received] = deque(maxlen=MOST)
        self.launches = 0
        self.runs = 0

    def add(self, received: Received) -> None:
        """One more request, once it is clear what became of it."""
        self.requests.append(received)
        self.launches += received.result_id is not None
        self.runs += received.runs
