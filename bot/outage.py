"""What is away is said once, and once that it is back: not of each request that goes on without it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.parked import outline

log = structlog.get_logger(__name__)

LOOK = 2.0  # seconds between two looks at what is asked whether it is there
REDIS = "redis"
REDIS_AWAY = "does not answer: each process counts for itself meanwhile"
REDIS_MEND = "Check REDIS_URL, and whether its server runs."
SPARED = frozenset(
    {REDIS}
)  # parts without which everything goes on, so that nobody is sent elsewhere for them

Told = Callable[[Exception | None], None]  # takes what went wrong, or None where it answered


def saying(away: str, back: str, also: Callable[[bool], None] = lambda _: None) -> Told:
    """Make what says one sentence when something begins to be away, and the other when it is back.

    ``also`` is told each time whether it is away.
    """
    gone = False

    def told(error: Exception | None) -> None:
        nonlocal gone
        if error is not None and not gone:
            log.warning(away, error=outline(error))
        elif error is None and gone:
            log.info(back)
        gone = error is not None
        also(gone)

    return told


async def watching(ask: Callable[[], Awaitable[object]], told: Told) -> None:
    """Ask whether something is there, again and again until cancelled, also while nobody needs it."""
    while True:
        try:
            await ask()
        except Exception as error:
            told(error)
        else:
            told(None)
        await asyncio.sleep(LOOK)
