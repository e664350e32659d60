"""Finding a launch again whose answer was lost, by the name of its result."""

from datetime import UTC, datetime
from typing import Any

from attrs import field, frozen

from cekura_client.core.coercion import integer, text

# Operations whose request has a name; the result carries it. A websocket launch has none.
NAMED = frozenset({"run_voice", "run_vapi_webrtc"})

# Seconds by which a start time may be off, if the server that says what time it is and the one that
# writes down the start do not quite agree.
_TOLERANCE = 2.0


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

    def __str__(self) -> str:
        when = text(self.raw.get("created_at"))[:40]
        return f"{self.result_id} of {when}" if when else f"{self.result_id}"


@frozen
class Sought:
    """What is known of a launch whose answer was lost.

    Attributes:
        name: As it was sent.
        own_name: Whether the name was made here and so belongs to no other result.
        agent: Id of the agent that was asked for, if one was.
        began: When it was sent, in seconds since 1970 by this machine's clock.
        runs: How many runs it asked for; None where only the server knows.
        scenarios: Ids of the scenarios that it asked for; None where only the server knows.
    """

    name: str
    own_name: bool
    agent: int | None
    began: float
    runs: int | None = None
    scenarios: frozenset[int] | None = None

    def fits(self, candidate: Candidate, ahead: float) -> bool:
        """Whether a result can be this launch.

        The agent must be the same, where both are known. A name that somebody gave may stand on
        other results as well, so there the start time, the scenarios and the number of runs must
        agree, too.

        Args:
            candidate: A result with the same name.
            ahead: By how many seconds the server's clock is ahead of this machine's.
        """
        if candidate.name != self.name:
            return False
        if _differ(self.agent, candidate.agent):
            return False
        if self.own_name:
            return True
        if _differ(self.runs, candidate.runs) or _differ(self.scenarios, candidate.scenarios):
            return False
        started = candidate.created_at
        return started is not None and started >= self.began + ahead - _TOLERANCE


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
        if result_id is not None:
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
    from dateutil import parser as dates  # slow to import, and rarely needed

    try:
        date = dates.isoparse(value) if isinstance(value, str) else None
        if date is None:
            return None
        # Without a zone it is taken for UTC, as the documented examples are.
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
