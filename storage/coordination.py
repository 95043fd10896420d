"""What processes on one database share: leases with a fence, marks, and the rates sends count against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Float, Table, bindparam, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.inserting import Insert, insert_on, inserting
from storage.tables import lanes, leases, marks, rates


@dataclass(frozen=True, slots=True)
class Coordination:
    """Leases, marks and rates, on one connection, a writing one for all but reading a mark."""

    connection: AsyncConnection

    async def take_lease(self, name: str, holder: str, now: datetime, seconds: float) -> int | None:
        """Take or renew a lease: its fence, a number that grows with each holder; None while another's."""
        await self._make_sure(leases, name=name, holder="", fence=0, until=now)
        row = (
            await self.connection.execute(select(leases).where(leases.c.name == name).with_for_update())
        ).one()
        if row.holder not in ("", holder) and row.until > now:
            return None
        fence: int = row.fence + (row.holder != holder)
        until = now + timedelta(seconds=seconds)
        await self.connection.execute(
            update(leases).where(leases.c.name == name).values(holder=holder, fence=fence, until=until)
        )
        return fence

    async def drop_lease(self, name: str, holder: str) -> None:
        """Give a lease back at once; its fence stays."""
        await self.connection.execute(
            update(leases).where(leases.c.name == name, leases.c.holder == holder).values(holder="")
        )

    async def reserve(self, key: str, per_second: float, burst: int, now: datetime) -> float:
        """Reserve a send: 0.0 to go on, else the seconds to wait, and nothing is reserved.

        GCRA: the row holds when the rate would be idle again; ``burst`` sends may run ahead of it.
        """
        moment, interval = now.timestamp(), 1 / per_second
        ahead = (burst - 1) * interval
        named = {"key": key, "free_at": moment + interval, "interval_": interval}
        latest = {"latest_": moment + ahead + 1e-6}
        done = await self.connection.execute(_reserving(self.connection.dialect.name), named | latest)
        if done.rowcount:
            return 0.0
        free_at = await self.connection.scalar(select(rates.c.free_at).where(rates.c.key == key))
        return float(free_at or moment) - ahead - moment

    async def mark(self, name: str) -> tuple[str, datetime] | None:
        """Tell how far something has come, and since when."""
        row = (await self.connection.execute(select(marks).where(marks.c.name == name))).first()
        return None if row is None else (row.value, row.at)

    async def set_mark(self, name: str, value: str, at: datetime) -> None:
        """Note how far something has come."""
        await self._make_sure(marks, name=name, value=value, at=at)
        await self.connection.execute(update(marks).where(marks.c.name == name).values(value=value, at=at))

    async def advance(self, name: str, value: str, at: datetime) -> bool:
        """Note how far something has come; False where it has come further than that already.

        Values are compared as texts.
        """
        await self._make_sure(marks, name=name, value=value, at=at)
        came = (marks.c.name == name) & (marks.c.value <= value)
        done = await self.connection.execute(update(marks).where(came).values(value=value, at=at))
        return done.rowcount > 0

    async def hold(self, key: str, per_second: float, burst: int, now: datetime, seconds: float) -> None:
        """Let nothing go against a rate for so many seconds."""
        free_at = now.timestamp() + seconds + (burst - 1) / per_second
        await self._make_sure(rates, key=key, free_at=free_at)
        earlier = (rates.c.key == key) & (rates.c.free_at < free_at)
        await self.connection.execute(update(rates).where(earlier).values(free_at=free_at))

    async def forget_lanes(self) -> None:
        """Delete the lanes that nobody drains at this moment; whoever finds one missing makes it again.

        Each has the name of a space, and a step of a workflow has one of its own. In a transaction of its
        own: who makes one again waits for that.
        """
        free = select(lanes.c.name).with_for_update(skip_locked=True)
        await self.connection.execute(delete(lanes).where(lanes.c.name.in_(free)))

    async def _make_sure(self, table: Table, **values: object) -> None:
        await self.connection.execute(_made_sure(self.connection.dialect.name, table), values)


async def lock_lane(connection: AsyncConnection, lane: str) -> bool:
    """Lock a lane's row for this transaction, and make it where there is none; False where another has it."""
    row = select(lanes.c.name).where(lanes.c.name == lane).with_for_update(skip_locked=True)
    if await connection.scalar(row) is not None:
        return True
    made = insert_on(connection, lanes).values(name=lane).on_conflict_do_nothing()
    if (await connection.execute(made)).rowcount == 0:
        return False  # it is there, and locked
    await connection.commit()
    return await connection.scalar(row) is not None


@cache
def _made_sure(dialect: str, table: Table) -> Insert:
    return inserting(dialect, table).on_conflict_do_nothing()


@cache
def _reserving(dialect: str) -> Insert:
    """Make the statement that reserves a send, and changes no row where that has to wait."""
    first, interval = inserting(dialect, rates), bindparam("interval_", type_=Float)
    idle = case(
        (rates.c.free_at > first.excluded.free_at - interval, rates.c.free_at + interval),
        else_=first.excluded.free_at,
    )
    free = rates.c.free_at <= bindparam("latest_", type_=Float)
    return first.on_conflict_do_update(index_elements=[rates.c.key], set_={"free_at": idle}, where=free)
