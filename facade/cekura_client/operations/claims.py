"""Which names and results are taken, so that no launch is reported as another."""

import threading
from collections import Counter


class Claims:
    """The launches of one client that were given a name; such a name may be given again.

    A launch whose answer was lost is looked up by its name. If another launch of the same name is
    unsettled as well, a result of that name could be either's; and a result that was reported once
    is nobody else's.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unsettled: Counter[str] = Counter()
        self._taken: set[int] = set()

    def begin(self, name: str) -> None:
        """A launch of this name is about to be sent."""
        with self._lock:
            self._unsettled[name] += 1

    def settle(self, name: str, result_id: int | None) -> None:
        """What became of it is known, or given up."""
        with self._lock:
            self._unsettled[name] -= 1
            if result_id is not None:
                self._taken.add(result_id)

    def alone(self, name: str) -> bool:
        """Whether no other launch of this name is unsettled."""
        with self._lock:
            return self._unsettled[name] <= 1

    def taken(self, result_id: int) -> bool:
        """Whether a result has been reported as another launch's."""
        with self._lock:
            return result_id in self._taken
