"""Who and where, and what Slack's bodies are told apart by: pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.message import Actor, Space, SpaceKind

URL_LIFE = 1740  # seconds a response_url is used: Slack takes it for 30 minutes

_ID = re.compile(r"[\w.-]{1,200}", re.ASCII)

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


def team_of(body: Body) -> str:
    """Name the workspace that a body is about; raises LookupError or TypeError where it names none."""
    return slack_id(body["team_id"] if "team_id" in body else body["team"]["id"])


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
    team, user, event = body.get("team"), body.get("user"), body.get("event")
    own = team.get("enterprise_id") if isinstance(team, Mapping) else ""
    if body.get("enterprise") or body.get("enterprise_id") or own:
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
    """Keep where an answer can be posted for a while."""
    url = body.get("response_url")
    return {"response_url": str(url), "until": int(now) + URL_LIFE} if url else {}


def alone(team: str, user: str) -> tuple[Space, dict[str, str | int]]:
    """Give the space and the address of somebody who acts where no channel is: answers go to them alone."""
    return Space("slack", f"{team}:{user}"), {"team": team, "channel": "", "user": user, "alone": 1}


def space_at(team: str, address: Mapping[str, str | int]) -> Space:
    """Name the place in a workspace that an address leads to; raises LookupError or TypeError for none."""
    if address.get("alone"):
        return alone(team, slack_id(address["user"]))[0]
    return space_of(team, slack_id(address["channel"]), direct=bool(address.get("direct")))
