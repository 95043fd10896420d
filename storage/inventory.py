"""What operators look over: whose keys sealed what is kept, and which places are special."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KEY_ID
from storage.operations import Place
from storage.quick import LONG
from storage.tables import closures, kits, metadata


@dataclass(frozen=True, slots=True)
class Inventory:
    """Reads it on one connection."""

    connection: AsyncConnection

    async def sealed(self) -> Counter[str]:
        """Count the sealed values by the id of their key, in hexadecimal digits; it reads every table."""
        found: Counter[str] = Counter()
        for table in metadata.sorted_tables:
            for column in table.c:
                if not isinstance(column.type, LargeBinary):
                    continue
                key = func.substr(column, 1, KEY_ID)
                counted = select(key, func.count()).where(func.length(column) > 0).group_by(key)
                for id, count in await self.connection.execute(counted.execution_options(**LONG)):
                    found[bytes(id).hex()] += count
        return found

    async def places(self, after: str, *, limit: int) -> tuple[Place, ...]:
        """List the spaces that have a kit, or take nothing, by their keys. ``after``: where a page ended."""
        set_, shut = kits.c.name.is_(None), closures.c.space
        named = select(kits.c.space).where(set_).union(select(shut)).subquery()
        found = (
            select(named.c.space, kits.c.set_at, kits.c.set_by, closures.c.at, closures.c.why)
            .outerjoin(kits, (kits.c.space == named.c.space) & set_)
            .outerjoin(closures, shut == named.c.space)
            .where(named.c.space > after)
            .order_by(named.c.space)
            .limit(limit)
        )
        return tuple(Place(*row) for row in await self.connection.execute(found))
