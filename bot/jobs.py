"""Work that takes long: waited for a while, then kept as a job whose end any process can tell.

A job's row says how long who runs it lives at least; that is renewed while it runs. Where a process dies, the
job is lost, and whoever asks is told so: nothing of what was sent is kept, so it cannot be begun again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.ids import new_id
from bot.parked import outline
from storage.account import Job, JobState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.app import App

log = structlog.get_logger(__name__)

PATIENCE = 10.0  # seconds that work is waited for
MOST = 4  # jobs that one asker may have at once, and streams of events
LEASE, RENEWAL = timedelta(seconds=30), 10.0  # for which a row says that its process lives; seconds
KEPT = timedelta(days=1)  # that what came of a job is there
LOOK = 1.0  # seconds between two looks at a job that another process runs
ID = 20  # characters: 100 bits, as a guest's job is known by nothing else


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of some work, as it is to be told."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


Do = Callable[[], Awaitable[Answered]]


class TooManyJobs(Exception):
    """An asker has as many at once as may be."""


@dataclass(slots=True, eq=False)
class Running:
    """What this process runs, by its job's id, and how many streams each asker has open."""

    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    streams: Counter[str] = field(default_factory=Counter)

    async def close(self) -> None:
        """Give up what runs: its jobs are lost."""
        tasks = tuple(self.tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def waited_for(running: Running, app: App, asker: str, do: Do, patience: float) -> Answered | Job:
    """Do some work, and give what came of it, or after so many seconds the job that it has become.

    ``do`` answers whatever goes wrong. Without patience it is a job at once; raises TooManyJobs. Work that an
    asker has too many jobs for is waited for to its end.
    """
    if patience <= 0:
        return await _kept(running, app, asker, do)
    work = asyncio.ensure_future(do())
    try:
        done, _ = await asyncio.wait({work}, timeout=patience)
        if not done:
            with suppress(TooManyJobs):
                return await _kept(running, app, asker, lambda: work)
        return await work
    except asyncio.CancelledError:  # nobody waits any more
        work.cancel()
        raise


async def _kept(running: Running, app: App, asker: str, do: Do) -> Job:
    now = app.clock()
    job = Job(new_id(ID), asker, now, now + LEASE)
    async with app.store.writing() as work:
        if not await work.jobs.add(job, MOST):
            raise TooManyJobs
    task = running.tasks[job.id] = asyncio.create_task(_carried_out(app, job, do))
    task.add_done_callback(lambda _: running.tasks.pop(job.id, None))
    return job


async def _carried_out(app: App, job: Job, do: Do) -> None:
    """Do a job's work, saying again and again that it is done, and keep what came of it."""
    work = asyncio.ensure_future(do())
    try:
        while not (await asyncio.wait({work}, timeout=RENEWAL))[0]:
            async with app.store.writing() as rows:
                if not await rows.jobs.renew(job.id, app.clock() + LEASE):
                    return  # cancelled, by way of another process
        answered = work.result()
        async with app.store.writing() as rows:
            await rows.jobs.finish(job.id, answered.status, answered.headers, answered.body)
    except BaseException as error:
        with suppress(Exception):  # else its row says so by itself, once nobody renews it
            async with app.store.writing() as rows:
                await rows.jobs.lose(job.id)
        if not isinstance(error, Exception):
            raise
        log.error("a job was lost", job=job.id, error=outline(error))
    finally:
        work.cancel()


async def found(app: App, id: str) -> Job | None:
    """Find a job; None for one that never was, or has had its day."""
    now = app.clock()
    async with app.store.reading() as work:
        job = await work.jobs.get(id, now)
    return job if job is not None and job.created_at > now - KEPT else None


async def cancel(running: Running, app: App, id: str) -> None:
    """Give a job up and forget what came of it, whoever runs it."""
    async with app.store.writing() as work:
        await work.jobs.drop(id)
    task = running.tasks.get(id)
    if task is not None:
        task.cancel()
        await asyncio.wait({task})


@contextmanager
def streaming(running: Running, asker: str) -> Iterator[None]:
    """Hold a stream of events open; raises TooManyJobs."""
    if running.streams[asker] >= MOST:
        raise TooManyJobs
    running.streams[asker] += 1
    try:
        yield
    finally:
        running.streams[asker] -= 1
        running.streams += Counter()  # forgets who has none


async def ended(running: Running, app: App, id: str, pause: float) -> AsyncIterator[Job | None]:
    """Wait for a job's end, and give it: None each so many seconds before, and where it is gone."""
    loop = asyncio.get_running_loop()
    told = loop.time()
    while (job := await found(app, id)) is not None and job.state is JobState.RUNNING:
        task = running.tasks.get(id)
        left = max(0.0, told + pause - loop.time())
        if task is not None:
            await asyncio.wait({task}, timeout=left)
        else:
            await asyncio.sleep(min(LOOK, left))
        if loop.time() >= told + pause:
            told = loop.time()
            yield None
    if job is not None:
        yield job
