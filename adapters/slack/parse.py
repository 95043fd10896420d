"""From what Slack posts to a request: pure. Files stay references; nothing is fetched or sent here.

Shapes: docs.slack.dev, interactivity/implementing-slash-commands, interactivity/handling-user-interaction,
apis/events-api. A direct message brings no trigger for a form, so it is asked one question after the other;
in a channel the bot hears mentions only, so a form is opened by a button there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.message import Actor, Asking, Request, Space, SpaceKind, Upload, readable

URL_LIFE = 1740  # seconds a response_url is used: Slack takes it for 30 minutes
OURS = ("message", "app_mention")  # the events that somebody says something with

_ID = re.compile(r"[\w.-]{1,200}", re.ASCII)
_LINK = re.compile(r"<([a-z][a-z0-9+.-]*:[^|>]+)(?:\|([^>]*))?>", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"<([@#!])([^|>^]+)(?:\^[^|>]*)?(?:\|([^>]*))?>")
_POINTS = re.compile(r"[0-9a-f]{2,6}(-[0-9a-f]{2,6})*", re.ASCII | re.IGNORECASE)
_ADDED = ("http://", "https://", "mailto:")  # what Slack puts before an address that was typed without it
_TO_ALL = ("here", "channel", "everyone")
_SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")  # of messages that a person wrote

Body = Mapping[str, Any]


class Unparsable(ValueError):
    """A body of a kind that we listen to, and not of its shape."""


def parse(body: Body, now: float) -> Request | None:
    """Read a body; None where it is nothing for us. Raises Unparsable.

    ``now``: Unix seconds, from which a response_url's time counts.
    """
    try:
        return _read(body, now)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        raise Unparsable(type(error).__name__) from error


def _read(body: Body, now: float) -> Request | None:
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
        given: tuple[object, ...] = (view.get("id"), view.get("hash"))
    else:
        given = (body.get("event_id") or body.get("trigger_id"),)
    known = [each for each in given if isinstance(each, str) and _ID.fullmatch(each)]
    if len(known) == len(given):
        return ":".join(("slack", *known))
    return f"slack:{sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:40]}"


# --- commands, buttons, forms -------------------------------------------------------------------------------


def _command(body: Body, now: float) -> Request:
    team, user, channel = _id(body["team_id"]), _id(body["user_id"]), _id(body["channel_id"])
    text = unescaped(str(body.get("text", "")))
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{user}", str(body.get("user_name", ""))),
        space=_space(team, channel, str(body.get("channel_name", ""))),
        text=text if text.strip() else "/qr",
        asking=Asking.FORM,
        address=_address(team, channel, user) | _answering(body, now) | {"aside": 1},
    )


def _pressed(body: Body, now: float) -> Request | None:
    action = body["actions"][0]
    line = action.get("value")
    if not line:  # an address that Slack itself has opened
        return None
    team, user = _id(body["team"]["id"]), body["user"]
    container, channel = body["container"], _id(body["channel"]["id"])
    message: dict[str, str | int] = {
        "message": str(container["message_ts"]),
        "aside": int(bool(container.get("is_ephemeral"))),
        "picture": str(action["block_id"]).partition("|")[2],
    }
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{_id(user['id'])}", str(user.get("name", ""))),
        space=_space(team, channel),
        text=str(line),
        pressed=True,
        asking=Asking.FORM,
        address=_address(team, channel, user["id"])
        | _answering(body, now)
        | message
        | _thread(container.get("thread_ts")),
    )


def _submitted(body: Body) -> Request:
    team, user, view = _id(body["team"]["id"]), body["user"], body["view"]
    kept = json.loads(view["private_metadata"])
    address = {name: each if isinstance(each, int) else str(each) for name, each in kept["address"].items()}
    values = {name: _value(*held.values()) for name, held in view["state"]["values"].items()}
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{_id(user['id'])}", str(user.get("name", ""))),
        space=_space(team, _id(address["channel"])),
        command=str(kept["command"]),
        values={name: value for name, value in values.items() if value},
        asking=Asking.FORM,
        address=address,
    )


def _value(element: Mapping[str, Any]) -> str:
    """Read what was entered or chosen."""
    if element["type"] == "static_select":
        return str((element.get("selected_option") or {}).get("value", ""))
    return str(element.get("value") or "")


# --- events -------------------------------------------------------------------------------------------------


def _said(body: Body) -> Request | None:
    event, team = body["event"], _id(body["team_id"])
    if event["type"] not in OURS or event.get("subtype") not in _SUBTYPES or event.get("bot_id"):
        return None
    direct = event.get("channel_type") == "im"
    if event["type"] == "message" and not direct:
        return None
    text = typed(_addressed(str(event.get("text") or ""), _bot(body), direct), _emoji(event.get("blocks")))
    uploads = tuple(_upload(file) for file in event.get("files") or () if _readable(file))
    user, channel = _id(event["user"]), _id(event["channel"])
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{user}"),
        space=_space(team, channel),
        text=text if text or direct or uploads else "/help",
        uploads=uploads,
        asking=Asking.QUESTION if direct else Asking.FORM,
        address=_address(team, channel, user)
        | _thread(event.get("thread_ts") or ("" if direct else event["ts"])),
    )


def _readable(file: Mapping[str, Any]) -> bool:
    """Tell whether codes may be in a file; of one that is still looked at by Slack no kind is told."""
    kind = str(file.get("mimetype") or "")
    return not kind or readable(str(file.get("name") or ""), kind)


def _upload(file: Mapping[str, Any]) -> Upload:
    size = int(file.get("size") or 0)
    return Upload(_id(file["id"]), str(file.get("name") or ""), str(file.get("mimetype") or ""), size)


def _bot(body: Body) -> str:
    """Find out who we are to those who mention us."""
    known = [each["user_id"] for each in body.get("authorizations") or () if each.get("is_bot")]
    return str(known[0]) if known else ""


def _addressed(text: str, bot: str, direct: bool) -> str:
    """Take out the mention of the bot: where it stands first, and in a channel also elsewhere."""
    ours = rf"<@{re.escape(bot) if bot else '[UW][A-Z0-9]+'}(?:\|[^>]*)?>\s*"
    if direct:
        return re.sub(rf"\A\s*{ours}", "", text) if bot else text
    return re.sub(ours, "", text, count=1).strip()


# --- texts --------------------------------------------------------------------------------------------------


def unescaped(text: str) -> str:
    """Take off the escapes that every text of Slack's has; a slash command's has no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str, emoji: Mapping[str, str]) -> str:
    """Undo what Slack makes of a message's links, names and emoji: the code holds what was typed."""
    for name, characters in sorted(emoji.items(), key=lambda each: -len(each[0])):
        text = text.replace(name, characters)
    return unescaped(_NAME.sub(_as_named, _LINK.sub(_as_linked, text)))


