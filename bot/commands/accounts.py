"""For whoever runs this bot, in its console: who may make an account, and what becomes of those there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from bot.accounts.operating import with_access, with_role
from bot.accounts.resetting import BY_HAND, PAGE, new_reset
from bot.accounts.sessions import known_as
from bot.accounts.signing_up import new_invite, shown
from bot.command import Arg, command
from bot.context import Context
from bot.i18n import Translator, mark
from bot.message import Button, Field, Outcome, Reply, Tone
from bot.operating.audit import OPERATING
from bot.qr.refusal import Refused
from storage.account import ACCOUNT, AddInvite, ChangeUser, Role, User
from storage.changes import ForgetPerson

LISTED, LOOKED = 20, 200  # accounts of a page; looked at in one go for the words that are searched for

Email = Annotated[str, Arg("email address", slash=True)]


def read_role(text: str) -> str:
    """Read what an account may do."""
    if text.lower() not in list(Role):
        raise Refused("An account is for a user or an operator, not “{given}”.", given=text)
    return text.lower()


@command("invite", group=OPERATING, hidden=True, example="invite operator")
async def invite(
    context: Context,
    role: Annotated[str, Arg("who it is for", read=read_role)] = Role.USER.value,
) -> Outcome:
    """Invite somebody to make an account: in the console of whoever runs this bot."""
    made = new_invite(Role(role), context.request.actor.key, context.now)
    body = context.t("Whoever has this code can make one account within a week.")
    if context.policy == "invite":
        code = shown(made.code)
        body += " " + context.t(
            "Or they say it to me in a chat, and may use me there: /join {code}", code=code
        )
    told = _told_once(context.t, context.t("Invitation"), body, shown(made.code))
    return Outcome(told, (AddInvite(made),), about=role)


# --- looking ------------------------------------------------------------------------------------------------


@command("accounts", group=OPERATING, hidden=True, example="accounts example.org")
async def accounts(
    context: Context,
    search: Annotated[str, Arg("words to look for", rest=True, slash=True)] = "",
    after: Annotated[str, Arg("the account before", slash=True, named=True)] = "",
) -> Outcome:
    """List the accounts, the oldest first."""
    t, found = context.t, await _found(context, search.casefold().split(), after)
    if not found:
        return Outcome(Reply(title=t("Accounts"), body=t("Nothing found.")))
    page = found[:LISTED]
    fields = tuple(Field(user.email, _about(context, user)) for user in page)
    following = f"/accounts after={page[-1].id} -- {search}" if search else f"/accounts after={page[-1].id}"
    more = ((Button(t("More"), following),),) if len(found) > LISTED else ()
    title = t.many("{count} account", "{count} accounts", await context.work.accounts.count())
    return Outcome(Reply(title=title, fields=fields, buttons=more, private=True))


async def _found(context: Context, words: list[str], after: str) -> list[User]:
    """Find a page of the accounts whose address holds these words, and the one that follows it."""
    held, found = context.work.accounts, list[User]()
    last = await held.by_id(after) if after else None
    while len(found) <= LISTED:
        place = (last.created_at, last.id) if last is not None else None
        looked = await held.page(place, limit=LOOKED)
        found += [user for user in looked if all(word in user.email.casefold() for word in words)]
        if len(looked) < LOOKED:
            break
        last = looked[-1]
    return found


def _about(context: Context, user: User) -> str:
    t = context.t
    role = t("operator") if user.role is Role.OPERATOR else t("user")
    shut = (t("disabled"),) if user.disabled else ()
    return " · ".join((role, *shut, t("since {day}", day=user.created_at.date().isoformat())))


# --- changing -----------------------------------------------------------------------------------------------


@command("disable", group=OPERATING, hidden=True, example="disable ada@example.org")
async def disable(context: Context, email: Email) -> Outcome:
    """Log an account out everywhere, and let it in no longer."""
    told = mark("{email} is logged out everywhere, and cannot log in any more.")
    return await _changed(context, email, partial(with_access, disabled=True), told)


@command("enable", group=OPERATING, hidden=True, example="enable ada@example.org")
async def enable(context: Context, email: Email) -> Outcome:
    """Let an account in again."""
    told = mark("{email} can log in again.")
    return await _changed(context, email, partial(with_access, disabled=False), told)


@command("role", group=OPERATING, hidden=True, example="role ada@example.org operator")
async def role(
    context: Context,
    email: Email,
    role: Annotated[str, Arg("who it is for", read=read_role)],
) -> Outcome:
    """Make an account an operator's, or a user's again; it logs in anew."""
    told = mark("{email} is a user now.") if role == Role.USER else mark("{email} is an operator now.")
    return await _changed(context, email, partial(with_role, role=Role(role)), told)


@command("resetpassword", group=OPERATING, hidden=True, example="resetpassword ada@example.org")
async def resetpassword(context: Context, email: Email) -> Outcome:
    """Make a code with which somebody who forgot their password chooses another."""
    t, user = context.t, await _account(context, email)
    if user.disabled:
        raise Refused("This account is disabled. First let it in again: /enable {email}", email=user.email)
    reset = new_reset(user, context.now, BY_HAND)
    body = t(
        "Give this code to {email}, and to nobody else: with it they choose a new password at {page}. It "
        "holds for a day, once.",
        email=user.email,
        page=f"{context.home}{PAGE}",
    )
    return Outcome(
        _told_once(t, t("Code for a new password"), body, shown(reset.code)), (reset,), about=user.id
    )


@command("deleteaccount", group=OPERATING, hidden=True, example="deleteaccount ada@example.org confirm=yes")
async def deleteaccount(
    context: Context, email: Email, confirm: Annotated[bool, Arg("really")] = False
) -> Outcome:
    """Delete an account, with everything that is its person's."""
    t, user = context.t, await _account(context, email)
    person = await context.work.people.by_account(ACCOUNT, user.id)
    if confirm and person is not None:
        body = t("Everything of {email} is deleted.", email=user.email)
        return Outcome(Reply(body=body, private=True), (ForgetPerson(person.id),), about=user.id)
    body = t(
        "This deletes the account of {email}, with all their codes and settings on every platform, at once. "
        "It cannot be undone.",
        email=user.email,
    )
    sure = Button(t("Delete everything"), f"/deleteaccount {user.email} confirm=yes", tone=Tone.DANGER)
    asked = Reply(title=t("Delete everything?"), body=body, buttons=((sure,),), private=True)
    return Outcome(asked, about=user.id)


async def _changed(context: Context, email: str, decide: Callable[[User], User], told: str) -> Outcome:
    before = await _account(context, email)
    after = decide(before)
    changes = (ChangeUser(before, after),) if after != before else ()
    said = Reply(body=context.t(told, email=before.email), private=True)
    return Outcome(said, changes, about=before.id)


async def _account(context: Context, email: str) -> User:
    """Find an account."""
    found = await context.work.accounts.by_email(known_as(email))
    if found is None:
        raise Refused("There is no account with this email address. /accounts lists those there are.")
    return found


def _told_once(t: Translator, title: str, body: str, code: str) -> Reply:
    """Show a code to be passed on."""
    fields, copy = (Field(t("Code"), code),), Button(t("Copy"), copy=code)
    return Reply(title=title, body=body, fields=fields, buttons=((copy,),), private=True, secret=True)
