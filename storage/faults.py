"""What is wrong with a database that does not do as it is told, in the words of who has to mend it.

SQLite says it by its result codes (sqlite.org/rescode.html), PostgreSQL by SQLSTATE
(postgresql.org/docs/current/errcodes-appendix.html), the system by errno.
"""

from __future__ import annotations

import errno
import socket
import sqlite3
from enum import Enum

import asyncpg
from sqlalchemy.exc import SQLAlchemyError


class Fault(Enum):
    """How a database fails: what it does, and what an operator does about it."""

    AWAY = "does not answer", "Start it, or set DATABASE_URL right"
    CROWDED = "has no connection left", "Raise its max_connections, or let fewer processes use it"
    SHUT = "does not let us in", "Set user, password and name in DATABASE_URL right, or make the database"
    READ_ONLY = "can only be read", "Let qr-gen write to it: another server may be the one that takes writes"
    FIXED = (
        "is a file that can only be read",
        "Let the user of qr-gen write to it, to its -wal and -shm, and to its folder",
    )
    FULL = "has no room on its disk", "Make room there"
    LOCKED = "is locked by another program", "End that program: nothing but qr-gen may write to it"
    DAMAGED = "is damaged", "Stop qr-gen, and put a backup in its place: qr-gen restore PATH"
    NONE = (
        "is a file of something else, or damaged",
        "Set DATABASE_URL right, or put a backup there: qr-gen restore PATH",
    )
    DISK = "cannot be used on this disk", "Look at the disk, and at the system's log"
    MOVED = (
        "was moved or deleted",
        "Put the file back with all beside it, or stop qr-gen and restore a backup",
    )

    @property
    def how(self) -> str:
        """Say what it does, after its name."""
        return self.value[0]

    @property
    def mend(self) -> str:
        """Say what to do."""
        return self.value[1]

    @property
    def told(self) -> str:
        """Say both in sentences."""
        return f"The database {self.how}. {self.mend}."


PASSING = {Fault.AWAY, Fault.CROWDED, Fault.READ_ONLY, Fault.FULL, Fault.LOCKED}  # without a change of ours


class Unavailable(Exception):
    """The database failed, not whoever asked: nothing of this was kept, and it may be tried again."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"the database {fault.how}")
        self.fault = fault


FAILURES = (SQLAlchemyError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)

_SQLITE = {
    sqlite3.SQLITE_PERM: Fault.FIXED,
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_READONLY: Fault.FIXED,
    sqlite3.SQLITE_IOERR: Fault.DISK,
    sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_CANTOPEN: Fault.FIXED,
    sqlite3.SQLITE_NOTADB: Fault.NONE,
}
_SERVER = {
    "08": Fault.AWAY,
    "25006": Fault.READ_ONLY,
    "28": Fault.SHUT,
    "3D": Fault.SHUT,
    "42501": Fault.SHUT,
    "53100": Fault.FULL,
    "53": Fault.CROWDED,
    "57P": Fault.AWAY,
    "58": Fault.DISK,
    "XX001": Fault.DAMAGED,
    "XX002": Fault.DAMAGED,
}  # by how a code begins, the longer before the shorter
_SYSTEM = {
    errno.ENOSPC: Fault.FULL,
    errno.EDQUOT: Fault.FULL,
    errno.EFBIG: Fault.FULL,
    errno.EROFS: Fault.FIXED,
    errno.EACCES: Fault.FIXED,
    errno.EPERM: Fault.FIXED,
    errno.EIO: Fault.DISK,
    errno.ESTALE: Fault.MOVED,
}
_SILENT = ConnectionError | socket.gaierror | TimeoutError | asyncpg.InterfaceError
_DEEPEST = 4


def fault_of(error: BaseException) -> Fault | None:
    """Find out what of the database's an error is; None for what is no failure of its own."""
    each: BaseException | None = error
    for _ in range(_DEEPEST):  # SQLAlchemy and its adapter wrap what the driver raised
        if each is None:
            break
        if (found := _own(each)) is not None:
            return found
        each = getattr(each, "orig", None) or each.__cause__
    return Fault.AWAY if getattr(error, "connection_invalidated", False) else None


def _own(error: BaseException) -> Fault | None:
    if isinstance(error, Unavailable):
        return error.fault
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if code := str(getattr(error, "sqlstate", None) or ""):
        return next((fault for begun, fault in _SERVER.items() if code.startswith(begun)), None)
    if isinstance(error, _SILENT):
        return Fault.AWAY
    return _SYSTEM.get(error.errno or 0) if isinstance(error, OSError) else None


def named(error: Exception) -> Exception:
    """Give what went wrong with a database as that, and anything else as it is."""
    fault = fault_of(error)
    return error if fault is None else Unavailable(fault)
