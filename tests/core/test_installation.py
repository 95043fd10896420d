"""What stands beside an installation's data: its lock, its key, its copy before a migration, its address."""

import resource
import shutil
import signal
import sqlite3
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.copying import CopyFailed
from storage.faults import Unavailable
from storage.installation import InUse, KeyMissing, kept_key, sole_user
from storage.migrate import Newer, alembic_config, migrate
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
    with pytest.raises(Unavailable) as unreachable:
        await migrate(database_url(address))
    assert "hunter2" not in str(unreachable.value)


async def downgraded(address: str, revision: str) -> None:
    """Bring a database back to an older revision."""
    engine = create_async_engine(address)

    def down(connection: Connection) -> None:
        command.downgrade(alembic_config(connection), revision)

    async with engine.begin() as connection:
        await connection.run_sync(down)
    await engine.dispose()


async def revision_of(path: Path) -> str | None:
    """Read which revision a file has."""
    engine = create_async_engine(database_url(f"sqlite:///{path}"))
    async with engine.connect() as connection:
        found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    await engine.dispose()
    return None if found is None else str(found)


async def test_a_file_is_copied_before_it_is_brought_to_a_newer_revision(blank: Path, tmp_path: Path) -> None:
    """As it was, for its owner alone, the last three times; a file that is new, or up to date, is not."""
    path = Path(shutil.copy(blank, tmp_path / "data.db"))
    address, folder = database_url(f"sqlite:///{path}"), tmp_path / "backups"
    await migrate(address)
    assert [each.name for each in tmp_path.iterdir()] == ["data.db"]
    mine = folder / "data-20261129-100000.db"
    for revision in ("0009", "0009", "0010", "0009", "0011"):
        await downgraded(address, revision)
        await migrate(address)
        mine.touch()  # an operator's own
    copies = sorted(set(folder.iterdir()) - {mine}, key=lambda each: each.stem[-22:])
    assert [await revision_of(each) for each in copies] == ["0010", "0009", "0011"]
    assert [each.name.split("-")[1] for each in copies] == ["0010", "0009", "0011"]
    assert {each.stat().st_mode & 0o777 for each in copies} == {0o600}
    assert mine.exists()


async def test_a_file_that_cannot_be_copied_is_not_migrated(blank: Path, tmp_path: Path) -> None:
    """Where there is no room, say, or the file is damaged: it stays as it is, and nothing half is left."""
    path = Path(shutil.copy(blank, tmp_path / "data.db"))
    address, folder = database_url(f"sqlite:///{path}"), tmp_path / "backups"
    await downgraded(address, "0010")
    folder.touch()  # no folder can be made
    with pytest.raises(CopyFailed, match="File exists"):
        await migrate(address)
    folder.unlink()
    with limited(path.stat().st_size // 2), pytest.raises(CopyFailed, match=r"full|large|I/O"):
        await migrate(address)
    assert (await revision_of(path), list(folder.iterdir())) == ("0010", [])
    await migrate(address)


@contextmanager
def limited(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes, as a disk that is full does."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


async def test_data_of_a_newer_release_is_let_alone(blank: Path, tmp_path: Path) -> None:
    """Its revision is none that is known here."""
    path = Path(shutil.copy(blank, tmp_path / "data.db"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(Newer):
        await migrate(database_url(f"sqlite:///{path}"))
    assert [each.name for each in tmp_path.iterdir()] == ["data.db"]


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
