"""Whom whoever runs the bot finds in the console, shuts out and deletes."""

from __future__ import annotations

from dataclasses import replace

from bot.limiting import limiting
from bot.message import Actor, Reply, Status
from tests.commands.test_operating import OPERATOR, account, cells, logged
from tests.core.talking import ADA, Core, both, core, passed, person_of, pressed, rows, said

__all__ = ["both", "core"]

BEA = Actor("slack", "T1:U2", "Bea Ångström")


async def known(core: Core) -> tuple[str, str]:
    """Have two people speak; gives their ids."""
    await said(core, "hello", ADA)
    await said(core, "hallo", BEA)
    return (await person_of(core, ADA)).id, (await person_of(core, BEA)).id


async def test_people_are_found_by_what_they_are_called(both: Core) -> None:
    """By id, account and name, in any case; each once, and nothing they wrote is shown."""
    ada, bea = await known(both)
    for words, found in (
        (ada.lower(), {ada}), (ADA.key, {ada}), ("T1:u2", {bea}), ("ångström slack", {bea}),
        ("slack telegram", set()), ("", {ada, bea}),
    ):  # fmt: skip
        listed = await said(both, f"/people {words}", OPERATOR)
        assert {row[0] for row in cells(listed)} == found, words
    shown = await said(both, "/person slack:T1:U2", OPERATOR)
    told = {field.label: field.value for field in shown.fields}
    assert (shown.title, told["Account"], told["Since"]) == (bea, f"{BEA.key} {BEA.name}", "2030-05-17")
    assert (told["Codes"], told["Last seen"]) == ("1, 0 of them favourites", "2030-05-17 12:00 (UTC)")
    assert "hallo" not in str(shown)
    user = await account(both, "cy@example.org")
    assert f"account:{user.id}" in str(await said(both, "/person CY@example.org", OPERATOR))
    assert (await said(both, "/person nobody", OPERATOR)).status is Status.REFUSED
    assert {row[2] for row in await logged(both, bea)} == {bea}


async def test_a_persons_limit_is_shown_and_not_used_up(core: Core) -> None:
    """Looking counts nothing."""
    counting = limiting("5/minute")
    core = replace(core, app=replace(core.app, allowed=counting, left=counting.left))
    await known(core)
    for _ in range(2):
        shown = await said(core, f"/person {ADA.key}", OPERATOR)
        assert f"{ADA.key}: 4 of 5 left in 60 s" in [field.value for field in shown.fields]


async def test_who_is_blocked_is_told_so_and_does_nothing(both: Core) -> None:
    """Until they are let in again; what is theirs stays, an account is shut with them, others go on."""
    user = await account(both)
    await known(both)
    before = await rows(both.store)
    shown = await said(both, f"/person {ADA.key}", OPERATOR)
    assert "shut out" in (await pressed(both, shown, "Block", OPERATOR)).body
    assert [row[3] for row in cells(await said(both, f"/people {ADA.key}", OPERATOR))] == ["yes"]
    passed(both, seconds=6)  # for which who was let in is not looked up again
    reply = await said(both, "hello again", ADA)
    assert (reply.status, reply.picture, "not talk with you" in reply.body) == (Status.REFUSED, None, True)
    assert (await said(both, "hello", BEA)).picture is not None
    assert (await said(both, "theirs", ADA, operator=OPERATOR.key)).picture is not None
    await said(both, f"/unblock {ADA.key}", OPERATOR)
    assert (await said(both, "hello again", ADA)).picture is not None
    assert (await rows(both.store))["codes"] == before["codes"] + 3
    await said(both, "/block ada@example.org", OPERATOR)
    async with both.store.reading() as work:
        shut = await work.accounts.by_id(user.id)
    assert shut is not None
    assert shut.disabled
    await said(both, "hi", OPERATOR)
    assert (await said(both, f"/block {OPERATOR.key}", OPERATOR)).status is Status.REFUSED
    assert [row[3] for row in cells(await said(both, f"/people {ADA.key}", OPERATOR))] == [""]


async def test_a_person_is_deleted_when_it_was_said_twice(both: Core) -> None:
    """With all that is theirs; nothing of others."""
    ada, _ = await known(both)
    asked: Reply = await said(both, f"/forget {ada}", OPERATOR)
    assert (await rows(both.store))["people"] == 2
    await pressed(both, asked, "Delete everything", OPERATOR)
    left = await rows(both.store)
    assert (left["people"], left["codes"], left["identities"]) == (
        1,
        1,
        1,
    )  # nobody is kept for having said it
    assert [row[1:] for row in await logged(both, "forget")] == [
        ("forget", ada, "done"),
        ("forget", ada, "shown"),
    ]
