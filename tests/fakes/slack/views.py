"""Modals after they were opened: updated by their state, shown with pictures; and files that are deleted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.fakes.ledger import JSON
from tests.fakes.outside import fetch
from tests.fakes.slack.blocks import check_view, need, options
from tests.fakes.slack.files import named
from tests.fakes.slack.world import Refused, View, World

if TYPE_CHECKING:
    from tests.fakes.slack.tenancy import Tenancy


async def views_update(slack: Tenancy, fields: JSON) -> JSON:
    """Put another view in a view's place; what somebody entered stays where block and action are the same."""
    view = slack.views.get(str(fields.get("view_id", "")))
    if view is None:
        raise Refused("not_found")
    if fields.get("hash") and fields["hash"] != view.hash:
        raise Refused("hash_conflict")
    given = fields.get("view")
    payload: JSON = json.loads(given) if isinstance(given, str) else given or {}
    check_view(payload)
    pictures = await pictured(slack, payload)
    replaced(slack, view, payload)
    view.pictures = pictures
    slack.noted()
    return {"view": {"id": view.id, "hash": view.hash, **payload}}


def replaced(slack: World, view: View, payload: JSON) -> None:
    """Show another payload in a view."""
    kept = values(view)
    view.payload, view.hash = payload, f"{slack.number()}.hash"
    ids = {(block["block_id"], block["element"]["action_id"]) for block in inputs(view)}
    view.state = {
        block: {action: held for action, held in actions.items() if (block, action) in ids}
        for block, actions in kept.items()
    }


def inputs(view: View) -> list[JSON]:
    """List a view's inputs."""
    return [block for block in view.payload["blocks"] if block["type"] == "input"]


def values(view: View) -> dict[str, JSON]:
    """Give the state of a view: what was entered, or stood there from the beginning."""
    state: dict[str, JSON] = {}
    for block in inputs(view):
        name, action = block["block_id"], block["element"]["action_id"]
        known = view.state.get(name, {}).get(action)
        state[name] = {action: entered(block["element"], None) if known is None else known}
    return state


def entered(element: JSON, value: str | None) -> JSON:
    """Say what an element holds: what was entered, or what stood there."""
    if element["type"] == "static_select":
        chosen = [option for option in options(element) if option["value"] == value]
        assert value is None or chosen, f"no such option: {value}"
        return {
            "type": "static_select",
            "selected_option": chosen[0] if chosen else element.get("initial_option"),
        }
    given = element.get("initial_value") if value is None else value
    assert len(given or "") <= element.get("max_length", 3000), "nobody can type more"
    return {"type": element["type"], "value": given or None}


async def pictured(slack: Tenancy, payload: JSON) -> list[bytes]:
    """Fetch what a view's images show; one that cannot be had is refused, as is a file not yet looked at."""
    shown = []
    for block in payload["blocks"]:
        if block["type"] == "image" and "image_url" in block:
            fetched = await fetch(block["image_url"], slack.public)
            need(fetched is not None and fetched.status == 200, "downloading image failed")
            assert fetched is not None  # needed just now
            shown.append(fetched.data)
        elif block["type"] == "image":
            shown += named(slack, block, alone=False).values()
    return shown
