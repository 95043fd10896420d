"""Drawing off the loop, with a small cache in memory only: contents can be secrets."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from bot.face import Draw
from bot.message import Reply
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


async def drawn(reply: Reply, draw: Draw) -> Rendered | None:
    """Draw a reply's picture, or that of its file; a delivery has one at the most."""
    pictures = [reply.picture, *(file.picture for file in reply.files)]
    picture = next((picture for picture in pictures if picture is not None), None)
    return await draw(picture) if picture is not None else None
