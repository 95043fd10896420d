"""The look that all codes made in a group or channel get: set by its admins, logo and all."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.command import Arg, command
from bot.commands.logos import worn
from bot.commands.looks import opened, read_look_or, worn_here
from bot.context import Context
from bot.drawings import ASSET
from bot.looks import SAMPLE, look_of
from bot.message import Outcome, Reply, Status
from bot.qr.picture import Picture
from bot.qr.style import DEFAULT, load_style, style_text
from storage.changes import AddAsset, ClearKit


@command("kit", group="keep", example="kit navy on white", files=True)
async def kit(
    context: Context,
    look: Annotated[
        str,
        Arg("shapes, colours, frame, size; or clear", rest=True, slash=True, read=read_look_or("clear")),
    ] = "",
) -> Outcome:
    """Show or set the look that all codes made in this group or channel get; send a picture for its logo."""
    t, space, uploads = context.t, context.request.space, context.request.uploads
    if space.private:
        return Outcome(
            Reply(body=t("A kit is for a group or channel. Your own look is /style."), status=Status.REFUSED)
        )
    if not look and not uploads:
        shown = style_text(context.style) if context.kit else t("none; everybody's own style is used")
        return Outcome(Reply(title=t("Kit"), body=t("The look of codes made here: {style}", style=shown)))
    if context.request.admin is None or any(not upload.data for upload in uploads):
        return Outcome(None, jobs=(context.request,))
    if not context.request.admin:
        return Outcome(
            Reply(body=t("Only admins of this place can set its kit."), status=Status.REFUSED, private=True)
        )
    if look == "clear":
        return Outcome(
            Reply(body=t("The kit is gone; everybody's own style is used.")), (ClearKit(space.key),)
        )
    return await _kit_set(context, look)


async def _kit_set(context: Context, look: str) -> Outcome:
    t, space = context.t, context.request.space
    base = load_style(context.kit.style) if context.kit is not None and context.request.uploads else DEFAULT
    chosen = await look_of(context, look, base) if look else base
    changes: tuple[AddAsset, ...] = ()
    if context.request.uploads:
        asset = await opened(context, context.request.uploads[0], space.key)
        chosen, changes = replace(chosen, logo=worn(chosen, f"{ASSET}{asset.id}")), (AddAsset(asset),)
    body = t("The look of codes made here: {style}", style=style_text(chosen))
    picture = Picture(SAMPLE, chosen, checked=True)
    return Outcome(Reply(title=t("Kit"), body=body, picture=picture), (*changes, worn_here(context, chosen)))
