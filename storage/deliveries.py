"""What is still to be sent, and what became of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import Delivered
from storage.encryption import KeyRing
from storage.prepared import prepared
from storage.records import Delivery, State
from storage.sent import note_sent
from storage.tables import closures, deliveries

ERROR = 300  # characters kept of what went wrong

_PENDING = prepared(
    select(deliveries)
    .where(deliveries.c.lane == bindparam("lane_"), deliveries.c.state == State.PENDING)
    .order_by(deliveries.c.bulk, deliveries.c.sequence)
    .limit(2)
)
_NEWER = prepared(
    select(deliveries)
    .where(deliveries.c.lane == bindparam("lane_"), deliveries.c.state == State.PENDING)
    .where(deliveries.c.pressed == bindparam("pressed_"), deliveries.c.said == bindparam("said_"))
    .where(deliveries.c.sequence > bindparam("sequence_"))
    .order_by(deliveries.c.sequence.desc())
    .limit(1)
)
_DONE = prepared(
    update(deliveries)
    .where(deliveries.c.id == bindparam("id_"))
    .values(
        state=State.DONE,
        finished_at=bindparam("at_"),
        error=func.coalesce(func.nullif(bindparam("why_"), ""), deliveries.c.error),
        address=b"",
        body=b"",
    )
)


async def mark(connection: AsyncConnection, table: Table, row_id: str, **values: Any) -> None:
    """Change a row."""
    await connection.execute(update(table).where(table.c.id == row_id).values(values))


async def counts(connection: AsyncConnection, table: Table) -> dict[State, int]:
    """Count rows by their state."""
    rows = await connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return {State(state): count for state, count in rows}


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Reads and marks what is to be sent, on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def lanes_due(self, now: datetime, limit: int = 100, *, bulk: bool = False) -> tuple[str, ...]:
        """Name lanes with something to send: whose first is due, the longest due before others.

        ``bulk``: with something that is for many, and nothing else before it.
        """
        first = deliveries.alias()
        ahead = (first.c.bulk == deliveries.c.bulk) & (first.c.sequence < deliveries.c.sequence)
        before = select(first.c.id).where(
            first.c.state == State.PENDING,
            first.c.lane == deliveries.c.lane,
            ahead | first.c.bulk.is_(False) if bulk else ahead,
        )
        rows = await self.connection.execute(
            select(deliveries.c.lane)
            .where(deliveries.c.state == State.PENDING, deliveries.c.bulk.is_(bulk))
            .where(deliveries.c.due_at <= now, ~before.exists())
            .order_by(deliveries.c.due_at)
            .limit(limit)
        )
        return tuple(rows.scalars())

    async def next(self, lane: str, now: datetime) -> Delivery | None:
        """Find the first unfinished delivery of a lane, if it is due: one that is not blocks its lane.

        The oldest is the first, but what is for many comes after all others.
        """
        return (await self.upcoming(lane, now))[0]

    async def upcoming(self, lane: str, now: datetime) -> tuple[Delivery | None, bool]:
        """Find the first unfinished delivery of a lane, as ``next`` does, and whether another follows it."""
        rows = (await self.connection.execute(_PENDING, {"lane_": lane})).all()
        if not rows or rows[0].due_at > now:
            return None, False
        return self._opened(rows[0]), len(rows) > 1

    async def newer(self, than: Delivery) -> Delivery | None:
        """Find the last delivery that waits in the same lane and changes, or answers, the same message."""
        about = {"lane_": than.lane, "pressed_": than.pressed, "said_": than.said, "sequence_": than.sequence}
        row = (await self.connection.execute(_NEWER, about)).first()
        return None if row is None else self._opened(row)

    def _opened(self, row: Row[Any]) -> Delivery:
        opened = {
            name: self.ring.open("deliveries", name, row.id, getattr(row, name))
            for name in ("address", "body")
        }
        return Delivery(**dict(row._mapping) | opened | {"state": State(row.state)})

    async def postpone(self, delivery_id: str, due_at: datetime) -> None:
        """Let it wait for its turn; no try was made."""
        await mark(self.connection, deliveries, delivery_id, due_at=due_at)

    async def later(self, delivery_id: str, due_at: datetime, error: str) -> None:
        """Count a try that failed."""
        attempts = deliveries.c.attempts + 1
        await mark(
            self.connection, deliveries, delivery_id, due_at=due_at, error=error[:ERROR], attempts=attempts
        )

    async def dead(self, delivery_id: str, at: datetime, error: str) -> None:
        """Give it up; its body stays sealed until it is tidied away."""
        await mark(
            self.connection, deliveries, delivery_id, state=State.DEAD, finished_at=at, error=error[:ERROR]
        )

    async def counts(self) -> dict[State, int]:
        """Count by state."""
        return await counts(self.connection, deliveries)


def delivery_row(ring: KeyRing, delivery: Delivery) -> dict[str, Any]:
    """Make the row that keeps what is to be sent."""
    values = {name: getattr(delivery, name) for name in Delivery.__slots__}
    del values["sequence"]  # given by the database
    for name in ("address", "body"):
        values[name] = ring.seal("deliveries", name, delivery.id, values[name])
    return values


async def add_delivery(
    connection: AsyncConnection, ring: KeyRing, delivery: Delivery, *, heard: str = ""
) -> None:
    """Keep what is to be sent; in a closed space it is given up at once, unless that was ``heard``."""
    why = select(closures.c.why).where(closures.c.space == delivery.lane).scalar_subquery()
    row = delivery_row(ring, delivery)
    closed = await connection.scalar(insert(deliveries).values(row).returning(why))
    if closed is None:
        return
    if heard == delivery.lane:
        await connection.execute(delete(closures).where(closures.c.space == delivery.lane))
        return
    await Deliveries(connection, ring).dead(delivery.id, delivery.created_at, closed)


async def deliver(connection: AsyncConnection, ring: KeyRing, *changes: Delivered) -> None:
    """Mark deliveries done, blank what they held, and write down what became of each."""
    done = [{"id_": change.id, "at_": change.at, "why_": change.why} for change in changes]
    await connection.execute(_DONE, done)
    for change in changes:
        await note_sent(connection, ring, change)


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {Delivered: deliver}
