"""What Telegram shows before anybody has written: the menu of commands, and what the bot is for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
    MenuButtonDefault,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.constants import MenuButtonType
from telegram.error import TelegramError

from adapters.telegram.serve import Telegram
from bot.app import App
from bot.command import Command
from bot.i18n import Translator, mark
from bot.operating.audit import as_switched
from storage.faults import Unavailable

log = structlog.get_logger(__name__)

ALL = ("start", "help", "qr", "wifi", "contact", "pay", "read", "history", "settings", "privacy")
GROUP = ("help", "qr", "wifi", "contact", "pay", "read")
SCOPES: tuple[tuple[BotCommandScope, tuple[str, ...]], ...] = (
    (BotCommandScopeDefault(), ALL),
    (BotCommandScopeAllPrivateChats(), ALL),
    (BotCommandScopeAllGroupChats(), GROUP),
    (BotCommandScopeAllChatAdministrators(), (*GROUP, "logo", "kit", "settings")),
)
APP = "QR"  # on the menu button, which has no languages
LOOK, LONGEST = 5.0, 600.0  # seconds between two looks at what is switched off; the same after refusals
SUMMARY, DESCRIPTION, SHORT = 256, 512, 120  # characters

Different = tuple[str, Callable[[], Awaitable[bool]]]

LONG_TEXT = mark(
    "I make QR codes, and check that each one scans before you get it. Send me a text or a link, "
    "or press Start to see what else I can do."
)
SHORT_TEXT = mark("Makes and reads QR codes, and checks that each one scans.")


async def keep_announced(
    telegram: Telegram, app: App, translators: Sequence[Translator], app_url: str = ""
) -> None:
    """Set the menus, and again where a word was switched off or on, in whatever process, until cancelled."""
    shown: frozenset[str] | None = None
    pause = LOOK
    while True:
        try:
            off = await app.access.words_off(app.store, app.clock())
            if off != shown:
                commands = as_switched(app.commands, off)
                well = await announce(telegram, commands, translators, app_url)
                shown, pause = (off, LOOK) if well else (shown, min(LONGEST, pause * 2))
        except Unavailable:  # the database is away, which others say
            pause = LOOK
        await asyncio.sleep(pause)


async def announce(
    telegram: Telegram,
    commands: Mapping[str, Command],
    translators: Iterable[Translator],
    app_url: str = "",
) -> bool:
    """Set the menus and descriptions in every language; read first, written only where they differ.

    ``app_url``: where the Mini App is, for the button beside the field to write in; empty where Telegram
    cannot reach one.

    A menu for a narrower scope hides the wider one in all languages, so each scope has every language.
    English is what all others see. False where Telegram refuses something, which is logged.
    """
    try:
        for translator in translators:
            async for _, write in differing(telegram.bot, commands, translator):
                await write()
        await _button(telegram.bot, app_url)
    except TelegramError as error:
        log.warning("the menu could not be set", error=type(error).__name__)
        return False
    return True


async def differing(bot: Bot, commands: Mapping[str, Command], t: Translator) -> AsyncIterator[Different]:
    """Find what Telegram shows otherwise than it should: a name for people, and what sets it right."""
    language = "" if t.language == "en" else t.language
    for scope, words in SCOPES:
        offered = (word for word in words if word in commands and not commands[word].hidden)
        wanted = [BotCommand(word, t(commands[word].summary)[:SUMMARY]) for word in offered]
        if list(await bot.get_my_commands(scope, language)) != wanted:
            write = partial(bot.set_my_commands, wanted, scope, language)
            yield f"{scope.type} menu ({t.language})", write
    long, short = t(LONG_TEXT)[:DESCRIPTION], t(SHORT_TEXT)[:SHORT]
    if (await bot.get_my_description(language)).description != long:
        yield f"description ({t.language})", partial(bot.set_my_description, long, language)
    if (await bot.get_my_short_description(language)).short_description != short:
        yield f"short description ({t.language})", partial(bot.set_my_short_description, short, language)


async def _button(bot: Bot, app_url: str) -> None:
    """Let the menu button open the Mini App; one that is gone leaves the menu of commands."""
    held = await bot.get_chat_menu_button()
    wanted = MenuButtonWebApp(APP, WebAppInfo(app_url)) if app_url else MenuButtonDefault()
    if held != wanted and (app_url or held.type == MenuButtonType.WEB_APP):
        await bot.set_chat_menu_button(menu_button=wanted)
