"""What happens with an update, however it came: by a poll or by a webhook."""

from __future__ import annotations

import json
from typing import Any

import structlog
from telegram import Update

from adapters.telegram.happened import happened
from adapters.telegram.parse import parse, request_id
from adapters.telegram.serve import Telegram
from bot.app import App
from bot.parked import outline

log = structlog.get_logger(__name__)

JSON = dict[str, Any]

ALLOWED = (  # the kinds of updates we ask for; others are not even made for us
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "my_chat_member",
)


async def take_in(telegram: Telegram, app: App, raw: JSON) -> None:
    """Handle one update as it came; raises only where nothing was committed.

    One that cannot be read is kept as a dead letter, and so is acknowledged.
    """
    given = request_id(telegram.name, raw["update_id"])
    try:
        update = Update.de_json(raw, telegram.bot)
        request, changes = parse(update, telegram.name), happened(update, app.clock())
    except Exception as error:
        log.warning("an update cannot be read", error=outline(error))
        await app.bury(given, lane(raw), json.dumps(raw))
        return
    if request is not None:
        await app.handle(request)
    elif changes:
        await app.note(given, changes)


def lane(raw: JSON) -> str:
    """Name an update's chat, whatever else is wrong with it: updates of one chat are handled in order.

    Where there is no chat, as with inline queries, who wrote stands for it.
    """
    bodies = [body for body in raw.values() if isinstance(body, dict)]
    for body in bodies:
        message = body.get("message", body)
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and "id" in chat:
            return f"telegram:{chat['id']}"
    for body in bodies:
        person = body.get("from")
        if isinstance(person, dict) and "id" in person:
            return f"telegram:{person['id']}"
    return "telegram:"
