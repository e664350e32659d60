"""When a result is good enough: every run, a share of them, or a share of those that count."""

import json
import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cekura_client import InvalidRequestError, Result
from cekura_client.core.gate import Gate

# What the server says of a run, by the first letter of its verdict.
RUNS: dict[str, dict[str, Any]] = {
    "p": {"status": "completed", "success": True},
    "f": {"status": "completed", "success": False},
    "i": {"status": "failed", "success": False, "error_message": "SIP 486"},
    "t": {"status": "timeout", "success": None},
    "c": {"status": "cancelled", "success": None},
    "s": {"status": "completed", "success": None},  # no score
    "u": {"status": "running", "success": None},
}


def _result(runs: str, **fields: Any) -> Result:
    """A result with these runs: "ppf" has two that passed and one that failed."""
    entries = [{"id": n, "scenario": 101, **RUNS[run]} for n, run in enumerate(runs, start=1)]
    body = {"id": 1, "status": "completed", "runs": entries, **fields}
    return Result.read(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("runs", "fields", "fail_under", "ignored", "counted", "passes"),
    [
        # Every run, as `Result.passed` has it.
        ("p", {}, None, False, (1, 1), True),
        ("ppp", {}, None, False, (3, 3), True),
        ("pf", {}, None, False, (1, 2), False),
        ("pi", {}, None, False, (1, 2), False),
        ("ps", {}, None, False, (1, 2), False),
        ("", {}, None, False, (0, 0), False),
        ("p", {"status": "timeout"}, None, False, (1, 1), False),
        # A share; exactly that share is enough.
        ("p" * 19 + "f", {}, 0.95, False, (19, 20), True),
        ("p" * 18 + "ff", {}, 0.95, False, (18, 20), False),
        ("p" * 9 + "f", {}, 0.9, False, (9, 10), True),
        ("p" * 8 + "ff", {}, 0.9, False, (8, 10), False),
        ("p" * 7 + "fff", {}, 0.7, False, (7, 10), True),
        ("p" * 6 + "ffff", {}, 0.7, False, (6, 10), False),
        ("ppf", {}, 2 / 3, False, (2, 3), True),
        ("p" * 29 + "f" * 71, {}, 0.29, False, (29, 100), True),
        ("ppp", {}, 1, False, (3, 3), True),
        ("ppf", {}, 1.0, False, (2, 3), False),
        ("fff", {}, 0, False, (0, 3), True),
        ("", {}, 0, False, (0, 0), False),
        # Every kind of run that did not pass counts.
        ("pfitcsu", {}, 1 / 7, False, (1, 7), True),
        ("pfitcsu", {}, 0.15, False, (1, 7), False),
        # Runs that the answer lacks have not passed.
        ("p" * 9, {"total_runs_count": 10}, 0.9, False, (9, 10), True),
        ("p" * 9, {"total_runs_count": 11}, 0.9, False, (9, 11), False),
        ("p" * 9, {"total_runs_count": 10}, None, False, (9, 10), False),
        ("", {"total_runs_count": 2}, 0.5, False, (0, 2), False),
        # And where it counts fewer than it has, those that it has are counted.
        ("ppf", {"total_runs_count": 1}, 1, False, (2, 3), False),
        ("ppp", {"total_runs_count": None}, 1, False, (3, 3), True),
        # What says nothing about the agent is left out, if that is wanted.
        ("p", {"status": "failed"}, None, True, (1, 1), True),
        ("p", {"status": "timeout"}, None, True, (1, 1), False),
        ("p", {"status": "cancelled"}, None, True, (1, 1), False),
        ("p", {"status": "cancelled"}, 1, True, (1, 1), True),
        ("ppi", {}, None, True, (2, 2), True),
        ("pps", {}, None, True, (2, 2), True),
        ("ppisf", {}, None, True, (2, 3), False),
        ("ppt", {}, None, True, (2, 3), False),
        ("ppc", {}, None, True, (2, 3), False),
        ("p" * 19 + "f" + "i" * 30, {}, 0.95, True, (19, 20), True),
        ("p" * 19 + "f" + "i" * 30, {}, 0.95, False, (19, 50), False),
        ("p" * 18 + "ff" + "s" * 30, {}, 0.95, True, (18, 20), False),
        ("p", {"not_connected_runs": [1]}, 0, True, (0, 0), False),
        ("pp", {"failed_infrastructure_runs": [1]}, None, True, (1, 1), True),
        # Missing runs are not of a kind that is left out.
        ("ppi", {"total_runs_count": 4}, None, True, (2, 3), False),
        ("ppi", {"total_runs_count": 4}, 0.66, True, (2, 3), True),
        # With nothing left to count, nothing was shown.
        ("ii", {}, 0, True, (0, 0), False),
        ("is", {}, None, True, (0, 0), False),
        ("", {}, None, True, (0, 0), False),
        # A result that is `failed` had an infrastructure failure of its own.
        ("ppi", {"status": "failed"}, None, True, (2, 2), True),
    ],
)
def test_what_counts_and_what_is_enough(
    runs: str,
    fields: dict[str, Any],
    fail_under: float | None,
    ignored: bool,
    counted: tuple[int, int],
    passes: bool,
) -> None:
    """The share of runs that passed is compared without rounding."""
    gate = Gate(fail_under, ignored)
    result = _result(runs, **fields)
    assert gate.counted(result) == counted
    assert gate.passes(result) is passes
    passed, total = counted
    assert gate.rate(result) == (passed / total if total else None)


