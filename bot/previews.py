"""Pictures for chats to show small: what an inline query offered, kept until they were fetched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import cards
from bot.qr.layout import frame_of
from bot.qr.matrix import size_of
from bot.qr.payloads import KINDS, Payload
from bot.qr.picture import Picture
from bot.qr.sizing import level_of
from bot.qr.style import fitted, load_style
from bot.qr.style.style import NOT_PRINTED
from bot.qr.symbol import version_of
from storage.records import Code, Preview

if TYPE_CHECKING:
    from bot.app import App

LIFE = timedelta(hours=1)  # that a preview is kept, and its address holds
SIDE, SMALL = 1280, 320  # pixels of the longer side: what chats show of a photo, and of one in a list


def photo(picture: Picture, side: int = SIDE) -> Picture:
    """Make a picture one that every chat shows: a JPEG, in pixels, and not larger than they show it."""
    style = replace(picture.style, size=min(picture.style.size, side), print=NOT_PRINTED)
    return replace(picture, style=style, format="jpeg", name="qr")


def photo_of(code: Code) -> Picture:
    """Say what to draw of a code for a chat."""
    return photo(cards.picture_of(code))


def measured(picture: Picture) -> tuple[int, int]:
    """Tell how large a photo will be, without drawing it; a repair may change what a frame takes."""
    style = picture.style
    if style.frame is None:
        return style.size, style.size
    version = version_of(picture.payload, level_of(picture.payload, style))
    frame = frame_of(style, size_of(version) + 2 * style.quiet_zone)
    longer = max(frame.width, frame.height)
    return round(style.size * frame.width / longer), round(style.size * frame.height / longer)


def dump_codes(codes: Sequence[Code], *, checked: bool = False) -> str:
    """Write down what to draw of codes that nobody has kept yet; ``checked`` as when tried."""
    return json.dumps([[code.kind, code.text, code.style, checked] for code in codes], ensure_ascii=False)


def previewed(preview: Preview, number: int) -> Picture | None:
    """Say what to draw for one of the codes of a preview, as ``photo``; None where it has no such."""
    codes = json.loads(preview.body)
    if not 0 <= number < len(codes):
        return None
    kind, text, style, *checked = codes[number]
    rules = KINDS[kind].rules
    look = fitted(load_style(style), rules)
    return photo(Picture(Payload(text, kind, rules), look, checked=any(checked)))


async def picture_named(app: App, name: str) -> Picture | None:
    """Say what to draw for the name in a signed address: a code's id, or a preview's with a number.

    None where it is gone.
    """
    id, dot, number = name.partition(".")
    async with app.store.reading() as work:
        if not dot:
            code = await work.codes.any(id)
            shows = code is not None and code.kind not in cards.SECRET_KINDS  # nor what it has become since
            return cards.picture_of(code) if code is not None and shows else None
        preview = await work.previews.get(id, app.clock())
    return previewed(preview, int(number)) if preview is not None else None
