"""The step “Create a QR code” of a workflow: from its event to a request (pure), and from a reply to its end.

Shapes: docs.slack.dev/reference/events/function_executed, …/methods/functions.completeSuccess, …completeError;
types: docs.slack.dev/reference/types. Workflow Builder takes no file as an input or output
(slackapi/bolt-js#2407), so that both outputs are texts, which “Send a message” takes.
"""

from __future__ import annotations

from typing import Any

STEP = "create_qr_code"  # the callback id

# As the manifest defines it, under ``functions`` and the callback id: docs.slack.dev/workflows/workflow-steps
FUNCTION: dict[str, Any] = {
    "title": "Create a QR code",
    "description": "Make a QR code of a text or a link, proven to scan",
    "input_parameters": {
        "text": {
            "type": "string",
            "title": "Text or link",
            "description": "What the code says: a link, a number, any text",
            "is_required": True,
            "name": "text",
        },
        "style": {
            "type": "string",
            "title": "Style",
            "description": "How it looks, in words or a preset's name: dots navy on white",
            "is_required": False,
            "name": "style",
        },
    },
    "output_parameters": {
        "picture": {
            "type": "string",
            "title": "Picture",
            "description": "The address of the code's picture, which a message shows",
            "is_required": True,
            "name": "picture",
        },
        "link": {
            "type": "string",
            "title": "Link",
            "description": "What a scan opens or says; empty where that is a secret",
            "is_required": False,
            "name": "link",
        },
    },
}
FUNCTIONS: dict[str, dict[str, Any]] = {STEP: FUNCTION}
