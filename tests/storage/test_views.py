"""Which change of a view was the latest is known to all processes, for a day."""

from datetime import UTC, datetime, timedelta

from storage.housekeeping import tidy
from storage.store import Store

NOW = datetime(2030, 5, 17, 12, tzinfo=UTC)


async def test_a_mark_only_goes_forward(store: Store) -> None:
    """The same may be said twice; an earlier one is told so."""
    said = ("1700000000.000002", "1700000000.000001", "1700000000.000002", "1700000001.000000")
    answers = []
    for value in said:
        async with store.writing() as work:
            answers.append(await work.coordination.advance("view:T1:V1", value, NOW))
    assert answers == [True, False, True, True]
    async with store.reading() as work:
        assert await work.coordination.mark("view:T1:V1") == (said[-1], NOW)


async def test_a_view_is_forgotten_after_a_day(store: Store) -> None:
    """What goes on for ever stays."""
    async with store.writing() as work:
        await work.coordination.advance("view:T1:V1", "1", NOW)
        await work.coordination.advance("offset", "1", NOW)
        await tidy(work.connection, NOW + timedelta(days=2))
    async with store.reading() as work:
        assert await work.coordination.mark("view:T1:V1") is None
        assert await work.coordination.mark("offset") is not None
