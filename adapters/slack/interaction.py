"""From a button pressed and a view sent to a request: pure.

Shapes: docs.slack.dev/interactivity/handling-user-interaction, reference/interaction-payloads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from adapters.slack.places import (
    Body,
    address_of,
    alone,
    answering,
    request_id,
    slack_id,
    space_of,
    team_of,
    thread_of,
)
from bot.message import Actor, Asking, Request, Space


def pressed(body: Body, now: float) -> Request | None:
    """Read the press of a button; None where Slack itself has opened its address."""
    action = body["actions"][0]
    line = action.get("value")
    if not line:  # an address that Slack itself has opened
        return None
    team, user = team_of(body), body["user"]
    container, channel = body["container"], slack_id(body["channel"]["id"])
    message: dict[str, str | int] = {
        "message": str(container["message_ts"]),
        "aside": int(bool(container.get("is_ephemeral"))),
        "picture": str(action["block_id"]).partition("|")[2],
    }
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{slack_id(user['id'])}", str(user.get("name", ""))),
        space=space_of(team, channel),
        text=str(line),
        pressed=True,
        asking=Asking.FORM,
        address=address_of(team, channel, user["id"])
        | answering(body, now)
        | message
        | thread_of(container.get("thread_ts")),
    )


def submitted(body: Body) -> Request:
    """Read what a form was filled in with; its metadata says which, and where the answer goes."""
    team, user, view = team_of(body), body["user"], body["view"]
    kept = json.loads(view["private_metadata"])
    address = {name: each if isinstance(each, int) else str(each) for name, each in kept["address"].items()}
    values = {name: _value(*held.values()) for name, held in view["state"]["values"].items()}
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{slack_id(user['id'])}", str(user.get("name", ""))),
        space=_space(team, slack_id(user["id"]), address),
        command=str(kept["command"]),
        values={name: value for name, value in values.items() if value},
        asking=Asking.FORM,
        address=address,
    )


def _space(team: str, user: str, address: Mapping[str, str | int]) -> Space:
    """Say where a form was opened: in a channel, or where there is none."""
    return alone(team, user)[0] if address.get("alone") else space_of(team, slack_id(address["channel"]))


def _value(element: Mapping[str, Any]) -> str:
    """Read what was entered or chosen."""
    if element["type"] == "static_select":
        return str((element.get("selected_option") or {}).get("value", ""))
    return str(element.get("value") or "")
