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
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.changes import (
    AddCode,
    AddPerson,
    ClearKit,
    CloseBoards,
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


def _open(which: ColumnElement[bool]) -> Select[Any]:
    return select(*_KEY).where(which, ~boards.c.leaving).order_by(*_KEY).with_for_update()


# Made once: nearly every commit asks, and few find any. In one order, so that no two wait for each other.
_HELD = _open(_theirs(bindparam("persons", expanding=True)))
_HELD_OR_SHOWN = _open(
    _theirs(bindparam("persons", expanding=True)) | boards.c.kit.in_(bindparam("spaces", expanding=True))
)


# --- becoming stale -----------------------------------------------------------------------------------------


async def stale(connection: AsyncConnection, units: Sequence[Unit]) -> frozenset[str]:
    """Make stale what units have changed, as the last step of their transaction; gives the boards' keys."""
    changes = [change for unit in units for change in unit.changes]
    persons = {_WHOSE[type(change)](change) for change in changes if type(change) in _WHOSE}
    spaces = {_KITS[type(change)](change) for change in changes if type(change) in _KITS}
    turned = {
        f"{change.platform}:{change.account}"
        for change in changes
        if isinstance(change, OpenBoard | TurnBoard)
    }
    times = [unit.at for unit in units if unit.at is not None]
    if not (persons or spaces) or not times:
        return frozenset(turned)
    held = await connection.execute(
        _HELD_OR_SHOWN if spaces else _HELD,
        {"persons": list(persons), **({"spaces": list(spaces)} if spaces else {})},
    )
    keys = [(row.platform, row.account) for row in held]
    if keys:
        await _make_stale(connection, tuple_(*_KEY).in_(keys), max(times))
    return frozenset(turned | {f"{platform}:{account}" for platform, account in keys})


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


async def open_board(connection: AsyncConnection, ring: KeyRing, change: OpenBoard) -> None:
    """Note that a board is open; show it anew unless the platform shows what we did a moment ago."""
    row = await _held(connection, ring, change)
    lost = not change.mark or change.mark != row.mark
    known = row.published_at is not None and change.at - row.published_at < CHECKED
    values: dict[str, object] = {"opened_at": change.at, "leaving": False}
    if lost:
        values |= {"mark": change.mark, "fingerprint": ""}
    if lost or not known:
        values |= {"changed": row.changed + 1, "due_at": change.at}
    await _write(connection, change, values)


async def turn_board(connection: AsyncConnection, ring: KeyRing, change: TurnBoard) -> None:
    """Show something else on a board."""
    row = await _held(connection, ring, change)
    shown = ring.seal("boards", "shown", f"{change.platform}:{change.account}", change.shown)
    turned = {"shown": shown, "kit": change.kit, "opened_at": change.at, "leaving": False}
    await _write(connection, change, turned | {"changed": row.changed + 1, "due_at": change.at})


async def close_boards(connection: AsyncConnection, ring: KeyRing, change: CloseBoards) -> None:
    """Forget the boards of a team."""
    theirs = boards.c.account.startswith(f"{change.team}:", autoescape=True)
    await connection.execute(delete(boards).where(boards.c.platform == change.platform, theirs))


async def _held(connection: AsyncConnection, ring: KeyRing, change: OpenBoard | TurnBoard) -> Row[Any]:
    """Make sure of a board's row, and lock it."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    blank = Board(change.platform, change.account, change.at, changed=0)
    row = {name: getattr(blank, name) for name in Board.__slots__}
    row["shown"] = ring.seal("boards", "shown", blank.key, "")
    await connection.execute(insert(boards).values(row).on_conflict_do_nothing())
    mine = _of(change.platform, change.account)
    return (await connection.execute(select(boards).where(mine).with_for_update())).one()


async def _write(
    connection: AsyncConnection, change: OpenBoard | TurnBoard, values: dict[str, object]
) -> None:
    mine = _of(change.platform, change.account)
    await connection.execute(update(boards).where(mine).values(values))


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {
    OpenBoard: open_board,
    TurnBoard: turn_board,
    CloseBoards: close_boards,
}
