import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client import Verdict
from cekura_client.core.verdicts import has_ended, normal_status, result_verdict, run_verdict

STATUSES = [
    *("pending", "in_queue", "scaling_up", "running", "in_progress", "evaluating"),
    *("completed", "failed", "timeout", "cancelled", "", "brand_new"),
]


def test_a_run_passes_in_exactly_one_case() -> None:
    """Of all combinations only this passes: completed, success, no error message, connected."""
    passed = [
        combination
        for combination in itertools.product(
            STATUSES, [True, False, None], ["", "no answer"], [True, False]
        )
        if run_verdict(
            status=combination[0],
            success=combination[1],
            error_message=combination[2],
            connected=combination[3],
        )
        is Verdict.PASSED
    ]
    assert passed == [("completed", True, "", True)]


@pytest.mark.parametrize(
    ("status", "success", "error", "connected", "verdict"),
    [
        ("completed", False, "", True, Verdict.FAILED),
        ("completed", None, "", True, Verdict.UNSCORED),
        ("completed", True, "websocket handshake failed", True, Verdict.INFRASTRUCTURE),
        ("completed", True, "", False, Verdict.INFRASTRUCTURE),
        ("failed", None, "no answer", True, Verdict.INFRASTRUCTURE),
        ("failed", None, "", False, Verdict.INFRASTRUCTURE),
        ("failed", False, "", True, Verdict.FAILED),
        ("failed", True, "", True, Verdict.FAILED),
        ("timeout", True, "", True, Verdict.TIMEOUT),
        ("cancelled", True, "", True, Verdict.CANCELLED),
        ("running", True, "", True, Verdict.UNKNOWN),
        ("brand_new", True, "", True, Verdict.UNKNOWN),
        ("", True, "", True, Verdict.UNKNOWN),
    ],
)
def test_each_kind_of_run(
    status: str, success: bool | None, error: str, connected: bool, verdict: Verdict
) -> None:
    """A call that never worked is told from one that was judged and failed."""
    found = run_verdict(status=status, success=success, error_message=error, connected=connected)
    assert found is verdict


@given(st.sampled_from(STATUSES), st.lists(st.sampled_from(Verdict)), st.booleans())
def test_a_result_passes_only_if_it_completed_and_every_run_passed(
    status: str, runs: list[Verdict], sound: bool
) -> None:
    """No other combination of status, runs and soundness is called passed."""
    honest = status == "completed" and {*runs} <= {Verdict.PASSED} and sound
    assert (result_verdict(status, runs, sound=sound) is Verdict.PASSED) == honest


@pytest.mark.parametrize(
    ("status", "runs", "verdict"),
    [
        ("failed", [], Verdict.INFRASTRUCTURE),
        ("timeout", [], Verdict.TIMEOUT),
        ("cancelled", [Verdict.PASSED], Verdict.CANCELLED),
        ("failed", [Verdict.PASSED], Verdict.INFRASTRUCTURE),
        ("completed", [Verdict.PASSED, Verdict.UNSCORED], Verdict.UNSCORED),
        ("completed", [Verdict.INFRASTRUCTURE, Verdict.FAILED], Verdict.FAILED),
        ("completed", [Verdict.TIMEOUT, Verdict.INFRASTRUCTURE], Verdict.INFRASTRUCTURE),
        ("running", [Verdict.PASSED], Verdict.UNKNOWN),
    ],
)
def test_a_result_is_as_bad_as_its_worst_part(
    status: str, runs: list[Verdict], verdict: Verdict
) -> None:
    """Its own status counts, too: nothing that was cancelled or failed passes."""
    assert result_verdict(status, runs, sound=True) is verdict


@pytest.mark.parametrize(
    ("sent", "normal"),
    [("Canceled", "cancelled"), (" COMPLETED ", "completed"), (None, ""), (3, ""), ("new", "new")],
)
def test_statuses_are_spelled_one_way(sent: object, normal: str) -> None:
    """The spelling with one l was seen in the wild; odd types are no status."""
    assert normal_status(sent) == normal


def test_an_unknown_status_is_not_an_end() -> None:
    """The list has grown three times; what is new goes on."""
    assert [status for status in STATUSES if has_ended(status)] == [
        *("completed", "failed", "timeout", "cancelled")
    ]
