"""Bodies as Slack posts them, and the same with something broken in them."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.anything import ANYTHING

NOW = 1_900_000_000.0
BOT = "U0BOT"
HERE = "https://hooks.slack.com/commands/T1/1/x"

Body = dict[str, Any]


def command(text: str = "hello", **more: Any) -> Body:
    """Give the body of a slash command."""
    return {
        "command": "/qr", "text": text, "team_id": "T1", "channel_id": "C1", "channel_name": "general",
        "user_id": "U1", "user_name": "ada", "response_url": HERE, "trigger_id": "13.37.abc", **more,
    }  # fmt: skip


def pressed(value: str | None = "show 7K3F", **container: Any) -> Body:
    """Give the body of a press on a button."""
    action = {"type": "button", "action_id": "0-1", "block_id": "0-0|f00d"}
    return {
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "name": "ada"},
        "channel": {"id": "C1"}, "container": {"type": "message", "message_ts": "17.1", **container},
        "trigger_id": "13.38.abc", "response_url": HERE,
        "actions": [action | ({"value": value} if value is not None else {})],
    }  # fmt: skip


def submitted(values: dict[str, dict[str, Any]], **view: Any) -> Body:
    """Give the body of a form that was sent."""
    address = {"team": "T1", "channel": "C1", "user": "U1", "aside": 1, "until": 5, "response_url": HERE}
    held = {name: {"value": element} for name, element in values.items()}
    return {
        "type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1", "name": "ada"},
        "view": {
            "id": "V1", "hash": "1.a", "callback_id": "form", "state": {"values": held},
            "private_metadata": json.dumps({"command": "wifi", "address": address}), **view,
        },
    }  # fmt: skip


def message(text: str = "hello", **event: Any) -> Body:
    """Give the body of a direct message."""
    said = {
        "type": "message",
        "channel_type": "im",
        "user": "U1",
        "channel": "D1",
        "text": text,
        "ts": "17.2",
    }
    return {
        "type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": said | event,
        "authorizations": [{"team_id": "T1", "user_id": BOT, "is_bot": True}],
    }  # fmt: skip


def mention(text: str, **event: Any) -> Body:
    """Give the body of a mention in a channel."""
    body = message(text, **{"type": "app_mention", "channel": "C1", **event})
    del body["event"]["channel_type"]
    return body


def shortcut(callback_id: str = "make", **more: Any) -> Body:
    """Give the body of the shortcut that is everywhere."""
    return {
        "type": "shortcut", "callback_id": callback_id, "trigger_id": "13.39.abc", "action_ts": "17.3",
        "team": {"id": "T1"}, "user": {"id": "U1", "username": "ada", "team_id": "T1"}, **more,
    }  # fmt: skip


def menu(callback_id: str = "make_of_message", channel: str = "C1", **said: Any) -> Body:
    """Give the body of a shortcut in a message's menu."""
    held = {"type": "message", "user": "U2", "ts": "17.2", "text": "hello", **said}
    return {
        "type": "message_action", "callback_id": callback_id, "trigger_id": "13.40.abc", "action_ts": "17.3",
        "team": {"id": "T1"}, "user": {"id": "U1", "name": "ada"}, "message_ts": held["ts"],
        "channel": {"id": channel, "name": "general"}, "message": held, "response_url": HERE,
    }  # fmt: skip


def executed(callback_id: str = "create_qr_code", **inputs: Any) -> Body:
    """Give the body of a workflow's step whose turn it is."""
    event = {
        "type": "function_executed", "function": {"id": "Fn1", "callback_id": callback_id, "type": "app"},
        "inputs": inputs or {"text": "hello"}, "function_execution_id": "Fx1", "workflow_execution_id": "Wx1",
        "event_ts": "17.4", "bot_access_token": "xwfp-1-secret",
    }  # fmt: skip
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev2",
        "event": event,
        "authorizations": [],
    }


def home_opened(**event: Any) -> Body:
    """Give the body of an App Home that was opened."""
    told = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "17.3"}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev7", "event": told | event}


def home_acted(**action: Any) -> Body:
    """Give the body of something done on the Home tab."""
    done = {"type": "button", "action_id": "row-1|-0", "block_id": "row-1|", "value": "show 7K3F"}
    return {
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "name": ""},
        "container": {"type": "view", "view_id": "V1"}, "trigger_id": "13.39.abc",
        "view": {"id": "V1", "type": "home", "hash": "1.b", "state": {"values": {}}},
        "actions": [done | action],
    }  # fmt: skip


BODIES = [
    shortcut, menu, executed, lambda: menu("read_message", files=[{"id": "F1"}], attachments=[{"text": "a"}]),
    command, pressed, message, lambda: mention("a", files=[{"id": "F1", "mimetype": "image/png"}]),
    home_opened, home_acted,
    lambda: home_acted(type="conversations_select", selected_conversation="C1"),
    lambda: submitted({"ssid": {"type": "plain_text_input", "value": "a"}}),
]  # fmt: skip


def _set(draw: st.DrawFn, held: Any) -> Any:
    """Put something else in one place of a body, or leave that place out."""
    if not isinstance(held, (dict, list)) or not held or draw(st.integers(0, 4)) == 0:
        return draw(ANYTHING)
    places = list(held) if isinstance(held, dict) else list(range(len(held)))
    place = draw(st.sampled_from(places))
    if isinstance(held, dict) and draw(st.booleans()) and draw(st.booleans()):
        return {name: each for name, each in held.items() if name != place}
    changed = held.copy()
    changed[place] = _set(draw, held[place])
    return changed


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """Take a good body and break it in up to three places."""
    body = draw(st.sampled_from(BODIES))()
    for _ in range(draw(st.integers(1, 3))):
        body = _set(draw, body)
    return body
