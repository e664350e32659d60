"""`cekura-run wait`, `show` and `end`: for results of earlier launches."""

from cekura_client.cli import options
from cekura_client.cli.connection import client_arguments, wait_limits
from cekura_client.cli.console import Console
from cekura_client.cli.options import Options
from cekura_client.cli.outcome import CommandOutcome
from cekura_client.cli.output import conclude, finish, gate_of, other_files, outcome_of
from cekura_client.cli.report_files import ReportFiles
from cekura_client.cli.session import run_once, run_session, wait_for_results
from cekura_client.cli.signals import Signals
from cekura_client.client import AsyncCekura
from cekura_client.errors import CekuraError


def wait(given: Options) -> int:
    """Wait for results in parallel; return the exit status."""
    console = Console()
    output, waiting = given[options.Output], given[options.Waiting]
    outcome, files = outcome_of(given), ReportFiles(output, console)

    async def work(cekura: AsyncCekura) -> None:
        files.output_ids(outcome.ids)
        await wait_for_results(cekura, limits, outcome, console, quiet=output.quiet)

    with Signals(outcome.stop) as signals:
        with outcome.taking():
            files.check(other_files(given))
            outcome.gate, limits = gate_of(given), wait_limits(waiting)
            client = client_arguments(given[options.ConnectionOptions])
            outcome.ids = list(dict.fromkeys(given[options.Ids].ids))
            run_session(client, work, outcome, console, signals, end=waiting.end_on_abort)
        return finish(outcome, output, console, files, signals)


def show(given: Options) -> int:
    """Show the current state of a result; return the exit status."""
    console = Console()
    output, wanted = given[options.Output], given[options.Id].id
    outcome, files = outcome_of(given), ReportFiles(output, console)

    async def work(cekura: AsyncCekura) -> None:
        try:
            outcome.results[wanted] = await cekura.get_result(wanted)
        except CekuraError as error:
            outcome.errors[wanted] = error
            console.error(error)

    with Signals(outcome.stop) as signals:
        with outcome.taking():
            files.check(other_files(given))
            outcome.gate = gate_of(given)
            client = client_arguments(given[options.ConnectionOptions])
            outcome.ids = [wanted]
            run_session(client, work, outcome, console, signals)
        return finish(outcome, output, console, files, signals)


def end(given: Options) -> int:
    """End the calls of a result; return the exit status."""
    console = Console()
    wanted = given[options.Id].id
    outcome = CommandOutcome(judges=False)

    async def work(cekura: AsyncCekura) -> None:
        try:
            await cekura.end_calls(wanted)
        except CekuraError as error:
            outcome.ids, outcome.errors[wanted] = [wanted], error
            console.error(error)
        else:
            outcome.ended.append(wanted)

    run_once(given[options.ConnectionOptions], work, outcome, console)
    text = f"the calls of result {wanted} were ended"
    return conclude(outcome, given[options.Json], console, {"ended": outcome.ended}, text)
