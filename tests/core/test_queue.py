"""The engine that wakes: in memory beside a file, in its tables on a server; a lost one has a successor."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import pytest
import structlog
from pgqueuer import PgQueuer

from bot import queue as queues
from bot.deliveries import drain
from bot.face import Address
from bot.queue import AT_ONCE_ON_SERVER, BOARD, LANE, REQUEST, TASK, Queue, open_engine, open_queue
from tests.core.sending import Platform, post_of, posted, soon
from tests.core.talking import Core, shut

SECRET = "s3cret-canary"
Job = Callable[[str], Coroutine[Any, Any, None]]


class Done:
    """Counts what was run, and wakes who waits for it."""

    def __init__(self) -> None:
        self.ran: Counter[tuple[str, str]] = Counter()
        self._again = asyncio.Event()

    def job(self, kind: str) -> Job:
        """Make the function of a kind of job."""

        async def run(payload: str) -> None:
            self.ran[kind, payload] += 1
            self._again.set()

        return run

    async def all(self, *wanted: tuple[str, str]) -> None:
        """Wait until each of these has run."""
        while not set(wanted) <= set(self.ran):
            await self._again.wait()
            self._again.clear()


@asynccontextmanager
async def running(url: str, done: Done, *, working: bool = True) -> AsyncIterator[Queue]:
    """Open the engine for a database."""
    async with (
        open_engine(url) as connect,
        open_queue(connect, done.job(LANE), done.job(REQUEST), done.job(BOARD), working=working) as queue,
    ):
        yield queue


async def test_lanes_requests_and_boards_are_run_by_what_is_meant_for_them(url: str) -> None:
    """Each once; nothing is nothing."""
    done = Done()
    async with running(url, done) as queue:
        await queue.enqueue(LANE, [])
        await queue.enqueue(LANE, ["telegram:1", "telegram:2"])
        await queue.enqueue(REQUEST, ["Q000000001"])
        await soon(done.all((LANE, "telegram:1"), (LANE, "telegram:2"), (REQUEST, "Q000000001")))
        await queue.enqueue(BOARD, ["slack:T1:U1"])
        await soon(done.all((BOARD, "slack:T1:U1")))
        await queue.enqueue(LANE, ["telegram:3"])
        await soon(done.all((LANE, "telegram:3")))
        await queue.forget_finished()
    assert set(done.ran.values()) == {1}
    assert len(done.ran) == 5


async def test_what_was_committed_is_woken_in_a_moment_all_at_once(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once, however often it was said; one call for many, also where one that fails came before."""
    done, calls, kept = Done(), list[list[str]](), Queue.enqueue

    async def enqueue(self: Queue, entrypoint: str, payloads: Sequence[str]) -> None:
        calls.append(list(payloads))
        if len(calls) == 1:
            raise OSError(SECRET)
        await kept(self, entrypoint, payloads)

    monkeypatch.setattr(Queue, "enqueue", enqueue)
    async with running(url, done) as queue:
        with structlog.testing.capture_logs() as lines:
            queue.wake(LANE, ["telegram:0"])
            await queue.woken()
        queue.wake(LANE, ["telegram:1", "telegram:2"])
        queue.wake(LANE, ["telegram:1", "telegram:3"])
        await soon(done.all(*((LANE, f"telegram:{number}") for number in (1, 2, 3))))
    assert calls == [["telegram:0"], ["telegram:1", "telegram:2", "telegram:3"]]
    assert [(line["event"], SECRET in str(line)) for line in lines] == [("wake failed", False)]


async def test_what_nobody_waits_for_is_woken_once_and_runs_one_at_a_time(url: str) -> None:
    """However often that is asked while it waits or runs; afterwards it is woken again. Lanes go on."""
    done, gate, running_now, most = Done(), asyncio.Event(), 0, 0

    async def bulk(payload: str) -> None:
        nonlocal running_now, most
        running_now += 1
        most = max(most, running_now)
        await gate.wait()
        running_now -= 1
        await done.job(TASK)(payload)

    async with (
        open_engine(url) as connect,
        open_queue(connect, done.job(LANE), done.job(REQUEST), behind={TASK: bulk}) as queue,
    ):
        for _ in range(3):
            await queue.enqueue(TASK, ["T000000001", "T000000002"])
            await queue.enqueue(LANE, ["telegram:1"])
        await soon(done.all((LANE, "telegram:1")))
        gate.set()
        await soon(done.all((TASK, "T000000001"), (TASK, "T000000002")))
        assert (done.ran[TASK, "T000000001"], done.ran[TASK, "T000000002"], most) == (1, 1, 1)

        async def again() -> None:
            while done.ran[TASK, "T000000001"] < 2:
                await queue.enqueue(TASK, ["T000000001"])
                await asyncio.sleep(0.05)

        await soon(again())


