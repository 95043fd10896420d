"""Figures of what waits: counted in the database, by queue and platform, the same for every process."""

from datetime import UTC, datetime, timedelta

from storage.changes import Unit
from storage.figures import PLATFORMS, Backlog, figures, in_use
from storage.records import Delivery, State, StoredRequest, Why
from storage.store import Store

NOW = datetime(2030, 5, 17, 12, tzinfo=UTC)


def delivery(id: str, lane: str, minutes: int, **more: bool | int | State) -> Delivery:
    """Make one that has waited so long."""
    at = NOW - timedelta(minutes=minutes)
    return Delivery(id, lane, lane.partition(":")[0], "{}", "{}", at, at, **more)  # type: ignore[arg-type]


async def test_queues_are_counted_by_platform(store: Store) -> None:
    """What waits and since when, what failed before, what is dead; nothing of what is done."""
    rows = (
        delivery("A", "telegram:1", 5),
        delivery("B", "telegram:2", 9, attempts=3),
        delivery("C", "telegram:2", 60, state=State.DONE),
        delivery("D", "slack:T1:C1", 70, state=State.DEAD),
        delivery("E", "hunter2:1", 1),
        delivery("G", "telegram:3", 30, bulk=True),
        delivery("H", "slack:T1:U1", 40, bulk=True, state=State.DEAD),
    )
    kept = StoredRequest("F", "slack:T1:C1", Why.PARKED, "{}", NOW - timedelta(hours=1), NOW, attempts=1)
    await store.commit(Unit("r1", NOW, deliveries=rows, requests=(kept,)))
    found = await figures(store, "telegram-poller", NOW)
    none = Backlog(0, 0, None, 0)
    assert found.backlogs == {
        ("deliveries", "telegram"): Backlog(2, 1, NOW - timedelta(minutes=9), 0),
        ("deliveries", "slack"): Backlog(0, 0, None, 1),
        ("deliveries", "other"): Backlog(1, 0, NOW - timedelta(minutes=1), 0),
        ("broadcasts", "telegram"): Backlog(1, 0, NOW - timedelta(minutes=30), 0),
        ("broadcasts", "slack"): Backlog(0, 0, None, 1),
        ("broadcasts", "other"): none,
        ("requests", "telegram"): none,
        ("requests", "slack"): Backlog(1, 1, NOW - timedelta(hours=1), 0),
        ("requests", "other"): none,
    }
    assert found.size > 10_000
    assert not found.held


async def test_of_nothing_there_are_noughts(store: Store) -> None:
    """So that the first dead letter of all is a change."""
    found = await figures(store, "", NOW)
    assert len(found.backlogs) == 3 * (len(PLATFORMS) + 1)
    assert set(found.backlogs.values()) == {Backlog(0, 0, None, 0)}


async def test_a_lease_is_held_until_it_has_run_out(store: Store) -> None:
    """By whichever process."""
    async with store.writing() as work:
        await work.coordination.take_lease("telegram-poller", "one", NOW, 15)
    assert (await figures(store, "telegram-poller", NOW + timedelta(seconds=14))).held
    assert not (await figures(store, "telegram-poller", NOW + timedelta(seconds=16))).held


async def test_commits_are_counted_and_connections_in_use_told(store: Store) -> None:
    """Units that failed are in no count of units."""
    await store.commit(Unit("r1", NOW))
    await store.commit(Unit("r2", NOW))
    assert (store.transactions, store.units, store.health.failures) == (2, 2, 0)
    assert in_use(store) == (0 if store.shared else None)
    async with store.reading():
        assert in_use(store) == (1 if store.shared else None)
