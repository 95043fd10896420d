"""What waits to be sent or run, and dead letters, as operators see them: without what they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    delete,
    func,
    literal,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import Stale
from storage.encryption import KeyRing
from storage.operations import DropLetter, Letter, ReplayLetter
from storage.quick import LONG
from storage.records import State
from storage.tables import deliveries, requests

DELIVERY = "delivery"
_Part: TypeAlias = tuple[Table, ColumnElement[str], ColumnElement[bool]]
WAITING = (State.PENDING, State.DEAD)  # what operators count; what is done is most of the rows
_SHOWN = ("id", "lane", "created_at", "due_at", "attempts", "state", "error")
_PARTS = (  # each an index in its order: the first of all are among the first of each
    (deliveries, literal(DELIVERY), deliveries.c.bulk.is_(False)),
    (deliveries, literal(DELIVERY), deliveries.c.bulk.is_(True)),
    (requests, requests.c.why, true()),
)


@dataclass(frozen=True, slots=True)
class Letters:
    """Reads them on one connection."""

    connection: AsyncConnection

    async def page(
        self, state: State, words: tuple[str, ...], offset: int, *, limit: int
    ) -> tuple[Letter, ...]:
        """List those in a state whose lane or error holds all of these words, the longest due first."""
        found = union_all(*(_first(part, state, words, offset + limit) for part in _PARTS)).subquery()
        ordered = select(found).order_by(found.c.due_at, found.c.id).offset(offset).limit(limit)
        return tuple(map(_letter, await self.connection.execute(ordered.execution_options(**LONG))))

    async def get(self, id: str) -> Letter | None:
        """Find one."""
        for table, kind in ((deliveries, literal(DELIVERY)), (requests, requests.c.why)):
            found = await self.connection.execute(_shown(table, kind).where(table.c.id == id))
            row = found.first()
            if row is not None:
                return _letter(row)
        return None

    async def counts(self) -> dict[State, int]:
        """Count deliveries, and requests that wait, which are not done."""
        found = Counter[State]()
        for table in (deliveries, requests):
            counted = select(table.c.state, func.count()).where(table.c.state.in_(WAITING))
            rows = await self.connection.execute(counted.group_by(table.c.state).execution_options(**LONG))
            found.update({State(state): count for state, count in rows})
        return found


def _shown(table: Table, kind: ColumnElement[str]) -> Select[Any]:
    return select(kind.label("kind"), *(table.c[name] for name in _SHOWN))


def _first(part: _Part, state: State, words: tuple[str, ...], limit: int) -> Select[Any]:
    """Find the first rows of a part that are in a state and hold all of these words."""
    table, kind, which = part
    found = _shown(table, kind).where(table.c.state == state, which)
    for word in words:
        held = table.c.lane.icontains(word, autoescape=True)
        found = found.where(held | table.c.error.icontains(word, autoescape=True))
    return select(found.order_by(table.c.due_at, table.c.id).limit(limit).subquery())


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
