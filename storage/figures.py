"""Figures about what is kept, for metrics: how much waits since when, how large it is, who has a lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, func, literal_column, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

from storage.faults import Fault, Unavailable
from storage.quick import LONG
from storage.records import State
from storage.store import Store
from storage.tables import deliveries, leases, requests

PLATFORMS, OTHER = ("telegram", "slack"), "other"  # what is answered inside the call hardly ever waits
QUEUES: dict[str, tuple[Table, ColumnElement[bool]]] = {
    "deliveries": (deliveries, deliveries.c.bulk.is_(False)),
    "broadcasts": (deliveries, deliveries.c.bulk.is_(True)),
    "requests": (requests, true()),
}

_ON_SERVER = text("SELECT pg_database_size(current_database())")
_IN_FILE = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a queue holds for one platform: what waits, of that what failed before, and what was given up."""

    waiting: int
    tried: int
    oldest: datetime | None  # when the one that waits longest was made
    dead: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is read at one moment. ``held``: whether somebody has the lease that was asked about."""

    backlogs: dict[tuple[str, str], Backlog]  # by queue and platform
    size: int  # bytes
    held: bool


async def figures(store: Store, lease: str, now: datetime) -> Figures:
    """Read everything, with one statement a queue; raises what the database does where it does not answer."""
    backlogs: dict[tuple[str, str], Backlog] = {}
    async with store.reading() as work:
        for queue in QUEUES:
            for platform, backlog in (await queued(work.connection, queue)).items():
                backlogs[queue, platform] = backlog
        until = await work.connection.scalar(select(leases.c.until).where(leases.c.name == lease))
        size = await work.connection.scalar(_ON_SERVER if store.shared else _IN_FILE)
    return Figures(backlogs, size or 0, until is not None and until > now)


async def queued(connection: AsyncConnection, queue: str) -> dict[str, Backlog]:
    """Read what a queue holds for each platform."""
    rows = (await connection.execute(_counting(*QUEUES[queue]))).all()
    found = {(platform, State(state)): counted for platform, state, *counted in rows}

    def backlog(platform: str) -> Backlog:
        waiting, tried, oldest = found.get((platform, State.PENDING), (0, 0, None))
        return Backlog(waiting, tried, oldest, found.get((platform, State.DEAD), (0,))[0])

    return {platform: backlog(platform) for platform in (*PLATFORMS, OTHER)}


def _counting(table: Table, among: ColumnElement[bool]) -> Select[Any]:
    """Count what waits and what is dead; what is done, most of the rows, the index passes over."""
    named: list[Any] = [(table.c.lane.like(f"{name}:%"), literal_column(f"'{name}'")) for name in PLATFORMS]
    counted = (
        case(*named, else_=literal_column(f"'{OTHER}'")).label("counted_for"),
        table.c.state,
        func.count(),
        func.count(case((table.c.attempts > 0, 1))),
        func.min(table.c.created_at),
    )
    rows = select(*counted).where(table.c.state.in_((State.PENDING, State.DEAD)), among)
    return rows.group_by("counted_for", table.c.state).execution_options(**LONG)


def in_use(store: Store) -> int | None:
    """Count the connections to a server that are in use at this moment; None for a file."""
    pool = store.writer.pool if isinstance(store.writer, AsyncEngine) else None
    return pool.checkedout() if isinstance(pool, QueuePool) else None


READ_ONLY = text("SELECT current_setting('transaction_read_only')")


async def ping(store: Store) -> Fault | None:
    """Ask the database for something, and tell what fails, or has failed just now."""
    try:
        async with store.reading() as work:
            if store.shared and await work.connection.scalar(READ_ONLY) == "on":
                return Fault.READ_ONLY
            await work.connection.execute(text("SELECT 1 FROM marks"))
    except Unavailable as away:
        return away.fault
    return store.health.fault
