"""Which values of a request may be shown again.

Requests carry credentials: in websocket addresses and headers, tokens, the configuration of a
provider. So one rule holds wherever the sandbox repeats a request: on its page, in its journal, in
a repr, in the `run_settings` of a result. The value of a field listed here is shown; of any other
field only the name. A field that the document adds is hidden until it is listed.
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
    """The fields, each with its value if that is harmless."""
    return {k: _shown(v) if k in HARMLESS else HIDDEN for k, v in fields.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return shown(value) if isinstance(value, dict) else value
