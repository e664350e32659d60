"""Which names and results are taken, so that no launch is reported as another."""

import threading
from collections import Counter
from functools import cache

# A name, and the agent where one was asked for.
Key = tuple[str, int | None]


class Claims:
    """The launches of this process that were given a name; such a name may be given again.

    A launch whose answer was lost is looked up by its name. If another launch of the same name is
    unsettled as well, a result of that name could be either's; and a result that was reported once
    is nobody else's. Of other processes nothing is known here.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unsettled: Counter[Key] = Counter()
        self._taken: set[int] = set()

    def begin(self, name: str, agent: int | None) -> None:
        """A launch of this name is about to be sent."""
        with self._lock:
            self._unsettled[name, agent] += 1

    def settle(self, name: str, agent: int | None, result_id: int | None) -> None:
        """What became of it is known: it was accepted as this result, or nothing was started."""
        with self._lock:
            self._unsettled[name, agent] -= 1
            self._unsettled += Counter()  # drops what is at zero
            if result_id is not None:
                self._taken.add(result_id)

    def alone(self, name: str, agent: int | None) -> bool:
        """Whether no other unsettled launch could have made the same result."""
        with self._lock:
            return (
                sum(
                    number
                    for (other, its_agent), number in self._unsettled.items()
                    if other == name and (None in (agent, its_agent) or agent == its_agent)
                )
                <= 1
            )

    def taken(self, result_id: int) -> bool:
        """Whether a result has been reported as another launch's."""
        with self._lock:
            return result_id in self._taken


@cache
def claims_for(base_url: str) -> Claims:
    """The claims that all clients of one address share."""
    return Claims()
