"""`cekura-run voice`, `websocket`, `vapi-webrtc`, and `plan` in front of them."""

import json
from typing import Any

from cekura_client.cli import options
from cekura_client.cli.arguments import planned
from cekura_client.cli.conduct import conduct, launched, waited
from cekura_client.cli.connection import client_arguments
from cekura_client.cli.consent import settle
from cekura_client.cli.finish import conclude, finish, gate_of, outcome_of
from cekura_client.cli.options import Given
from cekura_client.cli.screen import Screen
from cekura_client.cli.writing import refuse_unwritable, tell_github
from cekura_client.client import AsyncCekura
from cekura_client.core.launches import Launch
from cekura_client.core.recovery import NAMED
from cekura_client.core.websocket import redacted_body


def launch(operation: str, given: Given) -> int:
    """Launch, wait, report; gives the exit status."""
    screen = Screen()
    output, waiting = given[options.Output], given[options.Waiting]
    outcome = outcome_of(given)

    def told(launch: Launch) -> None:
        found = "; its answer was lost, it was found by its name" if launch.recovered else ""
        screen.note(f"result {launch.result_id} was started{found}")
        tell_github([launch.result_id], output, screen)

    async def work(cekura: AsyncCekura) -> None:
        if await launched(cekura, ready, outcome, screen, told) and not outcome.detached:
            await waited(cekura, waiting, outcome, screen, quiet=output.quiet)

    with outcome.taking():
        outcome.gate = gate_of(given)
        outcome.detached = given[options.NoWait].no_wait
        refuse_unwritable(output, detached=outcome.detached)
        ready = planned(operation, given)
        client_arguments(given[options.Connection])  # before anybody is asked
        settle(ready.plan, given[options.Limits], screen)
        conduct(given[options.Connection], work, outcome, screen, end=waiting.end_on_abort)
    return finish(outcome, output, screen)


def plan(operation: str, given: Given) -> int:
    """Show what a launch would send and how many runs it is; gives the exit status."""
    screen = Screen()
    outcome = outcome_of(given)
    document: dict[str, Any] = {}
    text = ""
    with outcome.taking():
        gate_of(given)
        refuse_unwritable(given[options.Output], detached=given[options.NoWait].no_wait)
        ready = planned(operation, given)
        body = redacted_body(ready.body)
        # It gets a name by which it can be found if its answer is lost.
        named = operation in NAMED and "name" not in body
        document = {
            "operation": operation,
            "runs": ready.plan.runs,
            "plan": str(ready.plan),
            "body": body,
            "name_is_added": named,
        }
        more = ", with a unique name added:" if named else ":"
        text = f"{ready.plan}\n{operation} would send{more}\n{json.dumps(body, indent=2)}"
    return conclude(outcome, given[options.Output], screen, document, text)
