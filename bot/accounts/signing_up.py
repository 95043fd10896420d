"""Signing up, where it is open, or with an invitation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.accounts.attempts import PER_ADDRESS
from bot.accounts.caller import Accounts, Caller, Forbidden, Taken, TooMany, nothing_more, request_of
from bot.accounts.passwords import hashed, read_password
from bot.context import Context
from bot.ids import INVITE, new_id, read_id
from bot.limiting import network
from bot.message import Actor, Outcome
from bot.operating.audit import DONE
from bot.qr.payloads.mail import address_of
from bot.qr.refusal import Refused
from storage.account import ACCOUNT, AddInvite, AddUser, Invite, Role, User
from storage.changes import Change, Stale
from storage.operations import Action, AddAction

LIFE = timedelta(days=7)


async def sign_up(
    accounts: Accounts,
    email: str,
    password: str,
    invite: str = "",
    *,
    address: str = "",
    request_id: str = "",
    also: Callable[[User], tuple[Change, ...]] = nothing_more,
) -> User:
    """Make an account, with the person it belongs to.

    ``address``: where from; its tries are counted. ``also``: what is committed in the same unit.

    Raises Forbidden where nobody may sign up, Refused for what will not do, Taken where the address has an
    account (which nobody is told who could not sign up with another), TooMany, AlreadySeen.
    """
    if accounts.sign_up == "closed":
        raise Forbidden("Nobody can sign up here. Please ask whoever runs this bot.")
    wait = await accounts.attempts(PER_ADDRESS, f"sign-up:{network(address)}") if address else 0
    if wait:
        raise TooMany(wait)
    code = read_id(invite, INVITE) or ""
    role = await _invited(accounts, code, needed=bool(invite.strip()) or accounts.sign_up == "invite")
    mail = address_of(email, field="email")
    chosen = await hashed(accounts, read_password(password, mail))
    user = User(new_id(), mail, chosen, accounts.app.clock(), role)

    async def act(context: Context) -> Outcome:
        return Outcome(None, (AddUser(user, code), *also(user)))

    try:
        await accounts.app.perform(request_of(Actor(ACCOUNT, user.id, mail), request_id), act)
    except Stale:  # the address, or the invitation
        await _invited(accounts, code, needed=bool(code))
        raise Taken from None
    return user


async def _invited(accounts: Accounts, code: str, *, needed: bool) -> Role:
    """Say what an invitation makes of who comes with it; raises Refused where it does not hold."""
    async with accounts.app.store.reading() as work:
        found = await work.accounts.invite(code, accounts.app.clock()) if code else None
    if found is None and needed:
        raise Refused(
            "This needs an invitation that holds. Please ask whoever runs this bot for one.", field="invite"
        )
    return found.role if found is not None else Role.USER


async def invite(
    accounts: Accounts,
    caller: Caller,
    role: Role,
    *,
    request_id: str = "",
    also: Callable[[Invite], tuple[Change, ...]] = nothing_more,
) -> Invite:
    """Have an operator invite somebody; raises Forbidden for who is none (any more), AlreadySeen."""
    made = new_invite(role, caller.user.id, accounts.app.clock())

    async def act(context: Context) -> Outcome:
        user = await context.work.accounts.by_id(caller.user.id)
        if user is None or user.disabled or user.role is not Role.OPERATOR:
            raise Forbidden("This is for those who run this bot.")
        done = AddAction(Action(context.now, caller.actor.key, "invite", role, DONE))
        return Outcome(None, (AddInvite(made), done, *also(made)))

    await accounts.app.perform(request_of(caller.actor, request_id), act)
    return made


def new_invite(role: Role, made_by: str, now: datetime) -> Invite:
    """Make an invitation: for one account, for a week."""
    return Invite(new_id(INVITE), role, made_by, now + LIFE)


def shown(code: str) -> str:
    """Write a code in groups of four, as people copy it."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
