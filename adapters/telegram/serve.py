"""The Telegram connection, and the face that sends replies through it.

The SDK is a client and a parser here: its Updater confirms updates before they are handled, so polling is our
own. No error that leaves this module holds the token, which is part of every address of the Bot API.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from telegram import Bot, User
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from adapters.telegram.client import AiohttpRequest, Patience
from adapters.telegram.fetch import Admins, prepared
from adapters.telegram.links import deep_link
from adapters.telegram.placed import Cache, put
from adapters.telegram.render import aside, in_place
from adapters.telegram.send import Line, seconds
from adapters.telegram.send import send as send_reply
from bot.drawings import finished
from bot.face import Address, Closed, Draw, Face, Rate, Sent, TryLater, Turn, Undeliverable, at_once
from bot.message import Reply, Request
from bot.pace import Pace, parse_rates

log = structlog.get_logger(__name__)

LONGEST_PAUSE = 30.0  # seconds between two tries
PRESSED = 150.0  # seconds after which Telegram takes no answer to a press any more (tdlib/telegram-bot-api)

_GONE = (
    "was blocked by the user",
    "user is deactivated",
    "bot was kicked",
    "bot is not a member",
    "was deleted",
)

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{10,}(?:/test)?")
_CONNECTIONS = 32


class WrongToken(Exception):
    """Telegram does not know the bot token; the text does not say it."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """An open connection. ``polling`` is the client of the long poll alone; ``rates`` is by scope."""

    bot: Bot
    me: User
    polling: AiohttpRequest
    rates: Mapping[str, Pace]
    cache: Cache | None = None  # a chat kept for pictures of inline results
    answer: Callable[[dict[str, Any]], None] | None = None  # takes inline queries as they came

    @property
    def name(self) -> str:
        """Give the bot's username."""
        return self.me.username or str(self.me.id)

    @property
    def account(self) -> str:
        """Name the bot across platforms: what it uploads is good for it alone."""
        return f"telegram:{self.me.id}"


@asynccontextmanager
async def open_telegram(token: str, api_url: str, rates: str) -> AsyncIterator[Telegram]:
    """Connect a bot, waiting until Telegram can be reached; raises WrongToken, ValueError for bad rates."""
    if not _TOKEN.fullmatch(token):
        raise WrongToken("this is not a bot token")
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # durations as timedelta; the SDK's old way warns
    paces = parse_rates(rates)
    root = api_url.rstrip("/")
    polling = AiohttpRequest(root, 1, Patience(pool=5, connect=10, read=10, write=10, media_write=10))
    patience = Patience(pool=30, connect=10, read=20, write=20, media_write=60)
    sending = AiohttpRequest(root, _CONNECTIONS, patience)
    bot = Bot(token, f"{root}/bot", f"{root}/file/bot", sending, polling)
    try:
        yield Telegram(bot, await _introduced(bot), polling, paces)
    finally:
        await bot.shutdown()


async def _introduced(bot: Bot) -> User:
    pause = 1.0
    while True:
        try:
            await bot.initialize()
        except InvalidToken:
            raise WrongToken("Telegram does not know this bot token") from None
        except TelegramError as error:
            log.warning("telegram cannot be reached", error=type(error).__name__, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        else:
            return bot.bot


# --- the face -----------------------------------------------------------------------------------------------


def face(telegram: Telegram) -> Face:
    """Show the connection to the deliveries."""
    answered: deque[str] = deque(maxlen=1_000)  # presses whose waiting sign is gone already

    async def noticed(address: Address, age: float) -> None:
        press = str(address.get("callback", ""))
        if press and press not in answered and age < PRESSED:
            answered.append(press)
            with suppress(TelegramError):  # it waited longer than we know
                await telegram.bot.answer_callback_query(press)

    async def send(
        address: Address,
        reply: Reply,
        draw: Draw,
        *,
        known: str = "",
        instead: str = "",
        turn: Turn = at_once,
    ) -> Sent:
        line = Line(telegram.bot, telegram.name, turn, bool(telegram.me.supports_inline_queries))
        try:
            if "inline" in address:
                return await _put(telegram, address, reply, draw, turn)
            return await send_reply(line, address, reply, draw, known=known, instead=instead)
        except TelegramError as error:
            raise _verdict(error, telegram.bot.token) from None

    return Face(
        "telegram",
        send,
        partial(_prepare, telegram, Admins()),
        partial(sending_rates, telegram),
        reach,
        partial(deep_link, telegram.name),
        account=telegram.account,
        noticed=noticed,
        in_place=in_place,
    )


async def _put(telegram: Telegram, address: Address, reply: Reply, draw: Draw, turn: Turn) -> Sent:
    """Put a reply into a message that came out of an inline query, which stands in no chat of ours."""
    told, drawn = await finished(reply, draw)
    await turn(address, reply)
    await put(telegram, address, told, drawn)
    return Sent()


def named(error: TelegramError, token: str) -> str:
    """Say what Telegram, or the network, said: never the token."""
    return f"{type(error).__name__}: {error.message}".replace(token, "…")


def _verdict(error: TelegramError, token: str) -> TryLater | Undeliverable:
    """Decide whether trying again can help."""
    why = named(error, token)
    if isinstance(error, RetryAfter):
        return TryLater(why, seconds(error))
    if isinstance(error, Forbidden) and any(words in error.message for words in _GONE):
        return Closed(why)
    return Undeliverable(why) if isinstance(error, Forbidden | BadRequest | ChatMigrated) else TryLater(why)


def sending_rates(telegram: Telegram, address: Address, reply: Reply) -> tuple[Rate, ...]:
    """Name what a reply counts against: its chat, its group, and everything the bot sends."""
    if "inline" in address and telegram.cache is not None:
        address = {"chat": telegram.cache.chat, "private": 0}
    alone, name = aside(reply, address), telegram.name
    chat = address["user"] if alone else address["chat"]
    keys = {"chat": f"telegram:{name}:chat:{chat}", "all": f"telegram:{name}:all"}
    if not (alone or address.get("private")):
        keys["group"] = f"telegram:{name}:group:{chat}"
    return tuple(
        Rate(keys[scope], pace.per_second, pace.burst, common=scope == "all")
        for scope, pace in telegram.rates.items()
        if scope in keys
    )


def reach(account: str) -> Address:
    """Address somebody's private chat, whose id is theirs."""
    return {"chat": int(account), "user": int(account), "private": 1}


async def _prepare(telegram: Telegram, admins: Admins, request: Request) -> Request:
    """Fetch a request's files and find out whether an admin speaks; raises Refused for what cannot be had."""
    try:
        return await prepared(telegram.bot, request, admins)
    except TelegramError as error:
        raise _verdict(error, telegram.bot.token) from None
