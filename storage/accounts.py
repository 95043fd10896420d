"""Accounts and their sessions, as they are read and changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.account import (
    ACCOUNT,
    AddSession,
    AddUser,
    ApiKey,
    ChangeUser,
    EndSessions,
    Invite,
    KeepSession,
    Role,
    Session,
    SessionKind,
    TurnSession,
    User,
)
from storage.account_tables import api_keys, invites, resets, sessions, tries, users
from storage.changes import Stale
from storage.encryption import KeyRing
from storage.tables import identities

SESSIONS = 100  # of one account; the next one ends the one that was not used for longest
_USER = [column.label(f"user_{column.name}") for column in users.c]
_SESSION: Select[Any] = select(*_USER, sessions).join(users, users.c.id == sessions.c.user_id)
_KEY: Select[Any] = select(*_USER, api_keys).join(users, users.c.id == api_keys.c.user_id)
_PLAIN: Select[Any] = select(*_USER)
_OPERATING = (users.c.role == Role.OPERATOR) & ~users.c.disabled


@dataclass(frozen=True, slots=True)
class Accounts:
    """Reads accounts on one connection, and what they hold."""

    connection: AsyncConnection
    ring: KeyRing

    async def by_id(self, user_id: str) -> User | None:
        """Find an account."""
        return await self._one(_PLAIN.where(users.c.id == user_id))

    async def by_email(self, email: str) -> User | None:
        """Find an account by its address, in whatever case it is written."""
        indexed = users.c.email_index.in_(self.ring.fingerprints("e-mail", folded(email)))
        return await self._one(_PLAIN.where(indexed))

    async def _one(self, found: Select[Any]) -> User | None:
        row = (await self.connection.execute(found)).first()
        return None if row is None else _user(self.ring, row)

    async def page(self, after: tuple[datetime, str] | None = None, *, limit: int) -> tuple[User, ...]:
        """List accounts, the oldest first. ``after``: when the last of the page before was made, its id."""
        listed = _PLAIN.order_by(users.c.created_at, users.c.id).limit(limit)
        if after is not None:
            listed = listed.where(tuple_(users.c.created_at, users.c.id) > after)
        return tuple(_user(self.ring, row) for row in await self.connection.execute(listed))

    async def count(self) -> int:
        """Count them."""
        return await self.connection.scalar(select(func.count()).select_from(users)) or 0

    async def operators(self) -> int:
        """Count the operators who may log in."""
        return await self.connection.scalar(select(func.count()).select_from(users).where(_OPERATING)) or 0

    # --- what they hold -------------------------------------------------------------------------------------

    async def session(self, session_id: str, secret: str = "") -> tuple[User, Session, bool] | None:
        """Find a session, whose it is, and whether this is the secret of it that holds."""
        row = (await self.connection.execute(_SESSION.where(sessions.c.id == session_id))).first()
        if row is None:
            return None
        holds = bool(secret) and row.fingerprint in self.ring.fingerprints("session", secret)
        return _user(self.ring, row), _session(row), holds

    async def sessions(self, user_id: str) -> tuple[Session, ...]:
        """List an account's sessions, the one used last first."""
        theirs = select(sessions).where(sessions.c.user_id == user_id)
        rows = await self.connection.execute(theirs.order_by(sessions.c.used_at.desc(), sessions.c.id))
        return tuple(map(_session, rows))

    async def key(self, secret: str) -> tuple[User, ApiKey] | None:
        """Find an API key, and whose it is."""
        indexed = api_keys.c.fingerprint.in_(self.ring.fingerprints("api key", secret))
        row = (await self.connection.execute(_KEY.where(indexed))).first()
        return None if row is None else (_user(self.ring, row), _key(self.ring, row))

    async def keys(self, user_id: str) -> tuple[ApiKey, ...]:
        """List an account's API keys, the newest first."""
        theirs = select(api_keys).where(api_keys.c.user_id == user_id)
        rows = await self.connection.execute(theirs.order_by(api_keys.c.created_at.desc(), api_keys.c.id))
        return tuple(_key(self.ring, row) for row in rows)

    async def invite(self, code: str, now: datetime) -> Invite | None:
        """Find an invitation that holds."""
        indexed = invites.c.fingerprint.in_(self.ring.fingerprints("invite", code))
        row = (await self.connection.execute(select(invites).where(indexed))).first()
        if row is None or row.expires_at <= now:
            return None
        return Invite(code, Role(row.role), row.made_by, row.expires_at)

    async def reset_holds(self, user_id: str, code: str, now: datetime) -> bool:
        """Tell whether this is the code for an account's forgotten password."""
        row = (await self.connection.execute(select(resets).where(resets.c.user_id == user_id))).first()
        if row is None or row.expires_at <= now:
            return False
        return row.fingerprint in self.ring.fingerprints("reset", code)

    async def tries(self, name: str, now: datetime) -> int:
        """Tell how often it was guessed wrong, of what is still counted."""
        named = tries.c.name == self.ring.fingerprint("tries", name)
        counted = select(tries.c.count).where(named, tries.c.until > now)
        return await self.connection.scalar(counted) or 0


def folded(email: str) -> str:
    """Write an address as it is compared."""
    return unicodedata.normalize("NFC", email.casefold())


def _user(ring: KeyRing, row: Row[Any]) -> User:
    email, password = (
        ring.open("users", name, row.user_id, getattr(row, f"user_{name}")) for name in ("email", "password")
    )
    return User(
        row.user_id, email, password, row.user_created_at, Role(row.user_role), row.user_version,
        row.user_disabled,
    )  # fmt: skip


