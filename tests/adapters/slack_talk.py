"""A workspace that talks with a real core: what is posted is handled and delivered when a test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from adapters.slack.connection import Slack
from adapters.slack.receive import receiver
from adapters.slack.route import dispatcher
from adapters.slack.serve import face, open_slack
from bot import parked
from bot.deliveries import Post, drain, row_holds
from bot.drawings import drawing, fetching
from bot.previews import picture_named
from bot.qr.picture import render
from storage.records import State
from storage.tables import deliveries
from tests.core.sending import freely
from tests.core.talking import Core
from tests.fakes import FakeSlack
from tests.fakes.drawn import qr
from tests.fakes.ledger import JSON, listening
from tests.fakes.slack import Acknowledged, Channel, File, Message, Person
from tests.fakes.slack.changing import edits

PUBLIC = "https://qr.example"


@dataclass
class Talk:
    """A bot in a workspace, Ada and Bea, and a channel that all three are in."""

    slack: FakeSlack
    core: Core
    connection: Slack
    post: Post
    ada: Person
    bea: Person
    general: Channel
    before: set[int] = field(default_factory=set)

    async def settled(self) -> None:
        """Run what waits, and send what is due, until nothing is."""
        for _ in range(5):
            async with self.core.store.reading() as work:
                due = await work.requests.due(self.core.app.clock())
                lanes = await work.deliveries.lanes_due(self.core.app.clock())
            for each in due:
                await parked.run(self.core.app, self.post.faces, each)
            for lane in lanes:
                await drain(self.post, lane)
            if not due:
                return

    async def _done(self, acknowledged: Acknowledged) -> Acknowledged:
        assert acknowledged.status == 200
        await self.settled()
        return acknowledged

    async def command(self, text: str, where: Channel | None = None, who: Person | None = None) -> None:
        """Say a slash command."""
        await self._done(await self.slack.command(who or self.ada, where or self.general, text))

    async def presses(self, message: Message, label: str, who: Person | None = None) -> Acknowledged:
        """Press a button."""
        return await self._done(await self.slack.press(who or self.ada, message, label))

    async def says(
        self, text: str, where: Channel | None = None, who: Person | None = None, **more: Any
    ) -> JSON:
        """Write something, mentioning the bot in a channel; gives the event that told of it."""
        person = who or self.ada
        place = where or self.home(person)
        words = text if place.direct else f"<@{self.slack.bot_user}> {text}"
        await self._done(await self.slack.say(person, place, words, **more))
        event: JSON = self.slack.posted[-1][1]["event"]
        return event

    async def changes(self, event: JSON, text: str, **more: Any) -> None:
        """Change what was written."""
        await self._done(await edits(self.slack, event, text, **more))

    def home(self, who: Person | None = None) -> Channel:
        """Give somebody's direct messages with the bot."""
        return self.slack.dm(who or self.ada)

    def seen(self, where: Channel | None = None, who: Person | None = None) -> list[Message]:
        """List what somebody sees of what the bot said in a place."""
        return self.slack.visible(where or self.general, who or self.ada)

    def leaked(self, where: Channel | None = None) -> list[Message]:
        """List what others see of it."""
        return self.slack.visible(where or self.general, self.bea)

    def picture(self, says: str) -> File:
        """Let Ada upload a picture of a code."""
        return self.slack.file(self.ada, "code.png", qr(says))

    def refusals(self) -> list[str]:
        """Name what Slack refused, and take note of it."""
        told = [str((call.result or {}).get("error", "")) for call in self.slack.refused]
        self.slack.calls.clear()
        return told

    async def states(self) -> list[State]:
        """Say how each delivery ended."""
        async with self.core.store.reading() as work:
            rows = await work.connection.scalars(select(deliveries.c.state).order_by(deliveries.c.sequence))
            return [State(state) for state in rows]


@asynccontextmanager
async def _posting(talk: Talk) -> AsyncIterator[None]:
    """Serve what the workspace posts to, and the pictures that it may fetch."""
    receive = receiver(talk.slack.signing_secret, dispatcher(talk.connection, talk.core.app))

    async def posted(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, body, media_type = await receive(headers, await request.read())
        return web.Response(text=body, status=status, content_type=media_type)

    async def shown(request: web.Request) -> web.Response:
        picture = await picture_named(talk.core.app, request.match_info["code"])
        if picture is None:
            raise web.HTTPNotFound
        return web.Response(body=render(picture).data, content_type="image/png")

    app = web.Application()
    app.router.add_post("/slack/events", posted)
    app.router.add_get("/i/{code}.png", shown)
    async with listening(app) as url:
        talk.slack.events_url, talk.slack.public[PUBLIC] = f"{url}/slack/events", url
        yield


@asynccontextmanager
async def talking(core: Core, slack: FakeSlack, *, public: bool) -> AsyncIterator[Talk]:
    """Open a workspace; ``public``: Slack can fetch our pictures."""
    slack.patience = 20.0  # how quickly it answers is another test's business

    def address(code: str, version: int) -> str:
        return f"{PUBLIC}/i/{code}.png?v={version:x}"

    async with open_slack(slack.bot_token, slack.api_url, address if public else None) as connection:
        clock, ada, bea = core.app.clock, slack.person("ada"), slack.person("bea")
        draw, faces = drawing(fetching(core.store)), {"slack": face(connection)}
        post = Post(core.store, faces, draw, freely, clock, row_holds(core.store, clock))
        talk = Talk(slack, core, connection, post, ada, bea, slack.channel("general", ada, bea))
        async with _posting(talk):
            yield talk
    assert slack.refused == []


@pytest.fixture
async def talk(core: Core, slack: FakeSlack) -> AsyncIterator[Talk]:
    """A workspace that can fetch our pictures."""
    async with talking(core, slack, public=True) as opened:
        yield opened


@pytest.fixture
async def apart(core: Core, slack: FakeSlack) -> AsyncIterator[Talk]:
    """A workspace that cannot."""
    async with talking(core, slack, public=False) as opened:
        yield opened


def known(core: Core, **commands: Any) -> Core:
    """Let a core know more commands."""
    return replace(core, app=replace(core.app, commands={**core.app.commands, **commands}))
