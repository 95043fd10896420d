"""One person on several platforms: a pairing code, shown on one account and typed on the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.ids import new_id, read_id
from bot.message import Button, Field, Outcome, Reply, Tone
from bot.qr.refusal import Refused
from storage.changes import AddPairing, JoinPersons, UndoJoin
from storage.records import Identity, Join, Pairing

LENGTH = 8  # characters: 40 bits, of which guessing finds none in ten minutes
LIFE = timedelta(minutes=10)
PLATFORMS = {"telegram": "Telegram", "slack": "Slack", "web": "Web", "console": "Console"}


def read_pairing_code(text: str) -> str:
    """Read a pairing code as people type it; every one holds a digit, so that no word is one."""
    code = read_id(text, LENGTH)
    if code is None or not any(character.isdigit() for character in text):
        raise Refused(
            "“{given}” is not a pairing code. Say /connect on your other account to get one.", given=text
        )
    return code


def _new_code() -> str:
    return next(code for code in iter(lambda: new_id(LENGTH), "") if any(map(str.isdigit, code)))


@command("connect", group="keep", example="connect 7K3F-9QXM")
async def connect(
    context: Context,
    code: Annotated[str, Arg("the pairing code from your other account", read=read_pairing_code)] = "",
    undo: Annotated[str, Arg("take a connection back", slash=True)] = "",
) -> Outcome:
    """Use your codes and settings on several platforms: connect your accounts."""
    if undo:
        return await _undo(context, undo)
    return await _join(context, code) if code else await _offer(context)


async def _offer(context: Context) -> Outcome:
    """Show a pairing code, who is connected already, and how to undo that."""
    t, code = context.t, _new_code()
    shown = f"{code[:4]}-{code[4:]}"
    joins = await context.work.pairings.joins(context.person.id)
    fields = (Field(t("Pairing code"), shown), *_accounts(context.person.identities))
    body = t("On your other account, say: /connect {code} – it holds for ten minutes, once.", code=shown)
    copy = (Button(t("Copy"), copy=f"/connect {shown}"),)
    reply = Reply(
        title=t("Connect your accounts"),
        body=body,
        fields=fields,
        buttons=(copy, *_undo_rows(context, joins)),
        private=True,
        secret=True,
    )
    return Outcome(reply, (AddPairing(Pairing(code, context.person.id, context.now + LIFE)),))


async def _join(context: Context, code: str) -> Outcome:
    """Make one person of two: the older stays."""
    t, mine = context.t, context.person
    pairing = await context.work.pairings.find(code, context.now)
    other = await context.work.people.by_id(pairing.person_id) if pairing is not None else None
    if other is None:
        raise Refused(
            "This pairing code is used or too old. Say /connect on your other account to get a new one."
        )
    if other.id == mine.id:
        raise Refused("This code is for your other account: type it there.")
    stays, joins = sorted((mine, other), key=lambda person: (person.created_at, person.id))
    change = JoinPersons(new_id(), code, stays.id, joins.id, context.now)
    row = (Button(t("Undo"), f"/connect undo={change.id}", tone=Tone.DANGER),)
    body = t("These accounts are one now: codes, favourites and settings are shared.")
    fields = _accounts((*stays.identities, *joins.identities))
    reply = Reply(title=t("Connected"), body=body, fields=fields, buttons=(row,), private=True)
    return Outcome(reply, (change,))


async def _undo(context: Context, undo: str) -> Outcome:
    """Make two persons of one again."""
    t = context.t
    joins = await context.work.pairings.joins(context.person.id)
    found = next((join for join in joins if join.id == read_id(undo)), None)
    if found is None:
        raise Refused("There is no such connection any more. /connect shows those you have.")
    body = t("These accounts are on their own again; what was made since stays here.")
    reply = Reply(title=t("Disconnected"), body=body, fields=_accounts(found.accounts), private=True)
    return Outcome(reply, (UndoJoin(found.id, context.person.id),))


def _accounts(identities: tuple[Identity, ...]) -> tuple[Field, ...]:
    return tuple(
        Field(PLATFORMS.get(account.platform, account.platform), account.name or account.external_id)
        for account in identities
    )


def _undo_rows(context: Context, joins: tuple[Join, ...]) -> tuple[tuple[Button, ...], ...]:
    def button(join: Join) -> Button:
        accounts = ", ".join(account.name or account.external_id for account in join.accounts)
        label = context.t("Undo: {accounts}", accounts=accounts)
        return Button(label, f"/connect undo={join.id}", tone=Tone.DANGER)

    return tuple((button(join),) for join in joins)
