"""Pictures inside PDF and EPS: their samples, compressed."""

from __future__ import annotations

import zlib
from io import BytesIO

import numpy as np
import PIL.Image

from bot.qr.output.vector.colour import Samples


def decoded(data: bytes) -> Samples:
    """Read a PNG: rows × columns × RGBA."""
    with PIL.Image.open(BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def packed(samples: Samples) -> tuple[bytes, str]:
    """Compress rows × columns × channels, as they are or as differences, and say how to decode them."""
    height, width, channels = samples.shape
    plain = zlib.compress(samples.tobytes())
    rows = np.full((height, 1 + width * channels), 2, np.uint8)  # 2: from the row above (PNG, filter "Up")
    rows[:, 1:] = np.diff(
        samples.reshape(height, -1), axis=0, prepend=np.zeros((1, width * channels), np.uint8)
    )
    filtered = zlib.compress(rows.tobytes())
    if len(plain) <= len(filtered) + 45:
        return plain, ""
    return filtered, f"<</Predictor 15/Colors {channels}/Columns {width}>>"
