"""One delivery on its way out: what the platform has of it already, and what it made of it, written down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import structlog

from bot.drawings import unproven
from bot.face import Address, NotYet, Rate, Sent, Turn
from bot.message import Reply
from bot.parked import outline
from bot.qr.picture import Picture, Rendered
from bot.qr.refusal import Refused
from bot.uploads import lasting, upload_key
from storage.changes import Delivered, Unit
from storage.records import Delivery

if TYPE_CHECKING:
    from bot.deliveries import Letter, Post

log = structlog.get_logger(__name__)

Deliver: TypeAlias = "Callable[[Post, Letter], Awaitable[None]]"

BRIEF = 2.0  # seconds for which what is for many waits in place for its turn
PAUSES = (0.5, 2.0, 10.0)  # seconds between tries to write down what was sent


async def deliver(post: Post, letter: Letter) -> None:
    """Send a delivery and write down what became of it, in the transaction that marks it as sent.

    Where its picture cannot be drawn and proven, say so instead: nothing unproven leaves.
    """
    face, reply, turn = letter.face, letter.reply, _turn(post, letter)
    drawn: list[Rendered] = []

    async def draw(picture: Picture) -> Rendered:
        drawn.append(await post.draw(picture))
        return drawn[-1]

    key = upload_key(post.store.ring, face.account, reply)
    known, instead = await _known(post, letter, key)
    try:
        sent = await face.send(letter.address, reply, draw, known=known, instead=instead, turn=turn)
    except Refused as refused:
        told = unproven(reply, refused)
        sent, drawn = await face.send(letter.address, told, draw, instead=instead, turn=turn), []
    fresh = key if sent.file and drawn and lasting(drawn[0]) else ""
    await _written_down(post, letter, sent, fresh)
    (log.info if letter.row.attempts else log.debug)("delivered", attempts=letter.row.attempts + 1)
    await _rest(post, letter)


async def _written_down(post: Post, letter: Letter, sent: Sent, key: str) -> None:
    """Mark as done what was sent: that this failed once must not send it again.

    It may wait a moment to go along with another commit, unless its lane would wait with it for none.
    """
    account, patient = letter.face.account, not letter.more or post.store.expected > 0
    for pause in (*PAUSES, None):
        try:
            await finish(post, letter.row, sent=sent, account=account, key=key, patient=patient)
        except Exception as error:
            if pause is None:
                raise
            log.warning("a sent delivery could not be marked", delivery=letter.row.id, error=outline(error))
            await asyncio.sleep(pause)
        else:
            return


def _turn(post: Post, letter: Letter) -> Turn:
    """Make what a face awaits before each message: it goes when the rates allow it, counted at that moment.

    Drawing takes as long as it takes: what was reserved before it would go out too soon after the last one.
    What is for many waits in place, a little: its chats are as many as it has messages.
    """
    begun, bulk = False, letter.row.bulk

    def rates(address: Address, reply: Reply) -> tuple[Rate, ...]:
        found = letter.face.rates(address, reply)
        return tuple(map(_behind, found)) if bulk else found

    async def turn(address: Address, reply: Reply) -> None:
        nonlocal begun
        wait = await post.reserve(rates(address, reply))
        if wait > (BRIEF if bulk else 0) and not begun:
            raise NotYet(wait)
        while wait > 0:
            await asyncio.sleep(wait)
            wait = await post.reserve(rates(address, reply))
        begun = True

    return turn


def _behind(rate: Rate) -> Rate:
    """Leave what may go out at once to others: only what goes evenly is for what nobody waits for."""
    return replace(rate, burst=1) if rate.common else rate


async def _rest(post: Post, letter: Letter) -> None:
    """Keep the distance from the moment the platform answered, where a place takes one at a time.

    From the moment of sending, a slow call and a quick one after it would arrive closer to each other.
    """
    tight = tuple(rate for rate in letter.rates if rate.burst == 1 and not rate.common)
    try:
        for rate in tight:
            await post.hold((rate,), 1 / rate.per_second)
    except Exception as error:  # it was sent all the same
        log.warning("a rate could not be held", error=outline(error))


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
    post: Post,
    row: Delivery,
    why: str = "",
    *,
    sent: Sent | None = None,
    account: str = "",
    key: str = "",
    patient: bool = False,
) -> None:
    """Mark a delivery as done, with where it stands; ``key``: what its picture is known by from now on.

    ``patient``: nothing waits for it.
    """
    sent = sent or Sent()
    done = Delivered(row.id, post.clock(), why, row.lane, row.said, sent.message, key, account, sent.file)
    await post.store.commit(Unit(changes=(done,)), patient=patient)
