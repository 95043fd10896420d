"""What slack_sdk itself finds wrong with blocks and views: its validators, on every payload of every test."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, DividerBlock
from slack_sdk.models.views import View

from tests.fakes.ledger import JSON
from tests.fakes.slack.limits import limited
from tests.fakes.slack.world import Refused


def validated(blocks: list[JSON]) -> None:
    """Refuse what slack_sdk could not have made, or would lose a part of, and what is over a limit."""
    for block in blocks:
        if wrong := _fault(json.dumps(block)):
            raise Refused("invalid_blocks", wrong)


@lru_cache(4096)  # most blocks come again and again: in each way a reply is sent, in each test of a command
def _fault(block: str) -> str:
    """Say what is wrong with a block, or nothing."""
    given = json.loads(block)
    try:
        limited(given)
        parsed = Block.parse(given)
        again: Any = parsed.to_dict() if parsed is not None else None
    except Refused as wrong:
        return " ".join(wrong.messages)
    except (SlackObjectFormationError, TypeError, ValueError) as wrong:
        return f"slack_sdk: {wrong}"
    lost = _lost(given, again)
    return f"slack_sdk does not know {lost}" if lost else ""


def validated_view(view: JSON) -> None:
    """Refuse a view that slack_sdk could not have made: by what it is, then by each of its blocks."""
    about = {name: value for name, value in view.items() if name != "blocks"}
    try:
        View(**about, blocks=[DividerBlock() for _ in view["blocks"]]).to_dict()
    except (SlackObjectFormationError, TypeError, ValueError) as wrong:
        raise Refused("invalid_arguments", f"slack_sdk: {wrong}") from wrong
    validated(view["blocks"])


def _lost(given: Any, made: Any, path: str = "") -> str:
    """Name the first part of what was given that is not in what was made of it."""
    if isinstance(given, dict):
        if not isinstance(made, dict):
            return path or "it"
        found = (_lost(value, made.get(name), f"{path}.{name}") for name, value in given.items())
        return next((each for each in found if each), "")
    if isinstance(given, list):
        if not isinstance(made, list) or len(made) != len(given):
            return path
        both = enumerate(zip(given, made, strict=True))
        return next((each for place, (a, b) in both if (each := _lost(a, b, f"{path}.{place}"))), "")
    return "" if given == made else path
