"""Inline queries, answered while somebody types: never late, and never in the way of what must not be lost.

A query is no message: nobody misses the answer to one they have typed on since. So it is answered beside the
batch it came in, the newest of a person ends the one before, and one that took too long is let go.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog
from telegram import InlineQueryResult, Update
from telegram.error import BadRequest, TelegramError

from adapters.telegram.inline import answer, asked, by_address, by_file, by_words, offers_of
from adapters.telegram.placed import Cache, upload
from adapters.telegram.serve import Telegram, sending_rates
from bot import uploads
from bot.app import App
from bot.deliveries import Reserve
from bot.face import Draw
from bot.message import Reply
from bot.parked import outline
from bot.qr.picture import Picture
from bot.qr.refusal import Refused

log = structlog.get_logger(__name__)

LATE = 10.0  # seconds after which nobody waits for an answer any more
SETTLED = 0.25  # seconds without another letter, after which pictures are worth sending
PATIENCE = 0.7  # seconds that an answer waits for pictures being sent

JSON = dict[str, Any]
AddressOf = Callable[[str, bool], str]  # of a picture by its name; small or not


@dataclass(slots=True)
class Inline:
    """All that answering needs; ``address_of`` where Telegram can fetch from us.

    ``running``: by person. ``free_at``: before then the chat kept for pictures takes none, by our own clock.
    """

    telegram: Telegram
    app: App
    draw: Draw
    reserve: Reserve
    address_of: AddressOf | None
    running: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    free_at: float = 0.0


@asynccontextmanager
async def answering(
    telegram: Telegram,
    app: App,
    draw: Draw,
    reserve: Reserve,
    *,
    address_of: AddressOf | None = None,
    cache_chat: str = "",
) -> AsyncIterator[Telegram]:
    """Give a connection that answers inline queries, until the block ends.

    Pictures go by address where there are addresses, else by file id where a chat is kept for them, else they
    come after the choice.
    """
    cache = _cache(telegram, app, cache_chat) if cache_chat and address_of is None else None
    at = Inline(replace(telegram, cache=cache), app, draw, reserve, address_of)
    try:
        yield replace(at.telegram, answer=partial(ask, at))
    finally:
        for task in tuple(at.running.values()):
            task.cancel()
        await asyncio.gather(*at.running.values(), return_exceptions=True)


def _cache(telegram: Telegram, app: App, chat: str) -> Cache:
    async def find(picture: Picture) -> str:
        return (await uploads.find(app.store, telegram.account, (picture,))).get(picture, "")

    async def keep(picture: Picture, file_id: str) -> None:
        await uploads.keep(app.store, telegram.account, picture, file_id, app.clock())

    return Cache(int(chat), find, keep)


def ask(at: Inline, raw: JSON) -> None:
    """Answer an inline query by and by; the person's earlier one, if not answered yet, is over."""
    person = int(raw["inline_query"]["from"]["id"])
    before = at.running.pop(person, None)
    if before is not None:
        before.cancel()
    task = at.running[person] = asyncio.create_task(_answer(at, raw))
    task.add_done_callback(partial(_over, at, person))


def _over(at: Inline, person: int, task: asyncio.Task[None]) -> None:
    if at.running.get(person) is task:
        del at.running[person]


async def _answer(at: Inline, raw: JSON) -> None:
    try:
        async with asyncio.timeout(LATE):
            await _answered(at, raw)
    except TimeoutError:
        log.info("an inline query was let go: it took too long")
    except Exception as error:
        log.warning("an inline query was not answered", error=outline(error))


async def _answered(at: Inline, raw: JSON) -> None:
    query = Update.de_json(raw, at.telegram.bot).inline_query
    assert query is not None  # that is why we are here
    reply = await at.app.handle(asked(query, kept=at.address_of is not None))
    if reply is None:
        return
    if at.telegram.cache is None:
        await _give(at, query.id, reply, {})
        return
    pictures = [offer.picture for offer in reply.offers if offer.picture is not None]
    known = await uploads.find(at.app.store, at.telegram.account, pictures)
    sending = asyncio.create_task(_send(at, pictures, known))
    try:
        await asyncio.wait({sending}, timeout=PATIENCE)
        if not await _give(at, query.id, reply, dict(known)):
            await uploads.forget(at.app.store, at.telegram.account, known)
            await _give(at, query.id, reply, {})
        await sending
    finally:
        sending.cancel()


async def _give(at: Inline, query_id: str, reply: Reply, known: dict[Picture, str]) -> bool:
    """Answer with what is ready; False where Telegram does not know a file any more. Too late is no error."""
    fields = answer(reply, _results(at, reply, known))
    try:
        await at.telegram.bot.answer_inline_query(query_id, **fields)
    except BadRequest as error:
        if "too old" in error.message.lower():
            return True
        if not known:
            raise
        return False
    return True


def _results(at: Inline, reply: Reply, known: dict[Picture, str]) -> list[InlineQueryResult]:
    results: list[InlineQueryResult] = []
    for offer in offers_of(reply):
        if offer.picture is not None and at.address_of is not None:
            full, small = (at.address_of(offer.name, size) for size in (False, True))
            results.append(by_address(offer, full, small))
        elif offer.picture is not None and offer.picture in known:
            results.append(by_file(offer, known[offer.picture]))
        else:
            results.append(by_words(offer, reply.language, at.telegram.name))
    return results


async def _send(at: Inline, pictures: Sequence[Picture], known: dict[Picture, str]) -> None:
    """Send what Telegram has not, likeliest first, as long as the rates of the chat kept for it allow it."""
    cache = at.telegram.cache
    assert cache is not None  # else there is nowhere to send to
    missing = [picture for picture in pictures if picture not in known]
    if not missing or time.monotonic() < at.free_at:
        return
    await asyncio.sleep(SETTLED)
    rates = sending_rates(at.telegram, {"chat": cache.chat, "private": 0}, Reply())
    for picture in missing:
        wait = await at.reserve(rates)  # before it is drawn: what cannot be sent is not worth the time
        if wait > 0:
            at.free_at = time.monotonic() + wait
            return
        try:
            sent = await upload(at.telegram.bot, cache.chat, await at.draw(picture))
        except Refused:
            continue  # whoever chooses it is told
        except TelegramError as error:
            log.warning("the chat kept for pictures does not take one", error=type(error).__name__)
            return
        known[picture] = sent.photo[-1].file_id
        await cache.keep(picture, known[picture])
