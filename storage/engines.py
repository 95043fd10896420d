"""How databases are opened: SQLite as its promises want it, a server with so many connections."""

from __future__ import annotations

from time import monotonic

from sqlalchemy import event
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from storage.quick import File, open_file
from storage.url import sqlite_path

POOL = 20  # connections that a process may open to a server, which takes 100 from all of them by default
IDLE = 30.0  # seconds after which a server may have forgotten a connection without telling us
READERS = 4  # connections that read a file


def engines(url: str) -> tuple[AsyncEngine | File, AsyncEngine | File]:
    """Give the engine that reads and the one that writes; on a server they share their connections."""
    if sqlite_path(url) is None:
        engine = create_async_engine(url, hide_parameters=True, pool_size=POOL // 2, max_overflow=POOL // 2)
        _look_before_use(engine)
        # Each statement sees what was committed before it, in a transaction too: that would only cost time.
        return engine.execution_options(isolation_level="AUTOCOMMIT"), engine
    reader = open_file(url, READERS, "BEGIN", query_only=True)
    return reader, open_file(url, 1, "BEGIN IMMEDIATE", query_only=False)


def _look_before_use(engine: AsyncEngine) -> None:
    """Replace a connection that the server has closed, which we are told of; ask only where it was long idle.

    The pool's own way asks each time, which takes three round trips.
    """

    @event.listens_for(engine.sync_engine, "checkin")
    def left(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["left"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        if monotonic() - record.info.get("left", monotonic()) > IDLE:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error:
                raise DisconnectionError from None


def sqlite_version() -> str:
    """Give the version of the library that reads and writes files."""
    return ".".join(map(str, sqlite_dialect.import_dbapi().sqlite_version_info))


def sqlite_warning() -> str:
    """Warn of SQLite's WAL-reset fault, which 3.51.3 mended; empty where it is mended."""
    version = sqlite_dialect.import_dbapi().sqlite_version_info
    return "" if version >= (3, 51, 3) else "SQLite is older than 3.51.3: keep one process on this database."
