"""Who may use the bot: accounts, chats and workspaces that were let in, or shut out."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.account import WORD, Admission, Admit
from storage.account_tables import admissions, invites
from storage.changes import Stale
from storage.coordination import Coordination
from storage.encryption import KeyRing
from storage.faults import FAILURES, named
from storage.inserting import insert_on
from storage.quick import LONG
from storage.tables import marks

_CHANGED = "admissions"  # the mark that tells whether there are others than before
_MARK = select(marks.c.value).where(marks.c.name == bindparam("name_"))
_ALL = select(admissions).order_by(admissions.c.name)


@dataclass(frozen=True, slots=True)
class Admissions:
    """Reads them on one connection."""

    connection: AsyncConnection

    async def version(self) -> str:
        """Tell by a text whether something changed; empty where nobody ever was let in or shut out."""
        return str(await self.connection.scalar(_MARK, {"name_": _CHANGED}) or "")

    async def listed(self) -> tuple[Admission, ...]:
        """List them all."""
        rows = await self.connection.execute(_ALL.execution_options(**LONG))
        return tuple(Admission(*row) for row in rows)


def words_off(listed: Iterable[Admission]) -> frozenset[str]:
    """Tell which commands are switched off."""
    words = (each.name for each in listed if each.name.startswith(WORD) and not each.allowed)
    return frozenset(name.removeprefix(WORD) for name in words)


async def switched_off(connection: AsyncConnection) -> frozenset[str]:
    """Read which commands are switched off, for who only looks; raises Unavailable."""
    try:
        return words_off(await Admissions(connection).listed())
    except FAILURES as error:
        raise named(error) from None


async def admit(connection: AsyncConnection, ring: KeyRing, change: Admit) -> None:
    """Keep an admission, and use its invitation up."""
    kept = change.admission
    if change.invite:
        holds = invites.c.fingerprint.in_(ring.fingerprints("invite", change.invite))
        used = delete(invites).where(holds, invites.c.expires_at > kept.at)
        if (await connection.execute(used)).rowcount != 1:
            raise Stale("the invitation was used meanwhile")
    values = asdict(kept)
    added = insert_on(connection, admissions).values(values)
    await connection.execute(added.on_conflict_do_update(index_elements=["name"], set_=values))
    await _changed(connection)


async def forget_invited(connection: AsyncConnection, accounts: Select[Any]) -> None:
    """Forget those of these accounts that came with an invitation; what an operator said stays."""
    invited = (admissions.c.by == "") & admissions.c.allowed & admissions.c.name.in_(accounts)
    if (await connection.execute(delete(admissions).where(invited))).rowcount:
        await _changed(connection)


async def move_admission(connection: AsyncConnection, before: str, after: str) -> None:
    """Let what holds for a chat hold for what it became."""
    row = (await connection.execute(select(admissions).where(admissions.c.name == before))).first()
    if row is not None:
        await connection.execute(delete(admissions).where(admissions.c.name.in_((before, after))))
        await connection.execute(insert(admissions).values({**row._mapping, "name": after}))
        await _changed(connection)


async def _changed(connection: AsyncConnection) -> None:
    await Coordination(connection).set_mark(_CHANGED, secrets.token_hex(8), datetime.now(UTC))


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {Admit: admit}
