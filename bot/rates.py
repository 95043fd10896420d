"""Rates shared through Redis where it is set; while it is away, the rows and this process count alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.deliveries import Hold, Reserve
from bot.face import Rate
from bot.outage import REDIS_AWAY, REDIS_MEND, saying, watching
from bot.parked import outline
from storage.redis_rates import answers, hold, open_redis, reserve

log = structlog.get_logger(__name__)


@asynccontextmanager
async def open_rates(
    url: str, rows: Reserve, holds: Hold, trouble: Callable[[str], None]
) -> AsyncIterator[tuple[Reserve, Hold]]:
    """Share rates and holds; ``trouble`` is told whether Redis is there, also while nobody is counted."""
    told = saying(
        "redis does not answer; limits go on without it", "redis answers again",
        lambda gone: trouble(f"Redis {REDIS_AWAY}. {REDIS_MEND}" if gone else ""),
    )  # fmt: skip
    async with open_redis(url) as client:
        looking = asyncio.create_task(watching(partial(answers, client), told))
        try:
            yield redis_rates(client, rows), redis_holds(client, holds)
        finally:
            looking.cancel()
            await asyncio.wait({looking})


def redis_rates(client: Redis, rows: Reserve) -> Reserve:
    """Count sends in Redis, and in the rows while it does not answer: the platform's limits always hold."""
    told = saying("redis does not answer; rates are counted in the database", "redis counts rates again")

    async def take(rates: tuple[Rate, ...]) -> float:
        try:
            wait = await reserve(client, [(rate.key, rate.per_second, rate.burst) for rate in rates])
        except (RedisError, OSError) as error:
            told(error)
            return await rows(rates)
        told(None)
        return wait

    return take


def redis_holds(client: Redis, rows: Hold) -> Hold:
    """Hold rates up in Redis and in the rows, which count while Redis does not answer."""

    async def take(rates: tuple[Rate, ...], seconds: float) -> None:
        await rows(rates, seconds)
        try:
            await hold(client, [(rate.key, rate.per_second, rate.burst) for rate in rates], seconds)
        except (RedisError, OSError) as error:
            log.warning("redis does not answer; rates are held up in the database", error=outline(error))

    return take
