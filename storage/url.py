"""Database addresses as people and platforms write them, turned into what SQLAlchemy's async engines take."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


def database_url(raw: str) -> str:
    """Normalise an address; ValueError has a sentence that never holds it."""
    try:
        url = make_url(raw)
    except ArgumentError:
        raise ValueError(
            "is not an address such as sqlite:///data/qr-gen.db or postgresql://host/name"
        ) from None
    family = url.drivername.partition("+")[0]
    if family not in _DRIVERS:
        raise ValueError("names neither sqlite nor postgresql")
    url = url.set(drivername=_DRIVERS[family])
    mode = url.query.get("sslmode")
    if family != "sqlite" and mode:
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    if family == "sqlite" and not url.database:
        raise ValueError("names no file")
    return url.render_as_string(hide_password=False)


def sqlite_path(url: str) -> Path | None:
    """Give the file of an SQLite address, None for a server's."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.drivername.startswith("sqlite") else None


def asyncpg_dsn(url: str) -> str:
    """Write a server's address as asyncpg itself reads it."""
    parsed = make_url(url).set(drivername="postgresql")
    mode = parsed.query.get("ssl")
    if mode:
        parsed = parsed.difference_update_query(["ssl"]).update_query_dict({"sslmode": mode})
    return parsed.render_as_string(hide_password=False)
