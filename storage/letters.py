"""What waits to be sent or run, and dead letters, as operators see them: without what they hold."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, delete, literal, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import Stale
from storage.deliveries import counts
from storage.encryption import KeyRing
from storage.operations import DropLetter, Letter, ReplayLetter
from storage.records import State
from storage.tables import deliveries, requests

DELIVERY = "delivery"
_SHOWN = ("id", "lane", "created_at", "due_at", "attempts", "state", "error")
_LETTERS = union_all(
    select(literal(DELIVERY).label("kind"), *(deliveries.c[name] for name in _SHOWN)),
    select(requests.c.why.label("kind"), *(requests.c[name] for name in _SHOWN)),
).subquery()


@dataclass(frozen=True, slots=True)
class Letters:
    """Reads them on one connection."""

    connection: AsyncConnection

    async def page(
        self, state: State, words: tuple[str, ...], offset: int, *, limit: int
    ) -> tuple[Letter, ...]:
        """List those in a state whose lane or error holds all of these words, the oldest first."""
        found = select(_LETTERS).where(_LETTERS.c.state == state)
        for word in words:
            held = _LETTERS.c.lane.icontains(word, autoescape=True)
            found = found.where(held | _LETTERS.c.error.icontains(word, autoescape=True))
        ordered = found.order_by(_LETTERS.c.created_at, _LETTERS.c.id).offset(offset).limit(limit)
        return tuple(map(_letter, await self.connection.execute(ordered)))

    async def get(self, id: str) -> Letter | None:
        """Find one."""
        row = (await self.connection.execute(select(_LETTERS).where(_LETTERS.c.id == id))).first()
        return None if row is None else _letter(row)

    async def counts(self) -> tuple[dict[State, int], dict[State, int]]:
        """Count deliveries, and requests that wait, by state."""
        return await counts(self.connection, deliveries), await counts(self.connection, requests)


def _letter(row: Row[Any]) -> Letter:
    return Letter(**row._mapping)


def _table(kind: str) -> Table:
    return deliveries if kind == DELIVERY else requests


async def replay_letter(connection: AsyncConnection, ring: KeyRing, change: ReplayLetter) -> None:
    """Let a dead letter wait for its turn as if it were new; stale when it is none."""
    table = _table(change.letter.kind)
    mine = (table.c.id == change.letter.id) & (table.c.state == State.DEAD)
    anew = update(table).where(mine).values(
        state=State.PENDING, created_at=change.at, due_at=change.at, finished_at=None, attempts=0
    )  # fmt: skip
    if (await connection.execute(anew)).rowcount == 0:
        raise Stale("no dead letter any more")


async def drop_letter(connection: AsyncConnection, ring: KeyRing, change: DropLetter) -> None:
    """Delete what waits, or a dead letter; stale when it was sent meanwhile."""
    table = _table(change.letter.kind)
    mine = (table.c.id == change.letter.id) & (table.c.state != State.DONE)
    if (await connection.execute(delete(table).where(mine))).rowcount == 0:
        raise Stale("sent meanwhile")


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    ReplayLetter: replay_letter,
    DropLetter: drop_letter,
}
