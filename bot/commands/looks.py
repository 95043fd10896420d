"""How codes look: one's own style, and the sheet of all looks that have names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated

from bot.cards import at_home
from bot.command import Arg, command
from bot.context import Context
from bot.drawings import ASSET, worked
from bot.ids import new_id
from bot.looks import PLAIN, SAMPLE, SURPRISE, check_room, look_of, read_look
from bot.message import Button, Outcome, Reply, Rows, Upload, fits
from bot.qr.gallery import COLUMNS
from bot.qr.logo import open_art
from bot.qr.picture import GALLERY, Picture
from bot.qr.style import (
    DEFAULT,
    Backdrop,
    Style,
    dump_style,
    load_style,
    presets,
    share_code,
    style_text,
)
from storage.changes import AddAsset, SetKit, SetPreferences
from storage.records import Asset, Kit

LOOK, TEMPLATE = "s_", "t_"  # what a link brings along: a share code, the id of a code
_ROW = 4  # buttons beside each other


def read_look_or(*words: str) -> Callable[[str], str]:
    """Make the function that reads a look, or one of these words in its place."""
    return lambda text: text.strip().lower() if text.strip().lower() in words else read_look(text)


def own_style(context: Context) -> Style:
    """Give the person's own look."""
    stored = context.person.preferences.style
    return load_style(stored) if stored else DEFAULT


def kept(context: Context, chosen: Style) -> tuple[SetPreferences, ...]:
    """Keep a look as the person's own."""
    before = context.person.preferences
    after = replace(before, style=dump_style(chosen) if chosen != DEFAULT else "")
    return () if after == before else (SetPreferences(context.person.id, before, after),)


def worn_here(context: Context, chosen: Style) -> SetKit:
    """Make a look that of all codes made in this space."""
    space, before = context.request.space.key, context.kit
    format = before.format if before is not None else ""
    return SetKit(Kit(space, dump_style(chosen), format, context.person.id, context.now))


async def opened(context: Context, upload: Upload, owner: str) -> Asset:
    """Open a picture for a logo or a background; refuses one more than may be kept."""
    check_room(await context.work.assets.count(owner))
    data = await worked(partial(open_art, upload.data))
    return Asset(new_id(), owner, data, context.now)


@command("style", group="keep", example="style dots navy on white, eyes rounded", files=True)
async def style(
    context: Context,
    look: Annotated[
        str,
        Arg(
            "shapes, colours, frame, size; presets, surprise or default",
            rest=True,
            read=read_look_or("presets"),
        ),
    ] = "",
) -> Outcome:
    """Show or change how your codes look; send a picture with it to lie behind them."""
    t, uploads = context.t, context.request.uploads
    if look == "presets":
        offered = sheet(context, "/style", Button(t("‹ Back"), "/style"))
        return Outcome(replace(offered, replace=at_home(context)))
    if any(not upload.data for upload in uploads):
        return Outcome(None, jobs=(context.request,))
    chosen = await look_of(context, look, own_style(context)) if look else own_style(context)
    added: tuple[AddAsset, ...] = ()
    if uploads:
        asset = await opened(context, uploads[0], context.person.id)
        chosen, added = replace(chosen, backdrop=Backdrop(f"{ASSET}{asset.id}")), (AddAsset(asset),)
    body = t("Your codes look like this: {style}", style=style_text(chosen))
    picture = Picture(SAMPLE, chosen, checked=True)
    buttons = _more(context, chosen)
    return Outcome(
        Reply(title=t("Style"), body=body, picture=picture, buttons=buttons, replace=at_home(context)),
        (*added, *kept(context, chosen)),
    )


def _more(context: Context, chosen: Style) -> Rows:
    t, shared = context.t, share_code(chosen)
    return (
        (Button(t("Presets"), "/style presets"), Button(t("Surprise me"), f"/style {SURPRISE}")),
        (Button(t("Logo"), "/logo"), Button(t("Plain"), f"/style {PLAIN}")),
        tuple(Button(f"{t('Level')} {level}", f"/style level {level}") for level in ("M", "Q", "H")),
        (Button(t("Copy to share"), copy=context.link(f"{LOOK}{shared}") or f"/style code {shared}"),),
    )


def sheet(context: Context, verb: str, back: Button) -> Reply:
    """Show all looks that have names as a numbered sheet, with a button each, in the sheet's rows."""
    t = context.t
    named = [
        Button(f"{number}. {name}", f"{verb} {name}", short=str(number))
        for number, name in enumerate(presets(), 1)
        if fits(f"{verb} {name}")
    ]
    rows = tuple(tuple(named[at : at + COLUMNS]) for at in range(0, len(named), COLUMNS))
    last = (Button(t("Surprise me"), f"{verb} {SURPRISE}"), Button(t("Plain"), f"{verb} {PLAIN}"), back)
    body = t("Choose one, or say it in words: dots navy on white, eyes rounded, frame “Scan me”")
    picture = Picture(SAMPLE, DEFAULT, GALLERY, "looks")
    return Reply(title=t("Looks"), body=body, picture=picture, buttons=(*rows, last))
