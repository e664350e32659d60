"""Which names and results are taken in this process, so that no launch is reported as another."""

import threading
from functools import cache

from attrs import frozen

from cekura_client.core.recovery import may_be_same


@frozen
class _Unsettled:
    name: str
    agent: int | None


class Claims:
    """The launches of this process that were given a name; such a name may be given again.

    A launch whose answer was lost is looked up by its name. If another launch of the same name is
    unsettled as well, a result of that name could be either's; and a result that was reported once
    is nobody else's. What other processes know stands in the record they share, if they do.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unsettled: dict[str, _Unsettled] = {}
        self._owners: dict[int, str] = {}

    def begin(self, token: str, name: str, agent: int | None) -> None:
        """A launch of this name is about to be sent, or is looked up."""
        with self._lock:
            self._unsettled[token] = _Unsettled(name, agent)

    def settle(self, token: str, result_id: int | None) -> None:
        """What became of it is known: it was accepted as this result, or nothing was started."""
        with self._lock:
            self._unsettled.pop(token, None)
            if result_id is not None:
                self._owners[result_id] = token

    def rivals(self, token: str, name: str, agent: int | None) -> bool:
        """Whether another unsettled launch could have made the same result."""
        with self._lock:
            return any(
                other != token and held.name == name and may_be_same(agent, held.agent)
                for other, held in self._unsettled.items()
            )

    def taken(self, result_id: int, token: str) -> bool:
        """Whether a result has been reported as another launch's, or this launch as another result."""
        with self._lock:
            owner = self._owners.get(result_id)
            return owner not in (token, None) or (owner is None and token in self._owners.values())


@cache
def claims_for(base_url: str) -> Claims:
    """The claims that all clients of one address share."""
    return Claims()
