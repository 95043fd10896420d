"""Whom operators find, by what they are called, and whom they shut out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.accounts.operating import with_access
from bot.accounts.sessions import known_as
from bot.ids import read_id
from bot.operating.audit import CONSOLE
from bot.qr.refusal import Refused
from storage.account import ACCOUNT, ChangeUser
from storage.census import Census
from storage.changes import Change
from storage.operations import BlockPerson, Holdings
from storage.records import Person

if TYPE_CHECKING:
    from bot.context import Context

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


async def blocking(context: Context, person: Person, blocked: bool) -> tuple[Change, ...]:
    """Shut a person out, or let them in again, on every platform and with their accounts.

    Raises Refused for who speaks in the console.
    """
    if blocked and any(each.platform == CONSOLE for each in person.identities):
        raise Refused("Whoever runs this bot cannot be blocked.")
    changes: list[Change] = []
    for each in person.identities:
        before = await context.work.accounts.by_id(each.external_id) if each.platform == ACCOUNT else None
        if before is not None and before.disabled is not blocked:
            changes.append(ChangeUser(before, with_access(before, blocked)))
    if (person.blocked_at is not None) is not blocked:
        changes.append(BlockPerson(person.id, context.now if blocked else None))
    return tuple(changes)


def _census(context: Context) -> Census:
    return Census(context.work.connection, context.work.people.ring)
