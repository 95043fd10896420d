"""People, their accounts and preferences; the kits of spaces."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.account import ACCOUNT
from storage.account_tables import answers, api_keys, invites, jobs, resets, sessions, users
from storage.admissions import forget_invited
from storage.boards import empty
from storage.changes import AddPerson, ClearKit, ForgetPerson, SetKit, SetPreferences, Stale
from storage.conversation import opened_draft
from storage.encryption import KeyRing
from storage.prepared import prepared
from storage.records import Draft, Identity, Kit, Person, Preferences
from storage.tables import (
    assets,
    closures,
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

_WHOLE = (
    select(people, identities)
    .join_from(people, identities, identities.c.person_id == people.c.id, isouter=True)
    .order_by(identities.c.platform)
)
_BY_ID = _WHOLE.where(people.c.id == bindparam("id_"))
_BY_ACCOUNT = _WHOLE.where(
    people.c.id
    == select(identities.c.person_id)
    .where(
        identities.c.platform == bindparam("platform_"),
        identities.c.external_id == bindparam("external_id_"),
    )
    .scalar_subquery()
)

_FORM = (
    (drafts.c.person_id == people.c.id)
    & (drafts.c.space == bindparam("space_"))
    & (drafts.c.expires_at > bindparam("now_"))
)
_ASKING = prepared(
    _BY_ACCOUNT.outerjoin(drafts, _FORM).add_columns(
        *(column.label(f"draft_{column.name}") for column in drafts.c)
    )
)

_KIT = prepared(select(kits).where(kits.c.space == bindparam("space_")))


@dataclass(frozen=True, slots=True)
class People:
    """Reads persons on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def by_account(self, platform: str, external_id: str) -> Person | None:
        """Find who an account belongs to."""
        named = {"platform_": platform, "external_id_": external_id}
        return self._person((await self.connection.execute(_BY_ACCOUNT, named)).all())

    async def asking(
        self, platform: str, external_id: str, space: str, now: datetime
    ) -> tuple[Person | None, Draft | None]:
        """Find who an account belongs to, and the form they are filling in a space, in one read."""
        named = {"platform_": platform, "external_id_": external_id, "space_": space, "now_": now}
        rows = (await self.connection.execute(_ASKING, named)).all()
        draft = opened_draft(self.ring, rows[0], "draft_") if rows else None
        return self._person(rows), draft

    async def by_id(self, person_id: str) -> Person | None:
        """Find a person with all their accounts."""
        return self._person((await self.connection.execute(_BY_ID, {"id_": person_id})).all())

    async def by_ids(self, ids: Sequence[str]) -> tuple[Person, ...]:
        """Find several, by their ids in order."""
        found = _WHOLE.where(people.c.id.in_(ids)).order_by(None).order_by(people.c.id, identities.c.platform)
        rows = (await self.connection.execute(found)).all()
        whole = (self._person(tuple(group)) for _, group in groupby(rows, key=lambda row: row.id))
        return tuple(filter(None, whole))

    def _person(self, rows: Sequence[Row[Any]]) -> Person | None:
        if not rows:
            return None
        row = rows[0]
        held = tuple(self._identity(each) for each in rows if each.platform is not None)
        return Person(row.id, row.created_at, _preferences(self.ring, row.id, row.preferences), held)

    def _identity(self, row: Row[Any]) -> Identity:
        name = self.ring.open("identities", "name", f"{row.platform}:{row.external_id}", row.name)
        return Identity(row.platform, row.external_id, row.person_id, name)

    async def kit(self, space: str) -> Kit | None:
        """Find a space's kit."""
        row = (await self.connection.execute(_KIT, {"space_": space})).first()
        if row is None:
            return None
        return Kit(
            space, self.ring.open("kits", "style", space, row.style), row.format, row.set_by, row.set_at
        )


def _preferences(ring: KeyRing, person_id: str, sealed: bytes) -> Preferences:
    return Preferences(**json.loads(ring.open("people", "preferences", person_id, sealed)))


def _seal_preferences(ring: KeyRing, person_id: str, preferences: Preferences) -> bytes:
    return ring.seal("people", "preferences", person_id, json.dumps(asdict(preferences)))


