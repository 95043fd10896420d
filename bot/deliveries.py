"""What is still to be sent, by whom, how often tried: the rows are the truth, a lane at a time, in order."""

from __future__ import annotations

import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.drawings import unproven
from bot.face import Address, Draw, Face, Rate, TryLater, Undeliverable
from bot.parked import outline
from bot.qr.refusal import Refused
from bot.wire import load_reply
from storage.records import Delivered, Delivery, Unit
from storage.store import Store

log = structlog.get_logger(__name__)

CEILING = 300.0  # seconds between two tries, at the most
LIFE = timedelta(hours=24)  # after which a delivery that never worked is a dead letter
TRIES = 12  # for errors that are neither the platform's nor the network's
AWAY = 60.0  # seconds until a platform that is not reached yet is looked for again

Reserve = Callable[[tuple[Rate, ...]], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Post:
    """All that sending needs."""

    store: Store
    faces: Mapping[str, Face]
    draw: Draw
    reserve: Reserve  # 0.0: go on, else seconds to wait
    clock: Callable[[], datetime]


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
        if not again or (await _upcoming(post, lane))[0] is None:
            return


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
        return await _try(post, face, delivery) and (more or post.store.asked_for(lane))
    if _expired(post, delivery):
        await _bury(post, delivery, f"{delivery.platform} was not reached")
        return True
    await _postpone(post, delivery, AWAY)
    return False


def _expired(post: Post, delivery: Delivery) -> bool:
    return post.clock() - delivery.created_at > LIFE


def _address(face: Face, delivery: Delivery) -> Address:
    address: dict[str, str | int] = json.loads(delivery.address)
    account = address.get("account")
    return face.reach(str(account)) if account else address


async def _try(post: Post, face: Face, delivery: Delivery) -> bool:
    """Send a delivery when its rates allow it; False where the lane has to wait for it."""
    try:
        address = _address(face, delivery)
        wait = await post.reserve(face.rates(address))
        if wait > 0:
            await _postpone(post, delivery, wait)
            return False
        await _send(post, face, delivery, address)
    except TryLater as later:
        await _again(post, delivery, str(later), later.seconds, for_ever=True)
        return False
    except Undeliverable as never:
        await _bury(post, delivery, str(never))
    except Exception as error:
        log.error("delivery failed", delivery=delivery.id, error=outline(error))
        await _again(post, delivery, outline(error), None, for_ever=False)
        return False
    else:
        await post.store.commit(Unit(changes=(Delivered(delivery.id, post.clock()),)))
    return True


async def _send(post: Post, face: Face, delivery: Delivery, address: Address) -> None:
    """Send a reply; where its picture cannot be drawn and proven, say so instead: nothing unproven leaves."""
    reply = load_reply(delivery.body)
    try:
        await face.send(address, reply, post.draw)
    except Refused as refused:
        await face.send(address, unproven(reply, refused), post.draw)


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
    async with post.store.writing() as work:
        await work.deliveries.later(delivery.id, due, why)


async def _bury(post: Post, delivery: Delivery, why: str) -> None:
    log.warning("delivery is a dead letter", delivery=delivery.id, error=why)
    async with post.store.writing() as work:
        await work.deliveries.dead(delivery.id, post.clock(), why)


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
