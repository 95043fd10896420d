"""From a button pressed and a view sent to a request: pure.

Shapes: docs.slack.dev/interactivity/handling-user-interaction, reference/interaction-payloads.
"""

from __future__ import annotations

import json

from adapters.slack.builder import about, built_of, entered_in
from adapters.slack.places import (
    Body,
    actor_of,
    address_of,
    answering,
    request_id,
    slack_id,
    space_at,
    space_of,
    team_of,
    thread_of,
)
from bot.message import Asking, Request


def pressed(body: Body, now: float, ours: str = "") -> Request | None:
    """Read the press of a button; None where Slack itself has opened its address."""
    action = body["actions"][0]
    line = action.get("value")
    if not line:  # an address that Slack itself has opened
        return None
    team, user = team_of(body), body["user"]
    container, channel = body["container"], slack_id(body["channel"]["id"])
    direct = channel == ours
    aside = bool(container.get("is_ephemeral")) and not direct
    message: dict[str, str | int] = {
        "message": str(container["message_ts"]),
        "aside": int(aside),
        "picture": str(action["block_id"]).partition("|")[2],
    }
    return Request(
        id=request_id(body),
        actor=actor_of(body, slack_id(user["id"]), str(user.get("name", ""))),
        space=space_of(team, channel, direct=direct),
        text=str(line),
        pressed=True,
        asking=Asking.FORM,
        address=address_of(team, channel, user["id"], direct=direct)
        | answering(body, now)
        | message
        | thread_of(container.get("thread_ts")),
        aside=aside,
    )


def submitted(body: Body) -> Request:
    """Read what a form was filled in with; its metadata says which, and where the answer goes."""
    if about(body):
        return built_of(body)
    team, user, view = team_of(body), body["user"], body["view"]
    kept = json.loads(view["private_metadata"])
    address = {name: each if isinstance(each, int) else str(each) for name, each in kept["address"].items()}
    values = {name: entered_in(*held.values()) for name, held in view["state"]["values"].items()}
    return Request(
        id=request_id(body),
        actor=actor_of(body, slack_id(user["id"]), str(user.get("name", ""))),
        space=space_at(team, address),
        command=str(kept["command"]),
        values={name: value for name, value in values.items() if value},
        asking=Asking.FORM,
        address=address,
        aside=bool(address.get("aside")),
    )
