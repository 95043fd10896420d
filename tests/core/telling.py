"""A core that talks on Telegram's wire: updates are taken in and deliveries made when a test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from adapters.telegram.intake import take_in
from adapters.telegram.serve import Telegram, face, open_telegram
from bot.deliveries import Post, drain, row_holds, row_rates
from bot.drawings import drawing, fetching
from bot.face import Draw
from bot.qr.picture import Picture, Rendered
from storage.records import State
from storage.tables import deliveries
from tests.core.talking import Core
from tests.fakes import FakeTelegram
from tests.fakes.ledger import Call
from tests.fakes.telegram import Chat, Message, Person


@dataclass
class Talk:
    """Somebody's chat with a bot. ``drawn``: what was drawn, in order."""

    tg: FakeTelegram
    core: Core
    telegram: Telegram
    post: Post
    ada: Person
    home: Chat
    drawn: list[Picture] = field(default_factory=list)

    async def taken(self) -> None:
        """Take in what waits."""
        for raw in self.tg.updates.batch(100):
            await take_in(self.telegram, self.core.app, raw)
            self.tg.updates.taken(raw["update_id"])

    async def sent(self) -> None:
        """Take in what waits, and send what is due."""
        await self.taken()
        async with self.core.store.reading() as work:
            lanes = await work.deliveries.lanes_due(self.core.app.clock())
        for lane in lanes:
            await drain(self.post, lane)

    async def says(self, text: str, chat: Chat | None = None, who: Person | None = None) -> Message:
        """Say something, let it be answered, and give the message said."""
        where = chat or self.home
        self.tg.says(who or self.ada, where, text)
        said = self.tg.messages(where)[-1]
        await self.sent()
        return said

    async def changes(self, message: Message, text: str) -> None:
        """Change a message, and let that be answered."""
        assert message.sender is not None
        self.tg.edits(message.sender, message, text)
        await self.sent()

    async def presses(self, message: Message, label: str) -> None:
        """Press a button, and let that be answered."""
        self.tg.presses(self.ada, message, label)
        await self.sent()

    def calls(self, *methods: str) -> list[Call]:
        """List the calls of some methods."""
        return [call for call in self.tg.calls if call.method in methods]

    async def reasons(self) -> list[str]:
        """Say of each delivery that is done why it was not made; empty for those that were."""
        async with self.core.store.reading() as work:
            done = select(deliveries.c.error).where(deliveries.c.state == State.DONE)
            return list(await work.connection.scalars(done.order_by(deliveries.c.sequence)))


def counted(draw: Draw, drawn: list[Picture]) -> Draw:
    """Write down what is drawn."""

    async def drawing_it(picture: Picture) -> Rendered:
        drawn.append(picture)
        return await draw(picture)

    return drawing_it


def post_through(core: Core, telegram: Telegram, drawn: list[Picture]) -> Post:
    """Put together what sending needs, with the real face, drawing and rates."""
    clock = core.app.clock
    draw = counted(drawing(fetching(core.store)), drawn)
    faces = {"telegram": face(telegram)}
    return Post(core.store, faces, draw, row_rates(core.store, clock), clock, row_holds(core.store, clock))


async def talk_on(core: Core, tg: FakeTelegram, telegram: Telegram) -> Talk:
    """Let somebody start a chat with a bot."""
    ada, drawn = tg.person(), list[Picture]()
    home = tg.private(ada, started=True)
    return Talk(tg, core, telegram, post_through(core, telegram, drawn), ada, home, drawn)


@pytest.fixture
async def telegram(tg: FakeTelegram) -> AsyncIterator[Telegram]:
    """Connect to it, with its limits off."""
    async with open_telegram(tg.token, tg.url, "off") as opened:
        yield opened


@pytest.fixture
async def talk(core: Core, tg: FakeTelegram, telegram: Telegram) -> Talk:
    """A chat on SQLite."""
    return await talk_on(core, tg, telegram)


@pytest.fixture
async def talk_both(both: Core, tg: FakeTelegram, telegram: Telegram) -> Talk:
    """A chat on each kind of database."""
    return await talk_on(both, tg, telegram)


__all__ = ["Talk", "counted", "post_through", "talk", "talk_both", "talk_on", "telegram"]
