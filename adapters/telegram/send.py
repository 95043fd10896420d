"""One reply on its way to Telegram: as an edit, a known file or an upload, and what Telegram made of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from adapters.telegram.happened import elsewhere
from adapters.telegram.render import PHOTOS, Call, aside, knock, render, target, unchanged
from adapters.telegram.unsaying import offered, taking_back, unsaid
from bot.drawings import finished
from bot.face import Address, Draw, Sent, Turn, Undeliverable
from bot.i18n import spoken
from bot.message import Reply
from bot.qr.picture import Rendered

PAUSES = (1.0, 4.0, 15.0)  # seconds between tries of what follows the first message of a reply
HELD = 60.0  # seconds that the rest of a reply waits for flood control before the whole is tried again
BUSY, SHOWN = 0.3, 4.5  # seconds of drawing before people are told, and for which Telegram shows it (5)

JSON = dict[str, Any]

_LOST = ("wrong file identifier", "wrong remote file identifier", "can't use file of type", "file_reference_")


@dataclass(frozen=True, slots=True)
class Carried:
    """The picture of a reply: drawn, or known to Telegram by a name of its own."""

    drawn: Rendered | None = None
    known: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Whom a reply is sent by, and how it waits for its turn."""

    bot: Bot
    name: str
    turn: Turn
    inline: bool = False  # the bot can be called in other chats


async def send(line: Line, address: Address, reply: Reply, draw: Draw, *, known: str, instead: str) -> Sent:
    """Send a reply; its picture is drawn where Telegram has not got it, or has it no longer."""
    address = {**address, "instead": instead} if instead else address
    reply = await unsaid(line.bot, reply, address) if reply.unsay else reply
    if known:
        try:
            return await _say(line, address, reply, Carried(known=known))
        except BadRequest as error:
            if not _lost(error):
                raise
    async with _busy(line.bot, address, reply):
        told, drawn = await finished(reply, draw)
    return await _say(line, address, told, Carried(drawn))


async def _say(line: Line, address: Address, reply: Reply, carried: Carried) -> Sent:
    """Send a reply, in another way where Telegram refuses the first; each way is tried once."""
    reply = offered(reply, address, line.bot.token)
    while True:
        try:
            calls = render(reply, address, carried.drawn, carried.known, inline=line.inline)
        except ValueError as wrong:
            raise Undeliverable(str(wrong)) from wrong
        await line.turn(address, reply)
        try:
            message = await _make(line, calls, address, reply)
        except TelegramError as error:
            other = None if carried.known and _lost(error) else _otherwise(error, address, reply, line.name)
            if other is None:
                raise
            address, reply = other
            carried = carried if reply.picture or reply.files else Carried()
        else:
            return _sent(message, address, reply, carried)


def _lost(error: TelegramError) -> bool:
    """Tell whether Telegram does not know a file by this name (any more)."""
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in _LOST)


def _otherwise(
    error: TelegramError, address: Address, reply: Reply, bot_name: str
) -> tuple[Address, Reply] | None:
    """Find another way to say what was refused; None where there is none. Every way can be gone only once."""
    if isinstance(error, ChatMigrated) and error.new_chat_id != address["chat"]:
        return {**address, **elsewhere(error.new_chat_id)}, reply
    if _unreachable(error) and aside(reply, address):
        asked = knock(spoken(reply.language), bot_name)
        return address, replace(asked, buttons=(*asked.buttons, *taking_back(reply)))
    if isinstance(error, BadRequest) and target(reply, address):
        return address, replace(reply, replace=False)  # too old, gone, or of another kind
    if isinstance(error, BadRequest) and address.get("thread") and "thread" in error.message.lower():
        return {**address, "thread": 0}, reply  # the topic was deleted
    return None


def _unreachable(error: TelegramError) -> bool:
    """Tell whether somebody never started the bot, or blocked it."""
    unknown = isinstance(error, BadRequest) and error.message.lower() in ("chat not found", "peer_id_invalid")
    return unknown or isinstance(error, Forbidden)


