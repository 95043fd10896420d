"""What happens on the Home tab: it is opened, and something there is pressed, chosen or typed. Pure.

Shapes: docs.slack.dev/reference/events/app_home_opened, reference/interaction-payloads/block_actions-payload.
No channel is there and no response_url, so what is answered goes to the direct messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.slack.places import Body, actor_of, alone, request_id, slack_id, space_at, team_of
from bot.message import Asking, Request

OPENED = "app_home_opened"
HASH = 64  # characters kept of what Slack calls what it shows


def at_home(body: Body) -> bool:
    """Tell whether a press was on the Home tab."""
    view = body.get("view")
    return isinstance(view, Mapping) and view.get("type") == "home"


def opened(body: Body) -> Request | None:
    """Read that somebody opened their App Home; None for its other tabs."""
    event = body["event"]
    if event.get("tab") != "home":
        return None
    seen = str((event.get("view") or {}).get("hash") or "")[:HASH]
    values = {"seen": seen} if seen else {}
    return replace(_of(body, event["user"]), command="home", values=values)


def acted(body: Body) -> Request | None:
    """Read what somebody did on their Home; None where Slack itself has opened an address."""
    action, user = body["actions"][0], body["user"]
    line, channel = _line(action), ""
    if not line:
        return None
    about = str(action["block_id"]).split("|")
    if action["type"] == "conversations_select":
        channel = action["selected_conversation"]
    elif len(about) > 1 and action["type"] in ("button", "plain_text_input"):
        channel = about[1]
    request = replace(_of(body, user["id"], str(user.get("name", ""))), text=line, pressed=True)
    if not channel:
        return request
    address = {**request.address, "about": slack_id(channel)}  # a form that asks for more is about it too
    return replace(request, space=space_at(team_of(body), address), address=address)


def _of(body: Body, user: str, name: str = "") -> Request:
    team = team_of(body)
    space, address = alone(team, slack_id(user))
    return Request(
        request_id(body), actor_of(body, user, name), space, asking=Asking.FORM, address=address, board=True
    )


def _line(action: Mapping[str, Any]) -> str:
    """Give the line that something on the board says."""
    match action["type"]:
        case "button":
            return str(action.get("value") or "")
        case "static_select":
            return str(action["selected_option"]["value"])
        case "plain_text_input":
            return f"{action['action_id']} {action.get('value') or ''}".rstrip()
        case "conversations_select":
            return str(action["action_id"])
    return ""
