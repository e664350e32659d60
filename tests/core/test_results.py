import copy
import json
import pickle
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from cekura_client import Launch, Metric, NotPassedError, Result, RunPlan, Verdict
from cekura_client.core import decoding
from cekura_client.core.decoding import UnreadableError
from cekura_client.core.runs import DialWindow

PLAN = RunPlan(1)


def _result(**fields: Any) -> Result:
    return Result.read(json.dumps({"id": 1, "status": "completed", **fields}).encode())


def _run(**fields: Any) -> dict[str, Any]:
    return {"id": 5, "scenario": 101, "status": "completed", "success": True, **fields}


@pytest.mark.parametrize(
    "answer",
    [
        {"id": 9},
        {"id": "9"},
        {"id": 9.0},
        {"result": {"id": 9}},
        {"result_id": 9},
        {"id": None, "result_id": "9"},
        {"id": 9, "result": {"id": 1}, "result_id": 2},
        {"result": {"id": 9}, "result_id": 2},
        {"id": 9, "status": 7, "runs": None, "created_at": "yesterday"},
        {"id": 9, "runs": {"5": {"id": 5}}, "status": "brand_new", "extra": [1]},
        {"id": 9, "runs": [1, None, "x"]},
        {"id": 9, "runs": "none"},
    ],
)
def test_an_accepted_launch_yields_its_id_whatever_else_is_in_the_answer(answer: Any) -> None:
    """The id stands in one of three places; nothing else in the answer can hide it."""
    launch = Launch.read(json.dumps(answer).encode(), PLAN)
    assert launch.result_id == 9
    assert launch.raw == answer


def test_an_answer_in_latin_1_is_still_read() -> None:
    """The charset is the server's mistake, the launch is the user's money."""
    launch = Launch.read('{"id": 9, "name": "Café"}'.encode("latin-1"), PLAN)
    assert (launch.result_id, launch.raw["name"]) == (9, "Café")


@pytest.mark.parametrize("odd", ['"a\x01b"', "9" * 5_000, '"\\u0000"'])
def test_a_result_that_can_be_read_can_be_decoded_as_a_whole(odd: str) -> None:
    """Also where a field has control characters, or a number of thousands of digits."""
    result = Result.read(f'{{"id": 9, "status": "completed", "metadata": {odd}}}'.encode())
    assert (result.id, result.raw["id"]) == (9, 9)


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"9", b"{}", b'{"id": true}', b'{"id": "x"}', b"<html>", b'{"id": 9'],
)
def test_an_answer_without_an_id_is_unreadable(body: bytes) -> None:
    """Nothing is guessed."""
    with pytest.raises(UnreadableError):
        Launch.read(body, PLAN)


def test_a_launch_in_the_published_shape() -> None:
    """Id, status and runs come from the start response as the page shows it."""
    launch = Launch.read(
        json.dumps(
            {
                "id": 167,
                "status": "pending",
                "runs": [{"id": 274, "scenario": 1, "number": None, "status": "pending"}],
            }
        ).encode(),
        RunPlan(1, 2),
    )
    assert (launch.result_id, launch.status, launch.planned_runs) == (167, "pending", 2)
    assert [(run.id, run.scenario, run.verdict) for run in launch.runs] == [
        (274, 1, Verdict.UNKNOWN)
    ]


def test_the_inner_id_of_a_run_is_trusted_not_its_key() -> None:
    """The object's key has been seen to differ."""
    assert _result(runs={"77": _run(id=5)}).runs[0].id == 5


def test_a_scenario_is_an_id_or_an_object() -> None:
    """Both forms are sent."""
    runs = _result(runs=[_run(id=5), _run(id=6, scenario={"id": 101, "name": "Refund"})]).runs
    assert [run.scenario for run in runs] == [101, 101]
    assert runs[1].scenario_name == "Refund"


@pytest.mark.parametrize("field", ["not_connected_runs", "failed_infrastructure_runs"])
def test_a_run_that_is_listed_as_never_connected_did_not_pass(field: str) -> None:
    """Even with success true: the agent was not tested."""
    result = _result(runs=[_run()], **{field: [5]})
    assert result.runs[0].verdict is Verdict.INFRASTRUCTURE
    assert not result.passed


@pytest.mark.parametrize("message", ["no answer", ["no answer"], {"code": 1}])
def test_an_error_message_of_any_type_is_an_error(message: object) -> None:
    """Nobody has documented its type."""
    assert _result(runs=[_run(error_message=message)]).verdict is Verdict.INFRASTRUCTURE


@pytest.mark.parametrize("message", ["", None, "  "])
def test_an_empty_error_message_is_none(message: object) -> None:
    """A run that went well has "" or null here."""
    assert _result(runs=[_run(error_message=message)]).passed


