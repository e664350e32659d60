"""`cekura-run launches`: list the record, and look up unresolved launches."""

from datetime import UTC, datetime
from functools import partial

from attrs import asdict
from rich import box
from rich.table import Table
from rich.text import Text

from cekura_client.cli import options
from cekura_client.cli.console import Console
from cekura_client.cli.options import Options
from cekura_client.cli.outcome import CommandOutcome
from cekura_client.cli.output import conclude
from cekura_client.cli.session import run_once
from cekura_client.client import AsyncCekura
from cekura_client.core.texts import printable, shortened
from cekura_client.errors import CekuraError, InvalidRequestError, LaunchOutcomeUnknownError
from cekura_client.record import UNKNOWN, LaunchRecord, RecordedLaunch

# Characters of a name.
_NAME = 60


def list_launches(given: Options) -> int:
    """List the launches, after looking up unresolved ones with `--recover`; return the exit status."""
    console = Console()
    outcome = CommandOutcome(judges=False)
    listed: list[RecordedLaunch] = []
    with outcome.taking():
        path = given[options.ConnectionOptions].record
        if path is None:
            raise InvalidRequestError("--record FILE or CEKURA_RECORD is required")
        record = LaunchRecord(path)
        listed = _read(record)

        if given[options.Recover].recover:
            run_once(
                given[options.ConnectionOptions],
                partial(_recover, record, console),
                outcome,
                console,
            )
            listed = _read(record)
    if listed and not given[options.Json].json:
        console.show(_table(listed))
    unsettled = sum(not launch.settled for launch in listed)
    document = {"launches": [asdict(launch) for launch in listed], "unsettled": unsettled}
    text = f"launches: {len(listed)}, of unknown outcome: {unsettled}"
    return conclude(outcome, given[options.Json], console, document, text)


def _read(record: LaunchRecord) -> list[RecordedLaunch]:
    """The launches of the record: unknown outcomes first, then the newest."""
    if not record.path.is_file():
        raise InvalidRequestError(f"there is no record at {record.path}")
    try:
        return sorted(record.launches(), key=lambda launch: (launch.settled, -launch.began))
    except OSError as error:
        raise InvalidRequestError(f"{record.path} cannot be read: {error.strerror}") from None


async def _recover(record: LaunchRecord, console: Console, cekura: AsyncCekura) -> None:
    missing = 0
    for launch in record.unsettled():
        try:
            found = await cekura.recover(launch)
        except Exception as error:  # if one lookup fails, the others continue
            what = str(error) if isinstance(error, CekuraError) else repr(error)
            console.note(f"{_what(launch)}: {what}")
            missing += 1
        else:
            console.note(f"{_what(launch)} is result {found.result_id}")
    if missing:
        raise LaunchOutcomeUnknownError(f"number of launches that were not found: {missing}")


def _what(launch: RecordedLaunch) -> str:
    return f"{launch.operation} {launch.name or launch.token}"


def _table(launches: list[RecordedLaunch]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("began", "operation", "outcome", "result", "runs", "name"):
        table.add_column(
            column, overflow="fold", justify="right" if column in ("result", "runs") else "left"
        )
    for launch in launches:
        table.add_row(
            f"{datetime.fromtimestamp(launch.began, UTC):%Y-%m-%d %H:%M:%SZ}",
            Text(printable(launch.operation)),
            Text(printable(launch.outcome or UNKNOWN), "" if launch.settled else "bold yellow"),
            str(launch.result_id or ""),
            str(launch.plan.runs or "?"),
            Text(shortened(printable(launch.name or ""), _NAME)),
        )
    return table
