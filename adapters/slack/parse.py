"""From what Slack posts to a request: pure. Files stay references; nothing is fetched or sent here.

Shapes: docs.slack.dev, interactivity/implementing-slash-commands, interactivity/handling-user-interaction,
apis/events-api. Events bring no trigger for a form, so they are asked one question after the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.message import Actor, Asking, Request, Space, SpaceKind, Upload

URL_LIFE = 1740  # seconds a response_url is used: Slack takes it for 30 minutes
OURS = ("message", "app_mention")  # the events that somebody says something with

_LINK = re.compile(r"<((?:https?|mailto|tel):[^|>]+)(?:\|([^>]*))?>")
_READABLE = ("image/", "application/pdf")
_SUBTYPES = (None, "file_share")

Body = Mapping[str, Any]


def parse(body: Body, now: float) -> Request | None:
    """Read a body; None where it is nothing for us. Raises KeyError, TypeError, ValueError for a broken one.

    ``now``: Unix seconds, from which a response_url's time counts.
    """
    if "command" in body:
        return _command(body, now)
    match body.get("type"):
        case "block_actions":
            return _pressed(body, now)
        case "view_submission":
            return _submitted(body)
        case "event_callback":
            return _said(body)
    return None


def request_id(body: Body) -> str:
    """Name a body, the same each time Slack repeats it; also one that says nothing else of itself."""
    view = body.get("view")
    if body.get("type") == "view_submission" and isinstance(view, Mapping):
        return f"slack:{view.get('id')}:{view.get('hash')}"
    given = body.get("event_id") or body.get("trigger_id")
    return f"slack:{given or sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:40]}"


def typed(text: str) -> str:
    """Take Slack's escapes off a text: the code holds what was typed."""
    bare = _LINK.sub(lambda link: _as_typed(link[1], link[2]), text)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _as_typed(address: str, label: str | None) -> str:
    """Undo a link that Slack made of an address, with or without the scheme it added."""
    if label is None:
        return address
    added = address.endswith(label) and address.removesuffix(label) in (
        "http://",
        "https://",
        "mailto:",
        "tel:",
    )
    return label if added else address


def _command(body: Body, now: float) -> Request:
    team, user, channel = body["team_id"], body["user_id"], body["channel_id"]
    text = typed(str(body.get("text", "")))
    kind = SpaceKind.PRIVATE if channel.startswith("D") else SpaceKind.CHANNEL
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{user}", str(body.get("user_name", ""))),
        space=Space("slack", f"{team}:{channel}", kind, str(body.get("channel_name", ""))),
        text=text if text.strip() else "/qr",
        asking=Asking.FORM,
        address=_address(team, channel, user) | _answering(body, now) | {"aside": 1},
    )


def _pressed(body: Body, now: float) -> Request | None:
    [action, *_] = body["actions"]
    line = action.get("value")
    if not line:
        return None
    team, user = body["team"]["id"], body["user"]
    container, channel = body["container"], (body.get("channel") or {}).get("id") or ""
    aside = int(bool(container.get("is_ephemeral")))
    message: dict[str, str | int] = {"message": str(container.get("message_ts", "")), "aside": aside}
    thread = container.get("thread_ts")
    picture = {"picture": str(action["block_id"]).partition("|")[2]}
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{user['id']}", str(user.get("name", ""))),
        space=_space(team, channel),
        text=str(line),
        pressed=True,
        asking=Asking.FORM,
        address=_address(team, channel, user["id"])
        | _answering(body, now)
        | message
        | picture
        | ({"thread": str(thread)} if thread else {}),
    )


def _submitted(body: Body) -> Request:
    team, user, view = body["team"]["id"], body["user"], body["view"]
    kept = json.loads(view["private_metadata"])
    address = dict(kept["address"])
    values = {name: _value(next(iter(held.values()))) for name, held in view["state"]["values"].items()}
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{user['id']}", str(user.get("name", ""))),
        space=_space(team, str(address["channel"])),
        command=str(kept["command"]),
        values={name: value for name, value in values.items() if value},
        asking=Asking.FORM,
        address=address,
    )


def _value(element: Mapping[str, Any]) -> str:
    """Read what was entered, whatever kind of element it is."""
    match element["type"]:
        case "static_select":
            return str((element.get("selected_option") or {}).get("value", ""))
        case "checkboxes":
            return "yes" if element.get("selected_options") else "no"
    return str(element.get("value") or "")


# --- events -------------------------------------------------------------------------------------------------


def _said(body: Body) -> Request | None:
    event, team = body["event"], body["team_id"]
    if event["type"] not in OURS or event.get("subtype") not in _SUBTYPES or event.get("bot_id"):
        return None
    direct = event.get("channel_type") == "im"
    if event["type"] == "message" and not direct:
        return None
    text = typed(str(event.get("text") or ""))
    text = text if direct else _without_mention(text)
    uploads = tuple(
        Upload(
            str(file["id"]),
            str(file.get("name") or ""),
            str(file.get("mimetype") or ""),
            int(file.get("size") or 0),
        )
        for file in event.get("files") or ()
        if str(file.get("mimetype") or "").startswith(_READABLE)
    )
    user, channel = event["user"], event["channel"]
    thread = event.get("thread_ts") or ("" if direct else event["ts"])
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{user}"),
        space=_space(team, channel),
        text=text if text or direct or uploads else "/help",
        uploads=uploads,
        asking=Asking.QUESTION,
        address=_address(team, channel, user) | ({"thread": str(thread)} if thread else {}),
    )


def _without_mention(text: str) -> str:
    return re.sub(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>\s*", "", text, count=1).strip()


# --- who and where ------------------------------------------------------------------------------------------


def _space(team: str, channel: str) -> Space:
    kind = SpaceKind.PRIVATE if channel.startswith("D") else SpaceKind.CHANNEL
    return Space("slack", f"{team}:{channel}", kind)


def _address(team: str, channel: str, user: str) -> dict[str, str | int]:
    return {"team": team, "channel": channel, "user": user}


def _answering(body: Body, now: float) -> dict[str, str | int]:
    """Keep where an answer can be posted for a while."""
    url = body.get("response_url")
    return {"response_url": str(url), "until": int(now) + URL_LIFE} if url else {}
