"""Blocks and views as an app sends them, small and right; a test breaks them."""

from __future__ import annotations

from typing import Any

from tests.fakes.ledger import JSON

PLAIN = {"type": "plain_text", "text": "a"}
OPTION = {"text": PLAIN, "value": "a"}
SELECT: JSON = {"type": "static_select", "action_id": "s", "options": [OPTION]}


def words(text: str) -> list[JSON]:
    """Write a text as blocks."""
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
        }
    ]


def button(action: str = "a", **more: Any) -> JSON:
    """Make a button."""
    return {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": "Go"},
        "value": "go",
    } | more


def actions(*elements: JSON, **more: Any) -> JSON:
    """Put elements in a row."""
    return {"type": "actions", "elements": list(elements)} | more


def modal(**more: Any) -> JSON:
    """Make a view with one field."""
    field = {"type": "plain_text_input", "action_id": "value"}
    blocks = [{"type": "input", "block_id": "ssid", "label": PLAIN, "element": field}]
    return {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": blocks} | more
