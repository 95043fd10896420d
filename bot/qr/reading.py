"""A picture to the codes it holds. What comes in is hostile: formats, bytes and pixels are limited first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from bot.qr.refusal import Refused

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
BYTES = 10_000_000
PIXELS = 25_000_000
SIDE = 2_000  # pixels, after which a larger picture reads no better


@dataclass(frozen=True, slots=True)
class Found:
    """A code in a picture: its text, the name of its symbology, its corners in pixels from the top left."""

    text: str
    format: str
    corners: tuple[tuple[int, int], ...]


def read_picture(data: bytes) -> tuple[Found, ...]:
    """Read every code of a picture, from the top left; raises Refused for what is no picture."""
    grey = _open(data)
    for copy in _copies(grey):
        found = zxingcpp.read_barcodes(copy)
        if found:
            return tuple(
                sorted(map(_found, found), key=lambda each: (each.corners[0][1], each.corners[0][0]))
            )
    return ()


def _open(data: bytes) -> Image.Image:
    """Decode to grey, upright, on white, at most SIDE pixels a side."""
    if len(data) > BYTES:
        raise Refused("This file is too large: the limit is {limit} MB.", limit=BYTES // 1_000_000)
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > PIXELS:
                raise Refused(
                    "This picture is too large: the limit is {limit} megapixels.", limit=PIXELS // 1_000_000
                )
            opened.draft("L", (SIDE, SIDE))
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except Refused:
        raise
    except (
        Exception
    ):  # Pillow's plugins raise OSError, SyntaxError, ValueError, struct.error … for broken files
        raise Refused("I cannot open this file as a picture. Send a PNG, JPEG, WebP, GIF or BMP.") from None
    picture.thumbnail((SIDE, SIDE))
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture).convert("L")


def _copies(grey: Image.Image) -> Iterator[Image.Image]:
    yield grey
    yield grey.filter(ImageFilter.GaussianBlur(1.5))
    yield ImageOps.autocontrast(grey, cutoff=2)
    yield grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS)
    if min(grey.size) > 1:
        yield grey.reduce(2)
    yield grey.filter(ImageFilter.MedianFilter(3))
    yield ImageOps.expand(grey, border=40, fill=255)


def _found(code: zxingcpp.Barcode) -> Found:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return Found(code.text, str(code.format), tuple((point.x, point.y) for point in corners))
