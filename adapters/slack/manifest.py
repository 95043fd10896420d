"""What an admin pastes at api.slack.com/apps: the app as the code has it, no more and no less. Pure.

docs.slack.dev/reference/app-manifest. As JSON, which Slack takes beside YAML.
"""

from __future__ import annotations

import json
from typing import Any

from adapters.slack.oauth import CALLBACK
from adapters.slack.route import LISTENED
from adapters.slack.scopes import SCOPES
from adapters.slack.shortcuts import SHORTCUTS
from adapters.slack.tab import OPENED
from adapters.slack.workflow import FUNCTIONS

EVENTS_PATH = "/slack/events"
COMMAND = "/qr"
DIRECT = "message.im"  # of all messages, those in the bot's own direct messages
_DESCRIPTION = "Makes and reads QR codes, and checks that each one scans"
_MORE = (
    "Make a QR code of a link, a text, a contact, a network, an event or a payment with /qr, a shortcut, a "
    "mention or in direct messages; read the codes in pictures. Every code is read back by an independent "
    "reader before it is sent. Answers are for you alone until you share them."
)


def manifest(url: str, *, socket: bool = False, rotation: bool = False) -> dict[str, Any]:
    """Lay the manifest out for an app that is reached at ``url``, or by sockets.

    ``url``: https, without a slash at its end; may be empty with sockets, and then many workspaces cannot
    install the app. ``rotation``: tokens end after twelve hours and are renewed; for many workspaces alone.
    """
    posted = {} if socket else {"request_url": url + EVENTS_PATH}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "QR", "description": _DESCRIPTION, "long_description": _MORE,
            "background_color": "#0b6b5d",
        },
        "features": _features({} if socket else {"url": url + EVENTS_PATH}),
        "functions": FUNCTIONS,
        "oauth_config": {
            **({"redirect_urls": [url + CALLBACK]} if url else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**posted, "bot_events": events()},
            "interactivity": {"is_enabled": True, **posted},
            "org_deploy_enabled": True,  # without it there are no steps in workflows
            "socket_mode_enabled": socket,
            "token_rotation_enabled": rotation,
            "function_runtime": "remote",
        },
    }  # fmt: skip


def events() -> list[str]:
    """Name the events to subscribe to: those that the code listens to."""
    return sorted(DIRECT if kind == "message" else kind for kind in LISTENED)


def _features(where: dict[str, str]) -> dict[str, Any]:
    command = {
        "command": COMMAND,
        "description": "Make a QR code, or read one",
        "usage_hint": "[text or link | wifi … | history | help]",
        "should_escape": False,
        **where,
    }
    return {
        "bot_user": {"display_name": "qr", "always_online": True},
        "app_home": {
            "home_tab_enabled": OPENED in LISTENED,
            "messages_tab_enabled": True, "messages_tab_read_only_enabled": False,
        },
        "slash_commands": [command],
        "shortcuts": list(SHORTCUTS),
    }  # fmt: skip


def printed(manifest: dict[str, Any]) -> str:
    """Write it as one pastes it."""
    return json.dumps(manifest, indent=2, ensure_ascii=False)
