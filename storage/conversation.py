"""What is under way: half-filled forms, deliveries still to be sent, requests that wait."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KeyRing
from storage.records import (
    AddReading,
    Delivered,
    Delivery,
    Draft,
    DropDraft,
    ExtendRequest,
    FinishRequest,
    Reading,
    SaveDraft,
    Stale,
    State,
    StoredRequest,
    Why,
)
from storage.sent import note_sent
from storage.tables import closures, deliveries, drafts, readings, requests

ERROR = 300  # characters kept of what went wrong

_OPEN = select(drafts).where(
    drafts.c.person_id == bindparam("person_"),
    drafts.c.space == bindparam("space_"),
    drafts.c.expires_at > bindparam("now_"),
)
_PENDING = (
    select(deliveries)
    .where(deliveries.c.lane == bindparam("lane_"), deliveries.c.state == State.PENDING)
    .order_by(deliveries.c.sequence)
    .limit(2)
)
_DONE = (
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


@dataclass(frozen=True, slots=True)
class Drafts:
    """Reads half-filled forms on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def get(self, person_id: str, space: str, now: datetime) -> Draft | None:
        """Find the form a person is filling in a space, unless it has expired."""
        named = {"person_": person_id, "space_": space, "now_": now}
        row = (await self.connection.execute(_OPEN, named)).first()
        if row is None:
            return None
        values = json.loads(self.ring.open("drafts", "values", row.id, row.values))
        return Draft(**dict(row._mapping) | {"values": values})


async def save_draft(connection: AsyncConnection, ring: KeyRing, change: SaveDraft) -> None:
    """Keep a form, replacing the person's earlier one in that space."""
    draft = change.draft
    await drop_draft(connection, ring, DropDraft(draft.person_id, draft.space))
    values = ring.seal("drafts", "values", draft.id, json.dumps(draft.values))
    await connection.execute(insert(drafts).values(asdict(draft) | {"values": values}))


async def drop_draft(connection: AsyncConnection, ring: KeyRing, change: DropDraft) -> None:
    """Forget a form."""
    await connection.execute(
        delete(drafts).where(drafts.c.person_id == change.person_id, drafts.c.space == change.space)
    )


@dataclass(frozen=True, slots=True)
class Readings:
    """Finds what codes in pictures said, on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def get(self, id: str, person_id: str, now: datetime) -> Reading | None:
        """Find a reading of this person's, unless it has expired."""
        row = (
            await self.connection.execute(
                select(readings).where(
                    readings.c.id == id, readings.c.person_id == person_id, readings.c.expires_at > now
                )
            )
        ).first()
        return None if row is None else self._opened(row)

    async def of(self, person_id: str, now: datetime) -> tuple[Reading, ...]:
        """List all that is kept of what this person had read."""
        mine = (readings.c.person_id == person_id) & (readings.c.expires_at > now)
        rows = await self.connection.execute(select(readings).where(mine).order_by(readings.c.expires_at))
        return tuple(map(self._opened, rows))

    def _opened(self, row: Row[Any]) -> Reading:
        text = self.ring.open("readings", "text", row.id, row.text)
        return Reading(**dict(row._mapping) | {"text": text})


