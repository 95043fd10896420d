"""Sealing anew, under the ring's first key, what older ones sealed; each row tells whether it was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.account_tables import answers, api_keys, jobs, users
from storage.accounts import email_index
from storage.encryption import KEY_ID, KeyRing, Unsealable
from storage.operating_tables import tasks
from storage.quick import LONG
from storage.tables import (
    assets,
    boards,
    codes,
    deliveries,
    drafts,
    facts,
    identities,
    installations,
    joins,
    kits,
    people,
    previews,
    readings,
    requests,
    uploaded,
)

BATCH = 20  # rows of one transaction: nobody waits for it longer than for a request
# Each table that holds something sealed, and what its rows are called by where that is done.
NAMED: Mapping[Table, tuple[Column[Any], ...]] = {
    **{table: tuple(table.primary_key) for table in (
        answers, api_keys, assets, boards, codes, drafts, facts, identities, installations, jobs, joins, kits,
        people, previews, readings, requests, tasks, uploaded, users,
    )},
    deliveries: (deliveries.c.id,),
}  # fmt: skip


async def stale_rows(
    connection: AsyncConnection, ring: KeyRing, table: Table, after: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """Name the next rows that hold something sealed with an older key."""
    named, old = tuple_(*NAMED[table]), _old(ring, table)
    further = old if not after else old & (named > tuple(after))
    found = (
        select(*NAMED[table]).where(further).order_by(*NAMED[table]).limit(BATCH).execution_options(**LONG)
    )
    return [tuple(row) for row in await connection.execute(found)]


async def reseal(
    connection: AsyncConnection, ring: KeyRing, table: Table, names: Sequence[tuple[Any, ...]]
) -> int:
    """Seal rows anew, but for those that somebody else changes at this moment; answers how many.

    What no key of the ring opens stays as it is.
    """
    which = tuple_(*NAMED[table]).in_(names) & _old(ring, table)
    rows = (await connection.execute(select(table).where(which).with_for_update(skip_locked=True))).all()
    done = 0
    for row in rows:
        name = tuple(row._mapping[column] for column in NAMED[table])
        try:
            values = _anew(ring, table, ":".join(name), row._asdict())
        except Unsealable:
            continue
        await connection.execute(update(table).where(tuple_(*NAMED[table]) == name).values(values))
        done += 1
    return done


def _anew(ring: KeyRing, table: Table, name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in _sealed(table):
        if row[column.name]:
            values[column.name] = ring.open(table.name, column.name, name, row[column.name])
    sealed = {each: ring.seal(table.name, each, name, text) for each, text in values.items()}
    return sealed | ({"email_index": email_index(ring, values["email"])} if table is users else {})


async def stale_count(connection: AsyncConnection, ring: KeyRing) -> int:
    """Count the rows that hold something sealed with another key than the first."""
    counts = [select(func.count()).select_from(table).where(_old(ring, table)) for table in NAMED]
    return sum([await connection.scalar(count.execution_options(**LONG)) or 0 for count in counts])


def _sealed(table: Table) -> tuple[Column[Any], ...]:
    return tuple(column for column in table.c if isinstance(column.type, LargeBinary))


def _old(ring: KeyRing, table: Table) -> ColumnElement[bool]:
    done = (ring.key_id, b"")  # what was blanked is nobody's
    return or_(*(func.substr(each, 1, KEY_ID, type_=LargeBinary).not_in(done) for each in _sealed(table)))
