"""A core that talks on Slack's wire: what Slack posts is taken in, and all that follows happens when told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from adapters.slack.connection import PictureAddress, Slack
from adapters.slack.receive import receiver
from adapters.slack.route import dispatcher
from adapters.slack.serve import face, open_slack
from bot.boards import refresh
from bot.deliveries import Post, drain, row_holds, row_rates
from bot.drawings import drawing, fetching
from bot.message import Actor
from bot.parked import run
from storage.store import Store
from tests.core.talking import Core, core_on, passed, said
from tests.fakes import FakeSlack
from tests.fakes.ledger import Call, listening
from tests.fakes.slack import Person
from tests.fakes.slack.home import opens, words


@dataclass
class Living:
    """One process of ours."""

    slack: FakeSlack
    core: Core
    post: Post
    connection: Slack

    async def goes(self) -> None:
        """Do all that is due, until nothing is: requests, boards, deliveries."""
        while True:
            now = self.core.app.clock()
            async with self.core.store.reading() as work:
                requests, keys = await work.requests.due(now), await work.boards.due(now)
                lanes = await work.deliveries.lanes_due(now)
            if not (requests or keys or lanes):
                return
            for request in requests:
                await run(self.core.app, self.post.faces, request)
            for key in keys:
                await refresh(self.core.app, self.post, key)
            for lane in lanes:
                await drain(self.post, lane)

    def published(self) -> list[Call]:
        """List what was published on Home tabs, refusals too."""
        return [call for call in self.slack.calls if call.method == "views.publish"]


def beside(one: Living, store: Store) -> Living:
    """Put another process of ours beside one: on the same data, at the same moment."""
    another = living_on(store, one.slack, one.connection)
    another.core.hands[:] = one.core.hands
    return another


def living_on(store: Store, slack: FakeSlack, connection: Slack) -> Living:
    """Put a process together on a store."""
    core = core_on(store)
    clock = core.app.clock
    faces, draw = {"slack": face(connection)}, drawing(fetching(store))
    post = Post(store, faces, draw, row_rates(store, clock), clock, row_holds(store, clock))
    return Living(slack, core, post, connection)


@asynccontextmanager
async def living(
    store: Store, slack: FakeSlack, address: PictureAddress | None = None
) -> AsyncIterator[Living]:
    """Let Slack post to a process of ours."""
    async with open_slack(slack.bot_token, slack.api_url, address) as connection:
        one = living_on(store, slack, connection)
        receive = receiver(slack.signing_secret, dispatcher(connection, one.core.app))

        async def handle(request: web.Request) -> web.Response:
            headers = {name.lower(): value for name, value in request.headers.items()}
            status, body, media_type = await receive(headers, await request.read())
            return web.Response(text=body, status=status, content_type=media_type)

        server = web.Application()
        server.router.add_post("/slack/events", handle)
        async with listening(server) as url:
            slack.events_url = f"{url}/slack/events"
            yield one


def actor(slack: FakeSlack, person: Person) -> Actor:
    """Give somebody as the core knows them."""
    return Actor("slack", f"{slack.team}:{person.id}", person.name)


async def makes(one: Living, person: Person, *texts: str) -> None:
    """Let somebody make codes, one after the other."""
    for text in texts:
        passed(one.core, seconds=1)
        await said(one.core, text, actor(one.slack, person))


async def opened(one: Living, person: Person) -> str:
    """Open the Home and give what stands there."""
    assert (await opens(one.slack, person)).status == 200
    await one.goes()
    return words(one.slack, person)


async def does(one: Living, doing: Any) -> None:
    """Let somebody do something, and all that follows."""
    done = await doing
    assert done.status == 200
    await one.goes()
