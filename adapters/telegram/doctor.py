"""What is right and what is not about the bot as Telegram knows it: asked, and never changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from telegram import Bot, Chat, ChatMemberAdministrator, User, WebhookInfo
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from adapters.telegram.client import AiohttpRequest, Patience
from adapters.telegram.menu import differing
from adapters.telegram.webhook import REFUSED
from bot.clock import compared
from bot.command import Command
from bot.face import Finding
from bot.i18n import Translator

MANY = 100  # updates that wait: more than a bot that works has
RECENT = timedelta(hours=1)  # an error before that may be mended
PATIENCE = Patience(pool=5, connect=10, read=10, write=10, media_write=10)


async def examine(
    token: str,
    api_url: str,
    webhook: str,
    commands: Mapping[str, Command],
    translators: Sequence[Translator],
    *,
    cache_chat: str = "",
) -> AsyncIterator[Finding]:
    """Look at the token, the bot's switches, its menu, where its updates go and inline pictures first.

    ``webhook``: the address that Telegram should post to; empty where we ask.
    """
    root = api_url.rstrip("/")
    asking, unused = (AiohttpRequest(root, 1, PATIENCE) for _ in range(2))  # the SDK wants one for polls, too
    bot = Bot(token, f"{root}/bot", f"{root}/file/bot", asking, unused)
    try:
        await bot.initialize()
        yield Finding("Telegram token", f"is @{bot.bot.username}'s")
        yield compared(asking.date, "Telegram's")
        for finding in _switches(bot.bot):
            yield finding
        yield await _menu(bot, commands, translators)
        for finding in _webhook(await bot.get_webhook_info(), webhook):
            yield finding
        if cache_chat:
            yield await _cache(bot, int(cache_chat))
    except InvalidToken:
        yield Finding(
            "Telegram token", "is not known", "Copy it again from @BotFather into TELEGRAM_BOT_TOKEN."
        )
    except TelegramError as error:
        yield Finding(
            "Telegram", f"does not answer: {type(error).__name__}", "Check the network and TELEGRAM_API_URL."
        )
    finally:
        await bot.shutdown()


def _switches(me: User) -> tuple[Finding, ...]:
    """Compare what is switched at BotFather; what nothing shows, as inline feedback, is not."""
    inline = Finding("Inline mode", "is on")
    if not me.supports_inline_queries:
        inline = Finding("Inline mode", "is off", "Send /setinline to @BotFather, then /setinlinefeedback.")
    groups = Finding("Groups", "may add the bot")
    if not me.can_join_groups:
        groups = Finding("Groups", "may not add the bot", "Send /setjoingroups to @BotFather: Enable.")
    privacy = Finding("Privacy mode", "is on: in groups the bot sees only what is said to it")
    if me.can_read_all_group_messages:
        privacy = Finding(
            "Privacy mode",
            "is off: the bot sees all that groups say",
            "Send /setprivacy to @BotFather: Enable; then take the bot out of its groups and add it again.",
        )
    return inline, groups, privacy


async def _menu(bot: Bot, commands: Mapping[str, Command], translators: Sequence[Translator]) -> Finding:
    wrong = [what for each in translators async for what, _ in differing(bot, commands, each)]
    if not wrong:
        return Finding("Commands", "are set, and the descriptions, in every language")
    return Finding(
        "Commands", f"are not as they should be: {', '.join(wrong)}", "Start qr-gen: it sets them."
    )


async def _cache(bot: Bot, id: int) -> Finding:
    """Look at the chat that everybody's inline pictures are sent to: nobody else should see them."""
    what = "Inline pictures"
    mend = "Set TELEGRAM_CACHE_CHAT to the number of a private channel that has the bot as an administrator."
    try:
        chat, me = await bot.get_chat(id), await bot.get_chat_member(id, bot.id)
    except (BadRequest, Forbidden):
        return Finding(what, "go to a chat that cannot be reached", mend)
    if names := chat.active_usernames or ((chat.username,) if chat.username else ()):
        return Finding(what, f"go where everybody sees them, to @{names[0]}", mend)
    if chat.type == Chat.CHANNEL and not (isinstance(me, ChatMemberAdministrator) and me.can_post_messages):
        return Finding(what, "go to a chat in which the bot may not post", mend)
    return Finding(what, f"go to a private {chat.type} first")


def _webhook(info: WebhookInfo, wanted: str) -> tuple[Finding, ...]:
    """Compare where updates go with where they should, and see whether they arrive."""
    waiting = Finding("Updates", f"{info.pending_update_count} wait")
    if info.pending_update_count > MANY:
        waiting = Finding(
            "Updates", f"{info.pending_update_count} wait", "Look whether qr-gen runs, and at its log."
        )
    if info.url != wanted:
        return _elsewhere(info.url, wanted), waiting
    if not wanted:
        return Finding("Webhook", "is not set: qr-gen asks for updates"), waiting
    failed, at = info.last_error_message, info.last_error_date
    if failed and at is not None and datetime.now(UTC) - at < RECENT:
        said = f"is set, but at {at:%H:%M} UTC Telegram met: {failed}"
        mend = "Open PUBLIC_URL/livez from elsewhere, and look at the log."
        if REFUSED in failed:
            mend = (
                "Another program set it with another secret: stop that one; qr-gen sets it anew in a minute."
            )
        return Finding("Webhook", said, mend), waiting
    return Finding("Webhook", f"is set to {wanted}"), waiting


def _elsewhere(url: str, wanted: str) -> Finding:
    """Name where updates go; never the whole address: others put their token into its path."""
    if not url:
        return Finding("Webhook", "is not set", "Start qr-gen: it sets it.")
    mend = "Start qr-gen: it sets it anew" if wanted else "Start qr-gen: it removes it, and polls"
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return Finding("Webhook", f"is set to {host}", f"{mend}. If another program set it, stop that one.")
