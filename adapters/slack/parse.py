"""From what Slack posts to a request: pure. Files stay references; nothing is fetched or sent here.

Shapes: docs.slack.dev, interactivity/implementing-slash-commands; for the others see ``interaction``,
``events``, ``shortcuts`` and ``workflow``.
"""

from __future__ import annotations

from adapters.slack.events import said
from adapters.slack.interaction import pressed, submitted
from adapters.slack.places import (
    Body,
    actor_of,
    address_of,
    answering,
    request_id,
    slack_id,
    space_of,
    team_of,
)
from adapters.slack.shortcuts import shortcut
from adapters.slack.tab import OPENED, acted, at_home, opened
from adapters.slack.texts import unescaped
from adapters.slack.workflow import EXECUTED, executed
from bot.message import Asking, Request

WRONG_SHAPE = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)


class Unparsable(ValueError):
    """A body of a kind that we listen to, and not of its shape."""


def parse(body: Body, now: float, ours: str = "") -> Request | None:
    """Read a body; None where it is nothing for us. Raises Unparsable.

    ``now``: Unix seconds, from which a response_url's time counts. ``ours``: the direct messages that whoever
    acts has with us, where that is known.
    """
    try:
        return _read(body, now, ours)
    except WRONG_SHAPE as error:
        raise Unparsable(type(error).__name__) from error


def _read(body: Body, now: float, ours: str) -> Request | None:
    if "command" in body:
        return _command(body, now, ours)
    match body.get("type"):
        case "block_actions":
            return acted(body) if at_home(body) else pressed(body, now, ours)
        case "view_submission":
            return submitted(body)
        case "event_callback":
            return _happened(body)
        case "shortcut" | "message_action":
            return shortcut(body, now, ours)
    return None


def _happened(body: Body) -> Request | None:
    """Read an event: a Home opened, a step whose turn it is, something said."""
    match body["event"]["type"]:
        case kind if kind == OPENED:
            return opened(body)
        case kind if kind == EXECUTED:
            return executed(body)
    return said(body)


def _command(body: Body, now: float, ours: str) -> Request:
    team, user, channel = team_of(body), slack_id(body["user_id"]), slack_id(body["channel_id"])
    text, direct = unescaped(str(body.get("text", ""))), channel == ours
    return Request(
        id=request_id(body),
        actor=actor_of(body, user, str(body.get("user_name", ""))),
        space=space_of(team, channel, str(body.get("channel_name", "")), direct=direct),
        text=text if text.strip() else "/qr",
        asking=Asking.FORM,
        address=address_of(team, channel, user, direct=direct)
        | answering(body, now)
        | {"aside": int(not direct)},
        aside=not direct,
    )
