"""From the facade over a real socket to the sandbox and back, in both modes."""

from collections.abc import Callable, Iterator

import pytest

from cekura_api.api.runs import end_calls, get_result, list_results, run_voice
from cekura_api.models import ResultPage, SchemaPostRunScenarios, StartResponse
from cekura_api.types import Unset
from cekura_client import (
    AuthenticationError,
    BadRequestError,
    CekuraError,
    NotFoundError,
    NotPassedError,
    Polling,
    Result,
    Verdict,
    WebsocketScenario,
)
from cekura_client.sandbox import Outcome, Sandbox
from tests.clients import EitherClient, FakeTime

Connect = Callable[[Sandbox], EitherClient]

OUTCOMES = {
    102: Outcome.FAILED,
    103: Outcome.INFRASTRUCTURE,
    104: Outcome.TIMEOUT,
    105: Outcome.CANCELLED,
    106: Outcome.UNSCORED,
}


@pytest.fixture
def sandbox(time: FakeTime) -> Iterator[Sandbox]:
    """Runs move with the clock of the test: a pause of the client's wait is time for them, too."""
    with Sandbox(pace=10, outcomes=OUTCOMES, clock=lambda: time.seconds) as sandbox:
        yield sandbox


@pytest.fixture
def client(mode: str, time: FakeTime, sandbox: Sandbox) -> Iterator[EitherClient]:
    client = EitherClient(mode, api_key=sandbox.api_key, base_url=sandbox.url, clock=time.clock)
    yield client
    client.end()


def test_a_voice_launch_passes(client: EitherClient, sandbox: Sandbox, time: FakeTime) -> None:
    """Launched once, followed through its states, passed."""
    launch = client.run_voice(agent_id=12, scenarios=[101], frequency=2, max_runs=2)
    assert (launch.status, launch.planned_runs, len(launch.runs)) == ("pending", 2, 2)
    states: list[str] = []

    def on_update(update: Result) -> None:
        states.append(update.status)

    result = client.wait(launch, on_update=on_update, polling=Polling(longest=8))
    result.raise_unless_passed()
    # The second call begins a little later, so that a state may be told twice.
    moved = list(dict.fromkeys(states))
    assert moved == ["pending", "in_progress", "running", "evaluating", "completed"]
    assert {run.id for run in result.runs} == {run.id for run in launch.runs}
    assert [request.method for request in sandbox.requests].count("POST") == 1


@pytest.mark.parametrize(
    ("scenario", "verdict"),
    [
        (101, Verdict.PASSED),
        (102, Verdict.FAILED),
        (103, Verdict.INFRASTRUCTURE),
        (104, Verdict.TIMEOUT),
        (105, Verdict.CANCELLED),
        (106, Verdict.UNSCORED),
    ],
)
def test_every_outcome_has_its_verdict(
    scenario: int, verdict: Verdict, client: EitherClient
) -> None:
    """Of the run and of the result, alone and beside a run that passes."""
    alone = client.wait(client.run_voice(scenarios=[scenario]))
    assert (alone.verdict, alone.counts) == (verdict, {verdict: 1})
    beside = client.wait(client.run_voice(scenarios=[1, scenario]))
    assert beside.verdict is verdict
    if verdict is not Verdict.PASSED:
        with pytest.raises(NotPassedError, match=f"scenario {scenario} .*: {verdict}"):
            beside.raise_unless_passed()


def test_the_other_launches(client: EitherClient) -> None:
    """A folder, tags, the first N, all, websockets, VAPI: all reach their end."""
    launches = [
        client.run_voice(folder_path="Booking.Happy path", project_id=1376),
        client.run_voice(scenarios="Sales.Outbound", project_id=1376),
        client.run_voice(tags=["smoke"]),
        client.run_voice(first=2, agent_id=12),
        client.run_voice(scenarios="all", agent_id=12, personality_ids=[1, 2]),
        client.run_websocket(
            scenarios=[WebsocketScenario(101, "wss://a.example/c"), (102, "ws://b.example")],
            frequency=2,
        ),
        client.run_vapi_webrtc(scenarios=[101], vapi_assistant_id="asst"),
    ]
    assert [len(launch.runs) for launch in launches] == [1, 2, 2, 2, 12, 4, 1]
    assert all(client.wait(launch).finished for launch in launches)


def test_ending_the_calls(client: EitherClient, time: FakeTime) -> None:
    """What has not ended is cancelled, and does not pass."""
    launch = client.run_voice(scenarios=[101])
    client.end_calls(launch)
    assert client.get_result(launch).verdict is Verdict.CANCELLED


def test_refusals_of_the_server(client: EitherClient, sandbox: Sandbox) -> None:
    """Messages a person can act on, from each shape of body."""
    with pytest.raises(BadRequestError) as caught:
        client.run_voice(scenarios=[101], personality_ids=[999])
    assert caught.value.messages == ("Invalid personalities provided.",)
    with pytest.raises(BadRequestError, match="folder_path: There is no folder 'Nowhere'"):
        client.run_voice(folder_path="Nowhere", project_id=1)
    with pytest.raises(NotFoundError):
        client.get_result(1)
    stranger = EitherClient(client.mode, api_key="wrong", base_url=sandbox.url)
    with pytest.raises(AuthenticationError):
        stranger.run_voice(scenarios=[101])
    stranger.end()


def test_the_generated_client_shares_key_policy_and_errors(
    client: EitherClient, sandbox: Sandbox, mode: str
) -> None:
    """`.api` reaches what the facade does not cover, and raises the same errors."""
    api = client.client.api
    launch = client.run_voice(scenarios=[101], name="by the facade")
    if mode == "async":
        page = client.run(list_results.asyncio_detailed(client=api, search="facade"))
        missing = get_result.asyncio_detailed(id=1, client=api)
        with pytest.raises(NotFoundError):
            client.run(missing)
        with pytest.raises(CekuraError, match="use asyncio_detailed"):
            list_results.sync_detailed(client=api)
    else:
        page = list_results.sync_detailed(client=api, search="facade")
        body = SchemaPostRunScenarios.from_dict({"scenarios": [101]})
        started = run_voice.sync_detailed(client=api, body=body).parsed
        assert isinstance(started, StartResponse)
        assert isinstance(started.id, int)
        assert started.id == launch.result_id + 1
        assert end_calls.sync_detailed(id=started.id, client=api).status_code == 200
        with pytest.raises(NotFoundError):
            get_result.sync_detailed(id=1, client=api)
    assert isinstance(page.parsed, ResultPage)
    assert not isinstance(page.parsed.results, Unset)
    assert [result.id for result in page.parsed.results] == [launch.result_id]
    # Defaults of the models are not sent.
    posts = [r.body for r in sandbox.requests if r.method == "POST" and r.body]
    assert posts[-1].keys() <= {"scenarios", "name"}
