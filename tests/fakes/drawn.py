"""Pictures for the tests of the fakes: QR codes by an encoder that is not the bot's."""

from __future__ import annotations

import io

import numpy as np
import segno
from PIL import Image


def qr(text: str, scale: int = 8) -> bytes:
    """Draw a code as PNG."""
    out = io.BytesIO()
    segno.make_qr(text).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def blank(width: int, height: int, kind: str = "PNG") -> bytes:
    """Draw nothing, on so many pixels."""
    out = io.BytesIO()
    Image.new("L", (width, height), 255).save(out, kind)
    return out.getvalue()


def plain(colour: str, width: int = 200, height: int = 200, kind: str = "PNG") -> bytes:
    """Draw nothing but one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


def filmed(data: bytes, width: int = 640, height: int = 480) -> bytes:
    """Film a picture, as a camera that a browser reads from a file: YUV4MPEG2, a frame that repeats."""
    with Image.open(io.BytesIO(data)) as image:
        scene = Image.new("L", (width, height), 200)
        scene.paste(image.convert("L"), ((width - image.width) // 2, (height - image.height) // 2))
    grey = bytes([128]) * (width * height // 2)
    return f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\nFRAME\n".encode() + scene.tobytes() + grey


def middle(data: bytes) -> tuple[int, ...]:
    """Give the colour in the middle of a picture: red, green, blue."""
    with Image.open(io.BytesIO(data)) as image:
        found = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(found, tuple)
    return found


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Tell whether two colours are the same but for what a JPEG does to them."""
    return all(abs(a - b) <= 12 for a, b in zip(one, other, strict=True))


def colours(data: bytes | None) -> set[tuple[int, ...]]:
    """List the colours of a picture."""
    assert data is not None, "no picture came"
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    return {tuple(int(each) for each in colour) for colour in np.unique(pixels, axis=0)}
