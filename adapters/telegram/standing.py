"""Whether Telegram still knows the bot and answers, where nobody asks it for updates."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from telegram.error import InvalidToken, TelegramError

from adapters.telegram.serve import Telegram
from bot.parked import outline

log = structlog.get_logger(__name__)

LOOK = 60.0  # seconds between two questions
AWAY = 2  # of them without an answer, after which Telegram counts as away
SILENT = "Telegram does not answer, or not as it should. Look at qr-gen doctor, and at the network."
REVOKED = (
    "Telegram does not know the bot token any more. Copy it again from @BotFather into TELEGRAM_BOT_TOKEN."
)
REVOKED_LINE = "telegram does not know the bot token any more: copy it again from @BotFather"


async def stay_known(telegram: Telegram, trouble: Callable[[str], None]) -> None:
    """Ask every minute who we are, until cancelled; ``trouble`` is told what is wrong, or ""."""
    failed, said = 0, ""
    while True:
        await asyncio.sleep(LOOK)
        try:
            await telegram.bot.get_me()
        except TelegramError as error:
            failed += 1
            refused = isinstance(error, InvalidToken)
            why = REVOKED if refused else SILENT if failed >= AWAY else said
            if why != said:
                log.error(REVOKED_LINE if refused else "telegram does not answer", error=outline(error))
        else:
            failed, why = 0, ""
            if said:
                log.info("telegram answers again")
        said = why
        trouble(why)
