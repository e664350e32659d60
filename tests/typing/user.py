"""Uses the library as a user would; mypy and pyright read this file, nobody runs it."""

from typing import assert_type

from cekura_api.api.runs import list_results
from cekura_client import (
    AbortGuard,
    AsyncCekura,
    Candidate,
    Cekura,
    CekuraError,
    Launch,
    LaunchOutcomeUnknownError,
    Polling,
    Result,
    Run,
    RunPlan,
    Verdict,
    WebsocketScenario,
)
from cekura_client.errors import NotPassedError, RunLimitError, WaitsError, WaitTimeoutError
from cekura_client.record import LaunchRecord
from cekura_client.sandbox import Sandbox


def blocking() -> None:
    with Cekura(api_key="k", base_url="http://127.0.0.1:8000") as cekura:
        launch = cekura.run_voice(agent_id=12, scenarios=[101, 102], frequency=2, max_runs=10)
        assert_type(launch, Launch)
        assert_type(launch.planned_runs, int | None)
        cekura.run_voice(agent_id=12, scenarios="all", mode="same_number")
        cekura.run_voice(
            agent_id=12, first=5, extra_body={"brand_new": ["lookup"]}, mock_tool_names=None
        )
        cekura.run_voice(agent_id=12, scenarios=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        cekura.run_voice(agent_id="12", scenarios=[5])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        cekura.run_voice(agentid=12, scenarios=[5])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        cekura.run_voice(scenarios=[5], mode="any")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        cekura.run_websocket(scenarios=[(1, None)])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        cekura.run_voice(folder_path="Sales.Inbound", project_id=1376, personality_ids=(1, 2))
        cekura.run_websocket(
            scenarios=[WebsocketScenario(101, "wss://a.example"), (102, None), {"scenario": 3}],
            frequency=1,
        )
        cekura.run_vapi_webrtc(scenarios={1, 2}, vapi_assistant_id="asst")
        result = cekura.wait(launch, timeout=1800, on_update=print, polling=Polling(first=1))
        assert_type(result, Result)
        assert_type(result.runs, tuple[Run, ...])
        assert_type(result.counts, dict[Verdict, int])
        result.raise_unless_passed()
        cekura.end_calls(launch.result_id)
        with cekura.end_calls_on_abort(launch) as guard:
            assert_type(guard, AbortGuard)
        for lost in LaunchRecord("launches.jsonl").unsettled():
            assert_type(cekura.recover(lost), Launch)
        page = list_results.sync(client=cekura.api, search="nightly")
        assert page is not None


async def awaited() -> None:
    async with AsyncCekura() as cekura:

        async def on_update(result: Result) -> None:
            assert_type(result.verdict, Verdict)

        try:
            launch = await cekura.run_voice(scenarios=[101])
        except LaunchOutcomeUnknownError as error:
            assert_type(error.status_code, int | None)
            assert_type(error.candidates, tuple[Candidate, ...])
            raise
        except CekuraError:
            return
        assert_type(launch, Launch)
        assert_type(await cekura.wait(launch, on_update=on_update), Result)
        async with cekura.end_calls_on_abort(launch) as guard:
            assert_type(guard.ended, bool | None)
        assert_type(await cekura.get_result(launch), Result)


def with_the_sandbox() -> None:
    with Sandbox(pace=0) as sandbox, Cekura(api_key=sandbox.api_key, base_url=sandbox.url) as c:
        assert_type(c.get_result(7001).passed, bool)


def errors(
    limit: RunLimitError, late: WaitTimeoutError, several: WaitsError, failed: NotPassedError
) -> None:
    assert_type(limit.plan, RunPlan | None)
    assert_type(late.result, Result | None)
    assert_type(several.results, tuple[Result, ...])
    assert_type(failed.result, Result | None)
