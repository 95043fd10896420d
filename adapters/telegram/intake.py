"""What happens with an update, however it came: by a poll or by a webhook."""

from __future__ import annotations

import json
import re
from typing import Any

import structlog
from telegram import Update

from adapters.telegram.happened import Happened, happened
from adapters.telegram.parse import parse, request_id
from adapters.telegram.serve import Telegram
from bot.app import App
from bot.message import Request
from bot.parked import outline
from storage.changes import MoveSpace

log = structlog.get_logger(__name__)

JSON = dict[str, Any]

LARGEST = 2**63  # that an id of theirs may be

_SPACE = re.compile(r"telegram:-?\d{1,19}", re.ASCII)

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

    One that cannot be read is kept as a dead letter, and so is acknowledged. Inline queries are answered
    beside it: they hold nobody up, and are of no use later.
    """
    given = request_id(telegram.name, raw["update_id"])
    try:
        if telegram.answer is not None and "inline_query" in raw:
            telegram.answer(raw)
            return
        update = Update.de_json(raw, telegram.bot)
        request, changes = parse(update, telegram.name), happened(update, app.clock())
        _check(request, changes)
    except Exception as error:
        log.warning("an update cannot be read", error=outline(error))
        await app.bury(given, lane(raw), _written(raw))
        return
    if request is not None:
        await app.handle(request)
    elif changes:
        await app.note(given, changes)


def _check(request: Request | None, changes: tuple[Happened, ...]) -> None:
    """Raise ValueError or TypeError for what nothing can be done with: the SDK takes any type for any."""
    ids = [name for change in changes for name in _spaces(change)]
    if request is not None:
        ids += [request.actor.key, request.space.key]
        said = (request.actor.name, request.space.title, request.text, *request.values.values())
        refs = [part for upload in request.uploads for part in (upload.ref, upload.name, upload.media_type)]
        refs += [part for part in request.address.values() if not isinstance(part, int)]
        "".join((request.actor.language, *refs)).encode()
        "".join(said)
    if not all(map(_SPACE.fullmatch, ids)):
        raise ValueError("an id is none")


def _spaces(change: Happened) -> tuple[str, ...]:
    return (change.before, change.after) if isinstance(change, MoveSpace) else (change.space,)


def _written(raw: JSON) -> str:
    try:
        return json.dumps(raw)
    except RecursionError:
        return '"nested too deeply to be kept"'


def lane(raw: JSON) -> str:
    """Name an update's chat, whatever else is wrong with it: updates of one chat are handled in order.

    Where there is no chat, as with inline queries, who wrote stands for it.
    """
    bodies = [body for body in raw.values() if isinstance(body, dict)]
    messages = [body.get("message", body) for body in bodies]
    chats = [message.get("chat") for message in messages if isinstance(message, dict)]
    for place in (*chats, *(body.get("from") for body in bodies)):
        number = place.get("id") if isinstance(place, dict) else None
        if isinstance(number, int) and abs(number) < LARGEST:
            return f"telegram:{number}"
    return "telegram:"