@pytest.mark.parametrize("status", ["running", "evaluating", "pending", "brand_new", ""])
@pytest.mark.parametrize("fail_under", [None, 0, 0.5, 1])
@pytest.mark.parametrize("ignored", [False, True])
def test_a_result_that_has_not_ended_never_passes(
    status: str, fail_under: float | None, ignored: bool
) -> None:
    """However good its runs are so far."""
    assert not Gate(fail_under, ignored).passes(_result("ppp", status=status))


@pytest.mark.parametrize("status", ["completed", "COMPLETED", "failed", "timeout", "canceled"])
def test_a_share_is_of_the_runs_whatever_the_end(status: str) -> None:
    """With a share, the status of the result does not need to be completed."""
    assert Gate(0.5).passes(_result("ppf", status=status))
    assert not Gate(0.7).passes(_result("ppf", status=status))


@pytest.mark.parametrize("rate", [-0.1, 1.01, 1.0000001, 95, math.nan, math.inf, -math.inf])
def test_fail_under_outside_0_to_1_is_refused(rate: float) -> None:
    """The usual mistake is a percentage. The error has the range, an example and the value."""
    with pytest.raises(InvalidRequestError) as refused:
        Gate(fail_under=rate)
    expected = f"--fail-under must be between 0 and 1, e.g. 0.95; got {rate}"
    assert str(refused.value) == expected


@pytest.mark.parametrize("rate", [0, 0.0, 1, 1.0, 5e-324])
def test_the_ends_of_the_range_belong_to_it(rate: float) -> None:
    """0 passes every ended result; 1 requires all runs."""
    assert Gate(fail_under=rate).fail_under == rate


def test_by_default_every_run_must_pass() -> None:
    """Every verdict is counted."""
    assert Gate() == Gate(fail_under=None, ignore_infrastructure=False)


_runs = st.text("".join(RUNS), max_size=12)
_shares = st.floats(0, 1)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_k_of_n_is_k_of_n(k_of_n: tuple[int, int]) -> None:
    """The exact share of a result passes, and the next larger number does not."""
    passed, total = k_of_n
    result = _result("p" * passed + "f" * (total - passed))
    assert Gate().rate(result) == passed / total
    assert Gate(passed / total).passes(result)
    if passed < total:
        assert not Gate(math.nextafter(passed / total, 2)).passes(result)


def _ordered(decisions: Iterable[bool]) -> bool:
    return all(earlier or not later for earlier, later in pairwise(decisions))


@given(_runs, st.lists(_shares, max_size=6), st.booleans(), st.integers(0, 15))
def test_a_higher_share_never_lets_more_pass(
    runs: str, shares: list[float], ignored: bool, total: int
) -> None:
    """A result that passes at one share passes at every lower share."""
    result = _result(runs, total_runs_count=total)
    assert _ordered(Gate(share, ignored).passes(result) for share in sorted(shares))


@given(_runs, st.booleans(), st.integers(0, 15))
def test_the_rate_is_a_share(runs: str, ignored: bool, total: int) -> None:
    """From 0 to 1, or there is nothing to count."""
    rate = Gate(ignore_infrastructure=ignored).rate(_result(runs, total_runs_count=total))
    assert rate is None or 0 <= rate <= 1


@given(_runs)
def test_without_options_it_is_the_verdict(runs: str) -> None:
    """The gate of a launch without options is `Result.passed`."""
    result = _result(runs)
    assert Gate().passes(result) is result.passed


@pytest.mark.parametrize("gate", [Gate(), Gate(fail_under=0.5), Gate(ignore_infrastructure=True)])
def test_a_result_that_contradicts_itself_never_passes(gate: Gate) -> None:
    """The server lists two runs that passed and counts one that failed."""
    assert gate.passes(_result("pp"))
    assert not gate.passes(_result("pp", failed_runs_count=1))
