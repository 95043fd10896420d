"""Updates by long poll: confirmed only after they were committed, one that cannot be read is set aside.

The next getUpdates is what confirms a batch, so it is made when every update of the batch was committed. What
was not is fetched again, and what is fetched twice is dropped by its id. The offset is kept in a row as well,
once a second, so that a restart fetches little twice.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from adapters.telegram.intake import ALLOWED, JSON, lane, take_in
from adapters.telegram.serve import LONGEST_PAUSE, Telegram, named
from adapters.telegram.standing import REVOKED, REVOKED_LINE, SILENT
from bot.app import App
from bot.coordination import drop, mark, marked, take
from bot.parked import outline

log = structlog.get_logger(__name__)

LEASE = "telegram-poller"
LEASED, RENEWED = 15.0, 5.0  # seconds that the lease lasts, and after which it is renewed
WAIT = 50  # seconds that Telegram holds a poll, at the most
QUIET = timedelta(days=6)  # after which an offset means nothing: ids begin anew after a week without updates
MARKED = 1.0  # seconds between two writings of the offset
CALM = 120.0  # seconds without another program's poll after which it counts as gone
RIVAL = "Another program asks Telegram for updates with this bot token. Stop it, or use another bot."
AWAY = 4  # polls in a row that failed, after which Telegram counts as away
GRACE = 5.0  # seconds that the batch in hand may still take when the process ends


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told after how many seconds a batch was committed; and what is wrong, "" where nothing is."""

    committed: Callable[[float], None] = lambda _: None
    trouble: Callable[[str], None] = lambda _: None


NOBODY = Listeners()


async def poll(telegram: Telegram, app: App, holder: str, listeners: Listeners = NOBODY) -> None:
    """Fetch and handle updates until cancelled, while no other process does; ``holder`` names this process.

    The call after a commit acknowledges the batch. Cancelled, it finishes the batch in hand, confirms it and
    gives the lease back.
    """
    try:
        while True:
            if await _leads(app, holder):
                await _poll_while_leading(telegram, app, holder, listeners)
            else:
                await asyncio.sleep(RENEWED)
    finally:
        with suppress(Exception):
            await drop(app, LEASE, holder)


async def _leads(app: App, holder: str) -> bool:
    """Take or renew the lease; a database that is down, or too slow for the lease to last, grants none."""
    try:
        async with asyncio.timeout(RENEWED):
            return await take(app, LEASE, holder, LEASED)
    except Exception as error:
        log.warning("the poller's lease cannot be taken", error=outline(error))
        return False


async def _poll_while_leading(telegram: Telegram, app: App, holder: str, listeners: Listeners) -> None:
    rounds = asyncio.create_task(_rounds(telegram, app, listeners))
    try:
        while not rounds.done():
            await asyncio.wait({rounds}, timeout=RENEWED)
            if not await _leads(app, holder):
                return
    finally:
        rounds.cancel()
        await asyncio.wait({rounds})


# --- rounds -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Progress:
    """How far a poll has come: everything before ``offset`` was committed, the last of it at ``since``."""

    listeners: Listeners
    offset: int = 0
    since: datetime | None = None  # None: not looked up yet
    batch: asyncio.Task[None] | None = None
    pause: float = 0.0
    failed: int = 0  # polls in a row
    ready: bool = False  # no webhook is set any more
    told: bool = False  # the log has explained a conflict
    rivalled: float = 0.0  # when there was one, by the monotonic clock
    marked: float = 0.0  # when the offset was last written, by the monotonic clock
    said: str = ""

    def tell(self, why: str) -> None:
        """Say what is wrong, once."""
        if why != self.said:
            self.said = why
            self.listeners.trouble(why)


async def _rounds(telegram: Telegram, app: App, listeners: Listeners) -> None:
    """Fetch, commit, confirm, for ever; whatever goes wrong is waited out."""
    at = _Progress(listeners)
    try:
        while True:
            try:
                await _round(telegram, app, at)
                at.pause, at.failed = 0.0, 0
                if not at.told or time.monotonic() - at.rivalled > CALM:
                    at.told = False
                    at.tell("")
            except Exception as error:
                pause = _pause(telegram, at, error)
                if isinstance(error, Conflict):
                    at.tell(RIVAL)
                elif isinstance(error, InvalidToken):
                    at.tell(REVOKED)
                elif isinstance(error, TelegramError) and at.failed >= AWAY:
                    at.tell(SILENT)
                await asyncio.sleep(pause)
    finally:
        at.tell("")
        await _finish(telegram, app, at)


