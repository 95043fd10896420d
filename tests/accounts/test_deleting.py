"""Deleting an account: nothing of the person is left in any table, and nothing on its way comes back."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.accounts.caller import READ, Caller, Missing, Unauthenticated, request_of
from bot.accounts.forgetting import forget, forget_account
from bot.accounts.keys import make_key
from bot.accounts.passwords import change_password
from bot.accounts.sessions import open_page, tokens_for
from bot.accounts.signing_up import new_invite, sign_up
from bot.context import Context
from bot.ids import new_id
from bot.jobs import ID
from bot.message import Actor, Outcome, Status
from bot.qr.refusal import Refused
from storage.account import AddInvite, AddReset, Answer, Job, KeepAnswer, Role
from storage.changes import (
    AddAsset,
    AddCode,
    AddPairing,
    AddPreview,
    AddReading,
    NoteShown,
    SaveDraft,
    SetKit,
    Stale,
    Unit,
)
from storage.records import Asset, Code, Draft, Kit, Pairing, Preview, Reading, StoredRequest, Why
from storage.store import Store
from storage.tables import metadata
from tests.accounts.holding import PASSWORD, cheap, held, site
from tests.accounts.test_kept_secrets import kept
from tests.core.talking import Core, person_of, said
from tests.storage.test_store import delivery

POINTS = {"person_id", "user_id", "owner", "set_by", "made_by", "asker"}  # columns that say whose a row is
NOT_PEOPLES = {"installations", "memberships", "departures", "installing"}  # workspaces'


async def everything(core: Core, name: str) -> tuple[Caller, str]:
    """Make somebody who has a row in each table that can hold one of theirs; their person's id as well."""
    accounts, now = cheap(core), core.app.clock()
    async with site(core, accounts) as client:
        holding = await held(accounts, client, f"{name}@example.org")
    caller, chat = holding.caller, Actor("telegram", f"900{len(name)}", name)
    await said(core, "made in a chat", chat)
    line = (await said(core, "/connect", chat)).fields[0].value
    assert (await said(core, f"/connect {line}", caller.actor)).title == "Connected"
    person, later = (await person_of(core, caller.actor)).id, now + timedelta(hours=1)
    space, once = caller.actor.key, f"once:{len(name)}"
    code = Code(new_id(), person, space, "text", name, name, "{}", "png", now)
    await core.store.commit(
        Unit(
            once,
            now,
            (
                AddCode(code),
                SetKit(Kit(f"telegram:-{len(name)}", "{}", "png", person, now)),
                AddAsset(Asset(new_id(), person, b"picture", now)),
                AddPairing(Pairing(new_id(9), person, later)),
                SaveDraft(Draft(new_id(), person, space, "wifi", {"ssid": name}, "password", later)),
                AddReading(Reading(new_id(), person, name, later)),
                AddPreview(Preview(new_id(), person, "{}", later)),
                NoteShown(space, f"said {name}", person, code.id, name, now, anew=True),
                AddInvite(new_invite(Role.USER, caller.user.id, now)),
                AddReset(caller.user.id, "RESETCDE", later),
                KeepAnswer(Answer(once, caller.user.id, "asked", body=name.encode()), now),
            ),
            (replace(delivery(len(name)), id=new_id(), person_id=person, lane=space),),
            (StoredRequest(new_id(), space, Why.JOB, name, now, later, person),),
        )
    )
    async with core.store.writing() as work:
        assert await work.jobs.add(Job(new_id(ID), caller.user.id, now, later), 9)
    return caller, person


