"""A look before it is taken: what the designer on the page shows while somebody tries looks out."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.cards import for_one, hints, picture_of
from bot.command import Arg, command
from bot.commands.library import code_id, theirs
from bot.commands.looks import own_style
from bot.context import Context
from bot.looks import SAMPLE, look_of, read_look
from bot.message import Outcome, Reply
from bot.qr.picture import Picture
from bot.qr.style import dump_style, load_style


@command("preview", group="keep", hidden=True)
async def preview(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id)] = "",
    look: Annotated[str, Arg("shapes, colours, frame, size", rest=True, read=read_look)] = "",
) -> Outcome:
    """Show a look on a code of yours, or on a sample, without keeping it."""
    found = await theirs(context, code) if code else None
    base = own_style(context) if found is None else load_style(found.style)
    chosen = await look_of(context, look, base) if look else base
    if found is None:
        picture, title, private = Picture(SAMPLE, chosen), context.t("Style"), False
    else:
        picture = picture_of(replace(found, style=dump_style(chosen)), format="png")
        title, private = found.title, for_one(context, found.kind)
    body = hints(context, picture, chosen)
    picture = replace(picture, checked=True)
    return Outcome(Reply(title=title, body=body, picture=picture, private=private))
