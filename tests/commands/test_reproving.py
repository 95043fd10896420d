"""Whether what is kept still scans, as whoever runs the bot asks."""

from __future__ import annotations

from sqlalchemy import update

from bot.message import Status
from storage.tables import codes
from tests.commands.test_operating import OPERATOR, cells, logged
from tests.core.talking import ADA, Core, both, codes_of, core, pressed, said

__all__ = ["both", "core"]


async def test_all_codes_are_proven_batch_by_batch(both: Core) -> None:
    """What can no longer be drawn is listed by its id, without what it says; the rest goes on."""
    for text in ("one", "two", "three", "four"):
        await said(both, text, ADA)
    first = await said(both, "/reprove 3", OPERATOR)
    assert (first.status, first.body) == (Status.OK, "3 codes were drawn and proven.")
    rest = await pressed(both, first, "Go on", OPERATOR)
    assert (rest.body, rest.buttons) == ("1 code was drawn and proven.", ())
    lost = (await codes_of(both, ADA))[0]
    async with both.store.writing() as work:
        await work.connection.execute(update(codes).where(codes.c.id == lost.id).values(text=b"\0" * 40))
    told = await said(both, "/reprove", OPERATOR)
    assert told.status is Status.FAILED
    assert told.body == "3 codes were drawn and proven. 1 does not come out."
    [(id, why)] = cells(told)
    assert (id, why.startswith("Unsealable")) == (lost.id, True)
    assert [row[1:] for row in await logged(both, lost.id)] == [("reprove", lost.id, "failed")]
