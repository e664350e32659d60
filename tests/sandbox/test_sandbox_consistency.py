"""Whatever is scripted and whenever somebody looks, a result does not contradict itself."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client.sandbox import Agent, Outcome, Project, Sandbox, Scenario, Script, State
from cekura_client.sandbox.api import answers
from cekura_client.sandbox.world.launch import Launch
from cekura_client.sandbox.world.results import Pace, World
from cekura_client.sandbox.world.state import Catalogue
from tests.sandbox.support import ENDED, Clock, check_counts, check_lists

SCRIPTS = st.builds(
    Script,
    outcome=st.sampled_from(Outcome),
    chances=st.none() | st.just({Outcome.PASSED: 1.0, Outcome.FAILED: 1.0, Outcome.TIMEOUT: 1.0}),
    score_delay=st.none() | st.sampled_from([0.0, 5.0, 100.0]),
    passes_through=st.none() | st.sampled_from(["under_review", "scaling_up", "running"]),
    turns=st.just(2),
)
LAUNCHES = st.builds(
    lambda scenarios, frequency, personalities, concurrency: Launch(
        kind="Voice",
        by_phone=True,
        as_text=False,
        agent=12,
        project=1,
        name="",
        scenarios=tuple(scenarios),
        frequency=frequency,
        personalities=tuple(personalities),
        profiles=(None,),
        concurrency=concurrency,
        settings={},
    ),
    st.lists(st.integers(0, 4), min_size=1, max_size=5),
    st.integers(1, 3),
    st.sampled_from([(None,), (1, 2)]),
    st.none() | st.integers(1, 3),
)


@given(
    scripts=st.lists(SCRIPTS, min_size=5, max_size=5),
    launches=st.lists(LAUNCHES, min_size=1, max_size=3),
    pace=st.builds(
        Pace, st.sampled_from([0.0, 1.0, 10.0]), st.sampled_from([0.0, 7.0]), st.booleans()
    ),
    places=st.none() | st.integers(1, 4),
    seed=st.integers(0, 3),
    steps=st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.5, 1.0, 9.0, 10.0, 60.0]), st.sampled_from(["look", "end"])
        ),
        min_size=1,
        max_size=12,
    ),
)
def test_counts_statuses_and_runs_agree(
    scripts: list[Script],
    launches: list[Launch],
    pace: Pace,
    places: int | None,
    seed: int,
    steps: list[tuple[float, str]],
) -> None:
    """In full and in the list, at every moment; what has ended stays as it is."""
    clock = Clock()
    scenarios = tuple(Scenario(n or 9, ends=s) for n, s in enumerate(scripts))
    state = State(
        projects=(Project(1, agents=(Agent(12, scenarios=scenarios),)),), concurrency=places
    )
    names = Catalogue(state)
    world = World(names, endings={}, pace=pace, seed=seed, clock=clock)
    results = [world.create(launch) for launch in launches]
    ended: dict[int, Any] = {}
    for (seconds, action), number in zip(steps, count(), strict=False):
        clock.now += seconds
        result = results[number % len(results)]
        if action == "end" and number > 2:
            world.end_calls(result)
        now = world.look(result)
        full = answers.full(result, now, names, in_v1=False)
        summary = answers.summary(result, now, names)
        runs = list(full["runs"].values())
        assert len(runs) == len({run["id"] for run in runs}) == len(result.runs)
        check_counts(full, runs)
        check_counts(summary, summary["runs"])
        check_lists(full)
        counts = [name for name in full if name.endswith("_count")]
        assert {n: full[n] for n in ("status", *counts)} == {
            n: summary[n] for n in ("status", *counts)
        }
        told = [full[f"{name}_runs_count"] for name in ("success", "failed")]
        assert sum(told) <= full["total_runs_count"]
        if full["status"] == "completed":
            assert any(run["status"] == "completed" for run in runs)
        for run in runs:
            assert ended.get(run["id"], run["status"]) == run["status"]
            if run["status"] in ENDED:
                ended[run["id"]] = run["status"]


@pytest.mark.parametrize("status", sorted(ENDED))
def test_a_run_does_not_pass_through_an_end(status: str) -> None:
    """It would end twice."""
    with pytest.raises(ValueError, match="must not be an end status"):
        Sandbox(outcomes={101: Script(passes_through=status)})
