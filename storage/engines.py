"""How databases are opened: SQLite as its promises want it, a server with so many connections."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.quick import BUSY
from storage.quick import connect as quick_connection
from storage.url import sqlite_path

POOL = 20  # connections that a process may open to a server, which takes 100 from all of them by default


def engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    """Give the engine that reads and the one that writes; on a server they are one."""
    if sqlite_path(url) is None:
        engine = create_async_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=POOL // 2, max_overflow=POOL // 2
        )
        return engine, engine
    quick = {"async_creator_fn": quick_connection}
    writer = create_async_engine(url, hide_parameters=True, pool_size=1, max_overflow=0, connect_args=quick)
    reader = create_async_engine(url, hide_parameters=True, pool_size=4, max_overflow=0, connect_args=quick)
    for engine, begin in ((writer, "BEGIN IMMEDIATE"), (reader, "BEGIN")):
        prepare_sqlite(engine, begin, query_only=engine is reader)
    return reader, writer


def prepare_sqlite(engine: AsyncEngine, begin: str, *, query_only: bool) -> None:
    """Set what SQLite wants on every connection, and how its transactions begin."""

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY}",
            "trusted_schema=OFF", "temp_store=MEMORY", f"query_only={'ON' if query_only else 'OFF'}",
        ):  # fmt: skip
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: object) -> None:
        connection.exec_driver_sql(begin)  # type: ignore[attr-defined]  # SQLAlchemy passes its Connection


def sqlite_warning() -> str:
    """Warn of SQLite's WAL-reset fault, which 3.51.3 mended; empty where it is mended."""
    version = sqlite_dialect.import_dbapi().sqlite_version_info
    return "" if version >= (3, 51, 3) else "SQLite is older than 3.51.3: keep one process on this database."
