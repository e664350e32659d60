"""The launch commands of `cekura-run`, and `plan`."""

import json
from typing import Any

from cekura_client.cli import options
from cekura_client.cli.arguments import checked
from cekura_client.cli.confirm import confirm_runs
from cekura_client.cli.connection import check_connection, client_arguments, wait_limits
from cekura_client.cli.console import Console
from cekura_client.cli.options import Options
from cekura_client.cli.output import conclude, finish, gate_of, other_files, outcome_of
from cekura_client.cli.report_files import ReportFiles
from cekura_client.cli.session import run_session, send_launch, wait_for_results
from cekura_client.cli.signals import Signals
from cekura_client.client import AsyncCekura
from cekura_client.core.launch_kinds import KINDS
from cekura_client.core.launches import Launch


def launch(operation: str, given: Options) -> int:
    """Launch, wait and report; return the exit status."""
    console = Console()
    output, waiting = given[options.Output], given[options.Waiting]
    outcome, files = outcome_of(given), ReportFiles(output, console)

    def accept(launch: Launch) -> None:
        outcome.accepted(launch)
        found = "; its answer was lost, and it was found by its name" if launch.recovered else ""
        console.note(f"result {launch.result_id} was started{found}")
        files.output_ids(outcome.ids)

    async def work(cekura: AsyncCekura) -> None:
        if await send_launch(cekura, ready, outcome, console, accept) and not outcome.detached:
            await wait_for_results(cekura, limits, outcome, console, quiet=output.quiet)

    with Signals(outcome.stop) as signals:
        with outcome.taking():
            outcome.detached = given[options.NoWait].no_wait
            files.check(other_files(given), detached=outcome.detached)
            outcome.gate, limits = gate_of(given), wait_limits(waiting)
            ready = checked(KINDS[operation], given)
            client = client_arguments(given[options.ConnectionOptions])
            confirm_runs(ready.plan, given[options.Limits], console)
            run_session(client, work, outcome, console, signals, end=waiting.end_on_abort)
        return finish(outcome, output, console, files, signals)


def plan(operation: str, given: Options) -> int:
    """Show what a launch would send and how many runs it would start; return the exit status."""
    console = Console()
    outcome = outcome_of(given)
    outcome.judges = False
    document: dict[str, Any] = {}
    text = ""
    with outcome.taking():
        files = ReportFiles(given[options.Output], console)
        files.check(other_files(given), detached=given[options.NoWait].no_wait)
        gate_of(given)
        wait_limits(given[options.Waiting])
        check_connection(given[options.ConnectionOptions])
        ready = checked(KINDS[operation], given)
        # The client adds a name, so that a lost launch can be found again.
        named = ready.kind.has_name and "name" not in ready.body
        document = {
            "operation": operation,
            "runs": ready.plan.runs,
            "plan": str(ready.plan),
            "body": ready.shown,
            "name_is_added": named,
        }
        more = ", with a unique name added:" if named else ":"
        text = f"{ready.plan}\n{operation} would send{more}\n{json.dumps(ready.shown, indent=2)}"
    return conclude(outcome, given[options.Output], console, document, text)
