"""A text exactly as typed; an http or https address where the whole of it is one."""

from __future__ import annotations

import re

from bot.qr.payloads.payload import Payload, without_controls
from bot.qr.refusal import Refused

_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


def build_text(text: str) -> Payload:
    """Build the payload of a text; refuses an empty one and control characters."""
    if not text:
        raise Refused("There is no text yet. Tell me what the code should say.", field="text")
    without_controls(text, field="text", allowed="\t\n\r")
    return Payload(text, "url" if _ADDRESS.fullmatch(text) else "text")
