"""Pairing codes, and two persons becoming one and two again."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.boards import stale_where
from storage.changes import AddPairing, AddPerson, JoinPersons, Stale, UndoJoin
from storage.encryption import KeyRing
from storage.people import People, add_person
from storage.records import Identity, Join, Pairing, Person, Preferences
from storage.tables import (
    assets,
    codes,
    deliveries,
    drafts,
    identities,
    joins,
    kits,
    pairings,
    people,
    previews,
    readings,
    requests,
    shown,
)

_MANY = 500  # ids in one statement

_MOVED: tuple[tuple[str, Table, Column[Any], Column[Any]], ...] = (
    ("codes", codes, codes.c.id, codes.c.person_id),
    ("assets", assets, assets.c.id, assets.c.owner),
    ("kits", kits, kits.c.space, kits.c.set_by),
    ("joins", joins, joins.c.id, joins.c.person_id),
)


@dataclass(frozen=True, slots=True)
class Pairings:
    """Reads pairing codes and joinings on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def find(self, code: str, now: datetime) -> Pairing | None:
        """Find a code that still holds."""
        row = (
            await self.connection.execute(
                select(pairings).where(_known_as(self.ring, code), pairings.c.expires_at > now)
            )
        ).first()
        return None if row is None else Pairing(code, row.person_id, row.expires_at)

    async def joins(self, person_id: str) -> tuple[Join, ...]:
        """List who joined a person, the latest first."""
        rows = await self.connection.execute(
            select(joins).where(joins.c.person_id == person_id).order_by(joins.c.at.desc())
        )
        return tuple(Join(row.id, person_id, row.at, _joined(self.ring, row).identities) for row in rows)


def _known_as(ring: KeyRing, code: str) -> ColumnElement[bool]:
    return pairings.c.fingerprint.in_(ring.fingerprints("pairing", code))


def _read(ring: KeyRing, row: Any) -> dict[str, Any]:
    moved: dict[str, Any] = json.loads(ring.open("joins", "moved", row.id, row.moved))
    return moved


def _joined(ring: KeyRing, row: Any) -> Person:
    """Write down again who joined, as they were."""
    was = _read(ring, row)["person"]
    accounts = tuple(Identity(**account) for account in was["identities"])
    created = datetime.fromisoformat(was["created_at"])
    return Person(was["id"], created, Preferences(**was["preferences"]), accounts)


async def add_pairing(connection: AsyncConnection, ring: KeyRing, change: AddPairing) -> None:
    """Keep a pairing code by its fingerprint."""
    pairing = change.pairing
    await connection.execute(delete(pairings).where(pairings.c.person_id == pairing.person_id))
    await connection.execute(
        insert(pairings).values(
            person_id=pairing.person_id,
            fingerprint=ring.fingerprint("pairing", pairing.code),
            expires_at=pairing.expires_at,
        )
    )


async def join_persons(connection: AsyncConnection, ring: KeyRing, change: JoinPersons) -> None:
    """Use a code up, move what the joining person has, and write down what moved."""
    used = await connection.execute(
        delete(pairings).where(
            _known_as(ring, change.code),
            pairings.c.expires_at > change.at,
            pairings.c.person_id.in_((change.stays, change.joins)),
        )
    )
    reader = People(connection, ring)
    joining, staying = await reader.by_id(change.joins), await reader.by_id(change.stays)
    if used.rowcount != 1 or joining is None or staying is None:
        raise Stale("the pairing code is used, or somebody is gone")
    moved = {
        name: list(await connection.scalars(select(key).where(owner == joining.id)))
        for name, _, key, owner in _MOVED
    }
    body = json.dumps({"person": asdict(joining), **moved}, default=str)
    sealed = ring.seal("joins", "moved", change.id, body)
    for _, table, _, owner in _MOVED:
        await connection.execute(update(table).where(owner == joining.id).values({owner: staying.id}))
    for table in (identities, readings, previews, deliveries, requests, shown):
        mine = table.c.person_id == joining.id
        await connection.execute(update(table).where(mine).values(person_id=staying.id))
    for table in (drafts, pairings):
        await connection.execute(delete(table).where(table.c.person_id == joining.id))
    await connection.execute(delete(people).where(people.c.id == joining.id))
    await connection.execute(
        insert(joins).values(id=change.id, person_id=staying.id, at=change.at, moved=sealed)
    )


async def undo_join(connection: AsyncConnection, ring: KeyRing, change: UndoJoin) -> None:
    """Make two persons of one again; what was made since stays with the one who stayed."""
    theirs = (joins.c.id == change.id) & (joins.c.person_id == change.person_id)
    row = (await connection.execute(select(joins).where(theirs).with_for_update())).first()
    if row is None:
        raise Stale("undone meanwhile")
    await connection.execute(delete(joins).where(theirs))
    joined, moved = _joined(ring, row), _read(ring, row)
    for account in joined.identities:
        await connection.execute(
            delete(identities).where(
                identities.c.platform == account.platform,
                identities.c.external_id == account.external_id,
                identities.c.person_id == change.person_id,
            )
        )
    await add_person(connection, ring, AddPerson(joined))
    for name, table, key, owner in _MOVED:
        for ids in _groups(moved[name]):
            mine = (owner == change.person_id) & key.in_(ids)
            await connection.execute(update(table).where(mine).values({owner: joined.id}))
    for ids in _groups(moved["codes"]):
        theirs = (shown.c.person_id == change.person_id) & shown.c.code_id.in_(ids)
        await connection.execute(update(shown).where(theirs).values(person_id=joined.id))
    await stale_where(connection, select(people.c.id).where(people.c.id == joined.id), row.at)


def _groups(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _MANY] for start in range(0, len(ids), _MANY)]


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddPairing: add_pairing,
    JoinPersons: join_persons,
    UndoJoin: undo_join,
}
