"""pgqueuer, the engine that runs deliveries and waiting requests; the rows are the truth, its jobs only wake.

On SQLite its in-memory engine, on PostgreSQL its own tables, shared by any number of workers. A job's payload
is one lane, drained in order under its lock, one request's id, the account of one board, or a task's id. What
runs never raises: tracebacks would be stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from types import MappingProxyType

import asyncpg
import structlog
from pgqueuer import PgQueuer, Queries
from pgqueuer.adapters.inmemory.queries import InMemoryQueries
from pgqueuer.models import Job

from bot.parked import outline
from storage.faults import named
from storage.url import asyncpg_dsn, sqlite_path

log = structlog.get_logger(__name__)

LANE, REQUEST, BOARD = "lane", "request", "board"
# What nobody waits for: after all others, one of each at a time, and woken once however often that is asked.
BULK, TASK = "bulk", "task"
BEHIND = frozenset({BULK, TASK})
# Jobs that a process runs. On a server a lane holds a connection, and needs a second one to work with: of
# those that the store may open (storage.engines.POOL) they leave enough for each other and everybody else.
AT_ONCE, AT_ONCE_ON_SERVER = 20, 8
AGAIN, STOPPING, CLOSING = 1.0, 8.0, 2.0  # seconds: before another start, to end in, to close in
Run = Callable[[str], Awaitable[None]]
Connect = Callable[[], AbstractAsyncContextManager[PgQueuer]]


@dataclass(slots=True)
class Queue:
    """An open engine, replaced when its database was lost; ``enqueue`` wakes a worker for each payload."""

    engine: PgQueuer
    _wakes: dict[str, dict[str, None]] = field(default_factory=dict)  # payloads by their entry point
    _waking: asyncio.Task[None] | None = None

    def wake(self, entrypoint: str, payloads: Iterable[str]) -> None:
        """Enqueue in a moment, with all that comes until then: nobody's acknowledgement waits for it."""
        for payload in payloads:
            self._wakes.setdefault(entrypoint, {})[payload] = None
        if self._wakes and (self._waking is None or self._waking.done()):
            self._waking = asyncio.create_task(self._wake_all())

    async def _wake_all(self) -> None:
        while self._wakes:
            wakes, self._wakes = self._wakes, {}
            try:
                for entrypoint, payloads in wakes.items():
                    await self.enqueue(entrypoint, list(payloads))
            except Exception as error:  # it was committed: the sweep finds it
                log.warning("wake failed", error=outline(named(error)))

    async def woken(self) -> None:
        """Wait until what was to be woken is, or cannot be."""
        if self._waking is not None:
            await self._waking

    async def enqueue(self, entrypoint: str, payloads: Sequence[str]) -> None:
        """Wake workers; what fails here is found by the sweep."""
        if not payloads:
            return
        queries, behind = self.engine.qm.queries, entrypoint in BEHIND
        names, bodies = [entrypoint] * len(payloads), [payload.encode() for payload in payloads]
        keys = [f"{entrypoint} {payload}" if behind else None for payload in payloads]
        ranks = [-1 if behind else 0] * len(payloads)
        await queries.enqueue(names, list(bodies), ranks, None, list(keys), on_conflict="skip")

    async def forget_finished(self) -> None:
        """Empty the engine's log, which grows for ever in memory."""
        queries = self.engine.qm.queries
        assert isinstance(queries, InMemoryQueries | Queries)  # the two engines there are
        await queries.clear_queue_log()


@asynccontextmanager
async def open_engine(url: str) -> AsyncIterator[Connect]:
    """Give the way to an engine that fits a database: in memory beside a file, its tables on a server."""
    if sqlite_path(url) is not None:
        yield _in_memory
    else:
        yield partial(_on_server, asyncpg_dsn(url))


@asynccontextmanager
async def _in_memory() -> AsyncIterator[PgQueuer]:
    yield PgQueuer.in_memory()


@asynccontextmanager
async def _on_server(dsn: str) -> AsyncIterator[PgQueuer]:
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=4)
    try:
        yield PgQueuer.from_asyncpg_pool(pool)
    finally:
        try:
            await asyncio.wait_for(pool.close(), CLOSING)
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pool.terminate()  # an engine that failed never gives its listening connection back


def _quietly(run: Run) -> Callable[[Job], Awaitable[None]]:
    async def entry(job: Job) -> None:
        try:
            await run((job.payload or b"").decode())
        except Exception as error:
            log.error("job failed", error=outline(named(error)))

    return entry


async def _nothing(payload: str) -> None:
    """Do nothing."""


@asynccontextmanager
async def open_queue(
    connect: Connect,
    drain: Run,
    run: Run,
    refresh: Run = _nothing,
    *,
    behind: Mapping[str, Run] = MappingProxyType({}),
    working: bool = True,
) -> AsyncIterator[Queue]:
    """Start the engine with what a lane, a request and a board do; ``working`` false only enqueues.

    ``behind``: what comes after all of these, by its entry point.
    """
    async with connect() as engine:
        queue, stopping = Queue(engine), asyncio.Event()
        if not working:
            yield queue
            with suppress(TimeoutError):
                await asyncio.wait_for(queue.woken(), CLOSING)
            return
        work = {LANE: drain, REQUEST: run, BOARD: refresh, **behind}
        task = asyncio.create_task(_serve(queue, connect, work, stopping))
        try:
            yield queue
        finally:
            stopping.set()
            queue.engine.shutdown.set()
            with suppress(asyncio.CancelledError, TimeoutError):
                await asyncio.wait_for(task, STOPPING)


async def _serve(queue: Queue, connect: Connect, work: Mapping[str, Run], stopping: asyncio.Event) -> None:
    """Run the engine until told to stop; one whose database was lost is dead, and another takes its place."""
    await _run(queue.engine, work)
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), AGAIN)
        try:
            async with connect() as engine:
                queue.engine = engine
                if not stopping.is_set():
                    await _run(engine, work)
        except Exception as error:
            log.warning("the queue cannot be reached", error=outline(named(error)))


async def _run(engine: PgQueuer, work: Mapping[str, Run]) -> None:
    """Run an engine until it is told to stop, or fails."""
    for name, each in work.items():
        engine.entrypoint(name, concurrency_limit=int(name in BEHIND))(_quietly(each))
    most = AT_ONCE if isinstance(engine.qm.queries, InMemoryQueries) else AT_ONCE_ON_SERVER
    try:
        await engine.run(timedelta(seconds=1), most // 2, max_concurrent_tasks=most)
    except Exception as error:
        log.error("the queue stopped; another one starts", error=outline(named(error)))
