"""What has come of a call of the command, as far as it got."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

from attrs import Factory, define

from cekura_client.cli.exits import Exit, status_of
from cekura_client.cli.reports.report import Report
from cekura_client.core.gate import Gate
from cekura_client.core.launches import Launch
from cekura_client.core.results import Result
from cekura_client.errors import ApiError, CekuraError


@define
class Outcome:
    """What has come of a call of the command, as far as it got.

    Attributes:
        gate: When a result is good enough.
        project: Of the results, where it is known.
        launch: What was accepted.
        ids: The results that it is about.
        results: The last that was seen of each.
        error: What ended it before there was a result to wait for.
        errors: What ended the wait for a result.
        ended: The results whose calls were ended from here.
        stopped: By which signal it was ended.
        detached: Whether it left once it was launched, as asked for.
    """

    gate: Gate = Factory(Gate)
    project: int | None = None
    launch: Launch | None = None
    ids: list[int] = Factory(list)
    results: dict[int, Result] = Factory(dict)
    error: CekuraError | None = None
    errors: dict[int, CekuraError] = Factory(dict)
    ended: list[int] = Factory(list)
    stopped: Exit | None = None
    detached: bool = False

    @contextmanager
    def taking(self) -> Generator[None, None, None]:
        """Take what ends a block: an error of the library, or Ctrl-C."""
        try:
            yield
        except CekuraError as error:
            self.error = error
        except KeyboardInterrupt:
            self.stopped = self.stopped or Exit.INTERRUPTED

    def accepted(self, launch: Launch) -> None:
        """There is something to wait for."""
        self.launch = launch
        self.ids = [launch.result_id]

    @property
    def going_on(self) -> list[int]:
        """The results that may still go on although nobody waits for them any more."""
        if self.detached and self.stopped is None:
            return []
        return [
            each
            for each in self.ids
            if each not in self.ended
            and not isinstance(self.errors.get(each), ApiError)
            and not (each in self.results and self.results[each].finished)
        ]

    @property
    def status(self) -> Exit:
        """The exit status."""
        if self.stopped is not None:
            return self.stopped
        if self.error is not None:
            return status_of(self.error, launching=self.launch is None)
        if self.detached:
            return Exit.PASSED
        return max(map(self._status, self.ids), default=Exit.PASSED)

    def _status(self, result_id: int) -> Exit:
        if error := self.errors.get(result_id):
            return status_of(error, launching=False)
        result = self.results.get(result_id)
        if result is None or not result.finished:
            return Exit.UNKNOWN
        return Exit.PASSED if self.gate.passes(result) else Exit.NOT_PASSED

    def report(self) -> Report:
        """For the reports."""
        errors = [self.error] if self.error else []
        return Report(
            results=tuple(self.results[each] for each in self.ids if each in self.results),
            gate=self.gate,
            made=datetime.now().astimezone(),
            project=self.project,
            errors=tuple(str(error) for error in [*errors, *self.errors.values()]),
        )
