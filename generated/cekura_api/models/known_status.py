from typing import Literal

KnownStatus = Literal[
    "cancelled",
    "completed",
    "evaluating",
    "failed",
    "in_progress",
    "in_queue",
    "pending",
    "running",
    "scaling_up",
    "timeout",
]

KNOWN_STATUS_VALUES: set[KnownStatus] = {
    "cancelled",
    "completed",
    "evaluating",
    "failed",
    "in_progress",
    "in_queue",
    "pending",
    "running",
    "scaling_up",
    "timeout",
}


def check_known_status(value: str) -> KnownStatus:
    if value in KNOWN_STATUS_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {KNOWN_STATUS_VALUES!r}"
    )
