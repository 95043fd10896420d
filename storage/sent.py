"""What was sent: which of our messages shows what somebody's was made into, and pictures by their uploads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import Delivered, NoteShown
from storage.encryption import KeyRing
from storage.inserting import Insert, inserting
from storage.prepared import prepared
from storage.records import Shown
from storage.tables import shown, uploaded

_THAT = (shown.c.space == bindparam("space_")) & (shown.c.said == bindparam("said_"))
_SAID = "said"  # what the fingerprint of a message is for
_FOUND = prepared(select(shown).where(_THAT))
_STANDS = prepared(update(shown).where(_THAT).values(message=bindparam("message_")))
_FILE = prepared(select(uploaded.c.file).where(uploaded.c.key == bindparam("key_")))


@dataclass(frozen=True, slots=True)
class Messages:
    """Finds what messages were made into, on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def find(self, space: str, said: str, text: str = "") -> Shown | None:
        """Find what a message, which now says ``text``, was made into."""
        row = (await self.connection.execute(_FOUND, {"space_": space, "said_": said})).first()
        return None if row is None else self._read(row, text)

    async def of(self, person_id: str) -> tuple[Shown, ...]:
        """List what is kept about somebody's messages."""
        mine = select(shown).where(shown.c.person_id == person_id).order_by(shown.c.at, shown.c.said)
        return tuple(self._read(row, "") for row in await self.connection.execute(mine))

    def _read(self, row: Row[Any], text: str) -> Shown:
        same = row.fingerprint in self.ring.fingerprints(_SAID, _message(row.space, row.said, text))
        return Shown(row.space, row.said, row.person_id, row.code_id, row.message, same)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Finds pictures that a platform has already, on one connection: by a fingerprint, never by content."""

    connection: AsyncConnection
    ring: KeyRing

    async def find(self, key: str) -> str:
        """Give the platform's name of a picture; empty where it has none."""
        file = await self.connection.scalar(_FILE, {"key_": key})
        return "" if file is None else self.ring.open("uploaded", "file", key, file)

    async def known(self, keys: Iterable[str]) -> dict[str, str]:
        """Give the platform's names of those pictures that it has, by their keys."""
        rows = await self.connection.execute(select(uploaded).where(uploaded.c.key.in_(list(keys))))
        return {row.key: self.ring.open("uploaded", "file", row.key, row.file) for row in rows}

    async def forget(self, keys: Iterable[str]) -> None:
        """Forget pictures that the platform does not know any more."""
        await self.connection.execute(delete(uploaded).where(uploaded.c.key.in_(list(keys))))

    async def keep(self, key: str, account: str, file: str, at: datetime) -> None:
        """Remember a picture's name, in place of an earlier one."""
        sealed = self.ring.seal("uploaded", "file", key, file)
        row = {"key": key, "account": account, "file": sealed, "at": at}
        await _put(self.connection, uploaded, row, "key")

    async def forget_others(self, account: str) -> None:
        """Forget what other accounts of a platform uploaded: its names are good for one bot alone."""
        platform, _, _ = account.partition(":")
        others = uploaded.c.account.startswith(f"{platform}:") & (uploaded.c.account != account)
        await self.connection.execute(delete(uploaded).where(others))


def _message(space: str, said: str, text: str) -> str:
    return "\x1f".join((space, said, text))


async def _put(connection: AsyncConnection, table: Table, values: dict[str, object], *key: str) -> None:
    """Insert a whole row, or change the one that is there."""
    await connection.execute(_putting(connection.dialect.name, table, key), values)


@cache
def _putting(dialect: str, table: Table, key: tuple[str, ...]) -> Insert:
    written = inserting(dialect, table)
    changed = {column.name: written.excluded[column.name] for column in table.c if column.name not in key}
    return prepared(written.on_conflict_do_update(index_elements=key, set_=changed))


async def note_sent(connection: AsyncConnection, ring: KeyRing, change: Delivered) -> None:
    """Write down which message of ours shows what was said, and what its picture is known by."""
    if change.message and change.said:
        place = {"space_": change.lane, "said_": change.said, "message_": change.message}
        await connection.execute(_STANDS, place)
    if change.key:
        await Pictures(connection, ring).keep(change.key, change.account, change.file, change.at)


async def note_shown(connection: AsyncConnection, ring: KeyRing, change: NoteShown) -> None:
    """Remember what a message was made into; where it replaces what is shown, that stays where it is."""
    code: dict[str, object] = {"person_id": change.person_id, "code_id": change.code_id}
    said: dict[str, object] = {
        "fingerprint": ring.fingerprint(_SAID, _message(change.space, change.said, change.text)),
        "at": change.at,
    }
    values = said | code if change.code_id else said
    if not change.anew:
        place = {"space_": change.space, "said_": change.said}
        done = await connection.execute(update(shown).where(_THAT).values(values), place)
        if done.rowcount:
            return
    row = said | code | {"space": change.space, "said": change.said, "message": ""}
    await _put(connection, shown, row, "space", "said")


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {NoteShown: note_shown}
