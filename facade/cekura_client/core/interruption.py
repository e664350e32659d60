"""What an exception says of a launch that it cut off."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from attrs import define, frozen

from cekura_client.core.errors import CekuraError

_ATTRIBUTE = "cekura_launch"

log = logging.getLogger("cekura_client.interruption")


@frozen
class InterruptedLaunch:
    """A launch that may have been sent when something else ended it: Ctrl-C, cancellation, an error.

    Attributes:
        name: The name by which its result can be looked up; None where the request has none.
        result_id: The result, if the server had already answered; else None.
        message: What is known and how to look, in one or two sentences.
    """

    name: str | None
    result_id: int | None
    message: str


@define
class OngoingLaunch:
    """What is known of a launch while it is under way.

    Attributes:
        interrupted: What to say if it is cut off now; None while there is nothing to say, since
            nothing was sent, or nothing was started.
    """

    interrupted: InterruptedLaunch | None = None

    def may_be_sent(self, name: str | None, how_to_look: str) -> None:
        """From now on it may be executed, and nobody knows."""
        message = f"A launch was under way and may be billed. {how_to_look}"
        self.interrupted = InterruptedLaunch(name, None, message)

    def was_accepted(self, name: str | None, result_id: int) -> None:
        """The server has accepted it."""
        message = f"A launch was accepted: result {result_id}. Its runs continue and are billed"
        self.interrupted = InterruptedLaunch(name, result_id, message)

    def was_refused(self) -> None:
        """Nothing was started."""
        self.interrupted = None

    def cut_off_by(self, error: BaseException) -> None:
        """Let what cuts the launch off carry word of it: a note for people, and `interrupted_launch`.

        Errors of the library are the launch's own outcome and say everything themselves.
        """
        if self.interrupted is not None and not isinstance(error, CekuraError):
            error.add_note(self.interrupted.message)
            setattr(error, _ATTRIBUTE, self.interrupted)
            # Task groups and the like drop the exception, and the note with it.
            log.warning("%s", self.interrupted.message)


@contextmanager
def ongoing_launch() -> Generator[OngoingLaunch, None, None]:
    """Let whatever leaves the block early carry word of the launch that it cuts off."""
    ongoing = OngoingLaunch()
    try:
        yield ongoing
    except BaseException as left_by:
        ongoing.cut_off_by(left_by)
        raise


def interrupted_launch(error: BaseException | None) -> InterruptedLaunch | None:
    """The launch that an exception, or what led to it, cut off; None if there is none."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found = getattr(error, _ATTRIBUTE, None)
        if isinstance(found, InterruptedLaunch):
            return found
        error = error.__cause__ or error.__context__
    return None
