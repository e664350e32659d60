"""The number of runs that a launch will start, as far as it is known in advance."""

from attrs import frozen

from cekura_client.core.errors import InvalidRequestError


@frozen
class RunPlan:
    """The factors of the number of runs. Every run is billed.

    Attributes:
        scenarios: The number of evaluators; None if only the server knows it (tags, a folder or "all").
        frequency: How often each evaluator runs.
        personalities: The number of personalities, which multiplies the runs.
        test_profiles: The number of test profiles, which multiplies the runs.
        at_most: Whether `scenarios` is only an upper bound: the agent may have fewer than the first N.
    """

    scenarios: int | None
    frequency: int = 1
    personalities: int = 1
    test_profiles: int = 1
    at_most: bool = False

    @property
    def runs(self) -> int | None:
        """The number of runs, an upper bound if `at_most`; None if only the server knows it."""
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
    """Refuse a plan of more runs than the caller allows.

    Raises:
        RunLimitError: the launch may start more runs than `max_runs`.
    """
    if plan.runs is None:
        raise RunLimitError(
            f"max_runs={max_runs} cannot be enforced: only the server knows how many scenarios match. "
            "List the ids in `scenarios`, or leave out max_runs",
            plan=plan,
        )
    if plan.runs > max_runs:
        raise RunLimitError(
            f"max_runs={max_runs}, but this launch has {plan}. Raise max_runs, or use fewer scenarios or a "
            "lower frequency",
            plan=plan,
        )
