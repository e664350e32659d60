"""Contains all the data models used in inputs/outputs; each is imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .all_scenarios import AllScenarios
    from .end_calls_response_404 import EndCallsResponse404
    from .evaluation import Evaluation
    from .expected_outcome import ExpectedOutcome
    from .get_result_response_404 import GetResultResponse404
    from .known_status import KnownStatus
    from .metric import Metric
    from .outcome_alignment import OutcomeAlignment
    from .result_detail import ResultDetail
    from .result_detail_runs import ResultDetailRuns
    from .result_page import ResultPage
    from .result_summary import ResultSummary
    from .run_detail import RunDetail
    from .run_scenarios_vapi_web_rtc_request import RunScenariosVapiWebRTCRequest
    from .run_scenarios_with_websockets import RunScenariosWithWebsockets
    from .scenario_reference import ScenarioReference
    from .scenario_with_websocket import ScenarioWithWebsocket
    from .schema_post_run_scenarios import SchemaPostRunScenarios
    from .schema_post_run_scenarios_mode import SchemaPostRunScenariosMode
    from .start_response import StartResponse
    from .start_response_run import StartResponseRun
    from .test_profile_data import TestProfileData
    from .validation_error_fields import ValidationErrorFields

__all__ = (
    "AllScenarios",
    "EndCallsResponse404",
    "Evaluation",
    "ExpectedOutcome",
    "GetResultResponse404",
    "KnownStatus",
    "Metric",
    "OutcomeAlignment",
    "ResultDetail",
    "ResultDetailRuns",
    "ResultPage",
    "ResultSummary",
    "RunDetail",
    "RunScenariosVapiWebRTCRequest",
    "RunScenariosWithWebsockets",
    "ScenarioReference",
    "ScenarioWithWebsocket",
    "SchemaPostRunScenarios",
    "SchemaPostRunScenariosMode",
    "StartResponse",
    "StartResponseRun",
    "TestProfileData",
    "ValidationErrorFields",
)

_MODULES = {
    "AllScenarios": ".all_scenarios",
    "EndCallsResponse404": ".end_calls_response_404",
    "Evaluation": ".evaluation",
    "ExpectedOutcome": ".expected_outcome",
    "GetResultResponse404": ".get_result_response_404",
    "KnownStatus": ".known_status",
    "Metric": ".metric",
    "OutcomeAlignment": ".outcome_alignment",
    "ResultDetail": ".result_detail",
    "ResultDetailRuns": ".result_detail_runs",
    "ResultPage": ".result_page",
    "ResultSummary": ".result_summary",
    "RunDetail": ".run_detail",
    "RunScenariosVapiWebRTCRequest": ".run_scenarios_vapi_web_rtc_request",
    "RunScenariosWithWebsockets": ".run_scenarios_with_websockets",
    "ScenarioReference": ".scenario_reference",
    "ScenarioWithWebsocket": ".scenario_with_websocket",
    "SchemaPostRunScenarios": ".schema_post_run_scenarios",
    "SchemaPostRunScenariosMode": ".schema_post_run_scenarios_mode",
    "StartResponse": ".start_response",
    "StartResponseRun": ".start_response_run",
    "TestProfileData": ".test_profile_data",
    "ValidationErrorFields": ".validation_error_fields",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = getattr(import_module(_MODULES[name], __name__), name)
    return globals()[name]
