"""How many runs a launch will start, as far as that can be known before it is sent."""

from attrs import frozen

from cekura_client.core.errors import InvalidRequestError


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

    @property
    def total(self) -> str:
        """The number of runs in words."""
        if self.runs is None:
            return "an unknown number of runs"
        return f"{'at most ' if self.at_most else ''}{_counted(self.runs, 'run')}"

    def __str__(self) -> str:
        scenarios = "all matching scenarios"
        if self.scenarios is not None:
            scenarios = ("at most " if self.at_most else "") + _counted(self.scenarios, "scenario")
        factors = [scenarios, _counted(self.frequency, "repetition")]
        for number, noun in (
            (self.personalities, "personality"),
            (self.test_profiles, "test profile"),
        ):
            factors += [_counted(number, noun)] if number != 1 else []
        return f"{' × '.join(factors)} = {self.total}"


def _counted(number: int, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else plural}"


class RunLimitError(InvalidRequestError):
    """The launch would start more runs than `max_runs` allows, or nobody can say how many.

    Attributes:
        plan: How many runs it would be, where that is known.
    """

    def __init__(self, message: str, *, plan: RunPlan | None = None) -> None:
        super().__init__(message)
        self.plan = plan


def refuse_above(plan: RunPlan, max_runs: int) -> None:
    """Hold a plan against the number of runs that the caller is ready to pay for.

    Raises:
        RunLimitError: it may be more runs than that.
    """
    if plan.runs is None:
        raise RunLimitError(
            f"max_runs={max_runs} cannot be enforced: only the server knows how many scenarios match. "
            "Give `scenarios` as a list of ids, or leave out max_runs",
            plan=plan,
        )
    if plan.runs > max_runs:
        raise RunLimitError(
            f"max_runs={max_runs}, but this launch is {plan}. Raise max_runs, or give fewer scenarios "
            "or a lower frequency",
            plan=plan,
        )
