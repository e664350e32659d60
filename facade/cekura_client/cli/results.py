"""`cekura-run wait`, `show` and `end`: for results that were launched before."""

from cekura_client.cli import options
from cekura_client.cli.conduct import conduct, once, waited
from cekura_client.cli.connection import client_arguments, wait_limits
from cekura_client.cli.finish import conclude, finish, gate_of, other_files, outcome_of
from cekura_client.cli.options import Given
from cekura_client.cli.outcome import Outcome
from cekura_client.cli.report_files import ReportFiles
from cekura_client.cli.screen import Screen
from cekura_client.cli.signals import Signals
from cekura_client.client import AsyncCekura
from cekura_client.errors import CekuraError


def wait(given: Given) -> int:
    """Wait for several results at once; gives the exit status."""
    screen = Screen()
    output, waiting = given[options.Output], given[options.Waiting]
    outcome, files = outcome_of(given), ReportFiles(output, screen)

    async def work(cekura: AsyncCekura) -> None:
        files.tell(outcome.ids)
        await waited(cekura, limits, outcome, screen, quiet=output.quiet)

    with Signals(outcome.stop) as signals:
        with outcome.taking():
            files.check(other_files(given))
            outcome.gate, limits = gate_of(given), wait_limits(waiting)
            client = client_arguments(given[options.Connection])
            outcome.ids = list(dict.fromkeys(given[options.Ids].ids))
            conduct(client, work, outcome, screen, signals, end=waiting.end_on_abort)
        return finish(outcome, output, screen, files, signals)


def show(given: Given) -> int:
    """Show a result as it is now; gives the exit status."""
    screen = Screen()
    output, wanted = given[options.Output], given[options.Id].id
    outcome, files = outcome_of(given), ReportFiles(output, screen)

    async def work(cekura: AsyncCekura) -> None:
        try:
            outcome.results[wanted] = await cekura.get_result(wanted)
        except CekuraError as error:
            outcome.errors[wanted] = error
            screen.error(error)

    with Signals(outcome.stop) as signals:
        with outcome.taking():
            files.check(other_files(given))
            outcome.gate = gate_of(given)
            client = client_arguments(given[options.Connection])
            outcome.ids = [wanted]
            conduct(client, work, outcome, screen, signals)
        return finish(outcome, output, screen, files, signals)


def end(given: Given) -> int:
    """End the calls of a result; gives the exit status."""
    screen = Screen()
    wanted = given[options.Id].id
    outcome = Outcome(judges=False)

    async def work(cekura: AsyncCekura) -> None:
        try:
            await cekura.end_calls(wanted)
        except CekuraError as error:
            outcome.ids, outcome.errors[wanted] = [wanted], error
            screen.error(error)
        else:
            outcome.ended.append(wanted)

    once(given[options.Connection], work, outcome, screen)
    text = f"the calls of result {wanted} were ended"
    return conclude(outcome, given[options.Json], screen, {"ended": outcome.ended}, text)
