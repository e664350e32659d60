"""A result that is waited for: what was seen of it, and when that is enough."""

from collections.abc import Sequence

from attrs import define, evolve, field

from cekura_client.core.decoding import UnreadableError
from cekura_client.core.errors import (
    ApiError,
    AuthenticationError,
    CekuraError,
    NoAnswerError,
    RateLimitError,
    ServerError,
)
from cekura_client.core.launches import Launch
from cekura_client.core.polling import Polling
from cekura_client.core.results import Result, WaitTimeoutError
from cekura_client.core.send_policy import POLL_PATIENCE

# After so many looks at the list that did not show it, a result is not looked for there any more. One
# or two may come of a page that moved on while it was read, or of a result that is not listed yet.
_MISSES = 3
# Seconds after which a result is looked at itself although the list shows it: the list may be wrong.
# In the usual hour of waiting that costs three requests for each.
_STALE = 900.0


def may_pass(error: CekuraError) -> bool:
    """Whether it may be better the next time."""
    return isinstance(error, NoAnswerError | ServerError | RateLimitError)


@define
class Outage:
    """Whether anything gets through to the server.

    Attributes:
        rest: Seconds for which the server asked to be left alone, in this round.
        since: Since when each look fails in a way that may pass; None if one got through.
    """

    rest: float = 0.0
    since: float | None = None

    @property
    def blocking(self) -> bool:
        """Whether nothing gets through now, so that the rest of the round is left out."""
        return bool(self.rest) or self.since is not None

    def leave_alone(self, error: CekuraError) -> None:
        """Keep to it if the server says when it wants to be asked again."""
        if isinstance(error, ApiError) and may_pass(error) and error.retry_after:
            self.rest = max(self.rest, error.retry_after)

    def update(self, looks: Sequence[Result | CekuraError], now: float) -> CekuraError | None:
        """Take in what came of some looks; gives what ends all waits, since it is true of each."""
        failed = [look for look in looks if isinstance(look, CekuraError)]
        for error in failed:
            self.leave_alone(error)
        if not failed or len(failed) < len(looks) or not all(map(may_pass, failed)):
            self.since = None
        elif self.since is None:
            self.since = now
        elif now - self.since >= POLL_PATIENCE.seconds:
            return failed[-1]
        return next((error for error in failed if isinstance(error, AuthenticationError)), None)


@define(eq=False)
class Watch:
    """A result that is waited for. Times are on the monotonic clock.

    Attributes:
        result_id: Of the result.
        timeout: Seconds, as the user gave them.
        deadline: When they are over.
        polling: For how long scores are waited for once it has ended.
        agent: Of the result, where it is known.
        launch: What was launched, where that is known.
        result: The result, once there is nothing more to wait for.
        error: What ended the wait instead.
        until: The deadline, or an earlier end of the wait for scores.
        ended: Whether it has ended, so that only scores are waited for.
        etag: What the server calls the state in which it was read last; "" where it does not.
        whole: What was read last; None if nothing was, or only seen in the list.
    """

    result_id: int
    timeout: float
    deadline: float
    polling: Polling
    agent: int | None = None
    launch: Launch | None = None
    result: Result | None = field(default=None, init=False)
    error: CekuraError | None = field(default=None, init=False)
    until: float = field(init=False)
    ended: bool = field(default=False, init=False)
    etag: str = field(default="", init=False)
    whole: Result | None = field(default=None, init=False)
    _entry: bytes = field(default=b"", init=False, repr=False)
    _last: Result | None = field(default=None, init=False)
    _looked: float = field(init=False)
    _trouble: CekuraError | None = field(default=None, init=False)
    _trouble_since: float = field(default=0.0, init=False)
    _misses: int = field(default=0, init=False)
    _most_runs: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.until = self.deadline
        self._looked = self.deadline - self.timeout

    @property
    def over(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.result is not None or self.error is not None

    @property
    def last(self) -> Result | None:
        """What was seen last, whole or in the list; None if nothing was."""
        if self._last is None and self._entry:
            try:
                self._last = Result.read(self._entry).expecting(self.launch)
            except UnreadableError:  # of something nested as deeply as can be
                return self.whole
        return self._last

    @property
    def in_trouble(self) -> bool:
        """Whether the last look failed."""
        return self._trouble is not None

    def listed(self, now: float) -> bool:
        """Whether the list of results is what to look at now."""
        return not self.ended and self._misses < _MISSES and now - self._looked < _STALE

    def not_listed(self) -> None:
        """The list does not show it."""
        self._misses += 1

    def update_from_list(self, entry: bytes, *, compare: bool) -> bool:
        """The list shows it, and it has not ended.

        Args:
            entry: What the list shows.
            compare: Whether anybody wants to know what has changed; nothing is decoded otherwise.

        Returns:
            Whether that differs from what was seen last, as far as a list can tell.
        """
        self._misses, self._trouble = 0, None
        if entry == self._entry:
            return False
        before = self.last if compare else None
        self._entry, self._last = entry, None
        return compare and _outline(self.last) != _outline(before)

    def update_from_result(self, result: Result, now: float) -> bool:
        """It was looked at; gives whether anything has changed."""
        # Runs that were there once do not go away: where they are missing now, the answer is not whole.
        self._most_runs = max(self._most_runs, result.expected_runs)
        if result.expected_runs < self._most_runs:
            result = evolve(result, planned=self._most_runs)
        only_listed = self._last is not self.whole
        changed = result != self.last
        if only_listed and changed:
            changed = _outline(result) != _outline(self.last)
        self._trouble, self._looked = None, now
        self._last = self.whole = result
        if not result.finished:
            # Also if it had ended before: then it goes on.
            self.ended, self.until = False, self.deadline
            return changed
        if not self.ended:
            self.ended, self.until = True, min(self.deadline, now + self.polling.grace)
        if result.status != "completed" or result.scored:
            self.result = result
        return changed

    def drop_bodies(self) -> Result:
        """Forget the bytes of its answers; gives the result without them."""
        assert self.result is not None
        self._entry, self.whole, self._last = b"", None, None
        self.result = evolve(self.result, body=b"")
        return self.result

    def failed(self, error: CekuraError, now: float, *, tried: float = 0.0) -> None:
        """A look failed. What may pass is ridden out.

        Args:
            error: Why.
            now: When it was given up.
            tried: Seconds for which this look was tried again.
        """
        if self._trouble is None:
            self._trouble_since = now - tried
        self._trouble = error
        if now >= self.until:
            return  # it expires, for which trouble is no more than a reason
        if not may_pass(error) or now - self._trouble_since >= POLL_PATIENCE.seconds:
            self.give_up(error)

    def give_up(self, error: CekuraError) -> None:
        """End the wait; a result that only lacks scores is one all the same."""
        if self.ended:
            self.result = self.whole
            return
        error.add_note(f"while waiting for result {self.result_id}, which may go on without you")
        self.error = error

    def expire(self, now: float) -> None:
        """End the wait if its time is over."""
        if self.over or now < self.until:
            return
        if self.ended:
            self.result = self.whole
            return
        last = self.last
        seen = (
            "nothing was seen of it"
            if last is None
            else f"last seen {last.status or 'without status'}"
        )
        self.error = WaitTimeoutError(
            f"result {self.result_id} did not end within {self.timeout:g} s ({seen}). Its runs go "
            "on: wait again with the same id, or end its calls",
            result=last,
        )
        self.error.__cause__ = self._trouble


def _outline(result: Result | None) -> object:
    """What the list and the result itself both show."""
    return result and (result.status, {(run.id, run.status, run.success) for run in result.runs})
