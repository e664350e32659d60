"""What the parts of the plugin have in common; imports nothing but pytest."""

from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from cekura_client.pytest_plugin.attempts import Attempt
    from cekura_client.pytest_plugin.orders import Orders

MARKERS = {
    "cekura_voice": "run_voice",
    "cekura_websocket": "run_websocket",
    "cekura_vapi_webrtc": "run_vapi_webrtc",
}
RUN, RESULT, OPTIONS = "cekura_run", "cekura_result", "cekura_client_options"
FIXTURES = {RUN, RESULT}

# Properties of a test, as they stand in a junit.xml.
OUTCOME, RESULT_ID, RUN_ID = "cekura_result", "cekura_result_id", "cekura_run_id"

# What is kept at a test: why it fails, or "" if it may go on.
VERDICT: pytest.StashKey[str] = pytest.StashKey()
# What is kept at the session: what its markers ask for, and the launches by their keys.
ORDERS: "pytest.StashKey[Orders]" = pytest.StashKey()
ATTEMPTS: "pytest.StashKey[dict[str, Attempt]]" = pytest.StashKey()


class Slot(NamedTuple):
    """Which run of a launch a test is about: the `nth` of a scenario, from 1."""

    scenario: int
    nth: int


def in_worker(config: pytest.Config) -> bool:
    """Whether this process is a worker of pytest-xdist."""
    return hasattr(config, "workerinput")