@pytest.mark.parametrize("success", ["true", 1, "yes", [], None])
def test_only_true_is_success(success: object) -> None:
    """What is not a boolean is no score."""
    assert _result(runs=[_run(success=success)]).verdict is Verdict.UNSCORED


def test_runs_that_are_counted_but_missing_keep_a_result_from_passing() -> None:
    """The server counts three and shows one."""
    result = _result(runs=[_run()], total_runs_count=3)
    assert (result.verdict, result.expected_runs, result.missing_runs) == (Verdict.UNKNOWN, 3, 2)
    with pytest.raises(NotPassedError, match=r"counts 3 runs, but the answer has 1"):
        result.raise_unless_passed()


def test_runs_that_were_planned_but_never_ran_keep_a_result_from_passing() -> None:
    """Four were planned, two ran and passed, and the server counts two: nobody knows of the others."""
    result = evolve(_result(runs=[_run(id=1), _run(id=2)], total_runs_count=2), planned=4)
    assert (result.verdict, result.missing_runs, result.scored) == (Verdict.UNKNOWN, 2, False)
    assert result.problems == ("4 runs were expected, but the answer has 2",)
    assert evolve(result, planned=2).passed


def test_a_run_that_is_listed_twice_is_one_run() -> None:
    """So it does not stand in for another, and of two accounts of it the worse counts."""
    twice = _result(runs=[_run(), _run()], total_runs_count=2)
    assert (len(twice.runs), twice.verdict) == (1, Verdict.UNKNOWN)
    torn = _result(runs=[_run(), _run(success=False), _run()])
    assert torn.counts == {Verdict.FAILED: 1}


@pytest.mark.parametrize(
    ("counts", "problem"),
    [
        ({"total_runs_count": 1}, "total_runs_count is 1, but 2 runs are listed"),
        ({"completed_runs_count": 1}, "completed_runs_count is 1, but 2 runs that passed"),
        ({"success_runs_count": "0"}, "success_runs_count is 0, but 2 runs that passed"),
        ({"failed_runs_count": 1}, "failed_runs_count is 1, but 0 runs that did not pass"),
    ],
)
def test_counts_that_contradict_the_runs_keep_a_result_from_passing(
    counts: dict[str, object], problem: str
) -> None:
    """The server itself says that it is worse than its runs look."""
    result = _result(runs=[_run(id=1), _run(id=2)], **counts)
    assert (result.verdict, result.scored) == (Verdict.UNKNOWN, False)
    assert len(result.problems) == 1
    assert problem in result.problems[0]


def test_counts_that_agree_with_the_runs_are_no_problem() -> None:
    """Also where some runs did not pass."""
    runs = [_run(id=1), _run(id=2, success=False), _run(id=3, status="timeout")]
    counts = {"total": 3, "completed": 2, "success": 1, "failed": 2}
    result = _result(runs=runs, **{f"{name}_runs_count": n for name, n in counts.items()})
    assert result.problems == ()
    assert result.scored


def test_a_completed_result_without_runs_is_not_scored() -> None:
    """Its runs may be listed a moment later, so it is worth another look."""
    result = _result(runs=[])
    assert (result.scored, result.verdict) == (False, Verdict.UNKNOWN)
    assert result.problems == ("the answer has no runs",)


@pytest.mark.parametrize("odd", [None, 7, "gone", [], [_run()]])
def test_a_run_that_is_no_object_keeps_a_result_from_passing(odd: object) -> None:
    """Of what cannot be read nobody knows that it passed."""
    assert _result(runs=[_run(), odd]).counts == {Verdict.PASSED: 1, Verdict.UNKNOWN: 1}
    assert not _result(runs={"1": _run(), "2": odd}).passed


def test_what_did_not_pass_is_named_with_its_reasons() -> None:
    """The error says which runs, and why, in the server's words."""
    result = _result(
        runs=[
            _run(id=1),
            _run(
                id=2,
                success=False,
                scenario_name="Refund",
                expected_outcome={"score": 40, "explanation": ["No refund."]},
                evaluation={
                    "metrics": [
                        {
                            "name": "Tone",
                            "type": "binary_qualitative",
                            "score": 0,
                            "explanation": "Rude.",
                        },
                        {"name": "Latency", "type": "numeric", "score": 0},
                        {"name": "Goal", "type": "binary_workflow_adherence", "score": 1},
                    ]
                },
            ),
            _run(id=3, status="failed", success=None, error_message="SIP 486"),
        ]
    )
    with pytest.raises(NotPassedError) as caught:
        result.raise_unless_passed()
    assert str(caught.value) == (
        "result 1 (completed): failed; 2 of 3 did not pass\n"
        "  run 2 (scenario 101 'Refund'): failed: expected outcome 40 of 100: No refund.; "
        "metric 'Tone' failed: Rude.\n"
        "  run 3 (scenario 101): infrastructure: SIP 486"
    )
    assert caught.value.result is result


