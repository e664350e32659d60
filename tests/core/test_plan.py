import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client import RunLimitError, RunPlan
from cekura_client.core.launch_kinds import KINDS
from cekura_client.core.plan import refuse_above

_ids = st.lists(st.integers(min_value=1), min_size=1, max_size=5, unique=True)


@given(_ids, st.integers(1, 2000), st.none() | _ids, st.none() | _ids)
def test_the_number_of_voice_runs_is_the_published_formula(
    scenarios: list[int],
    frequency: int,
    personalities: list[int] | None,
    profiles: list[int] | None,
) -> None:
    """scenarios x frequency x max(1, personalities) x max(1, test profiles)."""
    given_fields: dict[str, object] = {"scenarios": scenarios, "frequency": frequency}
    if personalities is not None:
        given_fields["personality_ids"] = personalities
    if profiles is not None:
        given_fields["test_profile_ids"] = profiles
    plan = KINDS["run_voice"].check(given_fields).plan
    assert plan.runs == (
        len(scenarios) * frequency * max(1, len(personalities or ())) * max(1, len(profiles or ()))
    )


@pytest.mark.parametrize(
    ("plan", "shown"),
    [
        (RunPlan(3, 2), "3 scenarios × 2 repetitions = 6 runs"),
        (RunPlan(1, 1), "1 scenario × 1 repetition = 1 run"),
        (
            RunPlan(1, 2, 2, 2),
            "1 scenario × 2 repetitions × 2 personalities × 2 test profiles = 8 runs",
        ),
        (
            RunPlan(None, 3),
            "all matching scenarios × 3 repetitions = an unknown number of runs",
        ),
        (
            RunPlan(5, 2, at_most=True),
            "at most 5 scenarios × 2 repetitions = at most 10 runs",
        ),
    ],
)
def test_a_plan_reads_as_its_calculation(plan: RunPlan, shown: str) -> None:
    """A person sees where the number comes from."""
    assert str(plan) == shown


def test_more_runs_than_allowed_are_refused_with_the_calculation() -> None:
    """The error shows limit and plan, and carries the plan."""
    with pytest.raises(RunLimitError, match=r"max_runs=5, .* 3 scenarios × 2 repetitions = 6") as e:
        refuse_above(RunPlan(3, 2), 5)
    assert e.value.plan == RunPlan(3, 2)


def test_the_limit_itself_is_allowed() -> None:
    """max_runs=6 lets six runs through."""
    refuse_above(RunPlan(3, 2), 6)


def test_an_unknown_number_is_refused_rather_than_pretended() -> None:
    """With a selector that only the server can count, a limit cannot be kept."""
    with pytest.raises(RunLimitError, match="cannot be enforced: only the server knows"):
        refuse_above(RunPlan(None), 1_000_000)


@pytest.mark.parametrize("operation", KINDS)
@given(data=st.data())
def test_what_multiplies_runs_is_counted(operation: str, data: st.DataObject) -> None:
    """The first N are an upper bound, and `max_runs` holds for it as for any number."""
    if "first" not in KINDS[operation].arguments:
        return
    first, frequency = data.draw(st.integers(1, 50)), data.draw(st.integers(1, 50))
    given_fields = {"agent_id": 1, "first": first, "frequency": frequency}
    plan = KINDS[operation].check({**given_fields, "max_runs": first * frequency}).plan
    assert (plan.runs, plan.at_most) == (first * frequency, True)
    if first * frequency > 1:
        with pytest.raises(RunLimitError, match="at most"):
            KINDS[operation].check({**given_fields, "max_runs": first * frequency - 1})
