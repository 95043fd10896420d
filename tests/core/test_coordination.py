"""What one process at a time may do: leases, taken when they are let go or run out."""

import asyncio

from bot.coordination import drop, take
from tests.core.talking import Core, passed


async def test_a_lease_is_held_renewed_and_let_go_at_once(both: Core) -> None:
    """While one holds it nobody else has it; given back, the next has it without waiting."""
    app = both.app
    assert await take(app, "poller", "a", 15)
    assert not await take(app, "poller", "b", 15)
    passed(both, seconds=10)
    assert await take(app, "poller", "a", 15)
    passed(both, seconds=10)
    assert not await take(app, "poller", "b", 15)
    await drop(app, "poller", "b")
    assert not await take(app, "poller", "b", 15)
    await drop(app, "poller", "a")
    assert await take(app, "poller", "b", 15)
    assert await take(app, "another", "a", 15)


async def test_a_lease_runs_out_when_its_holder_died(both: Core) -> None:
    """Then the next takes it; who comes back too late has lost it."""
    assert await take(both.app, "poller", "a", 15)
    passed(both, seconds=15)
    assert await take(both.app, "poller", "b", 15)
    assert not await take(both.app, "poller", "a", 15)


async def test_a_fence_grows_with_each_holder(both: Core) -> None:
    """Renewing keeps it; letting go does not reset it."""
    fences = []
    for holder in ("a", "a", "b", "a"):
        async with both.store.writing() as work:
            fences.append(await work.coordination.take_lease("poller", holder, both.app.clock(), 15))
        if len(fences) > 1:
            await drop(both.app, "poller", holder)
    assert fences == [1, 1, 2, 3]


async def test_of_many_who_ask_at_once_one_has_it(both: Core) -> None:
    """Whoever is first."""
    taken = await asyncio.gather(*(take(both.app, "poller", f"p{number}", 15) for number in range(12)))
    assert taken.count(True) == 1
