"""SQLite without a thread between: whoever waits may be cancelled at any moment."""

import asyncio
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from storage.changes import Unit
from storage.encryption import KeyRing
from storage.prepared import prepared
from storage.store import Store, open_store
from storage.tables import lanes, people, seen
from storage.url import database_url
from tests.full import FULL

TRIES = 300 if FULL else 100


async def test_cancelling_whoever_writes_costs_nothing_but_that(store: Store) -> None:
    """Around a COMMIT or a DELETE the thread still works: the connection is not touched beside it."""
    rng = random.Random(20261128)

    async def write(number: int) -> None:
        async with store.writing() as work:
            await work.connection.execute(insert(lanes).values(name=f"lane {number}"))
            await work.connection.execute(delete(lanes).where(lanes.c.name == f"lane {number - 1}"))

    for number in range(TRIES):
        task = asyncio.create_task(write(number))
        await asyncio.sleep(rng.uniform(0, 0.004))
        task.cancel()
        await asyncio.wait({task})
    await store.commit(Unit())
    async with store.reading() as work:
        assert await work.connection.scalar(select(func.count()).select_from(lanes)) in range(TRIES)


async def test_who_finds_the_writers_lock_taken_waits_for_it_beside_the_loop(
    blank: Path, tmp_path: Path, ring: KeyRing
) -> None:
    """Another program may write to the file: meanwhile reading goes on, and after it the writing is done."""
    path = shutil.copy(blank, tmp_path / "held.db")
    async with open_store(database_url(f"sqlite:///{path}"), ring) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            writing = asyncio.create_task(_noted(store, "mine"))
            await asyncio.sleep(0)  # until it waits
            async with store.reading() as work:
                assert await work.connection.scalar(select(func.count()).select_from(lanes)) == 0
            assert not writing.done()
            other.execute("INSERT INTO lanes (name) VALUES ('theirs')")
            other.execute("COMMIT")
            await writing
        async with store.reading() as work:
            assert set(await work.connection.scalars(select(lanes.c.name))) == {"mine", "theirs"}


async def _noted(store: Store, name: str) -> None:
    async with store.writing() as work:
        await work.connection.execute(insert(lanes).values(name=name))


async def test_a_prepared_statement_gives_what_it_would_give_otherwise(store: Store) -> None:
    """Moments are in UTC, a NULL stays one, many values are many rows, several may stand for one name."""
    at = datetime(2026, 11, 29, 13, 30, tzinfo=timezone(timedelta(hours=2)))
    rows = [{"request_id": str(number), "at": at + timedelta(days=number)} for number in range(3)]
    wanted = select(seen, people.c.id).outerjoin(people, people.c.id == seen.c.request_id)
    wanted = wanted.where(seen.c.request_id >= bindparam("least_")).order_by(seen.c.at).limit(2)
    async with store.writing() as work:
        run = work.connection.execute
        await run(prepared(insert(seen)), rows)
        other = (await run(wanted, {"least_": "1"})).all()
        same = (await run(prepared(wanted), {"least_": "1"})).all()
        among = select(seen.c.at).where(seen.c.request_id.in_(bindparam("ids", expanding=True)))
        assert (await run(prepared(among), {"ids": ["0", "é'"]})).scalars().all() == [at]
        assert (await run(prepared(among), {"ids": []})).first() is None
    assert same == other == [("1", rows[1]["at"], None), ("2", rows[2]["at"], None)]
    assert same[0]._mapping == other[0]._mapping
    assert {row.at.tzinfo for row in same} == {UTC}


async def test_a_prepared_statement_that_fails_is_undone_and_told_of_like_any(store: Store) -> None:
    """Nothing of its transaction is left, and no value stands in what is raised."""
    with pytest.raises(IntegrityError) as raised:
        await _seen_twice(store, "a secret")
    assert "a secret" not in str(raised.value)
    async with store.reading() as work:
        assert await work.connection.scalar(select(func.count()).select_from(lanes)) == 0
        assert await work.connection.scalar(select(func.count()).select_from(seen)) == 0


async def _seen_twice(store: Store, given: str) -> None:
    async with store.writing() as work:
        await work.connection.execute(insert(lanes).values(name="before"))
        await work.connection.execute(
            prepared(insert(seen)), [{"request_id": given, "at": datetime.now(UTC)}] * 2
        )


async def test_what_is_read_is_one_snapshot_whoever_runs_it(
    blank: Path, tmp_path: Path, ring: KeyRing
) -> None:
    """A prepared statement begins it, others go on in it: what is committed meanwhile comes later."""
    path = shutil.copy(blank, tmp_path / "read.db")
    count = select(func.count()).select_from(lanes)
    async with open_store(database_url(f"sqlite:///{path}"), ring) as store:
        async with store.reading() as work:
            assert await work.connection.scalar(prepared(count)) == 0
            await _noted(store, "meanwhile")
            assert await work.connection.scalar(count) == 0
        async with store.reading() as work:
            assert await work.connection.scalar(prepared(count)) == 1
