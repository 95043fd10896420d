"""Limits of Block Kit that hold wherever an object stands, and texts that would be more than text.

docs.slack.dev/reference/block-kit/block-elements, …/composition-objects, …/blocks;
docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.ledger import JSON
from tests.fakes.slack.world import Refused

TEXTS = {  # characters of a text object, by where it stands
    "placeholder": 150, "description": 75, "accessibility_label": 75,
}  # fmt: skip
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
MOST = {  # how many there may be, by what holds them
    ("section", "fields"): 10, ("context", "elements"): 10, ("actions", "elements"): 25,
    ("checkboxes", "options"): 10, ("radio_buttons", "options"): 10, ("overflow", "options"): 5,
    ("static_select", "options"): 100, ("static_select", "option_groups"): 100,
}  # fmt: skip
LONGEST = {  # characters of a plain value
    ("button", "url"): 3000, ("button", "value"): 2000,
    ("image", "image_url"): 3000, ("image", "alt_text"): 2000,
}  # fmt: skip
LIVE = re.compile(r"<(?:[!@#]|[a-zA-Z][\w+.-]*:)")  # a mention, a command, a link


def limited(payload: Any, where: str = "") -> None:
    """Refuse the first thing that is too long, too many, or live."""
    for wrong in _wrong(payload, where):
        raise Refused("invalid_blocks", wrong)


def _wrong(payload: Any, where: str) -> Iterator[str]:
    if isinstance(payload, list):
        for part in payload:
            yield from _wrong(part, where)
    if not isinstance(payload, dict):
        return
    kind = str(payload.get("type", ""))
    yield from _counts(kind, payload)
    yield from _texts(kind, payload)
    if kind == "plain_text_input":
        yield from _field(payload)
    for name, part in payload.items():
        if name != "initial_value":
            yield from _wrong(part, name)


def _counts(kind: str, payload: JSON) -> Iterator[str]:
    for (owner, name), most in MOST.items():
        if kind == owner and name in payload and not 1 <= len(payload[name]) <= most:
            yield f"{kind} wants 1 to {most} {name}"
    for (owner, name), most in LONGEST.items():
        if kind == owner and len(str(payload.get(name, ""))) > most:
            yield f"{name} of {kind} has more than {most} characters"
    if not 0 <= len(str(payload.get("action_id", ""))) <= 255:
        yield "action_id has more than 255 characters"
    for name in ("url", "image_url"):
        if kind in ("button", "image") and name in payload and not re.match(r"https?://", payload[name]):
            yield f"{name} is no address"


def _texts(kind: str, payload: JSON) -> Iterator[str]:
    limits = dict(TEXTS)
    if {"confirm", "deny"} <= set(payload):
        limits |= CONFIRM
    if kind == "image":
        limits["title"] = 2000
    for name, most in limits.items():
        held = payload.get(name)
        said = held.get("text") if isinstance(held, Mapping) else held
        if isinstance(said, str) and not 0 < len(said) <= most:
            yield f"{name} must have 1 to {most} characters"
    fields = payload.get("fields") if kind == "section" else None
    if any(len(each["text"]) > 2000 for each in fields or ()):
        yield "a section's field has more than 2000 characters"
    if kind in ("mrkdwn", "plain_text") and LIVE.search(str(payload["text"])):
        yield f"live text: {payload['text'][:60]}"


def _field(payload: JSON) -> Iterator[str]:
    least, most = payload.get("min_length", 0), payload.get("max_length", 3000)
    if not (0 <= least <= 3000 and 1 <= most <= 3000 and least <= most):
        yield "min_length and max_length are 0 to 3000"
    if len(str(payload.get("initial_value", ""))) > most:
        yield "initial_value is longer than max_length"
