"""From what Slack posts to a request: pure. Files stay references; nothing is fetched or sent here.

Shapes: docs.slack.dev, interactivity/implementing-slash-commands; for the others see ``interaction`` and
``events``.
"""

from __future__ import annotations

from adapters.slack.events import said
from adapters.slack.interaction import pressed, submitted
from adapters.slack.places import Body, address_of, answering, request_id, slack_id, space_of, team_of
from adapters.slack.texts import unescaped
from bot.message import Actor, Asking, Request

WRONG_SHAPE = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)


class Unparsable(ValueError):
    """A body of a kind that we listen to, and not of its shape."""


def parse(body: Body, now: float) -> Request | None:
    """Read a body; None where it is nothing for us. Raises Unparsable.

    ``now``: Unix seconds, from which a response_url's time counts.
    """
    try:
        return _read(body, now)
    except WRONG_SHAPE as error:
        raise Unparsable(type(error).__name__) from error


def _read(body: Body, now: float) -> Request | None:
    if "command" in body:
        return _command(body, now)
    match body.get("type"):
        case "block_actions":
            return pressed(body, now)
        case "view_submission":
            return submitted(body)
        case "event_callback":
            return said(body)
    return None


def _command(body: Body, now: float) -> Request:
    team, user, channel = team_of(body), slack_id(body["user_id"]), slack_id(body["channel_id"])
    text = unescaped(str(body.get("text", "")))
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{user}", str(body.get("user_name", ""))),
        space=space_of(team, channel, str(body.get("channel_name", ""))),
        text=text if text.strip() else "/qr",
        asking=Asking.FORM,
        address=address_of(team, channel, user) | answering(body, now) | {"aside": 1},
    )
