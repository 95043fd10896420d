"""The picture that chats show beside a link to us: a proven code next to a few words, as PNG."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from bot.qr.output.raster.outline import coverage, edges, window
from bot.qr.payloads.payload import Payload
from bot.qr.picture import Picture, render
from bot.qr.shapes.lettering import line
from bot.qr.style import Style

WIDTH, HEIGHT = 1200, 630  # pixels: 1.91 to 1, as Open Graph's readers cut it (ogp.me, developer.x.com)

_GROUND, _PLATE, _INK, _FAINT, _LIT = "#0b4a41", "#ffffff", "#ffffff", "#bfe3dc", "#5fd4c0"
_LOOK = Style("#0b4a41", "#ffffff", "rounded", "rounded", "circle", size=400)
_EDGE, _SIDE, _PAD, _ROUND = 72, 430, 30, 36
_TITLE, _NAME, _WORDS = 54, 24, 20  # heights of capitals
_LEADING, _SMALLEST = 1.75, 0.6


@lru_cache(maxsize=4)
def link_card(payload: Payload, name: str, title: tuple[str, ...], words: tuple[str, ...]) -> bytes:
    """Draw the name, the title's lines, and the lines under it, beside a code. Texts are already translated.

    Raises Refused where the code cannot be drawn.
    """
    card = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    left, top = WIDTH - _EDGE - _SIDE, (HEIGHT - _SIDE) // 2
    pen = ImageDraw.Draw(card)
    pen.rounded_rectangle((left, top, left + _SIDE, top + _SIDE), _ROUND, fill=_PLATE)
    code = Image.open(BytesIO(render(Picture(payload, _LOOK)).data)).convert("RGB")
    card.paste(code, (left + (_SIDE - code.width) // 2, top + (_SIDE - code.height) // 2))
    base = (HEIGHT - _tall(title, words)) // 2 + _NAME
    room = left - 2 * _EDGE + _PAD
    _write(card, name, (_EDGE, base, room), _NAME, _LIT)
    base += 40
    for each in title:
        base += round(_TITLE * _LEADING)
        _write(card, each, (_EDGE, base, room), _TITLE, _INK)
    base += 24
    for each in words:
        base += round(_WORDS * 2)
        _write(card, each, (_EDGE, base, room), _WORDS, _FAINT)
    out = BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


def _tall(title: tuple[str, ...], words: tuple[str, ...]) -> int:
    """Measure the lines as they stand below each other."""
    return round(_NAME + 40 + len(title) * _TITLE * _LEADING + 24 + len(words) * _WORDS * 2)


def _write(card: Image.Image, text: str, box: tuple[int, int, int], capital: float, ink: str) -> None:
    """Write a line, smaller where it has to be. ``box``: left, baseline, width; ``capital``: height."""
    left, base, room = box
    path, width = line(text, capital)
    scale = max(_SMALLEST, min(1.0, room / max(width, 1.0)))
    drawn = edges(path, scale, (left, base - capital * scale))
    at = window(drawn, *card.size)
    if at[2] > at[0]:
        mask = Image.fromarray(np.round(coverage(drawn, at) * 255).clip(0, 255).astype(np.uint8))
        card.paste(ink, at, mask)
