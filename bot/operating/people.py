"""Whom operators find, by what they are called, and whom they shut out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.accounts.operating import with_access
from bot.accounts.sessions import known_as
from bot.ids import read_id
from bot.qr.refusal import Refused
from storage.account import ACCOUNT, Admission, Admit, ChangeUser
from storage.census import Census
from storage.changes import Change
from storage.operations import Holdings
from storage.records import Person

if TYPE_CHECKING:
    from bot.context import Context

CHATS = ("telegram", "slack")  # platforms whose accounts are let in and shut out
LOOKED = 200  # people looked at in one go, as their names are sealed


async def find_people(context: Context, words: Sequence[str], after: str, *, limit: int) -> list[Person]:
    """List people of whom one account holds all of these words, by their ids. ``after``: where it ended."""
    found: list[Person] = []
    while len(found) < limit:
        looked = await _census(context).page(after, limit=LOOKED)
        found += [each for each in looked if _named(each, words)]
        if len(looked) < LOOKED:
            break
        after = looked[-1].id
        await asyncio.sleep(0)  # others are served meanwhile
    return found[:limit]


def _named(person: Person, words: Sequence[str]) -> bool:
    told = [f"{person.id} {each.platform}:{each.external_id} {each.name}" for each in person.identities]
    return not words or any(all(word in each.casefold() for word in words) for each in told)


async def the_person(context: Context, whom: str) -> Person:
    """Find a person by their id, by an account as ``telegram:123``, or by the e-mail address of one."""
    people, id = context.work.people, read_id(whom)
    platform, colon, external = whom.partition(":")
    found = await people.by_id(id) if id is not None else None
    if found is None and colon:
        found = await people.by_account(platform, external)
    if found is None and "@" in whom:
        user = await context.work.accounts.by_email(known_as(whom))
        found = await people.by_account(ACCOUNT, user.id) if user is not None else None
    if found is None:
        raise Refused("I do not know “{given}”. /people lists who there is.", given=whom)
    return found


async def holdings(context: Context, person: Person) -> Holdings:
    """Count what is a person's."""
    return await _census(context).holdings(person.id)


async def shut_out(context: Context) -> frozenset[str]:
    """Name the accounts, chats and workspaces that may not use the bot."""
    return frozenset(each.name for each in await context.work.admissions.listed() if not each.allowed)


async def blocking(context: Context, person: Person, blocked: bool) -> tuple[Change, ...]:
    """Shut all accounts of a person out, or let them in again; raises Refused where none can be."""
    shut, changes, able = await shut_out(context), list[Change](), False
    for each in person.identities:
        name = f"{each.platform}:{each.external_id}"
        user = await context.work.accounts.by_id(each.external_id) if each.platform == ACCOUNT else None
        able = able or user is not None or each.platform in CHATS
        if user is not None and user.disabled is not blocked:
            changes.append(ChangeUser(user, with_access(user, blocked)))
        if each.platform in CHATS and (name in shut) is not blocked:
            changes.append(Admit(Admission(name, not blocked, context.request.actor.key, context.now)))
    if not able:
        raise Refused("Only accounts on Telegram and Slack, and those that log in, can be shut out.")
    return tuple(changes)


def _census(context: Context) -> Census:
    return Census(context.work.connection, context.work.people.ring)
