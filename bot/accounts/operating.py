"""What whoever runs the bot does with accounts: look them up, let them in or not, say what each may do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from bot.accounts.caller import Accounts, Caller, Missing, request_of
from bot.accounts.forgetting import forget_account
from bot.context import Context
from bot.message import Outcome
from bot.operating.audit import DONE, SHOWN
from bot.qr.refusal import Refused
from storage.account import ChangeUser, Role, User
from storage.operations import Action, AddAction

Place = tuple[datetime, str]  # when the last account of a page was made, and its id


async def find_users(
    accounts: Accounts, caller: Caller, after: Place | None = None, *, limit: int
) -> tuple[tuple[User, ...], Place | None]:
    """List accounts, the oldest first, and say where the page ended, if there is more behind it."""
    async with accounts.app.store.reading() as work:
        found = await work.accounts.page(after, limit=limit + 1)
    await accounts.commit(action(accounts, caller, "accounts"))
    page, more = found[:limit], len(found) > limit
    return page, (page[-1].created_at, page[-1].id) if more else None


async def user_by_id(accounts: Accounts, caller: Caller, id: str) -> User:
    """Find an account; raises Missing."""
    async with accounts.app.store.reading() as work:
        found = await work.accounts.by_id(id)
    if found is None:
        raise Missing
    await accounts.commit(action(accounts, caller, "account", id))
    return found


def action(accounts: Accounts, caller: Caller, word: str, about: str = "", result: str = SHOWN) -> AddAction:
    """Lay out what the audit log says of something that an operator did over HTTP."""
    return AddAction(Action(accounts.app.clock(), caller.actor.key, word, about, result))


# --- what becomes of one ------------------------------------------------------------------------------------


def with_role(user: User, role: Role) -> User:
    """Say what an account may do; who was logged in with another role logs in again."""
    return user if user.role is role else replace(user, role=role, version=user.version + 1)


def with_access(user: User, disabled: bool) -> User:
    """Let an account in again, or no longer: then all of its sessions and tokens end, and its keys rest."""
    if user.disabled is disabled:
        return user
    return replace(user, disabled=disabled, version=user.version + disabled)


async def change_account(accounts: Accounts, caller: Caller, id: str, decide: Callable[[User], User]) -> User:
    """Change an account as an operator decides, and return it as it is now.

    Raises Missing, Refused where no operator would be left who may log in, and Stale where it was changed
    meanwhile again and again.
    """
    decided: list[User] = []

    async def act(context: Context) -> Outcome:
        before = await context.work.accounts.by_id(id)
        if before is None:
            raise Missing
        after = decide(before)
        decided[:] = [after]
        leaves = _operates(before) and not _operates(after)
        if leaves and await context.work.accounts.operators() < 2:
            raise Refused("Nobody else is an operator. Please make somebody one first.")
        did = [action(accounts, caller, word, id, DONE) for word in _words(before, after)]
        if not did:
            return Outcome(None, (action(accounts, caller, "account", id),))
        return Outcome(None, (ChangeUser(before, after, relieved=leaves), *did))

    await accounts.app.perform(request_of(caller.actor), act)
    return decided[0]


def _words(before: User, after: User) -> Iterator[str]:
    """Name what becomes of an account as the console does."""
    if after.role is not before.role:
        yield "role"
    if after.disabled is not before.disabled:
        yield "disable" if after.disabled else "enable"


async def delete_account(accounts: Accounts, caller: Caller, id: str) -> None:
    """Have an operator delete everything that is an account's person's; raises Missing."""
    await forget_account(accounts, id, also=(action(accounts, caller, "deleteaccount", id, DONE),))


def _operates(user: User) -> bool:
    return user.role is Role.OPERATOR and not user.disabled