async def test_a_job_that_raises_is_logged_without_its_words_and_the_rest_goes_on(url: str) -> None:
    """Nothing of it stands in the engine's tables either."""
    done = Done()

    async def raising(payload: str) -> None:
        raise RuntimeError(f"about {SECRET}")

    with structlog.testing.capture_logs() as logs:
        async with open_engine(url) as connect, open_queue(connect, raising, done.job(REQUEST)) as queue:
            await queue.enqueue(LANE, ["telegram:1"])
            await queue.enqueue(REQUEST, ["Q000000001"])
            await soon(done.all((REQUEST, "Q000000001")))

            async def logged() -> None:
                while not logs:
                    await asyncio.sleep(0.01)

            await soon(logged())
    [entry] = logs
    assert entry["event"] == "job failed"
    assert entry["error"].startswith("RuntimeError at test_queue.py")
    assert SECRET not in str(logs)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_one_process_wakes_and_another_works(url: str) -> None:
    """``web`` enqueues, ``worker`` runs; both make sure of the tables, also at the same moment."""
    idle, done = Done(), Done()
    async with running(url, idle, working=False) as web, running(url, done):
        await web.enqueue(LANE, ["telegram:1"])
        await soon(done.all((LANE, "telegram:1")))

        async def another() -> None:
            async with running(url, Done(), working=False):
                return

        await soon(asyncio.gather(*(another() for _ in range(4))))
    assert idle.ran == {}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_an_engine_that_lost_its_database_is_followed_by_another(
    url: str, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is run when the server is back, without a restart of the process."""
    monkeypatch.setattr(queues, "AGAIN", 0.05)
    done = Done()
    with structlog.testing.capture_logs() as logs:
        async with running(url, done) as queue:
            await queue.enqueue(LANE, ["before"])
            await soon(done.all((LANE, "before")))
            for number in (1, 2):
                lost = queue.engine
                async with shut(url, postgres) as end:
                    for _ in range(20):
                        await end()
                        await asyncio.sleep(0.05)  # new tries, which are refused
                await soon(_replaced(queue, lost))
                await queue.enqueue(LANE, [f"after {number}"])
                await soon(done.all((LANE, f"after {number}")))
    assert {each["event"] for each in logs} >= {"the queue stopped; another one starts"}


async def _replaced(queue: Queue, lost: PgQueuer) -> None:
    while queue.engine is lost:
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_an_engine_that_waits_for_its_database_can_be_stopped(
    url: str, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is told to end does not wait for the server to come back."""
    monkeypatch.setattr(queues, "AGAIN", 0.05)

    async def reached() -> None:
        while not [each for each in logs if each["event"] == "the queue cannot be reached"]:
            await asyncio.sleep(0.01)

    async with AsyncExitStack() as stack:
        with structlog.testing.capture_logs() as logs:
            await stack.enter_async_context(running(url, Done()))
            async with shut(url, postgres):
                await soon(reached())
                await soon(stack.aclose())


async def test_many_lanes_that_are_slow_leave_connections_for_each_other(both: Core, url: str) -> None:
    """As many as may run at once are all in the middle of a send, and still every lane ends."""
    together, inside = asyncio.Event(), list[str]()

    async def hold(address: Address) -> None:
        inside.append(str(address["chat"]))
        if len(inside) == AT_ONCE_ON_SERVER:
            together.set()
        await together.wait()

    platform = Platform(before=hold)
    for chat in range(1, 31):
        await posted(both, f"to {chat}", chat=chat)

    async def ignored(payload: str) -> None:
        return None

    async def sent() -> None:
        while len(platform.sent) < 30:
            await asyncio.sleep(0.01)

    drained = partial(drain, post_of(both, platform))
    with structlog.testing.capture_logs() as logs:
        async with open_engine(url) as connect, open_queue(connect, drained, ignored) as queue:
            await queue.enqueue(LANE, [f"telegram:{chat}" for chat in range(1, 31)])
            await soon(sent())
    assert [each for each in logs if each["log_level"] != "debug"] == []
    assert sorted(platform.said) == sorted(f"to {chat}" for chat in range(1, 31))
