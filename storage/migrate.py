"""Bring a database to the newest revision, under a lock, with a copy of an SQLite file put aside first."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage.copying import CopyFailed, copied
from storage.faults import FAILURES, Fault, Unavailable, fault_of, named
from storage.url import sqlite_path


class Newer(Exception):
    """The database has a revision that this release does not know."""


_MOMENT = "%Y%m%d-%H%M%S-%f"  # in UTC, to sort by
KEPT = 3  # copies from before a migration
_LOCK = 0x71722D67  # "qr-g": the advisory lock that migrations on PostgreSQL take


def alembic_config(connection: Connection | None = None) -> Config:
    """Configure Alembic in code; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def ours(name: str | None, kind: str, _: object) -> bool:
    """Tell Alembic which tables to compare with ``storage.tables``: all but those of the queue's engine."""
    return not (kind == "table" and (name or "").startswith("pgqueuer"))


async def migrate(url: str) -> None:
    """Run what is not run yet; raises Unavailable, Newer, and CopyFailed where no copy can be kept."""
    async with opened(url) as connection:
        try:
            await connection.run_sync(_upgrade, sqlite_path(url))
            await connection.commit()
        except FAILURES as error:
            raise named(error) from None


async def behind(url: str) -> bool:
    """Tell whether something is not run yet; raises Unavailable, and Newer."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    async with opened(url) as connection:
        current = await connection.run_sync(_revision)
    if current is not None and not known(current):
        raise Newer
    return current != head


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncConnection]:
    """Connect, whoever else has it open; raises Unavailable."""
    path = sqlite_path(url)
    if path is not None and not await asyncio.to_thread(_may_be_sqlite, path):
        raise Unavailable(Fault.NONE)
    engine = create_async_engine(url, hide_parameters=True)
    try:
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(engine.connect())
                await connection.run_sync(_revision)
            except (*FAILURES, ValueError) as error:
                raise Unavailable(fault_of(error) or Fault.AWAY) from None
            yield connection
    finally:
        await engine.dispose()


def _may_be_sqlite(path: Path) -> bool:
    """Tell a database from another file, without opening it as one (sqlite.org/fileformat.html, 1.3)."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        return file.read(16) in (b"", b"SQLite format 3\x00")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection, path: Path | None) -> None:
    if path is None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = alembic_config(connection)
    current = _revision(connection)
    head = ScriptDirectory.from_config(config).get_current_head()
    if current == head:
        return
    if current is not None and not known(current):
        raise Newer
    if path is not None and current is not None:
        _put_aside(path, current)
    command.upgrade(config, "head")


def known(revision: str) -> bool:
    """Tell whether this release has a revision, or an older one had it."""
    return revision in {
        each.revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }


def backups(path: Path) -> Path:
    """Name the folder beside a database in which its copies are kept."""
    return path.parent / "backups"


def _put_aside(path: Path, revision: str) -> None:
    """Copy a database before it is changed, and keep the last few of these copies; raises CopyFailed."""
    folder = backups(path)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CopyFailed(error.strerror or "there is no folder for it") from None
    copied(path, folder / f"{path.stem}-{revision}-{datetime.now(UTC):{_MOMENT}}.db")
    made = [
        each
        for each in folder.iterdir()
        if re.fullmatch(rf"{re.escape(path.stem)}-\d{{4}}-[\d-]{{22}}\.db", each.name)
    ]
    for old in sorted(made, key=lambda each: each.stem[-22:])[:-KEPT]:
        old.unlink()
