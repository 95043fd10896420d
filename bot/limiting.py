"""How much one account may ask for: counted in memory, or in Redis for all processes where it is set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from bot.parked import outline

log = structlog.get_logger(__name__)

GO_ON, SAY_SO, SILENT = 0, 1, 2
PATIENCE = 1  # seconds, of the three in which some platforms want to be answered
Hit = Callable[..., Awaitable[bool]]
Allowed = Callable[[str], Awaitable[int]]


@asynccontextmanager
async def open_limiting(limit: str, redis_url: str = "") -> AsyncIterator[Allowed]:
    """Make the count as ``limiting`` does, and close its connections at the end."""
    if not redis_url:
        yield limiting(limit)
        return
    pool = ConnectionPool.from_url(redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    try:
        yield limiting(limit, redis_url, pool)
    finally:
        await pool.disconnect()


def limiting(limit: str, redis_url: str = "", pool: ConnectionPool | None = None) -> Allowed:
    """Make the count of an account's requests: go on, say to wait (once a minute), stay silent."""
    if limit == "off":

        async def unlimited(account: str) -> int:
            return GO_ON

        return unlimited
    hit = _shared(redis_url, pool) if redis_url else MovingWindowRateLimiter(MemoryStorage()).hit
    most, told = parse(limit), parse("1/minute")

    async def allowed(account: str) -> int:
        if await hit(most, account):
            return GO_ON
        return SAY_SO if await hit(told, "told", account) else SILENT

    return allowed


def _shared(url: str, pool: ConnectionPool | None) -> Hit:
    """Count in Redis, and in this process's memory while Redis does not answer."""
    pools = {"connection_pool": pool} if pool is not None else {"socket_timeout": PATIENCE}
    storage = RedisStorage(f"async+{url}", implementation="redispy", wrap_exceptions=True, **pools)
    there, here = MovingWindowRateLimiter(storage), MovingWindowRateLimiter(MemoryStorage())

    async def hit(item: RateLimitItem, *keys: str) -> bool:
        try:
            return await there.hit(item, *keys)
        except (StorageError, RedisError, OSError) as error:
            log.warning("redis does not answer; requests are counted here", error=outline(error))
            return await here.hit(item, *keys)

    return hit
