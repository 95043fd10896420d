"""Units that are committed together: none takes another down, and each sees what came before it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import records
from storage.changes import (
    AddCode,
    AddPerson,
    CloseSpace,
    Delivered,
    ExtendRequest,
    FinishRequest,
    NoteShown,
    Stale,
    Unit,
)
from storage.records import Why
from storage.store import Store
from storage.tables import closures, shown
from tests.storage.test_store import NOW, add, code, delivery, person

SPACE, SAID = "web:x", "5"


async def test_one_unit_that_cannot_be_kept_costs_no_other(store: Store) -> None:
    """Half a character is no database's business, and nobody else's."""
    await add(store, AddPerson(person()))
    good = Unit("good", NOW, (AddCode(code(1)),))
    bad = Unit("bad", NOW, (AddCode(replace(code(2), title="\ud800")),))
    done = await asyncio.gather(*map(store.commit, (good, bad)), return_exceptions=True)
    assert done[0] is None
    assert isinstance(done[1], Exception)


async def test_what_nobody_waits_for_goes_with_the_next_that_somebody_does(store: Store) -> None:
    """One transaction for both, in the order in which they came; and by and by one of its own."""
    before, order = store.transactions, list[str]()

    async def commit(name: str, *, patient: bool) -> None:
        await store.commit(Unit(name, NOW, (AddPerson(person(name)),)), patient=patient)
        order.append(name)

    first = asyncio.create_task(commit("PATIENT000", patient=True))
    await asyncio.sleep(0)
    await commit("HURRIED000", patient=False)
    await first
    assert (store.transactions - before, order) == (1, ["PATIENT000", "HURRIED000"])
    await commit("ALONE00000", patient=True)
    assert store.transactions - before == 2


async def test_a_send_and_the_next_answer_are_noted_in_their_order(store: Store) -> None:
    """A message that is answered anew has no place yet, whatever stood for its last answer."""
    await add(store, AddPerson(person()), AddCode(code(1)), AddCode(code(2)))

    def noted(code_id: str) -> NoteShown:
        return NoteShown(SPACE, SAID, person().id, code_id, "text", NOW, anew=True)

    await add(store, noted(code(1).id))
    sent = Delivered("D", NOW, lane=SPACE, said=SAID, message="7:100")
    await asyncio.gather(
        store.commit(Unit(changes=(sent,))), store.commit(Unit(changes=(noted(code(2).id),)))
    )
    async with store.reading() as work:
        assert await work.connection.scalar(select(shown.c.message)) == ""


async def test_lanes_whose_first_has_to_wait_hide_no_other(store: Store) -> None:
    """A sweep names lanes in which something can be sent, the longest due first."""
    late = NOW + timedelta(hours=1)
    for number in range(120):
        waits = replace(delivery(number), id=f"W{number}", lane=f"slack:{number:03}", due_at=late)
        await store.commit(Unit("", NOW, deliveries=(waits, replace(waits, id=f"F{number}", due_at=NOW))))
    await store.commit(Unit("", NOW, deliveries=(replace(delivery(1), id="X", lane="telegram:1"),)))
    async with store.reading() as work:
        assert await work.deliveries.lanes_due(NOW) == ("telegram:1",)


async def test_who_sends_a_file_is_heard_too(store: Store) -> None:
    """Its answer comes by and by, and the space is open for it."""
    await add(store, CloseSpace(SPACE, "blocked", NOW))
    job = records.StoredRequest("Q000000001", SPACE, Why.JOB, "{}", NOW, NOW)
    await store.commit(Unit("r", NOW, requests=(job,), heard=SPACE))
    async with store.reading() as work:
        assert await work.connection.scalar(select(closures.c.space)) is None


async def test_a_request_that_got_more_is_not_finished_without_it(store: Store) -> None:
    """What was put in after it was read is not blanked with the rest."""
    job = records.StoredRequest("Q000000001", SPACE, Why.JOB, "one", NOW, NOW)
    await store.commit(Unit("r", NOW, requests=(job,)))
    later = NOW + timedelta(seconds=2)
    await add(store, ExtendRequest(job.id, NOW, "one two", later))
    with pytest.raises(Stale):
        await add(store, FinishRequest(job.id, NOW, due_at=NOW))
    await add(store, FinishRequest(job.id, NOW, due_at=later))
