"""Pictures for the tests of the fakes: QR codes by an encoder that is not the bot's."""

from __future__ import annotations

import io

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
