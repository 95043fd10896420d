"""Looks as people name them: words, a preset, a share code, a surprise, or nothing of all that again."""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.drawings import ASSET, EMOJI
from bot.qr.layout import frame_of
from bot.qr.logo import emoji
from bot.qr.output import OUTPUT
from bot.qr.payloads import Payload
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style, check_words, parse_style, read_share_code, surprise
from bot.qr.style.presets import worn

if TYPE_CHECKING:
    from bot.context import Context

PLAIN, SURPRISE = "default", "surprise"
SAMPLE = Payload("https://example.com", "url")  # what a look is shown on
PICTURES = 20  # of one person, or one kit
_USUAL = 37  # modules of a symbol of version 3 with its quiet zone
_SHARED = re.compile(r"\s*code\s+([A-Za-z0-9_-]{4,64})\s*", re.IGNORECASE)


def read_look(text: str) -> str:
    """Read a look whose base is not known yet: refuse its words, and share codes that are none."""
    shared = _SHARED.fullmatch(text)
    if shared:
        read_share_code(shared[1])
    elif text.strip().lower() not in (PLAIN, SURPRISE):
        check_words(text)
    return text.strip()


def read_format(text: str) -> str:
    """Read a file format's name."""
    name = {"jpg": "jpeg", "txt": "text"}.get(text.lower(), text.lower())
    if name not in OUTPUT:
        raise Refused("I can make {formats}.", formats=", ".join(OUTPUT))
    return name


async def look_of(context: Context, text: str, base: Style) -> Style:
    """Find the look that a person names, changing the one they have.

    Raises Refused, also for a caption or an emoji that no font here can show: before a style is kept, not at
    each code.
    """
    style = _named(text, base)
    framed, shown = (style.frame, style.dark, style.light), (base.frame, base.dark, base.light)
    if style.frame is not None and framed != shown:
        await asyncio.to_thread(frame_of, style, _USUAL)
    if style.logo is not None and style.logo != base.logo and style.logo.source.startswith(EMOJI):
        await asyncio.to_thread(emoji, style.logo.source.removeprefix(EMOJI))
    await check_pictures(context, style, base)
    return style


async def check_pictures(context: Context, style: Style, base: Style) -> None:
    """Refuse a look with somebody else's picture, unless it was there before."""
    for part, before in ((style.logo, base.logo), (style.backdrop, base.backdrop)):
        known = before.source if before is not None else ""
        if part is not None and part.source.startswith(ASSET) and part.source != known:
            await _own(context, part.source)


def check_room(held: int) -> None:
    """Refuse one picture more than a person or a kit may keep."""
    if held >= PICTURES:
        raise Refused(
            "I keep {most} pictures at most, and have that many. Choose an emoji, or say /logo forget to "
            "delete them.",
            field="logo",
            most=PICTURES,
        )


def _named(text: str, base: Style) -> Style:
    shared = _SHARED.fullmatch(text)
    if shared:
        return _wearing(read_share_code(shared[1]), base)
    match text.strip().lower():
        case "default":
            return DEFAULT
        case "surprise":
            return worn(surprise(secrets.randbelow(1 << 32)), base)
        case _:
            return parse_style(text, base)


def _wearing(shared: Style, base: Style) -> Style:
    """Take a shared look, and keep the logo one has where it brings none."""
    return shared if shared.logo is not None else replace(shared, logo=base.logo, backdrop=base.backdrop)


async def _own(context: Context, source: str) -> None:
    """Refuse the picture of somebody else: its id may have been seen, but it was not given away."""
    asset = await context.work.assets.get(source.removeprefix(ASSET))
    if asset is None or asset.owner not in (context.person.id, context.request.space.key):
        raise Refused(
            "There is no such picture of yours. Send me one with the word “logo” beside it.", field="logo"
        )
