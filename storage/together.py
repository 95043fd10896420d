"""A group of units that only add, table by table: a tenth of what they cost one by one.

Most of what is said makes a code and a reply, and most of what is sent is marked so; neither can contradict
another. Where one of them fails after all, or is meant for a space that takes nothing, the group is rolled
back and taken unit by unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import AddCode, Delivered, NoteShown, Unit
from storage.codes import code_row
from storage.deliveries import deliver, delivery_row
from storage.encryption import KeyRing
from storage.sent import note_shown
from storage.tables import closures, codes, deliveries, seen

_ADDING = AddCode | NoteShown | Delivered


class Apart(Exception):
    """The group has to be taken unit by unit."""


def only_adds(unit: Unit) -> bool:
    """Tell whether a unit adds codes and deliveries, or marks what was sent, and nothing else."""
    return not unit.requests and all(isinstance(change, _ADDING) for change in unit.changes)


async def add(connection: AsyncConnection, ring: KeyRing, units: Sequence[Unit]) -> None:
    """Apply such units; raises Apart where one needs more than rows of its own, or has to follow another."""
    noted = {
        (each.space, each.said) for unit in units for each in unit.changes if isinstance(each, NoteShown)
    }
    marked = {
        (each.lane, each.said) for unit in units for each in unit.changes if isinstance(each, Delivered)
    }
    if noted & marked:
        raise Apart
    lanes = {delivery.lane for unit in units for delivery in unit.deliveries}
    shut = select(closures.c.space).where(closures.c.space.in_(lanes)).limit(1)
    if lanes and await connection.scalar(shut) is not None:
        raise Apart
    changes = [change for unit in units for change in unit.changes]
    rows = {
        seen: [{"request_id": unit.request_id, "at": unit.at} for unit in units if unit.request_id],
        codes: [code_row(ring, change.code) for change in changes if isinstance(change, AddCode)],
        deliveries: [delivery_row(ring, delivery) for unit in units for delivery in unit.deliveries],
    }
    for table, values in rows.items():
        if values:
            await connection.execute(insert(table), values)
    for change in changes:
        if isinstance(change, NoteShown):
            await note_shown(connection, ring, change)
    sent = [change for change in changes if isinstance(change, Delivered)]
    if sent:
        await deliver(connection, ring, *sent)
