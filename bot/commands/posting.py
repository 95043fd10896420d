"""Show all in a channel what one person has seen alone so far."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.cards import SECRET_KINDS, code_reply, sharing
from bot.command import Arg, command
from bot.commands.library import code_id, theirs
from bot.context import Context
from bot.message import Button, Outcome, Reply, Tone
from storage.records import Code


@command("post", group="keep", hidden=True)
async def post(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id, slash=True)],
    ticket: Annotated[str, Arg("of a button that counts once", read=code_id, slash=True)] = "",
    confirm: Annotated[bool, Arg("also a secret", named=True)] = False,
) -> Outcome:
    """Show a code to all who are here, and say whose it is; in a private chat just show it."""
    found = await theirs(context, code)
    if context.request.space.private:
        return Outcome(code_reply(context, found))
    if found.kind in SECRET_KINDS and not confirm:
        return Outcome(_sure(context, found, ticket))
    return Outcome(_shown(context, found), once=f"post:{found.id}:{ticket}" if ticket else "")


def _shown(context: Context, code: Code) -> Reply:
    """Show a code as somebody's. Its only button is for them, where I am not let in and they try again."""
    t, name = context.t, context.request.actor.name
    whose = t("@{name} shared this code.", name=name) if name else ""
    shown = code_reply(context, code, buttons=((sharing(context, code),),))
    body = "\n".join(line for line in (whose, shown.body) if line)
    return replace(shown, body=body, private=False, shared=True, left=t("Shared."))


def _sure(context: Context, code: Code, ticket: str) -> Reply:
    """Ask before a secret is shown: whoever reads along can scan it."""
    t = context.t
    body = t(
        "Everybody here could scan “{title}” and read what is secret in it. Share it all the same?",
        title=code.title,
    )
    line = f"post {code.id} {ticket} confirm=yes" if ticket else f"post {code.id} confirm=yes"
    share = Button(t("Share it"), line, tone=Tone.DANGER, here=True)
    keep = Button(t("Keep it to myself"), f"card {code.id}", here=True)
    pressed = context.request.aside and context.request.pressed
    return Reply(body=body, buttons=((share, keep),), private=True, replace=pressed)
