"""What is done by the clock: finding what waits without a job, and tidying. Ticked by APScheduler."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app import App
from bot.parked import outline
from bot.queue import BOARD, BULK, LANE, REQUEST, TASK, Queue
from storage.departures import forget_departed
from storage.faults import named
from storage.housekeeping import RETIRED, retire, tidy
from storage.rotation import NAMED, reseal, stale_rows
from storage.tasks import Tasks

log = structlog.get_logger(__name__)

SWEEP, TIDY = 1, 600  # seconds
PAUSE = 0.02  # seconds between the rows that are sealed anew at once, for whoever else wants to write


async def sweep(app: App, queue: Queue) -> None:
    """Wake a worker for what goes on, and all that is due: after a crash, a wait, or a wake that was lost."""
    try:
        async with app.store.reading() as work:
            lanes = await work.deliveries.lanes_due(app.clock())
            requests = await work.requests.due(app.clock())
            boards = await work.boards.due(app.clock())
            bulk = await work.deliveries.lanes_due(app.clock(), 1, bulk=True)
            tasks = await Tasks(work.connection, app.store.ring).going()
        await queue.enqueue(LANE, lanes)
        await queue.enqueue(REQUEST, requests)
        await queue.enqueue(BOARD, boards)
        await queue.enqueue(BULK, ("all",) if bulk else ())
        await queue.enqueue(TASK, tasks)
    except Exception as error:  # the database is away; the next sweep tries again
        log.warning("sweep failed", error=outline(named(error)))


async def tidy_up(app: App, queue: Queue, retention_days: int | None) -> None:
    """Delete what has had its time; safe in several processes at once: deleting twice is deleting once."""
    try:
        async with app.store.writing() as work:
            await tidy(work.connection, app.clock())
            await forget_departed(work.connection, app.clock())
        if retention_days is not None:
            await retire_all(app, retention_days)
        async with app.store.writing() as work:
            await work.coordination.forget_lanes()
        await queue.forget_finished()
    except Exception as error:
        log.warning("tidying failed", error=outline(error))


async def retire_all(app: App, retention_days: int) -> None:
    """Delete the codes past the retention, a few at a time, beside whatever else goes on."""
    gone = RETIRED
    while gone == RETIRED:
        async with app.store.writing() as work:
            gone = await retire(work.connection, app.clock(), retention_days)
        await asyncio.sleep(PAUSE)


async def rotating(app: App) -> None:
    """Look every ten minutes for what older keys sealed, until cancelled."""
    while True:
        await rotate(app)
        await asyncio.sleep(TIDY)


async def rotate(app: App) -> None:
    """Seal under the first key what older ones sealed, a few rows at a time, beside whatever else goes on.

    Ended in the middle, it goes on where it was: each row tells whether it was done. Safe in several
    processes.
    """
    ring = app.store.ring
    if len(ring.keys) < 2:
        return
    try:
        done = 0
        for table in NAMED:
            names: list[tuple[Any, ...]] = []
            while True:
                async with app.store.reading() as work:
                    names = await stale_rows(work.connection, ring, table, names[-1] if names else ())
                if not names:
                    break
                async with app.store.writing() as work:
                    done += await reseal(work.connection, ring, table, names)
                await asyncio.sleep(PAUSE)
    except Exception as error:
        log.warning("sealing anew failed", error=outline(error))
    else:
        if done:
            log.info("sealed anew with the first key", rows=done)


@asynccontextmanager
async def ticking(app: App, queue: Queue, retention_days: int | None) -> AsyncIterator[None]:
    """Sweep every second, tidy every ten minutes; seal anew what older keys sealed."""
    late = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}  # a busy machine does it too
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=late)
    at_once = datetime.now(scheduler.timezone)
    scheduler.add_job(sweep, "interval", (app, queue), seconds=SWEEP)
    scheduler.add_job(tidy_up, "interval", (app, queue, retention_days), seconds=TIDY, next_run_time=at_once)
    scheduler.start()
    sealing = asyncio.create_task(rotating(app))  # no job of the scheduler's, which calls an end an error
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        sealing.cancel()
        await asyncio.wait({sealing})
