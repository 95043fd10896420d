"""All looks that have names as one picture, each drawn with its number, to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.qr.drawing import Drawing, Fill, Layout
from bot.qr.layout import draw
from bot.qr.output.raster import pixels
from bot.qr.output.raster.canvas import covers
from bot.qr.payloads.payload import Payload
from bot.qr.style import Style
from bot.qr.symbol import encode

COLUMNS = 6
CELL = 240  # pixels of a look
TILE = 128  # pixels of a look among others of its kind
View = tuple[float, float, float, float]  # left, top, right and bottom, in shares of a picture's sides
WHOLE: View = (0, 0, 1, 1)
_GAP, _TEXT = 24, 60
_DIGITS, _NAME = (
    50,
    30,
)  # pixels of letters: a phone shows a fifth of them, and the digits still ten points high
_PAPER, _CARD, _INK, _FAINT = "#eef0f4", "#ffffff", "#1c2430", "#667085"


def gallery(looks: Mapping[str, Style], payload: Payload) -> bytes:
    """Draw looks as cards in rows, numbered from 1 in their order, and write PNG; the last is kept."""
    return _gallery(tuple(looks.items()), payload)


@lru_cache(maxsize=1)
def _gallery(looks: tuple[tuple[str, Style], ...], payload: Payload) -> bytes:
    rows = -(-len(looks) // COLUMNS)
    width = COLUMNS * CELL + (COLUMNS + 1) * _GAP
    sheet = Image.new("RGB", (width, rows * (CELL + _TEXT + _GAP) + _GAP), _PAPER)
    pen = ImageDraw.Draw(sheet)
    large, small = ImageFont.load_default(_DIGITS), ImageFont.load_default(_NAME)
    for number, (name, style) in enumerate(looks):
        drawing = _drawn(style, payload)
        row, column = divmod(number, COLUMNS)
        left, top = _GAP + column * (CELL + _GAP), _GAP + row * (CELL + _TEXT + _GAP)
        pen.rounded_rectangle((left, top, left + CELL - 1, top + CELL - 1), 14, fill=_ground(drawing.layout))
        card = _card(drawing)
        sheet.paste(card, (left + (CELL - card.width) // 2, top + (CELL - card.height) // 2), card)
        digits, foot = str(number + 1), top + CELL + _TEXT - 10
        pen.text((left + 4, foot), digits, fill=_INK, font=large, anchor="ls", stroke_width=1)
        pen.text((left + 16 + large.getlength(digits), foot), name, fill=_FAINT, font=small, anchor="ls")
    out = BytesIO()
    sheet.quantize(256, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def tiles(looks: Iterable[Style], payload: Payload, view: View = WHOLE) -> bytes:
    """Draw looks beside each other, a square of ``TILE`` pixels each, and write PNG; to see shapes by.

    ``view``: the part of each picture that is shown.
    """
    drawn = [_tile(style, payload, view) for style in looks]
    strip = Image.new("RGB", (len(drawn) * TILE, TILE), _CARD)
    for at, tile in enumerate(drawn):
        strip.paste(tile, (at * TILE, 0))
    out = BytesIO()
    strip.quantize(256, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _tile(style: Style, payload: Payload, view: View) -> Image.Image:
    drawing = _drawn(style, payload, round(1.5 * TILE / (view[2] - view[0])))
    large = pixels(drawing).image().convert("RGBA")
    left, right = (round(share * large.width) for share in view[::2])
    top, bottom = (round(share * large.height) for share in view[1::2])
    part = large.crop((left, top, right, bottom))
    part.thumbnail((TILE, TILE), Image.Resampling.LANCZOS)
    tile = Image.new("RGB", (TILE, TILE), _ground(drawing.layout))
    tile.paste(part, ((TILE - part.width) // 2, (TILE - part.height) // 2), part)
    return tile


def _drawn(style: Style, payload: Payload, size: int = 2 * CELL) -> Drawing:
    """Draw a look, in twice the size of its card."""
    return draw(encode(payload, style.level), replace(style, size=size))


def _ground(layout: Layout) -> str:
    """Choose a card's colour: what the look lies on, so that no rim shows around it."""
    fills = (each for each in layout.below if isinstance(each, Fill) and covers(each.path, layout))
    paints = [each.paint for each in fills if isinstance(each.paint, str)]
    return paints[-1] if paints else _CARD


def _card(drawing: Drawing) -> Image.Image:
    """Make a look smaller, so that its shapes stay fine."""
    large = pixels(drawing).image().convert("RGBA")
    large.thumbnail((CELL - 16, CELL - 16), Image.Resampling.LANCZOS)
    return large
