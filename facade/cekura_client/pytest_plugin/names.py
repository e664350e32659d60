"""What the parts of the plugin have in common; imports not even pytest."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cekura_client.core.description import LaunchKind

RUN, RESULT, OPTIONS = "cekura_run", "cekura_result", "cekura_client_options"
FIXTURES = {RUN, RESULT}

# Properties of a test, as they stand in a junit.xml.
OUTCOME, RESULT_ID, RUN_ID = "cekura_result", "cekura_result_id", "cekura_run_id"


@cache
def markers() -> dict[str, LaunchKind]:
    """The markers, and what each launches; read when pytest is configured, not when it is loaded."""
    from cekura_client.core.launch_kinds import KINDS

    return {kind.marker: kind for kind in KINDS.values()}


class Slot(NamedTuple):
    """Which run of a launch a test is about: the `nth` of a scenario, from 1."""

    scenario: int
    nth: int
