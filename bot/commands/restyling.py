"""The look of one code: the sheet of looks in its place, and the code in the look that was chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.cards import back, code_reply, for_all, for_one, in_place
from bot.command import Arg, command
from bot.commands.library import code_id, theirs
from bot.commands.looks import sheet
from bot.context import Context
from bot.ids import new_id
from bot.looks import look_of, read_look
from bot.message import Outcome
from bot.qr.style import dump_style, load_style
from storage.changes import AddCode, RestyleCode


@command("looks", group="keep", hidden=True)
async def looks(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id, slash=True)],
    typed: Annotated[str, Arg("what was typed", rest=True)] = "",
) -> Outcome:
    """Offer other looks for a code, in its place."""
    found = await theirs(context, code)
    reply = sheet(context, f"restyle {found.id}", back(context, found, typed))
    private, shared = for_one(context, found.kind), for_all(context, found.kind)
    return Outcome(replace(reply, private=private, shared=shared, replace=in_place(context, found)))


@command("colours", group="keep", hidden=True)
async def colours(context: Context, code: Annotated[str, Arg("id of a code", read=code_id)]) -> Outcome:
    """Offer other looks for a code: what buttons of earlier versions say."""
    return await looks.run(context, code=code)


@command("restyle", group="keep", hidden=True)
async def restyle(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id)],
    look: Annotated[str, Arg("shapes, colours, frame, size", rest=True, read=read_look)],
) -> Outcome:
    """Give a code another look; somebody else's is copied first."""
    found = await theirs(context, code)
    chosen = dump_style(await look_of(context, look, load_style(found.style)))
    changed = replace(found, style=chosen)
    if found.person_id == context.person.id:
        change = RestyleCode(found.id, found.person_id, chosen, found.format)
        return Outcome(code_reply(context, changed, replace=in_place(context, found)), (change,))
    copy = replace(changed, id=new_id(), person_id=context.person.id, created_at=context.now, favourite=False)
    return Outcome(code_reply(context, copy), (AddCode(copy),))
