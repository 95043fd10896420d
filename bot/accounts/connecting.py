"""An account and its holder's chats as one person: codes to connect them by, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from bot.accounts.caller import Accounts, Caller, Missing, nothing_more, request_of
from bot.context import Context
from bot.message import Outcome
from bot.pairing import Wrong, found_join, join, new_pairing, read_pairing_code, too_many
from bot.qr.refusal import Refused
from storage.account import CountTry
from storage.changes import AddPairing, Change, Stale, UndoJoin
from storage.records import Join, Pairing


async def offer(
    accounts: Accounts,
    caller: Caller,
    *,
    request_id: str = "",
    also: Callable[[Pairing], tuple[Change, ...]] = nothing_more,
) -> Pairing:
    """Make a code to type in a chat, in place of an earlier one; raises AlreadySeen."""
    made: list[Pairing] = []

    async def act(context: Context) -> Outcome:
        made.append(new_pairing(context))
        return Outcome(None, (AddPairing(made[-1]), *also(made[-1])))

    await accounts.app.perform(request_of(caller.actor, request_id), act)
    return made[-1]


async def connect(
    accounts: Accounts,
    caller: Caller,
    code: str,
    *,
    request_id: str = "",
    also: Callable[[Join], tuple[Change, ...]] = nothing_more,
) -> Join:
    """Connect the account with the chat that gave a code; raises Refused, AlreadySeen.

    A wrong code is counted, and its request may come again with another one.
    """
    read, made, counted = read_pairing_code(code), list[Join](), list[CountTry]()

    async def act(context: Context) -> Outcome:
        found = await join(context, read)
        if isinstance(found, Wrong):
            counted.extend(found.counted)
            raise found.refused
        _, change = found.changes
        made.append(Join(change.id, change.stays, change.at, found.joins.identities))
        return Outcome(None, (*found.changes, *also(made[-1])))

    try:
        await accounts.app.perform(request_of(caller.actor, request_id), act)
    except Refused:
        try:
            await accounts.commit(*counted)
        except Stale:  # as many as may be were counted meanwhile: nobody is told that this one is wrong
            raise too_many() from None
        raise
    return made[-1]


async def connections(accounts: Accounts, caller: Caller) -> tuple[Join, ...]:
    """List what was connected with the account and can be undone, the latest first."""
    async with accounts.app.store.reading() as work:
        person = await work.people.by_account(caller.actor.platform, caller.actor.id)
        return await work.pairings.joins(person.id) if person is not None else ()


async def disconnect(accounts: Accounts, caller: Caller, id: str) -> None:
    """Make two persons of one again; raises Missing."""

    async def act(context: Context) -> Outcome:
        found = await found_join(context, id)
        if found is None:
            raise Missing
        return Outcome(None, (UndoJoin(found.id, context.person.id),))

    await accounts.app.perform(request_of(caller.actor), act)
