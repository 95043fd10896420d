"""How often somebody may try a password or a code: counted in memory, or in Redis for all processes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from bot.parked import outline

log = structlog.get_logger(__name__)

PER_ACCOUNT, PER_ADDRESS = parse("5/minute"), parse("20/minute")
CODES_SENT = parse("3/15 minutes")  # for one forgotten password
PATIENCE = 1.0  # seconds for Redis to answer
Attempts = Callable[[RateLimitItem, str], Awaitable[float]]  # 0: go on; else the seconds until the next one


def network(address: str) -> str:
    """Name who an address belongs to: an IPv4 address, or the /64 of an IPv6 one, of which each has many."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def counted_here() -> Attempts:
    """Count in this process's memory."""
    return _counted(MovingWindowRateLimiter(MemoryStorage()))


@asynccontextmanager
async def open_attempts(redis_url: str) -> AsyncIterator[Attempts]:
    """Count in Redis where it is set, and in memory while it does not answer."""
    here = counted_here()
    if not redis_url:
        yield here
        return
    pool = ConnectionPool.from_url(redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    pools: dict[str, Any] = {"connection_pool": pool}
    storage = RedisStorage(f"async+{redis_url}", implementation="redispy", wrap_exceptions=True, **pools)
    there = _counted(MovingWindowRateLimiter(storage))

    async def attempts(item: RateLimitItem, name: str) -> float:
        try:
            return await there(item, name)
        except (StorageError, RedisError, OSError) as error:
            log.warning("redis does not answer; attempts are counted here", error=outline(error))
            return await here(item, name)

    try:
        yield attempts
    finally:
        await pool.disconnect()


def _counted(limiter: MovingWindowRateLimiter) -> Attempts:
    async def attempts(item: RateLimitItem, name: str) -> float:
        if await limiter.hit(item, "attempt", name):
            return 0
        stats = await limiter.get_window_stats(item, "attempt", name)
        return max(1.0, stats.reset_time - time.time())

    return attempts
