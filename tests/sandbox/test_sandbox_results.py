"""How results move with time, what they look like at their end, and how they are listed."""

from collections.abc import Callable
from typing import Any

import pytest

from cekura_client.sandbox import Outcome, Script
from tests.sandbox.support import RESULTS, V1_RESULTS, VOICE, Api, Clock, departures

Play = Callable[..., Api]

ENDS = {
    Outcome.PASSED: ("completed", True),
    Outcome.FAILED: ("completed", False),
    Outcome.UNSCORED: ("completed", None),
    Outcome.INFRASTRUCTURE: ("failed", None),
    Outcome.TIMEOUT: ("timeout", None),
    Outcome.CANCELLED: ("cancelled", None),
    Outcome.STUCK: ("running", None),
}
ENDED = [outcome for outcome in Outcome if outcome is not Outcome.STUCK]


def only_run(result: dict[str, Any]) -> dict[str, Any]:
    (run,) = result["runs"].values()
    assert isinstance(run, dict)
    return run


def test_a_run_goes_through_its_states(play: Play, clock: Clock) -> None:
    """A run stays `pace` seconds in each state, and the result says the same in its own words."""
    api = play()
    number = api.start()["id"]
    seen: list[tuple[str, str]] = []
    for _ in range(6):
        result = api.result(number)
        assert departures("get", f"{RESULTS}{{id}}/", 200, result) == []
        seen.append((result["status"], only_run(result)["status"]))
        clock.now += 10
    assert seen == [
        ("pending", "pending"),
        ("in_progress", "in_queue"),
        ("running", "running"),
        ("evaluating", "evaluating"),
        ("completed", "completed"),
        ("completed", "completed"),
    ]


def test_only_completed_calls_are_evaluated(play: Play, clock: Clock) -> None:
    """Where a call did not complete the run ends without being evaluated."""
    api = play(outcomes={101: Outcome.TIMEOUT})
    number = api.start()["id"]
    clock.now += 35
    assert api.result(number)["status"] == "timeout"


def test_scores_arrive_after_the_end(play: Play, clock: Clock) -> None:
    """`success` is null for `score_delay` seconds after completion, and so are its reasons."""
    api = play(score_delay=5, outcomes={101: "failed"})
    number = api.start()["id"]
    clock.now += 44
    early = only_run(api.result(number))
    clock.now += 2
    late = only_run(api.result(number))
    assert (early["status"], early["success"], early["expected_outcome"]) == ("completed", None, {})
    assert early["evaluation"] == {"metrics": []}
    assert (late["status"], late["success"]) == ("completed", False)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_outcome_ends_with_its_status(play: Play, outcome: Outcome) -> None:
    """A scenario ends as scripted, by its Outcome or the Outcome's name, and fits the schema."""
    api = play(pace=0, outcomes={101: outcome.value})
    result = api.result(api.start()["id"])
    run = only_run(result)
    assert (run["status"], run["success"]) == ENDS[outcome]
    assert result["status"] == run["status"]
    assert departures("get", f"{RESULTS}{{id}}/", 200, result) == []
    assert departures("get", RESULTS, 200, api.listed()) == []


def test_an_unknown_outcome_is_refused_at_once(play: Play) -> None:
    """A misspelt outcome is a ValueError of the constructor."""
    with pytest.raises(ValueError, match="pased"):
        play(outcomes={101: "pased"})


def test_a_failed_run_says_why(play: Play) -> None:
    """It connected and missed its outcome: a score below 100, reasons, and a failed metric."""
    api = play(pace=0, outcomes={101: Outcome.FAILED})
    result = api.result(api.start()["id"])
    run = only_run(result)
    outcome = run["expected_outcome"]
    assert outcome["score"] < 100
    assert outcome["explanation"]
    assert not all(part["aligned"] for part in outcome["outcome_alignments"])
    failed = [metric for metric in run["evaluation"]["metrics"] if not metric["passed"]]
    assert [metric["eval_type"] for metric in failed] == ["binary"]
    assert failed[0]["explanation"]
    assert run["error_message"] == ""
    assert result["failed_workflow_runs"] == result["connected_runs"] == [run["id"]]


