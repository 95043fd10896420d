"""A bot that many workspaces install: its pages, its door and what it sends, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select

from adapters.slack.connection import Slack
from adapters.slack.receive import receiver
from adapters.slack.route import dispatcher
from adapters.slack.serve import face
from adapters.slack.workspaces import Workspaces, open_workspaces
from adapters.web.install import CALLBACK, COOKIE, INSTALL
from adapters.web.serve import build
from bot.assembly import Bot
from bot.config import Settings
from bot.deliveries import Post, drain
from bot.drawings import drawing, fetching
from bot.platforms import installing_of, oauth_of
from storage.records import State
from storage.store import Store
from storage.tables import deliveries
from tests.adapters.site import accounts_on
from tests.adapters.test_slack_receive import posting
from tests.core.sending import freely, unheld
from tests.core.talking import START, Core, core_on, passed
from tests.fakes import FakeSlack
from tests.fakes.slack import Person
from tests.fakes.slack.tenancy import Tenancy

HOME = "https://qr.example"


@dataclass
class Many:
    """Everything of one process. ``cookies``: of a browser."""

    slack: FakeSlack
    core: Core
    connection: Slack
    web: httpx.AsyncClient
    post: Post
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def workspaces(self) -> Workspaces:
        """What it knows of them."""
        assert self.connection.workspaces is not None
        return self.connection.workspaces

    async def opened(self, language: str = "en") -> tuple[httpx.Response, str]:
        """Open the install page: the answer, and where its button leads."""
        self.web.cookies.clear()
        answer = await self.web.get(INSTALL, headers=self._headers(language))
        if COOKIE in answer.headers.get("set-cookie", ""):
            self.cookies[COOKIE] = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
        found = answer.text.partition('class="chip main" href="')[2].partition('"')[0]
        return answer, found.replace("&amp;", "&")

    async def back(self, address: str, *, browser: dict[str, str] | None = None) -> httpx.Response:
        """Come back from Slack, in this browser or another."""
        path = address.removeprefix(HOME)
        assert path.startswith(CALLBACK)
        cookies = self.cookies if browser is None else browser
        self.web.cookies.clear()  # its own, of the page before
        return await self.web.get(path, headers=_cookie(cookies))

    def _headers(self, language: str) -> dict[str, str]:
        return {"Accept-Language": language} | _cookie(self.cookies)

    async def installed(self, world: Tenancy, *, whole: bool = False) -> Person:
        """Let somebody install the app in a workspace, by its pages."""
        person = world.person("installer", admin=True)
        _, address = await self.opened()
        answer = await self.back(world.agree(person, address, whole=whole))
        assert answer.status_code == 200, answer.text
        return person

    def passed(self, **time: float) -> None:
        """Let time pass, for us and at Slack."""
        passed(self.core, **time)
        self.slack.later(timedelta(**time).total_seconds())

    async def send(self) -> None:
        """Send all that waits."""
        async with self.core.store.reading() as work:
            waits = select(deliveries.c.lane).where(deliveries.c.state == State.PENDING).distinct()
            lanes = list(await work.connection.scalars(waits))
        for lane in lanes:
            await drain(self.post, lane)


def _cookie(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}


def state_of(address: str) -> str:
    """Read the state out of an address."""
    return parse_qs(urlsplit(address).query)["state"][0]


def settings_of(slack: FakeSlack) -> Settings:
    """Configure many workspaces."""
    slack.app.redirect_uris = {f"{HOME}{CALLBACK}"}
    given = {
        "public_url": HOME, "slack_client_id": slack.app.client_id, "slack_bot_token": "",
        "slack_client_secret": slack.app.client_secret, "slack_signing_secret": slack.signing_secret,
        "slack_api_url": slack.api_url,
    }  # fmt: skip
    return Settings(**given)  # type: ignore[arg-type]  # as from the environment


@asynccontextmanager
async def opened(slack: FakeSlack, store: Store) -> AsyncIterator[Many]:
    """Open one process."""
    slack.later(START.timestamp() - slack.now())
    settings, core, draw = settings_of(slack), core_on(store), drawing(fetching(store))
    oauth = oauth_of(settings)
    assert oauth is not None
    bot = Bot(core.app, draw, store.ring, freely, unheld)
    async with open_workspaces(core.app, oauth) as connection:
        bot.faces["slack"] = face(connection)
        web = build(
            core.app, draw=draw, chat=False, cookie_key=b"c" * 32, picture_key=b"p" * 32, public_url=HOME,
            slack=None, accounts=accounts_on(core.app), ready=_ready,
            installing=installing_of(settings, bot, connection),
        )  # fmt: skip
        post = Post(store, bot.faces, draw, freely, core.app.clock)
        transport = httpx.ASGITransport(app=web)
        async with (
            httpx.AsyncClient(transport=transport, base_url=HOME) as client,
            posting(slack, receiver(slack.signing_secret, dispatcher(connection, core.app))),
        ):
            yield Many(slack, core, connection, client, post)


async def _ready() -> dict[str, str]:
    return {}


@pytest.fixture
async def many(slack: FakeSlack, store: Store) -> AsyncIterator[Many]:
    """A bot that many workspaces install, on each database."""
    async with opened(slack, store) as process:
        yield process
