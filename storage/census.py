"""People as operators look them up: who there is, how much is theirs, when they were last here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.account import ACCOUNT
from storage.account_tables import sessions
from storage.encryption import KeyRing
from storage.operations import Holdings
from storage.people import People
from storage.records import Person, State
from storage.tables import codes, deliveries, identities, people


@dataclass(frozen=True, slots=True)
class Census:
    """Reads people on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def page(self, after: str, *, limit: int) -> tuple[Person, ...]:
        """List people by their ids. ``after``: where the page before ended, or nothing."""
        ids = select(people.c.id).where(people.c.id > after).order_by(people.c.id).limit(limit)
        return await People(self.connection, self.ring).by_ids(list(await self.connection.scalars(ids)))

    async def holdings(self, person_id: str) -> Holdings:
        """Count what is a person's, and find when something was last made for them, or they logged in."""
        pending, dead = (self._deliveries(person_id, state) for state in (State.PENDING, State.DEAD))
        counted = select(
            _count(codes.c.person_id == person_id),
            _count((codes.c.person_id == person_id) & codes.c.favourite),
            pending,
            dead,
        )
        made, marked, waiting, lost = (await self.connection.execute(counted)).one()
        return Holdings(made, marked, waiting, lost, await self._seen(person_id))

    def _deliveries(self, person_id: str, state: State) -> Any:
        return _count((deliveries.c.person_id == person_id) & (deliveries.c.state == state))

    async def _seen(self, person_id: str) -> datetime | None:
        theirs = (identities.c.person_id == person_id) & (identities.c.platform == ACCOUNT)
        users = select(identities.c.external_id).where(theirs)
        moments = union_all(
            select(func.max(codes.c.created_at).label("at")).where(codes.c.person_id == person_id),
            select(func.max(deliveries.c.created_at)).where(deliveries.c.person_id == person_id),
            select(func.max(sessions.c.used_at)).where(sessions.c.user_id.in_(users)),
        ).subquery()
        seen: datetime | None = await self.connection.scalar(select(func.max(moments.c.at)))
        return seen


def _count(which: ColumnElement[bool]) -> Any:
    return select(func.count(literal(1))).where(which).scalar_subquery()
