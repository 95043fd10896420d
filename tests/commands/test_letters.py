"""What whoever runs the bot does with what waits and with dead letters."""

from __future__ import annotations

from datetime import timedelta

from bot.deliveries import drain
from bot.message import Reply, Status
from bot.outbox import letter
from storage.changes import Unit
from storage.records import StoredRequest, Why
from tests.commands.test_operating import OPERATOR, cells, logged
from tests.core.sending import Platform, post_of, posted
from tests.core.talking import ADA, Core, both, core, passed, pressed, said, waiting

__all__ = ["both", "core"]


async def kept(core: Core, number: int = 1) -> list[str]:
    """Have something to be sent; gives the ids."""
    letters = [letter(ADA.key, Reply(body=f"hunter{each}"), core.app.clock()) for each in range(number)]
    await core.store.commit(Unit("", core.app.clock(), deliveries=tuple(letters)))
    return [each.id for each in letters]


async def given_up(core: Core, why: str = "bot was blocked") -> str:
    """Have something that could not be sent."""
    [id] = await kept(core)
    async with core.store.writing() as work:
        await work.deliveries.dead(id, core.app.clock(), why)
    return id


async def test_what_waits_is_listed_without_what_it_holds(both: Core) -> None:
    """With its lane, age and tries; page by page."""
    await kept(both, 21)
    passed(both, hours=3)
    first = await said(both, "/deliveries", OPERATOR)
    rest = await pressed(both, first, "More", OPERATOR)
    assert (first.title, len(cells(first)), len(cells(rest))) == ("21 waiting, 0 dead", 20, 1)
    assert {row[1:] for row in cells(first)} == {("delivery", ADA.key, "3h", "0", "")}
    assert "hunter" not in str((first, rest))
    assert (await said(both, "/deliveries slack:", OPERATOR)).body == "Nothing found."


async def test_whatever_waits_is_listed_in_one_order(both: Core) -> None:
    """Answers, what is for all and what is to be run alike, the longest due first; each on one page."""
    now = both.app.clock()
    for number in range(30):
        at = now - timedelta(minutes=number)
        if number % 3:
            await posted(both, "x", chat=number, due_at=at, bulk=number % 3 == 1)
        else:
            row = StoredRequest(f"Q{number:09}", f"telegram:{number}", Why.JOB, "{}", now, at)
            await both.store.commit(Unit("", now, requests=(row,)))
    first = await said(both, "/deliveries", OPERATOR)
    rest = await pressed(both, first, "More", OPERATOR)
    lanes = [row[2] for row in (*cells(first), *cells(rest))]
    assert lanes == [f"telegram:{number}" for number in reversed(range(30))]
    assert first.title == "30 waiting, 0 dead"


async def test_a_dead_letter_is_sent_after_all(both: Core) -> None:
    """As if it were new: its day of tries begins again."""
    id = await given_up(both)
    passed(both, days=5)
    [row] = cells(await said(both, "/dead BLOCKED", OPERATOR))
    assert row == (id, "delivery", ADA.key, "5d", "0", "bot was blocked")
    assert (await said(both, f"/replay {id.lower()}", OPERATOR)).status is Status.OK
    assert (await said(both, f"/replay {id}", OPERATOR)).status is Status.REFUSED  # it waits
    platform = Platform()
    await drain(post_of(both, platform), ADA.key)
    assert [reply.body for _, reply in platform.sent] == ["hunter0"]
    assert await logged(both, id) == [("console:root", "replay", id, "done")]


async def test_a_letter_is_dropped_when_it_was_said_twice(both: Core) -> None:
    """One that waits, too; what is not there is told so."""
    for id in (await given_up(both), *(await kept(both))):
        asked = await said(both, f"/drop {id}", OPERATOR)
        assert (await said(both, f"/drop {id}", OPERATOR)).status is Status.OK  # still there
        await pressed(both, asked, "Delete", OPERATOR)
        assert (await said(both, f"/drop {id}", OPERATOR)).status is Status.REFUSED
    assert await waiting(both.store) == []
    assert (await said(both, "/dead", OPERATOR)).title == "0 waiting, 0 dead"


async def test_what_nobody_can_read_is_not_tried_again(core: Core) -> None:
    """It can only be dropped."""
    await core.app.bury("u1", ADA.key, "{")
    [row] = cells(await said(core, "/dead", OPERATOR))
    assert row[1] == "unreadable"
    assert (await said(core, f"/replay {row[0]}", OPERATOR)).status is Status.REFUSED
    assert (await said(core, f"/drop {row[0]} confirm=yes", OPERATOR)).status is Status.OK
