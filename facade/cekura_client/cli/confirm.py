"""Before a launch: show what it will be, and ask for consent to many runs."""

import sys

from cekura_client.cli.console import Console
from cekura_client.cli.options import Limits
from cekura_client.core.plan import RunPlan
from cekura_client.errors import RunLimitError


def confirm_runs(plan: RunPlan, limits: Limits, console: Console) -> None:
    """Return if the launch may be sent.

    Raises:
        RunLimitError: somebody said no, or nobody could be asked.
    """
    console.note(f"{plan}, each billed")
    if limits.yes or (plan.runs is not None and plan.runs <= limits.ask_above):
        return
    if not console.is_watched:
        raise RunLimitError(
            f"{plan.total}, and --ask-above is {limits.ask_above}, but there is no terminal to ask at; "
            "nothing was sent. Add --yes, or raise --ask-above",
            plan=plan,
        )
    console.err.print(f"Start {plan.total}? [y/N] ", end="")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise RunLimitError("Cancelled; nothing was sent.", plan=plan)
