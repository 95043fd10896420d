"""For whoever runs this bot, in its console: who there is, and whom to shut out or delete."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Field, Outcome, Reply, Table, Tone
from bot.operating.audit import OPERATING
from bot.operating.people import blocking, find_people, holdings, shut_out, the_person
from storage.changes import ForgetPerson
from storage.records import Person

LISTED = 20  # people of a page

Whom = Annotated[str, Arg("a person's id, account, or email address", slash=True)]


@command("people", group=OPERATING, hidden=True, example="people ada")
async def people(
    context: Context,
    search: Annotated[str, Arg("words to look for", rest=True, slash=True)] = "",
    after: Annotated[str, Arg("the person before", slash=True, named=True)] = "",
) -> Outcome:
    """List the people, or those of whom an account holds these words."""
    t, found = context.t, await find_people(context, search.casefold().split(), after, limit=LISTED + 1)
    if not found:
        return Outcome(Reply(title=t("People"), body=t("Nothing found.")))
    page, shut = found[:LISTED], await shut_out(context)
    rows = tuple(
        (each.id, "\n".join(_accounts(each)), f"{each.created_at:%Y-%m-%d}", _blocked(context, each, shut))
        for each in page
    )
    heads = (t("Person"), t("Accounts"), t("Since"), t("Blocked"))
    following = f"/people after={page[-1].id} -- {search}".removesuffix(" -- ")
    more = ((Button(t("More"), following),),) if len(found) > LISTED else ()
    return Outcome(Reply(title=t("People"), table=Table(heads, rows), buttons=more, private=True))


def _accounts(person: Person) -> list[str]:
    return [f"{each.platform}:{each.external_id} {each.name}".rstrip() for each in person.identities]


def _blocked(context: Context, person: Person, shut: frozenset[str]) -> str:
    """Say whether one of their accounts may not use the bot."""
    names = {f"{each.platform}:{each.external_id}" for each in person.identities}
    return context.t("yes") if names & shut else ""


@command("person", group=OPERATING, hidden=True, example="person telegram:123")
async def person(context: Context, whom: Whom) -> Outcome:
    """Show a person: their accounts, how much is theirs, when they were last here, their limit."""
    t, found = context.t, await the_person(context, whom)
    held = await holdings(context, found)
    seen = (
        t("{when} (UTC)", when=f"{held.seen_at:%Y-%m-%d %H:%M}") if held.seen_at is not None else t("never")
    )
    fields = [Field(t("Account"), each) for each in _accounts(found)]
    fields += [
        Field(t("Since"), f"{found.created_at:%Y-%m-%d}"),
        Field(t("Last seen"), seen),
        Field(
            t("Codes"), t("{count}, {marked} of them favourites", count=held.codes, marked=held.favourites)
        ),
        Field(t("Deliveries"), t("{waiting} waiting, {dead} dead", waiting=held.waiting, dead=held.dead)),
        *[
            Field(t("Limit"), await _limit(context, each.platform, each.external_id))
            for each in found.identities
        ],
    ]
    blocked = _blocked(context, found, await shut_out(context))
    if blocked:
        fields.append(Field(t("Blocked"), blocked))
    turn = (
        Button(t("Let in again"), f"/unblock {found.id}")
        if blocked
        else Button(t("Block"), f"/block {found.id}")
    )
    forget = Button(t("Delete everything"), f"/forget {found.id}", tone=Tone.DANGER)
    return Outcome(
        Reply(title=found.id, fields=tuple(fields), buttons=((turn, forget),), private=True), about=found.id
    )


async def _limit(context: Context, platform: str, id: str) -> str:
    key, t = f"{platform}:{id}", context.t
    left = await context.left(key)
    if not left.limit:
        return t("{account}: none", account=key)
    return t(
        "{account}: {left} of {most} left in {seconds} s",
        account=key,
        left=left.remaining,
        most=left.limit,
        seconds=left.window,
    )


@command("block", group=OPERATING, hidden=True, example="block telegram:123")
async def block(context: Context, whom: Whom) -> Outcome:
    """Shut a person out, on every platform and with their accounts."""
    return await _turned(context, whom, blocked=True)


@command("unblock", group=OPERATING, hidden=True, example="unblock telegram:123")
async def unblock(context: Context, whom: Whom) -> Outcome:
    """Let a person in again, on every platform and with their accounts."""
    return await _turned(context, whom, blocked=False)


async def _turned(context: Context, whom: str, *, blocked: bool) -> Outcome:
    t, found = context.t, await the_person(context, whom)
    changes = await blocking(context, found, blocked)
    told = (
        t("{person} is shut out. What is theirs is kept.", person=found.id)
        if blocked
        else t("{person} is let in again.", person=found.id)
    )
    return Outcome(Reply(body=told, private=True), changes, about=found.id)


@command("forget", group=OPERATING, hidden=True, example="forget telegram:123 confirm=yes")
async def forget(context: Context, whom: Whom, confirm: Annotated[bool, Arg("really")] = False) -> Outcome:
    """Delete everything that is a person's."""
    t, found = context.t, await the_person(context, whom)
    if confirm:
        told = Reply(body=t("Everything of {person} is deleted.", person=found.id), private=True)
        return Outcome(told, (ForgetPerson(found.id),), about=found.id)
    body = t(
        "This deletes all codes, settings and accounts of {person} ({accounts}), on every platform, at once. "
        "It cannot be undone.",
        person=found.id,
        accounts=", ".join(_accounts(found)),
    )
    sure = Button(t("Delete everything"), f"/forget {found.id} confirm=yes", tone=Tone.DANGER)
    asked = Reply(title=t("Delete everything?"), body=body, buttons=((sure,),), private=True)
    return Outcome(asked, about=found.id)
