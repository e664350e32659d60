"""The progress of waits, on standard error."""

import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich import progress as bars

from cekura_client.cli.console import Console
from cekura_client.core.results import Result
from cekura_client.core.texts import printable, shortened
from cekura_client.core.verdicts import has_ended

# Characters of a status, and how many statuses are listed; ten are documented.
_WORD, _STATUSES = 20, 10


class Watching(Protocol):
    """Receives each new state of a result."""

    def __call__(self, result_id: int, result: Result, /) -> None: ...


@contextmanager
def progress(
    console: Console, ids: Sequence[int], *, quiet: bool
) -> Generator[Watching, None, None]:
    """Show the progress of results: bars in a terminal, otherwise a line for each change."""
    if quiet:
        yield lambda result_id, result: None
    elif console.is_live:
        with _bars(console) as shown:
            yield _Bars(shown, ids)
    else:
        yield _Lines(console)


def _bars(console: Console) -> bars.Progress:
    return bars.Progress(
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
        # Estimated from the whole wait: minutes may pass between two runs that end.
        bars.TextColumn("left"),
        bars.TimeRemainingColumn(),
        bars.TextColumn("{task.fields[statuses]}", markup=False),
        console=console.err,
        transient=True,
        speed_estimate_period=3600,
    )


class _Bars:
    def __init__(self, shown: bars.Progress, ids: Sequence[int]) -> None:
        self._shown = shown
        self._tasks = {
            each: shown.add_task(f"result {each}", total=None, statuses="") for each in ids
        }

    def __call__(self, result_id: int, result: Result) -> None:
        self._shown.update(
            self._tasks[result_id],
            total=_total(result),
            completed=sum(has_ended(run.status) for run in result.runs),
            statuses=_statuses(result),
        )


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()
        self._said: dict[int, str] = {}

    def __call__(self, result_id: int, result: Result) -> None:
        ended = sum(has_ended(run.status) for run in result.runs)
        said = (
            f"result {result_id}: {_word(result.status)}, "
            f"{ended} of {_total(result)} runs ended: {_statuses(result)}"
        )
        if self._said.get(result_id) != said:
            self._said[result_id] = said
            self._console.note(f"{said} (after {time.monotonic() - self._began:.0f} s)")


def _total(result: Result) -> int:
    return max(len(result.runs), result.total_runs or 0)


def _statuses(result: Result) -> str:
    counts = Counter(_word(run.status) for run in result.runs)
    return ", ".join(f"{number} {status}" for status, number in counts.most_common(_STATUSES))


def _word(status: str) -> str:
    return shortened(printable(status), _WORD) or "no status"