def test_binary_metrics_have_the_form_of_their_version(play: Play) -> None:
    """v1 has a type and a score, v2 whether it was passed; all else is the same in both."""
    numeric = {"name": "Latency", "type": "numeric", "score": 2.5}
    unscored = {"name": "Tone", "type": "binary_qualitative", "score": None}
    api = play(pace=0, outcomes={101: Script(outcome=Outcome.FAILED, metrics=[numeric, unscored])})
    number = api.start()["id"]
    new, old = (api.http.get(f"{path}{number}/").json() for path in (RESULTS, V1_RESULTS))
    assert departures("get", f"{V1_RESULTS}{{id}}/", 200, old) == []
    metrics = [only_run(result)["evaluation"].pop("metrics") for result in (new, old)]
    assert new == old
    assert [(m.get("eval_type"), m.get("passed"), "score" in m) for m in metrics[0]] == [
        ("binary", False, False),
        ("binary", True, False),
        (None, None, True),
        ("binary", None, False),
    ]
    assert [(m["type"], m["score"]) for m in metrics[1]] == [
        ("binary_workflow_adherence", 0),
        ("binary_qualitative", 5),
        ("numeric", 2.5),
        ("binary_qualitative", None),
    ]
    assert all("passed" not in metric for metric in metrics[1])
    assert [a["explanation"] for a in metrics[0]] == [b["explanation"] for b in metrics[1]]
    listed = [api.http.get(path).json() for path in (RESULTS, V1_RESULTS)]
    assert listed[0] == listed[1]


def test_an_infrastructure_failure_has_an_error_message(play: Play) -> None:
    """It never connected: an error message, no transcript, and no verdict on the agent."""
    api = play(pace=0, outcomes={101: Outcome.INFRASTRUCTURE})
    result = api.result(api.start()["id"])
    run = only_run(result)
    assert run["error_message"]
    assert run["transcript_object"] == []
    assert run["duration"] == "00:00"
    assert result["not_connected_runs"] == result["failed_infrastructure_runs"] == [run["id"]]
    assert result["failed_workflow_runs"] == result["connected_runs"] == []


def test_a_result_of_all_kinds(play: Play) -> None:
    """Counts are integers, lists name runs, and one completed run completes the result."""
    outcomes = dict(enumerate(ENDED, start=1))
    api = play(pace=0, outcomes=outcomes)
    started = api.start(scenarios=list(outcomes))
    ids = {outcomes[run["scenario"]]: run["id"] for run in started["runs"]}
    result = api.result(started["id"])
    assert list(result["runs"]) == [str(number) for number in ids.values()]
    assert result["status"] == "completed"
    assert [result[f"{name}_runs_count"] for name in ("total", "completed", "success")] == [6, 3, 1]
    assert result["failed_runs_count"] == 3
    assert (result["met_expected_outcome_count"], result["total_expected_outcome_count"]) == (1, 2)
    assert result["not_connected_runs"] == [ids[Outcome.INFRASTRUCTURE]]
    completed = [ids[Outcome.PASSED], ids[Outcome.FAILED], ids[Outcome.UNSCORED]]
    assert result["successful_calls"] == completed
    reasons = result["failed_reasons"]
    failed = [ids[Outcome.FAILED], ids[Outcome.INFRASTRUCTURE], ids[Outcome.TIMEOUT]]
    assert sorted(x for issue in reasons["issues"] for x in issue["run_ids"]) == sorted(failed)
    assert reasons["total_failed_runs"] == 3
    assert result["scenarios"][0] == {"id": 1, "name": "Scenario 1"}
    assert result["overall_evaluation"]["metrics"]
    assert result["total_duration"].count(":") == 1


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        (("infrastructure", "infrastructure"), "failed"),
        (("infrastructure", "timeout"), "failed"),
        (("timeout", "timeout"), "timeout"),
        (("timeout", "cancelled"), "cancelled"),
        (("failed", "infrastructure"), "completed"),
    ],
)
def test_the_end_of_a_result(play: Play, outcomes: tuple[str, str], status: str) -> None:
    """Completed if one run is; otherwise cancelled, failed or timeout."""
    api = play(pace=0, outcomes=dict(enumerate(outcomes)))
    assert api.result(api.start(scenarios=[0, 1])["id"])["status"] == status


