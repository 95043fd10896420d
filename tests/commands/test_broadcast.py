"""A message of whoever runs the bot to everybody."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.assembly import FOLLOWING
from bot.deliveries import drain, drain_bulk
from bot.face import Rate
from bot.message import Actor, Reply, Space, SpaceKind, Status
from bot.operating import broadcast as broadcasting
from bot.operating.tasks import carry_on
from bot.wire import load_reply
from storage.changes import AddCode, AddPairing, AddPerson, CloseSpace, JoinPersons, Unit
from storage.faults import Unavailable
from storage.outreach import add_letters
from storage.records import Delivery, Identity, Pairing, State
from storage.tables import deliveries
from storage.tasks import Tasks
from tests.commands.test_operating import OPERATOR, cells, logged
from tests.core.sending import Platform, post_of, posted
from tests.core.talking import ADA, Core, both, core, passed, person_of, pressed, said, waiting
from tests.storage.test_store import code, person

__all__ = ["both", "core"]

HOUR = timedelta(hours=1)
TOLD = "We move tonight."


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay out three at a time, and no more while four wait."""
    monkeypatch.setattr(broadcasting, "PEOPLE", 3)
    monkeypatch.setattr(broadcasting, "COUNTED", 2)
    monkeypatch.setattr(broadcasting, "READY", 4)


async def peopled(core: Core, number: int) -> list[str]:
    """Let so many people have spoken in private: their lanes."""
    for each in range(number):
        id, account = f"P{each:09}", str(each + 1)
        one = replace(person(id), identities=(Identity("telegram", account, id),))
        spoke = AddCode(code(each, id, space=f"telegram:{account}"))
        await core.store.commit(Unit("", core.app.clock(), (AddPerson(one), spoke)))
    return [f"telegram:{each + 1}" for each in range(number)]


async def going(core: Core) -> tuple[str, ...]:
    """Name the tasks that go on."""
    async with core.store.reading() as work:
        return await Tasks(work.connection, core.store.ring).going()


async def carried_on(core: Core) -> None:
    """Go on with what goes on, as a worker does after a sweep."""
    for id in await going(core):
        await carry_on(core.app, FOLLOWING, id)


async def carried_out(core: Core, platform: Platform) -> None:
    """Go on and send until nothing is left."""
    while await going(core) or await waiting(core.store):
        await carried_on(core)
        await drain_bulk(post_of(core, platform))


def broadcasted(rows: list[Delivery]) -> list[str]:
    """Name the lanes of what is for all."""
    return [row.lane for row in rows if row.bulk]


def fields(reply: Reply) -> dict[str, str]:
    """Give a reply's fields by what they are called."""
    return {field.label: field.value for field in reply.fields}


# --- whom it reaches ----------------------------------------------------------------------------------------


async def test_everybody_who_spoke_in_private_is_told_once_and_after_a_dry_run(both: Core) -> None:
    """Nobody who is blocked, has shut their chat, spoke in a group alone, or cannot be written to."""
    bea, cy, dan, eve = (Actor("telegram", str(number)) for number in (2, 3, 4, 5))
    fay = Actor("slack", "T1:U1")
    for who in (ADA, bea, cy, Actor("web", "guest")):
        await said(both, "hello", who)
    await said(both, "hello", dan, Space("telegram", "-5", SpaceKind.GROUP))
    await said(both, "hello", fay, space=Space("slack", "T1:D7"))
    await said(both, "hello", Actor("slack", "T1:U2"), space=Space("slack", "T1:C7", SpaceKind.CHANNEL))
    await said(both, "/help", eve)
    await said(both, f"/block {bea.key}", OPERATOR)
    await both.store.commit(Unit("", both.app.clock(), (CloseSpace(cy.key, "blocked", both.app.clock()),)))
    asked = await said(both, f"/broadcast {TOLD}", OPERATOR)
    assert asked.title == "This would go to 2 people"
    assert cells(asked) == (("slack", "1"), ("telegram", "1"))
    assert await going(both) == ()
    assert "2 people" in (await pressed(both, asked, "Send it", OPERATOR)).body
    [task] = await going(both)
    await carried_on(both)
    rows = await waiting(both.store)
    assert {row.lane for row in rows} == {ADA.key, fay.key}
    assert {load_reply(row.body).body for row in rows} == {TOLD}
    assert {row.person_id for row in rows} == {(await person_of(both, who)).id for who in (ADA, fay)}
    assert [row[1:] for row in await logged(both, "broadcast")] == [
        ("broadcast", f"{task} 2", "done"),
        ("broadcast", f"{task} 2", "done"),
        ("broadcast", "2", "shown"),
    ]


