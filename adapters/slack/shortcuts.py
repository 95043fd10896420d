"""From a shortcut to a request: one that is everywhere, and those in a message's menu. Pure.

Shapes: docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload,
interactivity/implementing-shortcuts. What is made or read of a message is for the person alone.
"""

from __future__ import annotations

MAKE, OF_MESSAGE, READ = "make", "make_of_message", "read_message"  # callback ids

# As the manifest names them: docs.slack.dev/reference/app-manifest#features
SHORTCUTS: tuple[dict[str, str], ...] = (
    {
        "name": "Make a QR code",
        "type": "global",
        "callback_id": MAKE,
        "description": "Make a QR code of a link, a contact, a network and more",
    },
    {
        "name": "Make a code of this message",
        "type": "message",
        "callback_id": OF_MESSAGE,
        "description": "Make a QR code of this message's link, contact or text; only you see it at first",
    },
    {
        "name": "Read codes in this picture",
        "type": "message",
        "callback_id": READ,
        "description": "Tell you what the codes in this message's pictures say; only you see it",
    },
)
