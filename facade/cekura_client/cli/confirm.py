"""Before a launch: show the number of runs, and ask for confirmation if there are many."""

import sys

from cekura_client.cli.console import Console
from cekura_client.cli.options import Limits
from cekura_client.core.plan import RunPlan
from cekura_client.errors import RunLimitError


def confirm_runs(plan: RunPlan, limits: Limits, console: Console) -> None:
    """Return only if the launch may be sent.

    Raises:
        RunLimitError: the user declined, or there is no terminal to ask at.
    """
    console.note(f"{plan}, each billed")
    if limits.yes or (plan.runs is not None and plan.runs <= limits.ask_above):
        return
    if not console.is_watched:
        raise RunLimitError(
            f"cannot ask for confirmation of {plan.total} without a terminal; nothing was sent. Add --yes, "
            f"or raise --ask-above, which is {limits.ask_above}",
            plan=plan,
        )
    console.err.print(f"Start {plan.total}? [y/N] ", end="")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise RunLimitError("Cancelled; nothing was sent.", plan=plan)
