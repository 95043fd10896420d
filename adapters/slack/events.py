"""From what somebody writes to a request: direct messages and mentions. Pure.

Shapes: docs.slack.dev/reference/events/message, …/app_mention. A direct message brings no trigger for a form,
so it is asked one question after the other; in a channel the bot hears mentions only, so a form is opened by
a button there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adapters.slack.content import may_be_read, upload_of
from adapters.slack.places import (
    Body,
    actor_of,
    address_of,
    request_id,
    slack_id,
    space_of,
    team_of,
    thread_of,
)
from adapters.slack.texts import emoji_of, typed
from bot.message import Asking, Request

OURS = ("message", "app_mention")  # the events that somebody says something with

LATELY = 300  # seconds after which somebody who wrote something may be elsewhere

_SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")  # of messages that a person wrote


def said(body: Body) -> Request | None:
    """Read what was written to us; None for what others say, and for our own messages."""
    event, team = _as_said(body["event"]), team_of(body)
    if event["type"] not in OURS or event.get("subtype") not in _SUBTYPES or event.get("bot_id"):
        return None
    direct = event.get("channel_type") == "im"
    if event["type"] == "message" and not direct:
        return None
    text = typed(_addressed(str(event.get("text") or ""), _bot(body), direct), emoji_of(event.get("blocks")))
    uploads = tuple(upload_of(file) for file in event.get("files") or () if may_be_read(file))
    user, channel = slack_id(event["user"]), slack_id(event["channel"])
    return Request(
        id=request_id(body),
        actor=actor_of(body, user),
        space=space_of(team, channel, direct=direct),
        text=text if text or direct or uploads else "/help",
        uploads=uploads,
        asking=Asking.QUESTION if direct else Asking.FORM,
        address=address_of(team, channel, user, direct=direct)
        | (thread_of(event.get("thread_ts")) if direct else _place(event)),
        message=str(event.get("ts") or ""),
        edited=bool(event.get("edited")),
    )


def _place(event: Mapping[str, Any]) -> dict[str, str | int]:
    """Say in which thread of a channel an answer belongs, and until when the person is there to see it.

    ``below``: the thread is not there yet, and holds nothing for one person's eyes.
    """
    ts, thread = str(event["ts"]), event.get("thread_ts")
    there: dict[str, str | int] = {"until": int(float(ts)) + LATELY, "thread": str(thread or ts)}
    return there if thread else there | {"below": 1}


def _as_said(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take a message that its author changed as what it says now.

    Slack also tells so when it adds a preview: then nobody changed it. One with a file is not read again.
    """
    if event.get("subtype") != "message_changed":
        return event
    now, before = event["message"], event.get("previous_message") or {}
    if not now.get("edited") or now.get("text") == before.get("text") or now.get("files"):
        return event
    return {**now, "channel": event["channel"], "channel_type": event.get("channel_type")}


def _bot(body: Body) -> str:
    """Find out who we are to those who mention us."""
    known = [each["user_id"] for each in body.get("authorizations") or () if each.get("is_bot")]
    return str(known[0]) if known else ""


def _addressed(text: str, bot: str, direct: bool) -> str:
    """Take out the mention of the bot: where it stands first, and in a channel also elsewhere."""
    ours = rf"<@{re.escape(bot) if bot else '[UW][A-Z0-9]+'}(?:\|[^<>]*)?>\s*"
    if direct:
        return re.sub(rf"\A\s*{ours}", "", text) if bot else text
    return re.sub(ours, "", text, count=1).strip()
