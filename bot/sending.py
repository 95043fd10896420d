"""One delivery on its way out: what the platform has of it already, and what it made of it, written down."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.drawings import unproven
from bot.face import Address, Sent
from bot.message import Reply
from bot.qr.picture import Picture, Rendered
from bot.qr.refusal import Refused
from bot.uploads import lasting, upload_key
from storage.records import Delivery

if TYPE_CHECKING:
    from bot.deliveries import Letter, Post


async def deliver(post: Post, letter: Letter) -> None:
    """Send a delivery and write down what became of it, in the transaction that marks it as sent.

    Where its picture cannot be drawn and proven, say so instead: nothing unproven leaves.
    """
    face, reply = letter.face, letter.reply
    drawn: list[Rendered] = []

    async def draw(picture: Picture) -> Rendered:
        drawn.append(await post.draw(picture))
        return drawn[-1]

    async def turn(address: Address, said: Reply) -> None:
        wait = await post.reserve(face.rates(address, said))
        while wait > 0:
            await asyncio.sleep(wait)
            wait = await post.reserve(face.rates(address, said))

    key = upload_key(post.store.ring, face.account, reply)
    known, instead = await _known(post, letter, key)
    try:
        sent = await face.send(letter.address, reply, draw, known=known, instead=instead, turn=turn)
    except Refused as refused:
        told = unproven(reply, refused)
        sent, drawn = await face.send(letter.address, told, draw, instead=instead, turn=turn), []
    fresh = key if sent.file and drawn and lasting(drawn[0]) else ""
    await finish(post, letter.row, sent=sent, account=face.account, key=fresh)


async def _known(post: Post, letter: Letter, key: str) -> tuple[str, str]:
    """Find the platform's name of the picture, and the message whose place the reply takes."""
    row = letter.row
    replaced = row.said if letter.reply.replace else ""
    if not (key or replaced):
        return "", ""
    async with post.store.reading() as work:
        known = await work.pictures.find(key) if key else ""
        shown = await work.messages.find(row.lane, replaced) if replaced else None
    return known, shown.message if shown is not None else ""


async def finish(
    post: Post, row: Delivery, why: str = "", *, sent: Sent | None = None, account: str = "", key: str = ""
) -> None:
    """Mark a delivery as done, with where it stands; ``key``: what its picture is known by from now on."""
    now = post.clock()
    async with post.store.writing() as work:
        await work.deliveries.done(row.id, now, why)
        if sent is not None and sent.message and row.said:
            await work.messages.sent(row.lane, row.said, sent.message)
        if sent is not None and key:
            await work.pictures.keep(key, account, sent.file, now)
