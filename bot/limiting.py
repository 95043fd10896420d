"""How much one account may ask for, counted in memory (or Redis, when that comes)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

GO_ON, SAY_SO, SILENT = 0, 1, 2


def limiting(limit: str) -> Callable[[str], Awaitable[int]]:
    """Make the count of an account's requests: go on, say to wait (once a minute), stay silent."""
    if limit == "off":

        async def unlimited(account: str) -> int:
            return GO_ON

        return unlimited
    counter = MovingWindowRateLimiter(MemoryStorage())
    most, told = parse(limit), parse("1/minute")

    async def allowed(account: str) -> int:
        if await counter.hit(most, account):
            return GO_ON
        return SAY_SO if await counter.hit(told, "told", account) else SILENT

    return allowed
