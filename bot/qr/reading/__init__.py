"""A picture, photo or PDF to the codes it holds.

Symbologies are called what zxing-cpp calls them: "QR Code", "EAN-13", "Code 128", "Data Matrix" …
(a UPC-A symbol is an EAN-13 that begins with 0: ISO/IEC 15420).
"""

from __future__ import annotations

from collections.abc import Iterator
from time import thread_time

from bot.qr.reading.found import Found
from bot.qr.reading.looking import codes
from bot.qr.reading.opening import BYTES, PAGES, PIXELS, sheets
from bot.qr.reading.wechat import found_by_wechat, installed

CLEANING = (
    3.0  # seconds of processor time after which a file gets no more cleaned copies: noise is slow to read
)

__all__ = ["BYTES", "PAGES", "PIXELS", "Found", "read_in_steps", "read_picture"]


def read_picture(data: bytes) -> tuple[Found, ...]:
    """Read every code of a picture, or of a PDF's first pages: page by page, from the top left.

    Raises Refused for what is neither, and for what is too large.
    """
    return next(read_in_steps(data))


def read_in_steps(data: bytes) -> Iterator[tuple[Found, ...]]:
    """Yield what the quick readers find; where that is nothing, yield again what the slow one finds, if any.

    Raises Refused as read_picture does.
    """
    opened = sheets(data)
    until = thread_time() + CLEANING
    found = tuple(code for sheet in opened for code in codes(sheet, until))
    yield found
    if not found and installed():
        yield tuple(code for sheet in opened for code in found_by_wechat(sheet))
