"""How databases are opened: SQLite as its promises want it, a server with so many connections."""

from __future__ import annotations

from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.quick import File, open_file
from storage.url import sqlite_path

POOL = 20  # connections that a process may open to a server, which takes 100 from all of them by default
READERS = 4  # connections that read a file


def engines(url: str) -> tuple[AsyncEngine | File, AsyncEngine | File]:
    """Give the engine that reads and the one that writes; on a server they share their connections."""
    if sqlite_path(url) is None:
        engine = create_async_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=POOL // 2, max_overflow=POOL // 2
        )
        return engine, engine
    reader = open_file(url, READERS, "BEGIN", query_only=True)
    return reader, open_file(url, 1, "BEGIN IMMEDIATE", query_only=False)


def sqlite_warning() -> str:
    """Warn of SQLite's WAL-reset fault, which 3.51.3 mended; empty where it is mended."""
    version = sqlite_dialect.import_dbapi().sqlite_version_info
    return "" if version >= (3, 51, 3) else "SQLite is older than 3.51.3: keep one process on this database."
