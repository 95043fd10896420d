"""What is still to be sent, by whom, how often tried: the rows are the truth, a lane at a time, in order."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

import structlog

from bot.face import Address, Closed, Draw, Face, NotYet, Rate, TryLater, Undeliverable
from bot.journal import sending
from bot.message import Reply
from bot.parked import outline
from bot.sending import Deliver, deliver, finish
from bot.wire import load_reply
from storage.changes import CloseSpace, Unit
from storage.faults import Unavailable
from storage.records import Delivery
from storage.store import Store

log = structlog.get_logger(__name__)

CEILING = 300.0  # seconds between two tries, at the most
LIFE = timedelta(hours=24)  # after which a delivery that never worked is a dead letter
TRIES = 12  # for errors that are neither the platform's nor the network's
TURN = 5.0  # seconds for which a job sends what is for many; then it waits for its turn again
BULK_AT_ONCE, BULK_AT_ONCE_ON_SERVER = 4, 2  # lanes of that; each holds a connection on a server
AWAY = 60.0  # seconds until a platform that is not reached yet is looked for again

SUPERSEDED = "superseded"  # why a change that a later one undoes at once is not made
IN_A_ROW = 3  # places that flood control holds up one after the other before it counts as the whole bot's

Reserve = Callable[[tuple[Rate, ...]], Awaitable[float]]
Hold = Callable[[tuple[Rate, ...], float], Awaitable[None]]


async def _hold_none(rates: tuple[Rate, ...], seconds: float) -> None:
    """Hold nothing up."""


@dataclass(frozen=True, slots=True)
class Post:
    """All that sending needs. ``flooded``: the lanes that flood control held up since the last success."""

    store: Store
    faces: Mapping[str, Face]
    draw: Draw
    reserve: Reserve  # 0.0: go on, else seconds to wait
    clock: Callable[[], datetime]
    hold: Hold = _hold_none  # lets nothing go against these rates for so many seconds
    flooded: set[str] = field(default_factory=set)
    deliver: Deliver = deliver


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery, opened: what to say, where, and through which face."""

    face: Face
    row: Delivery
    address: Address
    reply: Reply
    more: bool = False  # another one waits behind it

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Name what it counts against."""
        return self.face.rates(self.address, self.reply)


async def drain(post: Post, lane: str) -> None:
    """Send what is due in a lane, oldest first, as its only sender."""
    while True:
        async with post.store.lane(lane) as mine:
            if not mine:
                return
            while await _send_next(post, lane):
                pass
            again = post.store.asked_for(lane)
        # A wake that came while the lane was held found it taken: look once more after letting go.
        if not again or (post.store.shared and (await _upcoming(post, lane))[0] is None):
            return


async def drain_bulk(post: Post, payload: str = "") -> None:
    """Send what is for many, a few lanes at once, for a while; the sweep wakes it again."""
    until, tried = monotonic() + TURN, set[str]()
    at_once = BULK_AT_ONCE_ON_SERVER if post.store.shared else BULK_AT_ONCE

    async def send(lanes: Iterator[str]) -> None:
        for lane in lanes:
            if monotonic() < until:
                await drain(post, lane)

    while monotonic() < until:
        async with post.store.reading() as work:
            due = await work.deliveries.lanes_due(post.clock(), bulk=True)
        fresh = [lane for lane in due if lane not in tried]
        if not fresh:
            return
        tried.update(fresh)
        lanes = iter(fresh)
        await asyncio.gather(*(send(lanes) for _ in range(at_once)))


async def _upcoming(post: Post, lane: str) -> tuple[Delivery | None, bool]:
    async with post.store.reading() as work:
        return await work.deliveries.upcoming(lane, post.clock())


async def _send_next(post: Post, lane: str) -> bool:
    """Send the lane's next delivery; False when none is due after it, or it has to wait."""
    delivery, more = await _upcoming(post, lane)
    if delivery is None:
        return False
    face = post.faces.get(delivery.platform)
    if face is not None:
        with sending(delivery):
            sent = await _try(post, face, delivery, more=more)
        return sent and (more or (not post.store.shared and post.store.asked_for(lane)))
    if _expired(post, delivery):
        await _bury(post, delivery, f"{delivery.platform} was not reached")
        return True
    await _postpone(post, delivery, AWAY)
    return False


def _expired(post: Post, delivery: Delivery) -> bool:
    return post.clock() - delivery.created_at > LIFE


def _opened(face: Face, row: Delivery, *, more: bool = False) -> Letter:
    address: dict[str, str | int] = json.loads(row.address)
    account = address.get("account")
    return Letter(face, row, face.reach(str(account)) if account else address, load_reply(row.body), more)


