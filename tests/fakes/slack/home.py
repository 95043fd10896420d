"""The Home tab: published strictly, opened, and used as a client lets people use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fakes.ledger import JSON
from tests.fakes.outside import fetch
from tests.fakes.slack.blocks import IN_VIEWS, check, need
from tests.fakes.slack.wire import Acknowledged
from tests.fakes.slack.world import Channel, Person, Refused, View

if TYPE_CHECKING:
    from tests.fakes.slack.tenancy import Tenancy

LARGEST = 250_000  # bytes of a view
KEYS = {"type", "blocks", "private_metadata", "callback_id", "external_id"}


async def views_publish(slack: Tenancy, fields: JSON) -> JSON:
    """Show a view on somebody's Home tab, unless something else than ``hash`` stands there."""
    person = slack.people.get(str(fields.get("user_id", "")))
    if person is None:
        raise Refused("user_not_found")
    given = fields.get("view")
    payload: JSON = json.loads(given) if isinstance(given, str) else given or {}
    check_home(payload)
    standing = slack.homes.get(person.id)
    if fields.get("hash") and (standing is None or standing.hash != fields["hash"]):
        raise Refused("hash_conflict")
    await _fetched(slack, payload)
    id = standing.id if standing is not None else f"V{slack.number():08}"
    view = View(id, f"{slack.number()}.hash", person, payload)
    slack.homes[person.id] = view
    slack.noted()
    return {"view": {"id": view.id, "hash": view.hash, **payload}}


def check_home(view: Any) -> None:
    """Refuse a view that Slack would not show on a Home tab."""
    need(isinstance(view, dict) and view.get("type") == "home", "view must be a home", "invalid_arguments")
    need(set(view) <= KEYS, f"unknown keys: {sorted(view)}", "invalid_arguments")
    need(len(view.get("private_metadata", "")) <= 3000, "private_metadata is too long", "invalid_arguments")
    need(len(view.get("callback_id", "")) <= 255, "callback_id is too long", "invalid_arguments")
    need(len(json.dumps(view)) <= LARGEST, "too large", "view_too_large")
    need(bool(view.get("blocks")), "a view has blocks", "invalid_arguments")
    check(view["blocks"], 100, IN_VIEWS)


async def _fetched(slack: Tenancy, view: JSON) -> None:
    """Fetch the pictures as Slack's own servers would."""
    for place, block in enumerate(view["blocks"]):
        if block.get("accessory", {}).get("type") == "image":
            address = block["accessory"]["image_url"]
            found = await fetch(address, slack.public)
            pictured = found is not None and found.status == 200 and found.media_type.startswith("image/")
            where = f"[json-pointer:/view/blocks/{place}/accessory/image_url]"
            need(pictured, f"[ERROR] downloading image failed {where}")
            assert found is not None
            slack.fetched[address] = found.data


# --- as people use it ---------------------------------------------------------------------------------------


def home(slack: Tenancy, person: Person) -> list[JSON]:
    """Give the blocks that stand on somebody's Home."""
    return list(slack.homes[person.id].payload["blocks"]) if person.id in slack.homes else []


def words(slack: Tenancy, person: Person) -> str:
    """Give what somebody reads on their Home, without what can be chosen."""
    return "\n".join(_words(block) for block in home(slack, person))


def _words(block: JSON) -> str:
    match block["type"]:
        case "header" | "section":
            return str(block["text"]["text"])
        case "context":
            return "\n".join(element["text"] for element in block["elements"])
        case "actions":
            return " ".join(f"[{element['text']['text']}]" for element in block["elements"])
        case "input":
            return f"{block['label']['text']}: {block['element'].get('initial_value', '')}"
    return ""


async def opens(slack: Tenancy, person: Person, tab: str = "home") -> Acknowledged:
    """Open the App Home at one of its tabs."""
    event: JSON = {"type": "app_home_opened", "user": person.id, "channel": slack.dm(person).id, "tab": tab}
    event["event_ts"] = str(slack.now())
    view = slack.homes.get(person.id)
    if tab == "home" and view is not None:
        event["view"] = _told(slack, view)
    return await slack.event(event)


def _told(slack: Tenancy, view: View) -> JSON:
    about = {"id": view.id, "team_id": slack.team, "hash": view.hash, "state": {"values": {}}}
    ours = {"app_id": slack.app_id, "bot_id": slack.bot_id, "root_view_id": view.id}
    return {**about, **ours, "title": None, "close": None, "submit": None, **view.payload}


async def presses(slack: Tenancy, person: Person, label: str, beside: str = "") -> Acknowledged:
    """Press a button of the Home; ``beside``: in the row below a block with these words."""
    blocks, near = home(slack, person), not beside
    for block in blocks:
        near = near or beside in _words(block)
        for element in block["elements"] if near and block["type"] == "actions" else ():
            if element["text"]["text"] == label:
                return await _acts(slack, person, block, element, value=element["value"])
    raise AssertionError(f"no button {label!r} on this home:\n{words(slack, person)}")


async def chooses(slack: Tenancy, person: Person, label: str, option: str) -> Acknowledged:
    """Choose from the list with this label."""
    block = _labelled(slack, person, label)
    [chosen] = [each for each in block["accessory"]["options"] if each["text"]["text"] == option]
    return await _acts(slack, person, block, block["accessory"], selected_option=chosen)


async def picks(slack: Tenancy, person: Person, label: str, channel: Channel) -> Acknowledged:
    """Pick a channel from the list with this label."""
    block = _labelled(slack, person, label)
    return await _acts(slack, person, block, block["accessory"], selected_conversation=channel.id)


async def types(slack: Tenancy, person: Person, label: str, text: str) -> Acknowledged:
    """Type into the field with this label, and press Enter."""
    block = _labelled(slack, person, label)
    assert len(text) <= block["element"]["max_length"], "the client takes no more"
    return await _acts(slack, person, block, block["element"], value=text or None)


def _labelled(slack: Tenancy, person: Person, label: str) -> JSON:
    for block in home(slack, person):
        named = block.get("label") or block.get("text") or {}
        if named.get("text") == label and ("accessory" in block or "element" in block):
            return block
    raise AssertionError(f"nothing {label!r} on this home:\n{words(slack, person)}")


async def _acts(slack: Tenancy, person: Person, block: JSON, element: JSON, **chosen: Any) -> Acknowledged:
    """Post what was done: a view as its container, no channel and no response_url."""
    view = slack.homes[person.id]
    action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    body = {
        "type": "block_actions", "team": {"id": slack.team, "domain": "test"}, "api_app_id": slack.app_id,
        "user": {"id": person.id, "name": person.name, "username": person.name, "team_id": slack.team},
        "container": {"type": "view", "view_id": view.id}, "view": _told(slack, view),
        "trigger_id": slack.trigger(person), "token": "deprecated",
        "actions": [{**action, **chosen, "action_ts": str(slack.now())}],
    }  # fmt: skip
    return await slack.deliver("interactive", body)
