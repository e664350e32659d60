"""The log of requests: how each was answered, and what it launched and billed."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cekura_client.sandbox.world.shown import HIDDEN, shown

MOST = 10_000  # requests that are kept; older ones are forgotten, so that memory has a bound


@dataclass(frozen=True, repr=False)
class Received:
    """A request without its headers, and its outcome. Its repr hides credentials.

    Attributes:
        query: the parameters; of duplicates, the last.
        body: the decoded JSON; None if there was none.
        operation: the name of the operation; None if the published document has none.
        status: of the answer; None if a fault prevented the answer.
        refusal: the body of a 400, which says what was wrong with the request.
        result_id: the result that it launched, even if a fault prevented the answer.
        runs: the number of runs that it launched, each billed.
        fault: the fault that was applied to it.
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
        """Its fields without possible secrets; see `shown`."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        hidden = None if self.body is None else HIDDEN
        body = shown(self.body) if isinstance(self.body, dict) else hidden
        return {**known, "query": shown(self.query), "body": body}

    def __repr__(self) -> str:
        return f"Received({', '.join(f'{k}={v!r}' for k, v in self.shown().items())})"


class Journal:
    """The latest requests, and how many launches and runs there were."""

    def __init__(self) -> None:
        self.requests: deque[Received] = deque(maxlen=MOST)
        self.launches = 0
        self.runs = 0

    def add(self, received: Received) -> None:
        """Log a request once its outcome is known."""
        self.requests.append(received)
        self.launches += received.result_id is not None
        self.runs += received.runs
