"""What inline queries were answered with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import AddPreview
from storage.encryption import KeyRing
from storage.records import Preview
from storage.tables import previews


@dataclass(frozen=True, slots=True)
class Previews:
    """Finds what inline queries were answered with, on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def get(self, id: str, now: datetime) -> Preview | None:
        """Find one that has not expired, whoever's it is."""
        found = (previews.c.id == id) & (previews.c.expires_at > now)
        row = (await self.connection.execute(select(previews).where(found))).first()
        return None if row is None else self._opened(row)

    async def of(self, person_id: str, now: datetime) -> tuple[Preview, ...]:
        """List all that is kept of this person."""
        mine = (previews.c.person_id == person_id) & (previews.c.expires_at > now)
        rows = await self.connection.execute(select(previews).where(mine).order_by(previews.c.expires_at))
        return tuple(map(self._opened, rows))

    def _opened(self, row: Row[Any]) -> Preview:
        body = self.ring.open("previews", "body", row.id, row.body)
        return Preview(**dict(row._mapping) | {"person_id": row.person_id or "", "body": body})


async def add_preview(connection: AsyncConnection, ring: KeyRing, change: AddPreview) -> None:
    """Keep what a query was answered with."""
    preview = change.preview
    body = ring.seal("previews", "body", preview.id, preview.body)
    values = asdict(preview) | {"person_id": preview.person_id or None, "body": body}
    await connection.execute(insert(previews).values(values))


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {AddPreview: add_preview}
