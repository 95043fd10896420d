"""A logo: opened from what somebody sent, laid on a symbol's middle, as large as its proof allows.

What comes in is hostile, so bytes and pixels are limited before anything is decoded, and what is kept is a
small PNG of our own. Addresses and SVG are not taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from itertools import product

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps

from bot.qr.matrix import alignments, size_of
from bot.qr.refusal import Refused
from bot.qr.shapes.fonts import named
from bot.qr.shapes.path import Box, Path, circle
from bot.qr.style.style import Logo

FORMATS = ("PNG", "JPEG", "WEBP")
BYTES = 5_000_000
PIXELS = 8_000_000  # that are decoded: 32 MB
PHOTO = 80_000_000  # pixels of a JPEG, which is decoded in a smaller size
PROGRESSIVE = 6_000_000  # … of one that is held whole all the same, as 6 bytes a pixel
WEBP = 3_000_000  # pixels of a WebP, of which its decoder holds four copies
SIDE = 384  # pixels of what is kept
WIDEST = 40  # percent of the symbol's side; beyond it no level of error correction helps
_PACKED = 1  # zlib's level: several times as quick as its usual one, a quarter larger
_PIECE = 512  # pixels along the sides of what is averaged at once
_GRAIN, _SOLID, _TOUCHED = 8, 64, 0.04  # samples a module; opacity of 255 that hides; share that counts
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
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many(PHOTO) from None
    except (
        Exception
    ):  # what decoders raise for broken files: OSError, SyntaxError, ValueError, struct.error …
        raise Refused("I cannot open this file as a picture. Send a PNG, JPEG or WebP.") from None
    if _holds_a_code(small):
        raise Refused(
            "This picture is itself a code, and two codes in one confuse readers. Send another one."
        )
    return _png(small)


def _small(picture: Image.Image) -> Image.Image:
    """Decode a picture as it was held, at most ``SIDE`` pixels a side, without its clear edges: RGBA."""
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:  # MPO: a photo and its depth or light
        raise Refused("This picture moves. Send one that stands still.")
    _check_pixels(picture, _limit(picture))
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    _check_pixels(picture, PIXELS)
    small = ImageOps.exif_transpose(_reduced(picture))
    small.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC)
    box = small.getchannel("A").point(lambda value: 255 * (value > 8)).getbbox()
    if box is None:
        raise Refused("This picture is empty: all of it is transparent. Send another one.")
    return small.crop(box)


def _limit(picture: Image.Image) -> int:
    if picture.format in ("JPEG", "MPO"):
        return PROGRESSIVE if "progressive" in picture.info else PHOTO
    return WEBP if picture.format == "WEBP" else PIXELS


def _check_pixels(picture: Image.Image, limit: int) -> None:
    if picture.width * picture.height > limit:
        raise _too_many(limit)


def _too_many(limit: int) -> Refused:
    return Refused("This picture is too large: the limit is {limit} megapixels.", limit=limit // 1_000_000)


def _reduced(picture: Image.Image) -> Image.Image:
    """Average whole pixels until few are left: in pieces, so that no second copy of it all is held."""
    factor = max(1, max(picture.size) // (2 * SIDE))
    width, height = picture.size
    small = Image.new("RGBA", (-(-width // factor), -(-height // factor)))
    step = max(1, _PIECE // factor) * factor
    for top, left in product(range(0, height, step), range(0, width, step)):
        piece = picture.crop((left, top, min(left + step, width), min(top + step, height)))
        small.paste(_rgba(piece).reduce(factor), (left // factor, top // factor))
    small.info = {each: picture.info[each] for each in ("exif", "xmp") if each in picture.info}
    return small


def _rgba(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel, of which converting would keep the lowest 8
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return picture.convert("RGBA")


def _holds_a_code(picture: Image.Image) -> bool:
    """Tell whether a reader finds a code, be it pale, light on dark, or white on nothing."""
    clear = picture.getchannel("A").getextrema() != (255, 255)
    grounds = ("white", "black") if clear else ("white",)
    laid = (ImageOps.autocontrast(_on(picture, each).convert("L")) for each in grounds)
    return any(zxingcpp.read_barcodes(each) for each in laid)


def _on(picture: Image.Image, colour: str) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", picture.size, colour), picture)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", compress_level=_PACKED)
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
    alpha = _alpha(data)
    wide, high = (each / max(alpha.size) for each in alpha.size)
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


@lru_cache(maxsize=32)
def _alpha(data: bytes) -> Image.Image:
    """Decode how opaque a picture is."""
    with Image.open(BytesIO(data)) as picture:
        return picture.getchannel("A") if picture.mode == "RGBA" else Image.new("L", picture.size, 255)


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
    first, last = (
        max(math.floor(min(area.x, area.y) - margin), 0),
        min(math.ceil(max(area.x + area.width, area.y + area.height) + margin), side),
    )  # of the modules that may be touched, either way
    size = max(1, round(area.width * _GRAIN)), max(1, round(area.height * _GRAIN))
    left, top = round((area.x - first) * _GRAIN), round((area.y - first) * _GRAIN)
    solid = np.zeros(((last - first) * _GRAIN,) * 2, np.bool_)
    solid[top : top + size[1], left : left + size[0]] = np.asarray(alpha.resize(size)) > _SOLID
    reach = round(margin * _GRAIN)
    grown = _widened(_widened(solid, reach).T, reach).T
    share = grown.reshape(last - first, _GRAIN, last - first, _GRAIN).mean((1, 3))
    found = np.zeros((side, side), np.bool_)
    found[first:last, first:last] = share > _TOUCHED
    return found


def _widened(solid: Hidden, reach: int) -> Hidden:
    """Widen what is set by ``reach`` rows, up and down."""
    count = len(solid)
    sums = np.zeros((count + 2 * reach + 1, solid.shape[1]), np.int32)
    np.cumsum(solid, axis=0, out=sums[reach + 1 : reach + 1 + count])
    sums[reach + 1 + count :] = sums[reach + count]
    wide: Hidden = sums[2 * reach + 1 :] > sums[:count]
    return wide


@lru_cache(maxsize=16)
def backdrop(data: bytes, fade: int) -> bytes:
    """Lay white over a picture, so that modules stand out from it, and cut it square."""
    square = _square(data)
    return _png(Image.blend(square, Image.new("RGB", square.size, "white"), fade / 100))


@lru_cache(maxsize=4)
def _square(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as picture:
        square = ImageOps.fit(picture.convert("RGBA"), (min(picture.size),) * 2)
    return _on(square, "white").convert("RGB")
