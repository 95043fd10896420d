"""Drawing off the loop, with a small cache in memory only: contents can be secrets."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.face import Draw
from bot.i18n import Translator, spoken
from bot.message import Button, Reply, Status
from bot.qr.logo import Art, emoji
from bot.qr.picture import Picture, Rendered, render
from bot.qr.refusal import Refused
from bot.qr.style import Style
from storage.store import Store, Work

KEPT = 128  # pictures
ASSET, EMOJI = "asset:", "emoji:"

Fetch = Callable[[str], Awaitable[bytes]]


def drawing(fetch: Fetch, kept: int = KEPT) -> Draw:
    """Make the function that draws and proves a picture in a thread, at most two at once.

    ``fetch`` gives the picture that a style names by its source.
    """
    cache: OrderedDict[Picture, Rendered] = OrderedDict()
    turns = asyncio.Semaphore(2)

    async def draw(picture: Picture) -> Rendered:
        if picture in cache:
            cache.move_to_end(picture)
            return cache[picture]
        art = await art_of(picture.style, fetch)
        async with turns:
            say = Translator(spoken(picture.language))
            rendered = await asyncio.to_thread(render, picture, art, say)
        cache[picture] = rendered
        while len(cache) > kept:
            cache.popitem(last=False)
        return rendered

    return draw


async def art_of(style: Style, fetch: Fetch) -> Art:
    """Fetch the pictures that a style names."""
    logo = await fetch(style.logo.source) if style.logo is not None else b""
    backdrop = await fetch(style.backdrop.source) if style.backdrop is not None else b""
    return Art(logo, backdrop)


def fetching(store: Store) -> Fetch:
    """Make the function that finds a style's pictures: emoji are drawn, uploads are kept in the store."""

    async def fetch(source: str) -> bytes:
        async with store.reading() as work:
            return await asset_of(work, source)

    return fetch


async def asset_of(work: Work, source: str) -> bytes:
    """Find a style's picture: an emoji is drawn, an upload is kept; raises Refused where it is gone."""
    if source.startswith(EMOJI):
        return await asyncio.to_thread(emoji, source.removeprefix(EMOJI))
    asset = await work.assets.get(source.removeprefix(ASSET))
    if asset is None:
        raise Refused("A picture of this style is gone. Choose another look, or send me the picture again.")
    return asset.data


async def finished(reply: Reply, draw: Draw) -> tuple[Reply, Rendered | None]:
    """Draw a reply's picture, or that of its file, and say beside it what was changed so that it scans.

    A delivery has one picture at the most.
    """
    pictures = [reply.picture, *(file.picture for file in reply.files)]
    picture = next((picture for picture in pictures if picture is not None), None)
    if picture is None:
        return reply, None
    rendered = await draw(picture)
    return amended(reply, rendered), rendered


def unproven(reply: Reply, refused: Refused) -> Reply:
    """Say why a picture could not be drawn and proven, in its place: nothing unproven leaves."""
    words = Translator(spoken(reply.language)).of(refused)
    return dataclasses.replace(reply, picture=None, files=(), buttons=(), body=words, status=Status.REFUSED)


def amended(reply: Reply, rendered: Rendered) -> Reply:
    """Say in a line each what was changed so that a picture scans, with a button that takes it back."""
    if not rendered.said and rendered.score is None:
        return reply
    t = Translator(spoken(reply.language))
    score = () if rendered.score is None else (_score(rendered, t),)
    lines = (*map(t.of, rendered.said), reply.body, *score)
    reply = dataclasses.replace(reply, body="\n".join(line for line in lines if line))
    if not (rendered.said and reply.code):
        return reply
    back = Button(t("Exactly as I asked"), f"restyle {reply.code} exact")
    return dataclasses.replace(reply, buttons=((back,), *reply.buttons))


def _score(rendered: Rendered, t: Translator) -> str:
    return t("Scan check: {score} of 100, grade {grade}.", score=rendered.score, grade=rendered.grade.name)
