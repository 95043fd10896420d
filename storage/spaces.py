"""Spaces that nothing can be sent to, and spaces that go on under another name."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.admissions import move_admission
from storage.changes import ClearKit, CloseSpace, MoveSpace, OpenSpace, SetKit
from storage.deliveries import ERROR
from storage.encryption import KeyRing
from storage.installations import APPLY as OF_WORKSPACES
from storage.people import People, clear_kit, set_kit
from storage.records import State
from storage.tables import assets, closures, codes, deliveries, drafts

IN_HAND = timedelta(seconds=30)  # that a send takes, with room to spare


async def close_space(connection: AsyncConnection, ring: KeyRing, change: CloseSpace) -> None:
    """Note that nothing can be sent in a space, and give up what was still to be sent there."""
    await connection.execute(delete(closures).where(closures.c.space == change.space))
    why = change.why[:ERROR]
    await connection.execute(insert(closures).values(space=change.space, why=why, at=change.at))
    await connection.execute(
        update(deliveries)
        .where(_pending(change.space))
        .values(state=State.DEAD, finished_at=change.at, error=why)
    )


async def open_space(connection: AsyncConnection, ring: KeyRing, change: OpenSpace) -> None:
    """Forget that nothing could be sent in a space."""
    await connection.execute(delete(closures).where(closures.c.space == change.space))


async def move_space(connection: AsyncConnection, ring: KeyRing, change: MoveSpace) -> None:
    """Move what is a space's; done again it finds nothing more to move."""
    for column in (codes.c.space, assets.c.owner):
        await connection.execute(
            update(column.table).where(column == change.before).values({column: change.after})
        )
    await move_admission(connection, change.before, change.after)
    await _move_kit(connection, ring, change)
    await _move_drafts(connection, change)
    await connection.execute(delete(closures).where(closures.c.space == change.before))
    await _move_deliveries(connection, ring, change)


async def _move_deliveries(connection: AsyncConnection, ring: KeyRing, change: MoveSpace) -> None:
    """Readdress what is still to be sent, to wait a while: who drains the old lane has one in hand."""
    held = await connection.execute(
        select(deliveries.c.id, deliveries.c.address, deliveries.c.due_at)
        .where(_pending(change.before))
        .with_for_update()
    )
    for row in held.all():
        address = json.loads(ring.open("deliveries", "address", row.id, row.address)) | dict(change.address)
        sealed = ring.seal("deliveries", "address", row.id, json.dumps(address, separators=(",", ":")))
        due = max(row.due_at, change.at + IN_HAND)
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.id == row.id)
            .values(lane=change.after, address=sealed, due_at=due)
        )


async def _move_kit(connection: AsyncConnection, ring: KeyRing, change: MoveSpace) -> None:
    """Seal a kit anew for its new place, unless one was set there meanwhile; its pictures went before."""
    reader = People(connection, ring)
    kit = await reader.kit(change.before)
    if kit is not None and await reader.kit(change.after) is None:
        await set_kit(connection, ring, SetKit(replace(kit, space=change.after)))
    await clear_kit(connection, ring, ClearKit(change.before))


async def _move_drafts(connection: AsyncConnection, change: MoveSpace) -> None:
    """Take along what is being filled in; somebody who began anew in the new place goes on with that."""
    anew = select(drafts.c.person_id).where(drafts.c.space == change.after)
    here = drafts.c.space == change.before
    await connection.execute(delete(drafts).where(here, drafts.c.person_id.in_(anew)))
    await connection.execute(update(drafts).where(here).values(space=change.after))


def _pending(space: str) -> ColumnElement[bool]:
    return (deliveries.c.lane == space) & (deliveries.c.state == State.PENDING)


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    CloseSpace: close_space,
    OpenSpace: open_space,
    MoveSpace: move_space,
    **OF_WORKSPACES,
}
