"""`cekura-run wait`, `show` and `end`: for results that were launched before."""

from cekura_client.cli import options
from cekura_client.cli.conduct import conduct, waited
from cekura_client.cli.finish import conclude, finish, gate_of, outcome_of
from cekura_client.cli.options import Given
from cekura_client.cli.outcome import Outcome
from cekura_client.cli.screen import Screen
from cekura_client.cli.writing import refuse_unwritable, tell_github
from cekura_client.client import AsyncCekura
from cekura_client.errors import CekuraError


def wait(given: Given) -> int:
    """Wait for several results at once; gives the exit status."""
    screen = Screen()
    output, waiting = given[options.Output], given[options.Waiting]
    outcome = outcome_of(given)

    async def work(cekura: AsyncCekura) -> None:
        outcome.ids = list(dict.fromkeys(given[options.Ids].ids))
        tell_github(outcome.ids, output, screen)
        await waited(cekura, waiting, outcome, screen, quiet=output.quiet)

    with outcome.taking():
        outcome.gate = gate_of(given)
        refuse_unwritable(output)
        conduct(given[options.Connection], work, outcome, screen, end=waiting.end_on_abort)
    return finish(outcome, output, screen)


def show(given: Given) -> int:
    """Show a result as it is now; gives the exit status."""
    screen = Screen()
    output, wanted = given[options.Output], given[options.Id].id
    outcome = outcome_of(given)

    async def work(cekura: AsyncCekura) -> None:
        outcome.ids = [wanted]
        try:
            outcome.results[wanted] = await cekura.get_result(wanted)
        except CekuraError as error:
            outcome.errors[wanted] = error
            screen.error(error)

    with outcome.taking():
        outcome.gate = gate_of(given)
        refuse_unwritable(output)
        conduct(given[options.Connection], work, outcome, screen)
    return finish(outcome, output, screen)


def end(given: Given) -> int:
    """End the calls of a result; gives the exit status."""
    screen = Screen()
    wanted = given[options.Id].id
    outcome = Outcome()

    async def work(cekura: AsyncCekura) -> None:
        try:
            await cekura.end_calls(wanted)
        except CekuraError as error:
            outcome.ids, outcome.errors[wanted] = [wanted], error
            screen.error(error)
        else:
            outcome.ended.append(wanted)

    with outcome.taking():
        conduct(given[options.Connection], work, outcome, screen)
    text = f"the calls of result {wanted} were ended"
    return conclude(outcome, given[options.Json], screen, {"ended": outcome.ended}, text)
