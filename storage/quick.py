"""SQLite without a thread between: what takes microseconds runs in the loop, what may wait runs beside it.

aiosqlite hands every step of every statement to its thread and back, which costs several times as much as the
statement. A reader never waits in WAL mode; a writer waits for the disk in COMMIT, for its lock where another
process has it, and as long as a DELETE finds rows. What reads many rows says so (``LONG``), and has the
thread.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")

LONG = "/* long */"  # a prefix of statements that give many rows
BUSY = 5_000  # milliseconds that a writer waits for its lock
_LOCKING = "BEGIN IMMEDIATE"
_QUICK = ("SELECT", "INSERT", "UPDATE", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")
_STEPS = ("cursor", "fetchall", "fetchone", "fetchmany", "close", "rollback", "executemany")


class Quick(aiosqlite.Connection):
    """A connection that uses its thread only for what may take long."""

    _long = False  # the statement whose rows are fetched next
    _held = 0  # steps that the thread has: nothing may touch the connection beside them

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a step of the driver's: aiosqlite's own seam, through which all its methods go."""
        if fn.__name__ == "execute":
            self._long = LONG in args[0]
        free = self._connection is not None and not (self._long or self._held)
        if free and _quick(fn, args):
            try:
                return self._at_once(fn, *args) if args[:1] == (_LOCKING,) else fn(*args, **kwargs)
            except _Taken:
                pass
        self._held += 1

        def step(*args: Any, **kwargs: Any) -> T:
            try:
                return fn(*args, **kwargs)
            finally:
                self._held -= 1  # when it is over, not when nobody waits for it any more

        result: T = await super()._execute(step, *args, **kwargs)  # type: ignore[no-untyped-call]  # aiosqlite's
        return result

    def _at_once(self, fn: Callable[..., T], *args: Any) -> T:
        """Take the writer's lock, which is free but for another process's writing; else raise _Taken."""
        self._conn.execute("PRAGMA busy_timeout=0")
        try:
            return fn(*args)
        except sqlite3.OperationalError as error:
            raise _Taken from error
        finally:
            self._conn.execute(f"PRAGMA busy_timeout={BUSY}")


class _Taken(Exception):
    pass


def _quick(fn: Callable[..., object], args: tuple[Any, ...]) -> bool:
    name = fn.__name__
    return args[0].startswith(_QUICK) if name == "execute" else name in _STEPS


def connect(path: str, **options: Any) -> Quick:
    """Open a file as ``aiosqlite.connect`` does; for SQLAlchemy's ``async_creator_fn``."""
    connection = Quick(partial(sqlite3.connect, path, **options | {"check_same_thread": False}), 64)
    connection._thread.daemon = True
    return connection
