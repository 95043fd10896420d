"""A person who blocked the bot is written to no more, until they speak again; nobody else notices."""

from sqlalchemy import select

from bot.deliveries import drain
from bot.face import Closed
from storage.changes import CloseSpace, OpenSpace
from storage.records import State
from storage.tables import closures
from tests.core.sending import Platform, post_of, posted, row
from tests.core.talking import ADA, BEA, GROUP, Core, asked, passed, request, rows

LANE = "telegram:101"


async def closed(core: Core) -> list[str]:
    """List the spaces that take nothing."""
    async with core.store.reading() as work:
        return list(await work.connection.scalars(select(closures.c.space)))


async def test_who_blocked_the_bot_is_written_to_once_and_no_more(both: Core) -> None:
    """What waits for them is given up with the reason, what comes later is not tried; others get theirs."""
    ids = await posted(both, "one", "two", chat=101)
    await posted(both, "for Bea", chat=102)
    platform = Platform(then=[Closed("Forbidden: bot was blocked by the user")])
    post = post_of(both, platform)
    await drain(post, LANE)
    for id in ids:
        found = await row(both.store, id)
        assert (found.state, found.finished_at) == (State.DEAD, both.app.clock())
        assert "blocked by the user" in found.error
    [late] = await posted(both, "three", chat=101)
    await drain(post, LANE)
    assert (await row(both.store, late)).state == State.DEAD
    await drain(post, "telegram:102")
    assert platform.said == ["for Bea"]
    assert await closed(both) == [LANE]


async def test_who_writes_again_is_answered(both: Core) -> None:
    """Their words show that they are back, whether Telegram told it or not."""
    await both.app.note("u1", (CloseSpace(LANE, "blocked", both.app.clock()),))
    await asked(both, "hello", BEA)
    assert await closed(both) == [LANE]
    [reply] = await asked(both, "hello", ADA)
    assert reply.picture is not None
    assert await closed(both) == []


async def test_what_happens_to_a_chat_is_kept_once(both: Core) -> None:
    """A repeated update changes nothing; the next one does."""
    now = both.app.clock()
    await both.app.note("u1", (CloseSpace(LANE, "blocked", now),))
    await both.app.note("u2", (OpenSpace(LANE),))
    await both.app.note("u1", (CloseSpace(LANE, "blocked", now),))
    assert await closed(both) == []


async def test_a_command_that_may_be_another_bots_is_let_alone(core: Core) -> None:
    """In a group nobody is told that there is no such command, and nothing is kept; our own work."""
    overheard = request(core, "/weather", where=GROUP, overheard=True, answered=False)
    assert await core.app.handle(overheard) is None
    assert await rows(core.store) == {}
    [told] = await asked(core, "/weather", where=GROUP)
    assert "no command" in told.body
    [made] = await asked(core, "/qr hello", where=GROUP, overheard=True)
    assert made.picture is not None


async def test_an_id_is_new_again_after_a_week(core: Core) -> None:
    """Telegram may number anew after a quiet week."""
    made = request(core, "hello", answered=False)
    await core.app.handle(made)
    before = (await rows(core.store))["codes"]
    await core.app.handle(made)
    assert (await rows(core.store))["codes"] == before
    passed(core, days=7)
    await core.app.handle(made)
    assert (await rows(core.store))["codes"] == before + 1
