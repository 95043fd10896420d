"""SQLite without a thread between: what takes microseconds runs in the loop, what may wait runs beside it.

An asynchronous driver hands every step of every statement to a thread and back, which costs ten times as much
as the statement. A reader never waits in WAL mode; a writer waits for the disk in COMMIT, for its lock where
another process has it, and as long as a DELETE finds rows. What reads many rows says so (``LONG``), and has
the thread.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import (  # fmt: skip
    Connection,
    CursorResult,
    Delete,
    Engine,
    Executable,
    Insert,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine import URL, IteratorResult
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import ConnectionPoolEntry

from storage.faults import Fault, fault_of
from storage.prepared import Values, form, is_prepared

T = TypeVar("T")

LONG: Mapping[str, bool] = {"long": True}  # execution options of statements that give many rows
BUSY = 5_000  # milliseconds that a writer waits for its lock, in the thread
_PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF", "temp_store=MEMORY",
)  # fmt: skip


class Direct(AsyncConnection):
    """A connection that runs statements where they are awaited, and has a thread for what may take long.

    Its transactions are SQLite's own: SQLAlchemy joins one that has begun where it runs something itself.
    """

    def __init__(self, connection: Connection, thread: Executor, begin: str) -> None:
        self.sync_connection, self._thread, self._begin = connection, thread, begin
        self._raw = _driver(connection)

    async def execute(
        self, statement: Executable, parameters: Any = None, *, execution_options: Any = None
    ) -> CursorResult[Any]:
        """Execute a statement; the rows of one that may take long are fetched by the thread as well."""

        def run() -> CursorResult[Any]:
            return self._proxied.execute(statement, parameters, execution_options=execution_options)

        def fetched() -> CursorResult[Any]:
            return cast("CursorResult[Any]", run().freeze()())  # what is read of it is any Result's

        if is_prepared(statement):
            return cast("CursorResult[Any]", self._execute_prepared(statement, parameters))
        if statement.get_execution_options().get("long"):
            return await self._beside(fetched)
        return await self._beside(run) if isinstance(statement, Delete) else run()

    def _execute_prepared(
        self, statement: Executable, values: Values | Sequence[Values] | None
    ) -> IteratorResult[Any]:
        """Hand a statement to the driver, within the same transaction as all others."""
        if not self._raw.in_transaction:
            self._raw.execute(self._begin)
        columns: tuple[str, ...] = ()
        if isinstance(statement, Insert):
            columns = tuple(values[0] if isinstance(values, Sequence) else values or ())
        return form(statement, columns).run(self._raw, values)

    async def exec_driver_sql(
        self, statement: str, parameters: Any = None, execution_options: Any = None
    ) -> CursorResult[Any]:
        """Execute a text of the driver's, which nobody knows to be quick."""
        return await self._beside(
            lambda: self._proxied.exec_driver_sql(statement, parameters, execution_options)
        )

    async def start_writing(self, *, patient: bool = True) -> None:
        """Take the writer's lock, which is free but for another process's writing."""
        try:
            self._raw.execute(self._begin)
        except sqlite3.OperationalError:
            if not patient:
                raise
            await self._beside(self._wait_for_lock)

    def _wait_for_lock(self) -> None:
        self._raw.execute(f"PRAGMA busy_timeout={BUSY}")
        try:
            self._raw.execute(self._begin)
        finally:
            self._raw.execute("PRAGMA busy_timeout=0")

    async def commit(self) -> None:
        """Commit, which waits for the disk."""
        await self._beside(self._commit)

    def _commit(self) -> None:
        self._proxied.commit()
        self._raw.commit()

    async def rollback(self) -> None:
        """Undo what was not committed, which needs no disk."""
        self._proxied.rollback()
        self._raw.rollback()

    async def _beside(self, run: Callable[[], T]) -> T:
        """Run something in the thread; who is cancelled meanwhile still waits for its end.

        Nothing may touch the connection beside it.
        """
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        job = self._thread.submit(run)  # not run_in_executor, which takes twice as many turns of the loop
        job.add_done_callback(lambda _: loop.call_soon_threadsafe(ended.set))
        try:
            await ended.wait()
        except asyncio.CancelledError:
            while not ended.is_set():
                with suppress(asyncio.CancelledError):
                    await ended.wait()
            raise
        return job.result()


def _driver(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


@dataclass(slots=True)
class File:
    """A database in a file, with so many connections: what an ``AsyncEngine`` is for a server."""

    url: URL
    engine: Engine
    size: int
    start: str  # how its transactions begin
    _most: asyncio.Semaphore
    _threads: ThreadPoolExecutor
    _free: list[Direct] = field(default_factory=list)
    _opened: bool = False
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)  # what is open, by device and number
    _locked: bool = False  # the last who wanted to write has waited in vain

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Direct]:
        """Give a connection that is free, and undo at the end what was not committed.

        Raises OSError, ESTALE, where the file is not where it was: what is written to it then is nowhere.
        """
        async with self._most:
            self._look()
            connection = self._free.pop() if self._free else self._another()
            self._opened = True
            try:
                yield connection
            finally:
                await connection.rollback()
                self._free.append(connection)

    def _another(self) -> Direct:
        return Direct(self.engine.connect(), self._threads, self.start)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Direct]:
        """Open a transaction that commits at the end of the block, and rolls back on any exception."""
        async with self.connect() as connection:
            try:
                await connection.start_writing(patient=not self._locked)
            except sqlite3.OperationalError as error:
                self._locked = fault_of(error) is Fault.LOCKED  # the others need not wait
                raise
            self._locked = False
            yield connection
            await connection.commit()
            self._look()  # before anybody is told that it is kept

    def _look(self) -> None:
        """Hold the file and its log against those that are open; raises OSError, ESTALE."""
        for name in (str(self.url.database), f"{self.url.database}-wal"):
            known, found = self._seen.get(name), _identity(name)
            if known is not None and known != found:
                raise OSError(errno.ESTALE, "it was moved or deleted", name)
            if known is None and found is not None and self._opened:
                self._seen[name] = found

    async def dispose(self) -> None:
        """Close all connections."""
        while self._free:
            await self._free.pop().close()
        self.engine.dispose()
        self._threads.shutdown()


def _identity(name: str) -> tuple[int, int] | None:
    try:
        found = os.stat(name)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def open_file(url: str, size: int, begin: str, *, query_only: bool) -> File:
    """Open a file for so many connections at once; ``begin``: how their transactions do."""
    address = make_url(url)
    engine = create_engine(
        address.set(drivername="sqlite"), hide_parameters=True, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        alone = (f"busy_timeout={BUSY}", "query_only=ON") if query_only else ("busy_timeout=0",)
        for pragma in (*_PRAGMAS, *alone):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        raw = _driver(connection)
        if not raw.in_transaction:
            raw.execute(begin)

    return File(address, engine, size, begin, asyncio.Semaphore(size), ThreadPoolExecutor(size, "sqlite"))


def room_for(file: File) -> int:
    """Tell how many bytes are free where a file is."""
    return shutil.disk_usage(Path(file.url.database or "").absolute().parent).free
