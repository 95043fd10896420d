"""A group of units that only add, table by table: a tenth of what they cost one by one.

Most of what is said makes a code and a reply, and most of what is sent is marked so; neither can contradict
another. Where one of them fails after all, the group is rolled back and taken unit by unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.codes import code_row
from storage.conversation import deliver, delivery_row
from storage.encryption import KeyRing
from storage.records import AddCode, Delivered, Unit
from storage.tables import codes, deliveries, seen


def only_adds(unit: Unit) -> bool:
    """Tell whether a unit adds codes and deliveries, or marks what was sent, and nothing else."""
    return not unit.requests and all(isinstance(change, AddCode | Delivered) for change in unit.changes)


async def add(connection: AsyncConnection, ring: KeyRing, units: Sequence[Unit]) -> None:
    """Apply such units, all of them or, raising, none."""
    changes = [change for unit in units for change in unit.changes]
    rows = {
        seen: [{"request_id": unit.request_id, "at": unit.at} for unit in units if unit.request_id],
        codes: [code_row(ring, change.code) for change in changes if isinstance(change, AddCode)],
        deliveries: [delivery_row(ring, delivery) for unit in units for delivery in unit.deliveries],
    }
    for table, values in rows.items():
        if values:
            await connection.execute(insert(table), values)
    sent = [change for change in changes if isinstance(change, Delivered)]
    if sent:
        await deliver(connection, ring, *sent)
