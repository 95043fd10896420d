"""Drawing off the loop, with a small cache in memory only: contents can be secrets."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from bot.face import Draw
from bot.qr.picture import Picture, Rendered, render

KEPT = 128  # pictures


def drawing(kept: int = KEPT) -> Draw:
    """Make the function that draws and proves a picture in a thread, at most two at once."""
    cache: OrderedDict[Picture, Rendered] = OrderedDict()
    turns = asyncio.Semaphore(2)

    async def draw(picture: Picture) -> Rendered:
        if picture in cache:
            cache.move_to_end(picture)
            return cache[picture]
        async with turns:
            rendered = await asyncio.to_thread(render, picture)
        cache[picture] = rendered
        while len(cache) > kept:
            cache.popitem(last=False)
        return rendered

    return draw