# --- calls --------------------------------------------------------------------------------------------------


async def _make(line: Line, calls: tuple[Call, ...], address: Address, reply: Reply) -> JSON | None:
    """Make the calls of one reply; what follows the first waits here, so that the first is not repeated."""
    first, *others = calls
    message = await _call(line.bot, first)
    for call in others:
        await _follow(line, call, address, reply)
    return message


async def _follow(line: Line, call: Call, address: Address, reply: Reply) -> None:
    """Make a call that follows another; what goes wrong is waited out, as the first would come twice."""
    for pause in (*PAUSES, None):
        await line.turn(address, reply)
        try:
            await _call(line.bot, call)
        except BadRequest as error:
            raise Undeliverable(f"the rest of a reply was refused: {error.message}") from None
        except (RetryAfter, NetworkError) as error:
            asked = seconds(error) if isinstance(error, RetryAfter) else 0.0
            if pause is None or asked > HELD:
                raise
            await asyncio.sleep(max(pause, asked))
        else:
            return


async def _call(bot: Bot, call: Call) -> JSON | None:
    """Make one call, and give the message it made as it came; None where it changed nothing.

    The SDK's own methods make objects of the whole answer, of which three values are of use.
    """
    word, *words = call.method.split("_")
    method = word + "".join(map(str.title, words))
    given = [RequestParameter.from_input(*each) for each in call.fields.items() if each[1] is not None]
    try:
        made = await bot.request.post(f"{bot.base_url}/{method}", RequestData(given))
    except BadRequest as error:
        if unchanged(error.message):
            return None
        raise
    return made if isinstance(made, dict) else None


def seconds(flood: RetryAfter) -> float:
    """Tell how long flood control asks us to wait."""
    after = flood.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()


def _sent(message: JSON | None, address: Address, reply: Reply, carried: Carried) -> Sent:
    if message is None:
        where = target(reply, address)
        return Sent("" if where is None else f"{where[0]}:{where[1]}", carried.known)
    return Sent(f"{message['chat']['id']}:{message['message_id']}", _file(message, reply, carried))


def _file(message: JSON, reply: Reply, carried: Carried) -> str:
    """Name the picture of a message for the next time; one too large for a photo has its own file's name."""
    photo = message.get("photo")
    if photo:
        return f"photo:{max(photo, key=lambda size: size['width'] * size['height'])['file_id']}"
    drawn = carried.drawn
    odd = reply.picture is not None and drawn is not None and drawn.media_type in PHOTOS
    document = message.get("document")
    return f"document:{document['file_id']}" if document and not odd else ""


# --- while drawing ------------------------------------------------------------------------------------------


@asynccontextmanager
async def _busy(bot: Bot, address: Address, reply: Reply) -> AsyncIterator[None]:
    """Show people that a picture is on its way while it is drawn; that neither delays nor fails the reply."""
    if reply.picture is None and not any(file.picture for file in reply.files):
        yield
        return
    shown: list[asyncio.Task[None]] = []
    waiting = asyncio.get_running_loop().call_later(
        BUSY, lambda: shown.append(asyncio.create_task(_show(bot, address, reply)))
    )
    try:
        yield
    finally:
        waiting.cancel()
        for each in shown:
            each.cancel()


async def _show(bot: Bot, address: Address, reply: Reply) -> None:
    alone = aside(reply, address)
    photo = reply.picture is not None and reply.picture.format in ("png", "jpeg")
    thread = None if alone else int(address.get("thread", 0)) or None
    chat = address["user"] if alone else address["chat"]
    with suppress(TelegramError):
        while True:
            await bot.send_chat_action(
                chat, "upload_photo" if photo else "upload_document", message_thread_id=thread
            )
            await asyncio.sleep(SHOWN)
