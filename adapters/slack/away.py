"""Why Slack lets us say nothing somewhere, and what a person can do about it: pure.

Codes: docs.slack.dev/reference/methods/, chat.postMessage, files.completeUploadExternal, conversations.open.
"""

from __future__ import annotations

from bot.i18n import Translator

_OUTSIDE = "not_in_channel"
_UNKNOWN = {"channel_not_found", "team_access_not_granted", "access_denied", "no_permission"}
_ARCHIVED = "is_archived"
_RESTRICTED = "restricted_action"  # and those that begin so: read-only channels, locked threads
_THREAD = {"thread_not_found", "cannot_reply_to_message"}

_UNREACHABLE = {
    *("cannot_dm_bot", "user_disabled", "user_not_found", "users_not_found", "user_not_visible"),
    *("invalid_user_combination", "messages_tab_disabled", "not_allowed", "no_permission", "access_denied"),
    *("channel_not_found", "is_archived", "is_inactive", "not_in_channel", "restricted_action"),
}


def shut_out(code: str) -> bool:
    """Tell whether a channel takes nothing from us, for a reason that a person can know of."""
    return code in {_OUTSIDE, _ARCHIVED, *_UNKNOWN, *_THREAD} or code.startswith(_RESTRICTED)


def unreachable(code: str) -> bool:
    """Tell whether somebody's direct messages take nothing from us."""
    return code in _UNREACHABLE


def words(code: str, t: Translator) -> str:
    """Say why only the person sees this, and what would change that."""
    if code == _OUTSIDE:
        return t("I am not in this channel, so only you see this. To change that, say: /invite @qr")
    if code == _ARCHIVED:
        return t("This channel is archived, so only you see this.")
    if code in _THREAD:
        return t("This thread is gone, so only you see this.")
    if code.startswith(_RESTRICTED):
        return t("I may not post in this channel, so only you see this. Its managers can let me.")
    return t(
        "I cannot find this channel, so only you see this. If it is a private one, say there: /invite @qr"
    )
