"""A picture into a message that came out of an inline query, once somebody chose it.

Such a message takes a file that Telegram has, never an upload (core.telegram.org/bots/api#editmessagemedia).
So the picture is sent elsewhere first: to the chat kept for that, else silently to the person's private chat,
where it is deleted again, since they wanted it in another one; the code itself is in their history.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import Bot, InlineKeyboardMarkup, InputFile, InputMediaPhoto, LinkPreviewOptions, Message
from telegram.error import BadRequest, Forbidden, TelegramError

from adapters.telegram.inline import caption, opening
from bot.face import Address
from bot.i18n import Translator, spoken
from bot.message import Reply
from bot.qr.picture import Picture, Rendered

if TYPE_CHECKING:
    from adapters.telegram.serve import Telegram


@dataclass(frozen=True, slots=True)
class Cache:
    """A chat kept for pictures, and what of them is known: ``find`` gives a file id, or nothing."""

    chat: int
    find: Callable[[Picture], Awaitable[str]]
    keep: Callable[[Picture, str], Awaitable[None]]


async def put(telegram: Telegram, address: Address, reply: Reply, drawn: Rendered | None) -> None:
    """Put a reply into an inline message: its picture, or words where there is none; raises TelegramError."""
    bot, message = telegram.bot, str(address["inline"])
    if reply.picture is None or drawn is None:
        await _say(bot, message, "\n".join(line for line in (reply.title, reply.body) if line), None)
        return
    if await _known(telegram, message, reply.picture):
        return
    try:
        sent = await _sent(telegram, address, reply.picture, drawn)
    except TelegramError as error:
        if not _shut(error):
            raise
        await _knock(telegram, message, reply)
        return
    try:
        await _show(bot, message, reply.picture, sent.photo[-1].file_id)
    finally:
        if sent.chat.id == address["user"]:
            with suppress(TelegramError):  # it may stay: it is theirs
                await bot.delete_message(sent.chat.id, sent.message_id)


async def _known(telegram: Telegram, message: str, picture: Picture) -> bool:
    """Show a picture that Telegram has already; False where it has it not, or not any more."""
    file_id = await telegram.cache.find(picture) if telegram.cache is not None else ""
    if not file_id:
        return False
    try:
        await _show(telegram.bot, message, picture, file_id)
    except BadRequest as error:
        if "file" not in error.message.lower():
            raise
        return False
    return True


async def _sent(telegram: Telegram, address: Address, picture: Picture, drawn: Rendered) -> Message:
    """Send a picture where it does not matter: to the chat kept for it, else to the person."""
    if telegram.cache is not None:
        try:
            sent = await upload(telegram.bot, telegram.cache.chat, drawn)
        except TelegramError as error:
            if not _shut(error):
                raise
        else:
            await telegram.cache.keep(picture, sent.photo[-1].file_id)
            return sent
    return await upload(telegram.bot, int(address["user"]), drawn)


async def upload(bot: Bot, chat: int, drawn: Rendered) -> Message:
    """Send a picture without a sound, for the sake of its file id."""
    file = InputFile(drawn.data, filename=f"qr.{drawn.extension}")
    file.mimetype = drawn.media_type
    return await bot.send_photo(chat, file, disable_notification=True)


def _shut(error: TelegramError) -> bool:
    """Tell whether a chat is not open to the bot."""
    unknown = isinstance(error, BadRequest) and "chat not found" in error.message.lower()
    return unknown or isinstance(error, Forbidden)


async def _knock(telegram: Telegram, message: str, reply: Reply) -> None:
    """Say why there is no picture, with the button that opens the chat in which it would be sent first."""
    language = spoken(reply.language)
    why = Translator(language)(
        "I cannot put the picture here yet. Open our chat, press Start, then send this once more."
    )
    await _say(telegram.bot, message, f"{reply.title}\n{why}", opening(language, telegram.name))


async def _show(bot: Bot, message: str, picture: Picture, file_id: str) -> None:
    media = InputMediaPhoto(file_id, caption=caption(picture) or None)
    with _unchanged():
        await bot.edit_message_media(media, inline_message_id=message)


async def _say(bot: Bot, message: str, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
    plain = LinkPreviewOptions(is_disabled=True)
    with _unchanged():
        await bot.edit_message_text(
            text or "…", inline_message_id=message, link_preview_options=plain, reply_markup=keyboard
        )


@contextmanager
def _unchanged() -> Iterator[None]:
    """Take it for done where the message is as it should be already: it was changed before a crash."""
    try:
        yield
    except BadRequest as error:
        if "message is not modified" not in error.message.lower():
            raise
