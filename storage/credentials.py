"""What accounts hold besides sessions: API keys, invitations, codes for forgotten passwords; guesses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.account import (
    AddApiKey,
    AddInvite,
    AddReset,
    CountTry,
    DropApiKey,
    TryReset,
    UseApiKey,
    UseReset,
)
from storage.account_tables import api_keys, invites, resets, tries, users
from storage.changes import Stale
from storage.encryption import KeyRing
from storage.inserting import insert_on

TRIES = 5  # that a code for a forgotten password has


async def add_api_key(connection: AsyncConnection, ring: KeyRing, change: AddApiKey) -> None:
    """Keep a key by the HMAC of its secret."""
    key = change.key
    owner = select(users.c.id).where(users.c.id == key.user_id).with_for_update()
    if await connection.scalar(owner) is None:
        raise Stale("the account is gone")
    held = select(func.count()).select_from(api_keys).where(api_keys.c.user_id == key.user_id)
    if (await connection.scalar(held) or 0) >= change.most:
        raise Stale("the account has as many keys as it may")
    await connection.execute(
        insert(api_keys).values(
            id=key.id,
            user_id=key.user_id,
            fingerprint=ring.fingerprint("api key", change.secret),
            start=key.start,
            name=ring.seal("api_keys", "name", key.id, key.name),
            scopes=" ".join(key.scopes),
            created_at=key.created_at,
            expires_at=key.expires_at,
            used_at=key.used_at,
        )
    )


async def use_api_key(connection: AsyncConnection, ring: KeyRing, change: UseApiKey) -> None:
    """Note that a key is in use."""
    await connection.execute(update(api_keys).where(api_keys.c.id == change.id).values(used_at=change.at))


async def drop_api_key(connection: AsyncConnection, ring: KeyRing, change: DropApiKey) -> None:
    """Revoke a key."""
    theirs = (api_keys.c.id == change.id) & (api_keys.c.user_id == change.user_id)
    if (await connection.execute(delete(api_keys).where(theirs))).rowcount != 1:
        raise Stale("not this account's key")


async def add_invite(connection: AsyncConnection, ring: KeyRing, change: AddInvite) -> None:
    """Keep an invitation by the HMAC of its code."""
    invite = change.invite
    await connection.execute(
        insert(invites).values(
            fingerprint=ring.fingerprint("invite", invite.code),
            role=invite.role,
            made_by=invite.made_by,
            expires_at=invite.expires_at,
        )
    )


async def add_reset(connection: AsyncConnection, ring: KeyRing, change: AddReset) -> None:
    """Keep a code for a password that was forgotten, in place of an earlier one."""
    kept = {
        "fingerprint": ring.fingerprint("reset", change.code),
        "tries": 0,
        "expires_at": change.expires_at,
    }
    added = insert_on(connection, resets).values(user_id=change.user_id, **kept)
    await connection.execute(added.on_conflict_do_update(index_elements=["user_id"], set_=kept))


async def try_reset(connection: AsyncConnection, ring: KeyRing, change: TryReset) -> None:
    """Take a try before anybody looks whether the code is right: of twenty at once five are looked at."""
    left = (resets.c.user_id == change.user_id) & (resets.c.expires_at > change.at) & (resets.c.tries < TRIES)
    taken = update(resets).where(left).values(tries=resets.c.tries + 1)
    if (await connection.execute(taken)).rowcount != 1:
        raise Stale("no code is left to try")


async def use_reset(connection: AsyncConnection, ring: KeyRing, change: UseReset) -> None:
    """Use a code up."""
    used = delete(resets).where(
        resets.c.user_id == change.user_id,
        resets.c.expires_at > change.at,
        resets.c.fingerprint.in_(ring.fingerprints("reset", change.code)),
    )
    if (await connection.execute(used)).rowcount != 1:
        raise Stale("the code was used meanwhile")


async def count_try(connection: AsyncConnection, ring: KeyRing, change: CountTry) -> None:
    """Count a wrong guess; a count whose time is over begins anew."""
    name = ring.fingerprint("tries", change.name)
    first = insert_on(connection, tries).values(name=name, count=1, until=change.until)
    goes_on = tries.c.until > change.at
    more = {
        "count": case((goes_on, tries.c.count + 1), else_=1),
        "until": case((goes_on, tries.c.until), else_=change.until),
    }
    few = (tries.c.until <= change.at) | (tries.c.count < change.most)
    counted = first.on_conflict_do_update(index_elements=["name"], set_=more, where=few)
    if (await connection.execute(counted)).rowcount != 1:
        raise Stale("guessed too often meanwhile")


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddApiKey: add_api_key,
    UseApiKey: use_api_key,
    DropApiKey: drop_api_key,
    AddInvite: add_invite,
    AddReset: add_reset,
    TryReset: try_reset,
    UseReset: use_reset,
    CountTry: count_try,
}
