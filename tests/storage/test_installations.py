"""Installations in rows: one renews, what was begun is used up once, who left is forgotten after a while."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.changes import AddCode, AddPerson, SetKit, Unit
from storage.departures import KEPT, forget_departed
from storage.encryption import KeyRing
from storage.housekeeping import tidy
from storage.installations import Installations
from storage.records import Identity, Install, Installation, Kit, Uninstall
from storage.store import Store
from storage.tables import codes, identities, installations, installing, kits, people
from tests.storage.test_store import NOW, add, code, person

HOUR = timedelta(hours=1)
HELD = Installation(
    "T1", "", "Team", "A1", "U0", "commands", "U1", NOW, "xoxe.xoxb-1", "xoxe-1", NOW + HOUR
)  # fmt: skip


async def found(store: Store, team: str = "T1") -> Installation | None:
    """Look an installation up."""
    async with store.reading() as work:
        return await Installations(work.connection, store.ring).of(team)


async def test_what_is_installed_is_sealed_and_found(store: Store) -> None:
    """Under its own id, or its organisation's; the rows show no token; another key opens none."""
    whole = replace(HELD, id="E1", enterprise="E1", refresh_token="", expires_at=None)
    await add(store, Install(HELD))
    await add(store, Install(whole))
    async with store.writing() as work:
        await Installations(work.connection, store.ring).join("T2", "E1")
        await Installations(work.connection, store.ring).join("T1", "E1")
    assert await found(store) == HELD
    assert await found(store, "T2") == await found(store, "E1") == whole
    assert await found(store, "T3") is None
    async with store.reading() as work:
        rows = (await work.connection.execute(select(installations))).all()
    assert b"xox" not in b"".join(row.token + row.refresh_token for row in rows)
    assert "xox" not in repr(HELD)


async def test_one_of_many_renews_and_a_new_installation_ends_that(store: Store) -> None:
    """A claim runs out, is held off after a failure, and is worth nothing once another pair is there."""

    async def claim(who: str, at: timedelta = timedelta()) -> bool:
        async with store.writing() as work:
            return await Installations(work.connection, store.ring).claim(
                HELD, who, NOW + at, NOW + at + timedelta(minutes=1)
            )

    async def renew(held: Installation, anew: Installation) -> bool:
        async with store.writing() as work:
            return await Installations(work.connection, store.ring).renew(held, anew)

    await add(store, Install(HELD))
    assert sum(await asyncio.gather(*(claim(f"w{number}") for number in range(20)))) == 1
    assert await claim("late", timedelta(minutes=1))
    async with store.writing() as work:
        rows = Installations(work.connection, store.ring)
        assert await rows.claimed(HELD, NOW + timedelta(minutes=1))
        assert await rows.expiring(NOW + HOUR, NOW + timedelta(minutes=1)) == ()
        await rows.hold_off(HELD, "late", NOW + HOUR)
        assert not await rows.claimed(HELD, NOW + timedelta(minutes=1))
        assert await rows.expiring(NOW + HOUR, NOW + HOUR) == ("T1",)
    assert not await claim("later", timedelta(minutes=2))
    anew = replace(HELD, token="xoxe.xoxb-2", refresh_token="xoxe-2", version=1)
    assert await renew(HELD, anew)
    assert await found(store) == anew
    assert not await renew(HELD, anew)
    assert not await claim("last", timedelta(hours=2))
    await add(store, Install(HELD))
    assert await found(store) == replace(HELD, version=2)
    assert not await renew(anew, anew)
    await add(store, Uninstall("T1", NOW, NOW))
    assert not await renew(replace(HELD, version=2), anew)


async def test_what_was_begun_is_used_up_once_or_goes(store: Store) -> None:
    """By its HMAC alone; what nobody came back for is tidied away."""

    async def end() -> bool:
        async with store.writing() as work:
            return await Installations(work.connection, store.ring).end("a secret", NOW)

    async with store.writing() as work:
        rows = Installations(work.connection, store.ring)
        assert await rows.begin("a secret", NOW, NOW + HOUR)
        assert await rows.begin("another", NOW, NOW + HOUR)
        kept = list(await work.connection.scalars(select(installing.c.fingerprint)))
    assert all(len(each) == 64 and "secret" not in each for each in kept)
    assert sum(await asyncio.gather(*(end() for _ in range(20)))) == 1
    async with store.writing() as work:
        assert (await tidy(work.connection, NOW + HOUR))["installing"] == 1


async def test_who_is_also_elsewhere_keeps_that(store: Store) -> None:
    """A person with an account on another platform loses the workspace's, and what was made in it."""
    both = replace(
        person(),
        identities=(Identity("slack", "T1:U1", "ADA0000000"), Identity("telegram", "7", "ADA0000000")),
    )
    only = replace(person("BEA0000000"), identities=(Identity("slack", "T1:U2", "BEA0000000"),))
    other = replace(person("EVE0000000"), identities=(Identity("slack", "T_:U1", "EVE0000000"),))
    theirs = replace(code(3, space="slack:T_:C1"), person_id="EVE0000000")
    hers = replace(code(4, space="slack:T1:C1"), person_id="BEA0000000")
    await add(store, AddPerson(both), AddPerson(only), AddPerson(other))
    await add(store, AddCode(code(1, space="slack:T1:C1")), AddCode(code(2)), AddCode(theirs), AddCode(hers))
    await add(store, SetKit(Kit("slack:T1:C1", "{}", "", "EVE0000000", NOW)))
    for told in (NOW, NOW + HOUR):
        await store.commit(Unit("", NOW, (Uninstall("T1", told, NOW),)))
    for at, gone in ((NOW + KEPT - HOUR, 0), (NOW + KEPT, 1), (NOW + KEPT, 0)):
        async with store.writing() as work:
            assert await forget_departed(work.connection, at) == gone
    async with store.reading() as work:
        read = work.connection.scalars
        assert sorted(await read(select(people.c.id))) == ["ADA0000000", "EVE0000000"]
        assert sorted(await read(select(identities.c.external_id))) == ["7", "T_:U1"]
        assert sorted(await read(select(codes.c.space))) == ["slack:T_:C1", "web:x"]
        assert list(await read(select(kits.c.space))) == []


async def test_an_installation_is_no_other_keys(store: Store) -> None:
    """Nor another row's."""
    await add(store, Install(HELD))
    async with store.reading() as work:
        with pytest.raises(Exception, match=r"installations"):
            await Installations(work.connection, KeyRing((b"x" * 32,))).of("T1")
