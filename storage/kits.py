"""Kits with names, in the table of the spaces' own: what would be the space is "kit:" and the id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import Stale
from storage.encryption import KeyRing
from storage.own import AddKit, ChangeKit, DropKit, OwnKit
from storage.tables import kits, people

_PREFIX = "kit:"


@dataclass(frozen=True, slots=True)
class Kits:
    """Reads them on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def get(self, person_id: str, id: str) -> OwnKit | None:
        """Find one of somebody's."""
        theirs = (kits.c.space == _PREFIX + id) & (kits.c.set_by == person_id)
        row = (await self.connection.execute(select(kits).where(theirs))).first()
        return None if row is None else _open(self.ring, row)

    async def of(self, person_id: str) -> tuple[OwnKit, ...]:
        """List somebody's, the newest first."""
        theirs = (kits.c.set_by == person_id) & kits.c.name.is_not(None)
        rows = await self.connection.execute(
            select(kits).where(theirs).order_by(kits.c.set_at.desc(), kits.c.space.desc())
        )
        return tuple(_open(self.ring, row) for row in rows)


def _open(ring: KeyRing, row: Row[Any]) -> OwnKit:
    name, style = (ring.open("kits", part, row.space, getattr(row, part)) for part in ("name", "style"))
    return OwnKit(row.space.removeprefix(_PREFIX), row.set_by, name, style, row.format, row.set_at)


def _row(ring: KeyRing, kit: OwnKit) -> dict[str, Any]:
    space = _PREFIX + kit.id
    sealed = {part: ring.seal("kits", part, space, getattr(kit, part)) for part in ("name", "style")}
    return {"space": space, "format": kit.format, "set_by": kit.person_id, "set_at": kit.set_at} | sealed


async def add_kit(connection: AsyncConnection, ring: KeyRing, change: AddKit) -> None:
    """Keep a kit."""
    owner = change.kit.person_id
    held = select(people.c.id).where(people.c.id == owner).with_for_update()
    if await connection.scalar(held) is None:
        raise Stale("the person is gone")
    theirs = (kits.c.set_by == owner) & kits.c.name.is_not(None)
    if (await connection.scalar(select(func.count()).where(theirs)) or 0) >= change.most:
        raise Stale("the person has as many kits as they may")
    await connection.execute(insert(kits).values(_row(ring, change.kit)))


async def change_kit(connection: AsyncConnection, ring: KeyRing, change: ChangeKit) -> None:
    """Change a kit."""
    await _hold(connection, ring, change.before)
    row = _row(ring, change.after)
    await connection.execute(update(kits).where(kits.c.space == row["space"]).values(row))


async def drop_kit(connection: AsyncConnection, ring: KeyRing, change: DropKit) -> None:
    """Delete a kit; codes that were made with it keep their look."""
    await _hold(connection, ring, change.kit)
    await connection.execute(delete(kits).where(kits.c.space == _PREFIX + change.kit.id))


async def _hold(connection: AsyncConnection, ring: KeyRing, kit: OwnKit) -> None:
    found = select(kits).where(kits.c.space == _PREFIX + kit.id).with_for_update()
    row = (await connection.execute(found)).first()
    if row is None or _open(ring, row) != kit:
        raise Stale("the kit was changed meanwhile")


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddKit: add_kit,
    ChangeKit: change_kit,
    DropKit: drop_kit,
}
