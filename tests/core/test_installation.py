"""What stands beside an installation's data: its lock, its key, its copy before a migration, its address."""

import shutil
from base64 import b64decode
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.installation import InUse, KeyMissing, kept_key, sole_user
from storage.migrate import Unreachable, alembic_config, migrate
from storage.url import asyncpg_dsn, database_url
from tests.core.redis import free_port


def test_only_one_process_uses_a_file(tmp_path: Path) -> None:
    """The next one may when it has ended."""
    data = tmp_path / "qr-gen.db"
    with sole_user(data), pytest.raises(InUse), sole_user(data):
        pass
    with sole_user(data):
        assert data.with_name("qr-gen.db.lock").exists()


def test_a_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    """Thirty-two bytes, mode 0600 in a folder of mode 0700; the next start reads the same."""
    path = tmp_path / "keys" / "secret.key"
    key = kept_key(tmp_path / "none.db", path)
    assert len(b64decode(key)) == 32
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert kept_key(tmp_path / "none.db", path) == key
    assert [each.name for each in path.parent.iterdir()] == ["secret.key"]


def test_data_whose_key_is_missing_never_gets_a_new_one(tmp_path: Path) -> None:
    """It would make the old data unreadable for good."""
    data = tmp_path / "qr-gen.db"
    data.touch()
    with pytest.raises(KeyMissing):
        kept_key(data, tmp_path / "keys" / "secret.key")
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("kind", ["server", "folder", "no database"])
async def test_a_database_that_cannot_be_reached_is_told_without_its_address(
    tmp_path: Path, kind: str
) -> None:
    """It may hold a password."""
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, and longer than its header" * 50)
    address = {
        "server": f"postgresql://ada:hunter2@127.0.0.1:{free_port()}/x",
        "folder": f"sqlite:///{tmp_path}/missing/x.db",
        "no database": f"sqlite:///{broken}",
    }[kind]
    with pytest.raises(Unreachable) as unreachable:
        await migrate(database_url(address))
    assert "hunter2" not in str(unreachable.value)


async def test_a_file_is_copied_before_it_is_brought_to_a_newer_revision(blank: Path, tmp_path: Path) -> None:
    """As it was; a file that is new, or up to date, is not."""
    path = Path(shutil.copy(blank, tmp_path / "data.db"))
    address = database_url(f"sqlite:///{path}")
    await migrate(address)
    assert [each.name for each in tmp_path.iterdir()] == ["data.db"]
    engine = create_async_engine(address)

    def down(connection: Connection) -> None:
        command.downgrade(alembic_config(connection), "0001")

    async with engine.begin() as connection:
        await connection.run_sync(down)
    await engine.dispose()
    await migrate(address)
    [copy] = [each for each in tmp_path.iterdir() if ".before-" in each.name]
    old = create_async_engine(database_url(f"sqlite:///{copy}"))
    async with old.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"
    await old.dispose()


@pytest.mark.parametrize(
    ("raw", "dsn"),
    [
        ("postgres://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql://u:p@h/d?sslmode=require"),
    ],
)
def test_the_engine_of_the_queue_gets_the_address_in_its_own_words(raw: str, dsn: str) -> None:
    """Nothing of what was set is lost on the way."""
    assert asyncpg_dsn(database_url(raw)) == dsn
