"""Whom a message to everybody reaches: who has spoken with the bot where nobody else reads along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.deliveries import delivery_row
from storage.encryption import KeyRing
from storage.operations import Reached, Task
from storage.quick import LONG
from storage.records import Delivery, State
from storage.tables import closures, codes, deliveries, departures, identities, people, shown

_KEY = identities.c.platform + ":" + identities.c.external_id


@dataclass(frozen=True, slots=True)
class Outreach:
    """Reads it on one connection."""

    connection: AsyncConnection

    async def people(self, after: str, *, limit: int) -> tuple[str, ...]:
        """List the ids of people in their order. ``after``: where the page before ended, or nothing."""
        next_ones = select(people.c.id).where(people.c.id > after).order_by(people.c.id).limit(limit)
        return tuple(await self.connection.scalars(next_ones))

    async def reached(self, platforms: tuple[str, ...], among: Sequence[str]) -> tuple[Reached, ...]:
        """List the accounts on these platforms with which some people spoke in private, person by person.

        Of Slack's direct messages only the id's first letter tells that they are none of its channels. What
        is on other platforms is left out here, since SQLite would go by the platform, and so over everybody.
        """
        spoke = _said(codes.c.space, codes.c.person_id) | _said(shown.c.space, shown.c.person_id)
        shut = exists().where(closures.c.space == _KEY)
        gone = exists().where(identities.c.external_id.startswith(departures.c.team + ":"))
        found: Select[Any] = (
            select(identities.c.person_id, identities.c.platform, _KEY)
            .where(identities.c.person_id.in_(among), spoke, ~shut, ~gone)
            .order_by(identities.c.person_id, identities.c.platform.desc(), identities.c.external_id)
            .execution_options(**LONG)
        )
        rows = await self.connection.execute(found)
        return tuple([Reached(*row) for row in rows if row.platform in platforms])

    async def laid_out(self, ids: Sequence[str]) -> frozenset[str]:
        """Tell which of these are ids of what was laid out to be sent, or was sent."""
        return frozenset(
            await self.connection.scalars(select(deliveries.c.id).where(deliveries.c.id.in_(ids)))
        )

    async def ready(self, now: datetime) -> int:
        """Count what is for many and could be sent at this moment."""
        due = (
            (deliveries.c.state == State.PENDING) & deliveries.c.bulk.is_(True) & (deliveries.c.due_at <= now)
        )
        return await self.connection.scalar(select(func.count()).select_from(deliveries).where(due)) or 0

    async def came_of(self, task: Task) -> dict[State, int]:
        """Count by their state the messages that a task laid out, of which done ones go after a while."""
        mine = deliveries.c.bulk.is_(True) & (deliveries.c.request_id == task.id)
        counted = select(deliveries.c.state, func.count()).where(
            mine, deliveries.c.state.in_((State.PENDING, State.DEAD))
        )
        rows = await self.connection.execute(counted.group_by(deliveries.c.state).execution_options(**LONG))
        return {State(state): count for state, count in rows}


def _said(space: ColumnElement[str], person: ColumnElement[str]) -> ColumnElement[bool]:
    direct = (identities.c.platform == "slack") & space.like("slack:%:D%")
    return exists().where(person == identities.c.person_id, (space == _KEY) | direct)


async def add_letters(connection: AsyncConnection, ring: KeyRing, letters: Sequence[Delivery]) -> None:
    """Keep some that are to be sent, each in a lane that is open."""
    if letters:
        await connection.execute(insert(deliveries), [delivery_row(ring, each) for each in letters])
