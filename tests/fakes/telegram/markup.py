"""What may hang under a message: inline keyboards, and the keyboards that replace a person's own.

Rules: core.telegram.org/bots/api#inlinekeyboardmarkup, tdlib's ReplyMarkup.cpp and LinkManager.cpp.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.ledger import JSON

DATA = 64  # bytes of callback data
BUTTONS, IN_A_ROW = 100, 8  # telegram.constants.InlineKeyboardMarkupLimit
COPIED = 256  # characters of copy_text
PLACEHOLDER = 64  # characters

_ACTIONS: tuple[str, ...] = (
    "callback_data",
    "url",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "pay",
)
_ACTIONS += ("switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game")


class Unmarkable(ValueError):
    """The markup is refused; the message is Telegram's, without its "Bad Request: "."""


def keyboard(value: Any) -> list[list[JSON]] | None:
    """Check a ``reply_markup``; gives the rows of an inline keyboard, None for another markup or none.

    Raises Unmarkable.
    """
    if value in (None, ""):
        return None
    if not isinstance(value, dict):
        raise Unmarkable("object expected as reply markup")
    rows = value.get("inline_keyboard")
    if rows is None:
        _other(value)
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Unmarkable('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > BUTTONS or any(len(row) > IN_A_ROW for row in rows):
        raise Unmarkable("reply markup is too long")
    for row in rows:
        for button in row:
            _checked(button)
    return [row for row in rows if row]


def _other(value: JSON) -> None:
    if not {"keyboard", "remove_keyboard", "force_reply"} & set(value):
        raise Unmarkable("can't parse reply keyboard markup JSON object")
    if len(value.get("input_field_placeholder", "")) > PLACEHOLDER:
        raise Unmarkable("input field placeholder is too long")  # core.telegram.org/bots/api#forcereply: 1–64
    for row in value.get("keyboard", []):
        for button in row:
            text = button.get("text") if isinstance(button, dict) else button
            if not text:
                raise Unmarkable("keyboard button text must be non-empty")


def _checked(button: Any) -> None:
    """Hold one inline button to its rules: a text, exactly one action, and that action's own limits."""
    if not isinstance(button, dict):
        raise Unmarkable("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str) or not button["text"]:
        raise Unmarkable("inline keyboard button text must be non-empty")
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise Unmarkable(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:  # the documents: "exactly one of the fields other than text, icon and style"
        raise Unmarkable("BUTTON_TYPE_INVALID")
    check = _RULES.get(actions[0])
    if check is not None:
        check(button[actions[0]])


def _data(value: Any) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= DATA:
        raise Unmarkable("BUTTON_DATA_INVALID")


def _url(value: Any) -> None:
    """Refuse what LinkManager::check_link refuses: other schemes, hosts without a dot such as localhost."""
    wrong = f"inline keyboard button URL '{value}' is invalid: "
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        host = parts.hostname or ""
    except (ValueError, TypeError):
        raise Unmarkable(f"{wrong}Wrong HTTP URL") from None
    if parts.scheme.lower() not in ("http", "https", "tg"):
        raise Unmarkable(f"{wrong}Unsupported URL protocol")
    if parts.scheme != "tg" and "." not in host and ":" not in host:
        raise Unmarkable(f"{wrong}Wrong HTTP URL")


def _copied(value: Any) -> None:
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= COPIED:
        raise Unmarkable("BUTTON_COPY_TEXT_INVALID")


def _web_app(value: Any) -> None:
    if not str(value.get("url", "")).startswith("https://"):
        raise Unmarkable("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")


def _chosen_chat(value: Any) -> None:
    """Hold it to what tdlib's get_target_dialog_types wants: a kind of chat at least."""
    allowed = [name for name in value if name.startswith("allow_") and value[name] is True]
    if not allowed:
        raise Unmarkable("at least one chat type must be allowed")
    if len(value.get("query", "")) > COPIED:  # what nobody could type as an inline query
        raise Unmarkable("BUTTON_DATA_INVALID")


_RULES = {
    "callback_data": _data,
    "url": _url,
    "copy_text": _copied,
    "web_app": _web_app,
    "switch_inline_query_chosen_chat": _chosen_chat,
}


def shown(button: JSON) -> tuple[str, str]:
    """Tell what a person sees of a button and what it carries: data, address, text to copy or share."""
    action = next(name for name in _ACTIONS if name in button)
    value = button[action]
    known = ("text", "url", "query")
    carried = (
        next((value[name] for name in known if name in value), None) if isinstance(value, dict) else value
    )
    return button["text"], carried if isinstance(carried, str) else json.dumps(value)
