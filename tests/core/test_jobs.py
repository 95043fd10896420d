"""Work that takes long: waited for, kept as a row that any process can answer, lost when its process dies."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot import jobs
from bot.jobs import MOST, Answered, Running, TooManyJobs, cancel, ended, found, streaming, waited_for
from storage.account import Job, JobState
from storage.account_tables import jobs as table
from storage.housekeeping import tidy
from tests.core.talking import Core, passed, rows

ANSWER = Answered(200, (("content-type", "text/plain"),), b"\x00secret\xff")


def work(until: asyncio.Event) -> Callable[[], Awaitable[Answered]]:
    """Make work that ends when a test says so."""

    async def do() -> Answered:
        await until.wait()
        return ANSWER

    return do


async def at_once(running: Running, core: Core, until: asyncio.Event, asker: str = "ADA") -> Job:
    """Begin a job."""
    job = await waited_for(running, core.app, asker, work(until), 0)
    assert isinstance(job, Job)
    return job


async def test_what_is_done_in_time_is_answered_and_kept_nowhere(both: Core) -> None:
    """No row, no task."""
    until = asyncio.Event()
    until.set()
    assert await waited_for(Running(), both.app, "ADA", work(until), 60) == ANSWER
    assert "jobs" not in await rows(both.store)


async def test_a_job_runs_on_and_what_came_of_it_is_kept_sealed(both: Core) -> None:
    """As it would have been answered, for any process to tell, for a day."""
    running, until = Running(), asyncio.Event()
    job = await at_once(running, both, until)
    before = await found(both.app, job.id)
    assert before is not None
    assert before.state is JobState.RUNNING
    until.set()
    await asyncio.wait(running.tasks.values())
    done = await found(both.app, job.id)
    assert done is not None
    assert (done.state, done.status, done.headers, done.body) == (
        JobState.DONE,
        200,
        ANSWER.headers,
        ANSWER.body,
    )
    async with both.store.reading() as opened:
        kept = (await opened.connection.execute(table.select())).one()
    assert b"secret" not in bytes(kept.body) + bytes(kept.headers)
    passed(both, days=1)
    assert await found(both.app, job.id) is None
    async with both.store.writing() as opened:
        assert (await tidy(opened.connection, both.app.clock()))["jobs"] == 1


async def test_work_that_takes_too_long_becomes_a_job_without_beginning_again(both: Core) -> None:
    """What was begun goes on."""
    begun, until, running = list[int](), asyncio.Event(), Running()

    async def do() -> Answered:
        begun.append(1)
        await until.wait()
        return ANSWER

    job = await waited_for(running, both.app, "ADA", do, 0.001)
    assert isinstance(job, Job)
    until.set()
    await asyncio.wait(running.tasks.values())
    done = await found(both.app, job.id)
    assert done is not None
    assert (done.state, begun) == (JobState.DONE, [1])


async def test_an_asker_has_so_many_jobs_at_once_and_no_more(both: Core) -> None:
    """Also where all begin at the same moment; somebody else may still begin."""
    running, until = Running(), asyncio.Event()
    begun = await asyncio.gather(
        *(waited_for(running, both.app, "ADA", work(until), 0) for _ in range(2 * MOST)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Job) for each in begun) == MOST
    assert sum(isinstance(each, TooManyJobs) for each in begun) == MOST
    await at_once(running, both, until, "BEA")
    until.set()
    await asyncio.wait(running.tasks.values())
    await at_once(running, both, until)
    await running.close()


async def test_work_that_there_are_too_many_jobs_for_is_waited_for(core: Core) -> None:
    """What was done already is not thrown away."""
    running, until, last = Running(), asyncio.Event(), asyncio.Event()
    for _ in range(MOST):
        await at_once(running, core, until)
    waiting = asyncio.create_task(waited_for(running, core.app, "ADA", work(last), 0.001))
    await asyncio.wait({waiting}, timeout=0.05)
    last.set()
    assert await waiting == ANSWER
    await running.close()


async def test_a_job_whose_process_died_is_lost(both: Core) -> None:
    """As soon as nobody has said in time that it lives; it does not count any more."""
    job = Job("0" * 20, "ADA", both.app.clock(), both.app.clock() + timedelta(seconds=30))
    async with both.store.writing() as opened:
        assert await opened.jobs.add(job, 1)
        assert not await opened.jobs.add(job, 1)
    passed(both, seconds=31)
    lost = await found(both.app, job.id)
    assert lost is not None
    assert lost.state is JobState.LOST
    later = Job("1" * 20, "ADA", both.app.clock(), both.app.clock() + timedelta(seconds=30))
    async with both.store.writing() as opened:
        assert await opened.jobs.add(later, 1)


async def test_a_process_that_stops_says_that_its_jobs_are_lost(core: Core) -> None:
    """Nobody waits for the end of a lease."""
    running = Running()
    job = await at_once(running, core, asyncio.Event())
    await asyncio.sleep(0)
    await running.close()
    lost = await found(core.app, job.id)
    assert lost is not None
    assert lost.state is JobState.LOST


async def test_a_fault_in_a_job_loses_it(core: Core) -> None:
    """And nobody waits for it for ever."""
    running = Running()

    async def broken() -> Answered:
        raise RuntimeError("secret")

    job = await waited_for(running, core.app, "ADA", broken, 0)
    assert isinstance(job, Job)
    await asyncio.wait(running.tasks.values())
    lost = await found(core.app, job.id)
    assert lost is not None
    assert lost.state is JobState.LOST


async def test_a_job_that_runs_says_again_and_again_that_it_does(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And gives up where it was cancelled by way of another process, whose rows are the same."""
    monkeypatch.setattr(jobs, "RENEWAL", 0.001)
    running = Running()
    job = await at_once(running, core, asyncio.Event())
    passed(core, seconds=20)
    renewed = job
    while renewed.until == job.until:
        await asyncio.sleep(0.001)
        renewed = await found(core.app, job.id) or job
    assert renewed.until == core.app.clock() + jobs.LEASE
    [task] = running.tasks.values()
    await cancel(Running(), core.app, job.id)
    await asyncio.wait({task})
    assert await found(core.app, job.id) is None


async def test_a_cancelled_job_ends_and_is_forgotten(core: Core) -> None:
    """Twice is as good as once."""
    running = Running()
    job = await at_once(running, core, asyncio.Event())
    await cancel(running, core.app, job.id)
    await cancel(running, core.app, job.id)
    assert (await found(core.app, job.id), running.tasks) == (None, {})


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_the_end_of_a_job_is_told_wherever_it_runs(
    core: Core, monkeypatch: pytest.MonkeyPatch, elsewhere: bool
) -> None:
    """With signs of life before it."""
    monkeypatch.setattr(jobs, "LOOK", 0.001)
    running, until = Running(), asyncio.Event()
    job = await at_once(running, core, until)
    told = ended(Running() if elsewhere else running, core.app, job.id, 0.001)
    assert await anext(told) is None
    until.set()
    last = [each async for each in told][-1]
    assert last is not None
    assert last.state is JobState.DONE


async def test_an_asker_has_so_many_streams_open_and_no_more() -> None:
    """One that closes makes room."""
    running = Running()
    for _ in range(2):
        held = [streaming(running, "ADA") for _ in range(MOST)]
        for each in held:
            each.__enter__()
        with pytest.raises(TooManyJobs), streaming(running, "ADA"):
            pass
        for each in held:
            each.__exit__(None, None, None)
    assert running.streams == {}
