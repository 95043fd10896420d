"""How much one account may ask for: counted in memory, or in Redis for all processes where it is set."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.exceptions import RedisError

from bot.parked import outline

log = structlog.get_logger(__name__)

GO_ON, SAY_SO, SILENT = 0, 1, 2
Hit = Callable[..., Awaitable[bool]]


def limiting(limit: str, redis_url: str = "") -> Callable[[str], Awaitable[int]]:
    """Make the count of an account's requests: go on, say to wait (once a minute), stay silent."""
    if limit == "off":

        async def unlimited(account: str) -> int:
            return GO_ON

        return unlimited
    hit = _shared(redis_url) if redis_url else MovingWindowRateLimiter(MemoryStorage()).hit
    most, told = parse(limit), parse("1/minute")

    async def allowed(account: str) -> int:
        if await hit(most, account):
            return GO_ON
        return SAY_SO if await hit(told, "told", account) else SILENT

    return allowed


def _shared(url: str) -> Hit:
    """Count in Redis, and in this process's memory while Redis does not answer."""
    storage = RedisStorage(f"async+{url}", implementation="redispy", socket_timeout=2, wrap_exceptions=True)
    there, here = MovingWindowRateLimiter(storage), MovingWindowRateLimiter(MemoryStorage())

    async def hit(item: RateLimitItem, *keys: str) -> bool:
        try:
            return await there.hit(item, *keys)
        except (StorageError, RedisError, OSError) as error:
            log.warning("redis does not answer; requests are counted here", error=outline(error))
            return await here.hit(item, *keys)

    return hit
