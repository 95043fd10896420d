"""SQLite without a thread between: whoever waits may be cancelled at any moment."""

import asyncio
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import delete, func, insert, select

from storage.changes import Unit
from storage.encryption import KeyRing
from storage.store import Store, open_store
from storage.tables import lanes
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
