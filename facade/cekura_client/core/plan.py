"""How many runs a launch will start, as far as that can be known before it is sent."""

from attrs import frozen

from cekura_client.errors import RunLimitError


@frozen
class RunPlan:
    """The factors that make up the number of runs; every run is billed.

    Attributes:
        scenarios: How many evaluators, or None where only the server knows: with tags, a folder,
            a number N, or "all".
        frequency: How often each of them runs.
        personalities: By how many personalities that is multiplied.
        test_profiles: By how many test profiles that is multiplied.
        at_most: Whether `scenarios` is only an upper bound: the first N of an agent that may have
            fewer.
    """

    scenarios: int | None
    frequency: int = 1
    personalities: int = 1
    test_profiles: int = 1
    at_most: bool = False

    @property
    def runs(self) -> int | None:
        """The number of runs, with `at_most` an upper bound; None where only the server knows."""
        if self.scenarios is None:
            return None
        return self.scenarios * self.frequency * self.personalities * self.test_profiles

    def __str__(self) -> str:
        factors = [
            (self.scenarios, "scenario"),
            (self.frequency, "repetition"),
            (self.personalities, "personality"),
            (self.test_profiles, "test profile"),
        ]
        shown = [_counted(*factor) for factor in factors[:2]]
        shown += [_counted(*factor) for factor in factors[2:] if factor[0] != 1]
        total = "an unknown number of runs" if self.runs is None else _counted(self.runs, "run")
        return f"{' × '.join(shown)} = {total}"


def _counted(number: int | None, noun: str) -> str:
    if number is None:
        return f"as many {noun}s as the server finds"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else plural}"


def refuse_above(plan: RunPlan, max_runs: int) -> None:
    """Hold a plan against the number of runs that the caller is ready to pay for.

    Raises:
        RunLimitError: more runs than that, or an unknown number.
    """
    if plan.runs is None:
        raise RunLimitError(
            f"max_runs={max_runs} cannot be kept: {plan}. Give `scenarios` as a list of ids, or "
            "leave max_runs out",
            plan=plan,
        )
    if plan.runs > max_runs:
        raise RunLimitError(
            f"max_runs={max_runs} but this launch is {plan}. Raise max_runs, or give fewer "
            "scenarios or a lower frequency",
            plan=plan,
        )
