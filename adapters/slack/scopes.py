"""What the bot may do in a workspace, and why: one list for install page, manifest and doctor.

Nothing is asked for that is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.i18n import mark

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "commands": mark("so that /qr and its shortcuts are there"),
        "chat:write": mark("to answer you, in channels that it was invited to and in its direct messages"),
        "files:write": mark("to hand over codes as pictures and as files for print"),
        "files:read": mark("to read the codes in pictures that you send it"),
        "im:history": mark("to read what you write to it in its direct messages, and nothing else"),
        "im:write": mark("to open those direct messages, for answers that are for your eyes only"),
        "app_mentions:read": mark("to hear you where you mention it in a channel"),
        "users:read": mark("to know who is an admin, and to use your profile photo as a logo when you ask"),
        "team:read": mark("to use the workspace’s icon as a logo when you ask"),
    }
)  # by scope (docs.slack.dev/reference/scopes), why it is asked for, in the order it is shown
