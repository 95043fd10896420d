"""SQLite without a thread between: whoever waits may be cancelled at any moment."""

import asyncio
import random

from sqlalchemy import delete, func, insert, select

from storage.changes import Unit
from storage.store import Store
from storage.tables import lanes
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
