"""The other side: an account whose server executes launches, and answers as badly as servers do.

`Server.execute` and `Server.answer` know the truth; what reaches the client is made by `fates.py`.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.simulate.choices import Choices

# Runs as an answer lists them, though what happened is something else. The first is the truth.
HONEST = "honest"
SHORT = "lists fewer runs than it counts"
SHORT_COUNTED = "lists and counts fewer runs than were planned"
TWICE = "lists one run twice and leaves one out"
NONE_YET = "completed, and lists its runs later"
RUNNING = "completed, and a run still in progress"
CONTRADICTION = "counts failures that no listed run has"
UNSCORED = "completed, and scores follow later"
LISTINGS = (
    (60, HONEST),
    (6, SHORT),
    (6, SHORT_COUNTED),
    (6, TWICE),
    (6, NONE_YET),
    (5, RUNNING),
    (6, CONTRADICTION),
    (5, UNSCORED),
)
# Fields that the list of results may lack, from which a client could tell results apart.
TELLING = ("agent", "scenarios", "total_runs_count", "created_at")


@dataclass
class Stored:
    """A result, as it truly is.

    Attributes:
        id: Its id.
        call: The number of the call that launched it; None for a rival's.
        created: When, on the clock of the world.
        listed: From when on the list shows it.
        ends: When its runs have ended.
        passing: Of each run that was planned, whether it passes.
        listing: How its answers list the runs.
        calls_ended: Whether its calls were ended before they were over.
        end_requests: How often that was asked for.
    """

    id: int
    call: int | None
    name: str
    agent: int | None
    scenarios: tuple[int, ...]
    created: float
    listed: float
    ends: float
    passing: tuple[bool, ...]
    listing: str
    calls_ended: bool = False
    end_requests: int = 0

    def passed(self, now: float) -> bool:
        """Whether every run that was planned has ended and passed."""
        return now >= self.ends and not self.calls_ended and all(self.passing)


class Habits:
    """What is true of the server throughout a story.

    Attributes:
        skew: Seconds by which its clock is ahead.
        lag: Seconds until a new result is listed.
        cached: Seconds for which the list comes from a cache.
        behind: Whether that still gives the old page while it takes the new one.
        silent: The field that its list lacks.
        dates: How it writes `created_at`.
    """

    def __init__(self, choices: Choices) -> None:
        self.skew = choices.weighted([(5, 0.0), (1, -30.0), (1, 40.0), (1, 7200.0)])
        self.lag = choices.weighted([(4, 0.0), (2, 3.0), (1, 20.0), (1, 300.0)])
        self.cached = choices.weighted([(6, 0.0), (1, 5.0), (1, 60.0)])
        self.behind = choices.happens(50)
        self.silent = choices.weighted([(12, None), *((1, name) for name in TELLING)])
        self.dates = choices.pick(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.900000+00:00"])
        self.agent_as_object = choices.happens(30)


@dataclass
class Server:
    """The account: its results, and what it says of them when nothing goes wrong."""

    habits: Habits
    now: Callable[[], float]
    results: dict[int, Stored] = field(default_factory=dict[int, Stored])
    _cache: dict[str, tuple[float, bytes]] = field(default_factory=dict[str, tuple[float, bytes]])

    def execute(self, body: Mapping[str, Any], call: int | None, choices: Choices) -> Stored:
        """Start the runs of a launch."""
        scenarios = tuple(
            entry["scenario"] if isinstance(entry, dict) else entry
            for entry in body.get("scenarios", [101, 102])  # those with the tag
        )
        runs = len(scenarios) * int(body.get("frequency", 1))
        now = self.now()
        stored = Stored(
            id=71 + len(self.results),
            call=call,
            name=body.get("name", "websocket run"),
            agent=body.get("agent_id", body.get("agent")),
            scenarios=scenarios,
            created=now,
            listed=now + self.habits.lag,
            ends=now + choices.pick([10, 1, 60, 400]),
            passing=tuple(not choices.happens(25) for _ in range(runs)),
            listing=choices.weighted(LISTINGS),
        )
        self.results[stored.id] = stored
        return stored

    def date(self, made: float) -> str:
        """The header of an answer that was made at this moment."""
        clock = time.gmtime(made + self.habits.skew)
        return time.strftime("%a, %d %b %Y %H:%M:%S GMT", clock)

    def shown(self, stored: Stored) -> dict[str, Any]:
        """A result as its own address shows it."""
        now, listing = self.now(), stored.listing
        over = now >= stored.ends
        runs: list[dict[str, Any]] = [
            {
                "id": 1000 * stored.id + number,
                "scenario": stored.scenarios[number % len(stored.scenarios)],
                "status": "completed" if over else "in_progress",
                "success": passes if over else None,
            }
            for number, passes in enumerate(stored.passing)
        ]
        counted = len(runs)
        hidden = next((n for n, passes in enumerate(stored.passing) if not passes), 0)
        failed = sum(not passes for passes in stored.passing)
        if over and listing in (SHORT, SHORT_COUNTED, TWICE):
            del runs[hidden]
            if listing == TWICE:
                runs += runs[:1]
            if listing == SHORT_COUNTED:
                counted, failed = counted - 1, sum(not run["success"] for run in runs)
        elif over and listing == CONTRADICTION and failed:
            runs = [{**run, "status": "completed", "success": True} for run in runs]
        elif stored.ends <= now < stored.ends + 20:
            if listing == NONE_YET:
                runs = []
            elif listing == RUNNING:
                runs[hidden].update(status="in_progress", success=None)
            elif listing == UNSCORED:
                runs = [{**run, "success": None} for run in runs]
        agent = {"id": stored.agent, "name": "x"} if self.habits.agent_as_object else stored.agent
        return {
            "id": stored.id,
            "name": stored.name,
            "agent": agent,
            "status": "cancelled" if stored.calls_ended else "completed" if over else "in_progress",
            "total_runs_count": counted,
            "completed_runs_count": counted if over else 0,
            "success_runs_count": counted - failed if over else 0,
            "failed_runs_count": failed if over else 0,
            "runs": runs,
            "scenarios": [{"id": scenario, "name": "x"} for scenario in stored.scenarios],
            "created_at": time.strftime(
                self.habits.dates, time.gmtime(stored.created + self.habits.skew)
            ),
        }

    def page(self, address: str, params: Mapping[str, str], fresh: bool) -> tuple[float, bytes]:
        """A page of the list of results, and when it was made: caches give it again for a while."""
        now = self.now()
        made, body = known = self._cache.get(address, (-1e9, b""))
        if fresh or now - made >= self.habits.cached:
            found = [
                {key: v for key, v in self.shown(stored).items() if key != self.habits.silent}
                for stored in reversed(self.results.values())
                if stored.listed <= now
                and params.get("search", "") in stored.name
                and params.get("agent_id", str(stored.agent)) == str(stored.agent)
            ]
            page = {"count": len(found), "next": None, "previous": None, "results": found}
            made, body = self._cache[address] = now, json.dumps(page).encode()
            if self.habits.behind and not fresh and self.habits.cached and known[1]:
                return known
        return made, body
