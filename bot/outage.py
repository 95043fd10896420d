"""What is away is said once, and once that it is back: not of each request that goes on without it."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.parked import outline

log = structlog.get_logger(__name__)

Told = Callable[[Exception | None], None]  # takes what went wrong, or None where it answered


def saying(away: str, back: str) -> Told:
    """Make what says one sentence when something begins to be away, and the other when it is back."""
    gone = False

    def told(error: Exception | None) -> None:
        nonlocal gone
        if error is not None and not gone:
            log.warning(away, error=outline(error))
        elif error is None and gone:
            log.info(back)
        gone = error is not None

    return told
