"""Forgotten passwords: a code that came to a chat of the account's, or from its operator, is for a new one.

Nobody learns who has an account: whoever asks is told the same, and as soon, as what there is to do is done
beside the request; and a code is looked at while the new password is hashed, which takes longer.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.accounts.attempts import CODES_SENT
from bot.accounts.caller import Accounts, TooMany, request_of
from bot.accounts.passwords import hashed, read_password
from bot.accounts.sessions import attempted, counted, known_as
from bot.accounts.signing_up import shown
from bot.context import Context
from bot.i18n import Translator, mark, spoken
from bot.ids import new_id, read_id
from bot.message import Actor, Button, Field, Outcome, Reply
from bot.outbox import letter
from bot.qr.refusal import Refused
from storage.account import ACCOUNT, AddReset, ChangeUser, TryReset, User, UseReset
from storage.changes import Stale, Unit

LENGTH = 8  # characters: 40 bits, of which five guesses are taken
LIFE, BY_HAND = timedelta(minutes=15), timedelta(days=1)  # of a code that is sent; that an operator passes on
PAGE = "/reset"  # where it is typed
CHATS = ("telegram", "slack")  # where somebody is reached who did not just speak
SENT = mark(
    "If this address has an account with a connected chat, a code is on its way there. Should none come, ask "
    "whoever runs this bot for one."
)


def new_reset(user: User, now: datetime, life: timedelta) -> AddReset:
    """Make a code with which an account gets another password; an earlier one holds no longer."""
    return AddReset(user.id, new_id(LENGTH), now + life)


# --- asking -------------------------------------------------------------------------------------------------


async def ask_reset(accounts: Accounts, email: str, address: str, *, language: str = "") -> None:
    """Have a code sent to the chats of whoever has an account with this address, if there is such a one.

    ``address``: where from; its tries are counted, and the account's, and the codes that are sent to it.
    ``language``: of the page, for who has chosen none. Raises TooMany.
    """
    mail = known_as(email)
    await counted(accounts, mail, address)
    about = f"reset:{attempted(accounts, mail)}"
    wait = await accounts.attempts(CODES_SENT, about)
    if wait:
        raise TooMany(wait)
    accounts.beside(about, partial(_send, accounts, mail, language), "a code for a password was not sent")


async def _send(accounts: Accounts, mail: str, language: str) -> None:
    """Commit a code with the messages that bring it; whoever sends them may be another process."""
    app, now = accounts.app, accounts.app.clock()
    async with app.store.reading() as work:
        user = await work.accounts.by_email(mail)
        person = await work.people.by_account(ACCOUNT, user.id) if user is not None else None
    if user is None or user.disabled or person is None:
        return
    reset = new_reset(user, now, LIFE)
    told = _told(Translator(spoken(person.preferences.language, language)), user, reset.code, app.public_url)
    chats = [each for each in person.identities if each.platform in CHATS]
    letters = [letter(f"{chat.platform}:{chat.external_id}", told, now, person.id) for chat in chats]
    if letters:
        unit = Unit("", now, (reset,), tuple(letters))
        await app.store.commit(unit)
        app.wake(unit)


def _told(t: Translator, user: User, code: str, home: str) -> Reply:
    """Say what a code is for, and what to do where nobody asked for one."""
    body = t(
        "Somebody wants a new password for {email}. If that is you, type this code on the page where you "
        "asked; it holds for {minutes} minutes, once. If not, do nothing and give it to nobody: then your "
        "password stays.",
        email=user.email,
        minutes=LIFE // timedelta(minutes=1),
    )
    copy = Button(t("Copy"), copy=shown(code))
    page = (Button(t("Choose a new password"), url=f"{home}{PAGE}"),) if home else ()
    return Reply(
        title=t("Forgot your password?"),
        body=body,
        fields=(Field(t("Code"), shown(code)),),
        buttons=((copy, *page),),
        private=True,
        secret=True,
        language=t.language,
    )


# --- choosing another ---------------------------------------------------------------------------------------


async def reset_password(accounts: Accounts, email: str, code: str, new_password: str, address: str) -> User:
    """Give an account another password for its code; all of its sessions and tokens end, its keys stay.

    ``address``: where from; its tries are counted, and the account's. Raises Refused, alike for a wrong code
    and for nobody's address, and TooMany.
    """
    mail = known_as(email)
    password, given = read_password(new_password, mail, field="new_password"), read_id(code, LENGTH)
    if given is None:
        raise _wrong()
    await counted(accounts, mail, address)
    chosen, id = await asyncio.gather(hashed(accounts, password), _holder(accounts, mail, given))
    changed: list[User] = []

    async def act(context: Context) -> Outcome:
        before = await context.work.accounts.by_id(id)
        holds = await context.work.accounts.reset_holds(id, given, context.now)
        if before is None or before.disabled or not holds:
            raise _wrong()
        changed[:] = [replace(before, password=chosen, version=before.version + 1)]
        return Outcome(None, (UseReset(id, given, context.now), ChangeUser(before, changed[0])))

    try:
        await accounts.app.perform(request_of(Actor(ACCOUNT, id)), act)
    except Stale:
        raise _wrong() from None
    return changed[0]


async def _holder(accounts: Accounts, mail: str, code: str) -> str:
    """Take a try, and then tell for which account this is the code; empty where it is for none."""
    now = accounts.app.clock()
    async with accounts.app.store.reading() as work:
        user = await work.accounts.by_email(mail)
    if user is None:
        return ""
    try:
        await accounts.commit(TryReset(user.id, now))
    except Stale:
        return ""
    async with accounts.app.store.reading() as work:
        return user.id if await work.accounts.reset_holds(user.id, code, now) else ""


def _wrong() -> Refused:
    return Refused(
        "This code is not right, or holds no longer. Please look at it again, or have another one sent.",
        field="code",
    )
