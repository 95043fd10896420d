"""Spaces that take nothing, and spaces that move: what was to be sent, and what is kept of them."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.changes import (
    AddAsset,
    AddCode,
    AddPerson,
    AlreadySeen,
    Change,
    CloseSpace,
    Delivered,
    ForgetPerson,
    MoveSpace,
    OpenSpace,
    SaveDraft,
    SetKit,
    Unit,
)
from storage.deliveries import deliver
from storage.housekeeping import SEEN
from storage.records import Asset, Delivery, Draft, Identity, Kit, State
from storage.spaces import IN_HAND
from storage.store import Store
from storage.tables import closures, deliveries
from tests.storage.test_store import NOW, add, code, person

OLD, NEW = "telegram:-5", "telegram:-1005"
MOVED = MoveSpace(OLD, NEW, {"chat": -1005, "message": 0}, NOW)


def delivery(id: str, lane: str = OLD) -> Delivery:
    """Make something to send."""
    address = json.dumps({"chat": -5, "user": 7, "message": 3})
    return Delivery(id, lane, "telegram", address, "{}", NOW, NOW, request_id="r", person_id="ADA0000000")


async def states(store: Store) -> dict[str, tuple[str, str]]:
    """Read how far each delivery is, and why."""
    async with store.reading() as work:
        rows = await work.connection.execute(select(deliveries).order_by(deliveries.c.sequence))
        return {row.id: (row.state, row.error) for row in rows}


async def closed(store: Store) -> list[str]:
    """List the spaces that take nothing."""
    async with store.reading() as work:
        return list(await work.connection.scalars(select(closures.c.space).order_by(closures.c.space)))


async def test_what_waits_for_a_space_that_closes_is_given_up_with_the_reason(store: Store) -> None:
    """What was sent stays sent, and another space is not touched; closing twice is closing once."""
    await store.commit(Unit("", NOW, deliveries=(delivery("A"), delivery("B"), delivery("C", NEW))))
    async with store.writing() as work:
        await deliver(work.connection, store.ring, Delivered("A", NOW))
    for why in ("blocked", "blocked again"):
        await add(store, CloseSpace(OLD, why, NOW))
    assert await states(store) == {
        "A": (State.DONE, ""), "B": (State.DEAD, "blocked"), "C": (State.PENDING, ""),
    }  # fmt: skip
    assert await closed(store) == [OLD]


async def test_nothing_more_is_kept_for_sending_in_a_closed_space(store: Store) -> None:
    """Until it opens: by an update, or by somebody who speaks there."""
    await add(store, CloseSpace(OLD, "blocked", NOW))
    await store.commit(Unit("", NOW, deliveries=(delivery("A"), delivery("B", NEW))))
    await store.commit(Unit("", NOW, deliveries=(delivery("C"),), heard=NEW))
    assert await closed(store) == [OLD]
    await store.commit(Unit("", NOW, deliveries=(delivery("D"), delivery("E")), heard=OLD))
    assert await closed(store) == []
    await add(store, CloseSpace(OLD, "blocked", NOW), OpenSpace(OLD), OpenSpace(OLD))
    await store.commit(Unit("", NOW, deliveries=(delivery("F"),)))
    found = await states(store)
    assert {id for id, (state, _) in found.items() if state == State.DEAD} == {"A", "C", "D", "E"}
    assert found["A"] == (State.DEAD, "blocked")
    assert found["F"] == (State.PENDING, "")


async def test_a_group_that_moves_takes_everything_along_once(store: Store) -> None:
    """Kit and pictures, codes, what is being filled in, where pending answers go; also told twice at once."""
    kit = Kit(OLD, '{"modules": "dots"}', "svg", "ADA0000000", NOW)
    draft = Draft("D", "ADA0000000", OLD, "wifi", {"ssid": "Café"}, "password", NOW + timedelta(hours=1))
    changes: tuple[Change, ...] = (
        AddPerson(person()), SetKit(kit), AddAsset(Asset("P", OLD, b"png", NOW)), SaveDraft(draft),
        AddCode(code(1, space=OLD)), AddCode(code(2)), CloseSpace(OLD, "left", NOW),
    )  # fmt: skip
    await add(store, *changes)
    await store.commit(Unit("", NOW, deliveries=(delivery("A"),), heard=OLD))
    await asyncio.gather(*(add(store, MOVED, request=f"telegram:bot:{n}") for n in (1, 2)))
    async with store.reading() as work:
        assert await work.people.kit(NEW) == replace(kit, space=NEW)
        assert await work.people.kit(OLD) is None
        assert [asset.id for asset in await work.assets.of(NEW)] == ["P"]
        assert await work.drafts.get("ADA0000000", NEW, NOW) == replace(draft, space=NEW)
        spaces = [each.space for each in (await work.codes.page("ADA0000000")).codes]
        assert sorted(spaces) == [NEW, "web:x"]
        assert await work.deliveries.next(NEW, NOW) is None  # the old lane's sender may have it in hand
        waiting = await work.deliveries.next(NEW, NOW + IN_HAND)
    assert waiting is not None
    assert json.loads(waiting.address) == {"chat": -1005, "user": 7, "message": 0}
    assert await closed(store) == []


async def test_what_was_begun_anew_in_the_new_place_stays(store: Store) -> None:
    """Its own kit, and its own half-filled form."""
    old, new = (Kit(space, space, "", "", NOW) for space in (OLD, NEW))
    mine = Draft("D", "ADA0000000", OLD, "wifi", {}, "ssid", NOW + timedelta(hours=1))
    await add(store, AddPerson(person()), SetKit(old), SetKit(new))
    await add(store, SaveDraft(mine), SaveDraft(replace(mine, id="E", space=NEW, command="event")))
    await add(store, MOVED)
    async with store.reading() as work:
        assert await work.people.kit(NEW) == new
        found = await work.drafts.get("ADA0000000", NEW, NOW)
        assert found is not None
        assert found.command == "event"
        assert await work.people.kit(OLD) is None


async def test_forgetting_a_person_forgets_that_they_blocked_the_bot(store: Store) -> None:
    """And nobody else's."""
    other = replace(person("EVE0000000"), identities=(Identity("telegram", "8", "EVE0000000", ""),))
    mine = replace(person(), identities=(Identity("telegram", "7", "ADA0000000", ""),))
    await add(store, AddPerson(mine), AddPerson(other))
    await add(store, *(CloseSpace(f"telegram:{id}", "blocked", NOW) for id in (7, 8, -5)))
    await add(store, ForgetPerson("ADA0000000"))
    assert await closed(store) == ["telegram:-5", "telegram:8"]


async def test_an_id_that_comes_again_long_after_is_another_requests(store: Store) -> None:
    """Platforms repeat themselves for hours, and may number anew after a week: nothing is lost by that."""
    await store.commit(Unit("telegram:bot:1", NOW))
    for later in (timedelta(0), SEEN - timedelta(seconds=1)):
        with pytest.raises(AlreadySeen):
            await store.commit(Unit("telegram:bot:1", NOW + later))
    week = NOW + timedelta(days=7)
    results = await asyncio.gather(
        *(store.commit(Unit("telegram:bot:1", week)) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["AlreadySeen"] * 3 + ["NoneType"]


async def test_a_mark_says_how_far_something_has_come(store: Store) -> None:
    """And since when."""
    async with store.writing() as work:
        assert await work.coordination.mark("poll") is None
        await work.coordination.set_mark("poll", "1", NOW)
        await work.coordination.set_mark("poll", "2", NOW + timedelta(1))
    async with store.reading() as work:
        assert await work.coordination.mark("poll") == ("2", NOW + timedelta(1))
