"""The last check before a picture leaves: an independent reader reads its pixels back to the same bytes."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from bot.qr.payloads.payload import Payload
from bot.qr.refusal import Refused


class Unread(Refused):
    """A picture that did not read back as what it should say; it must not be sent."""


def prove(picture: Image.Image, payload: Payload) -> None:
    """Read a picture with zxing-cpp; raises Unread unless it holds exactly the payload's bytes."""
    found = zxingcpp.read_barcodes(
        picture.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    if [code.bytes for code in found] != [payload.data]:
        raise Unread(
            "I could not read this code back, so I did not send it. Choose calmer colours or a larger size."
        )
