"""A picture as what to draw, and the drawing of it: encode, draw, prove, write, in one pure step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO

from PIL import Image

from bot.qr.drawing import Drawing, draw
from bot.qr.output import OUTPUT
from bot.qr.output.raster import pixels
from bot.qr.payloads.payload import Level, Payload
from bot.qr.proof import prove
from bot.qr.slip import slip
from bot.qr.style import Style
from bot.qr.symbol import encode

SLIP = "slip"  # the whole payment slip of a Swiss bill, as PDF
PROOF_SIDE = 1_024  # pixels of the raster that stands for a vector


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw: content, look, file format, the file's name without its ending.

    ``language`` is that of the headings, where the format has any.
    """

    payload: Payload
    style: Style
    format: str = "png"
    name: str = "qr"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture's bytes, proven to scan, and what its symbol came out as."""

    data: bytes
    media_type: str
    extension: str
    version: int
    level: Level


def render(picture: Picture) -> Rendered:
    """Draw a picture and read it back; raises Unread where that fails, Refused where it cannot be drawn."""
    symbol = encode(picture.payload, picture.style.level)
    drawing = draw(symbol, picture.style, cross=picture.payload.rules.cross)
    if picture.format == SLIP:
        data = slip(picture.payload.text, picture.language)
        prove(_stand_in(drawing), picture.payload)
        return Rendered(data, "application/pdf", "pdf", symbol.version, symbol.level)
    output = OUTPUT[picture.format]
    data = output.write(drawing)
    prove(Image.open(BytesIO(data)) if output.raster else _stand_in(drawing), picture.payload)
    return Rendered(data, output.media_type, output.extension, symbol.version, symbol.level)


def _stand_in(drawing: Drawing) -> Image.Image:
    size = max(min(drawing.style.size, PROOF_SIDE), drawing.side)
    return pixels(replace(drawing, style=replace(drawing.style, size=size)))
