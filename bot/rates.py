"""Rates shared through Redis where it is set; while it is away, the rows and this process count alone."""

from __future__ import annotations

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.deliveries import Reserve
from bot.face import Rate
from bot.parked import outline
from storage.redis_rates import reserve

log = structlog.get_logger(__name__)


def redis_rates(client: Redis, rows: Reserve) -> Reserve:
    """Count sends in Redis, and in the rows while it does not answer: the platform's limits always hold."""

    async def take(rates: tuple[Rate, ...]) -> float:
        try:
            return await reserve(client, [(rate.key, rate.per_second, rate.burst) for rate in rates])
        except (RedisError, OSError) as error:
            log.warning("redis does not answer; rates are counted in the database", error=outline(error))
            return await rows(rates)

    return take
