"""A core on a real store and a clock that a test moves: say something to it, and look at what comes back."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from bot.app import App
from bot.command import Command
from bot.commands import COMMANDS
from bot.message import Actor, Asking, Button, Reply, Request, Space, SpaceKind
from bot.wire import load_reply
from storage.changes import Unit
from storage.encryption import KeyRing
from storage.records import Code, Delivery, Person, State
from storage.store import Store, open_store
from storage.tables import deliveries, metadata
from storage.url import database_url
from storage.work import Work

START = datetime(2030, 5, 17, 12, tzinfo=UTC)
ADA = Actor("telegram", "101", "Ada")
BEA = Actor("telegram", "102", "Bea")
GROUP = Space("telegram", "-500", SpaceKind.GROUP, "Reading room")


@dataclass(frozen=True, slots=True)
class Core:
    """An app, its clock's hands, what it woke the deliveries with, and the verdicts of its limit."""

    app: App
    hands: list[datetime]
    woken: list[Unit]
    verdicts: list[int]  # of the next requests; empty: go on
    ids: count[int] = field(default_factory=lambda: count(1))

    @property
    def store(self) -> Store:
        """The database."""
        return self.app.store


def core_on(store: Store, commands: Mapping[str, Command] = COMMANDS, **changes: Any) -> Core:
    """Put a core together as the composition root does, with a clock that stands still."""
    hands, woken, verdicts = [START], list[Unit](), list[int]()

    async def allowed(account: str) -> int:
        return verdicts.pop(0) if verdicts else 0

    def wake(unit: Unit) -> None:
        woken.append(unit)

    app = App(store, commands, lambda: hands[-1], allowed, wake, **changes)
    return Core(app, hands, woken, verdicts)


def passed(core: Core, **time: float) -> None:
    """Let time pass: ``passed(core, minutes=10)``."""
    core.hands.append(core.hands[-1] + timedelta(**time))


# --- saying -------------------------------------------------------------------------------------------------


def private(actor: Actor) -> Space:
    """Somebody's private chat, which on Telegram has their own number."""
    return Space(actor.platform, actor.id)


def request(core: Core, text: str = "", who: Actor = ADA, where: Space | None = None, **more: Any) -> Request:
    """Make a request that a page or a console would send: answered inside the call."""
    made = Request(
        id=f"r{next(core.ids)}",
        actor=who,
        space=where or private(who),
        text=text,
        answered=True,
        asking=Asking.FORM,
        address={"chat": int(where.id) if where else 0, "language": who.language},
    )
    return replace(made, **more)


async def said(
    core: Core, text: str = "", who: Actor = ADA, where: Space | None = None, **more: Any
) -> Reply:
    """Say something and get the answer."""
    reply = await core.app.handle(request(core, text, who, where, **more))
    assert reply is not None
    return reply


async def pressed(
    core: Core, reply: Reply, label: str, who: Actor = ADA, where: Space | None = None
) -> Reply:
    """Press a button of a reply, found by a part of its label."""
    return await said(core, button(reply, label).line, who, where, pressed=True)


async def filled(core: Core, command: str, **values: str) -> Reply:
    """Send a form that was filled in."""
    return await said(core, command=command, values=values)


async def asked(
    core: Core, text: str = "", who: Actor = ADA, where: Space | None = None, **more: Any
) -> list[Reply]:
    """Say something where no form can be shown; the answers are read back from their rows."""
    more = {"answered": False, "asking": Asking.QUESTION} | more
    made = request(core, text, who, where, **more)
    assert await core.app.handle(made) is None
    return [load_reply(row.body) for row in await waiting(core.store) if row.request_id == made.id]


def button(reply: Reply, label: str) -> Button:
    """Find a button by a part of its label."""
    [found, *_] = [each for row in reply.buttons for each in row if label in each.label]
    return found


def labels(reply: Reply) -> list[str]:
    """Name a reply's buttons."""
    return [each.label for row in reply.buttons for each in row]


def payload(reply: Reply) -> str:
    """Give what the code in a reply says."""
    assert reply.picture is not None
    return reply.picture.payload.text


# --- looking ------------------------------------------------------------------------------------------------


async def waiting(store: Store) -> list[Delivery]:
    """Read the deliveries still to be sent, in their order."""
    async with store.reading() as work:
        rows = await work.connection.execute(
            select(deliveries).where(deliveries.c.state == State.PENDING).order_by(deliveries.c.sequence)
        )
        return [_opened(work, row) for row in rows]


def _opened(work: Work, row: Any) -> Delivery:
    values = dict(row._mapping)
    ring = work.deliveries.ring
    opened = {name: ring.open("deliveries", name, row.id, values[name]) for name in ("address", "body")}
    return Delivery(**values | opened | {"state": State(row.state)})


async def rows(store: Store) -> dict[str, int]:
    """Count the rows of every table that has any, but for what the store itself keeps."""
    async with store.reading() as work:
        counted = {
            table.name: await work.connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }
    return {name: number for name, number in counted.items() if number and name != "facts"}


async def person_of(core: Core, who: Actor = ADA) -> Person:
    """Read somebody."""
    async with core.store.reading() as work:
        found = await work.people.by_account(who.platform, who.id)
    assert found is not None
    return found


async def codes_of(core: Core, who: Actor = ADA) -> tuple[Code, ...]:
    """Read somebody's codes, newest first."""
    person = await person_of(core, who)
    async with core.store.reading() as work:
        return (await work.codes.page(person.id, limit=100)).codes


# --- fixtures -----------------------------------------------------------------------------------------------


@pytest.fixture
async def core(blank: Path, tmp_path: Path, ring: KeyRing) -> AsyncIterator[Core]:
    """A core on SQLite, for conversations."""
    path = shutil.copy(blank, tmp_path / "conversation.db")
    async with open_store(database_url(f"sqlite:///{path}"), ring) as opened:
        yield core_on(opened)


@asynccontextmanager
async def shut(url: str, server: str) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    """Let nobody into a database and end every connection, as a restart does; gives the way to end more."""
    name, admin = make_url(url).database, await asyncpg.connect(server)
    gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
    await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    try:
        await admin.execute(gone, name)
        yield partial(admin.execute, gone, name)
    finally:
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await admin.close()


@pytest.fixture
async def both(store: Store) -> Core:
    """A core on each kind of database, for what touches storage."""
    return core_on(store)
