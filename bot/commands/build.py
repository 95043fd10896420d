"""Building a code with its picture before one's eyes: a code that is to be changed, and one being tried."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.app import decide
from bot.builder import FORMAT, KIND, SHOWN, WORDS, builds, built, filled_in, word_of
from bot.cards import SECRET_KINDS
from bot.command import Arg, command
from bot.commands.library import code_id, own
from bot.context import Context
from bot.designs import small
from bot.i18n import capital
from bot.ids import new_id
from bot.message import Asking, Form, Outcome, Reply, Status
from bot.previews import LIFE, dump_codes
from bot.qr.refusal import Refused
from bot.qr.style import dump_style
from storage.changes import AddCode, AddPreview, ReviseCode
from storage.records import Code, Preview


@command("edit", group="keep", hidden=True)
async def edit(context: Context, code: Annotated[str, Arg("id of a code", read=code_id)]) -> Outcome:
    """Change what a code says, and how it looks."""
    found = await own(context, code)
    values = filled_in(found)
    parts = () if context.request.asking is Asking.QUESTION else (WORDS, FORMAT)
    shown = built(context.commands, word_of(context.commands, found.kind), values, context.t, parts=parts)
    title = context.t("Change “{title}”", title=found.title)
    asking = Reply(title=title, form=replace(shown, title=title, values=values), status=Status.INCOMPLETE)
    return Outcome(replace(asking, private=True))


@command("trial", group="make", hidden=True)
async def trial(context: Context) -> Outcome:
    """Show what a builder's values would make, without keeping it."""
    said = context.request.values
    kind = said.get(KIND, "")
    if not builds(context.commands, kind):
        raise Refused("I make no such codes. Please choose from the list.", field=KIND)
    values = {name: each for name, each in said.items() if name not in (KIND, SHOWN)}
    tried = await decide(replace(context, request=replace(context.request, command=kind, values=values)))
    reply = tried.reply or Reply()
    if reply.picture is None:
        return Outcome(replace(reply, body=_lacking(context, reply.form, values) or reply.body))
    picture = replace(small(reply.picture), name="qr", checked=True)  # just what its address is drawn from
    made = next((each.code for each in tried.changes if isinstance(each, AddCode | ReviseCode)), None)
    shown = Reply(reply.title, reply.body, picture=picture, private=True)
    if made is None or made.kind in SECRET_KINDS or SHOWN not in said:
        return Outcome(replace(shown, secret=made is None or made.kind in SECRET_KINDS))
    preview = _kept(context, replace(made, style=dump_style(picture.style)))
    return Outcome(replace(shown, code=f"{preview.id}.0"), (AddPreview(preview),))


def _kept(context: Context, code: Code) -> Preview:
    """Keep what to draw until it was fetched; whoever only types is not kept for it."""
    owner = "" if context.new else context.person.id
    return Preview(new_id(), owner, dump_codes([code], checked=True), context.now + LIFE)


def _lacking(context: Context, form: Form | None, values: dict[str, str]) -> str:
    """Say what is still to be filled in; empty where that is all there."""
    asked = form.questions if form is not None else ()
    missing = [each.label for each in asked if each.required and not values.get(each.name)]
    wrong = [f"{capital(each.label)}: {each.error}" for each in asked if each.error]
    if wrong:
        return "\n".join(wrong)
    if not missing:
        return ""
    return context.t("To see the picture, fill in: {fields}.", fields=", ".join(missing))
