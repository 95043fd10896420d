"""How much was made: codes by day, by kind and by platform, and by how many people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.operations import Tally
from storage.quick import LONG
from storage.tables import codes, people


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts on one connection. Of codes it reads an index that holds all it asks, and no row."""

    connection: AsyncConnection

    async def since(self, since: datetime, platforms: tuple[str, ...]) -> Tally:
        """Count what was made since a moment and is still kept; days are those of UTC."""
        made = codes.c.created_at >= since
        places = {name: codes.c.space.startswith(f"{name}:") for name in platforms}
        place = case(*((where, name) for name, where in places.items()), else_="")
        makers = select(func.count(distinct(codes.c.person_id))).where(made).execution_options(**LONG)
        every = select(func.count()).select_from(people).execution_options(**LONG)
        new = every.where(people.c.created_at >= since)
        return Tally(
            days=await self._by(self._day(), made),
            kinds=await self._by(codes.c.kind, made),
            platforms=await self._by(place, made),
            people=(await self.connection.execute(every)).scalar() or 0,
            makers=(await self.connection.execute(makers)).scalar() or 0,
            new=(await self.connection.execute(new)).scalar() or 0,
        )

    def _day(self) -> ColumnElement[Any]:
        if self.connection.dialect.name == "sqlite":
            return func.date(codes.c.created_at)  # kept as UTC, without a zone
        return func.date(func.timezone("UTC", codes.c.created_at))

    async def _by(self, what: ColumnElement[Any], made: ColumnElement[bool]) -> dict[str, int]:
        counted = select(what, func.count()).where(made).group_by(what).execution_options(**LONG)
        return {str(name): count for name, count in await self.connection.execute(counted)}
