"""How much one account may ask for: counted in memory, or in Redis for all processes where it is set."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv6Address, IPv6Network, ip_address

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from bot.outage import Told, saying

GO_ON, SAY_SO, SILENT = 0, 1, 2
PATIENCE = 1  # seconds, of the three in which some platforms want to be answered
SWEEP = 60  # seconds between two looks for accounts that have long been still
_HOME = 64  # bits of an IPv6 address that one household has: the others are anybody's choice
_TOLD = parse("1/minute")  # how often somebody is told to wait


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands against its limit, after the request that was just counted.

    ``limit`` requests are allowed in any ``window`` seconds, and ``remaining`` of them are left; in ``reset``
    seconds there is one more. A limit of 0 is none at all.
    """

    verdict: int = GO_ON
    limit: int = 0
    window: int = 0
    remaining: int = 0
    reset: float = 0.0


@dataclass(frozen=True, slots=True)
class Limiting:
    """The count of all accounts' requests; calling it counts one."""

    most: RateLimitItem | None  # none: no limit
    here: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))
    there: MovingWindowRateLimiter | None = None  # in Redis
    told: Told = field(
        default_factory=lambda: saying(
            "redis does not answer; requests are counted here", "redis counts requests again"
        )
    )

    async def __call__(self, account: str) -> int:
        """Count a request: go on, say to wait (once a minute), stay silent."""
        if self.most is None or (await self._counted(self.most, account))[0]:
            return GO_ON
        return SAY_SO if (await self._counted(_TOLD, "told", account))[0] else SILENT

    async def standing(self, account: str) -> Standing:
        """Count a request, and tell how the account stands now: go on, or say to wait (each time)."""
        if self.most is None:
            return Standing()
        return await self._standing(self.most, account)

    async def left(self, account: str) -> Standing:
        """Tell how an account stands, without counting anything."""
        if self.most is None:
            return Standing()
        return await self._stands(True, self.there or self.here, self.most, account)

    async def wait(self, item: RateLimitItem, name: str) -> float:
        """Count a try of what has a limit of its own: 0 to go on, else the seconds until the next one."""
        standing = await self._standing(item, "attempt", name)
        return max(1.0, standing.reset) if standing.verdict else 0.0

    async def _standing(self, item: RateLimitItem, *keys: str) -> Standing:
        allowed, counter = await self._counted(item, *keys)
        return await self._stands(allowed, counter, item, *keys)

    async def _stands(
        self, allowed: bool, counter: MovingWindowRateLimiter, item: RateLimitItem, *keys: str
    ) -> Standing:
        try:
            until, left = await counter.get_window_stats(item, *keys)
        except _AWAY:
            until, left = await self.here.get_window_stats(item, *keys)
        window = item.get_expiry()
        reset = min(max(until - time.time(), 0.0), window)
        return Standing(GO_ON if allowed else SAY_SO, item.amount, window, max(left, 0), reset)

    async def _counted(self, item: RateLimitItem, *keys: str) -> tuple[bool, MovingWindowRateLimiter]:
        """Count in Redis, or in this process's memory while Redis does not answer."""
        if self.there is not None:
            try:
                allowed = await self.there.hit(item, *keys)
            except _AWAY as error:
                self.told(error)
            else:
                self.told(None)
                return allowed, self.there
        return await self.here.hit(item, *keys), self.here


_AWAY = (StorageError, RedisError, OSError)


async def unlimited(account: str) -> Standing:
    """Let everything pass."""
    return Standing()


@asynccontextmanager
async def open_limiting(limit: str, redis_url: str = "") -> AsyncIterator[Limiting]:
    """Make the count as ``limiting`` does, and close its connections at the end."""
    pool = (
        ConnectionPool.from_url(redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        if redis_url
        else None
    )
    counting = limiting(limit, redis_url, pool)
    storage = counting.here.storage
    assert isinstance(storage, MemoryStorage)
    storage.timer = asyncio.create_task(_sweeping(storage))
    try:
        yield counting
    finally:
        storage.timer.cancel()
        with suppress(asyncio.CancelledError):
            await storage.timer
        if pool is not None:
            await pool.disconnect()


def limiting(limit: str, redis_url: str = "", pool: ConnectionPool | None = None) -> Limiting:
    """Make the count of requests for a limit such as ``120/minute``, or ``off``."""
    most = None if limit == "off" else parse(limit)
    if not redis_url:
        return Limiting(most)
    pools = {"connection_pool": pool} if pool is not None else {"socket_timeout": PATIENCE}
    storage = RedisStorage(f"async+{redis_url}", implementation="redispy", wrap_exceptions=True, **pools)
    return Limiting(most, there=MovingWindowRateLimiter(storage))


async def _sweeping(storage: MemoryStorage) -> None:
    """Forget what no longer counts, once a minute.

    The storage's own sweep, whose place this task takes, follows each request and hops to a thread and back
    for every account it knows.
    """
    while True:
        await asyncio.sleep(SWEEP)
        sweep(storage, time.time())


def sweep(storage: MemoryStorage, now: float) -> None:
    """Forget the requests that no longer count at a moment, and the accounts that have no others."""
    for account, entries in list(storage.events.items()):
        storage.events[account] = kept = [each for each in entries if each.expiry > now]
        if not kept:
            del storage.events[account]
            storage.locks.pop(account, None)


def network(host: str) -> str:
    """Give an address as it is, and of an IPv6 address the network: whoever has one has 2^64."""
    try:
        there = ip_address(host)
    except ValueError:
        return host  # of no network, as a socket's file is
    if not isinstance(there, IPv6Address):
        return host
    if there.ipv4_mapped is not None:
        return str(there.ipv4_mapped)
    return str(IPv6Network((int(there), _HOME), strict=False))
