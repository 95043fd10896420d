"""The bot on Slack, whole: what the fake posts goes through the door; what waits runs when a test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from adapters.slack.connection import Slack
from adapters.slack.receive import receiver
from adapters.slack.route import dispatcher
from adapters.slack.serve import face
from bot.app import App
from bot.commands import COMMANDS
from bot.deliveries import Post, drain
from bot.drawings import drawing, fetching
from bot.face import Rate
from bot.parked import run
from storage.changes import Unit
from storage.records import Code
from storage.store import Store
from tests.fakes import FakeSlack
from tests.fakes.ledger import listening


@dataclass
class Whole:
    """A bot, and what was committed and still has to be run or sent.

    ``verdicts``: of its limit on the next requests; empty: go on.
    """

    app: App
    post: Post
    woken: list[Unit]
    verdicts: list[int] = field(default_factory=list)

    async def settles(self) -> None:
        """Run and send all that waits, and what comes of that."""
        while self.woken:
            unit = self.woken.pop(0)
            for request in unit.requests:
                await run(self.app, self.post.faces, request.id)
            for lane in dict.fromkeys(each.lane for each in unit.deliveries):
                await drain(self.post, lane)

    async def codes(self, account: str) -> Sequence[Code]:
        """Read the codes of an account on Slack, newest first."""
        async with self.app.store.reading() as work:
            person = await work.people.by_account("slack", account)
            return (await work.codes.page(person.id, limit=100)).codes if person is not None else ()


@asynccontextmanager
async def working(slack: FakeSlack, connection: Slack, store: Store) -> AsyncIterator[Whole]:
    """Let the fake's posts come to a bot."""
    woken, verdicts = list[Unit](), list[int]()

    async def allowed(account: str) -> int:
        return verdicts.pop(0) if verdicts else 0

    async def wake(unit: Unit) -> None:
        woken.append(unit)

    async def reserve(rates: tuple[Rate, ...]) -> float:
        return 0.0

    def clock() -> datetime:
        return datetime.now(UTC)

    app = App(store, COMMANDS, clock, allowed, wake)
    post = Post(store, {"slack": face(connection)}, drawing(fetching(store)), reserve, clock)
    receive = receiver(slack.signing_secret, dispatcher(connection, app))

    async def handle(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, body, media_type = await receive(headers, await request.read())
        return web.Response(text=body, status=status, content_type=media_type)

    server = web.Application()
    server.router.add_post("/slack/events", handle)
    async with listening(server) as url:
        slack.events_url = f"{url}/slack/events"
        yield Whole(app, post, woken, verdicts)
