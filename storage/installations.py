"""Where the app is installed: sealed tokens, who renews them, and installations that were only begun."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.departures import depart, stay
from storage.encryption import KeyRing
from storage.inserting import insert_on
from storage.records import Install, Installation, Standing, Uninstall
from storage.tables import installations, installing, memberships

SEALED = ("name", "token", "refresh_token")
BEGUN = 10_000  # installations that may have been begun and not ended, at once
_BEGUN = "slack installation"  # what its fingerprint is for
_INSIDE = ("claimed_by", "claimed_until")  # columns that nobody outside sees


@dataclass(frozen=True, slots=True)
class Installations:
    """Reads and renews installations on one connection, a writing one for all but reading."""

    connection: AsyncConnection
    ring: KeyRing

    async def of(self, team: str) -> Installation | None:
        """Find what holds in a workspace: its own installation, else its organisation's."""
        around = select(memberships.c.enterprise).where(memberships.c.team == team).scalar_subquery()
        found = select(installations).where(or_(installations.c.id == team, installations.c.id == around))
        rows = {row.id: row for row in await self.connection.execute(found)}
        row = rows.get(team) or next(iter(rows.values()), None)
        return None if row is None else self._opened(row)

    async def all(self) -> tuple[Installation, ...]:
        """List them."""
        rows = await self.connection.execute(select(installations).order_by(installations.c.id))
        return tuple(map(self._opened, rows))

    def _opened(self, row: Row[Any]) -> Installation:
        values = {name: value for name, value in row._mapping.items() if name not in _INSIDE}
        opened = {name: self.ring.open("installations", name, row.id, values[name]) for name in SEALED}
        return Installation(**values | opened)

    async def expiring(self, before: datetime, now: datetime) -> tuple[str, ...]:
        """Name installations whose token ends before a moment, and that nobody is renewing."""
        ends, free = installations.c.expires_at <= before, installations.c.claimed_until
        rows = await self.connection.scalars(
            select(installations.c.id).where(ends, or_(free.is_(None), free <= now)).limit(100)
        )
        return tuple(rows)

    async def claim(self, held: Installation, who: str, now: datetime, until: datetime) -> bool:
        """Take the sole right to renew tokens, in one statement; False where another has it, or had it.

        It is a lease and no lock, so that nothing of the database is held while Slack is asked.
        """
        free = installations.c.claimed_until
        same = (installations.c.id == held.id) & (installations.c.version == held.version)
        done = await self.connection.execute(
            update(installations)
            .where(same, or_(free.is_(None), free <= now))
            .values(claimed_by=who, claimed_until=until)
        )
        return done.rowcount == 1

    async def claimed(self, held: Installation, now: datetime) -> bool:
        """Tell whether somebody is renewing the tokens at this moment."""
        until, who = installations.c.claimed_until, installations.c.claimed_by
        same = (installations.c.id == held.id) & (installations.c.version == held.version)
        found = select(installations.c.id).where(same, who != "", until > now)
        return await self.connection.scalar(found) is not None

    async def hold_off(self, held: Installation, who: str, until: datetime) -> None:
        """Let nobody try again before a moment, after a try that failed."""
        mine = (installations.c.id == held.id) & (installations.c.claimed_by == who)
        await self.connection.execute(
            update(installations).where(mine).values(claimed_by="", claimed_until=until)
        )

    async def renew(self, held: Installation, renewed: Installation) -> bool:
        """Keep a new pair of tokens; False where the app was installed anew, or put out, meanwhile."""
        same = (installations.c.id == held.id) & (installations.c.version == held.version)
        done = await self.connection.execute(
            update(installations)
            .where(same)
            .values(
                expires_at=renewed.expires_at,
                version=held.version + 1,
                claimed_by="",
                claimed_until=None,
                **_sealed(self.ring, renewed),
            )
        )
        return done.rowcount == 1

    async def join(self, team: str, enterprise: str) -> bool:
        """Note that a workspace belongs to an organisation; False where the app is not installed in that."""
        around = select(installations.c.id).where(installations.c.id == enterprise)
        if await self.connection.scalar(around.with_for_update(read=True)) is None:
            return False
        added = insert_on(self.connection, memberships).values(team=team, enterprise=enterprise)
        await self.connection.execute(
            added.on_conflict_do_update(index_elements=["team"], set_={"enterprise": enterprise})
        )
        await stay(self.connection, team)
        return True

    # --- begun ----------------------------------------------------------------------------------------------

    async def begin(self, secret: str, now: datetime, until: datetime) -> bool:
        """Note that an installation was begun; False where too many were."""
        await self.connection.execute(delete(installing).where(installing.c.expires_at <= now))
        if (await self.connection.scalar(select(func.count()).select_from(installing)) or 0) >= BEGUN:
            return False
        values = {"fingerprint": self.ring.fingerprint(_BEGUN, secret), "expires_at": until}
        await self.connection.execute(insert(installing).values(values))
        return True

    async def end(self, secret: str, now: datetime) -> bool:
        """Use up one that was begun, in one statement; False where there is none (any more)."""
        mine = installing.c.fingerprint.in_(self.ring.fingerprints(_BEGUN, secret))
        done = await self.connection.execute(delete(installing).where(mine, installing.c.expires_at > now))
        return done.rowcount == 1


async def standing(connection: AsyncConnection) -> tuple[Standing, ...]:
    """Say how it stands wherever the app is installed."""
    columns = (installations.c.id, installations.c.scopes, installations.c.expires_at)
    rows = await connection.execute(select(*columns).order_by(installations.c.id))
    return tuple(Standing(*row) for row in rows)


async def install(connection: AsyncConnection, ring: KeyRing, change: Install) -> None:
    """Keep an installation in place of an earlier one; versions go on, so that what renews that one stops."""
    held = change.installation
    values = asdict(held) | _sealed(ring, held) | {"claimed_by": "", "claimed_until": None}
    anew = values | {"version": installations.c.version + 1}
    added = insert_on(connection, installations).values(values)
    await connection.execute(added.on_conflict_do_update(index_elements=["id"], set_=anew))
    await stay(connection, held.id)


def _sealed(ring: KeyRing, held: Installation) -> dict[str, bytes]:
    return {name: ring.seal("installations", name, held.id, getattr(held, name)) for name in SEALED}


async def uninstall(connection: AsyncConnection, ring: KeyRing, change: Uninstall) -> None:
    """Delete an installation with its tokens; a workspace that is only a member of one leaves that."""
    row = (
        await connection.execute(
            select(installations.c.installed_at, installations.c.bot_user)
            .where(installations.c.id == change.team)
            .with_for_update()
        )
    ).first()
    if row is not None and (row.installed_at > change.told_at or _others(change, row.bot_user)):
        return
    inside = memberships.c.enterprise == change.team
    members = list(await connection.scalars(select(memberships.c.team).where(inside)))
    await connection.execute(delete(installations).where(installations.c.id == change.team))
    await connection.execute(delete(memberships).where(inside | (memberships.c.team == change.team)))
    for team in (change.team, *members):
        await depart(connection, team, change.at)


def _others(change: Uninstall, bot: str) -> bool:
    """Tell whether only tokens of others were revoked."""
    return bool(change.bots) and bot not in change.bots


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    Install: install,
    Uninstall: uninstall,
}
