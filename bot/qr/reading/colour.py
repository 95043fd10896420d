"""A picture in its colours, for looking at it closely; hostile as all that comes in."""

from __future__ import annotations

from PIL import Image, ImageOps

from bot.qr.reading.opening import BYTES, _check_pixels, _opened, _too_large
from bot.qr.refusal import Refused

SIDE = 2_000  # pixels of the longer side


def in_colour(data: bytes) -> Image.Image:
    """Decode a picture, upright, small enough to work on; a transparent ground counts as white.

    Raises Refused for what is no picture, or too large.
    """
    if len(data) > BYTES:
        raise Refused("This file is too large: the limit is {limit} MB.", limit=BYTES // 1_000_000)
    try:
        with _opened(data) as opened:
            _check_pixels(*opened.size)
            opened.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((SIDE, SIDE), reducing_gap=2.0)
            picture = upright.convert("RGBA")
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Exception:  # what decoders raise for broken files
        raise Refused(
            "I cannot open this file as a picture. Send a PNG, JPEG, WebP, GIF, BMP or HEIC."
        ) from None
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
