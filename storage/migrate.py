"""Bring a database to the newest revision, under a lock, with a copy of an SQLite file put aside first."""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.url import sqlite_path

_LOCK = 0x71722D67  # "qr-g": the advisory lock that migrations on PostgreSQL take


def alembic_config(connection: Connection | None = None) -> Config:
    """Configure Alembic in code; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


async def migrate(url: str) -> None:
    """Run what is not run yet."""
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, path)
            await connection.commit()
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, path: Path | None) -> None:
    if path is None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = alembic_config(connection)
    current = MigrationContext.configure(connection).get_current_revision()
    head = ScriptDirectory.from_config(config).get_current_head()
    if current == head:
        return
    if path is not None and current is not None:
        shutil.copy2(path, path.with_name(f"{path.name}.before-{head}"))
    command.upgrade(config, "head")
