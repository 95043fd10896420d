"""What is done by the clock: what waits without a wake is found, what has had its time goes, nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy import select, text

from bot.housekeeping import sweep, ticking, tidy_up
from bot.message import Actor
from bot.queue import BOARD, BULK, LANE, REQUEST, TASK, Queue, open_engine, open_queue
from storage import tables
from storage.changes import AddCode, AddPairing, OpenBoard, SaveDraft, SetFavourite, Unit
from storage.housekeeping import RETIRED, retire, tidy
from storage.records import Code, Draft, Pairing, State, StoredRequest, Why
from storage.store import Store
from storage.tasks import Tasks
from tests.core.sending import posted, soon
from tests.core.talking import Core, codes_of, passed, person_of, rows, said

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@asynccontextmanager
async def listening(core: Core) -> AsyncIterator[tuple[Queue, list[tuple[str, str]]]]:
    """Open the engine that fits the core's database, and keep what it was woken for."""
    woken: list[tuple[str, str]] = []

    async def lane(payload: str) -> None:
        woken.append((LANE, payload))

    async def request(payload: str) -> None:
        woken.append((REQUEST, payload))

    async def board(payload: str) -> None:
        woken.append((BOARD, payload))

    async def bulk(payload: str) -> None:
        woken.append((BULK, payload))

    async def task(payload: str) -> None:
        woken.append((TASK, payload))

    url, behind = core.store.writer.url.render_as_string(hide_password=False), {BULK: bulk, TASK: task}
    async with (
        open_engine(url) as connect,
        open_queue(connect, lane, request, board, behind=behind) as queue,
    ):
        yield queue, woken


async def until(core: Core, woken: list[tuple[str, str]], wanted: set[tuple[str, str]]) -> None:
    """Wait until all that is wanted was woken."""

    async def there() -> None:
        while not wanted <= set(woken):
            await asyncio.sleep(0.01)

    await soon(there())


def stored(core: Core, id: str, **changes: object) -> StoredRequest:
    """Make a request that waits."""
    now = core.app.clock()
    return replace(StoredRequest(id, "telegram:1", Why.JOB, "{}", now, now), **changes)  # type: ignore[arg-type]


# --- sweeping -----------------------------------------------------------------------------------------------


async def test_a_sweep_finds_all_that_is_due_and_has_no_wake(both: Core) -> None:
    """After a crash between commit and wake; what is done, given up or not due yet is left alone."""
    later = both.app.clock() + MINUTE
    await posted(both, "one", "two", chat=1)
    await posted(both, "later", chat=2, due_at=later)
    await posted(both, "done", chat=3, state=State.DONE)
    waits = (stored(both, "Q000000001"), stored(both, "Q000000002", due_at=later))
    open_now = OpenBoard("slack", "T1:U1", "", both.app.clock())
    await both.store.commit(Unit("", both.app.clock(), (open_now,), requests=waits))
    async with listening(both) as (queue, woken):
        await sweep(both.app, queue)
        await until(both, woken, {(LANE, "telegram:1"), (REQUEST, "Q000000001"), (BOARD, "slack:T1:U1")})
        assert len(woken) == 3
        passed(both, minutes=1)
        await sweep(both.app, queue)
        await until(both, woken, {(LANE, "telegram:2"), (REQUEST, "Q000000002")})
        assert (LANE, "telegram:3") not in woken


async def test_a_sweep_wakes_what_is_for_many_and_what_goes_on(both: Core) -> None:
    """Once for all of it, and for each task; where there is none, nothing."""
    async with listening(both) as (queue, woken):
        await sweep(both.app, queue)
        for chat in (1, 2):
            await posted(both, "to all", chat=chat, bulk=True)
        await said(both, "/reprove", Actor("console", "root"))
        async with both.store.reading() as work:
            [task] = await Tasks(work.connection, both.store.ring).going()
        await sweep(both.app, queue)
        await until(both, woken, {(BULK, "all"), (TASK, task)})
    assert sorted(woken) == [(BULK, "all"), (TASK, task)]


