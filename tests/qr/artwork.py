"""Pictures for logos and backgrounds, and files read as a viewer shows them."""

import io
from functools import cache

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from bot.qr.logo import open_art
from tests.fakes.outside import drawn, flattened


def packed(picture: Image.Image, format: str = "PNG", **options: object) -> bytes:
    """Write a picture as a file."""
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


@cache
def art(width: int, height: int, clear: bool = False) -> bytes:
    """Draw a plate, or a disc on nothing."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0) if clear else "#d1495b")
    if clear:
        ImageDraw.Draw(picture).ellipse((0, 0, width - 1, height - 1), "#d1495b")
    return packed(picture)


@cache
def photo(seed: int = 1, grain: int = 12, dark: int = 0, light: int = 256) -> bytes:
    """Make up a busy picture: blots of all colours between two shades."""
    few = np.random.default_rng(seed).integers(dark, light, (grain, grain, 3), np.uint8)
    return open_art(packed(Image.fromarray(few).resize((300, 300), Image.Resampling.BICUBIC)))


def read(data: bytes) -> list[bytes]:
    """Read a file as a viewer shows it."""
    return [each.bytes for each in zxingcpp.read_barcodes(flattened(Image.open(io.BytesIO(drawn(data)))))]