async def _try(post: Post, face: Face, delivery: Delivery, *, more: bool) -> bool:
    """Send a delivery when its rates allow it; False where the lane has to wait for it.

    ``more``: another one waits behind it.
    """
    letter: Letter | None = None
    try:
        letter = _opened(face, delivery, more=more)
        await face.noticed(letter.address, (post.clock() - delivery.created_at).total_seconds())
        if (more or delivery.pressed) and await _superseded(post, letter):
            await finish(post, delivery, SUPERSEDED)
            return True
        await post.deliver(post, letter)
        post.flooded.clear()
    except NotYet as wait:
        await _postpone(post, delivery, wait.seconds)
        return False
    except TryLater as later:
        if letter is not None and later.seconds:
            await _held_up(post, letter, later.seconds)
        await _again(post, delivery, str(later), later.seconds, for_ever=True)
        return False
    except Closed as closed:
        await _close(post, delivery, str(closed))
    except Undeliverable as never:
        await _bury(post, delivery, str(never))
    except Unavailable as error:  # what is due stays so, and the sweep finds it
        log.warning("delivery waits for the database", error=outline(error))
        return False
    except Exception as error:
        log.error("delivery failed", delivery=delivery.id, error=outline(error))
        await _again(post, delivery, outline(error), None, for_ever=False)
        return False
    return True


async def _superseded(post: Post, letter: Letter) -> bool:
    """Tell whether a later delivery changes the same message: then this change would be seen by nobody.

    A press is only superseded by one that changes its message too, and not by one that sends a new one.
    """
    row, face = letter.row, letter.face
    if not (row.said or (row.pressed and face.in_place(letter.address, letter.reply))):
        return False
    async with post.store.reading() as work:
        newer = await work.deliveries.newer(row)
    if newer is None or row.said:
        return newer is not None
    other = _opened(face, newer)
    return face.in_place(other.address, other.reply)


async def _held_up(post: Post, letter: Letter, seconds: float) -> None:
    """Let nothing go where flood control holds us up, and go on elsewhere.

    Places held up one after the other, with no success between, mean that all of the bot is.
    """
    rates = letter.rates
    if not rates:
        return  # its face counts by itself, and what it is held up by says nothing of other platforms
    post.flooded.add(letter.row.lane)
    everywhere = len(post.flooded) >= IN_A_ROW
    await post.hold(tuple(rate for rate in rates if everywhere or not rate.common), seconds)


async def _postpone(post: Post, delivery: Delivery, seconds: float) -> None:
    async with post.store.writing() as work:
        await work.deliveries.postpone(delivery.id, post.clock() + timedelta(seconds=seconds))


async def _again(post: Post, delivery: Delivery, why: str, seconds: float | None, *, for_ever: bool) -> None:
    if _expired(post, delivery) or (not for_ever and delivery.attempts + 1 >= TRIES):
        await _bury(post, delivery, why)
        return
    jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads tries, guards nothing
    backoff = min(CEILING, 2.0 ** min(delivery.attempts, 10)) * jitter
    due = post.clock() + timedelta(seconds=seconds or backoff)
    log.info("delivery is tried again", attempts=delivery.attempts + 1, error=why)
    async with post.store.writing() as work:
        await work.deliveries.later(delivery.id, due, why)


async def _bury(post: Post, delivery: Delivery, why: str) -> None:
    log.warning("delivery is a dead letter", delivery=delivery.id, error=why)
    async with post.store.writing() as work:
        await work.deliveries.dead(delivery.id, post.clock(), why)


async def _close(post: Post, delivery: Delivery, why: str) -> None:
    """Give up all that is still to be sent in a space that takes nothing, until somebody speaks there."""
    log.warning("nothing can be sent there any more", delivery=delivery.id, error=why)
    now = post.clock()
    await post.store.commit(Unit("", now, (CloseSpace(delivery.lane, why, now),)))


# --- rates --------------------------------------------------------------------------------------------------


class _Wait(Exception):
    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def row_rates(store: Store, clock: Callable[[], datetime]) -> Reserve:
    """Count sends in rows, so that all processes on one database share the platform's limits."""

    async def reserve(rates: tuple[Rate, ...]) -> float:
        if not rates:
            return 0.0
        try:
            async with store.writing() as work:
                for rate in rates:
                    wait = await work.coordination.reserve(rate.key, rate.per_second, rate.burst, clock())
                    if wait > 0:
                        raise _Wait(wait)  # rolls back what was reserved before it
        except _Wait as waited:
            return waited.seconds
        return 0.0

    return reserve


def row_holds(store: Store, clock: Callable[[], datetime]) -> Hold:
    """Hold rates up in the same rows, for all processes."""

    async def hold(rates: tuple[Rate, ...], seconds: float) -> None:
        async with store.writing() as work:
            for rate in rates:
                await work.coordination.hold(rate.key, rate.per_second, rate.burst, clock(), seconds)

    return hold