async def test_a_sweep_while_the_database_is_away_raises_nothing(core: Core) -> None:
    """The next one tries again; so does the next tidying."""
    async with listening(core) as (queue, _):
        async with core.store.writing() as work:
            await work.connection.execute(text("ALTER TABLE deliveries RENAME TO gone"))
        with structlog.testing.capture_logs() as logs:
            await sweep(core.app, queue)
            await tidy_up(core.app, queue, None)
    assert [each["event"] for each in logs] == ["sweep failed", "tidying failed"]


async def test_the_clock_ticks_both_while_it_is_open(core: Core) -> None:
    """Sweeping each second, tidying at once; at the end it stops."""
    await posted(core, "one")
    person = await _with_draft(core)
    passed(core, hours=1)
    async with listening(core) as (queue, woken), ticking(core.app, queue, None):
        await until(core, woken, {(LANE, "telegram:1")})

        async def tidied() -> None:
            while "drafts" in await rows(core.store):
                await asyncio.sleep(0.01)

        await soon(tidied())
    assert person


async def _with_draft(core: Core) -> str:
    """Let somebody be filling in a form for half an hour."""
    await said(core, "hello")
    person, now = await person_of(core), core.app.clock()
    draft = Draft("D000000001", person.id, "telegram:101", "wifi", {}, "ssid", now + 30 * MINUTE)
    await core.store.commit(Unit("", now, (SaveDraft(draft),)))
    return person.id


# --- tidying ------------------------------------------------------------------------------------------------


async def tidied(core: Core, retention_days: int | None = None) -> dict[str, int]:
    """Tidy: how many rows of each table went."""
    async with core.store.writing() as work:
        gone = await tidy(work.connection, core.app.clock())
        if retention_days is not None:
            gone["codes"] = await retire(work.connection, core.app.clock(), retention_days)
    return {name: number for name, number in gone.items() if number}


async def test_a_form_and_a_pairing_code_go_when_they_expire(both: Core) -> None:
    """Not a second before."""
    person = await _with_draft(both)
    pairing = Pairing("7K3F9QXM", person, both.app.clock() + 30 * MINUTE)
    await both.store.commit(Unit("", both.app.clock(), (AddPairing(pairing),)))
    passed(both, minutes=29, seconds=59)
    assert await tidied(both) == {}
    passed(both, seconds=1)
    assert await tidied(both) == {"drafts": 1, "pairings": 1}


async def test_what_is_done_goes_after_a_day_and_dead_letters_after_thirty(both: Core) -> None:
    """What is still to be done stays, however old."""
    now = both.app.clock()
    states = (State.PENDING, State.DONE, State.DEAD)
    waits = tuple(
        stored(both, f"Q00000000{number}", state=state, finished_at=None if number == 0 else now)
        for number, state in enumerate(states)
    )
    await both.store.commit(Unit("", now, requests=waits))
    for state in states:
        await posted(both, state, state=state, finished_at=None if state is State.PENDING else now)
    passed(both, seconds=86_399)
    assert await tidied(both) == {}
    passed(both, seconds=1)
    assert await tidied(both) == {"deliveries": 1, "requests": 1}
    passed(both, days=29, seconds=-1)
    assert await tidied(both) == {}
    passed(both, seconds=1)
    assert await tidied(both) == {"deliveries": 1, "requests": 1}
    passed(both, days=1000)
    assert await tidied(both) == {}
    assert await _states(both.store) == [State.PENDING] * 2


async def _states(store: Store) -> list[str]:
    async with store.reading() as work:
        found = [
            await work.connection.scalars(select(table.c.state))
            for table in (tables.deliveries, tables.requests)
        ]
        return [state for each in found for state in each]