def _as_linked(link: re.Match[str]) -> str:
    """Undo a link that Slack made of an address or a number, with or without what it put before it."""
    address, label = link[1], link[2]
    if not label:
        return address
    if address.startswith("tel:"):
        same = _digits(label) and _digits(address).endswith(_digits(label))  # Slack adds the country's
        return label if same else address
    return label if address in {f"{added}{label}" for added in _ADDED} else address


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _as_named(name: re.Match[str]) -> str:
    """Write a person, channel or group as it was typed; an id without its name stays as it came."""
    kind, told, label = name[1], name[2], name[3]
    if kind == "!":
        known = told if told in _TO_ALL else label if told == "subteam" else ""
        return f"@{known.removeprefix('@')}" if known else name[0]
    return f"{kind}{label}" if label else name[0]


def _emoji(blocks: object) -> dict[str, str]:
    """Find a message's emoji in its blocks, by the names that its text has in their place."""
    found, waiting = dict[str, str](), [blocks]
    while waiting:
        match waiting.pop():
            case list(several):
                waiting += several
            case {"type": "emoji", "name": str(name), "unicode": str(points), **more} if _POINTS.fullmatch(
                points
            ):
                tone = f":skin-tone-{more['skin_tone']}:" if "skin_tone" in more else ""
                found[f":{name}:{tone}"] = "".join(chr(int(point, 16)) for point in points.split("-"))
            case {"elements": inner}:
                waiting.append(inner)
    return found


# --- who and where ------------------------------------------------------------------------------------------


def _id(value: object) -> str:
    """Take an id as it is; raises TypeError for what cannot be one."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise TypeError("not an id")
    return value


def _space(team: str, channel: str, title: str = "") -> Space:
    kind = SpaceKind.PRIVATE if channel.startswith("D") else SpaceKind.CHANNEL
    return Space("slack", f"{team}:{channel}", kind, title)


def _address(team: str, channel: str, user: str) -> dict[str, str | int]:
    return {"team": team, "channel": channel, "user": user}


def _thread(ts: object) -> dict[str, str | int]:
    return {"thread": str(ts)} if ts else {}


def _answering(body: Body, now: float) -> dict[str, str | int]:
    """Keep where an answer can be posted for a while."""
    url = body.get("response_url")
    return {"response_url": str(url), "until": int(now) + URL_LIFE} if url else {}
