"""All looks that have names as one picture, each drawn with its number, to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.qr.layout import draw
from bot.qr.output.raster import pixels
from bot.qr.payloads.payload import Payload
from bot.qr.style import Style
from bot.qr.symbol import encode

COLUMNS = 6
CELL = 240  # pixels of a look
_GAP, _TEXT = 28, 34
_PAPER, _CARD, _INK, _FAINT = "#eef0f4", "#ffffff", "#1c2430", "#667085"


def gallery(looks: Mapping[str, Style], payload: Payload) -> bytes:
    """Draw looks as cards in rows, numbered from 1 in their order, and write them as PNG."""
    rows = -(-len(looks) // COLUMNS)
    width = COLUMNS * CELL + (COLUMNS + 1) * _GAP
    sheet = Image.new("RGB", (width, rows * (CELL + _TEXT + _GAP) + _GAP), _PAPER)
    pen, plain = ImageDraw.Draw(sheet), ImageFont.load_default(17)
    for number, (name, style) in enumerate(looks.items()):
        row, column = divmod(number, COLUMNS)
        left, top = _GAP + column * (CELL + _GAP), _GAP + row * (CELL + _TEXT + _GAP)
        pen.rounded_rectangle((left, top, left + CELL - 1, top + CELL - 1), 14, fill=_CARD)
        card = _card(style, payload)
        sheet.paste(card, (left + (CELL - card.width) // 2, top + (CELL - card.height) // 2), card)
        digits = str(number + 1)
        pen.text((left + 4, top + CELL + 8), digits, fill=_FAINT, font=plain)
        pen.text((left + 4 + plain.getlength(f"{digits}  "), top + CELL + 8), name, fill=_INK, font=plain)
    out = BytesIO()
    sheet.quantize(256, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _card(style: Style, payload: Payload) -> Image.Image:
    """Draw one look in twice its size, and make it smaller, so that its shapes stay fine."""
    symbol = encode(payload, style.level)
    large = pixels(draw(symbol, replace(style, size=2 * CELL))).image().convert("RGBA")
    large.thumbnail((CELL - 16, CELL - 16), Image.Resampling.LANCZOS)
    return large
