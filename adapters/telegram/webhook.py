"""Updates by webhook: answered with 200 only after they were committed, and Telegram posts the others again.

Rules from Telegram's own Bot API server (WebhookActor.cpp): any 2xx is final; ``Retry-After`` is honoured; a
chat's next update is posted after the one before was taken.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from weakref import WeakValueDictionary

import structlog
from telegram import WebhookInfo
from telegram.error import BadRequest, TelegramError

from adapters.telegram.intake import ALLOWED, JSON, LARGEST, lane, take_in
from adapters.telegram.serve import LONGEST_PAUSE, Telegram
from bot.app import App
from bot.coordination import mark, marked
from bot.parked import outline

log = structlog.get_logger(__name__)

PATH = "/telegram/webhook"
CONNECTIONS = 40  # that Telegram may hold at once: its own default
LOOK = 60.0  # seconds between two looks whether it is still there
REFUSED = "401"  # what we answer to another secret
AGAIN = 5  # seconds after which Telegram tries again what could not be committed

Receive = Callable[[Mapping[str, str], bytes], Awaitable[tuple[int, Mapping[str, str]]]]  # to status, headers


@dataclass(slots=True)
class Hook:
    """Where Telegram posts. ``telegram`` is None until it was reached: until then nothing can be taken."""

    url: str
    secret: str = field(repr=False)
    telegram: Telegram | None = None
    hung: bool = False  # it was set; whoever sets another now is somebody else
    seen: datetime = field(default_factory=partial(datetime.now, UTC))  # until when errors are told
    locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @property
    def fingerprint(self) -> str:
        """Stand for the secret, which Telegram does not show, and for what else is set with it."""
        wanted = json.dumps((self.url, ALLOWED, CONNECTIONS))
        return hmac.new(self.secret.encode(), wanted.encode(), sha256).hexdigest()


def receiver(hook: Hook, app: App) -> Receive:
    """Make the function that takes a post as it came, and answers it with a status and headers."""

    async def receive(headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str]]:
        given = headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(given.encode(), hook.secret.encode()):
            return 401, {}
        update = _update(body)
        if update is None:
            return 400, {}
        return await _taken(hook, app, update)

    return receive


def _update(body: bytes) -> JSON | None:
    """Read an update; None for what Telegram would never post."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = read.get("update_id") if isinstance(read, dict) else None
    return read if isinstance(number, int) and abs(number) < LARGEST else None


async def _taken(hook: Hook, app: App, update: JSON) -> tuple[int, Mapping[str, str]]:
    """Handle an update in its chat's turn: 200 once it is committed, else 503."""
    later = 503, {"Retry-After": str(AGAIN)}
    if hook.telegram is None:
        return later
    name = lane(update)
    turn = hook.locks.get(name)
    if turn is None:
        turn = hook.locks[name] = asyncio.Lock()
    try:
        async with turn:
            await take_in(hook.telegram, app, update)
    except Exception as error:
        log.error("an update could not be kept", error=outline(error))
        return later
    return 200, {}


# --- telling Telegram ---------------------------------------------------------------------------------------


async def hang(hook: Hook, app: App) -> str:
    """Tell Telegram where to post, unless it knows; empty when it does, else why it does not take it.

    Telegram does not show the secret that it has, so a row remembers what was set.
    """
    telegram = hook.telegram
    assert telegram is not None  # reached before
    row, bot = f"telegram-webhook:{telegram.me.id}", telegram.bot
    info, kept = await bot.get_webhook_info(), await marked(app, row)
    known = kept is not None and kept[0] == hook.fingerprint and not _said(hook, info)
    if known and (info.url, set(info.allowed_updates or ())) == (hook.url, set(ALLOWED)):
        return ""
    try:
        await bot.set_webhook(
            hook.url, secret_token=hook.secret, allowed_updates=ALLOWED, max_connections=CONNECTIONS
        )
    except BadRequest as error:
        return error.message
    await mark(app, row, hook.fingerprint)
    if hook.hung:
        log.error("another program set a webhook with this bot token: stop it, or use another bot")
    log.info("telegram posts updates to this server now")
    return ""


def _said(hook: Hook, info: WebhookInfo) -> bool:
    """Tell the log what Telegram met since the last look; true where it posts with another secret."""
    met, at = info.last_error_message or "", info.last_error_date
    if not (hook.hung and met and at is not None and at > hook.seen):
        return False
    hook.seen = at
    log.warning("telegram cannot post to us", why=met, what_to_do="Open PUBLIC_URL/livez from elsewhere")
    return REFUSED in met


async def watch(hook: Hook, app: App) -> None:
    """Look every minute whether Telegram still posts here, as it was told, until cancelled."""
    hook.hung = True
    while True:
        await asyncio.sleep(LOOK)
        try:
            if refused := await hang(hook, app):
                log.error("the webhook is not set", why=refused, again_in=LOOK)
        except Exception as error:  # Telegram, or the database, is away
            log.warning("the webhook was not looked after", error=outline(error))


async def keep_hung(hook: Hook, app: App, trouble: Callable[[str], None]) -> None:
    """Set the webhook, again and again until Telegram takes it; ``trouble`` is told why it does not yet."""
    pause = 1.0
    while True:
        try:
            refused = await hang(hook, app)
        except TelegramError as error:
            refused = type(error).__name__
        except Exception as error:  # the database is away
            refused = outline(error)
        trouble(f"Telegram does not take the webhook yet: {refused}." if refused else "")
        if not refused:
            return
        log.error("the webhook is not set", why=refused, again_in=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
