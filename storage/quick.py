"""SQLite without a thread between: what takes microseconds runs in the loop, what may wait runs beside it.

aiosqlite hands every step of every statement to its thread and back, which costs several times as much as the
statement. A reader never waits in WAL mode; a writer waits for its lock and for the disk, in BEGIN IMMEDIATE
and COMMIT, and for as many rows as a DELETE finds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")

_QUICK = ("SELECT", "INSERT", "UPDATE", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN ", "WITH")


class Quick(aiosqlite.Connection):
    """A connection that uses its thread only for what may take long."""

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a step of the driver's: aiosqlite's own seam, through which all its methods go."""
        if self._connection is None or _waits(fn, args):
            result: T = await super()._execute(fn, *args, **kwargs)
            return result
        return fn(*args, **kwargs)


def _waits(fn: Callable[..., object], args: tuple[Any, ...]) -> bool:
    name = fn.__name__
    if name == "execute":
        statement = args[0].lstrip()
        return not statement.startswith(_QUICK) or statement.startswith("BEGIN IMMEDIATE")
    return name not in ("cursor", "fetchall", "fetchone", "fetchmany", "close", "rollback")


def connect(path: str, **options: Any) -> Quick:
    """Open a file as ``aiosqlite.connect`` does; for SQLAlchemy's ``async_creator_fn``."""
    connection = Quick(partial(sqlite3.connect, path, **options | {"check_same_thread": False}), 64)
    connection._thread.daemon = True
    return connection
