"""What follows something that was sent already: it waits here, or what came before it would come twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any

from adapters.slack.faults import FAULTS, verdict
from bot.face import NotYet, TryLater

PAUSES = (1.0, 2.0, 4.0)  # seconds before what follows is tried again, where Slack names no time
LONGEST = 60.0  # seconds that are waited out in the middle of a reply

Step = Callable[[], Awaitable[Any]]


async def surely(step: Step) -> Any:
    """Send what follows something; a fault is waited out here, or what came before it would come again."""
    for pause in PAUSES:
        try:
            return await _in_turn(step)
        except (*FAULTS, TryLater) as error:
            wait = _wait(error, pause)
            if wait > LONGEST:
                raise
            await asyncio.sleep(wait)
    return await _in_turn(step)


async def _in_turn(step: Step) -> Any:
    """Take a step when it is time for it; raises TryLater where that is too far off."""
    while True:
        try:
            return await step()
        except NotYet as wait:
            if wait.seconds > LONGEST:
                raise TryLater("too many calls", wait.seconds) from None
            await asyncio.sleep(wait.seconds)


def _wait(error: Exception, pause: float) -> float:
    """Say how long to wait before the same is tried again; for ever where that cannot help."""
    met = error if isinstance(error, TryLater) else verdict(error)
    if isinstance(met, TryLater):
        return pause if met.seconds is None else met.seconds
    return inf
