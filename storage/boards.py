"""Pages of people's own that a platform keeps open: which of them no longer show what there is.

Whatever changes what is somebody's makes the boards of all their accounts stale, in the transaction that
makes the change: at its end and in one order, so that processes that commit at once do not lock each other
out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import (
    AddCode,
    AddPerson,
    ClearKit,
    DeleteCode,
    JoinPersons,
    OpenBoard,
    RestyleCode,
    ReviseCode,
    SetFavourite,
    SetKit,
    SetPreferences,
    TurnBoard,
    UndoJoin,
    Unit,
)
from storage.encryption import KeyRing
from storage.inserting import insert_on
from storage.records import Board
from storage.tables import boards, identities

CHECKED = timedelta(minutes=10)  # for which what was shown is not looked at again when it is opened

_KEY = (boards.c.platform, boards.c.account)
_WHOSE: dict[type, Callable[[Any], str]] = {
    AddPerson: lambda change: change.person.id,
    AddCode: lambda change: change.code.person_id,
    ReviseCode: lambda change: change.code.person_id,
    JoinPersons: lambda change: change.stays,
    **dict.fromkeys(
        (SetPreferences, UndoJoin, RestyleCode, SetFavourite, DeleteCode), lambda change: change.person_id
    ),
}
_KITS: dict[type, Callable[[Any], str]] = {
    SetKit: lambda change: change.kit.space,
    ClearKit: lambda change: change.space,
}


@dataclass(frozen=True, slots=True)
class Boards:
    """Reads boards, and notes what was shown, on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def get(self, platform: str, account: str) -> Board | None:
        """Find an account's board."""
        row = (await self.connection.execute(select(boards).where(_of(platform, account)))).first()
        return None if row is None else self._opened(row)

    async def of(self, person_id: str) -> tuple[Board, ...]:
        """List the boards of all accounts of a person."""
        mine = select(boards).where(_theirs([person_id])).order_by(*_KEY)
        return tuple(map(self._opened, await self.connection.execute(mine)))

    async def due(self, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """Name the boards that are to be shown anew, the longest due before others."""
        stale = select(*_KEY).where(boards.c.due_at <= now).order_by(boards.c.due_at).limit(limit)
        return tuple(f"{row.platform}:{row.account}" for row in await self.connection.execute(stale))

    def _opened(self, row: Row[Any]) -> Board:
        shown = self.ring.open("boards", "shown", f"{row.platform}:{row.account}", row.shown)
        return Board(**dict(row._mapping) | {"shown": shown})

    async def shown(self, board: Board, fingerprint: str, mark: str, at: datetime) -> None:
        """Note what a board shows since ``at``; one of somebody who was forgotten is forgotten now."""
        mine = _of(board.platform, board.account)
        as_it_was = boards.c.changed == board.changed
        await self.connection.execute(delete(boards).where(mine, as_it_was, boards.c.leaving))
        await self.connection.execute(
            update(boards)
            .where(mine)
            .values(
                published=board.changed,
                published_at=at,
                fingerprint=fingerprint,
                mark=mark,
                attempts=0,
                due_at=case((as_it_was, None), else_=boards.c.due_at),
            )
        )

    async def later(self, board: Board, due_at: datetime, *, tried: bool = True) -> None:
        """Let it wait; where it was tried, count that."""
        attempts = boards.c.attempts + int(tried)
        mine = _of(board.platform, board.account)
        await self.connection.execute(update(boards).where(mine).values(due_at=due_at, attempts=attempts))

    async def unmark(self, board: Board) -> None:
        """Forget what the platform calls what it shows: it is none of what we know."""
        mine = _of(board.platform, board.account)
        await self.connection.execute(update(boards).where(mine).values(mark="", fingerprint=""))

    async def drop(self, board: Board) -> None:
        """Forget a board, until it is opened again."""
        await self.connection.execute(delete(boards).where(_of(board.platform, board.account)))


def _of(platform: str, account: str) -> ColumnElement[bool]:
    return and_(boards.c.platform == platform, boards.c.account == account)


def _theirs(person_ids: Sequence[str] | Select[Any] | BindParameter[Any]) -> ColumnElement[bool]:
    """Find the boards of all accounts of some persons."""
    accounts = select(identities.c.platform, identities.c.external_id)
    return tuple_(*_KEY).in_(accounts.where(identities.c.person_id.in_(person_ids)))


WATCHED = select(boards.c.platform).where(_theirs(bindparam("persons", expanding=True)))


def _open(which: ColumnElement[bool]) -> Select[Any]:
    return select(*_KEY).where(which, ~boards.c.leaving).order_by(*_KEY).with_for_update()


# Made once: nearly every commit asks, and few find any. In one order, so that no two wait for each other.
_HELD = _open(_theirs(bindparam("persons", expanding=True)))
_HELD_OR_SHOWN = _open(
    _theirs(bindparam("persons", expanding=True)) | boards.c.kit.in_(bindparam("spaces", expanding=True))
)


# --- becoming stale -----------------------------------------------------------------------------------------


async def settle(connection: AsyncConnection, ring: KeyRing, units: Sequence[Unit]) -> frozenset[str]:
    """Open and turn boards as units say, and make stale what they have changed; gives the boards' keys.

    It is the last step of their transaction, and locks the boards in one order.
    """
    changes = [change for unit in units for change in unit.changes]
    persons = {_WHOSE[type(change)](change) for change in changes if type(change) in _WHOSE}
    spaces = {_KITS[type(change)](change) for change in changes if type(change) in _KITS}
    turned = [change for change in changes if isinstance(change, OpenBoard | TurnBoard)]
    if turned:
        await _locked(connection, ring, turned, persons)
    keys = {(change.platform, change.account) for change in turned}
    times = [unit.at for unit in units if unit.at is not None]
    if (persons or spaces) and times:
        asked = {"persons": list(persons)} | ({"spaces": list(spaces)} if spaces else {})
        held = await connection.execute(_HELD_OR_SHOWN if spaces else _HELD, asked)
        stale = [(row.platform, row.account) for row in held]
        if stale:
            await _make_stale(connection, tuple_(*_KEY).in_(stale), max(times))
        keys.update(stale)
    for change in turned:
        if isinstance(change, OpenBoard):
            await _opened(connection, change)
        else:
            await _turned(connection, ring, change)
    return frozenset(f"{platform}:{account}" for platform, account in keys)


async def _locked(
    connection: AsyncConnection, ring: KeyRing, turned: Sequence[OpenBoard | TurnBoard], persons: set[str]
) -> None:
    """Make sure of boards' rows and lock them, together with those that become stale: all in one order."""
    at = {(change.platform, change.account): change.at for change in turned}
    for key in sorted(at):
        row = {name: getattr(Board(*key, at[key], changed=0), name) for name in Board.__slots__}
        row["shown"] = ring.seal("boards", "shown", ":".join(key), "")
        await connection.execute(insert_on(connection, boards).values(row).on_conflict_do_nothing())
    which = tuple_(*_KEY).in_(sorted(at)) | _theirs(list(persons))
    await connection.execute(select(*_KEY).where(which).order_by(*_KEY).with_for_update())


async def _make_stale(connection: AsyncConnection, which: ColumnElement[bool], at: datetime) -> None:
    """Make boards stale; one that waits after a fault goes on waiting."""
    due = func.coalesce(boards.c.due_at, at)
    await connection.execute(update(boards).where(which).values(changed=boards.c.changed + 1, due_at=due))


async def stale_where(connection: AsyncConnection, persons: Select[Any], at: datetime) -> None:
    """Make the boards of those whom a query finds stale."""
    await _make_stale(connection, _theirs(persons), at)


async def empty(connection: AsyncConnection, ring: KeyRing, person_id: str) -> None:
    """Let the boards of somebody who is forgotten be emptied, and then forgotten; due at once."""
    keys = await connection.execute(select(*_KEY).where(_theirs([person_id])).order_by(*_KEY))
    for platform, account in keys.all():
        await connection.execute(
            update(boards)
            .where(_of(platform, account))
            .values(
                shown=ring.seal("boards", "shown", f"{platform}:{account}", ""),
                kit="",
                changed=boards.c.changed + 1,
                fingerprint="",
                leaving=True,
                due_at=boards.c.opened_at,
            )
        )


# --- changes ------------------------------------------------------------------------------------------------


async def _opened(connection: AsyncConnection, change: OpenBoard) -> None:
    """Note that a board is open; show it anew unless the platform shows what we did a moment ago."""
    mine = _of(change.platform, change.account)
    row = (await connection.execute(select(boards).where(mine))).one()
    lost = not change.mark or change.mark != row.mark
    known = row.published_at is not None and change.at - row.published_at < CHECKED
    values: dict[str, object] = {"opened_at": change.at, "leaving": False}
    if lost:
        values |= {"mark": change.mark, "fingerprint": ""}
    if lost or not known:
        values |= {"changed": row.changed + 1, "due_at": change.at}
    await connection.execute(update(boards).where(mine).values(values))


async def _turned(connection: AsyncConnection, ring: KeyRing, change: TurnBoard) -> None:
    """Show something else on a board."""
    shown = ring.seal("boards", "shown", f"{change.platform}:{change.account}", change.shown)
    await connection.execute(
        update(boards)
        .where(_of(change.platform, change.account))
        .values(
            shown=shown,
            kit=change.kit,
            opened_at=change.at,
            leaving=False,
            changed=boards.c.changed + 1,
            due_at=change.at,
        )
    )


async def settled_later(connection: AsyncConnection, ring: KeyRing, change: OpenBoard | TurnBoard) -> None:
    """Do nothing yet: ``settle`` does it, with all that the transaction does to boards."""


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    OpenBoard: settled_later,
    TurnBoard: settled_later,
}
