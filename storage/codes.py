"""Saved codes: by id, by page, by what they say."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import AddCode, DeleteCode, RestyleCode, ReviseCode, SetFavourite, Stale
from storage.encryption import KeyRing
from storage.own import HoldCode
from storage.quick import LONG
from storage.records import Code, CodePage
from storage.tables import codes

SEARCHED = 5_000  # the newest of somebody's codes that a search opens
_SEALED = ("text", "title", "style")


@dataclass(frozen=True, slots=True)
class Codes:
    """Reads codes on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def any(self, code_id: str) -> Code | None:
        """Find a code, whoever's it is."""
        row = (await self.connection.execute(select(codes).where(codes.c.id == code_id))).first()
        return None if row is None else _open(self.ring, row)

    async def ids(self, after: str, *, limit: int) -> tuple[str, ...]:
        """List everybody's codes by their ids. ``after``: where the page before ended, or nothing."""
        found = select(codes.c.id).where(codes.c.id > after).order_by(codes.c.id).limit(limit)
        return tuple(await self.connection.scalars(found))

    async def count(self) -> int:
        """Count everybody's."""
        every = select(func.count()).select_from(codes).execution_options(**LONG)
        return (await self.connection.execute(every)).scalar() or 0

    async def page(
        self, person_id: str, *, offset: int = 0, limit: int = 10, favourites: bool = False
    ) -> CodePage:
        """List somebody's codes, newest first."""
        mine = _theirs(person_id, favourites)
        total = await self.connection.scalar(select(func.count()).select_from(codes).where(mine))
        rows = await self.connection.execute(
            select(codes)
            .where(mine)
            .order_by(codes.c.created_at.desc(), codes.c.id.desc())
            .offset(offset)
            .limit(limit)
        )
        return CodePage(tuple(_open(self.ring, row) for row in rows), total or 0)

    async def search(
        self, person_id: str, words: str, *, offset: int = 0, limit: int = 10, favourites: bool = False
    ) -> CodePage:
        """Find somebody's codes by words in their content or title, whatever their case and accents."""
        rows = (
            await self.connection.execute(
                select(codes)
                .execution_options(**LONG)
                .where(_theirs(person_id, favourites))
                .order_by(codes.c.created_at.desc(), codes.c.id.desc())
                .limit(SEARCHED)
            )
        ).all()
        found = await asyncio.to_thread(_matching, self.ring, rows, _fold(words).split()) if rows else []
        return CodePage(tuple(found[offset : offset + limit]), len(found))

    async def below(
        self,
        person_id: str,
        after: tuple[datetime, str] | None = None,
        *,
        limit: int,
        words: str = "",
        kind: str = "",
        favourite: bool | None = None,
    ) -> tuple[Code, ...]:
        """List somebody's codes, newest first, from where a page ended: when its last was made, and its id.

        ``favourite``: only these, or only the others. Of words the newest codes are searched, as ``search``
        does.
        """
        chosen = [codes.c.person_id == person_id]
        if after is not None:
            chosen.append(tuple_(codes.c.created_at, codes.c.id) < after)
        if kind:
            chosen.append(codes.c.kind == kind)
        if favourite is not None:
            chosen.append(codes.c.favourite.is_(favourite))
        newest = select(codes).where(*chosen).order_by(codes.c.created_at.desc(), codes.c.id.desc())
        looked = _fold(words).split()
        if not looked:
            rows = await self.connection.execute(newest.limit(limit))
            return tuple(_open(self.ring, row) for row in rows)
        found = (await self.connection.execute(newest.limit(SEARCHED).execution_options(**LONG))).all()
        return tuple((await asyncio.to_thread(_matching, self.ring, found, looked))[:limit])


def _theirs(person_id: str, favourites: bool) -> ColumnElement[bool]:
    mine = codes.c.person_id == person_id
    return mine & codes.c.favourite if favourites else mine


def _matching(ring: KeyRing, rows: Any, words: list[str]) -> list[Code]:
    opened = (_open(ring, row) for row in rows)
    return [code for code in opened if all(word in _fold(f"{code.title}\n{code.text}") for word in words)]


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _open(ring: KeyRing, row: Row[Any]) -> Code:
    values = dict(row._mapping)
    return Code(**values | {name: ring.open("codes", name, row.id, values[name]) for name in _SEALED})


def code_row(ring: KeyRing, code: Code) -> dict[str, Any]:
    """Make the row that keeps a code."""
    values = {name: getattr(code, name) for name in Code.__slots__}
    return values | {name: ring.seal("codes", name, code.id, values[name]) for name in _SEALED}


async def add_code(connection: AsyncConnection, ring: KeyRing, change: AddCode) -> None:
    """Save a code."""
    await connection.execute(insert(codes), code_row(ring, change.code))


async def revise_code(connection: AsyncConnection, ring: KeyRing, change: ReviseCode) -> None:
    """Change what a code says; stale when it is not theirs."""
    code = change.code
    values: dict[str, object] = {
        name: ring.seal("codes", name, code.id, getattr(code, name)) for name in _SEALED
    }
    await _owned(connection, code.id, code.person_id, values | {"kind": code.kind, "format": code.format})


async def restyle_code(connection: AsyncConnection, ring: KeyRing, change: RestyleCode) -> None:
    """Change a code's look; stale when it is not theirs."""
    style = ring.seal("codes", "style", change.id, change.style)
    await _owned(connection, change.id, change.person_id, {"style": style, "format": change.format})


async def set_favourite(connection: AsyncConnection, ring: KeyRing, change: SetFavourite) -> None:
    """Mark or unmark a code; stale when it is not theirs."""
    await _owned(connection, change.id, change.person_id, {"favourite": change.favourite})


async def _owned(
    connection: AsyncConnection, code_id: str, person_id: str, values: dict[str, object]
) -> None:
    done = await connection.execute(
        update(codes).where(codes.c.id == code_id, codes.c.person_id == person_id).values(values)
    )
    if done.rowcount == 0:
        raise Stale("not this person's code")


async def hold_code(connection: AsyncConnection, ring: KeyRing, change: HoldCode) -> None:
    """Look whether a code still is what was read."""
    found = select(codes).where(codes.c.id == change.code.id).with_for_update()
    row = (await connection.execute(found)).first()
    if row is None or _open(ring, row) != change.code:
        raise Stale("the code was changed meanwhile")


async def delete_code(connection: AsyncConnection, ring: KeyRing, change: DeleteCode) -> None:
    """Delete a code; stale when it is not theirs."""
    done = await connection.execute(
        delete(codes).where(codes.c.id == change.id, codes.c.person_id == change.person_id)
    )
    if done.rowcount == 0:
        raise Stale("not this person's code")


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    AddCode: add_code,
    ReviseCode: revise_code,
    RestyleCode: restyle_code,
    SetFavourite: set_favourite,
    DeleteCode: delete_code,
    HoldCode: hold_code,
}
