"""Deleting an account, with the person it belongs to and all that is theirs."""

from __future__ import annotations

from bot.accounts.caller import Accounts, Caller, Missing, request_of
from bot.accounts.passwords import confirmed
from bot.context import Context
from bot.message import Actor, Outcome
from storage.account import ACCOUNT
from storage.changes import Change, ForgetPerson


async def forget(accounts: Accounts, caller: Caller, password: str) -> None:
    """Delete everything that is the caller's, here and on every platform they connected.

    Raises Refused where it is not their password, TooMany.
    """
    await confirmed(accounts, caller.user, password, field="password")
    await forget_account(accounts, caller.user.id)


async def forget_account(accounts: Accounts, user_id: str, also: tuple[Change, ...] = ()) -> None:
    """Delete everything that is an account's person's; raises Missing. ``also``: in the same unit."""

    async def act(context: Context) -> Outcome:
        if context.new:
            raise Missing
        return Outcome(None, (ForgetPerson(context.person.id), *also))

    await accounts.app.perform(request_of(Actor(ACCOUNT, user_id)), act)
