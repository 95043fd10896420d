"""What is under way: half-filled forms, what was read, requests that wait."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import AddReading, DropDraft, ExtendRequest, FinishRequest, SaveDraft, Stale
from storage.deliveries import ERROR, counts, mark
from storage.encryption import KeyRing
from storage.records import Draft, Reading, State, StoredRequest, Why
from storage.tables import drafts, readings, requests

_OPEN = select(drafts).where(
    drafts.c.person_id == bindparam("person_"),
    drafts.c.space == bindparam("space_"),
    drafts.c.expires_at > bindparam("now_"),
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
        return None if row is None else opened_draft(self.ring, row)


def opened_draft(ring: KeyRing, row: Row[Any], prefix: str = "") -> Draft | None:
    """Read a half-filled form from a row whose columns have a prefix; None where there is none in it."""
    kept = {column.name: row._mapping[prefix + column.name] for column in drafts.c}
    if kept["id"] is None:
        return None
    values = json.loads(ring.open("drafts", "values", kept["id"], kept["values"]))
    return Draft(**kept | {"values": values})


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
        await mark(
            self.connection, requests, request_id, due_at=due_at, error=error[:ERROR], attempts=attempts
        )

    async def dead(self, request_id: str, at: datetime, error: str) -> None:
        """Give it up; its body stays sealed until it is tidied away."""
        await mark(
            self.connection, requests, request_id, state=State.DEAD, finished_at=at, error=error[:ERROR]
        )

    async def counts(self) -> dict[State, int]:
        """Count by state."""
        return await counts(self.connection, requests)


def request_row(ring: KeyRing, request: StoredRequest) -> dict[str, Any]:
    """Make the row that keeps a request."""
    values = {name: getattr(request, name) for name in StoredRequest.__slots__}
    return values | {"body": ring.seal("requests", "body", request.id, request.body)}


async def add_request(connection: AsyncConnection, ring: KeyRing, request: StoredRequest) -> None:
    """Keep a request that waits."""
    await connection.execute(insert(requests), request_row(ring, request))


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
}