async def test_who_was_counted_for_the_dry_run_is_not_counted_again(core: Core) -> None:
    """It goes out to the number that was told, and to who has come since. Said by hand, all are counted."""
    await peopled(core, 2)
    asked = await said(core, f"/broadcast {TOLD}", OPERATOR)
    await said(core, "hello", ADA)
    assert "2 people" in (await pressed(core, asked, "Send it", OPERATOR)).body
    await carried_on(core)
    assert len(broadcasted(await waiting(core.store))) == 3
    await said(core, "/broadcast stop", OPERATOR)
    assert "3 people" in (await said(core, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)).body


async def test_where_nobody_is_nothing_is_sent(core: Core) -> None:
    """And it is said."""
    for line in ("/broadcast hello", "/broadcast confirm=yes -- hello", "/broadcast stop"):
        assert (await said(core, line, OPERATOR)).status is Status.REFUSED
    assert "No message" in (await said(core, "/broadcast status", OPERATOR)).body
    assert await going(core) == ()


# --- how it goes on -----------------------------------------------------------------------------------------


async def test_it_is_laid_out_as_fast_as_it_is_sent_and_tells_how_far_it_is(both: Core, small: None) -> None:
    """Few rows wait at a time; nobody is told twice, nobody is left out, another one has to wait."""
    lanes, platform = await peopled(both, 11), Platform()
    assert (await said(both, f"/broadcast {TOLD}", OPERATOR)).title == "This would go to 11 people"
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    await carried_on(both)
    assert broadcasted(await waiting(both.store)) == lanes[:6]
    again = await said(both, "/broadcast confirm=yes -- Again", OPERATOR)
    assert again.status is Status.REFUSED
    status = fields(await said(both, "/broadcast status", OPERATOR))
    assert (status["State"], status["So far"]) == ("goes on", "6 of 11")
    assert status["Deliveries"] == "6 waiting, 0 dead"
    await carried_out(both, platform)
    assert Counter(chat for chat, _ in platform.sent) == Counter(lane.partition(":")[2] for lane in lanes)
    status = fields(await said(both, "/broadcast status", OPERATOR))
    assert (status["State"], status["So far"]) == ("done", "11 of 11")
    assert (await said(both, "/broadcast confirm=yes -- Again", OPERATOR)).status is Status.OK


async def test_stopped_it_sends_nothing_more(both: Core, small: None) -> None:
    """Also of what was laid out; what else waits is sent."""
    await peopled(both, 11)
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    await carried_on(both)
    await posted(both, "an answer", chat=1)
    stopped = await pressed(both, await said(both, "/broadcast status", OPERATOR), "Stop", OPERATOR)
    assert "stopped" in stopped.body
    assert [row.bulk for row in await waiting(both.store)] == [False]
    assert await going(both) == ()
    assert fields(await said(both, "/broadcast status", OPERATOR))["State"] == "was stopped"
    assert (await said(both, "/broadcast stop", OPERATOR)).status is Status.REFUSED


