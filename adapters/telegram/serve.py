"""The Telegram connection, and the face that sends replies through it.

The SDK is a client and a parser here: its Updater confirms updates before they are handled, so polling is our
own. No error that leaves this module holds the token, which is part of every address of the Bot API.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

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
from adapters.telegram.fetch import prepared
from adapters.telegram.render import Call, aside, knock, render
from bot.drawings import finished
from bot.face import Address, Draw, Face, Rate, TryLater, Undeliverable
from bot.i18n import spoken
from bot.message import Reply, Request
from bot.pace import Pace, parse_rates
from bot.qr.picture import Rendered

log = structlog.get_logger(__name__)

LONGEST_PAUSE = 30.0  # seconds between two tries
HELD = 60.0  # seconds that the rest of a reply waits for flood control before the whole is tried again

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

    @property
    def name(self) -> str:
        """Give the bot's username."""
        return self.me.username or str(self.me.id)


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

    async def send(address: Address, reply: Reply, draw: Draw) -> None:
        press = str(address.get("callback", ""))
        if press and press not in answered:
            answered.append(press)
            with suppress(TelegramError):
                await telegram.bot.answer_callback_query(press)
        reply, picture = await finished(reply, draw)
        try:
            await _say(telegram, address, reply, picture)
        except TelegramError as error:
            raise _verdict(error, telegram.bot.token) from None

    return Face("telegram", send, partial(_prepare, telegram), partial(_rates, telegram), _reach)


async def _say(telegram: Telegram, address: Address, reply: Reply, picture: Rendered | None) -> None:
    """Send a reply, in another way where Telegram refuses the first; each way is tried once."""
    while True:
        try:
            calls = render(reply, address, picture)
        except ValueError as wrong:
            raise Undeliverable(str(wrong)) from wrong
        try:
            await _make(telegram, calls)
        except TelegramError as error:
            other = _otherwise(error, address, reply, telegram.name)
            if other is None:
                raise
            address, reply = other
            picture = picture if reply.picture or reply.files else None
        else:
            return


def _otherwise(
    error: TelegramError, address: Address, reply: Reply, bot_name: str
) -> tuple[Address, Reply] | None:
    """Find another way to say what was refused; None where there is none. Every way can be gone only once."""
    if isinstance(error, ChatMigrated) and error.new_chat_id != address["chat"]:
        return {**address, "chat": error.new_chat_id}, reply
    if _unreachable(error) and aside(reply, address):
        return address, knock(spoken(reply.language), bot_name)
    if isinstance(error, BadRequest) and reply.replace and address.get("callback"):
        return address, replace(reply, replace=False)  # too old, gone, or of another kind
    if isinstance(error, BadRequest) and address.get("thread") and "thread" in error.message.lower():
        return {**address, "thread": 0}, reply  # the topic was deleted
    return None


def _unreachable(error: TelegramError) -> bool:
    """Tell whether somebody never started the bot, or blocked it."""
    unknown = isinstance(error, BadRequest) and error.message.lower() in ("chat not found", "peer_id_invalid")
    return unknown or isinstance(error, Forbidden)


async def _make(telegram: Telegram, calls: tuple[Call, ...]) -> None:
    """Make the calls of one reply; what follows the first waits here, so that the first is not repeated."""
    first, *others = calls
    await _call(telegram.bot, first)
    for call in others:
        await asyncio.sleep(1 / telegram.rates["chat"].per_second if "chat" in telegram.rates else 0)
        try:
            await _call(telegram.bot, call)
        except RetryAfter as flood:
            if (seconds := _seconds(flood)) > HELD:
                raise
            await asyncio.sleep(seconds)
            await _call(telegram.bot, call)


async def _call(bot: Bot, call: Call) -> None:
    try:
        await getattr(bot, call.method)(**call.fields)
    except BadRequest as error:
        if "message is not modified" not in error.message.lower():
            raise


def _verdict(error: TelegramError, token: str) -> TryLater | Undeliverable:
    """Decide whether trying again can help."""
    why = f"{type(error).__name__}: {error.message}".replace(token, "…")
    if isinstance(error, RetryAfter):
        return TryLater(why, _seconds(error))
    return Undeliverable(why) if isinstance(error, Forbidden | BadRequest | ChatMigrated) else TryLater(why)


def _seconds(flood: RetryAfter) -> float:
    after = flood.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()


def _rates(telegram: Telegram, address: Address) -> tuple[Rate, ...]:
    """Name what a send counts against: its chat, its group, and everything the bot sends."""
    chat, name = address["chat"], telegram.name
    keys = {"chat": f"telegram:{name}:chat:{chat}", "all": f"telegram:{name}:all"}
    if not address.get("private"):
        keys["group"] = f"telegram:{name}:group:{chat}"
    return tuple(
        Rate(keys[scope], pace.per_second, pace.burst)
        for scope, pace in telegram.rates.items()
        if scope in keys
    )


def _reach(account: str) -> Address:
    """Address somebody's private chat, whose id is theirs."""
    return {"chat": int(account), "user": int(account), "private": 1}


async def _prepare(telegram: Telegram, request: Request) -> Request:
    """Fetch a request's files and find out whether an admin speaks; raises Refused for what cannot be had."""
    try:
        return await prepared(telegram.bot, request)
    except TelegramError as error:
        raise _verdict(error, telegram.bot.token) from None
