"""The header fields that routes take, described once; what an operation answers follows from them, too."""

from __future__ import annotations

from typing import Any

KEY, PREFER = "Idempotency-Key", "Prefer"
MATCH, NONE_MATCH = "If-Match", "If-None-Match"
LONGEST = 255  # characters of a key

_TAG = '"wPZ5kIBbO2RSQgN5Bf8GzA"'
_TEXT: dict[str, Any] = {"type": "string"}
_KEY: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]+$"}
_DESCRIBED = {
    KEY: (
        _KEY,
        "5f0a1c1e-6f0e-4d57-9a43-0d7c2a3d4b11",
        "Any text of your own, best a UUID. Sent again within a day, the same request does nothing and is "
        "answered as the first time, with the header Idempotent-Replayed.",
    ),
    PREFER: (
        _TEXT,
        "wait=5",
        "With “respond-async” the answer is at once a job, which says where to look; with “wait=5” after at "
        "most five seconds. Without it: after ten.",
    ),
    MATCH: (_TEXT, _TAG, "The ETag that you saw: what was changed since is left alone."),
    NONE_MATCH: (_TEXT, _TAG, "The ETag that you have: what was not changed since is not sent again."),
}


def takes(*names: str) -> dict[str, Any]:
    """Describe header fields that a route takes, for its ``openapi_extra``."""
    return {"parameters": [_parameter(name, *_DESCRIBED[name]) for name in names]}


def _parameter(name: str, schema: dict[str, Any], example: str, description: str) -> dict[str, Any]:
    said = {"name": name, "in": "header", "required": False, "description": description}
    return {**said, "schema": schema, "example": example}
