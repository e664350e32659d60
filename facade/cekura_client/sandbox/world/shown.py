"""Which values of a request may be shown.

Requests contain credentials: in websocket addresses and headers, tokens and the configuration of a
provider. So one rule applies wherever the sandbox shows a request: on its page, in its journal, in a repr,
and in the `run_settings` of a result. It shows the values of the fields listed here, and only the names of
all others. A new field of the document is hidden until it is listed.
"""

from collections.abc import Mapping
from typing import Any

HARMLESS = frozenset(
    {
        # what is launched
        *("scenarios", "scenario", "tags", "folder_path", "project_id"),
        *("agent", "agent_id", "assistant_id", "vapi_assistant_id"),
        # how
        *("name", "frequency", "concurrency_limit", "mode", "mock_tool_names"),
        *("personality_id", "personality_ids", "test_profile_id", "test_profile_ids"),
        *("agent_number", "outbound_phone_number"),
        # which page of a list
        *("page", "page_size", "search"),
    }
)
HIDDEN = "***"


def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, with the values of harmless ones."""
    return {k: _shown(v) if k in HARMLESS else HIDDEN for k, v in fields.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return shown(value) if isinstance(value, dict) else value
