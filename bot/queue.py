"""pgqueuer, the engine that runs deliveries and waiting requests; the rows are the truth, its jobs only wake.

On SQLite its in-memory engine, on PostgreSQL its own tables, shared by any number of workers. A job's payload
is one lane, drained in order under its lock, or one request's id. What runs never raises: tracebacks would be
stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import structlog
from pgqueuer import PgQueuer, Queries
from pgqueuer.adapters.inmemory.queries import InMemoryQueries
from pgqueuer.models import Job

from bot.parked import outline
from storage.url import asyncpg_dsn, sqlite_path

log = structlog.get_logger(__name__)

LANE, REQUEST = "lane", "request"
Run = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Queue:
    """An open engine; ``enqueue`` wakes a worker for each payload."""

    engine: PgQueuer

    async def enqueue(self, entrypoint: str, payloads: Sequence[str]) -> None:
        """Wake workers; what fails here is found by the sweep."""
        if payloads:
            queries = self.engine.qm.queries
            names, bodies = [entrypoint] * len(payloads), [payload.encode() for payload in payloads]
            await queries.enqueue(names, list(bodies), [0] * len(bodies))

    async def forget_finished(self) -> None:
        """Empty the engine's log, which grows for ever in memory."""
        queries = self.engine.qm.queries
        assert isinstance(queries, InMemoryQueries | Queries)  # the two engines there are
        await queries.clear_queue_log()


@asynccontextmanager
async def open_engine(url: str) -> AsyncIterator[PgQueuer]:
    """Open the engine that fits a database: in memory beside a file, its tables on a server."""
    if sqlite_path(url) is not None:
        yield PgQueuer.in_memory()
        return
    async with asyncpg.create_pool(asyncpg_dsn(url), min_size=1, max_size=4) as pool:
        yield PgQueuer.from_asyncpg_pool(pool)


def _quietly(run: Run) -> Callable[[Job], Awaitable[None]]:
    async def entry(job: Job) -> None:
        try:
            await run((job.payload or b"").decode())
        except Exception as error:
            log.error("job failed", error=outline(error))

    return entry


@asynccontextmanager
async def open_queue(engine: PgQueuer, drain: Run, run: Run, *, working: bool = True) -> AsyncIterator[Queue]:
    """Start the engine with what a lane and a request do; ``working`` false only enqueues."""
    if not working:
        yield Queue(engine)
        return
    engine.entrypoint(LANE)(_quietly(drain))
    engine.entrypoint(REQUEST)(_quietly(run))
    task = asyncio.create_task(
        engine.run(dequeue_timeout=timedelta(seconds=1), batch_size=10, max_concurrent_tasks=20)
    )
    try:
        yield Queue(engine)
    finally:
        engine.shutdown.set()
        with suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(task, 8)