def test_a_long_list_of_failures_is_cut() -> None:
    """The error stays readable for 2,000 runs."""
    result = _result(runs=[_run(id=number, success=False) for number in range(1, 101)])
    with pytest.raises(NotPassedError) as caught:
        result.raise_unless_passed()
    lines = str(caught.value).splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  and 80 more"


def test_a_passed_result_raises_nothing_and_gives_no_reasons() -> None:
    """Also where a metric scored badly: the verdict is the server's `success`."""
    result = _result(
        runs=[_run(evaluation={"metrics": [{"type": "binary_x", "name": "T", "score": 0}]})]
    )
    result.raise_unless_passed()
    assert result.runs[0].metrics[0].failed
    assert result.runs[0].reasons == ()


@pytest.mark.parametrize(
    ("sent", "type_", "score", "passed"),
    [
        ({"type": "binary_qualitative", "score": 0}, "binary_qualitative", 0, False),
        ({"type": "binary", "score": 5}, "binary", 5, True),
        ({"type": "binary", "score": None}, "binary", None, None),
        ({"type": "numeric", "score": 0}, "numeric", 0, None),
        ({"eval_type": "binary", "passed": False}, "binary", None, False),
        ({"eval_type": "binary", "passed": True}, "binary", None, True),
        ({"eval_type": "binary", "passed": None}, "binary", None, None),
        ({"eval_type": "binary", "passed": "false"}, "binary", None, None),
        ({"eval_type": "numeric", "score": 3}, "numeric", 3, None),
        (
            {"type": "binary_x", "eval_type": "binary", "score": 5, "passed": False},
            "binary",
            5,
            False,
        ),
        ({"type": "binary", "score": 0, "passed": True}, "binary", 0, True),
        ({"passed": False}, "", None, False),
    ],
)
def test_metrics_are_read_in_both_forms(
    sent: dict[str, Any], type_: str, score: float | None, passed: bool | None
) -> None:
    """Those of v1 have a score, those of v2 say whether they were passed, which is believed first."""
    metrics = [{"name": "Tone", "explanation": "Rude.", **sent}]
    (run,) = _result(runs=[_run(success=False, evaluation={"metrics": metrics})]).runs
    assert run.metrics == (Metric("Tone", type_, score, "Rude.", passed),)
    assert run.metrics[0].failed == (passed is False)
    assert run.reasons == (("metric 'Tone' failed: Rude.",) if passed is False else ())


WINDOW = {
    "outbound_dial_window_opens_at": "2026-06-24T10:47:30Z",
    "outbound_dial_window_seconds": 300,
    "outbound_dial_window_closes_at": "2026-06-24T10:52:30Z",
}
DIAL_WINDOW = DialWindow("2026-06-24T10:47:30Z", "2026-06-24T10:52:30Z", 300)


@pytest.mark.parametrize(
    ("fields", "explained"),
    [
        ({"status": "timeout", "success": None}, True),
        ({"status": "timeout", "success": None, "duration": "00:00"}, True),
        ({"status": "timeout", "success": None, "duration": "03:20"}, False),
        ({"status": "completed", "success": False}, False),
        ({"status": "running", "success": None}, False),
    ],
)
def test_a_dial_window_explains_a_timeout_without_a_call(
    fields: dict[str, Any], explained: bool
) -> None:
    """Nothing else: a call that took place was in time."""
    (run,) = _result(runs=[_run(**fields, **WINDOW)]).runs
    assert run.dial_window == DIAL_WINDOW
    said = "no call by 2026-06-24T10:52:30Z, when the window for the agent to dial closed"
    assert (said in run.reasons) == explained


def test_a_dial_window_is_known_while_it_is_open() -> None:
    """Already in the answer to the launch; of a call that the agent receives there is none."""
    launch = Launch.read(json.dumps({"id": 9, "runs": [{"id": 5, **WINDOW}]}).encode(), PLAN)
    assert launch.runs[0].dial_window == DIAL_WINDOW
    assert _result(status="running", runs=[_run(**WINDOW)]).runs[0].dial_window is not None
    assert _result(runs=[_run(**dict.fromkeys(WINDOW))]).runs[0].dial_window is None


def test_reasons_come_with_the_end() -> None:
    """While a result goes on, the evaluation of its runs is not even decoded."""
    fields = {"runs": [_run(evaluation={"metrics": [{"name": "Tone"}]})]}
    assert _result(status="evaluating", **fields).runs[0].metrics == ()
    assert [metric.name for metric in _result(**fields).runs[0].metrics] == ["Tone"]


