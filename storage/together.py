"""A group of units that only add, table by table: a tenth of what they cost one by one.

Most of what is said makes a code and a reply, some of it by somebody new, or is kept to be decided later; and
most of what is sent is marked so. None of these can contradict another. Where one of them fails after all, or
is meant for a space that takes nothing, the group is rolled back and taken unit by unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.boards import WATCHED
from storage.changes import AddCode, AddPerson, Delivered, NoteShown, Unit
from storage.codes import code_row
from storage.conversation import request_row
from storage.deliveries import deliver, delivery_row
from storage.encryption import KeyRing
from storage.people import account_rows, person_row
from storage.prepared import prepared
from storage.sent import note_shown
from storage.tables import closures, codes, deliveries, identities, people, requests, seen

_ADDING = AddCode | AddPerson | NoteShown | Delivered
_SHUT = select(closures.c.space).where(closures.c.space.in_(bindparam("lanes_", expanding=True)))
_AROUND = prepared(select(_SHUT.exists(), WATCHED.exists()))  # asked at the end, as boards are locked there
_INSERT = {
    table: prepared(insert(table)) for table in (seen, people, identities, codes, deliveries, requests)
}


class Apart(Exception):
    """The group has to be taken unit by unit."""


def only_adds(unit: Unit) -> bool:
    """Tell whether a unit adds what is new, or marks what was sent, and nothing else."""
    return all(isinstance(change, _ADDING) for change in unit.changes)


async def add(connection: AsyncConnection, ring: KeyRing, units: Sequence[Unit]) -> bool:
    """Apply such units, and tell whether somebody they are about has a board.

    Raises Apart where one needs more than rows of its own, or has to follow another.
    """
    noted = {
        (each.space, each.said) for unit in units for each in unit.changes if isinstance(each, NoteShown)
    }
    marked = {
        (each.lane, each.said) for unit in units for each in unit.changes if isinstance(each, Delivered)
    }
    if noted & marked:
        raise Apart
    changes = [change for unit in units for change in unit.changes]
    newcomers = [change.person for change in changes if isinstance(change, AddPerson)]
    rows = {
        seen: [{"request_id": unit.request_id, "at": unit.at} for unit in units if unit.request_id],
        people: [person_row(ring, person) for person in newcomers],
        identities: [row for person in newcomers for row in account_rows(ring, person)],
        codes: [code_row(ring, change.code) for change in changes if isinstance(change, AddCode)],
        deliveries: [delivery_row(ring, delivery) for unit in units for delivery in unit.deliveries],
        requests: [request_row(ring, request) for unit in units for request in unit.requests],
    }
    for table, values in rows.items():
        if values:
            await connection.execute(_INSERT[table], values)
    for change in changes:
        if isinstance(change, NoteShown):
            await note_shown(connection, ring, change)
    sent = [change for change in changes if isinstance(change, Delivered)]
    if sent:
        await deliver(connection, ring, *sent)
    lanes = {delivery.lane for unit in units for delivery in unit.deliveries}
    lanes |= {unit.heard for unit in units if unit.requests and unit.heard}
    persons = {code["person_id"] for code in rows[codes]} | {person.id for person in newcomers}
    if not (lanes or persons):
        return False
    named = {"lanes_": sorted(lanes), "persons": sorted(persons)}
    shut, watched = (await connection.execute(_AROUND, named)).one()
    if shut:
        raise Apart
    return bool(watched)