def _user_row(ring: KeyRing, user: User) -> dict[str, Any]:
    sealed = {name: ring.seal("users", name, user.id, getattr(user, name)) for name in ("email", "password")}
    return asdict(user) | sealed | {"email_index": email_index(ring, user.email)}


def email_index(ring: KeyRing, email: str) -> str:
    """Give what an account is found by."""
    return ring.fingerprint("e-mail", folded(email))


def _session(row: Row[Any]) -> Session:
    kind = SessionKind(row.kind)
    return Session(row.id, row.user_id, kind, "", row.created_at, row.used_at, row.expires_at)


def _key(ring: KeyRing, row: Row[Any]) -> ApiKey:
    name = ring.open("api_keys", "name", row.id, row.name)
    return ApiKey(
        row.id, row.user_id, row.start, name, tuple(row.scopes.split()), row.created_at, row.expires_at,
        row.used_at,
    )  # fmt: skip


# --- changes ------------------------------------------------------------------------------------------------


async def add_user(connection: AsyncConnection, ring: KeyRing, change: AddUser) -> None:
    """Make an account, and use its invitation up."""
    user = change.user
    if change.invite:
        holds = invites.c.fingerprint.in_(ring.fingerprints("invite", change.invite))
        used = delete(invites).where(holds, invites.c.expires_at > user.created_at)
        if (await connection.execute(used)).rowcount != 1:
            raise Stale("the invitation was used meanwhile")
    await _free(connection, ring, user)
    try:
        await connection.execute(insert(users).values(_user_row(ring, user)))
    except IntegrityError:
        raise Stale("the address has an account") from None


async def _free(connection: AsyncConnection, ring: KeyRing, user: User) -> None:
    """Look whether an address is another one's, also by a key that was in use before; raises Stale."""
    indexed = users.c.email_index.in_(ring.fingerprints("e-mail", folded(user.email)))
    if await connection.scalar(select(users.c.id).where(indexed, users.c.id != user.id)) is not None:
        raise Stale("the address has an account")


async def change_user(connection: AsyncConnection, ring: KeyRing, change: ChangeUser) -> None:
    """Change an account, and end what goes with what it was."""
    before, after = change.before, change.after
    if change.relieved:
        await _relieved(connection, before)
    row = (await connection.execute(_PLAIN.where(users.c.id == before.id).with_for_update())).first()
    if row is None or _user(ring, row) != before:
        raise Stale("the account was changed meanwhile")
    await _free(connection, ring, after)
    try:
        await connection.execute(update(users).where(users.c.id == after.id), _user_row(ring, after))
    except IntegrityError:
        raise Stale("the address has an account") from None
    if after.version != before.version:
        for held in (sessions, resets):
            await connection.execute(delete(held).where(held.c.user_id == after.id))
    if after.role is not Role.OPERATOR or after.disabled:
        await connection.execute(delete(invites).where(invites.c.made_by == after.id))
    if after.email != before.email:
        mine = (identities.c.platform == ACCOUNT) & (identities.c.external_id == after.id)
        name = ring.seal("identities", "name", f"{ACCOUNT}:{after.id}", after.email)
        await connection.execute(update(identities).where(mine).values(name=name))


async def _relieved(connection: AsyncConnection, leaving: User) -> None:
    """See that another operator stays: of two who leave at the same moment the second finds nobody."""
    held = select(users.c.id).where(_OPERATING).order_by(users.c.id).with_for_update()
    if set(await connection.scalars(held)) <= {leaving.id}:
        raise Stale("nobody else is an operator")


async def add_session(connection: AsyncConnection, ring: KeyRing, change: AddSession) -> None:
    """Log in, where the account is still what it was when it was asked who comes."""
    session, current = change.session, (users.c.version == change.version) & ~users.c.disabled
    held = select(users.c.id).where(users.c.id == session.user_id, current).with_for_update()
    if await connection.scalar(held) is None:
        raise Stale("the account was changed meanwhile")
    theirs = sessions.c.user_id == session.user_id
    newest = select(sessions.c.id).where(theirs).order_by(sessions.c.used_at.desc(), sessions.c.id)
    await connection.execute(delete(sessions).where(theirs, sessions.c.id.not_in(newest.limit(SESSIONS - 1))))
    row = {name: getattr(session, name) for name in Session.__slots__ if name != "secret"}
    fingerprint = ring.fingerprint("session", session.secret)
    await connection.execute(insert(sessions).values(row | {"fingerprint": fingerprint}))


async def turn_session(connection: AsyncConnection, ring: KeyRing, change: TurnSession) -> None:
    """Put another secret in the place of the one that was used."""
    holds = sessions.c.fingerprint.in_(ring.fingerprints("session", change.used))
    fingerprint = ring.fingerprint("session", change.secret)
    turned = (
        update(sessions)
        .where(sessions.c.id == change.id, holds)
        .values(fingerprint=fingerprint, used_at=change.at, expires_at=change.expires_at)
    )
    if (await connection.execute(turned)).rowcount != 1:
        raise Stale("the refresh token was used meanwhile")


async def keep_session(connection: AsyncConnection, ring: KeyRing, change: KeepSession) -> None:
    """Let a session last."""
    kept = update(sessions).where(sessions.c.id == change.id)
    await connection.execute(kept.values(used_at=change.at, expires_at=change.expires_at))


async def end_sessions(connection: AsyncConnection, ring: KeyRing, change: EndSessions) -> None:
    """Log out."""
    theirs = sessions.c.user_id == change.user_id
    one = (sessions.c.id == change.id,) if change.id else ()
    await connection.execute(delete(sessions).where(theirs, *one))


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddUser: add_user,
    ChangeUser: change_user,
    AddSession: add_session,
    TurnSession: turn_session,
    KeepSession: keep_session,
    EndSessions: end_sessions,
}
