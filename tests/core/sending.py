"""A platform that sends into a list, and does with each send what a test says; deliveries to give it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.deliveries import Post, Reserve
from bot.drawings import drawing, fetching, finished
from bot.face import Address, Draw, Face, Rate, Sent, Turn, at_once
from bot.message import Reply, Request
from bot.wire import dump_address, dump_reply
from storage.changes import Unit
from storage.records import Delivery
from storage.store import Store
from storage.tables import deliveries
from tests.core.talking import Core


@dataclass
class Platform:
    """Keeps what was sent, by lane; ``then``: what happens at each send, in order, None for success."""

    sent: list[tuple[str, Reply]] = field(default_factory=list)
    then: list[Exception | None] = field(default_factory=list)
    rates: tuple[Rate, ...] = ()
    before: Callable[[Address], Awaitable[None]] | None = None  # awaited before each send

    async def send(
        self,
        address: Address,
        reply: Reply,
        draw: Draw,
        *,
        known: str = "",
        instead: str = "",
        turn: Turn = at_once,
    ) -> Sent:
        """Draw what there is to draw, then do as told."""
        reply, _ = await finished(reply, draw)
        await turn(address, reply)
        if self.before is not None:
            await self.before(address)
        error = self.then.pop(0) if self.then else None
        if error is not None:
            raise error
        self.sent.append((str(address["chat"]), reply))
        return Sent()

    @property
    def face(self) -> Face:
        """Show it to the deliveries."""

        async def prepare(asked: Request) -> Request:
            return asked

        def reach(account: str) -> Address:
            return {"chat": int(account)}

        return Face("telegram", self.send, prepare, lambda address, reply: self.rates, reach)

    @property
    def said(self) -> list[str]:
        """Give the bodies that were sent."""
        return [reply.body for _, reply in self.sent]


async def freely(rates: tuple[Rate, ...]) -> float:
    """Let everything go at once."""
    return 0.0


async def unheld(rates: tuple[Rate, ...], seconds: float) -> None:
    """Hold nothing up."""


def post_of(core: Core, platform: Platform, reserve: Reserve = freely, **more: Any) -> Post:
    """Put together what sending needs, with real drawing."""
    return Post(
        core.store,
        {"telegram": platform.face},
        drawing(fetching(core.store)),
        reserve,
        core.app.clock,
        **more,
    )


async def posted(
    core: Core, *said: Reply | str, chat: int = 1, at: datetime | None = None, **more: Any
) -> list[str]:
    """Commit replies to be sent, in order: their ids."""
    now = at or core.app.clock()
    made = [
        Delivery(
            id=f"{chat % 1000:03}{next(core.ids):07}",
            lane=f"telegram:{chat}",
            platform="telegram",
            address=dump_address({"chat": chat}),
            body=dump_reply(Reply(body=each) if isinstance(each, str) else each),
            created_at=now,
            due_at=now,
        )
        for each in said
    ]
    await core.store.commit(Unit("", now, deliveries=tuple(replace(each, **more) for each in made)))
    return [each.id for each in made]


async def row(store: Store, id: str) -> Any:
    """Read a delivery's row as it stands, sealed."""
    async with store.reading() as work:
        return (await work.connection.execute(select(deliveries).where(deliveries.c.id == id))).one()


async def soon(done: Awaitable[Any]) -> Any:
    """Wait for something that has to come; the limit is for hangs alone."""
    async with asyncio.timeout(25):
        return await done