async def add_reading(connection: AsyncConnection, ring: KeyRing, change: AddReading) -> None:
    """Keep what a code said."""
    reading = change.reading
    text = ring.seal("readings", "text", reading.id, reading.text)
    await connection.execute(insert(readings).values(asdict(reading) | {"text": text}))


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Reads and marks what is to be sent, on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def lanes_due(self, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """Name lanes with something to send: whose first is due, the longest due before others."""
        first = deliveries.alias()
        before = select(first.c.id).where(
            first.c.state == State.PENDING,
            first.c.lane == deliveries.c.lane,
            first.c.sequence < deliveries.c.sequence,
        )
        rows = await self.connection.execute(
            select(deliveries.c.lane)
            .where(deliveries.c.state == State.PENDING, deliveries.c.due_at <= now, ~before.exists())
            .order_by(deliveries.c.due_at)
            .limit(limit)
        )
        return tuple(rows.scalars())

    async def next(self, lane: str, now: datetime) -> Delivery | None:
        """Find the oldest unfinished delivery of a lane, if it is due: one that is not blocks its lane."""
        return (await self.upcoming(lane, now))[0]

    async def upcoming(self, lane: str, now: datetime) -> tuple[Delivery | None, bool]:
        """Find the oldest unfinished delivery of a lane, as ``next`` does, and whether another follows it."""
        rows = (await self.connection.execute(_PENDING, {"lane_": lane})).all()
        if not rows or rows[0].due_at > now:
            return None, False
        return self._opened(rows[0]), len(rows) > 1

    async def newer(self, than: Delivery) -> Delivery | None:
        """Find the last delivery that waits in the same lane and changes, or answers, the same message."""
        about = (deliveries.c.pressed == than.pressed) & (deliveries.c.said == than.said)
        waits = (deliveries.c.lane == than.lane) & (deliveries.c.state == State.PENDING)
        found = select(deliveries).where(waits, about, deliveries.c.sequence > than.sequence)
        row = (await self.connection.execute(found.order_by(deliveries.c.sequence.desc()).limit(1))).first()
        return None if row is None else self._opened(row)

    def _opened(self, row: Row[Any]) -> Delivery:
        opened = {
            name: self.ring.open("deliveries", name, row.id, getattr(row, name))
            for name in ("address", "body")
        }
        return Delivery(**dict(row._mapping) | opened | {"state": State(row.state)})

    async def postpone(self, delivery_id: str, due_at: datetime) -> None:
        """Let it wait for its turn; no try was made."""
        await _mark(self.connection, deliveries, delivery_id, due_at=due_at)

    async def later(self, delivery_id: str, due_at: datetime, error: str) -> None:
        """Count a try that failed."""
        attempts = deliveries.c.attempts + 1
        await _mark(
            self.connection, deliveries, delivery_id, due_at=due_at, error=error[:ERROR], attempts=attempts
        )

    async def dead(self, delivery_id: str, at: datetime, error: str) -> None:
        """Give it up; its body stays sealed until it is tidied away."""
        await _mark(
            self.connection, deliveries, delivery_id, state=State.DEAD, finished_at=at, error=error[:ERROR]
        )

    async def counts(self) -> dict[State, int]:
        """Count by state."""
        return await _counts(self.connection, deliveries)


@dataclass(frozen=True, slots=True)
class Requests:
    """Reads and marks requests that wait, on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def due(self, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """Name those to run now."""
        rows = await self.connection.execute(
            select(requests.c.id)
            .where(requests.c.state == State.PENDING, requests.c.due_at <= now)
            .order_by(requests.c.due_at)
            .limit(limit)
        )
        return tuple(rows.scalars())

    async def get(self, request_id: str) -> StoredRequest | None:
        """Find one."""
        row = (await self.connection.execute(select(requests).where(requests.c.id == request_id))).first()
        if row is None:
            return None
        body = self.ring.open("requests", "body", row.id, row.body) if row.body else ""
        return StoredRequest(
            **dict(row._mapping) | {"body": body, "why": Why(row.why), "state": State(row.state)}
        )

    async def later(self, request_id: str, due_at: datetime, error: str) -> None:
        """Count a try that failed."""
        attempts = requests.c.attempts + 1
        await _mark(
            self.connection, requests, request_id, due_at=due_at, error=error[:ERROR], attempts=attempts
        )

    async def dead(self, request_id: str, at: datetime, error: str) -> None:
        """Give it up; its body stays sealed until it is tidied away."""
        await _mark(
            self.connection, requests, request_id, state=State.DEAD, finished_at=at, error=error[:ERROR]
        )

    async def counts(self) -> dict[State, int]:
        """Count by state."""
        return await _counts(self.connection, requests)


async def _mark(connection: AsyncConnection, table: Table, row_id: str, **values: Any) -> None:
    await connection.execute(update(table).where(table.c.id == row_id).values(values))


async def _counts(connection: AsyncConnection, table: Table) -> dict[State, int]:
    rows = await connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return {State(state): count for state, count in rows}


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


async def add_request(connection: AsyncConnection, ring: KeyRing, request: StoredRequest) -> None:
    """Keep a request that waits."""
    body = ring.seal("requests", "body", request.id, request.body)
    await connection.execute(insert(requests).values(asdict(request) | {"body": body}))


async def finish_request(connection: AsyncConnection, ring: KeyRing, change: FinishRequest) -> None:
    """Mark a request done and blank it; stale when it is no longer pending, or no longer as it was read."""
    as_read = (requests.c.due_at == change.due_at,) if change.due_at is not None else ()
    done = await connection.execute(
        update(requests)
        .where(requests.c.id == change.id, requests.c.state == State.PENDING, *as_read)
        .values(state=State.DONE, finished_at=change.at, body=b"")
    )
    if done.rowcount == 0:
        raise Stale("finished meanwhile")


async def extend_request(connection: AsyncConnection, ring: KeyRing, change: ExtendRequest) -> None:
    """Put more into a request that waits; stale when something else was put into it, or it has run."""
    body = ring.seal("requests", "body", change.id, change.body)
    waits = (requests.c.state == State.PENDING) & (requests.c.due_at == change.due_before)
    done = await connection.execute(
        update(requests).where(requests.c.id == change.id, waits).values(body=body, due_at=change.due_at)
    )
    if done.rowcount == 0:
        raise Stale("no longer as it was")


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddReading: add_reading,
    SaveDraft: save_draft,
    DropDraft: drop_draft,
    FinishRequest: finish_request,
    ExtendRequest: extend_request,
    Delivered: deliver,
}
