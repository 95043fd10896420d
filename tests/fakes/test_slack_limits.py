"""The fake refuses what Slack's pages and slack_sdk's validators refuse."""

from typing import Any

import pytest

from tests.fakes.slack.blocks import IN_MESSAGES, check, check_view
from tests.fakes.slack.samples import OPTION, PLAIN, SELECT, actions, button, modal
from tests.fakes.slack.world import Refused


def said(length: int, kind: str = "plain_text") -> dict[str, str]:
    """Make a text object."""
    return {"type": kind, "text": "x" * length}


def confirm(**more: Any) -> dict[str, Any]:
    """Make a question before a press."""
    return {"title": PLAIN, "text": PLAIN, "confirm": PLAIN, "deny": PLAIN} | more


def image(**more: Any) -> dict[str, Any]:
    """Make a picture."""
    return {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "a"} | more


@pytest.mark.parametrize(
    "block",
    [
        actions(button(), {**SELECT, "placeholder": said(150)}),
        actions(button(confirm=confirm(text=said(300)), accessibility_label="x" * 75)),
        {"type": "section", "fields": [said(2000)] * 10},
        image(title=said(2000)),
    ],
)
def test_what_is_within_the_limits_is_taken(block: dict[str, Any]) -> None:
    """At its longest."""
    check([block], 50, IN_MESSAGES)


@pytest.mark.parametrize(
    "block",
    [
        actions({**SELECT, "placeholder": said(151)}),
        actions({**SELECT, "options": [{**OPTION, "description": said(76)}]}),
        actions(button(accessibility_label="x" * 76)),
        *(
            actions(button(confirm=confirm(**{name: said(most + 1)})))
            for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30))
        ),
        {"type": "section", "fields": [said(1)] * 11},
        {"type": "section", "fields": [said(2001)]},
        {"type": "section", "text": {"type": "mrkdwn", "text": "<!channel>"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "<https://a.example|bank>"}},
        {"type": "section", "text": {"type": "plain_text", "text": "<@U1>"}},
        {"type": "context", "elements": []},
        {"type": "context", "elements": [said(1)] * 11},
        image(title=said(2001)),
        image(image_url="ftp://a.example/b.png"),
        actions(button(url="javascript:alert(1)")),
        actions(*(button(f"b{number}") for number in range(26))),
    ],
)
def test_what_is_over_a_limit_or_live_is_refused(block: dict[str, Any]) -> None:
    """Wherever it stands."""
    with pytest.raises(Refused):
        check([block], 50, IN_MESSAGES)


@pytest.mark.parametrize(
    "more", [{"max_length": 3001}, {"min_length": 5, "max_length": 4}, {"min_length": -1}]
)
def test_a_field_that_nobody_could_fill_in_is_refused(more: dict[str, int]) -> None:
    """By its own lengths."""
    field = {"type": "plain_text_input", "action_id": "value", **more}
    with pytest.raises(Refused):
        check_view(modal(blocks=[{"type": "input", "block_id": "a", "label": PLAIN, "element": field}]))


def test_what_slack_sdk_does_not_know_is_refused() -> None:
    """A part that it would lose on the way."""
    with pytest.raises(Refused, match="invalid_blocks"):
        check([{"type": "section", "text": {**PLAIN, "verbatim": "no such"}}], 50, IN_MESSAGES)
