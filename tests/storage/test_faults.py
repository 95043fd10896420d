"""A database that fails while it is used: what was not kept is said, why, and when it is over."""

import asyncio
import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.changes import Unit
from storage.condition import file_fault
from storage.copying import CopyFailed, copied
from storage.encryption import KeyRing
from storage.faults import Fault, Unavailable, fault_of
from storage.figures import ping
from storage.health import Health
from storage.quick import File
from storage.store import Store, open_store, probe
from storage.url import database_url


@pytest.fixture
def path(blank: Path, tmp_path: Path) -> Path:
    """A migrated file of this test's own."""
    copy = tmp_path / "data.db"
    copy.write_bytes(blank.read_bytes())
    return copy


def address(path: Path) -> str:
    """Name a file as DATABASE_URL does."""
    return database_url(f"sqlite:///{path}")


async def over(store: Store) -> None:
    """Wait until it does not fail any more."""
    async with asyncio.timeout(30):
        while store.health.fault is not None:
            await asyncio.sleep(0.01)


async def written(store: Store, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Write something."""
    async with store.writing() as work:
        await work.coordination.forget_lanes()
        meanwhile()


@pytest.mark.parametrize("which", ["", "-wal"])
async def test_what_is_written_to_a_file_that_was_moved_is_not_said_to_be_kept(
    path: Path, ring: KeyRing, which: str
) -> None:
    """Neither to a database nor to a log without its name; put back, it goes on with the same."""
    told = list[Fault | None]()
    file, aside = Path(f"{path}{which}"), path.with_name("aside")
    async with open_store(address(path), ring, told.append) as store:
        await store.commit(Unit())
        assert await ping(store) is None
        file.rename(aside)
        with pytest.raises(Unavailable) as refused:
            await store.commit(Unit())
        assert refused.value.fault is await ping(store) is Fault.MOVED
        assert not file.exists()  # nothing is made in its place
        aside.rename(file)
        await over(store)
        await store.commit(Unit())
        assert await ping(store) is None
    assert told == [Fault.MOVED, None]


async def test_another_file_of_that_name_is_not_taken_for_it(path: Path, blank: Path, ring: KeyRing) -> None:
    """It may have another key, or be older: a start looks at that."""
    async with open_store(address(path), ring) as store:
        await store.commit(Unit())
        path.rename(path.with_name("aside"))
        path.write_bytes(blank.read_bytes())
        with pytest.raises(Unavailable):
            await store.commit(Unit())


async def test_a_commit_into_a_file_that_goes_away_meanwhile_is_not_said_to_be_kept(
    path: Path, ring: KeyRing
) -> None:
    """It is looked at again between the commit and whoever is told."""
    async with open_store(address(path), ring) as store:
        with pytest.raises(Unavailable):
            await written(store, path.unlink)


async def test_one_who_waits_for_the_lock_in_vain_spares_the_others(path: Path, ring: KeyRing) -> None:
    """Nobody else waits five seconds; once it is free all goes on."""
    async with open_store(address(path), ring) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waits: list[int] = []
            assert isinstance(store.writer, File)
            for _ in range(3):
                with pytest.raises(Unavailable) as refused:
                    await store.commit(Unit())
                assert refused.value.fault is await ping(store) is Fault.LOCKED
                waits.append(store.health.failures)
            assert store.writer._locked
            other.rollback()
        await over(store)
        assert not store.writer._locked
        await store.commit(Unit())


async def test_cancelled_while_it_waits_for_the_lock_it_leaves_no_error_behind(
    path: Path, ring: KeyRing
) -> None:
    """As the poller is after five seconds; asyncio would write its stack to the log."""
    unseen = list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unseen.append(context))
    async with open_store(address(path), ring) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert isinstance(store.writer, File)
            async with store.writer.connect() as connection:
                waiting = asyncio.create_task(connection.start_writing())
                await asyncio.sleep(0.1)
                waiting.cancel()
                await asyncio.wait({waiting})
        del waiting
    assert unseen == []


async def test_a_full_disk_is_said_until_there_is_room(path: Path, ring: KeyRing) -> None:
    """None of a group is kept, and all of them are told."""
    async with open_store(address(path), ring) as store:
        assert isinstance(store.writer, File)
        async with store.writing() as work:
            size = await work.connection.scalar(text("PRAGMA page_count"))
            await work.connection.exec_driver_sql(f"PRAGMA max_page_count={size}")
        with pytest.raises(Unavailable) as refused:
            async with store.writing() as work:
                await work.connection.exec_driver_sql("CREATE TABLE more AS SELECT zeroblob(100000)")
        assert refused.value.fault is Fault.FULL
        assert store.health.failures == 1
        assert (await ping(store)) is Fault.FULL
        await over(store)


async def test_a_disk_that_was_full_needs_room_for_more_than_a_little(store: Store) -> None:
    """What is written to find that out is gone again; with room the database takes what it is told."""
    tables = text(
        "SELECT count(*) FROM information_schema.tables"
        if store.shared
        else "SELECT count(*) FROM sqlite_master"
    )

    async def there() -> int:
        async with store.reading() as work:
            return int(await work.connection.scalar(tables) or 0)

    before = await there()
    store.health.failed(OSError(errno.ENOSPC, "full"))
    await probe(store)
    assert await there() == before
    await over(store)
    assert await ping(store) is None


async def test_a_file_on_a_disk_with_little_room_stays_full(
    path: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though a small row would find a place: else it would be said to be over every second."""
    async with open_store(address(path), ring) as store:
        store.health.failed(OSError(errno.ENOSPC, "full"))
        monkeypatch.setattr("storage.store.ROOM", 1 << 62)
        with pytest.raises(Unavailable):
            await probe(store)
        assert await ping(store) is Fault.FULL
        monkeypatch.undo()
        await over(store)


async def test_what_is_damaged_stays_so(path: Path, ring: KeyRing) -> None:
    """Other pages take writes still, which makes it no better."""
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
        [(root, size)] = opened.execute(
            "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size() WHERE name = 'codes'"
        ).fetchall()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(os.urandom(size))
    assert file_fault(path) is Fault.DAMAGED
    async with open_store(address(path), ring) as store:
        with pytest.raises(Unavailable) as refused:
            async with store.reading() as work:
                await work.connection.execute(text("SELECT count(*) FROM codes NOT INDEXED"))
        assert refused.value.fault is Fault.DAMAGED
        recovering = asyncio.create_task(Health(fault=Fault.DAMAGED).recover(_nothing, 0.0))
        await asyncio.sleep(0)
        recovering.cancel()
        await store.commit(Unit())
        assert await ping(store) is Fault.DAMAGED


async def _nothing() -> None:
    """Do nothing."""


async def test_a_file_is_looked_at_and_left_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Well, held by another, not to be written (root may write to any other), cut off, none."""
    before = path.read_bytes()
    assert file_fault(path) is None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert file_fault(path) is Fault.LOCKED
        other.rollback()
    assert path.read_bytes() == before
    reading = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with closing(reading), monkeypatch.context() as patched:
        patched.setattr("storage.condition.sqlite3.connect", lambda *_, **__: reading)
        assert file_fault(path) is Fault.FIXED
    path.write_bytes(before[: len(before) // 2])
    assert file_fault(path) is Fault.DAMAGED
    with pytest.raises(CopyFailed, match="is damaged"):
        copied(path, path.with_name("copy.db"))
    path.write_bytes(b"no database" * 1000)
    assert file_fault(path) is Fault.NONE
    assert not path.with_name("copy.db").exists()


@pytest.mark.parametrize(
    ("wrong", "said"), [(errno.ENOSPC, "no room"), (errno.EROFS, "nothing can be written")]
)
def test_a_copy_that_cannot_be_written_says_where_and_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, wrong: int, said: str
) -> None:
    """No half of one that looks like a whole."""
    monkeypatch.setattr("storage.copying._settle", Mock(side_effect=OSError(wrong, "hunter2")))
    with pytest.raises(CopyFailed, match=said):
        copied(path, path.with_name("copy.db"))
    assert {each.name for each in path.parent.glob("*copy*")} == set()


async def test_a_server_that_ends_our_sessions_is_away_for_a_moment(store: Store) -> None:
    """And nothing that was not committed is said to be."""
    if not store.shared:
        return
    with pytest.raises(Unavailable) as refused:
        async with store.writing() as work:
            await work.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert refused.value.fault is await ping(store) is Fault.AWAY
    await over(store)
    assert await ping(store) is None


async def test_a_server_that_is_only_read_from_is_not_fit_for_use(store: Store, ring: KeyRing) -> None:
    """As the one that stood by before a failover; nobody has to write first to see it."""
    if not store.shared:
        return
    async with store.writing() as work:
        name = await work.connection.scalar(text("SELECT current_database()"))
        await work.connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    await store.writer.dispose()  # who connects from now on
    assert await ping(store) is Fault.READ_ONLY
    with pytest.raises(Unavailable) as refused:
        await written(store)
    assert refused.value.fault is Fault.READ_ONLY


CODES = {
    "53300": Fault.CROWDED,
    "53100": Fault.FULL,
    "25006": Fault.READ_ONLY,
    "28P01": Fault.SHUT,
    "3D000": Fault.SHUT,
    "57P01": Fault.AWAY,
    "XX001": Fault.DAMAGED,
    "23505": None,
    "40001": None,
}


@pytest.mark.parametrize("code", CODES)
def test_a_server_says_it_by_its_codes(code: str) -> None:
    """Also as SQLAlchemy hands it on; what is an answer, as a name that is taken, is no fault."""
    error = asyncpg.PostgresError.get_message_class_for_sqlstate(code)("hunter2")
    assert fault_of(error) is fault_of(DBAPIError("SELECT", (), error)) is CODES[code]
    assert "hunter2" not in str(Unavailable(fault_of(error) or Fault.AWAY))


def test_what_is_an_answer_is_no_fault_and_counts_as_none() -> None:
    """Two that make the same at once, say."""
    health, twice = Health(), IntegrityError("INSERT", (), Exception())
    assert health.failed(twice, writing=True) is twice
    assert (health.fault, health.failures) == (None, 0)
