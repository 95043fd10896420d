"""How codes look: one's own style and logo, and the kit of a group or channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated

from bot.app import Context
from bot.cards import at_home
from bot.command import Arg, command
from bot.drawings import ASSET, worked
from bot.ids import new_id
from bot.looks import PICTURES, PLAIN, SURPRISE, look_of, read_look
from bot.message import Button, Outcome, Reply, Rows, Status, Upload, fits
from bot.qr.gallery import COLUMNS
from bot.qr.logo import open_art
from bot.qr.payloads import Payload
from bot.qr.picture import GALLERY, Picture
from bot.qr.refusal import Refused
from bot.qr.style import (
    DEFAULT,
    Backdrop,
    Logo,
    Style,
    dump_style,
    load_style,
    presets,
    share_code,
    style_text,
)
from storage.records import (
    AddAsset,
    Asset,
    ClearKit,
    DeleteAssets,
    Kit,
    SetKit,
    SetPreferences,
)

SAMPLE = Payload("https://example.com", "url")
EMOJI = ("⭐", "❤️", "🏠", "📶", "☕", "🎉", "🍕", "🎵")
OWN = {"photo": "profile:person", "icon": "profile:space"}  # pictures that a platform has, and their refs
_ROW = 4  # buttons beside each other


def read_look_or(*words: str) -> Callable[[str], str]:
    """Make the function that reads a look, or one of these words in its place."""
    return lambda text: text.strip().lower() if text.strip().lower() in words else read_look(text)


def own_style(context: Context) -> Style:
    """Give the person's own look."""
    stored = context.person.preferences.style
    return load_style(stored) if stored else DEFAULT


def _kept(context: Context, chosen: Style) -> tuple[SetPreferences, ...]:
    before = context.person.preferences
    after = replace(before, style=dump_style(chosen) if chosen != DEFAULT else "")
    return () if after == before else (SetPreferences(context.person.id, before, after),)


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
        asset = await _opened(context, uploads[0], context.person.id)
        chosen, added = replace(chosen, backdrop=Backdrop(f"{ASSET}{asset.id}")), (AddAsset(asset),)
    body = t("Your codes look like this: {style}", style=style_text(chosen))
    picture = Picture(SAMPLE, chosen, checked=True)
    buttons = _more(context, chosen)
    return Outcome(
        Reply(title=t("Style"), body=body, picture=picture, buttons=buttons, replace=at_home(context)),
        (*added, *_kept(context, chosen)),
    )


def _more(context: Context, chosen: Style) -> Rows:
    t = context.t
    return (
        (Button(t("Presets"), "/style presets"), Button(t("Surprise me"), f"/style {SURPRISE}")),
        (Button(t("Logo"), "/logo"), Button(t("Plain"), f"/style {PLAIN}")),
        tuple(Button(f"{t('Level')} {level}", f"/style level {level}") for level in ("M", "Q", "H")),
        (Button(t("Copy to share"), copy=f"/style code {share_code(chosen)}"),),
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


# --- logos --------------------------------------------------------------------------------------------------


@command("logo", group="keep", example="logo ⭐", files=True)
async def logo(
    context: Context,
    what: Annotated[
        str,
        Arg("an emoji; round, square, outline; a size such as 20%; photo, icon, remove or forget", rest=True),
    ] = "",
) -> Outcome:
    """Put a logo on your codes: send a picture with it, or name an emoji."""
    t, word, base = context.t, what.strip().lower(), own_style(context)
    if word in OWN and not context.request.uploads:
        return _fetched(context, OWN[word])
    if any(not upload.data for upload in context.request.uploads):
        return Outcome(None, jobs=(context.request,))
    added: tuple[AddAsset, ...] = ()
    if context.request.uploads:
        asset = await _opened(context, context.request.uploads[0], context.person.id)
        chosen, added = replace(base, logo=_worn(base, f"{ASSET}{asset.id}")), (AddAsset(asset),)
    elif word == "forget":
        return _forgotten(context, base)
    elif word in ("remove", "none"):
        chosen = replace(base, logo=None)
    elif what:
        chosen = await look_of(context, f"logo {what}", base)
    else:
        return Outcome(Reply(title=t("Logo"), body=_how(context), buttons=_logos(context, base)))
    body = t("Your codes look like this: {style}", style=style_text(chosen))
    reply = Reply(
        title=t("Logo"),
        body=body,
        picture=Picture(SAMPLE, chosen, checked=True),
        buttons=_logos(context, chosen),
        private=True,
    )
    return Outcome(reply, (*added, *_kept(context, chosen)))


def _forgotten(context: Context, base: Style) -> Outcome:
    """Delete the pictures somebody sent; codes that show one are drawn without it from now on."""
    owner = context.person.id
    chosen = replace(base, logo=None, backdrop=None)
    body = context.t("The pictures you sent are deleted. Codes that showed one are drawn without it.")
    return Outcome(Reply(body=body, private=True), (DeleteAssets(owner), *_kept(context, chosen)))


def _worn(base: Style, source: str) -> Logo:
    """Put another picture where the style has its logo, in the same shape."""
    return replace(base.logo, source=source) if base.logo is not None else Logo(source)


def _how(context: Context) -> str:
    return context.t("Send me a picture with the word “logo” beside it, or choose one of these.")


def _logos(context: Context, chosen: Style) -> Rows:
    t, platform = context.t, context.request.actor.platform
    signs = tuple(Button(sign, f"/logo {sign}") for sign in EMOJI)
    photo = (Button(t("My profile photo"), "/logo photo"),) if platform in ("telegram", "slack") else ()
    icon = (Button(t("The workspace's icon"), "/logo icon"),) if platform == "slack" else ()
    shapes = (
        Button(t("Round"), "/logo round"), Button(t("Square"), "/logo square"),
        Button(t("Outline"), "/logo outline"), Button(t("Remove"), "/logo remove"),
    )  # fmt: skip
    rows = (signs[:_ROW], signs[_ROW:], (*photo, *icon), shapes if chosen.logo is not None else ())
    return tuple(row for row in rows if row)


def _fetched(context: Context, ref: str) -> Outcome:
    """Let the platform fetch a picture that it has of the person or the workspace."""
    if context.request.answered:
        raise Refused(
            "There is no such picture here. Send me one with the word “logo” beside it, or choose an emoji."
        )
    return Outcome(None, jobs=(replace(context.request, uploads=(Upload(ref),)),))


async def _opened(context: Context, upload: Upload, owner: str) -> Asset:
    """Open a picture for a logo or a background; refuses one more than may be kept."""
    if await context.work.assets.count(owner) >= PICTURES:
        raise Refused(
            "I keep {most} pictures at most, and have that many. Choose an emoji, or say /logo forget to "
            "delete them.",
            most=PICTURES,
        )
    data = await worked(partial(open_art, upload.data))
    return Asset(new_id(), owner, data, context.now)


# --- kits ---------------------------------------------------------------------------------------------------


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
        asset = await _opened(context, context.request.uploads[0], space.key)
        chosen, changes = replace(chosen, logo=_worn(chosen, f"{ASSET}{asset.id}")), (AddAsset(asset),)
    made = Kit(space.key, dump_style(chosen), "", context.person.id, context.now)
    body = t("The look of codes made here: {style}", style=style_text(chosen))
    picture = Picture(SAMPLE, chosen, checked=True)
    return Outcome(Reply(title=t("Kit"), body=body, picture=picture), (*changes, SetKit(made)))
