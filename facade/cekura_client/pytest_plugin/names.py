"""What the parts of the plugin have in common; imports nothing, not even pytest."""

from typing import NamedTuple

MARKERS = {
    "cekura_voice": "run_voice",
    "cekura_websocket": "run_websocket",
    "cekura_vapi_webrtc": "run_vapi_webrtc",
}
RUN, RESULT, OPTIONS = "cekura_run", "cekura_result", "cekura_client_options"
FIXTURES = {RUN, RESULT}

# Properties of a test, as they stand in a junit.xml.
OUTCOME, RESULT_ID, RUN_ID = "cekura_result", "cekura_result_id", "cekura_run_id"


class Slot(NamedTuple):
    """Which run of a launch a test is about: the `nth` of a scenario, from 1."""

    scenario: int
    nth: int
