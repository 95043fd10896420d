"""One database: reads on their own connections, one writer, and commits in groups.

SQLite keeps the first promise only with ``BEGIN IMMEDIATE`` for every writing transaction (with the
default, 974 of 1,000 concurrent read-modify-writes were lost without an error), WAL, ``synchronous=FULL``
and one writing connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import (  # fmt: skip
    accounts,
    admissions,
    answers,
    assets,
    audit,
    boards,
    codes,
    conversation,
    credentials,
    deliveries,
    kits,
    pairing,
    people,
    previews,
    sent,
    spaces,
    together,
)
from storage.changes import AlreadySeen, OpenSpace, Unit
from storage.coordination import lock_lane
from storage.deliveries import add_delivery
from storage.encryption import KeyRing
from storage.engines import engines
from storage.faults import FAILURES, Fault, Unavailable, fault_of
from storage.grouping import Entry, Waiting
from storage.health import Health, fill
from storage.housekeeping import SEEN
from storage.inserting import insert_on
from storage.key_check import check_opens, kept_check
from storage.quick import File, room_for
from storage.tables import seen
from storage.work import Work

ROOM = 1_000_000  # bytes that should be free on a disk that was full
WRITABLE = "writable"  # the mark that is written to see whether anything can be
FEW = 10  # lanes up to which each may go on; where more are drained each has its turn, as the queue runs 20
_PARTS = (
    accounts, admissions, answers, assets, audit, boards, codes, conversation, credentials, deliveries, kits,
    pairing, people, previews, sent, spaces,
)  # fmt: skip
_APPLY = {kind: apply for part in _PARTS for kind, apply in part.APPLY.items()}


@dataclass(slots=True)
class Store:
    """A database that is open."""

    reader: AsyncEngine | File
    writer: AsyncEngine | File
    ring: KeyRing
    health: Health = field(default_factory=Health)
    transactions: int = 0  # committed in groups so far
    units: int = 0  # … in them
    expected: int = 0  # units that are being made
    stale: set[str] = field(default_factory=set)  # boards that this process made stale, until they are woken
    _lanes: dict[str, bool] = field(default_factory=dict)  # drained by this process; asked for meanwhile
    _told: set[str] = field(default_factory=set)  # lanes whose drains were told of the last commit
    _waiting: Waiting = field(default_factory=Waiting)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        """Open a snapshot to read from; raises Unavailable where the database fails."""
        try:
            async with self.reader.connect() as connection:
                yield Work(connection, self.ring)
        except FAILURES as error:
            raise self.health.failed(error) from None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Work]:
        """Open a transaction that commits at the end of the block, and rolls back on any exception.

        Raises Unavailable where the database fails: then nothing of it is kept.
        """
        try:
            async with self.writer.begin() as connection:
                yield Work(connection, self.ring)
        except FAILURES as error:
            raise self.health.failed(error, writing=True) from None

    @asynccontextmanager
    async def lane(self, name: str) -> AsyncIterator[bool]:
        """Take the sole right to drain a lane; False where another has it, who is told that it was asked for.

        On PostgreSQL it is a row's lock, which the server lets go when the process dies.
        """
        if name in self._lanes:
            self._lanes[name] = True
            yield False
            return
        self._lanes[name] = False
        try:
            if not self.shared:
                yield True  # SQLite: one process, nobody else to ask
                return
            async with self.writer.connect() as connection:
                yield await lock_lane(connection, name)
        except FAILURES as error:
            raise self.health.failed(error) from None
        finally:
            del self._lanes[name]

    @property
    def shared(self) -> bool:
        """Tell whether other processes may be at work on the same data: on a server."""
        return not isinstance(self.writer, File)

    def drains(self, name: str) -> bool:
        """Tell whether who drains a lane was told of what was just committed for it, and needs no wake."""
        return not self.shared and name in self._told

    def asked_for(self, name: str) -> bool:
        """Tell whether a lane may have got more since it was last looked at, by whoever drains it."""
        if self.shared:
            return True  # another process may have asked in vain
        asked, self._lanes[name] = self._lanes[name], False
        return asked

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """Count a unit while it is being made, and until it is committed."""
        self.expected += 1
        try:
            yield
        finally:
            self.expected -= 1

    async def commit(self, unit: Unit, *, patient: bool = False) -> None:
        """Commit a unit together with those that wait at the same moment; all of it or nothing.

        ``patient``: nobody waits for it, so it waits a moment for others, as every transaction has its price.
        Raises AlreadySeen, Stale, or what went wrong: then nothing of this unit is kept. Whoever is cancelled
        meanwhile leaves all of it or nothing behind, and no exception that nobody takes.
        """
        await self._waiting.put(unit, patient=patient)

    async def group_commits(self) -> None:
        """Commit what waits, group after group, until cancelled."""
        while True:
            await self._commit_group(await self._waiting.group())

    async def _commit_group(self, group: list[Entry]) -> None:
        results: list[Exception | None] = []
        try:
            results = await self._committed([unit for unit, _ in group])
        except Exception as lost:
            results = [self.health.failed(lost, writing=True)] * len(group)
        else:
            self.transactions += 1
            self.units += results.count(None)
            self._tell_drains(unit for (unit, _), error in zip(group, results, strict=True) if error is None)
        for (_, done), error in zip(group, results, strict=True):
            if done.cancelled():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

    def _tell_drains(self, units: Iterable[Unit]) -> None:
        """Let who drains a lane here look at it again, as long as nobody waits for a turn meanwhile."""
        lanes = {delivery.lane for unit in units for delivery in unit.deliveries}
        self._told = lanes & self._lanes.keys() if len(self._lanes) <= FEW else set()
        self._lanes.update(dict.fromkeys(self._told, True))

    async def _committed(self, units: list[Unit]) -> list[Exception | None]:
        """Commit units, and tell of each what went wrong; raises where none was committed."""
        if all(map(together.only_adds, units)):
            with suppress(Exception):  # one was seen before, say: a savepoint each tells which
                async with self.writer.begin() as connection:
                    watched = await together.add(connection, self.ring, units)
                    stale = await boards.settle(connection, self.ring, units) if watched else frozenset()
                self.stale |= stale  # now that it is committed
                return [None] * len(units)
        async with self.writer.begin() as connection:
            errors = [await self._savepoint(connection, unit) for unit in units]
            done = [unit for unit, error in zip(units, errors, strict=True) if error is None]
            stale = await boards.settle(connection, self.ring, done)
        self.stale |= stale
        return errors

    async def _savepoint(self, connection: AsyncConnection, unit: Unit) -> Exception | None:
        try:
            async with connection.begin_nested():
                await self._apply(connection, unit)
        except Exception as error:
            if connection.invalidated or fault_of(error) is not None:
                raise  # the others would not be kept either
            return error
        return None

    async def _apply(self, connection: AsyncConnection, unit: Unit) -> None:
        if unit.request_id:
            await _remember(connection, unit)
        for change in unit.changes:
            await _APPLY[type(change)](connection, self.ring, change)
        if unit.heard and unit.requests:  # what they become is sent later, when nobody speaks
            await spaces.open_space(connection, self.ring, OpenSpace(unit.heard))
        for delivery in unit.deliveries:
            await add_delivery(connection, self.ring, delivery, heard=unit.heard)
        for request in unit.requests:
            await conversation.add_request(connection, self.ring, request)


async def _remember(connection: AsyncConnection, unit: Unit) -> None:
    """Note a request's id; raises AlreadySeen. One seen too long ago to be a repetition is a new one's."""
    assert unit.at is not None  # what is remembered has its time
    added = insert_on(connection, seen).values(request_id=unit.request_id, at=unit.at)
    again = added.on_conflict_do_update(
        index_elements=[seen.c.request_id], set_={"at": unit.at}, where=seen.c.at <= unit.at - SEEN
    )
    if (await connection.execute(again)).rowcount == 0:
        raise AlreadySeen(unit.request_id)


@asynccontextmanager
async def open_store(
    url: str, ring: KeyRing, told: Callable[[Fault | None], None] = lambda _: None
) -> AsyncIterator[Store]:
    """Open a migrated database; raises WrongKey where the ring does not open its data, and Unavailable.

    ``told``: who is told when it begins to fail, and with None when that has ended.
    """
    reader, writer = engines(url)
    store = Store(reader, writer, ring, Health(told))
    recovering = store.health.recover(partial(probe, store))
    tasks = [asyncio.create_task(each) for each in (store.group_commits(), recovering)]
    try:
        await _check_key(store)
        yield store
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await reader.dispose()
        await writer.dispose()


async def probe(store: Store) -> None:
    """Write something, to see whether anything can be; raises Unavailable.

    On a disk that was full that has to be more than a little, which finds a place where other things lay.
    """
    if store.health.fault is Fault.FULL:
        await _look_for_room(store)
    async with store.writing() as work:
        await work.coordination.set_mark(WRITABLE, "", datetime.now(UTC))


async def _look_for_room(store: Store) -> None:
    """Raise Unavailable where there is no room for more than a few small rows; nothing is left behind."""
    if isinstance(store.writer, File):
        if room_for(store.writer) < ROOM:
            raise Unavailable(Fault.FULL)
        return
    with suppress(_Undone):
        async with store.writing() as work:
            await fill(work.connection, ROOM)
            raise _Undone


class _Undone(Exception):
    """Ends a transaction that was not meant."""


async def _check_key(store: Store) -> None:
    """Compare the ring with the data's key check, or write one on the first use; raises WrongKey."""
    try:
        await _compared(store)
    except IntegrityError:  # another process wrote one at the same moment
        await _compared(store)


async def _compared(store: Store) -> None:
    async with store.writing() as work:
        sealed = await kept_check(work.connection, store.ring)
    check_opens(store.ring, sealed)
