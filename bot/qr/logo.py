"""A logo: opened from what somebody sent, laid on a symbol's middle, as large as its proof allows.

What comes in is hostile, so bytes and pixels are limited before anything is decoded, and what is kept is a
small PNG of our own. Addresses and SVG are not taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from bot.qr.matrix import alignments, size_of
from bot.qr.refusal import Refused
from bot.qr.shapes.fonts import named
from bot.qr.shapes.path import Box, Path, circle
from bot.qr.style.style import Logo

FORMATS = ("PNG", "JPEG", "WEBP")
BYTES = 5_000_000
PIXELS = 8_000_000  # that are decoded: 32 MB; a JPEG is decoded smaller where it is larger
SIDE = 384  # pixels of what is kept
WIDEST = 40  # percent of the symbol's side; beyond it no level of error correction helps
_EMOJI = 109  # pixels of Noto Color Emoji's only size

Hidden = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Art:
    """The pictures a style names, as ``open_art`` made them; empty where it names none."""

    logo: bytes = b""
    backdrop: bytes = b""


NO_ART = Art()


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A logo on a symbol: its picture, where (in modules of the symbol), what of it shows, what it hides."""

    data: bytes
    box: Box
    clip: Path
    hidden: Hidden
    behind: bool


def open_art(data: bytes) -> bytes:
    """Open a picture somebody sent for a logo or backdrop, and write it as a small PNG with transparency.

    Raises Refused for what is too large, broken, moving, no PNG, JPEG or WebP, or itself a code.
    """
    if len(data) > BYTES:
        raise Refused("This picture is too large: the limit is {limit} MB.", limit=BYTES // 1_000_000)
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            small = _small(picture)
    except Refused:
        raise
    except (
        Exception
    ):  # what decoders raise for broken files: OSError, SyntaxError, ValueError, struct.error …
        raise Refused("I cannot open this file as a picture. Send a PNG, JPEG or WebP.") from None
    if zxingcpp.read_barcodes(_on_white(small)):
        raise Refused(
            "This picture is itself a code, and two codes in one confuse readers. Send another one."
        )
    return _png(small)


def _small(picture: Image.Image) -> Image.Image:
    if getattr(picture, "n_frames", 1) > 1:
        raise Refused("This picture moves. Send one that stands still.")
    picture.draft("RGB", (SIDE, SIDE))
    if picture.width * picture.height > PIXELS:
        raise Refused(
            "This picture is too large: the limit is {limit} megapixels.", limit=PIXELS // 1_000_000
        )
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((2 * SIDE, 2 * SIDE), reducing_gap=2.0)
    small = upright.convert("RGBA")
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    box = small.getchannel("A").point(lambda value: 255 * (value > 8)).getbbox()
    if box is None:
        raise Refused("This picture is empty: all of it is transparent. Send another one.")
    return small.crop(box)


def _on_white(picture: Image.Image) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("L")


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()


@lru_cache(maxsize=64)
def emoji(text: str) -> bytes:
    """Draw an emoji as a picture; raises Refused where no font here has it."""
    font = named("NotoColorEmoji")
    if font is None:
        raise Refused(
            "There is no font with emoji here. Send me a picture, or ask whoever runs me to install one "
            "(Debian: fonts-noto-color-emoji)."
        )
    face = ImageFont.truetype(font, _EMOJI)
    canvas = Image.new("RGBA", (4 * _EMOJI, 2 * _EMOJI), (255, 255, 255, 0))
    ImageDraw.Draw(canvas).text((_EMOJI // 2, _EMOJI // 4), text, font=face, embedded_color=True)
    box = canvas.getbbox()
    if box is None or box[2] - box[0] > 1.5 * _EMOJI or _missing(face, text):
        raise Refused("I cannot draw “{emoji}” as a logo. Send one emoji, or a picture.", emoji=text)
    return _png(canvas.crop(box))


def _missing(face: ImageFont.FreeTypeFont, text: str) -> bool:
    """Tell whether a font draws a character as it draws one that no font has."""
    nothing = face.getmask("\U0010fffe").getbbox()
    return nothing is not None and face.getmask(text).getbbox() == nothing


# --- on the symbol ------------------------------------------------------------------------------------------


@lru_cache(maxsize=128)
def place(logo: Logo, data: bytes, version: int) -> Placed:
    """Lay a logo on the middle of a symbol; its size is to be known (not 0)."""
    side = size_of(version)
    with Image.open(BytesIO(data)) as picture:
        width, height = picture.size
        alpha = picture.getchannel("A") if picture.mode == "RGBA" else Image.new("L", picture.size, 255)
    wide, high = (each / max(width, height) for each in (width, height))
    room = side * logo.size / 100
    middle = side / 2
    if logo.shape == "round":
        area = _around(middle, room, room)
        fitted = _cropped(data)
        hidden = _in_circle(side, room / 2 + logo.margin)
        return _placed(
            logo, version, Placed(fitted, area, circle(middle, middle, room / 2), hidden, logo.behind)
        )
    area = _around(middle, room * wide, room * high)
    if logo.shape == "outline":
        hidden = _in_outline(side, area, alpha, logo.margin)
    else:
        hidden = _in_box(side, area, logo.margin)
    return _placed(logo, version, Placed(data, area, (), hidden, logo.behind))


def _placed(logo: Logo, version: int, found: Placed) -> Placed:
    """Hide alignment patterns as a whole where a part is hidden, and nothing for what lies behind."""
    hidden = found.hidden & (not logo.behind)
    for y, x in alignments(version):
        if hidden[y - 2 : y + 3, x - 2 : x + 3].any():
            hidden[y - 2 : y + 3, x - 2 : x + 3] = True
    hidden.flags.writeable = False
    return replace(found, hidden=hidden)


def _around(middle: float, width: float, height: float) -> Box:
    return Box(middle - width / 2, middle - height / 2, width, height)


@lru_cache(maxsize=32)
def _cropped(data: bytes) -> bytes:
    """Cut a square out of a picture's middle, for a round logo."""
    with Image.open(BytesIO(data)) as picture:
        side = min(picture.size)
        return _png(ImageOps.fit(picture.convert("RGBA"), (side, side)))


def _in_circle(side: int, radius: float) -> Hidden:
    """Find the modules that a circle on the middle touches."""
    near = np.abs(np.arange(side) + 0.5 - side / 2) - 0.5  # how far a module's nearer edge is from the middle
    near = np.maximum(near, 0)
    found: Hidden = near[:, None] ** 2 + near[None, :] ** 2 < (radius - 0.05) ** 2
    return found


def _in_box(side: int, area: Box, margin: float) -> Hidden:
    found = np.zeros((side, side), np.bool_)
    left, top = (max(math.floor(each - margin + 0.05), 0) for each in (area.x, area.y))
    right = math.ceil(area.x + area.width + margin - 0.05)
    bottom = math.ceil(area.y + area.height + margin - 0.05)
    found[top:bottom, left:right] = True
    return found


def _in_outline(side: int, area: Box, alpha: Image.Image, margin: float) -> Hidden:
    """Find the modules that what is not transparent touches, its margin counted in."""
    grain = 8  # samples a module
    mask = Image.new("L", (side * grain, side * grain))
    size = max(1, round(area.width * grain)), max(1, round(area.height * grain))
    mask.paste(alpha.resize(size), (round(area.x * grain), round(area.y * grain)))
    solid = mask.point(lambda value: 255 * (value > 64))
    grown = (
        solid.filter(ImageFilter.MaxFilter(2 * round(margin * grain) + 1)) if margin >= 1 / grain else solid
    )
    blocks = np.asarray(grown).reshape(side, grain, side, grain).mean((1, 3))
    found: Hidden = blocks > 255 * 0.04
    return found


@lru_cache(maxsize=16)
def backdrop(data: bytes, fade: int) -> bytes:
    """Lay white over a picture, so that modules stand out from it, and cut it square."""
    with Image.open(BytesIO(data)) as picture:
        square = ImageOps.fit(picture.convert("RGBA"), (min(picture.size),) * 2)
    white = Image.new("RGBA", square.size, "white")
    flat = Image.alpha_composite(white, square)
    return _png(Image.blend(flat, white, fade / 100))
