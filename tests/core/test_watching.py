"""A result that is waited for: whatever is seen of it, its wait ends once."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cekura_client import (
    ApiError,
    AuthenticationError,
    CekuraError,
    NoAnswerError,
    NotFoundError,
    RateLimitError,
    Result,
    ServerError,
    WaitTimeoutError,
)
from cekura_client.core.polling import Polling
from cekura_client.core.watching import Outage, Watch, may_pass

_STATUSES = ["running", "pending", "", "completed", "failed", "timeout", "cancelled"]
_ERRORS: list[Any] = [NoAnswerError, ServerError, RateLimitError, NotFoundError, CekuraError]


def shown(status: str, success: bool | None = True) -> bytes:
    mark = {True: "true", False: "false", None: "null"}[success]
    run = f'{{"id":1,"status":"{status}","success":{mark}}}'
    return f'{{"id":7,"status":"{status}","runs":[{run}]}}'.encode()


def looked(status: str, success: bool | None = True) -> Result:
    return Result.read(shown(status, success))


def watch(*, timeout: float = 600, grace: float = 60) -> Watch:
    return Watch(7, timeout, timeout, Polling(grace=grace))


def error(kind: type[CekuraError]) -> CekuraError:
    return kind("trouble")


class Watching(RuleBasedStateMachine):
    """Any order of what may happen to a watch."""

    def __init__(self) -> None:
        super().__init__()
        self.watch = watch()
        self.now = 0.0
        self.last: Result | None = None
        self.trouble_since: float | None = None
        self.listed = ""
        self.deadline = 600.0
        self.end: object = None

    @rule(seconds=st.floats(0, 200))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @precondition(lambda self: not self.watch.over)
    @rule(status=st.sampled_from(_STATUSES), success=st.sampled_from([True, False, None]))
    def is_seen(self, status: str, success: bool | None) -> None:
        result = looked(status, success)
        changed = result != self.last
        assert self.watch.update_from_result(result, self.now) == changed
        self.last, self.trouble_since = result, None
        if not result.finished:
            self.deadline = 600.0  # also if it had ended before
        if result.finished:
            if self.deadline == 600.0:
                self.deadline = min(self.deadline, self.now + 60)
            whole = status != "completed" or success is not None
            assert self.watch.over == whole

    @precondition(lambda self: not self.watch.over and self.watch.listed(0))
    @rule(status=st.sampled_from(["running", "pending", "napping"]))
    def is_glimpsed(self, status: str) -> None:
        # The list says what it said before: if a look has seen more, the list is behind.
        result = self.last if status == self.listed else looked(status)
        assert self.watch.update_from_list(shown(status), compare=True) == (result != self.last)
        assert not self.watch.update_from_list(shown(status), compare=True)
        assert self.watch.listed(0)
        self.last, self.listed, self.trouble_since = result, status, None

    @precondition(lambda self: not self.watch.over)
    @rule()
    def is_missed(self) -> None:
        self.watch.not_listed()

    @precondition(lambda self: not self.watch.over)
    @rule(kind=st.sampled_from(_ERRORS))
    def fails(self, kind: type[CekuraError]) -> None:
        given = error(kind)
        if self.trouble_since is None:
            self.trouble_since = self.now
        self.watch.failed(given, self.now)
        lasted = self.now - self.trouble_since >= 120 or not may_pass(given)
        assert self.watch.over == (lasted and self.now < self.watch.until)
        assert self.watch.in_trouble

    @rule()
    def expires(self) -> None:
        before = self.watch.over
        self.watch.expire(self.now)
        assert self.watch.over == (before or self.now >= self.watch.until)

    @precondition(lambda self: not self.watch.over)
    @rule()
    def is_given_up(self) -> None:
        self.watch.give_up(error(NoAnswerError))
        assert self.watch.over

    @invariant()
    def ends_once(self) -> None:
        found = self.watch.result, self.watch.error
        assert None in found
        assert self.watch.over == (found != (None, None))
        if self.end is not None:
            assert self.end == found
        if self.watch.over:
            self.end = found

    @invariant()
    def keeps_what_was_seen_last(self) -> None:
        assert self.watch.last == self.last
        if isinstance(self.watch.error, WaitTimeoutError):
            assert self.watch.error.result == self.last
        if self.watch.result is not None:
            assert self.watch.result.finished

    @invariant()
    def never_waits_longer_than_it_may(self) -> None:
        assert self.watch.until <= self.deadline


TestWatching = Watching.TestCase


def test_a_list_that_does_not_show_it_is_left_alone() -> None:
    """After three misses in a row; being shown makes good for them."""
    found = watch()
    for _ in range(2):
        found.not_listed()
    assert found.listed(0)
    found.update_from_list(shown("running"), compare=True)
    for _ in range(2):
        found.not_listed()
    assert found.listed(0)
    found.not_listed()
    assert not found.listed(0)


def test_the_list_is_of_no_use_once_it_has_ended() -> None:
    """It has no scores."""
    found = watch()
    found.update_from_result(looked("completed", None), 0)
    assert found.ended
    assert not found.listed(0)
    assert not found.over


def test_what_the_list_shows_is_an_end_of_trouble() -> None:
    """The server speaks, and it has not ended; the next failure is a new one."""
    found = watch()
    found.failed(error(ServerError), 0)
    found.update_from_list(shown("running"), compare=True)
    assert not found.in_trouble
    found.failed(error(ServerError), 300)
    assert not found.over


@pytest.mark.parametrize(
    ("grace", "timeout", "until"), [(60, 600, 160), (0, 600, 100), (60, 130, 130)]
)
def test_grace_begins_with_the_end(grace: float, timeout: float, until: float) -> None:
    """It never goes beyond the deadline, and does not begin again with each look."""
    found = watch(grace=grace, timeout=timeout)
    for now in (100, 110):
        found.update_from_result(looked("completed", None), now)
    found.expire(until - 0.1)
    assert not found.over
    found.expire(until)
    assert found.result == looked("completed", None)


def test_the_timeout_says_what_it_knows() -> None:
    """The id, the time, what was seen last; and trouble is its cause."""
    found = watch()
    found.update_from_list(shown("running"), compare=True)
    trouble = error(ServerError)
    found.failed(trouble, 590)
    found.expire(600)
    assert isinstance(found.error, WaitTimeoutError)
    assert "result 7 did not end within 600 s (last seen running)" in str(found.error)
    assert found.error.__cause__ is trouble


@pytest.mark.parametrize("tried", [0, 120])
def test_trouble_counts_from_its_first_attempt(tried: float) -> None:
    """A look that was tried again for two minutes has been patient enough."""
    found = watch()
    found.failed(error(ServerError), 120, tried=tried)
    assert found.over == (tried == 120)


@pytest.mark.parametrize("kind", _ERRORS)
def test_what_lacks_only_scores_is_a_result_all_the_same(kind: type[CekuraError]) -> None:
    """Whatever is wrong then."""
    found = watch()
    found.update_from_result(looked("completed", None), 0)
    found.give_up(error(kind))
    assert found.result == looked("completed", None)
    assert found.error is None


def test_an_outage_ends_all_waits_after_two_minutes() -> None:
    """From its first failure; one look that gets through, or is refused, is an end of it."""
    trouble, fine, refused = error(ServerError), looked("running"), error(NotFoundError)
    outage = Outage()
    rows: list[tuple[list[Result | CekuraError], float, bool, CekuraError | None]] = [
        ([trouble, trouble], 0, True, None),
        ([trouble], 119, True, None),
        ([trouble, fine], 120, False, None),
        ([trouble], 130, True, None),
        ([trouble, refused], 140, False, None),
        ([trouble], 150, True, None),
        ([trouble], 269.9, True, None),
        ([fine, trouble], 269.95, False, None),
        ([trouble], 300, True, None),
        ([refused, trouble], 500, False, None),
        ([trouble], 510, True, None),
        ([trouble], 630, True, trouble),
    ]
    for looks, now, blocking, hopeless in rows:
        assert outage.update(looks, now) is hopeless, now
        assert outage.blocking == blocking, now


def test_a_wrong_key_ends_all_waits_at_once() -> None:
    """Also where something else went wrong, or nothing did."""
    wrong = error(AuthenticationError)
    others: list[Result | CekuraError] = [error(ServerError), looked("running"), wrong]
    for other in others:
        assert Outage().update([other, wrong], 0) is wrong


def test_the_longest_rest_that_the_server_asks_for_counts() -> None:
    """If it may be better then; a refusal says nothing about later."""
    outage = Outage()
    for kind, seconds in ((ServerError, 5), (RateLimitError, 9), (ApiError, 60), (ServerError, 7)):
        outage.update([kind("x", retry_after=seconds)], 0)
    assert outage.rest == 9
    outage.update([looked("running")], 0)
    assert outage.blocking


def test_runs_that_were_there_once_are_expected_to_the_end() -> None:
    """Four runs while they ran and two at the end: the answer is not whole, though both passed."""
    run = '{"id": %d, "status": "completed", "success": true}'
    four = ", ".join(run % number for number in range(4))
    two = ", ".join(run % number for number in range(2))
    watched = watch()
    watched.update_from_result(
        Result.read(f'{{"id": 7, "status": "running", "runs": [{four}]}}'.encode()), 1.0
    )
    watched.update_from_result(
        Result.read(f'{{"id": 7, "status": "completed", "runs": [{two}]}}'.encode()), 2.0
    )
    assert watched.result is None  # the others may be listed a moment later
    watched.expire(600.0)
    assert watched.result is not None
    assert watched.result.problems == ("4 runs were expected, but the answer has 2",)
