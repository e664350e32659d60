"""What an exception says of a launch that it cut off."""

from attrs import frozen

_ATTRIBUTE = "cekura_launch"


@frozen
class InterruptedLaunch:
    """A launch that may have been sent when something else ended it: Ctrl-C, cancellation, a kill.

    Attributes:
        name: The name by which its result can be looked up; None where the request has none.
        result_id: The result, if the server had already answered; else None.
        message: What is known and how to look, in one sentence or two.
    """

    name: str | None
    result_id: int | None
    message: str


def attach(error: BaseException, launch: InterruptedLaunch) -> None:
    """Let an exception carry word of a launch: as a note for people, as a value for programs."""
    if interrupted_launch(error) is None:
        error.add_note(launch.message)
        setattr(error, _ATTRIBUTE, launch)


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
