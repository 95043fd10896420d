"""An account as its holder sees and changes it: the email address, and what they chose for every face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.accounts.caller import Accounts, Caller, Taken, Unauthenticated, request_of
from bot.accounts.passwords import confirmed
from bot.context import Context
from bot.looks import look_of, read_format
from bot.message import Outcome
from bot.preferences import read_language, read_replies, read_timezone
from bot.qr.payloads.mail import address_of
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, dump_style
from storage.account import ChangeUser, User
from storage.changes import Change, SetPreferences
from storage.records import Preferences

STYLE = "style"
_READERS: Mapping[str, Callable[[str], str]] = {
    "language": read_language,
    "timezone": read_timezone,
    "format": read_format,
    "replies": read_replies,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """An account, and what the person it belongs to chose."""

    user: User
    preferences: Preferences = field(default_factory=Preferences)


def anything(profile: Profile) -> None:
    """Change it whatever it is."""


async def profile_of(accounts: Accounts, caller: Caller) -> Profile:
    """Read the caller's own; raises Unauthenticated where it is gone, or all its sessions have ended."""
    found: list[Profile] = []

    async def act(context: Context) -> Outcome:
        found.append(await _read(context, caller))
        return Outcome(None)

    await accounts.app.perform(request_of(caller.actor), act)
    return found[-1]


async def _read(context: Context, caller: Caller) -> Profile:
    user = await context.work.accounts.by_id(caller.user.id)
    if user is None or context.new or user.version != caller.user.version:
        raise Unauthenticated
    return Profile(user, context.person.preferences)


async def change_profile(
    accounts: Accounts,
    caller: Caller,
    chosen: Mapping[str, str],
    *,
    email: str = "",
    password: str = "",
    premise: Callable[[Profile], None] = anything,
) -> Profile:
    """Change what somebody chose, by name (empty: as usual again), and where given their email address.

    ``password``: theirs, which another address needs. ``premise`` raises where it is no longer what it was
    taken for. Raises Refused, Taken, TooMany, Unauthenticated, Stale.
    """
    mail = address_of(email, field="email") if email else ""
    if mail not in ("", caller.user.email):
        await confirmed(accounts, caller.user, password, field="current_password")
    after: list[Profile] = []

    async def act(context: Context) -> Outcome:
        before = await _read(context, caller)
        premise(before)
        user = replace(before.user, email=mail or before.user.email)
        other = await context.work.accounts.by_email(user.email)
        if other is not None and other.id != user.id:
            raise Taken
        after.append(Profile(user, await _chosen(context, before.preferences, chosen)))
        return Outcome(None, _changes(context.person.id, before, after[-1]))

    await accounts.app.perform(request_of(caller.actor), act)
    return after[-1]


def _changes(person_id: str, before: Profile, after: Profile) -> tuple[Change, ...]:
    changes: list[Change] = []
    if after.user != before.user:
        changes.append(ChangeUser(before.user, after.user))
    if after.preferences != before.preferences:
        changes.append(SetPreferences(person_id, before.preferences, after.preferences))
    return tuple(changes)


async def _chosen(context: Context, before: Preferences, chosen: Mapping[str, str]) -> Preferences:
    """Read what somebody chose; raises Refused naming the field."""
    read: dict[str, str] = {}
    for name, text in chosen.items():
        try:
            read[name] = await _look(context, text) if name == STYLE else text and _READERS[name](text)
        except Refused as refused:
            raise Refused(refused.template, field=name, **refused.values) from None
    return replace(before, **read)


async def _look(context: Context, text: str) -> str:
    """Write a look down as it is kept; the usual one is none."""
    look = await look_of(context, text, DEFAULT) if text.strip() else DEFAULT
    return dump_style(look) if look != DEFAULT else ""
