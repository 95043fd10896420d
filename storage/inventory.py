"""What operators look over: whose keys sealed what is kept, and which places are special."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, Select, Table, func, select, tuple_, union
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KEY_ID
from storage.operations import Place
from storage.quick import LONG
from storage.tables import closures, kits, metadata

LOOKED = 2_000  # rows of one statement


@dataclass(frozen=True, slots=True)
class Inventory:
    """Reads it on one connection."""

    connection: AsyncConnection

    async def sealed(self) -> Counter[str]:
        """Count the sealed values by the id of their key, in hexadecimal digits.

        It goes over every table that has some by its primary key, so many rows at a time: nobody waits for
        a statement that reads everything, and nothing of it is kept.
        """
        found: Counter[str] = Counter()
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if isinstance(column.type, LargeBinary)]
            after: tuple[Any, ...] = tuple(
                -1 if isinstance(column.type, Integer) else "" for column in table.primary_key
            )
            while columns:
                rows = (await self.connection.execute(_keys(table, columns, after))).all()
                for row in rows:
                    found.update(bytes(id).hex() for id in row[: len(columns)] if id)
                if len(rows) < LOOKED:
                    break
                after = tuple(rows[-1][len(columns) :])
        return found

    async def places(self, after: str, *, limit: int) -> tuple[Place, ...]:
        """List the spaces that have a kit, or take nothing, by their keys. ``after``: where a page ended."""
        set_, shut = kits.c.name.is_(None), closures.c.space
        some = select(kits.c.space).where(set_, kits.c.space > after).order_by(kits.c.space).limit(limit)
        others = select(shut).where(shut > after).order_by(shut).limit(limit)
        named = union(select(some.subquery()), select(others.subquery())).subquery()
        found = (
            select(named.c.space, kits.c.set_at, kits.c.set_by, closures.c.at, closures.c.why)
            .outerjoin(kits, (kits.c.space == named.c.space) & set_)
            .outerjoin(closures, shut == named.c.space)
            .order_by(named.c.space)
            .limit(limit)
        )
        return tuple(Place(*row) for row in await self.connection.execute(found))


def _keys(table: Table, columns: Sequence[Column[Any]], after: tuple[Any, ...]) -> Select[Any]:
    """Read which keys sealed the next rows, and what the rows are called by."""
    named = tuple(table.primary_key)
    ids: list[Any] = [func.substr(column, 1, KEY_ID, type_=LargeBinary) for column in columns]
    found = select(*ids, *named).where(tuple_(*named) > after).order_by(*named).limit(LOOKED)
    return found.execution_options(**LONG)
