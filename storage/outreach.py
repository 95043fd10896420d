"""Whom a message to everybody reaches: who has spoken with the bot where nobody else reads along."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.deliveries import delivery_row
from storage.encryption import KeyRing
from storage.operations import AddLetters, Reached
from storage.quick import LONG
from storage.tables import closures, codes, deliveries, departures, identities, shown

_MANY = 500  # rows in one statement
_KEY = identities.c.platform + ":" + identities.c.external_id


@dataclass(frozen=True, slots=True)
class Outreach:
    """Reads it on one connection."""

    connection: AsyncConnection

    async def reached(self, platforms: tuple[str, ...]) -> tuple[Reached, ...]:
        """List the accounts on these platforms with which somebody spoke in private, person by person.

        Of Slack's direct messages only the id's first letter tells that they are none of its channels.
        """
        spoke = _said(codes.c.space, codes.c.person_id) | _said(shown.c.space, shown.c.person_id)
        shut = exists().where(closures.c.space == _KEY)
        gone = exists().where(identities.c.external_id.startswith(departures.c.team + ":"))
        found: Select[Any] = (
            select(identities.c.person_id, identities.c.platform, _KEY)
            .where(identities.c.platform.in_(platforms), spoke, ~shut, ~gone)
            .order_by(identities.c.person_id, identities.c.platform.desc(), identities.c.external_id)
            .execution_options(**LONG)
        )
        rows = [Reached(*row) for row in await self.connection.execute(found)]
        return tuple(rows)


def _said(space: ColumnElement[str], person: ColumnElement[str]) -> ColumnElement[bool]:
    direct = (identities.c.platform == "slack") & space.like("slack:%:D%")
    return exists().where(person == identities.c.person_id, (space == _KEY) | direct)


async def add_letters(connection: AsyncConnection, ring: KeyRing, change: AddLetters) -> None:
    """Keep many that are to be sent, each in a lane that is open."""
    for rows in _groups(ring, change):
        await connection.execute(insert(deliveries), rows)


def _groups(ring: KeyRing, change: AddLetters) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(change.letters), _MANY):
        yield [delivery_row(ring, each) for each in change.letters[start : start + _MANY]]


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {AddLetters: add_letters}