async def test_wherever_a_process_dies_nobody_is_told_twice_or_left_out(
    both: Core, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a step, in its transaction, or after it: it goes on where it stands."""
    lanes, platform, deaths = await peopled(both, 11), Platform(), iter([False, True, True, False, True])

    async def dying(*given: object) -> None:
        await add_letters(*given)  # type: ignore[arg-type]  # passed on as it came
        if next(deaths, False):
            raise ConnectionResetError

    monkeypatch.setattr("storage.tasks.add_letters", dying)
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    died = 0
    while await going(both):
        try:
            await carried_on(both)
        except Unavailable:
            died += 1
        await drain_bulk(post_of(both, platform))
    await carried_out(both, platform)
    assert died == 3
    assert sorted(chat for chat, _ in platform.sent) == sorted(lane.partition(":")[2] for lane in lanes)


async def test_processes_that_go_on_at_once_tell_everybody_once(both: Core, small: None) -> None:
    """Each step is written down by one of them."""
    lanes, platform = await peopled(both, 30), Platform()
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    while await going(both):
        await asyncio.gather(*(carried_on(both) for _ in range(4)))
        await asyncio.gather(*(drain_bulk(post_of(both, platform)) for _ in range(2)))
    await carried_out(both, platform)
    assert sorted(chat for chat, _ in platform.sent) == sorted(lane.partition(":")[2] for lane in lanes)
    assert fields(await said(both, "/broadcast status", OPERATOR))["So far"] == "30 of 30"


async def test_whoever_has_it_and_joins_somebody_else_is_not_told_again(both: Core, small: None) -> None:
    """Two persons who become one meanwhile are one."""
    await peopled(both, 6)
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    async with both.store.writing() as work:  # as if the first step alone had been made
        task = await Tasks(work.connection, both.store.ring).latest("broadcast")
    assert task is not None
    step = await broadcasting.lay_out(both.app, task)
    assert step is not None
    async with both.store.writing() as work:
        assert await Tasks(work.connection, both.store.ring).advance(task, step, both.app.clock())
    now, stays, joins = both.app.clock(), "P000000005", "P000000000"
    await both.store.commit(Unit("", now, (AddPairing(Pairing("7K3F9QXM", stays, now + HOUR)),)))
    await both.store.commit(Unit("", now, (JoinPersons("J000000001", "7K3F9QXM", stays, joins, now),)))
    await carried_on(both)
    await carried_on(both)
    lanes = broadcasted(await waiting(both.store))
    assert len(lanes) == len(set(lanes)) == 5
    assert "telegram:6" not in lanes


# --- others first -------------------------------------------------------------------------------------------


async def test_an_answer_overtakes_what_is_for_many_also_in_its_own_lane(both: Core) -> None:
    """However long that has waited already."""
    [lane], platform = await peopled(both, 1), Platform()
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    await carried_on(both)
    passed(both, minutes=5)
    await posted(both, "an answer", chat=1)
    async with both.store.reading() as work:
        assert await work.deliveries.lanes_due(both.app.clock()) == (lane,)
        assert await work.deliveries.lanes_due(both.app.clock(), bulk=True) == ()
    await drain(post_of(both, platform), lane)
    assert platform.said == ["an answer", TOLD]


async def test_an_answer_that_waits_is_found_among_however_many_that_are_for_all(both: Core) -> None:
    """A sweep looks for it by itself: those that are due longer do not take its place."""
    await peopled(both, 120)
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    await carried_on(both)
    passed(both, minutes=5)
    await posted(both, "an answer", chat=1000)
    async with both.store.reading() as work:
        assert await work.deliveries.lanes_due(both.app.clock(), 10) == ("telegram:1000",)
        assert len(await work.deliveries.lanes_due(both.app.clock(), 10, bulk=True)) == 10


async def test_what_is_for_many_leaves_what_may_go_at_once_to_others(both: Core) -> None:
    """It counts against the whole bot's rate as if nothing might run ahead of it."""
    [lane], seen = await peopled(both, 1), list[tuple[Rate, ...]]()
    rates = (Rate("chat", 1.0, 3), Rate("all", 24.0, 6, common=True))

    async def reserve(asked: tuple[Rate, ...]) -> float:
        seen.append(asked)
        return 0.0

    post = post_of(both, Platform(rates=rates), reserve)
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    await carried_on(both)
    await posted(both, "an answer", chat=1)
    await drain(post, lane)
    assert seen == [rates, (rates[0], Rate("all", 24.0, 1, common=True))]


async def test_what_is_for_many_waits_in_place_for_a_moment_and_no_longer(both: Core) -> None:
    """A long wait, as flood control asks for, is one of the row."""
    await peopled(both, 1)
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    await carried_on(both)
    for waits, sent in (([60.0], []), ([0.01, 0.01, 0.0], [TOLD])):

        async def reserve(asked: tuple[Rate, ...], left: list[float] = waits) -> float:
            return left.pop(0)

        platform = Platform()
        await drain_bulk(post_of(both, platform, reserve))
        assert (platform.said, waits) == (sent, [])
        passed(both, minutes=2)
    async with both.store.reading() as work:
        states = await work.connection.scalars(select(deliveries.c.state))
    assert list(states) == [State.DONE]


async def test_a_lane_that_cannot_be_sent_to_holds_up_no_other(both: Core) -> None:
    """It is tried later; the rest of a round goes on, and ends."""
    await peopled(both, 5)
    platform = Platform(then=[RuntimeError(), None, RuntimeError()])
    await said(both, f"/broadcast confirm=yes -- {TOLD}", OPERATOR)
    await carried_on(both)
    await drain_bulk(post_of(both, platform))
    assert len(platform.sent) == 3
    assert len(await waiting(both.store)) == 2
    async with both.store.writing() as work:
        await work.connection.execute(update(deliveries).values(due_at=both.app.clock()))
    await drain_bulk(post_of(both, platform))
    assert await waiting(both.store) == []
