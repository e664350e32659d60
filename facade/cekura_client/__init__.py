"""Launch Cekura evaluators from Python, wait, and get an honest verdict.

Start with `Cekura` or `AsyncCekura`. The tree of errors is in `cekura_client.errors`, the record of
launches in `cekura_client.record`, a stand-in server for tests in `cekura_client.sandbox`.
"""

from cekura_client.client import AsyncCekura, Cekura
from cekura_client.core.folder_path import FolderPathWarning
from cekura_client.core.launches import Launch
from cekura_client.core.plan import RunPlan
from cekura_client.core.polling import Polling
from cekura_client.core.recovery import Candidate
from cekura_client.core.results import Result
from cekura_client.core.runs import ExpectedOutcome, Metric, Run
from cekura_client.core.timeouts import Timeouts
from cekura_client.core.verdicts import Verdict
from cekura_client.core.websocket import WebsocketScenario
from cekura_client.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    CekuraError,
    FolderPathError,
    InsufficientBalanceError,
    InvalidRequestError,
    LaunchNotSentError,
    LaunchOutcomeUnknownError,
    NoAnswerError,
    NotFoundError,
    NotPassedError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RunLimitError,
    ServerError,
    WaitTimeoutError,
)
from cekura_client.version import VERSION as __version__
from cekura_client.wire.aborting import AbortGuard

__all__ = [
    "AbortGuard",
    "ApiError",
    "AsyncCekura",
    "AuthenticationError",
    "BadRequestError",
    "Candidate",
    "Cekura",
    "CekuraError",
    "ExpectedOutcome",
    "FolderPathError",
    "FolderPathWarning",
    "InsufficientBalanceError",
    "InvalidRequestError",
    "Launch",
    "LaunchNotSentError",
    "LaunchOutcomeUnknownError",
    "Metric",
    "NoAnswerError",
    "NotFoundError",
    "NotPassedError",
    "PermissionDeniedError",
    "Polling",
    "RateLimitError",
    "RedirectError",
    "Result",
    "Run",
    "RunLimitError",
    "RunPlan",
    "ServerError",
    "Timeouts",
    "Verdict",
    "WaitTimeoutError",
    "WebsocketScenario",
    "__version__",
]
