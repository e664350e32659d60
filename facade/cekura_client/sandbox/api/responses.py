"""Answers in JSON."""

import json
from collections.abc import Mapping

from starlette.responses import Response


def as_json(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer in JSON."""
    # Starlette's own JSONResponse cannot send half a surrogate pair, which JSON can express.
    return Response(json.dumps(content), status, headers, "application/json")
