"""Finding a launch again whose answer was lost, by the name of its result."""

import math
from datetime import UTC, datetime
from typing import Any

from attrs import field, frozen

from cekura_client.core.errors import CekuraError
from cekura_client.core.lenient import integer, text
from cekura_client.core.texts import printable

# Seconds by which a start time may be off, if the machine that says what time it is and the one that
# writes down the start do not quite agree; and this machine's clock, where the server says no time.
_TOLERANCE, _AGREEING = 0.5, 2.0


def unique_name(token: str, now: float) -> str:
    """A name for a launch that was given none: no other result has it.

    Args:
        token: Unique text.
        now: Seconds since 1970, for whoever reads the name on the dashboard.
    """
    return f"cekura-client {datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M:%S}Z {token}"


@frozen
class Candidate:
    """A result that has the name of a launch whose answer was lost.

    Attributes:
        result_id: Its id.
        name: Its name, to the letter.
        agent: Id of its agent; None where the list does not say.
        created_at: When it was created, in seconds since 1970 by the server's clock; None where the
            list does not say.
        runs: How many runs it has; None where the list does not say.
        scenarios: Ids of its scenarios; None where the list does not say.
        raw: What the list shows of it.
    """

    result_id: int
    name: str
    agent: int | None
    created_at: float | None
    runs: int | None
    scenarios: frozenset[int] | None
    raw: dict[str, Any] = field(repr=False)

    @property
    def in_whole_seconds(self) -> bool:
        """Whether the time of creation was cut to the second."""
        return "." not in text(self.raw.get("created_at"))

    def __str__(self) -> str:
        when = printable(text(self.raw.get("created_at")))[:40]
        return f"{self.result_id} of {when}" if when else f"{self.result_id}"


class LaunchOutcomeUnknownError(CekuraError):
    """The launch was sent but its answer never came or cannot be read.

    It may be running and may be billed. It is never sent again by this library; find out whether
    it was accepted (on the dashboard, or in the list of results) before you launch again.

    Attributes:
        sent: The body of the launch, as sent.
        name: The name by which its result can be looked up; None for a websocket launch.
        candidates: The results of that name that were found, if it was not exactly one that fits.
        status_code: The status of the answer, if there was one.
        body: The bytes of the answer, if there were any.
    """

    def __init__(
        self,
        message: str,
        *,
        sent: bytes = b"",
        name: str | None = None,
        candidates: tuple[Candidate, ...] = (),
        status_code: int | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.sent = sent
        self.name = name
        self.candidates = candidates
        self.status_code = status_code
        self.body = body


@frozen
class LostLaunch:
    """What is known of a launch whose answer was lost.

    Attributes:
        name: As it was sent.
        own_name: Whether the name was made here and so belongs to no other result.
        agent: Id of the agent that was asked for, if one was.
        began: Before it was sent, in seconds since 1970 by this machine's clock.
        ended: When the last attempt to send it had certainly ended, by the same clock.
        runs: How many runs it asked for; None where only the server knows.
        scenarios: Ids of the scenarios that it asked for; None where only the server knows.
    """

    name: str
    own_name: bool
    agent: int | None
    began: float
    ended: float
    runs: int | None = None
    scenarios: frozenset[int] | None = None

    def has_all_runs(self, candidate: Candidate) -> bool:
        """Whether a result that fits shows as many runs as were asked for, where both are known."""
        return self.own_name or not _differ(self.runs, candidate.runs)

    def fits(self, candidate: Candidate, clock: "ServerClock") -> bool:
        """Whether a result can be this launch.

        The agent must be the same, where both are known. A name that somebody gave may stand on
        other results as well, so there the scenarios and the number of runs must agree, too, and it
        must have been created while the launch was being sent.
        """
        if candidate.name != self.name:
            return False
        if _differ(self.agent, candidate.agent):
            return False
        if self.own_name:
            return True
        if _differ(self.scenarios, candidate.scenarios):
            return False
        # Fewer may be on their way: a new result is listed before its runs are.
        if self.runs is not None and candidate.runs is not None and candidate.runs > self.runs:
            return False
        created, skew = candidate.created_at, clock.skew
        if created is None or skew is None:
            return False
        until = created + (1 if candidate.in_whole_seconds else 0)
        least, most = self.began + skew.least, self.ended + skew.most
        return least - _TOLERANCE <= until and created <= most + _TOLERANCE


@frozen
class ClockSkew:
    """By how many seconds the server's clock is ahead of this machine's: between these two."""

    least: float
    most: float


class ServerClock:
    """By how many seconds the server's clock is ahead of this machine's, as its answers show.

    A `Date` is cut to the second, some servers renew it only once a second, and it was made at some
    time between sending and receiving. A cached one is told by an `Age`, or by standing still. Only
    where no answer has a `Date` are the clocks taken to agree.
    """

    def __init__(self) -> None:
        self._dates: set[float] = set()
        self._dated = False
        self._skew = ClockSkew(-math.inf, math.inf)

    def observe(self, date: float | None, *, cached: bool, sent: float, received: float) -> None:
        """Take in an answer.

        Args:
            date: Its `Date`, in seconds since 1970; None where it has none.
            cached: Whether it has an `Age`, so that the date is that of an earlier answer.
            sent: When the request was sent, by this machine's clock.
            received: When the answer was there.
        """
        self._dated = self._dated or date is not None
        if date is not None and not cached:
            self._dates.add(date)
            self._skew = ClockSkew(
                max(self._skew.least, date - received), min(self._skew.most, date + 2 - sent)
            )

    @property
    def skew(self) -> ClockSkew | None:
        """What all dates allow; None while that is not known."""
        if not self._dated:
            return ClockSkew(-_AGREEING, _AGREEING)
        known = len(self._dates) > 1 and self._skew.least <= self._skew.most
        return self._skew if known else None


def may_be_same(agent: int | None, other: int | None) -> bool:
    """Whether two launches can have the same agent; one that names none can have any."""
    return None in (agent, other) or agent == other


def _differ(one: object, other: object) -> bool:
    """Whether two things are known and not the same."""
    return one is not None and other is not None and one != other


def candidates(page: dict[str, Any], name: str) -> list[Candidate]:
    """The results on a page of the list that have exactly this name; the search is less exact."""
    results = page.get("results")
    found: list[Candidate] = []
    for entry in results if isinstance(results, list) else []:
        if not isinstance(entry, dict) or text(entry.get("name")) != name:
            continue
        agent = entry.get("agent")
        result_id = integer(entry.get("id"))
        if (
            result_id is not None
            and result_id > 0
            and result_id not in {c.result_id for c in found}
        ):
            found.append(
                Candidate(
                    result_id=result_id,
                    name=name,
                    agent=integer(agent.get("id") if isinstance(agent, dict) else agent),
                    created_at=_seconds(entry.get("created_at")),
                    runs=integer(entry.get("total_runs_count")),
                    scenarios=_ids(entry.get("scenarios")),
                    raw=entry,
                )
            )
    return found


def _ids(value: Any) -> frozenset[int] | None:
    if not isinstance(value, list):
        return None
    ids = [integer(item.get("id") if isinstance(item, dict) else item) for item in value]
    return frozenset(i for i in ids if i is not None) if None not in ids and ids else None


def _seconds(value: Any) -> float | None:
    try:
        date = datetime.fromisoformat(text(value))
        # Without a zone it is taken for UTC, as the documented examples are.
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
