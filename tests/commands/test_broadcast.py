"""A message of whoever runs the bot to everybody."""

from __future__ import annotations

from bot.message import Actor, Space, SpaceKind, Status
from bot.wire import load_reply
from storage.changes import CloseSpace, Unit
from tests.commands.test_operating import OPERATOR, cells, logged
from tests.core.talking import ADA, Core, both, core, person_of, pressed, said, waiting

__all__ = ["both", "core"]


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
    asked = await said(both, "/broadcast We move tonight.", OPERATOR)
    assert asked.title == "This would go to 2 people"
    assert sorted(cells(asked)) == [("slack", "1"), ("telegram", "1")]
    assert await waiting(both.store) == []
    assert "2 people" in (await pressed(both, asked, "Send it", OPERATOR)).body
    rows = await waiting(both.store)
    assert {row.lane for row in rows} == {ADA.key, fay.key}
    assert {load_reply(row.body).body for row in rows} == {"We move tonight."}
    assert {row.person_id for row in rows} == {(await person_of(both, who)).id for who in (ADA, fay)}
    assert [row[1:] for row in await logged(both, "broadcast")] == [
        ("broadcast", "2", "done"),
        ("broadcast", "2", "shown"),
    ]


async def test_where_nobody_is_nothing_is_sent(core: Core) -> None:
    """And it is said."""
    for line in ("/broadcast hello", "/broadcast confirm=yes -- hello"):
        assert (await said(core, line, OPERATOR)).status is Status.REFUSED
    assert await waiting(core.store) == []
