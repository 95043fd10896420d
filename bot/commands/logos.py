"""Logos in the middle of codes: one's own, and where an admin of a group says so, everybody's there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from bot.command import Arg, command
from bot.commands.looks import kept, opened, own_style, worn_here
from bot.context import Context
from bot.designs import SIGNS
from bot.drawings import ASSET
from bot.looks import SAMPLE, look_of
from bot.message import Button, Outcome, Reply, Rows, SpaceKind, Upload
from bot.qr.picture import Picture
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Logo, Style, load_style, style_text
from storage.changes import AddAsset, Change, ClearKit, DeleteAssets

OWN = {"photo": "profile:person", "icon": "profile:space"}  # pictures that a platform has, and their refs
_ROW = 4  # buttons beside each other


@command("logo", group="keep", example="logo ⭐", files=True)
async def logo(
    context: Context,
    what: Annotated[
        str,
        Arg("an emoji; round, square, outline; a size such as 20%; photo, icon, remove or forget", rest=True),
    ] = "",
) -> Outcome:
    """Put a logo on your codes: send a picture with it, or name an emoji."""
    request, word, wearer = context.request, what.strip().lower(), _wearer(context)
    if word in OWN and not request.uploads:
        return _fetched(context, OWN[word])
    if not (what or request.uploads):
        buttons = _logos(context, wearer.base)
        return Outcome(Reply(title=context.t("Logo"), body=_how(context), buttons=buttons))
    unknown = request.admin is None and request.space.kind is SpaceKind.GROUP
    if unknown or any(not upload.data for upload in request.uploads):
        return Outcome(None, jobs=(request,))
    if word == "forget":
        return _forgotten(context, wearer)
    chosen, added = await _chosen(context, wearer, what)
    said = _like_this(context, wearer, chosen)
    reply = Reply(
        title=context.t("Logo"),
        body=said,
        picture=Picture(SAMPLE, chosen, checked=True),
        buttons=_logos(context, chosen),
        private=wearer.alone,
    )
    return Outcome(reply, (*added, *_changes(context, wearer, chosen)))


@dataclass(frozen=True, slots=True)
class _Wearer:
    """Whose codes wear the logo: a person's, or all that are made in a group."""

    owner: str  # of the pictures
    base: Style
    alone: bool  # a person's own


def _wearer(context: Context) -> _Wearer:
    space = context.request.space
    if space.kind is SpaceKind.GROUP and context.request.admin:
        return _Wearer(space.key, load_style(context.kit.style) if context.kit else DEFAULT, False)
    return _Wearer(context.person.id, own_style(context), True)


async def _chosen(context: Context, wearer: _Wearer, what: str) -> tuple[Style, tuple[AddAsset, ...]]:
    """Find the logo that is meant: the picture that was sent, what the words say, or none."""
    base, uploads = wearer.base, context.request.uploads
    if uploads:
        asset = await opened(context, uploads[0], wearer.owner)
        return replace(base, logo=worn(base, f"{ASSET}{asset.id}")), (AddAsset(asset),)
    if what.strip().lower() in ("remove", "none"):
        return replace(base, logo=None), ()
    return await look_of(context, f"logo {what}", base), ()


def _like_this(context: Context, wearer: _Wearer, chosen: Style) -> str:
    t, style = context.t, style_text(chosen)
    if wearer.alone:
        return t("Your codes look like this: {style}", style=style)
    own = t("For your own codes alone, say /logo in our private chat.")
    return "\n".join((t("The look of codes made here: {style}", style=style), own))


def _changes(context: Context, wearer: _Wearer, chosen: Style) -> tuple[Change, ...]:
    if wearer.alone:
        return kept(context, chosen)
    if chosen == DEFAULT:
        return (ClearKit(context.request.space.key),) if context.kit is not None else ()
    return (worn_here(context, chosen),)


def _forgotten(context: Context, wearer: _Wearer) -> Outcome:
    """Delete the pictures that were sent; codes that show one are drawn without it from now on."""
    chosen = replace(wearer.base, logo=None, backdrop=None)
    body = context.t("The pictures you sent are deleted. Codes that showed one are drawn without it.")
    changes = (DeleteAssets(wearer.owner), *_changes(context, wearer, chosen))
    return Outcome(Reply(body=body, private=wearer.alone), changes)


def worn(base: Style, source: str) -> Logo:
    """Put another picture where the style has its logo, in the same shape."""
    return replace(base.logo, source=source) if base.logo is not None else Logo(source)


def _how(context: Context) -> str:
    return context.t("Send me a picture with the word “logo” beside it, or choose one of these.")


def _logos(context: Context, chosen: Style) -> Rows:
    t, platform = context.t, context.request.actor.platform
    photos = platform in ("telegram", "slack") and not context.request.answered
    signs = tuple(Button(sign, f"/logo {sign}") for sign in SIGNS)
    photo = (Button(t("My profile photo"), "/logo photo"),) if photos else ()
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