async def test_ids_that_were_seen_go_after_six_days(both: Core) -> None:
    """Before Telegram's start anew, after any platform repeats itself."""
    await both.store.commit(Unit("telegram:bot:1", both.app.clock()))
    passed(both, days=5)
    await both.store.commit(Unit("telegram:bot:2", both.app.clock()))
    assert await tidied(both) == {}
    passed(both, days=1)
    assert await tidied(both) == {"seen": 1}
    assert (await rows(both.store))["seen"] == 1


async def test_rates_that_are_idle_and_leases_of_requests_go(both: Core) -> None:
    """A fence that has to grow for ever stays."""
    now = both.app.clock()
    async with both.store.writing() as work:
        await work.coordination.reserve("chat", 1, 1, now)
        for name in ("request:Q000000001", "telegram-poller"):
            await work.coordination.take_lease(name, "a", now, 30)
    passed(both, seconds=29)
    assert await tidied(both) == {}
    passed(both, seconds=1)
    assert await tidied(both) == {"leases": 1}
    passed(both, hours=1, seconds=-30)
    assert await tidied(both) == {}
    passed(both, seconds=1)
    assert await tidied(both) == {"rates": 1}
    assert (await rows(both.store))["leases"] == 1


async def test_codes_go_past_the_retention_but_favourites_stay(both: Core) -> None:
    """Where there is one."""
    old = await said(both, "old")
    kept = await said(both, "kept for good")
    person = await person_of(both)
    await both.store.commit(Unit("", both.app.clock(), (SetFavourite(kept.code, person.id, True),)))
    passed(both, days=10)
    await said(both, "new")
    passed(both, days=20, seconds=-1)
    assert "codes" not in await tidied(both, 30)
    assert "codes" not in await tidied(both)
    passed(both, seconds=1)
    assert (await tidied(both, 30))["codes"] == 1
    left: set[Code] = set(await codes_of(both))
    assert {code.text for code in left} == {"kept for good", "new"}
    assert old.code not in {code.id for code in left}


async def test_however_many_codes_are_past_the_retention_all_go(both: Core) -> None:
    """A few in each transaction; favourites and what is newer stay."""
    await said(both, "kept for good")
    person, [code] = await person_of(both), await codes_of(both)
    await both.store.commit(Unit("", both.app.clock(), (SetFavourite(code.id, person.id, True),)))
    others = (replace(code, id=f"C{number:09}", favourite=False) for number in range(RETIRED + 1))
    await both.store.commit(Unit("", both.app.clock(), tuple(map(AddCode, others))))
    passed(both, days=30)
    await said(both, "new")
    async with listening(both) as (queue, _):
        await tidy_up(both.app, queue, 30)
    assert {each.text for each in await codes_of(both)} == {"kept for good", "new"}


async def test_tidying_in_two_processes_at_once_deletes_once(both: Core) -> None:
    """And keeps what has to stay; the engine's log is emptied along."""
    for number in range(30):
        await posted(both, f"{number}", state=State.DONE, finished_at=both.app.clock())
        await both.store.commit(Unit(f"r{number}", both.app.clock()))
    await posted(both, "to be sent")
    passed(both, days=7)
    with structlog.testing.capture_logs() as logs:
        async with listening(both) as (queue, _):
            await asyncio.gather(*(tidy_up(both.app, queue, 30) for _ in range(4)))
    assert logs == []
    assert await rows(both.store) == {"deliveries": 1}


async def test_lanes_that_nobody_drains_leave_no_row(both: Core) -> None:
    """They are named by spaces, of people and workspaces that may be gone; one that is drained stays."""
    store = both.store
    for name in ("slack:T1:U1", "slack:T1:U2"):
        async with store.lane(name) as mine:
            assert mine
    async with store.lane("slack:T1:U1"):
        async with store.writing() as work:
            await work.coordination.forget_lanes()
        assert (await rows(store)).get("lanes", 0) == int(store.shared)
    async with store.writing() as work:
        await work.coordination.forget_lanes()
    assert "lanes" not in await rows(store)
    async with store.lane("slack:T1:U1") as mine:
        assert mine
