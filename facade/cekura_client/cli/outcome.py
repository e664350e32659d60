"""The outcome of a command. The exit status and all reports are made from it."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

from attrs import Factory, define

from cekura_client.cli.concealing import concealed
from cekura_client.cli.exits import Exit, InternalError, NotSeen, Stopped, status_of
from cekura_client.cli.reports.report import Report
from cekura_client.core.gate import Gate
from cekura_client.core.launches import Launch
from cekura_client.core.results import Result
from cekura_client.errors import (
    ApiError,
    CekuraError,
    InvalidRequestError,
    RateLimitError,
    ServerError,
)

_SIGNALS = {
    Exit.HUNG_UP: "SIGHUP",
    Exit.INTERRUPTED: "SIGINT (Ctrl-C)",
    Exit.TERMINATED: "SIGTERM",
}


@define
class CommandOutcome:
    """The outcome of a command so far.

    Attributes:
        gate: The pass criteria.
        project: The project of the results, if known.
        launch: The accepted launch.
        ids: The requested results.
        results: The last known state of each.
        error: What ended the command before it had a result to wait for.
        errors: What ended the wait for a result, by its id.
        ended: The results whose calls this command ended.
        stopped: The exit status for the signal that stopped the command.
        detached: Whether the command exits once the launch is accepted (`--no-wait`).
        judges: Whether results decide the exit status; False for `end`, `launches` and `plan`.
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
    judges: bool = True

    @contextmanager
    def taking(self) -> Generator[None, None, None]:
        """Record the error that ends the block. The first error counts."""
        try:
            yield
        except InvalidRequestError as error:
            error.args = (concealed(str(error)),)
            self.error = self.error or error
        except CekuraError as error:
            self.error = self.error or error
        except KeyboardInterrupt:
            self.stopped = self.stopped or Exit.INTERRUPTED
        except Exception as error:
            self.error = self.error or InternalError(error)

    def stop(self, status: Exit) -> None:
        """Record the signal that stops the command."""
        self.stopped = self.stopped or status

    def accepted(self, launch: Launch) -> None:
        """Record the accepted launch."""
        self.launch = launch
        self.ids = [launch.result_id]

    @property
    def may_be_running(self) -> list[int]:
        """The results that may still be running although the command no longer waits for them."""
        if self.detached and self.stopped is None:
            return []
        return [each for each in self.ids if not self._is_over(each)]

    def _is_over(self, result_id: int) -> bool:
        if result_id in self.ended:
            return True
        if self.launch is None and _is_refused(self.errors.get(result_id)):
            return True  # it may not exist
        return result_id in self.results and self.results[result_id].finished

    @property
    def status(self) -> Exit:
        """The exit status.

        After an accepted launch it is never 2 or 3, because these mean that nothing was started.
        """
        if self.stopped is not None:
            return self.stopped
        status = self._status()
        if self.launch is not None and status in (Exit.REFUSED_HERE, Exit.REFUSED_BY_API):
            return Exit.UNKNOWN
        return status

    def _status(self) -> Exit:
        if self.error is not None:
            return status_of(self.error, launching=self.launch is None and not self.ids)
        if self.detached and self.launch is not None:
            return Exit.PASSED
        nothing = Exit.UNKNOWN if self.judges else Exit.PASSED
        return max(map(self._status_of, self.ids), default=nothing)

    def _status_of(self, result_id: int) -> Exit:
        if error := self.errors.get(result_id):
            return status_of(error, launching=False)
        result = self.results.get(result_id)
        if result is None or not result.finished:
            return Exit.UNKNOWN
        return Exit.PASSED if self.gate.passes(result) else Exit.NOT_PASSED

    @property
    def problems(self) -> list[tuple[int | None, CekuraError]]:
        """Every reason besides the runs why the command did not pass, with the id of the result, if any."""
        found: list[tuple[int | None, CekuraError]] = []
        if self.error is not None:
            found.append((None, self.error))
        if self.stopped is not None:
            found.append((None, Stopped(f"stopped by {_SIGNALS[self.stopped]}")))
        found += self.errors.items()
        if self.judges and not (self.detached and self.launch is not None):
            found += [
                (each, NotSeen(f"result {each} was not seen; its runs may still be running"))
                for each in self.ids
                if each not in self.results and each not in self.errors
            ]
        return found

    def report(self) -> Report:
        """The report of this outcome."""
        return Report(
            results=tuple(self.results[each] for each in self.ids if each in self.results),
            gate=self.gate,
            made=datetime.now().astimezone(),
            project=self.project,
            errors=tuple(str(error) for _, error in self.problems),
            passes=self.status is Exit.PASSED,
        )


def _is_refused(error: CekuraError | None) -> bool:
    """Whether the API says that a result does not exist, or not for this key."""
    return isinstance(error, ApiError) and not isinstance(error, ServerError | RateLimitError)
