"""Who and where, and what Slack's bodies are told apart by: pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.message import Actor, Space, SpaceKind

URL_LIFE = 1740  # seconds a response_url is used: Slack takes it for 30 minutes

LONGEST = 64  # characters of an id that a column of its own holds

_ID = re.compile(r"[\w.-]{1,200}", re.ASCII)
_ADDRESS = re.compile(r"https?://[a-z0-9.-]{1,250}(:[0-9]{1,5})?/[!-~]{0,500}", re.ASCII | re.IGNORECASE)

Body = Mapping[str, Any]


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


def slack_id(value: object) -> str:
    """Take an id as it is; raises TypeError for what cannot be one."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise TypeError("not an id")
    return value


def kept_id(value: object) -> str:
    """Take an id that a column holds; raises TypeError."""
    if len(given := slack_id(value)) > LONGEST:
        raise TypeError("too long an id")
    return given


def team_of(body: Body) -> str:
    """Name the workspace that a body is about, as far as it says; else the organisation.

    In a channel that workspaces share, an event's authorization and a view say which of them has the app.
    Where an organisation has it, ``team`` may be null, and the person says where they are. Raises TypeError
    where none is named.
    """
    view = body.get("view")
    told = (
        _of(view, "app_installed_team_id"),
        _of(_first(body.get("authorizations")), "team_id"),
        body.get("team_id"),
        _of(body.get("team"), "id"),
        _of(body.get("user"), "team_id"),
        _of(view, "team_id"),
        enterprise_of(body),
    )
    return slack_id(next(filter(None, told), None))


def enterprise_of(body: Body) -> str:
    """Name the organisation that a body's workspace belongs to; empty where none is named."""
    told = (
        _of(_first(body.get("authorizations")), "enterprise_id"),
        body.get("enterprise_id"),
        _of(body.get("enterprise"), "id"),
        _of(body.get("team"), "enterprise_id"),
    )
    found = next(filter(None, told), "")
    return slack_id(found) if found else ""


def _of(held: object, name: str) -> object:
    return held.get(name) if isinstance(held, Mapping) else None


def _first(held: object) -> object:
    return held[0] if isinstance(held, list) and held else None


def space_of(team: str, channel: str, title: str = "", *, direct: bool = False) -> Space:
    """Name a place. ``direct``: these are somebody's direct messages with us, where nobody else reads along.

    The id does not tell: direct messages of two people begin with the same letter, and a command can be said
    there too.
    """
    kind = SpaceKind.PRIVATE if direct else SpaceKind.CHANNEL
    return Space("slack", f"{team}:{channel}", kind, title)


def address_of(team: str, channel: str, user: str, *, direct: bool = False) -> dict[str, str | int]:
    return {"team": team, "channel": channel, "user": user} | ({"direct": 1} if direct else {})


def actor_of(body: Body, user: str, name: str = "") -> Actor:
    """Say who acts: by the workspace whose user they are, since ids are unique within one alone.

    In a channel shared with another company that is not the workspace we are installed in. Within one company
    ids are the same everywhere, and Slack does not tell its workspaces from others: there it is ours.
    """
    return Actor("slack", f"{_foreign(body) or team_of(body)}:{user}", name)


def _foreign(body: Body) -> str:
    """Name the workspace of somebody who is not of ours; empty for all others."""
    user, event = body.get("user"), body.get("event")
    if enterprise_of(body):
        return ""
    home: object = ""
    if isinstance(event, Mapping) and body.get("is_ext_shared_channel") is True:
        home = event.get("user_team") or event.get("team")
    elif isinstance(user, Mapping):
        home = user.get("team_id")
    return slack_id(home) if home and home != team_of(body) else ""


def thread_of(ts: object) -> dict[str, str | int]:
    return {"thread": str(ts)} if ts else {}


def answering(body: Body, now: float) -> dict[str, str | int]:
    """Keep where an answer can be posted for a while, if that is an address."""
    url = body.get("response_url")
    known = isinstance(url, str) and _ADDRESS.fullmatch(url)
    return {"response_url": str(url), "until": int(now) + URL_LIFE} if known else {}


def alone(team: str, user: str) -> tuple[Space, dict[str, str | int]]:
    """Give the space and the address of somebody who acts where no channel is: answers go to them alone."""
    return Space("slack", f"{team}:{user}"), {"team": team, "channel": "", "user": user, "alone": 1}


def space_at(team: str, address: Mapping[str, str | int]) -> Space:
    """Name the place in a workspace that an address leads to; raises LookupError or TypeError for none.

    ``about`` in it: the channel that something is about which is answered to the person alone.
    """
    if address.get("about"):
        return space_of(team, slack_id(address["about"]))
    if address.get("alone"):
        return alone(team, slack_id(address["user"]))[0]
    return space_of(team, slack_id(address["channel"]), direct=bool(address.get("direct")))
