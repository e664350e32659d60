"""Names that the parts of the plugin share. Imports nothing, not even pytest."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cekura_client.core.description import LaunchKind

RUN, RESULT, OPTIONS = "cekura_run", "cekura_result", "cekura_client_options"
FIXTURES = {RUN, RESULT}

# Properties of a test in a junit.xml.
OUTCOME, RESULT_ID, RUN_ID = "cekura_result", "cekura_result_id", "cekura_run_id"


@cache
def markers() -> dict[str, LaunchKind]:
    """The markers and their launches. Read when pytest is configured, not when the plugin is loaded."""
    from cekura_client.core.launch_kinds import KINDS

    return {kind.marker: kind for kind in KINDS.values()}


class RunSlot(NamedTuple):
    """The run that a test is about: the `nth` run of a scenario, from 1."""

    scenario: int
    nth: int
