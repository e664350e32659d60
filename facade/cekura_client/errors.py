"""Everything that this library raises.

::

    CekuraError
    ├── InvalidRequestError (ValueError)   refused here, before anything was sent
    │   ├── FolderPathError
    │   └── RunLimitError                  more runs than max_runs; .plan
    ├── LaunchNotSentError                 the server was not reached: nothing was launched
    ├── LaunchOutcomeUnknownError          sent, no readable answer: may be running and billed
    ├── NoAnswerError                      a read that got no readable answer
    ├── ApiError                           the server refused; .status_code .messages .body
    │   ├── RedirectError                  3xx, never followed
    │   ├── BadRequestError                400
    │   ├── AuthenticationError            401
    │   ├── InsufficientBalanceError       402
    │   ├── PermissionDeniedError          403
    │   ├── NotFoundError                  404
    │   ├── RateLimitError                 429
    │   └── ServerError                    5xx
    ├── WaitTimeoutError (TimeoutError)    not ended within the time given; .result
    ├── WaitsError                         some of several waits failed; .errors .results
    └── NotPassedError                     raised by Result.raise_unless_passed; .result

After a launch, only `LaunchOutcomeUnknownError` leaves open whether there is something to pay for;
every other error of a launch says that nothing was started.
"""

from cekura_client.core.errors import *
from cekura_client.core.plan import RunLimitError as RunLimitError
from cekura_client.core.recovery import LaunchOutcomeUnknownError as LaunchOutcomeUnknownError
from cekura_client.core.results import NotPassedError as NotPassedError
from cekura_client.core.results import WaitsError as WaitsError
from cekura_client.core.results import WaitTimeoutError as WaitTimeoutError