async def _round(telegram: Telegram, app: App, at: _Progress) -> None:
    if not at.ready:
        await telegram.bot.delete_webhook()
        at.ready = True
    held = 0 if at.failed else WAIT  # so that it is soon known whether it answers again
    updates = await _ask(telegram, await _offset(telegram, app, at), held)
    came = time.monotonic()
    at.batch = asyncio.create_task(_commit(telegram, app, updates, at))
    await asyncio.shield(at.batch)
    if updates:
        at.listeners.committed(time.monotonic() - came)


async def _offset(telegram: Telegram, app: App, at: _Progress) -> int:
    """Say from where to ask; 0, all that is not confirmed yet, where the last offset is too old to hold.

    core.telegram.org/bots/api#update: after a week without updates the next id is chosen at random.
    """
    if at.since is None:
        kept = await marked(app, _mark(telegram))
        at.offset, at.since = (int(kept[0]), kept[1]) if kept is not None else (0, app.clock())
    if app.clock() - at.since > QUIET:
        at.offset = 0
    return at.offset


def _mark(telegram: Telegram) -> str:
    """Name the offset's row: another Bot API server counts on its own."""
    return f"telegram-offset:{telegram.me.id}:{urlsplit(telegram.bot.base_url).netloc}"


async def _ask(telegram: Telegram, offset: int, seconds: int) -> list[JSON]:
    """Call getUpdates, leaving each update as it came: the SDK's own method fails on all for one."""
    wanted = {"offset": offset, "timeout": seconds, "allowed_updates": json.dumps(ALLOWED)}
    url = f"{telegram.bot.base_url}/getUpdates?{urlencode(wanted)}"
    answer = await telegram.polling.post(url, read_timeout=seconds + 10)
    if not isinstance(answer, list):
        raise TelegramError("getUpdates gave no list")
    return answer


async def _commit(telegram: Telegram, app: App, updates: Sequence[JSON], at: _Progress) -> None:
    """Handle a batch, chats side by side; the offset moves past what was committed. Raises what failed."""
    lanes: dict[str, list[JSON]] = {}
    for raw in updates:
        lanes.setdefault(lane(raw), []).append(raw)
    handled = [_in_order(telegram, app, each) for each in lanes.values()]
    ended = await asyncio.gather(*handled) if len(handled) > 1 else [await each for each in handled]
    failed = [failure for failure in ended if failure is not None]
    if failed:
        at.offset, error = min(failed, key=lambda failure: failure[0])
        raise error
    if updates:
        at.offset, at.since = updates[-1]["update_id"] + 1, app.clock()
        if time.monotonic() - at.marked > MARKED:
            await mark(app, _mark(telegram), str(at.offset))
            at.marked = time.monotonic()


async def _in_order(telegram: Telegram, app: App, updates: Sequence[JSON]) -> tuple[int, Exception] | None:
    """Handle a chat's updates; gives the first that was not committed, after which none is tried."""
    for raw in updates:
        try:
            await take_in(telegram, app, raw)
        except Exception as error:
            return raw["update_id"], error
    return None


def _pause(telegram: Telegram, at: _Progress, error: Exception) -> float:
    """Decide how long to wait after a failure, and log it; never the token."""
    at.pause, at.failed = min(LONGEST_PAUSE, at.pause * 2 or 1.0), at.failed + 1
    if isinstance(error, RetryAfter) and not isinstance(error.retry_after, int):
        at.pause = max(at.pause, error.retry_after.total_seconds())
    if isinstance(error, Conflict):
        at.ready, at.rivalled = False, time.monotonic()  # it may be a webhook
        if not at.told:
            log.error(
                "another process polls or sets a webhook with this bot token: stop it, or use another bot"
            )
        at.told = True
    elif isinstance(error, InvalidToken):
        if at.said != REVOKED:
            log.error(REVOKED_LINE)
    else:
        log.warning("a poll failed", error=_why(telegram, error), again_in=at.pause)
    return at.pause


def _why(telegram: Telegram, error: Exception) -> str:
    """Say what Telegram said; of what is ours the kind alone, as its text may hold what a person said."""
    return named(error, telegram.bot.token) if isinstance(error, TelegramError) else outline(error)


async def _finish(telegram: Telegram, app: App, at: _Progress) -> None:
    """Let the batch in hand end, and confirm what was committed."""
    if at.batch is not None:
        await asyncio.wait({at.batch}, timeout=GRACE)
        at.batch.cancel()
        if at.batch.done() and not at.batch.cancelled():
            at.batch.exception()  # seen; what failed comes again
    if at.offset:
        with suppress(TelegramError):
            await _ask(telegram, at.offset, 0)
    if at.marked:
        with suppress(Exception):  # it only spares fetching twice
            await mark(app, _mark(telegram), str(at.offset))
