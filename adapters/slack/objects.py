"""Composition objects, and texts that Slack takes no part of for markup: pure.

docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

import re
from typing import Any

TEXT = 3000  # characters of one block, and of a field's content
LABEL, VALUE = 75, 2000  # characters of a button's text and value

SIGNS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {127: 0x2421}

_HALF = re.compile(r"&[a-z]*\Z")  # the beginning of an escape

JSON = dict[str, Any]


def escaped(text: str) -> str:
    """Write a text so that Slack takes no part of it for a mention, a link or a command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def fitting(text: str, most: int) -> str:
    """Escape a text, and cut it where it then has too many characters, between two of its own."""
    whole = escaped(text.translate(SIGNS))
    return whole if len(whole) <= most else _HALF.sub("", whole[: most - 1]) + "…"


def plain_text(text: str, most: int) -> JSON:
    """Write a text without markup; Slack takes none without a letter."""
    return {"type": "plain_text", "text": fitting(text, most) if text.strip() else "…", "emoji": True}
