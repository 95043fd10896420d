"""Whether what is kept still scans, as whoever runs the bot asks."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update

from bot.i18n import Translator
from bot.message import Status
from bot.operating import reproving
from bot.operating.reproving import said_of
from storage.changes import AddCode, AddPerson, Unit
from storage.operations import Fault
from storage.tables import codes
from tests.commands.test_broadcast import carried_on, fields, going
from tests.commands.test_operating import OPERATOR, cells, logged
from tests.core.talking import ADA, Core, both, codes_of, core, passed, pressed, rows, said
from tests.storage.test_store import add, code, person

__all__ = ["both", "core"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prove three at a time."""
    monkeypatch.setattr(reproving, "CODES", 3)


async def made(core: Core, number: int, *broken: int) -> list[str]:
    """Keep so many codes, of which some cannot be opened any more: the ids of these."""
    changes = [AddCode(code(each, text=f"code {each}", kind="text", style="")) for each in range(number)]
    await add(core.store, AddPerson(person()), *changes)
    ids = [f"C{each:09}" for each in broken]
    async with core.store.writing() as work:
        await work.connection.execute(update(codes).where(codes.c.id.in_(ids)).values(text=b"\0" * 40))
    return ids


async def test_a_few_codes_are_proven_at_once(both: Core) -> None:
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
    told = await said(both, "/reprove 100", OPERATOR)
    assert told.status is Status.FAILED
    assert told.body == "3 codes were drawn and proven. 1 does not come out."
    [(id, why)] = cells(told)
    assert (id, why.startswith("Unsealable")) == (lost.id, True)
    assert [row[1:] for row in await logged(both, lost.id)] == [("reprove", lost.id, "failed")]
    assert (await said(both, "/reprove 101", OPERATOR)).status is Status.INCOMPLETE


async def test_all_codes_are_proven_step_by_step_and_those_that_fail_are_listed(
    both: Core, small: None
) -> None:
    """Beside whatever else goes on; asked again it tells how far it is; the end stands in the audit log."""
    lost = await made(both, 8, 1, 6)
    begun = await said(both, "/reprove", OPERATOR)
    assert begun.body.startswith("8 codes are drawn and proven in the background.")
    assert fields(await said(both, "/reprove", OPERATOR))["So far"] == "0 of 8"
    [task] = await going(both)
    await carried_on(both)
    status = await said(both, "/reprove status", OPERATOR)
    told = fields(status)
    assert (told["State"], told["So far"], told["Do not come out"]) == ("done", "8 of 8", "2")
    assert [row[0] for row in cells(status)] == lost
    assert status.buttons == ()
    assert [row[1:] for row in await logged(both, "reprove")] == [
        ("reprove", task, "shown"),
        ("reprove", f"{task} 8", "failed"),
        ("reprove", task, "shown"),
        ("reprove", task, "done"),
    ]


async def test_wherever_a_process_dies_every_code_is_proven_and_counted_once(
    both: Core, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that was not written down is made again; two processes at once count each code once."""
    lost = await made(both, 20, 2, 3, 11, 19)
    await said(both, "/reprove", OPERATOR)
    proven, real = 0, reproving._why_not

    async def dying(*given: object) -> str:
        nonlocal proven
        proven += 1
        if proven in (2, 9, 14):
            raise asyncio.CancelledError
        return await real(*given)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(reproving, "_why_not", dying)
    while await going(both):
        await asyncio.gather(*(carried_on(both) for _ in range(2)), return_exceptions=True)
    told = await said(both, "/reprove status", OPERATOR)
    assert (fields(told)["So far"], fields(told)["Do not come out"]) == ("20 of 20", "4")
    assert [row[0] for row in cells(told)] == lost


async def test_it_can_be_stopped_and_begun_anew(
    both: Core, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found so far stays; a process that is in the middle of a step writes nothing more."""
    await made(both, 8, 0)
    await said(both, "/reprove", OPERATOR)
    real = reproving._why_not

    async def stopping(*given: object) -> str:
        if given[1] == "C000000004":
            await said(both, "/reprove stop", OPERATOR)
        return await real(*given)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(reproving, "_why_not", stopping)
    await carried_on(both)
    told = fields(await said(both, "/reprove status", OPERATOR))
    assert (told["State"], told["So far"], told["Do not come out"]) == ("was stopped", "3 of 8", "1")
    assert (await said(both, "/reprove stop", OPERATOR)).status is Status.REFUSED
    monkeypatch.setattr(reproving, "_why_not", real)
    passed(both, seconds=1)
    await said(both, "/reprove", OPERATOR)
    await carried_on(both)
    assert fields(await said(both, "/reprove status", OPERATOR))["So far"] == "8 of 8"


async def test_many_that_fail_are_listed_page_by_page(core: Core) -> None:
    """Twenty at a time."""
    lost = await made(core, 25, *range(25))
    await said(core, "/reprove", OPERATOR)
    await carried_on(core)
    first = await said(core, "/reprove status", OPERATOR)
    rest = await pressed(core, first, "More", OPERATOR)
    assert [row[0] for row in (*cells(first), *cells(rest))] == lost
    assert (len(cells(rest)), rest.buttons) == (5, ())


async def test_what_was_found_is_known_for_thirty_days(both: Core) -> None:
    """A task that goes on stays, however old."""
    from tests.core.test_housekeeping import tidied

    await made(both, 2, 1)
    await said(both, "/reprove", OPERATOR)
    passed(both, days=31)
    await tidied(both)
    await carried_on(both)
    assert {"tasks", "faults"} <= (await rows(both.store)).keys()
    passed(both, days=30)
    await both.store.commit(Unit("r", both.app.clock()))
    assert (await tidied(both))["tasks"] == 1
    assert not {"tasks", "faults"} & (await rows(both.store)).keys()
    assert "Nothing was proven" in (await said(both, "/reprove status", OPERATOR)).body


def test_a_reason_is_said_in_the_operators_language_without_what_a_code_says() -> None:
    """What it quotes is left out."""
    fault = Fault("C000000001", "“{word}” is switched off here.")
    assert said_of(Translator("en"), fault) == "“…” is switched off here."
    assert said_of(Translator("de"), fault) != said_of(Translator("en"), fault)
    assert said_of(Translator("en"), Fault("C000000001", "Unsealable at x.py:7")) == "Unsealable at x.py:7"