def test_end_calls_cancels_running_calls(play: Play, clock: Clock) -> None:
    """It answers 200 without a body; the runs are cancelled at once and stay so."""
    api = play()
    number = api.start()["id"]
    clock.now += 25
    answer = api.end_calls(number)
    assert (answer.status_code, answer.content) == (200, b"")
    for _ in range(2):
        result = api.result(number)
        assert (result["status"], only_run(result)["success"]) == ("cancelled", None)
        assert result["connected_runs"]
        clock.now += 100


def test_end_calls_before_the_call_connects(play: Play) -> None:
    """A run that is cancelled while it waits has not been connected."""
    api = play()
    started = api.start()
    assert api.result(started["id"])["not_connected_runs"] == []
    api.end_calls(started["id"])
    assert api.result(started["id"])["not_connected_runs"] == [started["runs"][0]["id"]]


def test_end_calls_does_not_change_ended_runs(play: Play, clock: Clock) -> None:
    """Runs that ended before are not cancelled, and are scored in their time."""
    api = play(outcomes={102: Outcome.TIMEOUT}, score_delay=60)
    number = api.start(scenarios=[101, 102])["id"]
    clock.now += 35
    api.end_calls(number)
    result = api.result(number)
    assert {run["status"] for run in result["runs"].values()} == {"cancelled", "timeout"}
    number = api.start(scenarios=[101])["id"]
    clock.now += 45
    api.end_calls(number)
    clock.now += 60
    assert only_run(api.result(number))["success"] is True


def test_updated_at_does_not_change_after_the_end(play: Play, clock: Clock) -> None:
    """The date of the last change moves while the result does."""
    api = play()
    number = api.start()["id"]
    dates: list[str] = []
    for _ in range(3):
        dates.append(api.result(number)["updated_at"])
        clock.now += 50
    assert dates[0] == api.result(number)["created_at"] < dates[1] == dates[2]


def test_the_list_is_newest_first_with_lists_of_runs(play: Play) -> None:
    """Each result is listed once, the newest first, its runs in a list."""
    api = play(pace=0)
    numbers = [api.start(scenarios=[101, 102])["id"] for _ in range(3)]
    page = api.listed()
    assert departures("get", RESULTS, 200, page) == []
    assert (page["count"], page["next"], page["previous"]) == (3, None, None)
    assert [result["id"] for result in page["results"]] == numbers[::-1]
    assert [run["scenario"] for run in page["results"][0]["runs"]] == [101, 102]


def test_pages_lead_to_each_other(play: Play) -> None:
    """Following `next` meets every result once, keeps the filters, and `previous` leads back."""
    api = play(pace=0)
    for number in range(25):
        api.start(scenarios=[101], name=f"{'odd' if number % 2 else 'even'} {number}")
    assert len(api.listed()["results"]) == 20
    page = api.listed(page_size=5, search="odd")
    pages = [page]
    while page["next"]:
        page = api.http.get(page["next"]).json()
        pages.append(page)
    names = [result["name"] for page in pages for result in page["results"]]
    assert names == [f"odd {number}" for number in range(23, 0, -2)]
    assert [page["count"] for page in pages] == [12, 12, 12]
    assert api.http.get(pages[1]["previous"]).json()["results"] == pages[0]["results"]


def test_the_list_can_be_filtered(play: Play) -> None:
    """By part of the name in any letter case, by agent, by project, and by all of them."""
    api = play(pace=0)
    one = api.start(scenarios=[1], name="Nightly A", agent_id=1, project_id=5)["id"]
    two = api.start(scenarios=[1], name="nightly B", agent_id=2, project_id=5)["id"]
    api.start(VOICE, scenarios=[1], name="other", agent_id=2)

    def found(**query: str | int) -> list[int]:
        return [result["id"] for result in api.listed(**query)["results"]]

    # Without a project of its own a launch belongs to the default one.
    assert len(found(project_id=1376)) == 1
    assert found(search="NIGHT") == [two, one]
    assert found(agent_id=2, search="night") == [two]
    assert found(project_id=5) == [two, one]
    assert found(project_id=5, agent_id=1) == [one]
    assert found(search="no such") == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=999", 404),
        ("page=0", 400),
        ("page=x", 400),
        ("page_size=-1", 400),
        ("agent_id=x", 400),
    ],
)
def test_invalid_pages_are_refused(api: Api, query: str, status: int) -> None:
    """A page past the end is 404; what is no number from 1 is 400."""
    assert api.http.get(f"{RESULTS}?{query}").status_code == status