def person_row(ring: KeyRing, person: Person) -> dict[str, Any]:
    """Make the row that keeps a person."""
    preferences = _seal_preferences(ring, person.id, person.preferences)
    return {"id": person.id, "created_at": person.created_at, "preferences": preferences}


def account_rows(ring: KeyRing, person: Person) -> list[dict[str, Any]]:
    """Make the rows that keep a person's accounts."""
    return [
        asdict(each)
        | {"name": ring.seal("identities", "name", f"{each.platform}:{each.external_id}", each.name)}
        for each in person.identities
    ]


async def add_person(connection: AsyncConnection, ring: KeyRing, change: AddPerson) -> None:
    """Add a person with their first account; stale when the account was added meanwhile."""
    await connection.execute(insert(people), person_row(ring, change.person))
    for row in account_rows(ring, change.person):
        try:
            await connection.execute(insert(identities), row)
        except IntegrityError:
            raise Stale("account added meanwhile") from None


async def set_preferences(connection: AsyncConnection, ring: KeyRing, change: SetPreferences) -> None:
    """Replace preferences; stale when they are no longer what they were."""
    sealed = await connection.scalar(
        select(people.c.preferences).where(people.c.id == change.person_id).with_for_update()
    )
    if sealed is None or _preferences(ring, change.person_id, sealed) != change.before:
        raise Stale("preferences changed meanwhile")
    after = _seal_preferences(ring, change.person_id, change.after)
    await connection.execute(update(people).where(people.c.id == change.person_id).values(preferences=after))


async def set_kit(connection: AsyncConnection, ring: KeyRing, change: SetKit) -> None:
    """Give a space its kit."""
    await connection.execute(delete(kits).where(kits.c.space == change.kit.space))
    style = ring.seal("kits", "style", change.kit.space, change.kit.style)
    await connection.execute(insert(kits).values(asdict(change.kit) | {"style": style}))


async def clear_kit(connection: AsyncConnection, ring: KeyRing, change: ClearKit) -> None:
    """Take a space's kit away, and its pictures."""
    await connection.execute(delete(kits).where(kits.c.space == change.space))
    await connection.execute(delete(assets).where(assets.c.owner == change.space))


async def forget_person(connection: AsyncConnection, ring: KeyRing, change: ForgetPerson) -> None:
    """Delete all that is a person's; a space keeps its kit, without their name."""
    await empty(connection, ring, change.person_id)
    await forget_people(connection, (change.person_id,))


async def forget_people(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Delete all that is these persons', their accounts too."""
    await _forget_accounts(connection, ids)
    await connection.execute(delete(kits).where(kits.c.set_by.in_(ids), kits.c.name.is_not(None)))
    await connection.execute(update(kits).where(kits.c.set_by.in_(ids)).values(set_by=""))
    private = select(identities.c.platform + ":" + identities.c.external_id)
    theirs = closures.c.space.in_(private.where(identities.c.person_id.in_(ids)))
    await connection.execute(delete(closures).where(theirs))
    await forget_invited(connection, private.where(identities.c.person_id.in_(ids)))
    mine = (codes, drafts, readings, previews, deliveries, requests, shown, pairings, joins, identities)
    for table in mine:
        await connection.execute(delete(table).where(table.c.person_id.in_(ids)))
    await connection.execute(delete(assets).where(assets.c.owner.in_(ids)))
    await connection.execute(delete(people).where(people.c.id.in_(ids)))


async def _forget_accounts(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Delete the accounts of these persons, with what was handed out and what was answered."""
    theirs = (identities.c.platform == ACCOUNT) & identities.c.person_id.in_(ids)
    held = list(await connection.scalars(select(identities.c.external_id).where(theirs)))
    if not held:
        return
    for table, whose in (
        (sessions, sessions.c.user_id),
        (api_keys, api_keys.c.user_id),
        (resets, resets.c.user_id),
        (invites, invites.c.made_by),
        (answers, answers.c.asker),
        (jobs, jobs.c.asker),
        (users, users.c.id),
    ):
        await connection.execute(delete(table).where(whose.in_(held)))


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddPerson: add_person,
    SetPreferences: set_preferences,
    SetKit: set_kit,
    ClearKit: clear_kit,
    ForgetPerson: forget_person,
}
