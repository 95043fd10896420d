"""Two persons become one by a pairing code, once; and two again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storage import records
from storage.changes import (
    AddAsset,
    AddCode,
    AddPairing,
    AddPerson,
    DeleteCode,
    JoinPersons,
    NoteShown,
    SaveDraft,
    SetKit,
    SetPreferences,
    Stale,
    UndoJoin,
    Unit,
)
from storage.records import Pairing, Preferences
from storage.store import Store
from storage.tables import deliveries, drafts, pairings
from tests.storage.test_store import NOW, add, code, delivery, person

ADA, BEA, CEM = "ADA0000000", "BEA0000000", "CEM0000000"
CODE = "7K3F9QXM"


async def people(store: Store, *ids: str) -> None:
    """Let these have an account and two codes each."""
    for place, id in enumerate(ids):
        made = (AddCode(code(10 * place + number, id)) for number in (1, 2))
        await add(store, AddPerson(person(id)), *made)


def shown(person_id: str = ADA, text: str = CODE) -> AddPairing:
    """Show somebody a pairing code for ten minutes."""
    return AddPairing(Pairing(text, person_id, NOW + timedelta(minutes=10)))


def joining(id: str = "J000000001", joins: str = BEA, text: str = CODE, stays: str = ADA) -> JoinPersons:
    """Let somebody type the code."""
    return JoinPersons(id, text, stays, joins, NOW)


async def owned(store: Store, person_id: str) -> list[str]:
    """List somebody's codes."""
    async with store.reading() as work:
        return sorted(each.id for each in (await work.codes.page(person_id)).codes)


async def owner(store: Store, account: str) -> str:
    """Say who an account belongs to."""
    async with store.reading() as work:
        found = await work.people.by_account("web", account.lower())
    assert found is not None
    return found.id


async def test_a_code_is_found_until_it_expires_and_stands_nowhere(store: Store) -> None:
    """Only its HMAC is kept; the newest replaces the earlier."""
    await people(store, ADA)
    await add(store, shown(text="8888AAAA"))
    await add(store, shown())
    async with store.reading() as work:
        assert await work.pairings.find(CODE, NOW) == shown().pairing
        assert await work.pairings.find(CODE, NOW + timedelta(minutes=10)) is None
        assert await work.pairings.find("8888AAAA", NOW) is None
        row = (await work.connection.execute(select(pairings))).one()
        assert CODE not in str(row)


async def test_codes_kits_and_what_is_under_way_move_and_the_settings_of_who_stays_stay(store: Store) -> None:
    """The joining account's settings yield; its half-filled form goes."""
    await people(store, ADA, BEA)
    theirs = Preferences(language="de")
    await add(store, SetPreferences(BEA, Preferences(), theirs))
    await add(store, SetKit(records.Kit("slack:T1:C1", "{}", "png", BEA, NOW)))
    await add(store, SaveDraft(records.Draft("D1", BEA, "web:x", "wifi", {}, "ssid", NOW)))
    await store.commit(Unit("r", NOW, deliveries=(replace(delivery(1), person_id=BEA),)))
    await add(store, NoteShown("telegram:7", "3", BEA, "C1", "text", NOW, anew=True))
    await add(store, shown(), joining())
    assert await owner(store, BEA) == ADA
    assert len(await owned(store, ADA)) == 4
    async with store.reading() as work:
        joined = await work.people.by_id(ADA)
        assert joined is not None
        assert joined.preferences == Preferences()
        assert [account.external_id for account in joined.identities] == [ADA.lower(), BEA.lower()]
        assert await work.people.by_id(BEA) is None
        kit = await work.people.kit("slack:T1:C1")
        assert kit is not None
        assert kit.set_by == ADA
        assert await work.connection.scalar(select(func.count()).select_from(drafts)) == 0
        assert await work.connection.scalar(select(deliveries.c.person_id)) == ADA
        assert [kept.said for kept in await work.messages.of(ADA)] == ["3"]


async def test_a_code_joins_once_also_when_typed_twice_at_the_same_moment(store: Store) -> None:
    """The other one has to read again."""
    await people(store, ADA, BEA, CEM)
    await add(store, shown())
    ended = await asyncio.gather(
        store.commit(Unit("a", NOW, (joining("J1", BEA),))),
        store.commit(Unit("b", NOW, (joining("J2", CEM),))),
        return_exceptions=True,
    )
    assert [type(each) for each in ended if each is not None] == [Stale]
    assert {await owner(store, BEA), await owner(store, CEM)} - {BEA, CEM} == {ADA}


@pytest.mark.parametrize(
    "wrong", [joining(text="NOSUCH00"), joining(joins=CEM), joining(stays=CEM, joins=BEA)]
)
async def test_a_code_joins_only_with_whom_it_was_shown_to(store: Store, wrong: JoinPersons) -> None:
    """A wrong code, somebody gone, or two strangers: nothing changes."""
    await people(store, ADA, BEA)
    await add(store, shown())
    with pytest.raises(Stale):
        await add(store, wrong)
    assert await owner(store, BEA) == BEA


async def test_it_can_be_undone_and_what_was_made_since_stays(store: Store) -> None:
    """Person, settings, codes and kits are as before; a deleted code stays deleted."""
    await people(store, ADA, BEA)
    theirs = Preferences(language="de", style="{}")
    await add(store, SetPreferences(BEA, Preferences(), theirs))
    await add(store, AddAsset(records.Asset("L000000001", BEA, b"png", NOW)))
    async with store.reading() as work:
        before = await work.people.by_id(BEA)
    said = NoteShown("telegram:7", "3", BEA, code(12).id, "text", NOW, anew=True)
    await add(store, said, shown(), joining())
    async with store.reading() as work:
        assert len(await work.messages.of(ADA)) == 1
    await add(store, AddCode(code(99, ADA)), DeleteCode(code(11).id, ADA))
    async with store.reading() as work:
        [join] = await work.pairings.joins(ADA)
    async with store.reading() as work:
        assert [each.id for each in await work.assets.of(ADA)] == ["L000000001"]
    assert before is not None
    assert join.accounts == before.identities
    await add(store, UndoJoin(join.id, ADA))
    async with store.reading() as work:
        assert await work.people.by_id(BEA) == before
        assert await work.pairings.joins(ADA) == ()
        assert [each.id for each in await work.assets.of(BEA)] == ["L000000001"]
        assert ([*await work.messages.of(ADA)], len(await work.messages.of(BEA))) == ([], 1)
    assert await owned(store, BEA) == _ids(12)
    assert await owned(store, ADA) == _ids(1, 2, 99)
    with pytest.raises(Stale):
        await add(store, UndoJoin(join.id, ADA))


async def test_who_had_joined_moves_along_and_back(store: Store) -> None:
    """C joined B, B joins A and leaves again: C still can leave B."""
    await people(store, ADA, BEA, CEM)
    await add(store, shown(BEA), joining("J000000001", CEM, stays=BEA))
    await add(store, shown(), joining("J000000002", BEA))
    assert len(await owned(store, ADA)) == 6
    await add(store, UndoJoin("J000000002", ADA))
    assert await owner(store, CEM) == BEA
    await add(store, UndoJoin("J000000001", BEA))
    assert await owner(store, CEM) == CEM
    assert [len(await owned(store, each)) for each in (ADA, BEA, CEM)] == [2, 2, 2]


def _ids(*numbers: int) -> list[str]:
    return [code(number).id for number in numbers]
