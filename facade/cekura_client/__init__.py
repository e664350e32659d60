"""Launch Cekura evaluators from Python, wait, and get an honest verdict.

Start with `Cekura` or `AsyncCekura`. The tree of errors is in `cekura_client.errors`, the record of
launches in `cekura_client.record`, a stand-in server for tests in `cekura_client.sandbox`.

Everything is imported when it is first used, so that what needs only a part stays quick to start.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from cekura_client.version import VERSION as __version__

if TYPE_CHECKING:
    from cekura_client.client import AsyncCekura, Cekura
    from cekura_client.core.folder_path import FolderPathWarning
    from cekura_client.core.launch_kinds import WebsocketScenario
    from cekura_client.core.launches import Launch
    from cekura_client.core.plan import RunPlan
    from cekura_client.core.polling import Polling
    from cekura_client.core.recovery import Candidate
    from cekura_client.core.results import Result
    from cekura_client.core.runs import ExpectedOutcome, Metric, Run
    from cekura_client.core.timeouts import Timeouts
    from cekura_client.core.verdicts import Verdict
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
        WaitsError,
        WaitTimeoutError,
    )
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
    "WaitsError",
    "WebsocketScenario",
    "__version__",
]

_HOMES = {
    "client": ("AsyncCekura", "Cekura"),
    "core.folder_path": ("FolderPathWarning",),
    "core.launches": ("Launch",),
    "core.plan": ("RunPlan",),
    "core.polling": ("Polling",),
    "core.recovery": ("Candidate",),
    "core.results": ("Result",),
    "core.runs": ("ExpectedOutcome", "Metric", "Run"),
    "core.timeouts": ("Timeouts",),
    "core.verdicts": ("Verdict",),
    "core.launch_kinds": ("WebsocketScenario",),
    "wire.aborting": ("AbortGuard",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = ("errors", "record")


def __getattr__(name: str) -> object:
    """What is asked for the first time (PEP 562)."""
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    home = "errors" if name.endswith("Error") else _HOME_OF.get(name)
    module = None if home is None else import_module(f"{__name__}.{home}")
    if not hasattr(module, name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
