"""Contains all the data models used in inputs/outputs"""

from .all_scenarios import AllScenarios
from .error_detail import ErrorDetail
from .evaluation import Evaluation
from .expected_outcome import ExpectedOutcome
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
    "ErrorDetail",
    "Evaluation",
    "ExpectedOutcome",
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
