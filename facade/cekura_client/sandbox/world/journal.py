"""What came in: every request, how it was judged, what it launched and billed."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST = 10_000  # requests that are kept; older ones are forgotten, so that memory has a bound


@dataclass(frozen=True)
class Received:
    """A request, without its headers, and what became of it.

    Attributes:
        body: the decoded JSON or form; None where there was none. Of a repeated query parameter,
            `query` has the last.
        operation: the id of the operation in the published document; None if there is none.
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