async def snapshot(store: Store) -> dict[str, Counter[str]]:
    """Read all rows of all tables."""
    async with store.reading() as work:
        return {
            table.name: Counter(repr(tuple(row)) for row in await work.connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


def pointing() -> set[str]:
    """Name the tables whose rows say whose they are, and those of people and accounts themselves."""
    tables = {table.name for table in metadata.sorted_tables if POINTS & {column.name for column in table.c}}
    return tables - NOT_PEOPLES | {"people", "users"}


async def test_a_schema_walk_finds_nothing_of_who_was_deleted_and_all_of_the_others(both: Core) -> None:
    """Each table is as it was before they came, and none of their ids stands anywhere, sealed or not."""
    await everything(both, "bea")
    before = await snapshot(both.store)
    ada, person = await everything(both, "adalovelace")
    between = await snapshot(both.store)
    assert {name for name in pointing() if before[name] == between[name]} == set(), "each has a row of theirs"
    ids = {ada.user.id, person, ada.session, "adalovelace", "90011"}
    await forget(cheap(both), ada, PASSWORD)
    after = await snapshot(both.store)
    left = {name: after[name] - before[name] for name in after if after[name] - before[name]}
    [nameless] = left.pop("kits")  # a group's kit stays, and nobody set it
    assert person not in nameless
    assert set(left) == {"seen", "tries"}  # that it was asked; how often it was guessed, for ten minutes
    assert {name for name in after if before[name] - after[name]} == set()
    values = await kept(both.store)
    assert {"people.preferences", "codes.text"} <= set(values), "it reads what is sealed"
    found = (name for name, held in values.items() for one in held if any(id.encode() in one for id in ids))
    assert list(found) == []


async def test_only_with_the_password_and_once(both: Core) -> None:
    """A wrong one deletes nothing; then the address is free for another account, without anything of it."""
    accounts = cheap(both)
    async with site(both, accounts) as client:
        holding = await held(accounts, client)
        await said(both, "mine", holding.caller.actor)
        with pytest.raises(Refused, match="not your password"):
            await forget(accounts, holding.caller, "wrong words in a row")
        assert await holding.lets_in(holding.key)
        await forget(accounts, holding.caller, PASSWORD)
        with pytest.raises(Missing):
            await forget_account(accounts, holding.caller.user.id)
        anew = await held(accounts, client)
        assert anew.caller.user.id != holding.caller.user.id
        assert not await holding.lets_in(holding.key)
        assert "mine" not in str(await said(both, "/history", anew.caller.actor))


async def test_what_was_on_its_way_when_somebody_was_deleted_brings_nothing_back(both: Core) -> None:
    """Who it was is known already, and they are gone when it comes to be kept: no row of nobody's."""
    accounts = cheap(both)
    async with site(both, accounts) as client:
        holding = await held(accounts, client)
        caller = holding.caller
        await forget(accounts, caller, PASSWORD)
        for late in (
            make_key(accounts, caller, "late", [READ]),
            coded(both, caller),
            change_password(accounts, caller, PASSWORD, "other words in a row"),
            tokens_for(accounts, caller.user),
            open_page(accounts, caller.user),
        ):
            with pytest.raises((Stale, Unauthenticated, Refused)):
                await late
        assert (await said(both, "late", caller.actor)).status is Status.FAILED
        assert (await said(both, "/connect", caller.actor)).status is Status.FAILED
    left = await snapshot(both.store)
    assert {name for name in pointing() if left[name]} == set()


async def test_whatever_comes_at_the_same_moment_is_done_before_or_not_at_all(both: Core) -> None:
    """Requests, log-ins and the deletion at once: in the end there is nothing, and nothing hangs."""
    accounts = cheap(both)
    async with site(both, accounts) as client:
        for at in range(3):
            holding = await held(accounts, client, f"{at}@example.org")
            caller = holding.caller

            async def quietly(about: Any) -> None:
                with suppress(Exception):
                    await about

            await asyncio.gather(
                *(quietly(coded(both, caller)) for _ in range(4)),
                quietly(make_key(accounts, caller, "x", [READ])),
                forget_account(accounts, caller.user.id),
                *(quietly(said(both, "a text", caller.actor)) for _ in range(4)),
                quietly(tokens_for(accounts, caller.user)),
                quietly(make_key(accounts, caller, "y", [READ])),
            )
    left = await snapshot(both.store)
    assert {name for name in pointing() if left[name]} == set()


async def coded(core: Core, caller: Caller) -> None:
    """Make a code as a route does."""

    async def act(context: Context) -> Outcome:
        person, now = context.person.id, context.now
        return Outcome(
            None, (AddCode(Code(new_id(), person, "account:x", "text", "x", "x", "{}", "png", now)),)
        )

    await core.app.perform(request_of(caller.actor), act)


async def test_twenty_deletions_at_once_are_one(both: Core) -> None:
    """Whoever finds nothing any more says so; nothing fails."""
    accounts = cheap(both)
    user = await sign_up(accounts, "ada@example.org", PASSWORD)
    ends = await asyncio.gather(
        *(forget_account(accounts, user.id) for _ in range(20)), return_exceptions=True
    )
    assert {type(each) for each in ends} <= {type(None), Missing}
    assert (await snapshot(both.store))["users"] == Counter()
