"""What inline queries were answered with, and the pictures that a platform already has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KeyRing
from storage.records import AddPreview, Preview
from storage.tables import file_ids, previews

_PURPOSE = "file of a picture"


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
        return Preview(**dict(row._mapping) | {"body": body})


async def add_preview(connection: AsyncConnection, ring: KeyRing, change: AddPreview) -> None:
    """Keep what a query was answered with."""
    preview = change.preview
    body = ring.seal("previews", "body", preview.id, preview.body)
    await connection.execute(insert(previews).values(asdict(preview) | {"body": body}))


@dataclass(frozen=True, slots=True)
class FileIds:
    """Remembers pictures that a platform has, by a fingerprint of what they show; on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def find(self, pictures: Iterable[str]) -> dict[str, str]:
        """Give the file ids of those pictures, each written out as a text, that the platform has."""
        by_key = {self.ring.fingerprint(_PURPOSE, picture): picture for picture in pictures}
        rows = await self.connection.execute(select(file_ids).where(file_ids.c.key.in_(by_key)))
        return {by_key[row.key]: row.file_id for row in rows}

    async def keep(self, picture: str, file_id: str, at: datetime) -> None:
        """Remember that the platform has a picture."""
        given = {"file_id": file_id, "kept_at": at}
        upsert = postgresql.insert if self.connection.dialect.name == "postgresql" else sqlite.insert
        row = upsert(file_ids).values(key=self.ring.fingerprint(_PURPOSE, picture), **given)
        await self.connection.execute(row.on_conflict_do_update(index_elements=["key"], set_=given))

    async def forget(self, pictures: Iterable[str]) -> None:
        """Forget file ids that the platform does not know any more."""
        keys = [self.ring.fingerprint(_PURPOSE, picture) for picture in pictures]
        await self.connection.execute(delete(file_ids).where(file_ids.c.key.in_(keys)))


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {AddPreview: add_preview}