def test_values_can_be_copied_and_pickled_and_are_short_to_print() -> None:
    """Results cross process borders in CI, and end up in logs."""
    result = _result(runs={"5": _run()})
    launch = Launch.read(b'{"id": 9, "runs": [{}]}', PLAN)
    for value in (result, launch):
        assert pickle.loads(pickle.dumps(value)) == value
        assert copy.deepcopy(value) == value
        assert "<1 runs>" in repr(value)
    assert result.raw == {"id": 1, "status": "completed", "runs": {"5": _run()}}


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
_runs = st.fixed_dictionaries(
    {},
    optional={
        "id": _json,
        "scenario": _json,
        "scenario_name": _json,
        "status": st.sampled_from(["completed", "failed", "running", "canceled"]) | _json,
        "success": st.booleans() | _json,
        "error_message": _json,
        "duration": _json,
        "outbound_dial_window_closes_at": _json,
        "outbound_dial_window_seconds": _json,
        "expected_outcome": st.fixed_dictionaries({"score": _json, "explanation": _json}) | _json,
        "evaluation": st.fixed_dictionaries(
            {
                "metrics": st.lists(
                    st.fixed_dictionaries(
                        {"name": _json, "score": _json},
                        optional={"eval_type": st.just("binary") | _json, "passed": _json},
                    )
                )
                | _json
            }
        )
        | _json,
        "transcript_object": _json,
    },
)
_results = st.fixed_dictionaries(
    {"id": st.integers(1) | _json},
    optional={
        "name": _json,
        "status": st.sampled_from(["completed", "failed", "running"]) | _json,
        "total_runs_count": _json,
        "not_connected_runs": st.lists(_json) | _json,
        "failed_infrastructure_runs": _json,
        "runs": st.lists(_runs, max_size=4)
        | st.dictionaries(st.text(max_size=4), _runs, max_size=4)
        | _json,
    },
)


def slowly(body: bytes, *, ended: bool) -> decoding.ResultFields[Any]:
    return decoding.from_document(decoding.document(body), ended=ended)


@settings(max_examples=300)
@given(_results)
def test_fast_and_slow_decoding_see_the_same(document: dict[str, Any]) -> None:
    """Whatever the types, both paths give equal results, or both find the answer unreadable."""
    body = json.dumps(document).encode()

    def read() -> object:
        try:
            result = Result.read(body)
        except UnreadableError as error:
            return str(error)
        return result, result.verdict, [(run.verdict, run.reasons) for run in result.runs]

    fast = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "result_fields", slowly)
        slow = read()
    assert repr(fast) == repr(slow)


@given(st.binary())
def test_no_bytes_make_anything_else_come_out(body: bytes) -> None:
    """A result or `UnreadableError`."""
    try:
        Result.read(body)
    except UnreadableError:
        return


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"not_connected_runs": [99]}, "not_connected_runs names runs that are not listed"),
        ({"not_connected_runs": "some"}, "not_connected_runs names runs"),
        ({"failed_infrastructure_runs": 3}, "failed_infrastructure_runs names runs"),
    ],
)
def test_failures_of_runs_that_are_not_listed_keep_a_result_from_passing(
    fields: dict[str, Any], problem: str
) -> None:
    """Nobody knows which of the runs that look fine are meant."""
    result = _result(runs=[_run(id=1), _run(id=2)], **fields)
    assert not result.passed
    assert problem in result.problems[0]


def test_a_run_that_never_connected_may_be_named_by_an_object() -> None:
    """It has the id."""
    result = _result(runs=[_run(id=1), _run(id=2)], not_connected_runs=[{"id": 1}])
    assert result.counts == {Verdict.INFRASTRUCTURE: 1, Verdict.PASSED: 1}


def test_runs_without_ids_cannot_be_counted() -> None:
    """One of them may be listed twice."""
    assert _result(runs=[_run(id=None)]).passed
    assert not _result(runs=[_run(id=None), _run(id=None)]).passed


@pytest.mark.parametrize(
    ("ran", "problems"),
    [
        ([1, 2], ()),
        ([1, 1], ("1 runs of scenario 2 were expected, but the answer has 0",)),
        ([1, None], ()),
    ],
)
def test_each_scenario_that_was_asked_for_must_have_run(
    ran: list[int | None], problems: tuple[str, ...]
) -> None:
    """Two runs of one do not stand in for one of each; what the server does not say is not held."""
    runs = [_run(id=n, scenario=scenario) for n, scenario in enumerate(ran, start=1)]
    launch = Launch(7, "", (), RunPlan(2), {}, scenarios=(1, 2))
    result = _result(runs=runs).expecting(launch)
    assert (result.problems, result.passed) == (problems, not problems)
