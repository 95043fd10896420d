"""One person on several platforms: a pairing code, shown on one account and typed on the other."""

from __future__ import annotations

from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.message import Button, Field, Outcome, Reply, Status, Tone
from bot.pairing import PLATFORMS, Wrong, found_join, join, new_pairing, read_pairing_code, shown
from bot.qr.refusal import Refused
from storage.changes import AddPairing, UndoJoin
from storage.records import Identity, Join


@command("connect", group="keep", example="connect 7K3-F9Q-XM2")
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
    t, pairing = context.t, new_pairing(context)
    code = shown(pairing.code)
    joins = await context.work.pairings.joins(context.person.id)
    fields = (Field(t("Pairing code"), code), *_accounts(context.person.identities))
    body = t("On your other account, say: /connect {code} – it holds for ten minutes, once.", code=code)
    copy = (Button(t("Copy"), copy=f"/connect {code}"),)
    reply = Reply(
        title=t("Connect your accounts"),
        body=body,
        fields=fields,
        buttons=(copy, *_undo_rows(context, joins)),
        private=True,
        secret=True,
    )
    return Outcome(reply, (AddPairing(pairing),))


async def _join(context: Context, code: str) -> Outcome:
    """Make one person of two."""
    t, found = context.t, await join(context, code)
    if isinstance(found, Wrong):
        return Outcome(Reply(body=t.of(found.refused), status=Status.REFUSED), found.counted)
    _, joined = found.changes
    row = (Button(t("Undo"), f"/connect undo={joined.id}", tone=Tone.DANGER),)
    body = t("These accounts are one now: codes, favourites and settings are shared.")
    fields = _accounts((*found.stays.identities, *found.joins.identities))
    reply = Reply(title=t("Connected"), body=body, fields=fields, buttons=(row,), private=True)
    return Outcome(reply, found.changes)


async def _undo(context: Context, undo: str) -> Outcome:
    """Make two persons of one again."""
    t, found = context.t, await found_join(context, undo)
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
